from __future__ import annotations

import gc
import weakref
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from desktop.engine import lanes, screening
from desktop.engine.progress import Progress
from desktop.engine.screening import screen
from imaging.errors import Code, ImageError, Problem, Status
from imaging.files.find import find_files
from imaging.files.limits import FILE_SECONDS
from imaging.image import Identity, ImageHeader, Unit
from imaging.input.prepare import FrameRun, Prepared
from imaging.sandbox.sandbox import SECONDS
from model.card import ModelCard
from model.image_result import ImageResult
from model.session import Scores
from tests.make.tiny_model import tiny_card

SIDE = 32


@pytest.fixture(autouse=True)
def _short_glances(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(screening, "_GLANCE", 0.001)


def _prepared(grey: int = 10, frame: int = 0, frames: int = 1, sop_uid: str = "") -> Prepared:
    header = ImageHeader(
        Unit.GREY, 64, 64, frame=frame, frames=frames, identity=Identity(sop_uid=sop_uid)
    )
    image = np.full((SIDE, SIDE), grey, np.uint8)
    return Prepared(header, None, image, np.zeros((96, 96), np.uint8), f"hash {grey}")


def _refused(code: Code) -> Prepared:
    whole = _prepared()
    return Prepared(whole.header, Problem(code), None, whole.thumbnail, whole.sha256)


Outcome = Prepared | ImageError
Children = Callable[[Path, int], Outcome]


class _Sandbox:
    """Runs nothing: knows what each file gives, and answers at once or when told to."""

    def __init__(
        self,
        children: Children,
        hold: Callable[[Path], bool] = lambda path: False,
        seconds: float = 0.0,
        dies: Callable[[Path, int], bool] | None = None,
    ) -> None:
        self._children, self._hold, self._seconds, self._dies = children, hold, seconds, dies
        self.held: list[tuple[Future[FrameRun], Path, int, int]] = []
        self.unanswered = 0
        self.most_unanswered = 0

    def submit(self, function: Callable[..., Any], *arguments: object) -> Future[Any]:
        path, first, most, _ = arguments
        assert isinstance(path, Path)
        assert isinstance(first, int)
        assert isinstance(most, int)
        future: Future[FrameRun] = Future()
        self.unanswered += 1
        self.most_unanswered = max(self.most_unanswered, self.unanswered)
        if self._hold(path):
            self.held.append((future, path, first, most))
        else:
            self.answer(future, path, first, most)
        return future

    def answer(self, future: Future[FrameRun], path: Path, first: int, most: int) -> None:
        self.unanswered -= 1
        if self._dies is not None and any(self._dies(path, first + n) for n in range(most)):
            future.set_exception(ImageError(Code.DECODER_DIED, "SIGABRT"))
            return
        frames = tuple(self._children(path, first + number) for number in range(most))
        future.set_result(FrameRun(frames, self._seconds * most))


class _Network:
    """Scores with the grey of the scan: logit grey, probability grey / 255, novelty grey."""

    card: ModelCard = tiny_card(novelty_cut=200.0)
    provenance = "CPUExecutionProvider"

    def __init__(self, lanes: int = 2) -> None:
        self.batches: list[int] = []
        self.lanes = lanes

    def score(self, images: NDArray[np.uint8]) -> Scores:
        self.batches.append(len(images))
        grey = images[:, 0, 0].astype(np.float32)
        answer = grey.copy()
        answer[grey == 99] = np.nan
        return Scores(answer, (answer / 255).astype(np.float32), answer)


def _folder(tmp_path: Path, names: list[str]) -> Path:
    for name in names:
        (tmp_path / name).write_bytes(b"not read here")
    return tmp_path


def _screen(
    folder: Path, children: Children, progress: Progress | None = None
) -> list[ImageResult]:
    return list(screen(find_files([folder]), _Network(), _Sandbox(children), progress))


def test_each_file_becomes_a_finding_in_the_order_of_the_folder(tmp_path: Path) -> None:
    folder = _folder(tmp_path, [f"{n}.png" for n in range(40)])
    results = _screen(folder, lambda path, frame: _prepared(int(path.stem)))
    assert [each.path.name for each in results] == [f"{n}.png" for n in range(40)]
    assert [each.logit for each in results] == list(range(40))
    assert results[3].probability == pytest.approx(3 / 255)
    assert (results[3].status, results[3].sha256) == (Status.OK, "hash 3")
    assert results[3].provider == "CPUExecutionProvider"
    assert results[3].analysed_at.tzinfo is not None


def test_what_cannot_be_read_is_a_row_with_its_reason(tmp_path: Path) -> None:
    folder = _folder(tmp_path, ["1", "2", "3"])
    (folder / "4").symlink_to(folder / "nowhere")

    def children(path: Path, frame: int) -> Outcome:
        return ImageError(Code.DECODER_DIED, "SIGABRT") if path.name == "2" else _prepared()

    results = _screen(folder, children)
    assert [each.status for each in results] == ["ok", "failed", "ok", "skipped"]
    assert results[1].reason == "Decoding this file crashed its decoder (SIGABRT)."
    assert results[3].problems == (Problem(Code.DANGLING_LINK),)
    assert {each.probability for each in (results[1], results[3])} == {None}


def test_a_refused_scan_is_shown_and_never_classified(tmp_path: Path) -> None:
    folder = _folder(tmp_path, ["1", "2"])
    network = _Network()
    sandbox = _Sandbox(lambda path, frame: _refused(Code.LOCALISER))
    results = list(screen(find_files([folder]), network, sandbox))
    assert [each.problems for each in results] == [(Problem(Code.LOCALISER),)] * 2
    assert results[0].thumbnail is not None
    assert results[0].header is not None
    assert network.batches == []


def test_a_scan_unlike_the_training_gets_no_probability(tmp_path: Path) -> None:
    [result] = _screen(_folder(tmp_path, ["a"]), lambda path, frame: _prepared(grey=201))
    assert (result.status, result.problems) == (
        Status.REFUSED,
        (Problem(Code.NOT_ASSESSABLE),),
    )
    assert (result.logit, result.probability, result.novelty) == (None, None, 201.0)


def test_at_the_cut_a_scan_is_still_assessed(tmp_path: Path) -> None:
    [result] = _screen(_folder(tmp_path, ["a"]), lambda path, frame: _prepared(grey=200))
    assert result.probability == pytest.approx(200 / 255)


def test_a_scan_without_a_valid_answer_has_failed(tmp_path: Path) -> None:
    [result] = _screen(_folder(tmp_path, ["a"]), lambda path, frame: _prepared(grey=99))
    assert result.problems == (Problem(Code.CLASSIFIER_FAILED),)
    assert (result.logit, result.probability, result.novelty) == (None, None, None)


def test_warnings_of_the_file_stay_beside_the_probability(tmp_path: Path) -> None:
    def children(path: Path, frame: int) -> Outcome:
        known = _prepared(grey=51)
        header = ImageHeader(Unit.GREY, 64, 64, warnings=(Problem(Code.COLOUR),))
        return Prepared(header, None, known.network_input, known.thumbnail, "")

    [result] = _screen(_folder(tmp_path, ["a"]), children)
    assert (result.status, result.reason) == (Status.WARNING, "Colour picture, read as grey.")
    assert result.probability == pytest.approx(0.2)


def test_every_frame_is_a_row_in_its_place(tmp_path: Path) -> None:
    frames = {"a": 1, "b": 3, "c": 1, "d": 2}

    def children(path: Path, frame: int) -> Outcome:
        if (path.name, frame) == ("b", 1):
            return ImageError(Code.DAMAGED)
        return _prepared(frame, frame, frames[path.name], sop_uid=path.name)

    results = _screen(_folder(tmp_path, list(frames)), children)
    rows = [(each.path.name, each.frame, each.frames) for each in results]
    assert rows == [(name, k, n) for name, n in frames.items() for k in range(n)]
    assert [each.logit for each in results] == [0, 0, None, 2, 0, 0, 1]
    # A frame that fails still belongs to its series.
    assert results[2].header is not None
    assert (results[2].header.frame, results[2].header.identity.sop_uid) == (1, "b")


def test_the_frames_after_a_damaged_first_one_are_read(tmp_path: Path) -> None:
    def children(path: Path, frame: int) -> Outcome:
        if frame == 0:
            return ImageError(Code.DAMAGED, frames=3)
        return _prepared(frame, frame, 3, sop_uid="1")

    progress = Progress()
    results = _screen(_folder(tmp_path, ["a"]), children, progress)
    assert [(each.frame, each.frames, each.logit) for each in results] == [
        (0, 3, None),
        (1, 3, 1),
        (2, 3, 2),
    ]
    assert (progress.found, progress.done) == (3, 3)


def test_frames_are_read_in_runs_that_double(tmp_path: Path) -> None:
    """The way to a run's first frame is gone again: doubled, all ways together stay linear."""
    runs: list[tuple[int, int]] = []
    count = 2 * screening.FRAMES_AT_ONCE + 9
    sandbox = _Sandbox(lambda path, frame: _prepared(frame % 90, frame, count))
    answer = sandbox.answer

    def remember(future: Future[FrameRun], path: Path, first: int, most: int) -> None:
        runs.append((first, most))
        answer(future, path, first, most)

    sandbox.answer = remember  # type: ignore[method-assign]
    results = list(screen(find_files([_folder(tmp_path, ["a"])]), _Network(), sandbox))
    assert [each.frame for each in results] == list(range(count))
    assert runs[:4] == [(0, 1), (1, 2), (3, 4), (7, 8)]
    assert max(most for _, most in runs) == screening.FRAMES_AT_ONCE
    assert sum(most for _, most in runs) == count


def test_a_run_that_ends_early_goes_on_where_it_ended(tmp_path: Path) -> None:
    sandbox = _Sandbox(lambda path, frame: _prepared(frame, frame, 9))

    def answer(future: Future[FrameRun], path: Path, first: int, most: int) -> None:
        sandbox.unanswered -= 1
        future.set_result(FrameRun((_prepared(first, first, 9),), 0.0))

    sandbox.answer = answer  # type: ignore[method-assign]
    results = list(screen(find_files([_folder(tmp_path, ["a"])]), _Network(), sandbox))
    assert [each.logit for each in results] == list(range(9))


def test_a_frame_that_kills_its_child_costs_no_other_frame(tmp_path: Path) -> None:
    sandbox = _Sandbox(
        lambda path, frame: _prepared(frame, frame, 12), dies=lambda path, frame: frame == 5
    )
    results = list(screen(find_files([_folder(tmp_path, ["a"])]), _Network(), sandbox))
    assert [each.logit for each in results] == [0, 1, 2, 3, 4, None, *range(6, 12)]
    assert results[5].problems == (Problem(Code.DECODER_DIED, "SIGABRT"),)


def test_a_file_that_kills_its_child_with_every_frame_is_given_up(tmp_path: Path) -> None:
    sandbox = _Sandbox(
        lambda path, frame: _prepared(frame % 90, frame, 500),
        dies=lambda path, frame: path.name == "a" and frame > 0,
    )
    folder = _folder(tmp_path, ["a", "b"])
    results = list(screen(find_files([folder]), _Network(), sandbox))
    assert [each.path.name for each in results] == ["a"] * 500 + ["b"] * 500
    causes = Counter(each.problems[0].code for each in results if each.problems)
    deaths = causes.pop(Code.DECODER_DIED)
    assert deaths <= FILE_SECONDS / SECONDS
    assert causes == {Code.TIME_LIMIT: 499 - deaths}


@pytest.mark.parametrize(("excess", "read"), [(0.0, 7), (0.1, 3)])
def test_the_frames_after_a_files_time_are_not_read(
    tmp_path: Path, excess: float, read: int
) -> None:
    """Runs of 1, 2 and 4 frames: a file that is at its limit goes on, one beyond it ends."""
    sandbox = _Sandbox(
        lambda path, frame: _prepared(frame, frame, 20), seconds=FILE_SECONDS / 3 + excess
    )
    progress = Progress()
    results = list(screen(find_files([_folder(tmp_path, ["a"])]), _Network(), sandbox, progress))
    assert [each.logit for each in results] == [*range(read), *[None] * (20 - read)]
    assert {each.problems[0].code for each in results[read:]} == {Code.TIME_LIMIT}
    assert (progress.found, progress.done) == (20, 20)


def test_the_second_file_of_one_sop_uid_is_marked(tmp_path: Path) -> None:
    results = _screen(
        _folder(tmp_path, ["a", "b", "c"]),
        lambda path, frame: _prepared(sop_uid="2" if path.name == "b" else "1"),
    )
    assert [each.problems for each in results] == [(), (), (Problem(Code.DUPLICATE_UID),)]
    assert results[2].probability is not None


def test_the_first_answer_does_not_wait_for_a_batch(tmp_path: Path) -> None:
    folder = _folder(tmp_path, [f"{n:03}" for n in range(100)])
    sandbox = _Sandbox(lambda path, frame: _prepared(), hold=lambda path: path.name != "000")
    results = screen(find_files([folder]), _Network(), sandbox)
    assert next(results).path.name == "000"


def test_batches_hold_what_is_ready_and_no_more_than_the_ceiling(tmp_path: Path) -> None:
    folder = _folder(tmp_path, [f"{n:03}" for n in range(100)])
    network = _Network()
    assert len(list(screen(find_files([folder]), network, _Sandbox(lambda *_: _prepared())))) == 100
    assert max(network.batches) == lanes.BATCH
    assert sum(network.batches) == 100


def test_a_slow_file_holds_up_neither_reading_nor_memory(tmp_path: Path) -> None:
    """Behind the first file everything else is computed, up to a bound, and comes in order."""
    count = screening.AHEAD + 200
    folder = _folder(tmp_path, [f"{n:04}" for n in range(count)])
    network = _Network()
    sandbox = _Sandbox(lambda path, frame: _prepared(), hold=lambda path: path.name == "0000")
    looks = iter(range(60))
    assert (
        list(screen(find_files([folder]), network, sandbox, stop=lambda: next(looks, None) is None))
        == []
    )
    assert sum(network.batches) == screening.AHEAD - 1
    looks = iter(range(10_000))

    def stop() -> bool:
        if sandbox.held:
            sandbox.answer(*sandbox.held.pop())
        return next(looks, None) is None

    sandbox.held.clear()
    names = [each.path.name for each in screen(find_files([folder]), network, sandbox, stop=stop)]
    assert names == [f"{n:04}" for n in range(count)]


def test_many_frames_behind_a_slow_file_do_not_lock_it_out(tmp_path: Path) -> None:
    """The slow file has frames itself, which must be read though all places are taken."""
    frames = {"a": 3, "b": screening.AHEAD * 2}

    def children(path: Path, frame: int) -> Outcome:
        return _prepared(frame % 90, frame, frames[path.name])

    sandbox = _Sandbox(children, hold=lambda path: path.name == "a")
    looks = iter(range(2000))

    def stop() -> bool:
        look = next(looks)
        if look > 100 and sandbox.held:
            sandbox.answer(*sandbox.held.pop(0))
        return look == 1999

    results = screen(find_files([_folder(tmp_path, list(frames))]), _Network(), sandbox, stop=stop)
    assert Counter(each.path.name for each in results) == frames


def test_no_more_than_a_bounded_number_is_in_flight(tmp_path: Path) -> None:
    folder = _folder(tmp_path, [f"{n:03}" for n in range(300)])
    sandbox = _Sandbox(lambda *_: _prepared(), hold=lambda path: True)

    def stop() -> bool:
        for held in sandbox.held:
            sandbox.answer(*held)
        sandbox.held.clear()
        return False

    assert len(list(screen(find_files([folder]), _Network(), sandbox, stop=stop))) == 300
    assert sandbox.most_unanswered == screening.IN_FLIGHT


def _watched() -> tuple[Children, list[weakref.ref[NDArray[np.uint8]]]]:
    """Children, and whether the pixels that they gave are still held."""
    images: list[weakref.ref[NDArray[np.uint8]]] = []

    def children(path: Path, frame: int) -> Outcome:
        prepared = _prepared()
        assert prepared.network_input is not None
        images.append(weakref.ref(prepared.network_input))
        return prepared

    return children, images


def test_pixels_are_freed_without_a_search_for_garbage(tmp_path: Path) -> None:
    children, images = _watched()
    gc.disable()
    try:
        results = _screen(_folder(tmp_path, [f"{n:03}" for n in range(100)]), children)
        assert len(results) == 100
        assert all(image() is None for image in images)
    finally:
        gc.enable()


def test_stop_is_asked_while_a_file_takes_long(tmp_path: Path) -> None:
    answers = iter([False, False, True])
    sandbox = _Sandbox(lambda *_: _prepared(), hold=lambda path: True)
    results = screen(
        find_files([_folder(tmp_path, ["a"])]), _Network(), sandbox, stop=lambda: next(answers)
    )
    assert list(results) == []


def test_closing_releases_what_was_in_flight(tmp_path: Path) -> None:
    children, images = _watched()
    results: Iterator[ImageResult] = screen(
        find_files([_folder(tmp_path, [f"{n:03}" for n in range(100)])]),
        _Network(),
        _Sandbox(children),
    )
    next(results)
    assert any(image() is not None for image in images)
    results.close()  # type: ignore[attr-defined]
    del results
    gc.collect()
    assert all(image() is None for image in images)


def test_progress_knows_the_total_long_before_the_end(tmp_path: Path) -> None:
    folder = _folder(tmp_path, [f"{n:03}" for n in range(200)])
    progress = Progress()
    results = screen(find_files([folder]), _Network(), _Sandbox(lambda *_: _prepared()), progress)
    next(results)
    assert (progress.files, progress.found, progress.listed, progress.done) == (200, 200, True, 1)
    assert len(list(results)) == 199
    assert progress.done == 200


def test_progress_counts_frames_as_rows(tmp_path: Path) -> None:
    progress = Progress()
    _screen(
        _folder(tmp_path, ["a", "b"]),
        lambda path, frame: _prepared(frame=frame, frames=4),
        progress=progress,
    )
    assert (progress.files, progress.found, progress.done) == (2, 8, 8)


def test_time_left_follows_the_pace_since_the_first_row() -> None:
    now = iter([100.0, 106.0])
    progress = Progress(found=10, listed=True, clock=lambda: next(now))
    progress.row_done()
    assert progress.seconds_left is None
    progress.row_done()
    progress.row_done()
    progress.row_done()
    assert progress.seconds_left == pytest.approx(6 / 3 * 6)


def test_nothing_at_all_gives_no_rows(tmp_path: Path) -> None:
    progress = Progress()
    assert _screen(tmp_path, lambda *_: _prepared(), progress=progress) == []
    assert (progress.found, progress.listed) == (0, True)


def test_a_copy_of_what_an_earlier_part_had_is_marked(tmp_path: Path) -> None:
    sandbox = _Sandbox(lambda *_: _prepared(sop_uid="1"))
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    first = list(screen(find_files([_folder(tmp_path / "a", ["a"])]), _Network(), sandbox))
    [second] = screen(
        find_files([_folder(tmp_path / "b", ["b"])]), _Network(), sandbox, before=first
    )
    assert second.problems == (Problem(Code.DUPLICATE_UID),)
