"""What the report concludes of shortcuts follows the CI, and nothing is concluded without one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from imaging.input.recipe import InputRecipe
from model.probability import UNCALIBRATED
from model.proportion import Interval
from trainer.auditing import shortcuts
from trainer.auditing.shortcuts import Floors, OfRun
from trainer.reports.document import to_markdown
from trainer.results.evaluation import Performance, performance
from trainer.results.predictions import Predictions


def fares(auc_wanted: str) -> Performance:
    """Twenty images in groups of their own, told apart wholly, or not at all."""
    labels = np.arange(20) % 2
    logits = (labels - 0.5) * np.float64(auc_wanted == "wholly")
    names = tuple(str(i) for i in range(20))
    return performance(
        Predictions(names, names, np.ones(20, dtype=np.int64), labels, logits), UNCALIBRATED, 0.5
    )


@pytest.mark.parametrize(
    ("files", "inputs", "conclusion"),
    [
        ("not", "not", "no shortcut in the files shows itself (the AUC's interval holds 0.5). On"),
        ("wholly", "not", "On the network's inputs the forest finds nothing"),
        ("wholly", "wholly", "1.000 are left: by grey values and sharpness"),
        ("not", "wholly", "On the network's inputs 1.000 are left"),
    ],
)
def test_the_conclusion_follows_the_intervals(files: str, inputs: str, conclusion: str) -> None:
    floors = {"clinic": Floors(fares(files), fares(inputs))}
    assert conclusion in to_markdown("", shortcuts.without_anatomy(floors, 5))


def test_a_recipe_without_a_crop_is_not_called_equal() -> None:
    floors = Floors(fares("not"), fares("not"))
    run = OfRun(InputRecipe(crop_to_head=False), fares("wholly"), floors, pairs=4, divided=0)
    text = to_markdown("", shortcuts.of_run(run))
    assert "but not cropped to the head: margins and the head's scale still differ" in text
    assert "train again" not in text


def with_auc(low: float, value: float, high: float) -> Performance:
    return replace(fares("not"), auc=Interval(value, low, high))


def concluded(files: Performance, inputs: Performance) -> str:
    blocks = shortcuts.without_anatomy({"clinic": Floors(files, inputs)}, 5)
    return to_markdown("", blocks[-1:])


@pytest.mark.parametrize(
    ("area", "found", "words"),
    [
        ((0.5001, 0.6, 0.7), True, "with an AUC of 0.600"),
        ((0.5, 0.6, 0.7), False, "interval holds 0.5)"),
        ((0.3, 0.4, 0.5), False, "interval holds 0.5)"),
        ((0.3, 0.4, 0.4999), False, "interval lies below 0.5)"),
    ],
)
def test_a_shortcut_is_one_where_the_whole_interval_lies_above_one_half(
    area: tuple[float, float, float], found: bool, words: str
) -> None:
    told = concluded(with_auc(*area), with_auc(*area))
    assert words in told
    assert ("the labels can be told apart" in told) is found
    assert ("are left: by grey values" in told) is found
    assert ("the forest finds nothing" in told) is not found


@pytest.mark.parametrize("value", [0.95, np.nan])
def test_without_an_interval_nothing_is_called_free_of_shortcuts(value: float) -> None:
    """Of a few patients there is none, however well the forest tells them apart."""
    unknown = with_auc(np.nan, value, np.nan)
    told = concluded(unknown, unknown)
    assert "clinic: too few groups of a class for a CI of the AUC" in told
    assert "no shortcut" not in told
    assert "finds nothing" not in told
    assert "is not known. Nor is it known of the network's inputs." in told


def test_a_source_without_folds_has_a_row_and_no_conclusion() -> None:
    blocks = shortcuts.without_anatomy(
        {"ward": None, "clinic": Floors(fares("not"), fares("not"))}, 5
    )
    told = to_markdown("", blocks)
    assert "| ward | too few images or groups for the folds |" in told
    assert "ward:" not in told


def test_pairs_that_the_split_divided_are_a_warning() -> None:
    floors = Floors(fares("not"), fares("not"))
    for divided in (0, 1):
        block = shortcuts.of_run(OfRun(InputRecipe(), fares("wholly"), floors, 4, divided))[-1]
        told = to_markdown("", [block])
        assert f"Of 4 proposed pairs within the run, {divided} lie in different parts" in told
        assert told.count("> Of") == divided
        assert told.count("train again") == divided
