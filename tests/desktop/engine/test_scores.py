"""Scores that were computed before are not computed again, and are never another image's."""

from __future__ import annotations

import math
import sqlite3
from pathlib import Path

import pytest

from desktop.engine.run import Run
from desktop.engine.scores import KeptScores
from model.assess import Score
from tests.make.stage import GreyNetwork, Stage, header

SCORE = Score(1.5, 0.75, 2.0, "CPUExecutionProvider")


def test_a_score_is_found_again_by_content_frame_and_model(tmp_path: Path) -> None:
    path = tmp_path / "reads.sqlite"
    scores = KeptScores(path, "model")
    scores.keep([("ab", 1, SCORE)])
    scores.close()
    assert KeptScores(path, "model").known_score("ab", 1) == SCORE
    assert KeptScores(path, "model").known_score("ab", 0) is None
    assert KeptScores(path, "model").known_score("cd", 1) is None
    assert KeptScores(path, "other").known_score("ab", 1) is None


def test_another_version_of_the_program_scores_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    KeptScores(tmp_path / "s", "model").keep([("ab", 0, SCORE)])
    monkeypatch.setattr("desktop.engine.scores.app_version", lambda: "99")
    assert KeptScores(tmp_path / "s", "model").known_score("ab", 0) is None


def test_a_failure_and_a_file_without_a_hash_are_not_kept(tmp_path: Path) -> None:
    scores = KeptScores(tmp_path / "s", "model")
    scores.keep([("ab", 0, Score(math.nan, math.nan, math.nan, "")), ("", 0, SCORE)])
    assert scores.known_score("ab", 0) is None
    assert scores.known_score("", 0) is None


def test_a_store_that_cannot_be_used_gives_and_takes_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    scores = KeptScores(tmp_path / "file" / "s", "model")
    scores.keep([("ab", 0, SCORE)])
    assert scores.known_score("ab", 0) is None


def test_a_store_that_breaks_gives_and_takes_nothing(tmp_path: Path) -> None:
    scores = KeptScores(tmp_path / "s", "model")
    with sqlite3.connect(tmp_path / "s") as other:
        other.execute("DROP TABLE scores")
    scores.keep([("ab", 0, SCORE)])
    assert scores.known_score("ab", 0) is None


def _scored(folder: Path, greys: dict[str, int], network: GreyNetwork) -> list[float | None]:
    stage = Stage({name: header() for name in greys})
    stage.greys = greys
    stage.in_folder(folder / "in")
    run = Run([folder / "in"], stage)
    list(run.read_headers())
    run.group()
    list(run.score(network, scores=KeptScores(folder / "s", "model")))
    return [each.logit for each in run.results()]


def test_a_folder_that_is_opened_again_is_not_scored_again(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    first, second = GreyNetwork(), GreyNetwork()
    once = _scored(tmp_path, {"a": 7, "b": 9, "c": 201}, first)
    again = _scored(tmp_path, {"a": 9, "b": 7, "c": 201}, second)
    assert (once, again) == ([7.0, 9.0, None], [9.0, 7.0, None])
    assert (sum(first.batches), second.batches) == (3, [])
