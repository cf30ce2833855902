"""Settings survive JSON, and senseless ones are refused."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from imaging.input.recipe import Fit
from trainer.choices import Optimiser
from trainer.recipes import RECIPES
from trainer.settings import HardwareSettings, Settings


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
