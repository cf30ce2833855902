"""What is asked for on the command line ends up in the settings, or in a sentence."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from imaging.input.recipe import Fit
from trainer.arguments import ArgumentsError, parser, settings_of
from trainer.choices import Schedule
from trainer.recipes import RECIPES
from trainer.settings import Settings


def asked(*options: str) -> Settings:
    return settings_of(parser().parse_args(["data", "--out", "run", *options]), "crack")


@pytest.mark.parametrize("name", ["article", "careful", "pretrain"])
def test_a_recipe_alone_changes_nothing_but_the_class(name: str) -> None:
    settings = asked("--recipe", name)
    assert settings.class_name == "crack"
    assert settings.schedule == RECIPES[name].schedule
    assert settings.data == RECIPES[name].data


def test_careful_is_the_default() -> None:
    assert asked().name == "careful"


def test_options_override_the_recipe(tmp_path: Path) -> None:
    weights = tmp_path / "start.pt"
    weights.touch()
    settings = asked(
        *("--init", str(weights), "--seed", "7", "--folds", "3", "--test-share", "0"),
        *("--epochs", "2", "--patience", "1", "--batch-size", "8", "--input-size", "64"),
        *("--device", "cpu", "--devices", "2", "--nodes", "3", "--class-name", "chip"),
        *("--licence", "CC0", "--source", "a", "--source", "b"),
    )
    assert settings.network.init == str(weights)
    assert (settings.seed, settings.class_name) == (7, "chip")
    assert (settings.data.folds, settings.data.test_share) == (3, 0.0)
    assert (settings.data.licence, settings.data.sources) == ("CC0", ("a", "b"))
    assert (settings.schedule.epochs, settings.schedule.patience) == (2, 1)
    assert (settings.optimisation.batch_size, settings.recipe.size) == (8, 64)
    hardware = settings.hardware
    assert (hardware.device, hardware.devices, hardware.nodes) == ("cpu", 2, 3)


def test_a_file_overrides_any_knob_of_a_group(tmp_path: Path) -> None:
    file = tmp_path / "chips.json"
    knobs = {"recipe": {"fit": "centre_crop"}, "augmentation": {"flip": 0.0}, "seed": 3}
    file.write_text(json.dumps(knobs), encoding="utf-8")
    settings = asked("--settings", str(file), "--seed", "4")
    assert settings.recipe.fit is Fit.CENTRE_CROP
    assert settings.recipe.size == RECIPES["careful"].recipe.size
    assert settings.augmentation.flip == 0.0
    assert settings.seed == 4


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('{"recipe": {"colour": 1}}', "colour"),
        ('{"colours": {}}', "colours"),
        ("[1]", "."),
        ("{", "."),
    ],
)
def test_a_senseless_file_is_told_of(tmp_path: Path, text: str, sentence: str) -> None:
    file = tmp_path / "settings.json"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ArgumentsError, match=sentence):
        asked("--settings", str(file))


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--init", "/nowhere.pt"), "no such file of weights"),
        (("--settings", "/nowhere.json"), "No such file"),
        (("--input-size", "4096"), "not between 16 and 1024"),
        (("--fold", "6"), "there is no fold 6"),
        (("--folds", "3", "--fold", "4"), "there is no fold 4"),
        (("--recipe", "pretrain", "--fold", "2"), "there is no fold 2"),
    ],
)
def test_what_cannot_be_is_a_sentence(options: tuple[str, ...], sentence: str) -> None:
    with pytest.raises(ArgumentsError, match=sentence):
        asked(*options)


def test_any_setting_can_be_set_by_its_name() -> None:
    settings = asked(
        *("--set", "optimisation.learning_rate=0.01", "--set", "augmentation.scale=[0.5, 2]"),
        *("--set", "schedule.shape=constant", "--set", "seed=7"),
    )
    assert settings.optimisation.learning_rate == 0.01
    assert settings.augmentation.scale == (0.5, 2.0)
    assert settings.schedule.shape is Schedule.CONSTANT
    assert settings.seed == 7


@pytest.mark.parametrize(
    ("wanted", "known"),
    [
        ("optimisation.rate=1", "optimisation.learning_rate, "),
        ("optimiser.rate=1", "augmentation, "),
        ("rate=1", "augmentation, "),
        ("optimisation.momentum", "optimisation.momentum, "),
    ],
)
def test_an_unknown_setting_is_answered_with_the_known_ones(wanted: str, known: str) -> None:
    with pytest.raises(ArgumentsError, match=known):
        asked("--set", wanted)


def test_a_senseless_value_is_told_of() -> None:
    with pytest.raises(ArgumentsError, match="momentum"):
        asked("--set", "optimisation.momentum=much")


@pytest.mark.parametrize(
    "options",
    [("--folds", "1"), ("--epochs", "x"), ("--test-share", "2"), ("--recipe", "magic")],
)
def test_a_wrong_option_ends_with_two(
    options: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        asked(*options)
    assert ended.value.code == 2
    assert options[0] in capsys.readouterr().err
