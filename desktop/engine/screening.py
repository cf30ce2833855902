"""Screening: from paths to findings; child processes decode while the classifier computes.

What is in flight is bounded, so that memory does not grow with the number of files.
"""

from __future__ import annotations

import bisect
import queue
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from desktop.engine.decoder import Decoder
from desktop.engine.lanes import Batch, Lanes, Network
from desktop.engine.progress import Progress
from imaging.errors import Code, ImageError, Problem
from imaging.files.find import Found
from imaging.files.limits import FILE_SECONDS
from imaging.image import ImageHeader
from imaging.input.prepare import FrameRun, Prepared, prepare_run
from imaging.sandbox.sandbox import SECONDS
from model.assess import DuplicateUids, Score, refused, scored, unread
from model.image_result import ImageResult

IN_FLIGHT = 64
"""Scans given to the children at a time: enough to keep them busy while one batch is computed."""
AHEAD = 512
"""Rows that may wait for an earlier one, as behind a file that takes ten seconds to give up."""
FRAMES_AT_ONCE = 256
"""Frames of one file read in one call at most. Each call reads twice as many as the one before, so
that the way to its first frame, which some formats make it go again, adds little."""
LISTED_AT_ONCE = 256
"""Files listed in one go; listing runs ahead of reading, so that the total is known early."""
_GLANCE = 0.1
"""Seconds between two looks at ``stop`` while nothing arrives."""


def never() -> bool:
    """Do not stop."""
    return False


def screen(
    files: Iterable[Found],
    session: Network,
    sandbox: Decoder,
    progress: Progress | None = None,
    stop: Callable[[], bool] = never,
    before: Iterable[ImageResult] = (),
) -> Iterator[ImageResult]:
    """One finding for each file and each frame in it, always, in the order they are found.

    ``files``, as ``find_files`` gives them, are drawn while others are read. ``stop`` is asked
    several times a second, also while a file takes long. ``before``: findings of an earlier part,
    whose repeats are marked. Closing the generator is safe at any time.
    """
    with Lanes[_Image](session) as lanes:
        run = _Screening(files, session, sandbox, progress or Progress(), lanes)
        run.remember(before)
        while not run.finished and not stop():
            run.list()
            run.collect()
            run.submit()
            run.classify()
            yield from run.hand_out()


@dataclass(eq=False)
class _File:
    """A file on its way, with those findings of its frames that are not handed out yet."""

    number: int
    path: Path
    frames: int = 1
    arrived: int = 0
    """Frames that are read or given up, the first of the file."""
    at_once: int = 1
    """How many to read in the next call."""
    one_by_one_until: int = 0
    """The end of a run that killed its child: one of its frames does."""
    seconds: float = 0.0
    """What its frames took so far; a child's death counts as much as its limit of time."""
    handed_out: int = 0
    header: ImageHeader | None = None
    results: dict[int, ImageResult] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class _Run:
    """Consecutive frames of a file that a child reads in one call."""

    file: _File
    first: int
    most: int
    result: Future[FrameRun]


_Image = tuple[_File, int, Prepared]


class _Screening:
    """The state between two rounds of ``screen``."""

    def __init__(
        self,
        files: Iterable[Found],
        session: Network,
        sandbox: Decoder,
        progress: Progress,
        lanes: Lanes[_Image],
    ) -> None:
        self._lanes = lanes
        self._session_in_use, self._sandbox, self._progress = session, sandbox, progress
        self._source = iter(files)
        self._found: deque[Found] = deque()
        self._files: deque[_File] = deque()
        self._numbered = 0
        self._more_frames: list[_File] = []
        """Files with frames to submit, the earliest first."""
        self._in_flight = 0
        self._waiting = 0
        """Rows submitted and not handed out."""
        self._arrived: queue.SimpleQueue[_Run | Batch[_Image]] = queue.SimpleQueue()
        self._ready: deque[_Image] = deque()
        self._repeats = DuplicateUids()

    def remember(self, before: Iterable[ImageResult]) -> None:
        """Know again the UIDs of what was screened earlier."""
        for result in before:
            self._repeats.marked(result)

    @property
    def finished(self) -> bool:
        return self._progress.listed and not self._found and not self._files

    def list(self) -> None:
        """List some more files."""
        for _ in range(LISTED_AT_ONCE):
            if self._progress.listed:
                return
            found = next(self._source, None)
            if found is None:
                self._progress.listed = True
            else:
                self._progress.files += 1
                self._progress.found += 1
                self._found.append(found)

    def submit(self) -> None:
        """Give the children work: frames of opened files first, then the next file."""
        while self._in_flight < IN_FLIGHT:
            file = self._more_frames[0] if self._more_frames else None
            # The file that all others wait for is never held back by those that wait.
            if self._waiting >= AHEAD and (file is None or file is not self._files[0]):
                return
            if file is not None:
                self._more_frames.pop(0)
                self._submit_run(file)
            elif self._found:
                self._submit_file(self._found.popleft())
            else:
                return

    def _submit_file(self, found: Found) -> None:
        file = _File(self._numbered, found.path)
        self._numbered += 1
        self._files.append(file)
        if found.problem is None:
            self._submit_run(file)
        else:
            file.results[0] = unread(file.path, 0, 1, None, found.problem)
            self._waiting += 1

    def _submit_run(self, file: _File) -> None:
        first, arrived = file.arrived, self._arrived
        at_once = 1 if first < file.one_by_one_until else file.at_once
        most = min(at_once, file.frames - first)
        self._waiting += most
        self._in_flight += 1
        recipe = self._session_in_use.card.recipe
        result = self._sandbox.submit(prepare_run, file.path, first, most, recipe)
        # A future keeps its callback: one that held the future would keep the pixels in a circle.
        result.add_done_callback(lambda done: arrived.put(_Run(file, first, most, done)))

    def collect(self) -> None:
        """Take what children and lanes have done; wait where there is nothing else to do."""
        under_way = self._lanes.busy > 0 or self._in_flight > 0
        wait = under_way and not (self._ready and self._lanes.free)
        while True:
            try:
                done = self._arrived.get(timeout=_GLANCE) if wait else self._arrived.get_nowait()
            except queue.Empty:
                return
            wait = False
            if isinstance(done, Batch):
                self._answer(done)
            else:
                self._in_flight -= 1
                self._take(done)

    def _take(self, run: _Run) -> None:
        file = run.file
        try:
            answer = run.result.result()
            frames, seconds = answer.frames, answer.seconds
        except ImageError as error:  # of the child, not of one frame
            frames, seconds = (error,) if run.most == 1 else (), SECONDS
            file.one_by_one_until = run.first + run.most
        file.seconds += seconds
        file.at_once = min(2 * file.at_once, FRAMES_AT_ONCE)
        self._waiting -= run.most - len(frames)
        for prepared in frames:
            self._take_frame(file, prepared)
        if file.arrived < file.frames:
            if file.seconds > FILE_SECONDS:
                self._give_up(file)
            else:
                bisect.insort(self._more_frames, file, key=lambda each: each.number)

    def _take_frame(self, file: _File, prepared: Prepared | ImageError) -> None:
        """Sort in the next frame of a file."""
        number = file.arrived
        file.arrived += 1
        if isinstance(prepared, ImageError):
            if number == 0:
                self._expect(file, prepared.frames)
            file.results[number] = unread(
                file.path, number, file.frames, file.header, prepared.problem
            )
            return
        file.header = file.header or prepared.header
        if number == 0:
            self._expect(file, prepared.header.frames)
        if prepared.network_input is None:
            file.results[number] = refused(file.path, number, prepared)
        else:
            self._ready.append((file, number, prepared))

    def _give_up(self, file: _File) -> None:
        """Leave the other frames of a file that takes too long, each with a row that says so."""
        problem = Problem(Code.TIME_LIMIT, f"{file.frames} frames, {file.arrived} read")
        for number in range(file.arrived, file.frames):
            file.results[number] = unread(file.path, number, file.frames, file.header, problem)
        self._waiting += file.frames - file.arrived
        file.arrived = file.frames

    def _expect(self, file: _File, frames: int) -> None:
        """Read the other frames too, of so many."""
        file.frames = frames
        self._progress.found += frames - 1

    def classify(self) -> None:
        """Begin batches of what is ready, shared by the free lanes."""
        while self._ready and self._lanes.free:
            share = self._lanes.share(len(self._ready))
            images = [self._ready.popleft() for _ in range(share)]
            inputs = [prepared.network_input for _, _, prepared in images]
            stack = np.stack([each for each in inputs if each is not None])
            self._lanes.begin(images, stack, self._arrived.put)

    def _answer(self, batch: Batch[_Image]) -> None:
        answers, provenance = self._lanes.end(batch)
        values = np.stack([answers.logit, answers.probability, answers.novelty], axis=1).tolist()
        cut = self._session_in_use.card.novelty_cut
        for (file, number, prepared), (logit, probability, novelty) in zip(
            batch.images, values, strict=True
        ):
            score = Score(logit, probability, novelty, provenance)
            file.results[number] = scored(file.path, number, prepared, score, cut)

    def hand_out(self) -> Iterator[ImageResult]:
        """The findings that are next in order and known."""
        while self._files:
            file = self._files[0]
            result = file.results.pop(file.handed_out, None)
            if result is None:
                return
            file.handed_out += 1
            if file.handed_out == file.frames:
                self._files.popleft()
            self._waiting -= 1
            self._progress.row_done()
            yield self._repeats.marked(result)
