from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from imaging.errors import Code, Problem, Status
from imaging.image import ImageHeader, Unit
from imaging.input.prepare import Prepared
from model.assess import Score, only_read, refused, scored, unreadable
from model.image_result import ImageResult

PATH = Path("/a/1.dcm")
TILTED = Problem(Code.TILT, "9")
HEADER = ImageHeader(Unit.HOUNSFIELD, 4, 6, frames=3, warnings=(TILTED,))
PREPARED = Prepared(
    HEADER, None, np.zeros((8, 8), np.uint8), np.zeros((4, 6), np.uint8), "hash", b"pixels"
)
SCORE = Score(logit=1.5, probability=0.8, novelty=2.0, provenance="CPU")


def codes(result: ImageResult) -> list[Code]:
    return [problem.code for problem in result.problems]


def test_a_score_stands_beside_what_was_read_and_its_warnings() -> None:
    result = scored(PATH, 2, PREPARED, SCORE, novelty_cut=3.0)
    assert (result.logit, result.probability, result.novelty) == (1.5, 0.8, 2.0)
    assert (result.provider, result.sha256, result.pixels_digest) == ("CPU", "hash", b"pixels")
    assert (result.path, result.frame, result.frames) == (PATH, 2, 3)
    assert (codes(result), result.status) == ([Code.TILT], Status.WARNING)


@pytest.mark.parametrize(("novelty", "is_assessed"), [(3.0, True), (3.0001, False)])
def test_what_is_farther_than_the_cut_has_no_score(novelty: float, is_assessed: bool) -> None:
    result = scored(PATH, 0, PREPARED, replace(SCORE, novelty=novelty), novelty_cut=3.0)
    assert (result.probability is not None, result.logit is not None) == (is_assessed,) * 2
    assert result.novelty == novelty
    assert (result.status is Status.REFUSED) is not is_assessed
    assert codes(result) == ([] if is_assessed else [Code.NOT_ASSESSABLE]) + [Code.TILT]


def test_where_the_model_failed_there_is_no_score() -> None:
    score = Score(math.nan, math.nan, math.nan, "CPU")
    result = scored(PATH, 0, PREPARED, score, novelty_cut=3.0)
    assert (result.probability, result.logit) == (None, None)
    assert (codes(result), result.status) == ([Code.CLASSIFIER_FAILED, Code.TILT], Status.FAILED)


def test_what_the_model_does_not_see_says_why_before_its_warnings() -> None:
    result = refused(PATH, 0, replace(PREPARED, refusal=Problem(Code.BLANK), network_input=None))
    assert (codes(result), result.status) == ([Code.BLANK, Code.TILT], Status.REFUSED)
    assert (result.probability, result.provider) == (None, "")


def test_without_a_model_an_image_is_read_and_has_no_reason_against_it() -> None:
    result = only_read(PATH, 0, PREPARED)
    assert (result.probability, codes(result), result.sha256) == (None, [Code.TILT], "hash")


def test_a_frame_that_cannot_be_read_keeps_its_number() -> None:
    result = unreadable(PATH, 2, 3, HEADER, Problem(Code.DAMAGED))
    assert result.header is not None
    assert (result.frame, result.frames, result.header.frame) == (2, 3, 2)
    assert (codes(result), result.status, result.sha256) == ([Code.DAMAGED], Status.FAILED, "")
