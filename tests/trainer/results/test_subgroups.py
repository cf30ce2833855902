"""Subgroups: each source and trait by counts that are made by hand, or too few."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from model.confusion import Confusion
from model.probability import Calibration
from model.proportion import Proportion
from trainer.data.labels import LabelledImage
from trainer.reports.document import Table, to_markdown
from trainer.reports.subgroup_chapters import subgroups as chapter
from trainer.results.metrics import auc
from trainer.results.predictions import Predictions
from trainer.results.subgroups import TOO_FEW, Subgroup, subgroups

WIDE, NARROW = "wide", "narrow"


def made() -> tuple[Predictions, list[LabelledImage]]:
    """Source ``wide``: 40 positives, 20 of them deep, 2 of those missed, and 40 negatives, 4 of
    them called. Source ``narrow``: 5 images without traits."""
    logits = [-1.0, -2.0, *(float(n) for n in range(1, 39)), *[3.5] * 4, *[-3.0] * 36]
    labels = [1] * 40 + [0] * 40
    images = [
        LabelledImage(f"w{i}", Path("x"), label, f"g{i}", WIDE, {"deep": int(i < 20), "rare": 0})
        for i, label in enumerate(labels)
    ]
    images += [LabelledImage(f"n{i}", Path("x"), i % 2, f"n{i}", NARROW) for i in range(5)]
    labels += [i % 2 for i in range(5)]
    logits += [float(2 * (i % 2) - 1) for i in range(5)]
    order = np.random.default_rng(0).permutation(85)
    return Predictions(
        tuple(images[i].image_id for i in order),
        tuple(images[i].group for i in order),
        np.ones(85, dtype=np.int64),
        np.array(labels)[order],
        np.array(logits)[order],
    ), images


@pytest.fixture(scope="module")
def found() -> dict[str, Subgroup]:
    predictions, images = made()
    return {group.source: group for group in subgroups(predictions, images, Calibration(2.0), 0.5)}


def test_each_source_has_its_own_counts(found: dict[str, Subgroup]) -> None:
    assert list(found) == [NARROW, WIDE, "all sources"]
    wide = found[WIDE]
    assert (wide.images, wide.positives, wide.groups) == (80, 40, 80)
    assert wide.default == Confusion(38, 4, 36, 2)
    # 36 of 40 positives: those from 3 on, and the four negatives at 3.5 with them.
    assert wide.sensitive == Confusion(36, 4, 36, 4)
    assert found["all sources"].default == Confusion(40, 4, 39, 2)


def test_a_source_called_as_the_total_is_told_apart_from_it() -> None:
    predictions, images = made()
    named = {WIDE: "all sources", NARROW: NARROW}
    renamed = [replace(each, source=named[each.source]) for each in images]
    rows = subgroups(predictions, renamed, Calibration(2.0), 0.5)
    assert [(row.source, row.images) for row in rows] == [
        ("“all sources”", 80),
        (NARROW, 5),
        ("all sources", 85),
    ]


def test_a_traits_positives_stand_against_all_negatives_of_the_source(
    found: dict[str, Subgroup],
) -> None:
    deep, rare = found[WIDE].traits
    assert (deep.name, deep.positives, deep.sensitivity) == ("deep", 20, Proportion.of(18, 20))
    labels = np.array([1] * 20 + [0] * 40)
    scores = np.array([-1.0, -2.0, *range(1, 19), *[3.5] * 4, *[-3.0] * 36])
    assert deep.auc is not None
    assert deep.auc.value == auc(labels, scores)
    assert deep.auc.low < deep.auc.value < deep.auc.high
    assert (rare.positives, rare.sensitivity, rare.auc) == (0, None, None)
    assert found["all sources"].traits == ()


def test_too_few_get_no_figure(found: dict[str, Subgroup]) -> None:
    narrow = found[NARROW]
    assert (narrow.images, narrow.positives) == (5, 2)
    assert narrow.auc is None
    assert narrow.sensitive is None


def test_each_rate_needs_enough_of_the_class_that_it_counts() -> None:
    """Forty positives and one negative: a sensitivity, and nothing that a negative decides."""
    predictions, images = made()
    has = [int(image_id[1:]) <= 40 and image_id[0] == "w" for image_id in predictions.image_ids]
    groups = subgroups(predictions.rows(np.flatnonzero(has)), images, Calibration(2.0), 0.5)
    assert (groups[0].images, groups[0].positives) == (41, 40)
    assert groups[0].auc is None
    assert groups[0].sensitive is None
    assert groups[0].traits[0].auc is None
    told = to_markdown("", chapter(groups, 0.5, "test", chosen_on=False))
    row = (
        "| wide | 41 (40 +) in 41 groups | too few | 95.0 % (38/40; 95 % CI 83.5–98.6) | too few |"
    )
    assert row in told
    assert "Specificity where" not in told


def test_the_chapter_says_counts_and_too_few(found: dict[str, Subgroup]) -> None:
    blocks = chapter(list(found.values()), 0.5, "out of fold")
    told = to_markdown("", blocks)
    few = "| narrow | 5 (2 +) in 5 groups | too few | too few | too few | too few |"
    assert few in told
    assert (
        "| wide | 90.0 % (36/40; 95 % CI 76.9–96.0) | 90.0 % (36/40; 95 % CI 76.9–96.0) |" in told
    )
    assert "chosen for each row on the same images" in told
    traits = blocks[-1]
    assert isinstance(traits, Table)
    assert traits.rows[0][:4] == (WIDE, "deep", "20", "90.0 % (18/20; 95 % CI 69.9–97.2)")
    assert traits.rows[1] == (WIDE, "rare", "0", "too few", "too few")


def test_without_traits_there_is_no_table_of_them() -> None:
    predictions, images = made()
    rows = np.flatnonzero([image_id.startswith("n") for image_id in predictions.image_ids])
    groups = subgroups(predictions.rows(rows), images, Calibration(), 0.5)
    assert [group.source for group in groups] == [NARROW]
    assert "trait" not in to_markdown("", chapter(groups, 0.5, "test"))


@pytest.mark.parametrize(("negatives", "told"), [(TOO_FEW - 1, False), (TOO_FEW, True)])
def test_a_figure_is_given_from_so_many_images_on(negatives: int, told: bool) -> None:
    predictions, images = made()
    rows = [
        row
        for row, image_id in enumerate(predictions.image_ids)
        if image_id[0] == "w" and int(image_id[1:]) < 40 + negatives
    ]
    (group,) = subgroups(predictions.rows(np.array(rows)), images, Calibration(2.0), 0.5)
    assert (group.images, group.auc is not None, group.sensitive is not None) == (
        40 + negatives,
        told,
        told,
    )
