"""RunRecord: what a report says of a run beside its figures, kept in metrics.json with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from imaging import json_values
from trainer.data.folds import PRACTICE, TEST
from trainer.settings import Settings

if TYPE_CHECKING:
    import pandas as pd

    from trainer.data.labels import LabelledImage
    from trainer.results.run_folder import RunFolder

ALL = "all"
"""The name of the part that holds every image."""


@dataclass(frozen=True)
class Part:
    """One part of the split, and what it holds."""

    name: str
    images: int
    positives: int
    groups: int | None
    """Groups that have an image in it; None where that is not known."""


@dataclass(frozen=True)
class LearningRow:
    """The first, the kept and the last epoch of a fold."""

    fold: int
    epochs: int
    kept: int
    """The number of the epoch whose weights are kept."""
    training_loss: tuple[float, float]
    """First epoch and last."""
    tuning_loss: tuple[float, float]
    """First epoch and the kept one, like the accuracy."""
    tuning_accuracy: tuple[float, float]


@dataclass(frozen=True)
class RunRecord:
    """A run without its images: enough to write its summary again."""

    class_name: str
    settings: Settings
    folds_trained: tuple[int, ...]
    parts: tuple[Part, ...]
    """ALL first, then the tuning set of each fold, the internal test set and practice."""
    divided_by: str
    """What the split keeps together."""
    start: str
    """The weights that training started from."""
    data_fingerprint: str
    versions: Mapping[str, str]
    hardware: Mapping[str, str]
    """Of the computer that began the run; empty where it was not noted."""
    started: str
    learning: tuple[LearningRow, ...]
    described: Mapping[str, str] = field(default_factory=dict)
    """What only a person can tell, by the names of ``trainer.reports.checklist.QUESTIONS``."""
    note: str = ""
    """What else a reader must know of how these figures came about."""

    @classmethod
    def of(cls, run: RunFolder) -> RunRecord:
        """The record of a run in its folder. Raises RunError for one that is not finished."""
        settings, finished = run.settings, run.finished
        best_by = settings.schedule.best_by.value
        return cls(
            class_name=run.class_name,
            settings=settings,
            folds_trained=tuple(finished),
            parts=_parts(run),
            divided_by=str(run.run.get("divided_by", "")),
            start=str(run.run["init"]["name"]),
            data_fingerprint=str(run.run["data_fingerprint"]),
            versions=dict(run.run["versions"]),
            hardware=dict(run.run.get("hardware", {})),
            started=str(run.run.get("started", "")),
            learning=tuple(learning_row(fold, run.epochs(fold), best_by) for fold in finished),
            described=run.described(),
            note=_of_changes(run),
        )

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> RunRecord:
        """Read what ``to_json`` made of a record. Raises ValueError; KeyError without settings."""
        settings = Settings.from_dict(values["settings"])  # of which nothing may be missing
        return json_values.read(cls, {**values, "settings": settings.to_dict()}, nan=True)

    def part(self, name: str) -> Part | None:
        """The part of that name; None where the run has none."""
        return next((part for part in self.parts if part.name == name), None)


def _of_changes(run: RunFolder) -> str:
    """What a reader must know where images have changed since the run began; empty where not."""
    told = run.changes().told
    rest = "The figures are of the images as they were; the baseline alone is of today's files."
    return f"{told} {rest}" if told else ""


def tuning_set(fold: int) -> str:
    """The name of the part that chooses the epoch of a fold."""
    return f"tuning set of fold {fold}"


INTERNAL_TEST, TRAINED_ONLY = "internal test set", "trained on only"


def _parts(run: RunFolder) -> tuple[Part, ...]:
    images = run.images()
    names = {TEST: INTERNAL_TEST, PRACTICE: TRAINED_ONLY}
    inside: dict[str, list[LabelledImage]] = {ALL: images}
    folds = [part.fold for part in run.parts()]
    for fold in sorted(set(folds), key=lambda fold: (fold in names, -fold if fold < 1 else fold)):
        name = names.get(fold) or tuning_set(fold)
        inside[name] = [i for i, own in zip(images, folds, strict=True) if own == fold]
    return tuple(_part(name, members) for name, members in inside.items())


def _part(name: str, images: Sequence[LabelledImage]) -> Part:
    groups = len({image.group for image in images})
    return Part(name, len(images), sum(image.label for image in images), groups)


def learning_row(fold: int, table: pd.DataFrame, best_by: str) -> LearningRow:
    """From the table of a fold's epochs; ``best_by`` is the column that chose the kept one."""
    place = table[best_by].idxmin() if "loss" in best_by else table[best_by].idxmax()
    first, kept, last = table.iloc[0], table.loc[place], table.iloc[-1]
    return LearningRow(
        fold=fold,
        epochs=len(table),
        kept=int(kept["epoch"]),
        training_loss=(float(first["train_loss"]), float(last["train_loss"])),
        tuning_loss=(float(first["val_loss"]), float(kept["val_loss"])),
        tuning_accuracy=(float(first["val_accuracy"]), float(kept["val_accuracy"])),
    )
