"""A run in pieces: the rows of a run without a crew, none twice, whatever is lost."""

from __future__ import annotations

from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest

from desktop.engine import scoring
from desktop.engine.crew import TRIES, ClusterError, Crew, Files, WorkerLostError
from desktop.engine.journal import Journal
from desktop.engine.pieces import PIECE, score_in_pieces, score_piece
from desktop.engine.run import Run
from desktop.engine.scoring import Scored
from imaging.errors import Code
from imaging.headers import known_contents
from model.image_result import ImageResult
from tests.make.stage import GreyNetwork, Stage, header

MODEL = "ab" * 32


@pytest.fixture(autouse=True)
def _short_glances(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scoring, "_POLL_SECONDS", 0.001)


class Theatre:
    """Workers that share one stage; some pieces kill them."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.kills: set[str] = set()
        self.left = 10**6
        """Pieces until the next worker is lost at one that is innocent."""
        self.pieces: list[list[str]] = []

    def hire(self, place: int) -> Theatre:
        return self

    def begun(self) -> Future[None]:
        future: Future[None] = Future()
        future.set_result(None)
        return future

    def call(self, function: Any, arguments: tuple[Any, ...]) -> Future[Any]:
        if function is not known_contents:
            return self.stage.submit(function, *arguments)
        future: Future[list[str]] = Future()
        names = [path.name for path, _ in arguments[0]]
        future.set_result([f"hash {self.stage.greys.get(name, 0)}" for name in names])
        return future

    def score(self, files: Files) -> Future[list[Scored]]:
        future: Future[list[Scored]] = Future()
        names = [file.path.name for _, file in files]
        self.pieces.append(names)
        self.left -= 1
        if self.left == 0 or self.kills & set(names):
            future.set_exception(WorkerLostError("SIGKILL"))
        else:
            future.set_result(score_piece(files, GreyNetwork(), self.stage))
        return future

    def dismiss(self) -> None:
        pass


def _stage(count: int) -> Stage:
    names = [f"{number:03}" for number in range(count)]
    stage = Stage({name: header("1", float(name)) for name in names})
    stage.greys = {name: int(name) % 90 for name in names}
    return stage


def _in_pieces(folder: Path, theatre: Theatre, journal: Journal | None = None) -> list[ImageResult]:
    with Crew(theatre.hire, 2) as crew:
        run = Run([theatre.stage.in_folder(folder)], crew)
        list(run.read_headers())
        run.group()
        given = list(
            run.score_by(lambda files, order: score_in_pieces(files, crew, order, journal))
        )
    assert len({each.image for each in given}) == len(given)
    return run.results()


def _told(results: list[ImageResult]) -> list[tuple[object, ...]]:
    return [
        (each.path.name, each.frame, each.logit, each.probability, each.problems)
        for each in results
    ]


def _alone(folder: Path, stage: Stage) -> list[tuple[object, ...]]:
    run = Run([stage.in_folder(folder)], stage)
    list(run.read_headers())
    run.group()
    list(run.score(GreyNetwork()))
    return _told(run.results())


def test_the_rows_are_those_of_a_run_without_a_crew(tmp_path: Path) -> None:
    stage = _stage(3 * PIECE)
    stage.files["050"] = Code.DAMAGED
    assert _told(_in_pieces(tmp_path, Theatre(stage))) == _alone(tmp_path, stage)


def test_a_file_of_many_frames_is_one_piece(tmp_path: Path) -> None:
    stage = Stage({"a": header(frames=3 * PIECE), "b": header(), "c": header()})
    theatre = Theatre(stage)
    rows = _told(_in_pieces(tmp_path, theatre))
    assert sorted(theatre.pieces) == [["a"], ["b", "c"]]
    assert rows == _alone(tmp_path, stage)


@pytest.mark.parametrize("left", [1, 2, 5])
def test_a_worker_lost_on_the_way_changes_no_row(tmp_path: Path, left: int) -> None:
    stage = _stage(6 * PIECE)
    theatre = Theatre(stage)
    theatre.left = left
    assert _told(_in_pieces(tmp_path, theatre)) == _alone(tmp_path, stage)


def test_a_file_that_loses_every_worker_costs_its_own_row(tmp_path: Path) -> None:
    theatre = Theatre(_stage(2 * PIECE))
    theatre.kills = {"007"}
    results = _in_pieces(tmp_path, theatre)
    lost = [each for each in results if each.probability is None]
    assert [each.path.name for each in lost] == ["007"]
    assert [each.code for each in lost[0].problems] == [Code.DECODER_DIED]
    assert theatre.pieces.count(["007"]) == TRIES


def test_where_every_worker_is_lost_what_is_done_is_kept(tmp_path: Path) -> None:
    theatre = Theatre(_stage(8 * PIECE))
    with Crew(theatre.hire, 2) as crew:
        run = Run([theatre.stage.in_folder(tmp_path)], crew)
        list(run.read_headers())
        run.group()
        scoring_ = run.score_by(lambda files, order: score_in_pieces(files, crew, order))
        next(scoring_)
        theatre.kills = set(theatre.stage.files)
        with pytest.raises(ClusterError):
            list(scoring_)
    assert any(each.probability is not None for each in run.results())


def test_what_the_journal_knows_is_not_scored_again(tmp_path: Path) -> None:
    stage, at = _stage(2 * PIECE), tmp_path / "out.jsonl"
    with Journal(at, MODEL) as journal:
        first = _told(_in_pieces(tmp_path / "images", Theatre(stage), journal))
    with Journal(at, MODEL) as journal:
        again = Theatre(stage)
        assert _told(_in_pieces(tmp_path / "images", again, journal)) == first
    assert again.pieces == []
    assert journal.used == 2 * PIECE


def test_only_new_content_is_scored_again(tmp_path: Path) -> None:
    stage, at = _stage(PIECE), tmp_path / "out.jsonl"
    with Journal(at, MODEL) as journal:
        _in_pieces(tmp_path / "images", Theatre(stage), journal)
    stage.greys["004"] = 91
    with Journal(at, MODEL) as journal:
        again = Theatre(stage)
        results = _in_pieces(tmp_path / "images", again, journal)
    assert again.pieces == [["004"]]
    assert {each.path.name: each.logit for each in results}["004"] == 91
