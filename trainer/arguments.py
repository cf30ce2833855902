"""The command line of training, and the settings that it asks for."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from trainer.recipes import RECIPES
from trainer.settings import IMAGENET, RANDOM, DataSettings, Settings

DEFAULT = "careful"
"""The recipe of whoever names none."""


class ArgumentsError(ValueError):
    """What was asked for cannot be; the message is a sentence."""


def refuse_inside(out: Path, folders: Sequence[Path], name: str) -> None:
    """Refuse to write into a folder of images. ``name``: what ``out`` is called. ArgumentsError."""
    if any(out.resolve().is_relative_to(folder.resolve()) for folder in folders):
        raise ArgumentsError(
            f"{name} must lie outside DATA: its figures would be taken for images."
        )


def parser() -> argparse.ArgumentParser:
    """The options of ``cranioscope-train``."""
    made = argparse.ArgumentParser(
        prog="cranioscope-train",
        description="Train ResNet-34 in folds on a folder of images and a CSV of labels. "
        "The same command goes on with a run that was interrupted.",
        epilog="In place of DATA: audit, context, evaluate, fine-map, generate, peaks, report or "
        "series, each with a --help of its own.",
    )
    _say_data(made.add_argument)
    _say_knobs(made.add_argument)
    return made


def model_parser(command: str, description: str, data: str, out: str) -> argparse.ArgumentParser:
    """A command that takes an exported model, folders and a place for its report.

    ``data`` and ``out`` say what the folders hold and what is written.
    """
    made = argparse.ArgumentParser(prog=f"cranioscope-train {command}", description=description)
    add = made.add_argument
    add("model", type=Path, metavar="MODEL.onnx", help="file that cranioscope-export wrote")
    add("data", type=Path, nargs="+", metavar="DATA", help=data)
    add("--out", type=Path, required=True, metavar="FOLDER", help=out)
    add("--labels", type=Path, metavar="FILE", help=LABELS)
    return made


def say_columns(add: Callable[..., object]) -> None:
    """The options that say which columns and groups of the labels are read."""
    add("--label-column", metavar="NAME", help="holds the labels; default: the one that can")
    add(
        "--group-column",
        metavar="NAME",
        help="holds the patients, or what else must not be divided; default: found by its name",
    )
    add(
        "--groups",
        type=Path,
        metavar="FILE",
        help="table [source,]image_id,group of what belongs together; default: as --group-column "
        "says",
    )


LABELS = "table of labels, here or in DATA; default: labels.csv in DATA"
_INIT = (
    "start weights; with RUN each fold starts from the same fold of that run; default: the "
    "recipe's, mostly imagenet, which the internet is needed for once"
)


def _say_data(add: Callable[..., object]) -> None:
    add(
        "data",
        type=Path,
        nargs="+",
        metavar="DATA",
        help="folder with images, and labels.csv in it; several are trained on together",
    )
    add("--out", type=Path, required=True, metavar="RUN", help="folder that the run is written to")
    add("--recipe", choices=sorted(RECIPES), default=DEFAULT, help="default: %(default)s")
    add("--init", metavar="|".join((IMAGENET, "FILE", "RUN", RANDOM)), help=_INIT)
    add("--labels", type=Path, metavar="FILE", help=LABELS)
    say_columns(add)
    add("--class-name", metavar="NAME", help="what is predicted; default: the column's name")
    add(
        "--practice",
        action="append",
        metavar="NAME",
        help="DATA folder that is trained on and counts in no result; repeatable; default: none",
    )
    add(
        "--licence",
        metavar="TEXT",
        help="of the data, for report and model card; default: unknown",
    )
    add(
        "--source",
        action="append",
        metavar="TEXT",
        help="of the data, for report and model card; repeatable; default: none",
    )


def _say_knobs(add: Callable[..., object]) -> None:
    add("--seed", type=at_least(0), metavar="N", help=_of("seed of split and weights", "seed"))
    add("--folds", type=at_least(2), metavar="N", help=_of("number of folds", "data.folds"))
    share = _of("share of the internal test set, 0 to 0.9", "data.test_share")
    add("--test-share", type=_share, metavar="SHARE", help=share)
    add("--epochs", type=at_least(1), metavar="N", help=_of("most epochs", "schedule.epochs"))
    patience = _of("epochs without improvement before a fold stops", "schedule.patience")
    add("--patience", type=at_least(1), metavar="N", help=patience)
    batch = _of("images per step and device", "optimisation.batch_size")
    add("--batch-size", type=at_least(2), metavar="N", help=batch)
    size = _of("side of the input in pixels", "recipe.size")
    add("--input-size", type=at_least(16), metavar="S", help=size)
    add("--settings", type=Path, metavar="FILE", help="JSON that overrides the recipe, by group")
    add(
        "--set",
        action="append",
        default=[],
        metavar="GROUP.KEY=VALUE",
        help="any setting of the recipe, such as optimisation.learning_rate=0.001; repeatable",
    )
    add("--device", choices=("auto", "cpu", "cuda"), default="auto", help="default: %(default)s")
    devices = "devices of each machine (DDP); default: %(default)s"
    add("--devices", type=at_least(1), default=1, metavar="N", help=devices)
    add("--nodes", type=at_least(1), default=1, metavar="M", help="machines; default: %(default)s")
    alone = "this fold alone, beside others that run elsewhere; default: all"
    add("--fold", type=at_least(1), default=0, metavar="K", help=alone)


def _of(meaning: str, setting: str) -> str:
    """What an option means, with the value that the default recipe gives its setting."""
    value: Any = RECIPES[DEFAULT]
    for part in setting.split("."):
        value = getattr(value, part)
    return f"{meaning}; default: the recipe's, {value} in {DEFAULT}"


def settings_of(arguments: argparse.Namespace, class_name: str) -> Settings:
    """The recipe with whatever the arguments override. Raises ArgumentsError."""
    settings = _overridden(RECIPES[arguments.recipe], arguments.settings)
    settings = _set(settings, arguments.set)
    try:
        return replace(
            settings,
            class_name=arguments.class_name or class_name,
            **_given(seed=arguments.seed),
            data=replace(
                settings.data,
                **_given(
                    folds=arguments.folds,
                    test_share=arguments.test_share,
                    practice=arguments.practice and tuple(arguments.practice),
                    licence=arguments.licence,
                    sources=arguments.source and tuple(arguments.source),
                ),
            ),
            recipe=replace(settings.recipe, **_given(size=arguments.input_size)),
            network=replace(settings.network, **_given(init=_init(arguments.init))),
            optimisation=replace(settings.optimisation, **_given(batch_size=arguments.batch_size)),
            schedule=replace(
                settings.schedule,
                **_given(epochs=arguments.epochs, patience=arguments.patience),
            ),
            hardware=replace(
                settings.hardware,
                device=arguments.device,
                devices=arguments.devices,
                nodes=arguments.nodes,
                fold=_fold(arguments.fold, settings.data, arguments.folds),
            ),
        )
    except ValueError as error:
        raise ArgumentsError(f"{error}.") from error


def _init(name: str | None) -> str | None:
    if name is None or name in (IMAGENET, RANDOM):
        return name
    path = Path(name).resolve()
    if not path.exists():
        raise ValueError(f"{path}: there is no such file of weights, nor a run")
    return str(path)


def _fold(fold: int, data: DataSettings, folds: int | None) -> int:
    if fold and fold not in replace(data, folds=folds or data.folds).fold_numbers:
        raise ValueError(f"there is no fold {fold}")
    return fold


def _overridden(settings: Settings, file: Path | None) -> Settings:
    if file is None:
        return settings
    values = settings.to_dict()
    try:
        for group, knobs in json.loads(file.read_text(encoding="utf-8")).items():
            if isinstance(knobs, dict) and isinstance(values.get(group), dict):
                values[group] = {**values[group], **knobs}
            else:
                values[group] = knobs
        return Settings.from_dict(values)
    except OSError as error:
        raise ArgumentsError(f"{file}: {error.strerror or error}.") from error
    except (ValueError, AttributeError) as error:
        raise ArgumentsError(f"{file}: {error}.") from error


def _set(settings: Settings, wanted: Sequence[str]) -> Settings:
    """The settings with each ``GROUP.KEY=VALUE`` applied; a value is JSON, or else plain text."""
    values = settings.to_dict()
    for each in wanted:
        name, equals, text = each.partition("=")
        group, _, key = name.strip().rpartition(".")
        place = values.get(group) if group else values
        if not equals or not isinstance(place, dict) or key not in place:
            raise ArgumentsError(_unknown(each, group, values))
        try:
            place[key] = json.loads(text)
        except ValueError:
            place[key] = text.strip()
    try:
        return Settings.from_dict(values)
    except ValueError as error:
        raise ArgumentsError(f"--set: {error}.") from error


def _unknown(wanted: str, group: str, values: dict[str, Any]) -> str:
    """Which settings there are, in the group that was named or of all of them."""
    groups = {name: keys for name, keys in values.items() if isinstance(keys, dict)}
    known = [f"{group}.{key}" for key in groups[group]] if group in groups else sorted(groups)
    kind = "settings" if group in groups else "groups"
    return (
        f'--set: "{wanted}" is no GROUP.KEY=VALUE of a known setting. '
        f"The {kind} are: {', '.join(known)}."
    )


def _given(**values: Any) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value is not None}


def at_least(least: int) -> Callable[[str], int]:
    """A type for argparse: a whole number of at least ``least``."""

    def number(text: str) -> int:
        if not text.isdecimal() or int(text) < least:
            raise argparse.ArgumentTypeError(f"{text} is no whole number of at least {least}")
        return int(text)

    return number


def rate(text: str) -> float:
    """A type for argparse: a rate of learning, above 0 and at most 1."""
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0.0 < value <= 1.0:
        raise argparse.ArgumentTypeError(f"{text} is no rate above 0 and up to 1")
    return value


def _share(text: str) -> float:
    try:
        share = float(text)
    except ValueError:
        share = -1.0
    if not 0.0 <= share <= 0.9:
        raise argparse.ArgumentTypeError(f"{text} is no share between 0 and 0.9")
    return share
