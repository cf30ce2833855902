"""An epoch shows labels and sources in the shares that were asked for."""

from __future__ import annotations

import math
from collections import Counter

import numpy as np
import pytest

from trainer.learning.drawing import Drawing
from trainer.settings import SamplingSettings

ROWS = np.arange(100, 300)
LABELS = np.array([1] * 20 + [0] * 140 + [1] * 20 + [0] * 20)
SOURCES = np.array([0] * 160 + [1] * 40)


def drawn(settings: SamplingSettings, seed: int = 0) -> Counter[tuple[int, int]]:
    rows = Drawing(ROWS, LABELS, SOURCES, settings)(np.random.default_rng(seed)) - 100
    return Counter(zip(SOURCES[rows].tolist(), LABELS[rows].tolist(), strict=True))


def test_without_wishes_every_image_comes_once() -> None:
    drawing = Drawing(ROWS, LABELS, SOURCES, SamplingSettings())
    rows = drawing(np.random.default_rng(0))
    assert sorted(rows.tolist()) == ROWS.tolist()
    assert rows.tolist() != ROWS.tolist()
    assert drawing.logit_shift == 0.0


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        (SamplingSettings(0.25, 1.0), {(0, 1): 40, (0, 0): 120, (1, 1): 10, (1, 0): 30}),
        (SamplingSettings(0.25, 0.0), {(0, 1): 25, (0, 0): 75, (1, 1): 25, (1, 0): 75}),
        (SamplingSettings(0.0, 0.5), {(0, 1): 17, (0, 0): 117, (1, 1): 33, (1, 0): 33}),
    ],
)
def test_each_source_and_label_has_its_share(
    settings: SamplingSettings, expected: dict[tuple[int, int], int]
) -> None:
    assert dict(drawn(settings)) == expected


def test_no_image_comes_again_before_all_of_its_kind_came() -> None:
    rows = Drawing(ROWS, LABELS, SOURCES, SamplingSettings(0.25, 0.0))(np.random.default_rng(3))
    times = Counter(rows.tolist())
    assert {times[row] for row in range(260, 280)} == {1, 2}  # 25 of 20 positives
    assert {times[row] for row in range(280, 300)} == {3, 4}  # 75 of 20 negatives
    assert max(times[row] for row in range(120, 260)) == 1  # 75 of 140 negatives


def test_the_shift_undoes_the_balance() -> None:
    drawing = Drawing(ROWS, LABELS, SOURCES, SamplingSettings(0.5, 1.0))
    # Odds of one where 40 of 200 are positive.
    assert drawing.logit_shift == pytest.approx(math.log(1.0 / (40 / 160)))


def test_a_source_of_one_label_cannot_be_balanced() -> None:
    with pytest.raises(ValueError, match="one label only"):
        Drawing(ROWS[:20], LABELS[:20], SOURCES[:20], SamplingSettings(0.5, 1.0))
