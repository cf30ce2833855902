"""Copies of a head are found alike however they were cut, turned or lit; other heads are not."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image as PilImage

from tests.make.heads import head
from trainer.auditing import likeness as module
from trainer.auditing.likeness import SIDE, Images, Likeness, likeness

ALIKE = 0.85
HEADS = 8


def enlarged(pixels: Images) -> Images:
    edge = SIDE * 0.02
    box = (edge, edge, SIDE - edge, SIDE - edge)
    image = PilImage.fromarray(pixels).resize((SIDE, SIDE), PilImage.Resampling.BILINEAR, box)
    return np.asarray(image)


def score(found: Likeness, first: int, second: int) -> tuple[float, bool]:
    place = np.flatnonzero((found.first == first) & (found.second == second))
    return float(found.score[place[0]]), bool(found.mirrored[place[0]])


@pytest.mark.parametrize(
    ("copied", "mirrored"),
    [
        (lambda p: p, False),
        (lambda p: np.roll(p, (4, -3), axis=(0, 1)), False),
        (enlarged, False),
        (lambda p: (p // 2 + 40).astype(np.uint8) * (p > 0), False),
        (lambda p: p[:, ::-1], True),
        (lambda p: np.roll(p[:, ::-1], 5, axis=1), True),
    ],
    ids=["the same", "shifted", "enlarged by 4 %", "paler", "mirrored", "mirrored and shifted"],
)
def test_a_copy_is_more_alike_than_any_other_head(
    copied: Callable[[Images], Images], mirrored: bool
) -> None:
    heads = [head(seed) for seed in range(HEADS)]
    images = np.stack([*heads, copied(heads[2])])
    found = likeness(images, np.zeros(len(images), dtype=np.int64))
    of_copy, side = score(found, 2, HEADS)
    others = found.score[(found.first != 2) | (found.second != HEADS)]
    assert of_copy >= ALIKE
    assert side == mirrored
    assert others.max() < ALIKE


def test_every_pair_is_named_once_the_earlier_first() -> None:
    images = np.stack([head(seed) for seed in range(HEADS)])
    found = likeness(images, np.zeros(HEADS, dtype=np.int64))
    pairs = list(zip(found.first.tolist(), found.second.tolist(), strict=True))
    assert sorted(pairs) == [(i, j) for i in range(HEADS) for j in range(i + 1, HEADS)]


def test_of_many_only_the_likeliest_and_the_next_in_line_are_compared(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "PARTNERS", 1)
    images = np.stack([head(seed) for seed in range(HEADS)] + [head(0)])
    found = likeness(images, np.zeros(HEADS + 1, dtype=np.int64))
    pairs = set(zip(found.first.tolist(), found.second.tolist(), strict=True))
    assert {(i, i + 1) for i in range(HEADS)} | {(0, HEADS)} <= pairs
    assert len(pairs) < HEADS * (HEADS + 1) // 2


def test_what_one_source_gives_does_not_hang_on_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PARTNERS", 2)
    mine, others = [head(seed) for seed in range(5)], [head(seed) for seed in range(5, 12)]
    alone = likeness(np.stack(mine), np.zeros(5, dtype=np.int64))
    both = likeness(np.stack(mine + others), np.repeat(np.arange(2), (5, 7)))
    inside = (both.first < 5) & (both.second < 5)
    assert both.first[inside].tolist() == alone.first.tolist()
    assert both.second[inside].tolist() == alone.second.tolist()
    # Spectra are of single precision, and what is computed beside them may round another way.
    assert both.score[inside] == pytest.approx(alone.score, abs=1e-5)


def test_a_copy_in_another_source_is_found() -> None:
    heads = [head(seed) for seed in range(HEADS)]
    images = np.stack([*heads, head(20), heads[3]])
    found = likeness(images, np.repeat(np.arange(2), (HEADS, 2)))
    assert score(found, 3, HEADS + 1)[0] >= ALIKE


@pytest.mark.parametrize("count", [0, 1])
def test_fewer_than_two_images_make_no_pair(count: int) -> None:
    images = np.zeros((count, SIDE, SIDE), dtype=np.uint8)
    assert len(likeness(images, np.zeros(count, dtype=np.int64)).first) == 0


def test_blank_images_are_like_nothing() -> None:
    images = np.stack([head(0), np.zeros((SIDE, SIDE), dtype=np.uint8), head(1)])
    found = likeness(images, np.zeros(3, dtype=np.int64))
    assert score(found, 0, 1)[0] == 0
    assert score(found, 1, 2)[0] == 0
