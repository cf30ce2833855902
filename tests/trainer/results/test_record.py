"""What a run's record says of its parts and of its epochs."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from trainer.data.folds import PRACTICE, TEST, Part
from trainer.data.labels import LabelledImage
from trainer.results import record
from trainer.results.evaluation import to_json
from trainer.results.record import RunRecord, learning_row
from trainer.results.run_folder import RunFolder
from trainer.settings import DataSettings, NetworkSettings, Settings

SETTINGS = Settings(data=DataSettings(folds=2), network=NetworkSettings(init="none"))


def begun(folder: Path, folds: list[int]) -> RunFolder:
    """A run of an image a fold, every other one positive, two of a group."""
    images = []
    for i in range(len(folds)):
        path = folder / f"{i}.png"
        path.write_bytes(bytes([i]))
        images.append(LabelledImage(str(i), path, i % 2, str(i // 2)))
    return RunFolder.begin(folder / "run", SETTINGS, images, [Part(fold) for fold in folds])


def test_each_part_is_counted_by_images_positives_and_groups(tmp_path: Path) -> None:
    run = begun(tmp_path, [1, 1, 2, TEST, PRACTICE, PRACTICE])
    found = {part.name: (part.images, part.positives, part.groups) for part in _parts(run)}
    assert found == {
        record.ALL: (6, 3, 3),
        "tuning set of fold 1": (2, 1, 1),
        "tuning set of fold 2": (1, 0, 1),
        record.INTERNAL_TEST: (1, 1, 1),
        record.TRAINED_ONLY: (2, 1, 1),
    }


def _parts(run: RunFolder) -> tuple[record.Part, ...]:
    return RunRecord.of(run).parts


def test_a_record_is_read_back_as_it_was(tmp_path: Path) -> None:
    made = RunRecord.of(begun(tmp_path, [1, 2, TEST]))
    assert RunRecord.from_dict(to_json(made)) == made


@pytest.mark.parametrize(("best_by", "kept"), [("val_loss", 2), ("val_auc", 3)])
def test_the_kept_epoch_is_the_best_by_its_measure(best_by: str, kept: int) -> None:
    table = pd.DataFrame(
        {
            "epoch": [1, 2, 3],
            "train_loss": [0.9, 0.8, 0.7],
            "val_loss": [0.6, 0.4, 0.5],
            "val_auc": [0.7, 0.8, 0.9],
            "val_accuracy": [0.5, 0.6, 0.7],
        }
    )
    row = learning_row(4, table, best_by)
    assert (row.fold, row.epochs, row.kept) == (4, 3, kept)
    assert row.training_loss == (0.9, 0.7)
    assert row.tuning_loss == (0.6, table["val_loss"][kept - 1])
