"""The table of what the article leaves open says what a run with these settings does."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from imaging.input.recipe import Channels
from trainer.article import ARTICLE, ARTICLE_KEPT, CHOICES, is_article, table
from trainer.choices import Measure, Optimiser, Schedule
from trainer.learning.engine import early_stop
from trainer.recipes import RECIPES
from trainer.settings import Settings

AS_PUBLISHED = RECIPES[ARTICLE]


def changed(group: str, **values: Any) -> Settings:
    return replace(AS_PUBLISHED, **{group: replace(getattr(AS_PUBLISHED, group), **values)})


def rows(settings: Settings) -> dict[str, str]:
    return {name: made for name, made, _ in table(settings)}


def test_only_the_articles_recipes_choose_by_the_test_images() -> None:
    assert {name for name in RECIPES if is_article(name)} == {ARTICLE, ARTICLE_KEPT}


def test_every_choice_has_a_name_of_its_own_and_a_reason() -> None:
    assert len(rows(AS_PUBLISHED)) == len(CHOICES)
    assert all(made and reason for _, made, reason in table(AS_PUBLISHED))


@pytest.mark.parametrize(
    ("settings", "name", "told"),
    [
        (changed("optimisation", optimiser=Optimiser.SGD), "optimiser", "sgd"),
        (changed("optimisation", learning_rate=2e-4), "learning rate", "0.0002, constant"),
        (changed("schedule", shape=Schedule.COSINE), "learning rate", "0.001, cosine"),
        (changed("optimisation", batch_size=7), "batch size", "7, shared out evenly"),
        (changed("optimisation", weight_decay=0.02), "weight decay", "0.02"),
        (changed("optimisation", clip=0.5), "gradient clipping", "norm of at most 0.5"),
        (changed("optimisation", class_weights=True), "class weights", "used"),
        (changed("network", frozen_backbone=False), "batch norm", "trained with the convolutions"),
        (
            changed("network", init="run/weights.pt"),
            "first weights of the head",
            "those of the weights to start from, if of this class and shape; else random, as torch "
            "draws them for linear layers",
        ),
        (changed("recipe", channels=Channels.RGB), "colour", "kept"),
        (changed("augmentation", resized_crop=None), "scale of the random crop", "none"),
        (
            changed("augmentation", resized_crop=(0.5, 0.75)),
            "scale of the random crop",
            "0.5 to 0.75 of the area",
        ),
        (
            changed("augmentation", cached_views=3),
            "augmented views",
            "3 of each image, made once and kept; each epoch draws one of them",
        ),
        (replace(AS_PUBLISHED, seed=11), "seed of the split", "11"),
        (
            changed("schedule", best_by=Measure.AUC),
            "which epoch is kept",
            "the best val_auc on the tuning set",
        ),
        (
            changed("schedule", patience=3),
            "what ends a fold early",
            "3 epochs without a lower val_loss",
        ),
    ],
    ids=lambda given: given if isinstance(given, str) and len(given) < 30 else "",
)
def test_a_setting_changes_its_row_and_no_other(settings: Settings, name: str, told: str) -> None:
    before, after = rows(AS_PUBLISHED), rows(settings)
    assert before[name] != told
    assert after == before | {name: told}


def test_a_fold_ends_by_the_measure_that_the_table_names() -> None:
    """Whatever measure chooses the epoch that is kept."""
    settings = changed("schedule", best_by=Measure.AUC, patience=3)
    stop = early_stop(settings.schedule)
    assert rows(settings)["what ends a fold early"] == (
        f"{stop.patience} epochs without a lower {stop.monitor}"
    )
    assert stop.mode == "min"
