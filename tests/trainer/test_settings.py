"""Settings survive JSON, and the recipes are what they are called."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from imaging.input.recipe import Fit
from trainer.choices import Optimiser
from trainer.recipes import RECIPES
from trainer.settings import HardwareSettings, Settings


@pytest.mark.parametrize("name", ["article", "careful", "pretrain"])
def test_settings_survive_json(name: str) -> None:
    settings = RECIPES[name]
    assert Settings.from_dict(json.loads(json.dumps(settings.to_dict()))) == settings
    assert settings.name == name


def test_words_come_back_as_words() -> None:
    settings = Settings.from_dict(json.loads(json.dumps(RECIPES["article"].to_dict())))
    assert settings.optimisation.optimiser is Optimiser.ADAM
    assert settings.recipe.fit is Fit.CENTRE_CROP


@pytest.mark.parametrize(
    ("group", "key", "value"),
    [
        ("data", "colour", 3),
        ("optimisation", "optimiser", "magic"),
        ("recipe", "size", 3),
        ("schedule", "shape", None),
    ],
)
def test_senseless_values_are_refused(group: str, key: str, value: object) -> None:
    values = Settings().to_dict()
    values[group][key] = value
    with pytest.raises(ValueError, match=r"."):
        Settings.from_dict(values)


def test_a_missing_group_is_refused() -> None:
    values = Settings().to_dict()
    del values["network"]
    with pytest.raises(ValueError, match="network"):
        Settings.from_dict(values)


def test_hardware_is_no_part_of_a_runs_identity() -> None:
    settings = Settings()
    moved = replace(settings, hardware=HardwareSettings(device="cuda", devices=2))
    assert moved.identity() == settings.identity()
    assert replace(settings, seed=1).identity() != settings.identity()


def test_only_the_article_can_cut_the_bleed_out() -> None:
    assert RECIPES["article"].augmentation.resized_crop == (0.08, 1.0)
    assert RECIPES["careful"].augmentation.resized_crop is None
    assert RECIPES["pretrain"].augmentation.resized_crop is None


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
