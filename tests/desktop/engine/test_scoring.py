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

from desktop.engine import scoring
from desktop.engine.scoring import FileQueue, FileToScore, Scored, score
from imaging.errors import Code, Problem, Status
from imaging.image import Identity, ImageHeader
from imaging.input.prepare import Prepared
from model.lanes import Lanes
from tests.make.stage import GreyNetwork, Stage, header, prepared


@pytest.fixture(autouse=True)
def _short_glances(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scoring, "_POLL_SECONDS", 0.001)


def _files(stage: Stage) -> dict[int, FileToScore]:
    files: dict[int, FileToScore] = {}
    at = 0
    for number, (name, known) in enumerate(stage.files.items()):
        assert isinstance(known, ImageHeader)
        frames = known.frames
        files[number] = FileToScore(Path("/s") / name, range(at, at + frames), (known,) * frames)
        at += frames
    return files


def _score(stage: Stage, network: GreyNetwork | None = None) -> list[Scored]:
    files = _files(stage)
    found = score(files, network or GreyNetwork(), stage, FileQueue(files))
    return sorted(found, key=lambda each: each.image)


def _slices(count: int) -> dict[str, ImageHeader | Code]:
    return {f"{number:04}": header() for number in range(count)}


def test_each_image_gets_its_own_result() -> None:
    stage = Stage(_slices(40))
    stage.greys = {name: number for number, name in enumerate(stage.files)}
    results = [each.result for each in _score(stage)]
    assert [each.path.name for each in results] == list(stage.files)
    assert [each.logit for each in results] == list(range(40))
    assert results[3].probability == pytest.approx(3 / 255)
    assert (results[3].status, results[3].sha256) == (Status.OK, "hash 3")
    assert results[3].provider == "CPUExecutionProvider"


def test_an_image_that_cannot_be_read_keeps_the_header_that_was_known_before() -> None:
    stage = Stage({"a": header("7")})
    stage.fails = lambda name, frame: Code.DAMAGED
    [(_, result)] = _score(stage)
    assert result.problems == (Problem(Code.DAMAGED),)
    assert result.header == header("7")


@pytest.mark.parametrize(
    "now",
    [
        header(identity=Identity(patient_id="Q")),
        header(position=5.0),
        header(frames=2),
        header(kind="PNG"),
    ],
)
def test_an_image_that_is_no_longer_the_one_that_was_grouped_gets_no_result(
    now: ImageHeader,
) -> None:
    stage = Stage({"a": header()})
    stage.now["a"] = now
    [(_, result)] = _score(stage)
    assert result.problems == (Problem(Code.CHANGED_WHILE_READ),)
    assert result.probability is None
    assert result.header == header()


def test_a_refused_image_is_never_classified() -> None:
    stage, network = Stage({"a": header()}), GreyNetwork()
    stage.refusals["a"] = Problem(Code.LOCALISER)
    [(_, result)] = _score(stage, network)
    assert result.problems == (Problem(Code.LOCALISER),)
    assert result.thumbnail is not None
    assert network.batches == []


def test_without_a_session_images_are_read_and_none_has_a_probability() -> None:
    stage = Stage(_slices(3))
    stage.refusals["0001"] = Problem(Code.LOCALISER)
    files = _files(stage)
    results = [each.result for each in score(files, None, stage, FileQueue(files))]
    assert [(each.status, each.probability) for each in results] == [
        (Status.OK, None),
        (Status.REFUSED, None),
        (Status.OK, None),
    ]


@pytest.mark.parametrize(("grey", "assessed"), [(200, True), (201, False)])
def test_an_image_beyond_the_novelty_cut_gets_no_probability(grey: int, assessed: bool) -> None:
    stage = Stage({"a": header()})
    stage.greys["a"] = grey
    [(_, result)] = _score(stage)
    assert (result.probability is not None) == assessed
    assert result.problems == (() if assessed else (Problem(Code.NOT_ASSESSABLE),))


def test_an_image_without_a_valid_answer_has_failed() -> None:
    stage = Stage({"a": header()})
    stage.greys["a"] = 99
    [(_, result)] = _score(stage)
    assert result.problems == (Problem(Code.CLASSIFIER_FAILED),)


def test_files_come_in_the_order_asked_for() -> None:
    stage = Stage(_slices(4))
    list(score(_files(stage), GreyNetwork(), stage, FileQueue([2, 0, 3, 1])))
    assert [name for name, _, _ in stage.calls] == ["0002", "0000", "0003", "0001"]


def test_a_queue_gives_each_file_once_whatever_is_asked_for() -> None:
    order = FileQueue([2, 0, 2, 3, 0, 1])
    order.first([9, 3])  # 9 is none of its files
    assert [order.take(), order.take()] == [3, 2]
    order.then([1, 2, 3])
    order.again(2)
    order.first([])
    assert [order.take() for _ in range(4)] == [2, 1, 0, None]


def test_what_is_looked_at_comes_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scoring, "UNDER_WAY", 1)
    stage = Stage(_slices(6))
    order = FileQueue(range(6))
    results = score(_files(stage), GreyNetwork(), stage, order)
    next(results)
    order.first([4, 1, 0])
    list(results)
    assert [int(name) for name, _, _ in stage.calls] == [0, 4, 1, 2, 3, 5]


def test_a_file_of_many_frames_gives_way_to_what_is_looked_at(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(scoring, "UNDER_WAY", 1)
    stage = Stage({"many": header(frames=9), "other": header(), "wanted": header()})
    order = FileQueue(range(3))
    results = score(_files(stage), GreyNetwork(), stage, order)
    next(results)
    order.first([2])
    list(results)
    assert [name for name, _, _ in stage.calls] == [
        "many",
        "wanted",
        "many",
        "many",
        "many",
        "other",
    ]


def test_frames_are_read_in_runs_that_double_up_to_a_bound() -> None:
    """The way to a run's first frame is gone again: doubled, all ways together stay linear."""
    count = 2 * 64 + 9
    stage = Stage({"a": header(frames=count)})
    results = _score(stage)
    assert [each.result.frame for each in results] == list(range(count))
    assert stage.calls[:4] == [("a", 0, 1), ("a", 1, 2), ("a", 3, 4), ("a", 7, 8)]
    assert max(most for _, _, most in stage.calls) == 64
    assert sum(most for _, _, most in stage.calls) == count


def test_frames_before_the_first_without_a_result_are_not_read_again() -> None:
    stage = Stage({"a": header(frames=3)})
    files = {0: FileToScore(Path("/s/a"), range(5, 8), (header(frames=3),) * 3, first=2)}
    [(image, result)] = score(files, GreyNetwork(), stage, FileQueue([0]))
    assert (image, result.frame, result.logit) == (7, 2, 2)


def test_a_frame_that_kills_its_child_costs_no_other_frame() -> None:
    stage = Stage({"a": header(frames=12)})
    stage.dies = lambda name, frame: frame == 5
    results = [each.result for each in _score(stage)]
    assert [each.logit for each in results] == [0, 1, 2, 3, 4, None, *range(6, 12)]
    assert results[5].problems == (Problem(Code.DECODER_DIED, "SIGABRT"),)


def test_a_file_that_kills_its_child_with_every_frame_is_given_up() -> None:
    stage = Stage({"a": header(frames=500), "b": header(frames=500)})
    stage.dies = lambda name, frame: name == "a" and frame > 0
    results = [each.result for each in _score(stage)]
    assert [each.path.name for each in results] == ["a"] * 500 + ["b"] * 500
    causes = Counter(each.problems[0].code for each in results if each.problems)
    deaths = causes.pop(Code.DECODER_DIED)
    assert deaths <= 60 / 10
    assert causes == {Code.TIME_LIMIT: 499 - deaths}


@pytest.mark.parametrize(("excess", "read"), [(0.0, 7), (0.1, 3)])
def test_the_frames_after_a_files_time_are_not_read(excess: float, read: int) -> None:
    """Runs of 1, 2 and 4 frames: a file that is at its limit goes on, one beyond it ends."""
    stage = Stage({"a": header(frames=20)})
    stage.seconds_a_frame = 60 / 3 + excess
    results = [each.result for each in _score(stage)]
    assert [each.logit for each in results] == [*range(read), *[None] * (20 - read)]
    assert {each.problems[0].code for each in results[read:]} == {Code.TIME_LIMIT}


def test_the_first_result_does_not_wait_for_a_batch() -> None:
    stage = Stage(_slices(100))
    stage.hold = lambda name: name != "0000"
    files = _files(stage)
    assert next(score(files, GreyNetwork(), stage, FileQueue(files))).image == 0


def test_batches_hold_what_is_ready_and_no_more_than_the_ceiling() -> None:
    network = GreyNetwork()
    assert len(_score(Stage(_slices(100)), network)) == 100
    assert max(network.batches) == 16
    assert sum(network.batches) == 100


def test_a_slow_file_holds_up_no_other() -> None:
    stage = Stage(_slices(200))
    stage.hold = lambda name: name == "0000"
    files = _files(stage)
    results = score(files, GreyNetwork(), stage, FileQueue(files))
    others = [next(results).image for _ in range(199)]
    assert sorted(others) == list(range(1, 200))
    stage.release()
    assert [each.image for each in results] == [0]


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """A network that is known to compute many images a second."""
    monkeypatch.setattr(Lanes, "pace", property(lambda _: 900.0))


@pytest.mark.usefixtures("quick")
def test_no_more_than_a_bounded_number_is_under_way() -> None:
    stage = Stage(_slices(300))
    stage.hold = lambda name: True
    files = _files(stage)

    def stop() -> bool:
        stage.release()
        return False

    assert len(list(score(files, GreyNetwork(), stage, FileQueue(files), stop))) == 300
    assert stage.most_unanswered == 64


@pytest.mark.usefixtures("quick")
def test_images_that_wait_for_the_network_count_as_under_way() -> None:
    """Children that are faster than the network do not fill the memory."""
    stage, network = Stage(_slices(300)), GreyNetwork(lanes=0)
    files, looks = _files(stage), iter(range(20))
    assert list(score(files, network, stage, FileQueue(files), lambda: next(looks, 9) == 9)) == []
    assert len(stage.calls) == 64


class _Watched(Stage):
    """Knows whether the pixels that it gave are still held."""

    images: list[weakref.ref[NDArray[np.uint8]]]

    def _image(self, name: str, frame: int) -> Prepared:
        image = prepared(header())
        assert image.network_input is not None
        self.images.append(weakref.ref(image.network_input))
        return image


def _watched(count: int) -> _Watched:
    stage = _Watched(_slices(count))
    stage.images = []
    return stage


def test_pixels_are_freed_without_a_search_for_garbage() -> None:
    stage = _watched(100)
    gc.disable()
    try:
        assert len(_score(stage)) == 100
        assert all(image() is None for image in stage.images)
    finally:
        gc.enable()


def test_stop_is_asked_while_a_file_takes_long() -> None:
    stage, answers = Stage(_slices(1)), iter([False, False, True])
    stage.hold = lambda name: True
    files = _files(stage)
    assert list(score(files, GreyNetwork(), stage, FileQueue(files), lambda: next(answers))) == []


def test_closing_releases_what_was_under_way() -> None:
    stage = _watched(100)
    files = _files(stage)
    results: Iterator[Scored] = score(files, GreyNetwork(), stage, FileQueue(files))
    next(results)
    assert any(image() is not None for image in stage.images)
    results.close()  # type: ignore[attr-defined]
    del results
    gc.collect()
    assert all(image() is None for image in stage.images)


@pytest.mark.parametrize(
    ("cores", "pace", "most"),
    [(2, 0.0, 4), (2, 14.0, 4), (2, 19.0, 6), (8, 19.0, 16), (2, 209.0, 63), (2, 900.0, 64)],
)
def test_a_third_of_a_second_of_the_networks_work_is_under_way_within_bounds(
    monkeypatch: pytest.MonkeyPatch, cores: int, pace: float, most: int
) -> None:
    monkeypatch.setattr(scoring, "usable_cores", lambda: cores)
    monkeypatch.setattr(Lanes, "pace", property(lambda _: pace))
    stage, children = Stage(_slices(200)), Waiting()
    stop = iter([False])
    found = score(
        _files(stage), GreyNetwork(), children, FileQueue(range(200)), lambda: next(stop, True)
    )
    assert list(found) == []
    assert children.asked == most


class Waiting:
    """Children that never answer."""

    def __init__(self) -> None:
        self.asked = 0

    def submit(self, _function: Callable[..., Any], *_arguments: object) -> Future[Any]:
        self.asked += 1
        return Future()
