"""A split keeps groups whole, shares exact, and repeats itself for the same seed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from trainer.data.folds import FoldError, Part, internal_test, split, training, validation
from trainer.data.labels import LabelledImage


def images(labels: list[int], groups: list[str] | None = None) -> list[LabelledImage]:
    names = groups or [f"g{i}" for i in range(len(labels))]
    return [
        LabelledImage(str(i), Path(f"{i}.png"), label, group)
        for i, (label, group) in enumerate(zip(labels, names, strict=True))
    ]


def counts(parts: list[Part], labels: list[int]) -> dict[int, tuple[int, int]]:
    folds = np.array([part.fold for part in parts])
    positive = np.array(labels)
    return {
        int(k): (int((folds == k).sum()), int(positive[folds == k].sum())) for k in np.unique(folds)
    }


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("biggest", [2, 5, 16])
def test_groups_are_never_divided(seed: int, biggest: int) -> None:
    random = np.random.default_rng(seed)
    groups = [f"g{i}" for i in range(60) for _ in range(random.integers(1, biggest + 1))]
    labels = [int(random.integers(0, 2)) for _ in groups]
    parts = split(images(labels, groups), 0.2, 5, seed, grouped=True)
    folds_of: dict[str, set[int]] = {}
    for group, part in zip(groups, parts, strict=True):
        folds_of.setdefault(group, set()).add(part.fold)
    assert all(len(folds) == 1 for folds in folds_of.values())


@pytest.mark.parametrize("seed", range(5))
def test_every_part_has_its_share_of_both_labels(seed: int) -> None:
    labels = [0] * 160 + [1] * 40
    groups = [f"g{i // 3}" for i in range(200)]
    parts = split(images(labels, groups), 0.2, 5, seed, grouped=True)
    got = counts(parts, labels)
    assert abs(got[0][0] - 40) <= 3
    assert abs(got[0][1] - 8) <= 3
    for fold in range(1, 6):
        assert abs(got[fold][0] - 32) <= 3
        assert abs(got[fold][1] - 6.4) <= 3


def test_single_images_are_shared_out_exactly() -> None:
    labels = [1] * 100 + [0] * 100
    got = counts(split(images(labels), 0.2, 5, 3, grouped=True), labels)
    assert got == {0: (40, 20), **dict.fromkeys(range(1, 6), (32, 16))}


def test_a_large_group_may_land_anywhere() -> None:
    labels = [1] * 100 + [0] * 100
    groups = ["run" if 160 <= i < 176 else f"g{i}" for i in range(200)]
    landed = {
        split(images(labels, groups), 0.2, 5, seed, grouped=True)[160].fold for seed in range(40)
    }
    assert landed == {0, 1, 2, 3, 4, 5}


def test_the_articles_split_is_forty_and_five_times_thirty_two() -> None:
    labels = [1] * 100 + [0] * 100
    got = counts(split(images(labels), 0.2, 5, 0, grouped=False), labels)
    assert [got[k][0] for k in range(6)] == [40, 32, 32, 32, 32, 32]


def test_the_articles_split_pays_no_heed_to_groups() -> None:
    labels = [1, 0] * 50
    alone = split(images(labels), 0.2, 5, 0, grouped=False)
    together = split(images(labels, ["same"] * 100), 0.2, 5, 0, grouped=False)
    assert alone == together


@pytest.mark.parametrize("grouped", [True, False])
def test_the_seed_alone_decides(grouped: bool) -> None:
    labels = [1, 0] * 50
    first = split(images(labels), 0.2, 5, 7, grouped)
    assert split(images(labels), 0.2, 5, 7, grouped) == first
    assert split(images(labels), 0.2, 5, 8, grouped) != first


def test_without_a_test_share_every_image_is_in_a_fold() -> None:
    labels = [1, 0] * 50
    parts = split(images(labels), 0.0, 10, 0, grouped=True)
    assert internal_test(parts).size == 0
    assert all(len(validation(parts, fold)) == 10 for fold in range(1, 11))


def test_training_validation_and_test_are_all_and_apart() -> None:
    parts = split(images([1, 0] * 50), 0.2, 5, 0, grouped=True)
    together = np.concatenate([training(parts, 2), validation(parts, 2), internal_test(parts)])
    assert sorted(together.tolist()) == list(range(100))


@pytest.mark.parametrize(
    ("labels", "groups"),
    [([0] * 20, None), ([1] * 3 + [0] * 40, None), ([1] * 20 + [0] * 20, ["a"] * 20 + ["b"] * 20)],
)
def test_too_few_images_or_groups_are_refused(labels: list[int], groups: list[str] | None) -> None:
    with pytest.raises(FoldError, match="would not hold both labels"):
        split(images(labels, groups), 0.2, 5, 0, grouped=True)


@pytest.mark.parametrize(("share", "folds"), [(1.0, 5), (-0.1, 5), (0.2, 1)])
def test_a_senseless_division_is_refused(share: float, folds: int) -> None:
    with pytest.raises(FoldError, match="No split has"):
        split(images([1, 0] * 50), share, folds, 0, grouped=True)


def test_practice_is_learnt_from_by_all_folds_and_assessed_by_none() -> None:
    real, drawn = images([0, 1] * 50), images([0, 1] * 10, [f"d{i}" for i in range(20)])
    both = [replace(s, source="real") for s in real] + [replace(s, source="drawn") for s in drawn]
    parts = split(both, 0.2, 5, 3, grouped=True, practice=("drawn",))
    assert parts[:100] == split(both, 0.2, 5, 3, grouped=True)[:100]
    assert {part.name for part in parts[100:]} == {"practice"}
    for fold in range(1, 6):
        assert set(range(100, 120)) <= set(training(parts, fold).tolist())
        assert validation(parts, fold).max() < 100
    assert internal_test(parts).max() < 100


def test_every_source_has_its_share_of_both_labels() -> None:
    both = [replace(s, source="a") for s in images([0] * 150 + [1] * 50)]
    both += [replace(s, source="b", group="b" + s.group) for s in images([0] * 20 + [1] * 20)]
    folds = np.array([part.fold for part in split(both, 0.1, 5, 0, grouped=True)])
    assert np.bincount(folds[:150]).tolist() == [15, 27, 27, 27, 27, 27]
    assert np.bincount(folds[150:200]).tolist() == [5, 9, 9, 9, 9, 9]
    assert sorted(np.bincount(folds[200:220]).tolist()) == [2, 3, 3, 4, 4, 4]
