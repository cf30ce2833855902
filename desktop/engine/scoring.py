"""Scoring: child processes read images while the network computes, in an order that may change.

What is under way is bounded, so that memory does not grow with the number of files.
"""

from __future__ import annotations

import queue
import threading
from array import array
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple, Protocol

import numpy as np

from desktop.engine.decoder import Decoder
from imaging.errors import Code, ImageError, Problem
from imaging.files.limits import FILE_SECONDS
from imaging.image import ImageHeader
from imaging.input.prepare import FrameRun, Prepared, prepare_run
from imaging.input.recipe import InputRecipe
from imaging.sandbox.sandbox import SECONDS
from model.assess import Score, only_read, refused, scored, unreadable
from model.image_result import ImageResult
from model.lanes import Batch, Lanes, ScoringNetwork
from model.providers import usable_cores

UNDER_WAY = 64
"""Images given to children or waiting for the network at a time, at most."""
AHEAD_SECONDS = 0.3
"""Of the network's work are under way where that is less: enough to keep children and network busy,
little enough that what is asked for now comes soon."""
EACH_CORE = 2
"""Images under way for each core at least, and while the network's pace is not known."""
FRAMES_AT_ONCE = 64
"""Frames of one file read in one call at most. Each call reads twice as many as the one before, so
that the way to its first frame, which some formats make it go again, adds little."""
_POLL_SECONDS = 0.1
"""Seconds between two looks at ``stop`` while nothing arrives."""


def never() -> bool:
    """Do not stop."""
    return False


class Scored(NamedTuple):
    """One image's result, and the number of that image in the run."""

    image: int
    result: ImageResult


class KnownScores(Protocol):
    """What a model said in earlier runs; used in the thread that draws the results."""

    def known_score(self, sha256: str, frame: int) -> Score | None:
        """What it said of a frame of the file with that content."""
        ...

    def keep(self, scores: Sequence[tuple[str, int, Score]]) -> None:
        """Keep what it said: SHA-256, frame and score of each image."""
        ...


@dataclass(frozen=True, slots=True)
class FileToScore:
    """A file with images that have no result yet."""

    path: Path
    images: range
    """The index of each of its frames in the run."""
    headers: tuple[ImageHeader, ...]
    """Of each frame, as read before anything was scored."""
    sha256: str = ""
    """As the header's, where it is known."""
    first: int = 0
    """The first frame without a result: frames before it are not read again."""


class FilesToScore(Protocol):
    """Files by their numbers in a run."""

    def __getitem__(self, file: int, /) -> FileToScore: ...


class FileQueue:
    """Which file is read next. ``first`` may be called from any thread while scoring runs.

    Files are numbers from 0 on: of each that may come, a queue of 100,000 keeps some bytes.
    """

    def __init__(self, files: Iterable[int]) -> None:
        """``files``: in their order; of one that comes twice the first place counts."""
        self._lock = threading.Lock()
        self._waiting = bytearray()
        """Of each file 1 where it waits, else 0."""
        self._preferred: deque[int] = deque()
        self._wanted: frozenset[int] = frozenset()
        self._base = array("q", filter(self._add, files))
        """Those that were not asked for, the next one last."""
        self._base.reverse()

    def _add(self, file: int) -> bool:
        """Let a file wait; whether it did not before."""
        self._waiting.extend(bytes(max(0, file + 1 - len(self._waiting))))
        is_new = not self._waiting[file]
        self._waiting[file] = 1
        return is_new

    def first(self, files: Iterable[int]) -> None:
        """Read these next, in this order, before all others; replaces what was asked before."""
        with self._lock:
            self._preferred = deque(files)
            self._wanted = frozenset(self._preferred)

    def then(self, files: Iterable[int]) -> None:
        """Read these, in this order, before all that was not asked for by ``first``."""
        with self._lock:
            moved = dict.fromkeys(files)
            self._base = array("q", (each for each in self._base if each not in moved))
            self._base.extend(reversed(moved))

    def is_wanted(self, file: int) -> bool:
        """Whether the last call of ``first`` named it."""
        return file in self._wanted

    def take(self) -> int | None:
        """The next file, or None where none waits."""
        with self._lock:
            while self._preferred or self._base:
                file = self._preferred.popleft() if self._preferred else self._base.pop()
                if file < len(self._waiting) and self._waiting[file]:
                    self._waiting[file] = 0
                    return file
        return None

    def again(self, file: int) -> None:
        """Let a file whose frames are not all read wait once more, in front of its like."""
        with self._lock:
            self._waiting[file] = 1
            if file in self._wanted:
                self._preferred.appendleft(file)
            else:
                self._base.append(file)


def score(
    files: FilesToScore,
    session: ScoringNetwork | None,
    sandbox: Decoder,
    order: FileQueue,
    stop: Callable[[], bool] = never,
    scores: KnownScores | None = None,
) -> Iterator[Scored]:
    """One result for each image of ``files``, as soon as it is known.

    ``scores``: the session's own of earlier runs, which it is not asked for again.
    ``order`` names the files by their keys. Without a session the images are read and checked, and
    none gets a probability. ``stop`` is asked several times a second, also while a file takes long.
    Closing the generator is safe at any time. Raises SandboxError.
    """
    with Lanes[_Image](session) as lanes:
        scoring = _Scoring(files, session, sandbox, order, lanes, scores)
        while not stop() and scoring.submit():
            scoring.collect()
            scoring.classify()
            yield from scoring.hand_out()


@dataclass(eq=False, slots=True)
class _File:
    """A file on its way."""

    key: int
    """By which the caller names it."""
    known: FileToScore
    arrived: int
    """Frames that are read or given up, the first of the file."""
    at_once: int = 1
    """How many to read in the next call."""
    one_by_one_until: int = 0
    """The end of a run that killed its child: one of its frames does."""
    seconds: float = 0.0
    """What its frames took so far; a child's death counts as much as its limit of time."""

    @property
    def frames(self) -> int:
        return len(self.known.headers)


@dataclass(frozen=True, eq=False)
class _FrameCall:
    """Consecutive frames of a file that a child reads in one call."""

    file: _File
    first: int
    most: int
    result: Future[FrameRun]


class _Image(NamedTuple):
    file: _File
    frame: int
    prepared: Prepared


class _Scoring:
    """The state between two rounds of ``score``."""

    def __init__(
        self,
        files: FilesToScore,
        session: ScoringNetwork | None,
        sandbox: Decoder,
        order: FileQueue,
        lanes: Lanes[_Image],
        scores: KnownScores | None,
    ) -> None:
        self._scores = scores
        self._session, self._sandbox, self._order, self._lanes = session, sandbox, order, lanes
        self._recipe = InputRecipe() if session is None else session.card.recipe
        self._known_files = files
        self._files: dict[int, _File] = {}
        """Those on their way: of all at once they would take more memory than their results."""
        self._under_way = 0
        """Images given to children, ready for the network, or in it."""
        self._arrived: queue.SimpleQueue[_FrameCall | Batch[_Image]] = queue.SimpleQueue()
        self._ready: deque[_Image] = deque()
        self._known: deque[Scored] = deque()

    def submit(self) -> bool:
        """Give the children work; False when there is nothing left to do or to wait for."""
        while self._under_way < self._most_under_way():
            key = self._order.take()
            if key is None:
                break
            if key not in self._files:
                known = self._known_files[key]
                self._files[key] = _File(key, known, known.first)
            self._submit_run(self._files[key])
        return self._under_way > 0

    def _most_under_way(self) -> int:
        """So many that the next one is ready in time, and no more: they keep their order."""
        if self._session is None:
            return UNDER_WAY
        ahead = round(AHEAD_SECONDS * self._lanes.pace)
        return min(max(ahead, EACH_CORE * usable_cores()), UNDER_WAY)

    def _submit_run(self, file: _File) -> None:
        first, arrived = file.arrived, self._arrived
        at_once = 1 if first < file.one_by_one_until else file.at_once
        most = min(at_once, file.frames - first)
        self._under_way += most
        result = self._sandbox.submit(prepare_run, file.known.path, first, most, self._recipe)
        # A future keeps its callback: one that held the future would keep the pixels in a circle.
        result.add_done_callback(lambda done: arrived.put(_FrameCall(file, first, most, done)))

    def collect(self) -> None:
        """Take what children and lanes have done; wait where there is nothing else to do."""
        wait = not (self._known or (self._ready and self._lanes.free))
        while True:
            try:
                done = self._arrived.get(wait, timeout=_POLL_SECONDS)
            except queue.Empty:
                return
            wait = False
            if isinstance(done, Batch):
                self._take_scores(done)
            else:
                self._take(done)

    def _take(self, run: _FrameCall) -> None:
        file = run.file
        frames: tuple[Prepared | ImageError, ...]
        try:
            read = run.result.result()
            frames, seconds = read.frames, read.seconds
        except ImageError as error:  # of the child, not of one frame
            frames, seconds = (error,) if run.most == 1 else (), SECONDS
            file.one_by_one_until = run.first + run.most
        file.seconds += seconds
        file.at_once = min(2 * file.at_once, FRAMES_AT_ONCE)
        self._under_way -= run.most - len(frames)
        for prepared in frames:
            self._take_frame(file, prepared)
        if file.arrived < file.frames:
            if file.seconds > FILE_SECONDS:
                self._give_up(file)
            else:
                self._order.again(file.key)
        if file.arrived == file.frames:
            self._files.pop(file.key, None)

    def _take_frame(self, file: _File, prepared: Prepared | ImageError) -> None:
        """Sort in the next frame of a file."""
        frame = file.arrived
        file.arrived += 1
        if isinstance(prepared, ImageError):
            self._finish(file, frame, _unread(file, frame, prepared.problem))
        elif not prepared.header.is_same_image(file.known.headers[frame]):
            # Its place in patient, study and series was that of another content.
            problem = Problem(Code.CHANGED_WHILE_READ)
            self._finish(file, frame, _unread(file, frame, problem))
        elif prepared.network_input is None:
            self._finish(file, frame, refused(file.known.path, frame, prepared))
        elif self._session is None:
            self._finish(file, frame, only_read(file.known.path, frame, prepared))
        elif (score := self._known_score(prepared, frame)) is not None:
            self._finish(file, frame, self._scored(file, frame, prepared, score))
        elif self._order.is_wanted(file.key):
            self._ready.appendleft(_Image(file, frame, prepared))
        else:
            self._ready.append(_Image(file, frame, prepared))

    def _known_score(self, prepared: Prepared, frame: int) -> Score | None:
        return None if self._scores is None else self._scores.known_score(prepared.sha256, frame)

    def _scored(self, file: _File, frame: int, prepared: Prepared, score: Score) -> ImageResult:
        assert self._session is not None  # nobody else gives scores
        return scored(file.known.path, frame, prepared, score, self._session.card.novelty_cut)

    def _finish(self, file: _File, frame: int, result: ImageResult) -> None:
        self._under_way -= 1
        self._known.append(Scored(file.known.images[frame], result))

    def _give_up(self, file: _File) -> None:
        """Leave the other frames of a file that takes too long, each with a row that says so."""
        problem = Problem(Code.TIME_LIMIT, f"{file.frames} frames, {file.arrived} read")
        left = range(file.arrived, file.frames)
        self._under_way += len(left)
        for frame in left:
            self._finish(file, frame, _unread(file, frame, problem))
        file.arrived = file.frames

    def classify(self) -> None:
        """Begin batches of what is ready, shared by the free lanes."""
        while self._ready and self._lanes.free:
            share = self._lanes.share(len(self._ready))
            images = [self._ready.popleft() for _ in range(share)]
            inputs = [each.prepared.network_input for each in images]
            stack = np.stack([each for each in inputs if each is not None])
            self._lanes.begin(images, stack, self._arrived.put)

    def _take_scores(self, batch: Batch[_Image]) -> None:
        scores, provenance = self._lanes.end(batch)
        given: list[tuple[str, int, Score]] = []
        for (file, frame, prepared), score in zip(
            batch.images, scores.of_each(provenance), strict=True
        ):
            given.append((prepared.sha256, frame, score))
            self._finish(file, frame, self._scored(file, frame, prepared, score))
        if self._scores is not None:
            self._scores.keep(given)

    def hand_out(self) -> Iterator[Scored]:
        """The results that are known by now."""
        while self._known:
            yield self._known.popleft()


def unscored(file: FileToScore, problem: Problem) -> list[Scored]:
    """The same reason for each image of a file that has no result yet."""
    frames = range(file.first, len(file.headers))
    return [Scored(file.images[frame], _without(file, frame, problem)) for frame in frames]


def _unread(file: _File, frame: int, problem: Problem) -> ImageResult:
    return _without(file.known, frame, problem)


def _without(file: FileToScore, frame: int, problem: Problem) -> ImageResult:
    result = unreadable(file.path, frame, len(file.headers), file.headers[frame], problem)
    return replace(result, sha256=file.sha256)
