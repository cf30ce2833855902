"""Run: the one way from paths to results, for window, command line and whatever else reads heads.

The steps, in order::

    run = Run(paths, sandbox)
    for header in run.read_headers(): ...   # every file is found, and its header read
    run.group()                             # patients, studies and series are known from here on
    for index, result in run.score(session): ...
    run.series_results()                    # also while scoring goes on
    run.export(files, Origin.of(session), ExportOptions())

Nothing here imports Qt. Each iterator is drawn by one thread; what it fills may be read by others.
"""

from __future__ import annotations

import copy
import itertools
import os
from array import array
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from desktop.engine.anonymous import Anonymous, anonymous_reading
from desktop.engine.blinding import blinded
from desktop.engine.content_keys import series_key
from desktop.engine.decoder import Decoder, is_done
from desktop.engine.name_groups import NamePattern, grouped_by_name
from desktop.engine.progress import Progress
from desktop.engine.readings import Reading, SeriesReading
from desktop.engine.report import ExportFiles, Replacing, is_finished, write_export
from desktop.engine.report_rows import Hidden, Origin
from desktop.engine.scoring import (
    FileQueue,
    FilesToScore,
    FileToScore,
    KnownScores,
    Scored,
    never,
    score,
)
from desktop.engine.sharing import sharing
from desktop.engine.thumbnails import Thumbnails
from desktop.engine.triage import NEVER, Triage
from imaging.errors import Code, ImageError, Problem, Status
from imaging.files.find import Found, find_files
from imaging.headers import FileHeader, read_headers
from imaging.image import Acquisition, ImageHeader
from model.assess import unreadable
from model.duplicate_uids import DuplicateUids
from model.image_result import ImageResult
from model.lanes import ScoringNetwork
from model.listed_image import ListedImage, PendingImage, may_be_an_image, waiting_again
from model.series_group import SeriesGroup, group_images
from model.series_result import SeriesResult, series_result

Scorer = Callable[[FilesToScore, FileQueue], Iterator[Scored]]
"""Gives one result for each image of the files, which ``FileQueue`` names by their keys."""

HEADERS_AT_ONCE = 32
"""Files whose headers one call to a child process reads: enough to make its cost small, few enough
that the first of them are there at once."""
BATCHES_UNDER_WAY = 8
"""Such calls that wait or run at a time."""
HIDDEN_PATTERN = "hidden"
"""In an export without identity, in place of a pattern of names: it may hold a part of one."""


@dataclass(frozen=True)
class ExportOptions:
    """What an export shows and what it may replace."""

    readings: Sequence[Reading | None] = ()
    """What the reader said of each image of the run; empty where there was no reader."""
    series_readings: Sequence[SeriesReading | None] = ()
    """What the reader said of each series of the run; empty where there was no reader."""
    hide_identity: bool = False
    """Numbers stand for names and ids, and comments are left out."""
    is_scoring: bool = False
    """Whether scoring goes on while the export is written."""
    hidden_scores: frozenset[int] = frozenset()
    """Images whose scores the reader must not see yet (read before AI): they and their series are
    written without any."""
    confirmed: tuple[Path, ...] = ()
    """Files of the export that may be replaced though this program did not write them."""


@dataclass(frozen=True)
class Exported:
    """What an export did not hold when it was written."""

    unscreened: int = 0
    """Images that are written as not screened."""
    finished: bool = True
    """Whether all that was found stands in it, screened."""


class Run:
    """What was opened at one time: its files, images and series, and what is known of them.

    An *image* is one frame of a file, and has one number for the whole life of the run: its index
    in ``images``. Images stand in the order in which their files were found.
    """

    def __init__(
        self,
        paths: Sequence[Path],
        sandbox: Decoder,
        progress: Progress | None = None,
        *,
        thumbnails: Thumbnails | None = None,
    ) -> None:
        """``thumbnails``: keeps those of the images by their numbers; None: nobody wants any."""
        self.paths = tuple(paths)
        self.progress = progress or Progress()
        self.images: list[ListedImage] = []
        """Each image as a PendingImage, then as the ImageResult that takes its place. What is no
        image or cannot be read is an ImageResult from the start."""
        self.series: tuple[SeriesGroup, ...] = ()
        """Known after ``group``; members are indices into ``images``."""
        self.grouped_by = ""
        """The pattern of names by which unidentified images were grouped; empty without."""
        self.trusts_folders = False
        """Whether the reader has said that each folder of images is one series of one patient."""
        self.keeps_order: Callable[[], bool] = never
        """Whether series are scored in their own order, asked while scoring runs: who reads before
        the AI must not learn from what is scored first."""
        self.as_found: tuple[SeriesGroup, ...] = ()
        """The series before any grouping by name."""
        self._sandbox, self._thumbnails = sandbox, thumbnails
        self._found: Iterator[Found] | None = None
        self._starts = array("i")
        """The first image of each file, in the order of finding."""
        self._file_of = array("i")
        """Of each image."""
        self._problems: tuple[Problem, ...] = ()
        """Of the last result: the next one mostly has the same."""
        self._duplicates = DuplicateUids(())
        self._order = FileQueue(())
        self._looked_at: tuple[int, ...] = ()
        """Files that the reader asked for last."""

    # -- find and read headers

    def find(self) -> Iterator[Found]:
        """Every path that gets a row, in natural order; what cannot be entered has its problem."""
        for found in find_files(self.paths):
            self.progress.files += 1
            yield found
        self.progress.listed = True

    def read_headers(self, stop: Callable[[], bool] = never) -> Iterator[FileHeader]:
        """The header of each file, in the order of finding, read by the child processes.

        ``images`` has the file's images when its header is yielded. A file that kills or hangs its
        child costs its own header alone. Ended early, by ``stop`` or by closing the generator, it
        goes on with the next call. Raises SandboxError.
        """
        if self._found is None:
            self._found = self.find()
        reading = _HeaderReading(self._found, self._sandbox)
        try:
            for header in reading.headers(stop):
                self._add(header)
                yield header
        finally:
            self._found = itertools.chain(reading.left(), self._found)

    def _add(self, header: FileHeader) -> None:
        file, first = len(self._starts), len(self.images)
        self._starts.append(first)
        if header.problem is not None:
            self.images.append(unreadable(header.path, 0, 1, None, header.problem))
            self.progress.done += 1
        known, folder = None, header.path.parent
        if self.images:
            known, folder = self.images[-1].header, sharing(folder, self.images[-1].folder)
        # Not path.name: parts of paths stay in Python's table of names, which grows with them.
        name = os.path.basename(header.path)  # noqa: PTH119
        for frame, own in enumerate(header.frames):
            known = sharing(own, known)
            image = PendingImage(folder, name, frame, known, header.sha256)
            self.images.append(image)
        self._file_of.extend([file] * (len(self.images) - first))
        self.progress.headers += 1
        self.progress.found = len(self.images)

    def group(self) -> tuple[SeriesGroup, ...]:
        """Put the images into series, once, when all headers are read; results change nothing.

        Series stand in the order in which their first image was found. Files that are no image
        (notes, DICOMDIRs, reports) are in no series; damaged files are, since they may be images.
        A second call changes nothing: results are kept without the times that tell passes apart.
        """
        if self.as_found:
            return self.series
        groups = group_images(self.images)
        self.series = tuple(each for each in groups if self._holds_images(each))
        self._duplicates = DuplicateUids(self.images)
        self.as_found, self.trusts_folders, self.grouped_by = self.series, False, ""
        return self.series

    def group_by_name(self, pattern: NamePattern | None) -> tuple[SeriesGroup, ...]:
        """Take unidentified images apart by their names, or (None) as they were found.

        Images that the pattern does not fit are in no series. Their own results stay.
        """
        self.grouped_by = "" if pattern is None else pattern.text
        self.series, self.trusts_folders = self.as_found, False
        if pattern is not None:
            self.series = grouped_by_name(self.as_found, self.images, pattern)
        return self.series

    def trust_folders(self, are_series: bool = True) -> None:
        """Whether each folder of images is one series of one patient, as the reader says.

        Without that, a folder of unidentified images has no result as a series.
        """
        self.series = tuple(replace(each, is_trusted=are_series) for each in self.series)
        self.trusts_folders = are_series

    @property
    def ungrouped(self) -> list[int]:
        """The unidentified images that the pattern of names has left in no series."""
        if not self.grouped_by:
            return []
        placed = {index for group in self.series for index in group.members}
        found = (index for group in self.as_found for index in group.members)
        return [index for index in found if index not in placed]

    def _holds_images(self, group: SeriesGroup) -> bool:
        members = [self.images[index] for index in group.members]
        return any(each.header is not None or may_be_an_image(each) for each in members)

    # -- score

    def score(
        self,
        session: ScoringNetwork | None,
        stop: Callable[[], bool] = never,
        scores: KnownScores | None = None,
    ) -> Iterator[Scored]:
        """The result of each image that has none, as (index, result), as soon as it is known.

        ``images`` holds a result when it is yielded. Some images of each series come first, then
        one series after the other, the most suspicious first, and at once where one of these images
        is flagged (``Triage``). ``look_at`` changes what comes next. Ended early, by ``stop`` or by
        closing the generator, it goes on with the next call; with another session, call
        ``forget_results`` before. Without a session images are read and checked, and none gets a
        probability. ``scores``: of the same model in earlier runs
        (``Scores``, made in the thread that draws the results); those images are read, and not
        scored again. Raises SandboxError.
        """
        return self.score_by(
            lambda files, order: score(files, session, self._sandbox, order, stop, scores),
            NEVER if session is None else session.card.threshold,
        )

    def score_by(self, scorer: Scorer, flagged: float = NEVER) -> Iterator[Scored]:
        """As ``score``, by whatever gives one result for each image of the files.

        ``flagged``: from so high a probability of one image on, its series is scored at once.
        """
        waiting = [array("q", self._waiting_of(group)) for group in self.series]
        triage = Triage(waiting, self._suspicion, flagged)
        every = filter(self._waits, range(len(self._starts)))
        self._order = FileQueue(itertools.chain(triage.files(), every))
        self._order.first(self._looked_at)
        for index, result in scorer(_Files(self.images, self._images_of), self._order):
            if isinstance(self.images[index], PendingImage):
                self.progress.row_done()
            self.images[index] = self._light(index, result)
            following = triage.arrived(self._file_of[index])
            if following is not None and not self.keeps_order():
                self._order.then(following)
            for at, known in self._duplicates.warned(index, self.images):
                self.images[at] = known
                yield Scored(at, known)

    def _light(self, index: int, result: ImageResult) -> ImageResult:
        """The same result in a tenth of the memory: its thumbnail apart, its header shared."""
        if self._thumbnails is not None and result.thumbnail is not None:
            self._thumbnails.keep(index, result.sha256, result.thumbnail)
        before = self.images[index]
        self._problems = sharing(result.problems, self._problems)
        return replace(
            result,
            folder=before.folder,
            name=before.name,
            thumbnail=None,
            problems=self._problems,
            header=self._since_grouped(sharing(result.header, before.header)),
            sha256=sharing(result.sha256, before.sha256),
        )

    def _since_grouped(self, header: ImageHeader | None) -> ImageHeader | None:
        """The header, once series are known without the times that nothing but ``group`` asks for.

        They differ from image to image, and are a tenth of what a folder of slices takes.
        """
        if header is None or not self.as_found:
            return header
        return replace(header, acquisition=_with_kernel(header.acquisition.kernel))

    def _waiting_of(self, group: SeriesGroup) -> Iterator[int]:
        """The files of a series that are to be scored, in its order."""
        return filter(self._waits, dict.fromkeys(self._file_of[index] for index in group.members))

    def _waits(self, file: int) -> bool:
        """Whether an image of a file has no result yet."""
        return any(isinstance(self.images[index], PendingImage) for index in self._images_of(file))

    def _suspicion(self, number: int) -> float | None:
        """The highest probability that is known of a series' images; None where nothing is."""
        members = [self.images[index] for index in self.series[number].members]
        known = [each.probability for each in members if isinstance(each, ImageResult)]
        return max((each for each in known if each is not None), default=None)

    def _images_of(self, file: int) -> range:
        last = file + 1 == len(self._starts)
        return range(self._starts[file], len(self.images) if last else self._starts[file + 1])

    def look_at(self, images: Iterable[int]) -> None:
        """Score the files of these images before all others, in this order; from any thread.

        What a reader looks at: its image first, then the rest of its series. It replaces what was
        asked before, and holds when scoring begins anew.
        """
        self._looked_at = tuple(dict.fromkeys(self._file_of[index] for index in images))
        self._order.first(self._looked_at)

    def forget_results(self) -> None:
        """Let every image wait again, for another session; series stay as they are."""
        for index, each in enumerate(self.images):
            if isinstance(each, ImageResult) and each.header is not None:
                self.images[index] = waiting_again(each)
        self.progress.begin_again(sum(each.header is None for each in self.images))

    # -- results

    def results(self) -> list[ImageResult]:
        """One result for each image; those that still wait are NOT_SCREENED."""
        return [
            each if isinstance(each, ImageResult) else _not_screened(each) for each in self.images
        ]

    def series_result(self, number: int) -> SeriesResult:
        """What is known of the series of that index by now."""
        return series_result(self.series[number], self.images)

    def series_key(self, number: int) -> str:
        """What readings of the series of that index are kept by; see ``series_key``."""
        return series_key(self.series[number], self.images)

    def series_results(self) -> list[SeriesResult]:
        """What is known of each series by now."""
        return [series_result(group, self.images) for group in self.series]

    # -- export

    def as_it_is(self) -> Run:
        """A copy for an export: results that follow, another model or grouping do not change it."""
        kept = copy.copy(self)
        kept.images, kept.progress = list(self.images), copy.copy(self.progress)
        return kept

    def export(self, files: ExportFiles, origin: Origin, shown: ExportOptions) -> Exported:
        """Write images.csv, series.csv and the sidecar. Raises ReportError, with nothing changed.

        Every image has a row. What waits is written as not screened, and its series as stopped or
        being scored, without a probability. Nothing that was opened is ever replaced. Returns what
        is missing.
        """
        results = self.results()
        for index in shown.hidden_scores:
            results[index] = blinded(results[index])
        hidden = self._hidden(shown.hidden_scores, results)
        listed: list[ListedImage] = list(results)
        for index in hidden.unsummed:
            each = results[index]
            listed[index] = PendingImage(each.folder, each.name, each.frame, each.header)
        series = [series_result(group, listed) for group in self.series]
        readings, series_readings = list(shown.readings), list(shown.series_readings)
        if shown.hide_identity:
            anonymous = Anonymous()
            results, series = anonymous.results(results), anonymous.series(series)
            readings = [anonymous_reading(each) for each in readings]
            series_readings = [anonymous_reading(each) for each in series_readings]
        pattern = self.grouped_by
        if pattern and shown.hide_identity:
            pattern = HIDDEN_PATTERN
        origin = replace(
            origin,
            grouped_by=pattern,
            folders_are_series=self.trusts_folders,
            is_scoring=shown.is_scoring,
        )
        replacing = Replacing(self.paths, shown.confirmed)
        said = readings, replacing, series_readings, hidden
        unscreened = sum(not each.is_screened for each in results)
        exported = Exported(unscreened, is_finished(results, self.progress))
        write_export(files, results, series, origin, self.progress, *said)
        return exported

    def _hidden(self, wanted: frozenset[int], results: Sequence[ImageResult]) -> Hidden:
        """What is hidden where ``wanted`` images must not be seen; ``results`` are blinded to them.

        What waits, or has no score for a reason that everyone may see, says so as ever. A series
        has no result before all of its images may be seen.
        """
        may_have_score = (Status.OK, Status.WARNING)
        images = frozenset(index for index in wanted if results[index].status in may_have_score)
        unsummed = set(images)
        for group in self.series:
            own = wanted.intersection(group.members)
            shows_scores = any(results[index].probability is not None for index in group.members)
            if own and images.isdisjoint(own) and shows_scores:
                unsummed.update(index for index in own if results[index].is_screened)
        return Hidden(images, frozenset(unsummed))


@lru_cache(maxsize=64)
def _with_kernel(kernel: str) -> Acquisition:
    """The same object for images of the same kernel."""
    return Acquisition(kernel=kernel)


def _not_screened(image: PendingImage) -> ImageResult:
    frames = 1 if image.header is None else image.header.frames
    problem = Problem(Code.NOT_SCREENED)
    return unreadable(image.path, image.frame, frames, image.header, problem)


class _Files:
    """Files with images that have no result yet, each made when it is asked for.

    All at once would take half as much memory as their results.
    """

    def __init__(self, images: Sequence[ListedImage], images_of: Callable[[int], range]) -> None:
        self._images, self._images_of = images, images_of

    def __getitem__(self, file: int) -> FileToScore:
        places = self._images_of(file)
        images = [self._images[index] for index in places]
        headers = tuple(each.header for each in images if each.header is not None)
        first = next(at for at, each in enumerate(images) if isinstance(each, PendingImage))
        return FileToScore(images[0].path, places, headers, images[first].sha256, first)


class _HeaderReading:
    """Reads headers in batches; a batch that fails as a whole is read file by file."""

    def __init__(self, found: Iterator[Found], sandbox: Decoder) -> None:
        self._source, self._sandbox = found, sandbox
        self._batches: deque[tuple[list[Found], Future[list[FileHeader]]]] = deque()
        self._current: deque[Found] = deque()
        """Of the batch at hand, what was not yielded yet."""

    def headers(self, stop: Callable[[], bool]) -> Iterator[FileHeader]:
        """One for each file, in order, until ``stop``."""
        while True:
            while len(self._batches) < BATCHES_UNDER_WAY and self._submit_batch():
                pass
            if not self._batches or not is_done(self._batches[0][1], stop):
                return
            files, future = self._batches.popleft()
            self._current.extend(files)
            try:
                read = future.result()
            except ImageError:  # of the child: one of the files has killed or hung it
                read = []
            paths = (each.path for each in files if each.problem is None)
            known = dict(zip(paths, read, strict=False))
            while self._current:
                header = self._header_of(self._current[0], known, stop)
                if header is None:
                    return
                self._current.popleft()
                yield header

    def _submit_batch(self) -> bool:
        files = list(itertools.islice(self._source, HEADERS_AT_ONCE))
        if files:
            paths = [each.path for each in files if each.problem is None]
            self._batches.append((files, self._sandbox.submit(read_headers, paths)))
        return bool(files)

    def _header_of(
        self, found: Found, known: dict[Path, FileHeader], stop: Callable[[], bool]
    ) -> FileHeader | None:
        """The header of one file, read in a call of its own if not known; None where stopped."""
        if found.problem is not None:
            return FileHeader(found.path, problem=found.problem)
        if found.path in known:
            return known[found.path]
        future = self._sandbox.submit(read_headers, [found.path])
        if not is_done(future, stop):
            future.cancel()
            return None
        try:
            return future.result()[0]
        except ImageError as error:
            return FileHeader(found.path, problem=error.problem)

    def left(self) -> list[Found]:
        """The files taken from the source whose headers were not yielded; their reading ends."""
        for _, future in self._batches:
            future.cancel()
        return [*self._current, *(each for files, _ in self._batches for each in files)]
