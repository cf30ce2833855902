"""The recipes are what they are called, and what others count on them to be."""

from __future__ import annotations

import json

import pytest

from imaging.input.recipe import Subject
from trainer.article import is_article
from trainer.learning import teacher
from trainer.recipes import RECIPES
from trainer.settings import Settings


@pytest.mark.parametrize("name", RECIPES)
def test_every_recipe_survives_json_under_its_name(name: str) -> None:
    settings = RECIPES[name]
    assert Settings.from_dict(json.loads(json.dumps(settings.to_dict()))) == settings
    assert settings.name == name


@pytest.mark.parametrize("name", RECIPES)
def test_a_recipe_asks_for_nothing_that_training_refuses_or_cannot_give(name: str) -> None:
    settings = RECIPES[name]
    schedule, augmentation = settings.schedule, settings.augmentation
    # A ResNet halves five times; images grow to the input's side and not beyond.
    assert settings.recipe.size % 32 == 0
    assert schedule.first_size <= settings.recipe.size
    assert settings.distillation.teacher in ("", teacher.NAME)
    # Kept features stay true only to a backbone that stays.
    assert settings.network.frozen_backbone or not augmentation.cached_views
    # A bleed has a place in a head alone.
    assert settings.recipe.subject is Subject.HEAD_CT or not augmentation.drawn_bleeds


def test_all_but_the_article_keep_patients_on_one_side_and_bleeds_in_the_image() -> None:
    for settings in RECIPES.values():
        as_published = is_article(settings.name)
        assert settings.data.grouped is not as_published
        assert (settings.augmentation.resized_crop is not None) is as_published


def test_the_fine_recipe_can_go_on_from_the_other_fold_by_fold() -> None:
    """A run is gone on from only where it divides the same images alike."""
    first, fine = RECIPES["travel"], RECIPES["travel-fine"]
    assert (fine.data, fine.seed) == (first.data, first.seed)
    assert fine.recipe.size > first.recipe.size
    assert fine.network == first.network


def test_weights_to_start_from_leave_the_test_to_the_runs_that_start_from_them() -> None:
    data = RECIPES["pretrain"].data
    assert (data.test_share, data.folds, list(data.fold_numbers)) == (0.0, 10, [1])


def test_the_article_is_the_articles() -> None:
    article = RECIPES["article"]
    assert (article.data.test_share, article.data.folds, article.data.grouped) == (0.2, 5, False)
    assert (article.schedule.epochs, article.schedule.patience) == (80, 40)
    assert article.network.frozen_backbone
    assert (article.network.hidden, article.network.dropout) == ((256, 64), 0.5)
    assert (article.augmentation.flip, article.augmentation.brightness) == (0.5, 0.2)
    assert article.augmentation.cached_views == 0
    assert article.recipe.size == 224
    assert not article.recipe.crop_to_head
