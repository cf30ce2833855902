"""Repeats and neighbours are found by image, and folds keep what belongs together whole."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.make.heads import head
from trainer.auditing import repeats
from trainer.auditing.likeness import SIDE, Likeness
from trainer.auditing.repeats import (
    BESIDE,
    NEIGHBOUR,
    REPEAT,
    Found,
    Kind,
    Pair,
    find,
    propose_groups,
)
from trainer.data.folds import split
from trainer.data.inputs import network_inputs
from trainer.data.labels import LabelledImage, read_labels

OTHERS = 0.5
"""Likeness of any two images that nothing is said about."""
REAL_REPEATS = (
    *((188, 189), (198, 199), (105, 187), (5, 22, 58), (4, 57)),
    *((11, 61), (10, 66), (9, 65), (12, 30), (73, 95)),
)
"""Of the 200 images, checked by eye."""
REAL_NEIGHBOURS = (
    *((100, 101), (126, 127), (97, 98), (107, 108), (104, 186), (145, 148), (146, 149)),
    # One study in two halves: 166 and 167 are not alike enough.
    *(tuple(range(162, 167)), tuple(range(167, 178))),
    # In no list so far, but seen by eye: panels A, C, D of one figure, and studies slice by slice.
    *((6, 100, 101), (116, 117, 118, 119, 120), (133, 134, 135, 136, 137, 138), (79, 80)),
)


def linked(pairs: list[tuple[int, int]]) -> list[Pair]:
    return [Pair(first, second, 0.9, 0.3, False, Kind.REPEAT) for first, second in pairs]


def all_pairs(count: int, special: dict[tuple[int, int], float]) -> Likeness:
    first, second = np.triu_indices(count, 1)
    ends = zip(first.tolist(), second.tolist(), strict=True)
    score = np.array([special.get(pair, OTHERS) for pair in ends])
    return Likeness(first, second, score, np.zeros(len(score), dtype=np.bool_))


@pytest.mark.parametrize(
    ("pair", "score", "kind"),
    [
        ((3, 20), REPEAT, Kind.REPEAT),
        ((3, 20), REPEAT - 0.01, Kind.NEIGHBOUR),
        ((3, 20), OTHERS + NEIGHBOUR + 0.01, Kind.NEIGHBOUR),
        ((3, 20), OTHERS + NEIGHBOUR - 0.01, None),
        ((7, 8), OTHERS + BESIDE + 0.01, Kind.NEIGHBOUR),
        ((7, 8), OTHERS + BESIDE - 0.01, None),
        # One after the other, but the first source ends between them.
        ((14, 15), OTHERS + BESIDE + 0.01, None),
        ((14, 15), OTHERS + NEIGHBOUR + 0.01, Kind.NEIGHBOUR),
    ],
)
def test_likeness_above_others_makes_a_neighbour(
    pair: tuple[int, int], score: float, kind: Kind | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(repeats, "likeness", lambda *_: all_pairs(30, {pair: score}))
    images = np.full((30, SIDE, SIDE), 128, dtype=np.uint8)
    found = find(images, ["a"] * 15 + ["b"] * 15)
    assert [(p.first, p.second, p.kind) for p in found.pairs] == (
        [] if kind is None else [(*pair, kind)]
    )


def test_an_image_that_all_are_like_is_no_neighbour_of_any(monkeypatch: pytest.MonkeyPatch) -> None:
    """A plain head resembles everyone: only what is above that counts."""
    everyone = {(0, other): 0.7 for other in range(1, 30)}
    monkeypatch.setattr(repeats, "likeness", lambda *_: all_pairs(30, everyone))
    found = find(np.full((30, SIDE, SIDE), 128, dtype=np.uint8), ["a"] * 30)
    # 0.7 less the mean of 0.7 and 0.5 is 0.1: enough for the one that stands beside it.
    assert [(p.first, p.second) for p in found.pairs] == [(0, 1)]
    assert found.pairs[0].excess == pytest.approx(0.1)


def test_pairs_come_from_the_most_to_the_least_alike_repeats_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    special = {(0, 9): 0.75, (1, 12): 0.86, (2, 20): 0.8, (4, 17): 0.99}
    monkeypatch.setattr(repeats, "likeness", lambda *_: all_pairs(30, special))
    found = find(np.full((30, SIDE, SIDE), 128, dtype=np.uint8), ["a"] * 30)
    assert [(p.first, p.second) for p in found.pairs] == [(4, 17), (1, 12), (2, 20), (0, 9)]


def test_images_that_show_nothing_are_left_out_and_the_others_keep_their_rows() -> None:
    empty = np.zeros((SIDE, SIDE), dtype=np.uint8)
    bone = np.where(head(1) > 0, 255, 0).astype(np.uint8)
    images = np.stack([empty, *(head(seed) for seed in range(6)), bone, head(2), empty, bone])
    found = find(images, ["a"] * len(images))
    assert found.bare == (0, 7, 9, 10)
    assert (3, 8, Kind.REPEAT) in [(p.first, p.second, p.kind) for p in found.pairs]
    assert not {0, 7, 9, 10} & {row for p in found.pairs for row in (p.first, p.second)}


@pytest.mark.parametrize("count", [0, 1, 2])
def test_a_folder_of_hardly_any_images_has_no_neighbours(count: int) -> None:
    images = np.stack([np.zeros((SIDE, SIDE), dtype=np.uint8), *map(head, range(count))])
    assert find(images[1:], ["a"] * count) == Found((), ())


@pytest.mark.parametrize(
    ("known", "pairs", "groups"),
    [
        ("abcde", [], "vwxyz"),
        ("abcde", [(1, 3)], "vwxwz"),
        ("abcde", [(1, 3), (3, 4)], "vwxww"),
        ("aacde", [(1, 3)], "vvxvz"),
        ("abcda", [(0, 1), (2, 3)], "vvxxv"),
    ],
)
def test_groups_are_what_hangs_together(
    known: str, pairs: list[tuple[int, int]], groups: str
) -> None:
    assert propose_groups(tuple("vwxyz"), tuple(known), linked(pairs)) == tuple(groups)


@pytest.fixture(scope="module")
def real(
    shared_data: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[list[LabelledImage], Found]:
    """The 200 images in the groups proposed for them; searched once, for it takes seconds."""
    images = read_labels(shared_data / "head-ct-200")
    paths = [image.path for image in images]
    found = find(
        network_inputs(paths, repeats.RECIPE, tmp_path_factory.mktemp("inputs")), ["a"] * len(paths)
    )
    names = [image.image_id for image in images]
    groups = propose_groups(names, names, found.pairs)
    return [replace(s, group=g) for s, g in zip(images, groups, strict=True)], found


def test_all_repeats_of_the_real_images_are_found(
    real: tuple[list[LabelledImage], Found],
) -> None:
    found = {(p.first, p.second) for p in real[1].pairs if p.kind is Kind.REPEAT}
    wanted = {(i, j) for group in REAL_REPEATS for i in group for j in group if i < j}
    assert wanted - found == set()


def test_their_neighbours_are_grouped(real: tuple[list[LabelledImage], Found]) -> None:
    group_of = {int(image.image_id): image.group for image in real[0]}
    divided = [known for known in REAL_NEIGHBOURS if len({group_of[i] for i in known}) > 1]
    assert not divided


def test_no_group_swallows_the_real_images(real: tuple[list[LabelledImage], Found]) -> None:
    """The longest study has 16 slices."""
    assert max(Counter(image.group for image in real[0]).values()) <= 16


@pytest.mark.parametrize("seed", range(10))
def test_folds_keep_the_real_groups_whole(
    real: tuple[list[LabelledImage], Found], seed: int
) -> None:
    images, found = real
    parts = split(images, 0.2, 5, seed, grouped=True)
    assert not [p for p in found.pairs if parts[p.first] != parts[p.second]]
    for known in REAL_REPEATS:
        assert len({parts[row].fold for row in known}) == 1
