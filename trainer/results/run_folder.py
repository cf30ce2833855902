"""What a run writes, and how it is read back.

settings.json  run.json  split.csv      written before anything is learnt
fold-K/        weights.pt  metrics.csv  last.ckpt  test.csv  out_of_fold.csv
out_of_fold.csv  test.csv               the folds' predictions, pooled
metrics.json  report.html  summary.md  *.png
described.json                          what a person told of the data, for the report
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from trainer.data import folds, split_table
from trainer.data.changes import Changes, changes
from trainer.data.folds import Part
from trainer.data.grouping import divided_by
from trainer.data.labels import LabelledImage
from trainer.data.provenance import contents_of, fingerprint, hardware, sha256_of, versions
from trainer.data.split_table import CONTENT
from trainer.files import write_atomically, write_json
from trainer.results.predictions import Predictions
from trainer.settings import IMAGENET, RANDOM, Settings

SETTINGS, RUN, SPLIT = "settings.json", "run.json", "split.csv"
OUT_OF_FOLD, TEST, EPOCHS = "out_of_fold.csv", "test.csv", "metrics.csv"
WEIGHTS, LAST = "weights.pt", "last.ckpt"
DESCRIBED = "described.json"


class RunError(Exception):
    """A run folder cannot be used; the message is a sentence."""


class RunFolder:
    """An existing run. Everything is written to a temporary file first and then renamed."""

    def __init__(self, path: Path) -> None:
        """Raises RunError where ``path`` holds no run."""
        self.path = path
        try:
            self.settings = Settings.from_dict(self._json(SETTINGS))
            self.run: dict[str, Any] = self._json(RUN)
            missing = {"class_name", "data_fingerprint", "init"} - self.run.keys()
            if missing:
                raise ValueError(f"{RUN} lacks {', '.join(sorted(missing))}")
            self._split = split_table.read(path / SPLIT)
        except FileNotFoundError as error:
            raise RunError(f"{path}: there is no training run in this folder.") from error
        except (OSError, ValueError) as error:
            raise RunError(f"{path}: the run in this folder is damaged ({error}).") from error

    @classmethod
    def begin(
        cls,
        path: Path,
        settings: Settings,
        labelled: Sequence[LabelledImage],
        parts: Sequence[Part],
    ) -> RunFolder:
        """Start a run, or go on with the one that is there if it has the same settings and data.

        Raises RunError where it has others, so that no run mixes two; one that has not learnt
        anything yet is replaced.
        """
        contents = contents_of(labelled)
        split = split_table.of(labelled, parts, contents)
        _check_start(settings, split)
        data = fingerprint(labelled, contents)
        init = _init_of(settings)
        if (path / RUN).exists() and not _untouched(path):
            there = cls(path)
            there._refuse_other(settings, data, init, split)
            return there
        _refuse_foreign(path)
        path.mkdir(parents=True, exist_ok=True)
        write_atomically(path / SPLIT, split.to_csv(index=False))
        write_json(path / SETTINGS, settings.to_dict())
        write_json(path / RUN, _started(settings, labelled, init, data))
        return cls(path)

    def _refuse_other(
        self, settings: Settings, data: str, init: dict[str, str], split: pd.DataFrame
    ) -> None:
        self._refuse_changed(split)
        differing = _differing(self.settings.identity(), settings.identity())
        if data != self.run["data_fingerprint"]:
            differing.append("images or labels")
        if init != self.run["init"] and not any(each.startswith("network") for each in differing):
            differing.append("weights to start from")
        columns = ["image_id", "group", "fold"]
        if not differing and not split[columns].equals(self._split[columns]):
            differing.append("groups")
        if differing:
            raise RunError(
                f"{self.path} holds a run with other settings ({'; '.join(differing)}); "
                "name another folder, or give the same settings to go on with it."
            )

    def _refuse_changed(self, split: pd.DataFrame) -> None:
        """Raise RunError where images of the same ids have another content than in ``split``."""
        if CONTENT not in self._split:
            return
        both = self._split.merge(split, on="image_id", suffixes=("", "_now"))
        changed = both["image_id"][both[CONTENT] != both[f"{CONTENT}_now"]]
        if len(changed):
            told = Changes(len(both), tuple(changed)).told
            raise RunError(
                f"{self.path} cannot be gone on with, for a run has the same images to its end. "
                f"{told} Put them back, or name another folder."
            )

    @property
    def class_name(self) -> str:
        """What is predicted."""
        return str(self.run["class_name"])

    @property
    def fold_numbers(self) -> range:
        """The folds that this run trains."""
        return self.settings.data.fold_numbers

    def images(self) -> list[LabelledImage]:
        """All images of the run, in the order of its table, with the paths they had."""
        return split_table.images_of(self._split)

    def changes(self, ids: Collection[str] | None = None) -> Changes:
        """Which images have changed since the run began, of those ``ids`` or of all.

        A run of an earlier version kept no hashes, and tells of none.
        """
        if CONTENT not in self._split:
            return Changes(0)
        kept = zip(self.images(), self._split[CONTENT], strict=True)
        return changes(each for each in kept if ids is None or each[0].image_id in ids)

    def parts(self) -> list[Part]:
        """Where each of ``images()`` belongs."""
        return [Part(int(fold)) for fold in self._split["fold"]]

    def fold_folder(self, fold: int) -> Path:
        """The fold's own folder; made where it is missing."""
        folder = self.path / f"fold-{fold}"
        folder.mkdir(exist_ok=True)
        return folder

    def fold_weights(self, fold: int) -> Path:
        """The fold's best weights."""
        return weights_in(self.path, fold)

    def last_checkpoint(self, fold: int) -> Path:
        """Where the fold's state after its last whole epoch lies, to go on from."""
        return self.fold_folder(fold) / LAST

    def fold_done(self, fold: int) -> bool:
        """Whether the fold has nothing left to do: its predictions are written last."""
        return (self.path / f"fold-{fold}" / OUT_OF_FOLD).exists()

    @property
    def finished(self) -> list[int]:
        """The folds that are done: all of ``fold_numbers`` in the end."""
        return [fold for fold in self.fold_numbers if self.fold_done(fold)]

    def write_epochs(self, fold: int, table: Iterable[dict[str, float]]) -> None:
        """One row an epoch: epoch, train_loss, val_loss, val_accuracy and whatever else."""
        text = pd.DataFrame(list(table)).to_csv(index=False)
        write_atomically(self.fold_folder(fold) / EPOCHS, text)

    def epochs(self, fold: int) -> pd.DataFrame:
        """The rows of ``write_epochs``."""
        return pd.read_csv(self.path / f"fold-{fold}" / EPOCHS)

    def write_fold(
        self, fold: int, validation: NDArray[np.floating], test: NDArray[np.floating]
    ) -> None:
        """The best weights' logits for the images ``folds.validation`` and ``folds.internal_test``.

        Both (n,), in the order of those indices. Marks the fold as done.
        """
        parts = self.parts()
        folder = self.fold_folder(fold)
        images = self.images()
        for name, rows, logits in (
            (TEST, folds.internal_test(parts), test),
            (OUT_OF_FOLD, folds.validation(parts, fold), validation),
        ):
            predictions = Predictions(
                tuple(images[row].image_id for row in rows),
                tuple(images[row].group for row in rows),
                np.full(len(rows), fold, dtype=np.int64),
                np.array([images[row].label for row in rows], dtype=np.int64),
                np.asarray(logits, dtype=np.float64).reshape(len(rows)),
            )
            write_atomically(folder / name, predictions.to_csv())

    def pool(self) -> None:
        """Gather the finished folds' predictions into the run's tables."""
        for name in (OUT_OF_FOLD, TEST):
            paths = [self.path / f"fold-{fold}" / name for fold in self.finished]
            write_atomically(self.path / name, Predictions.from_csv(*paths).to_csv())

    def out_of_fold(self) -> Predictions:
        """Each training image predicted once, by the network that never saw it."""
        return self._predictions(OUT_OF_FOLD)

    def test_predictions(self) -> Predictions:
        """Each test image predicted by every fold's network; empty without a test set."""
        return self._predictions(TEST)

    def described(self) -> dict[str, str]:
        """What a person told of the data, by the name of the question. Raises RunError."""
        if not (self.path / DESCRIBED).exists():
            return {}
        try:
            return {str(name): str(text) for name, text in self._json(DESCRIBED).items()}
        except (OSError, ValueError) as error:
            raise RunError(f"{self.path / DESCRIBED} is damaged ({error}).") from error

    def describe(self, told: Mapping[str, str]) -> None:
        """Keep what a person tells of the data beside what was told before."""
        write_json(self.path / DESCRIBED, {**self.described(), **told})

    def _predictions(self, name: str) -> Predictions:
        try:
            return Predictions.from_csv(self.path / name)
        except FileNotFoundError as error:
            raise RunError(f"{self.path}: this run has not finished yet.") from error
        except (OSError, ValueError, KeyError) as error:
            raise RunError(f"{self.path / name} is damaged ({error}).") from error

    def _json(self, name: str) -> dict[str, Any]:
        values = json.loads((self.path / name).read_text(encoding="utf-8"))
        if not isinstance(values, dict):
            raise ValueError(f"{name} is not what a run writes")
        return values


def _started(
    settings: Settings, labelled: Sequence[LabelledImage], init: dict[str, str], data: str
) -> dict[str, Any]:
    """What run.json says of a run that begins now."""
    return {
        "class_name": settings.class_name,
        "recipe": settings.name,
        "seed": settings.seed,
        "init": init,
        "data_fingerprint": data,
        "images": len(labelled),
        "positives": sum(image.label for image in labelled),
        "divided_by": divided_by(labelled, settings.data.grouped, settings.recipe.subject),
        "licence": settings.data.licence,
        "sources": list(settings.data.sources),
        "versions": versions(),
        "hardware": hardware(),
        "started": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def weights_in(run: Path, fold: int) -> Path:
    """Where the best weights of a run's fold lie."""
    return run / f"fold-{fold}" / WEIGHTS


def _untouched(path: Path) -> bool:
    """Whether nothing was done yet but to begin."""
    return {inside.name for inside in path.iterdir()} <= {SETTINGS, RUN, SPLIT}


def _refuse_foreign(path: Path) -> None:
    """A folder of other files is no place for a run: it would replace those of its names."""
    if path.exists() and not path.is_dir():
        raise RunError(f"{path} is a file; name a new folder for the run.")
    others = sorted(inside.name for inside in path.iterdir()) if path.is_dir() else []
    begun = (SETTINGS, RUN, SPLIT)
    others = [name for name in others if name not in begun and not name.startswith(".")]
    if others:
        raise RunError(
            f"{path} holds other files ({', '.join(others[:3])}) and no run; name a new folder."
        )


def _check_start(settings: Settings, split: pd.DataFrame) -> None:
    """A run to go on from must have divided the same images alike. Raises RunError."""
    if settings.network.start_run is None:
        return
    start = RunFolder(settings.network.start_run)
    for fold in settings.wanted_folds:
        if not start.fold_weights(fold).exists():
            raise RunError(f"{start.path} has no weights of fold {fold} to go on from.")
    columns = ["image_id", "fold", *([CONTENT] if CONTENT in start._split else [])]
    if not split[columns].equals(start._split[columns]):
        raise RunError(
            f"{start.path} has other images or divides them otherwise: a fold that went on from it "
            "would be assessed on what it has learnt."
        )


def _init_of(settings: Settings) -> dict[str, str]:
    name = settings.network.init
    if name in (IMAGENET, RANDOM):
        return {"name": name}
    run = settings.network.start_run
    content = run / RUN if run is not None else Path(name)
    return {"name": Path(name).name, "sha256": sha256_of(content)}


def _differing(there: dict[str, Any], asked: dict[str, Any]) -> list[str]:
    """The settings that differ, each by its full name with both values."""
    differing = []
    for name, value in there.items():
        other = asked[name]
        if isinstance(value, dict):
            differing += [f"{name}.{each}" for each in _differing(value, other)]
        elif value != other:
            differing.append(f"{name} {json.dumps(value)} there, {json.dumps(other)} asked for")
    return differing
