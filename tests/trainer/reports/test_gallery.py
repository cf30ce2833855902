"""The worst errors: the most confident of each kind, shown where there is something to show."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as PilImage

from model.probability import Calibration
from trainer.data.labels import LabelledImage
from trainer.reports.document import Figure, to_html, to_markdown
from trainer.reports.gallery import (
    INCHES,
    MOST,
    TITLE_INCHES,
    InputWithHeatMap,
    Mistake,
    chapter,
    sheet,
    worst,
)
from trainer.results.predictions import Predictions


def predictions(logits: list[float], labels: list[int]) -> tuple[Predictions, list[LabelledImage]]:
    ids = tuple(str(i) for i in range(len(labels)))
    images = [
        LabelledImage(i, Path("x"), label, i, "s") for i, label in zip(ids, labels, strict=True)
    ]
    folds = np.arange(len(labels)) % 2 + 1
    return Predictions(ids, ids, folds, np.array(labels), np.array(logits, dtype=float)), images


def test_the_most_confident_errors_come_first() -> None:
    given, images = predictions([-1, -3, 2, 3, 1, -2, 0], [1, 1, 1, 0, 0, 0, 0])
    found = worst(given, images, Calibration(2.0), 0.5)
    assert [(m.image_id, m.label, m.fold) for m in found] == [
        ("1", 1, 2),
        ("0", 1, 1),
        ("3", 0, 2),
        ("4", 0, 1),
        ("6", 0, 1),
    ]
    assert found[0].probability == pytest.approx(1 / (1 + np.exp(1.5)))
    assert found[-1].probability == 0.5


def test_at_most_six_of_a_kind_are_kept() -> None:
    given, images = predictions([float(n) for n in range(1, 10)], [0] * 9)
    assert [m.image_id for m in worst(given, images, Calibration(), 0.5)] == [
        "8",
        "7",
        "6",
        "5",
        "4",
        "3",
    ]


def mistake(image_id: str, label: int, fold: int = 1) -> Mistake:
    return Mistake(image_id, "s", label, fold, 0.25)


SHOWN = InputWithHeatMap(np.full((32, 32), 90, dtype=np.uint8), np.eye(2, dtype=np.float32))


def test_images_are_in_the_page_and_not_in_the_summary() -> None:
    blocks = chapter([mistake("a", 1), mistake("b", 0)], {"a": SHOWN})
    assert [block.name for block in blocks if isinstance(block, Figure)] == ["missed.png"]
    assert to_html("", blocks).count("data:image/png") == 1
    told = to_markdown("", blocks)
    assert "False alarms: no network or no image is there to show." in told
    assert "png" not in told


def test_without_errors_the_chapter_says_so() -> None:
    told = to_markdown("", chapter([], {}))
    assert "Missed: there is none." in told
    assert "False alarms: there is none." in told


@pytest.mark.parametrize(("count", "rows"), [(1, 1), (3, 1), (4, 2), (MOST, 2)])
def test_a_sheet_has_three_pairs_in_a_row(count: int, rows: int) -> None:
    names = [f"an id that is far too long to stand there {i} $_^" for i in range(count)]
    drawn = sheet([mistake(name, 1) for name in names], dict.fromkeys(names, SHOWN))
    width, height = PilImage.open(io.BytesIO(drawn)).size
    assert (width, height) == (6 * INCHES * 110, round(rows * (INCHES + TITLE_INCHES) * 110))


def test_heat_is_laid_over_the_second_of_a_pair_alone() -> None:
    drawn = sheet([mistake("a", 1)], {"a": SHOWN})
    shown = np.asarray(PilImage.open(io.BytesIO(drawn)).convert("RGB")).astype(int)
    coloured = np.flatnonzero((np.ptp(shown, axis=2) > 40).any(axis=0))
    pair = 2 * INCHES * 110
    assert pair / 2 < coloured.min() < coloured.max() < pair
