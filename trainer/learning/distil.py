"""Runs a distillation from beginning to end, or from where it was interrupted."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import torch
from lightning.pytorch import Callback, LightningModule, Trainer
from torch import Tensor

from trainer.data.inputs import network_inputs
from trainer.data.labels import LabelledImage
from trainer.files import write_array, write_atomically
from trainer.learning import teacher
from trainer.learning.cross_validation import CACHE, new_network
from trainer.learning.distillation import Distillation
from trainer.learning.engine import device_of, fit, make_trainer
from trainer.learning.lessons import KeptLessons, Lessons, LiveLessons, ask, views_of
from trainer.learning.network import save
from trainer.learning.progress import Clock, Say, cost_of, duration
from trainer.ranks import is_first
from trainer.results.run_folder import EPOCHS, WEIGHTS, RunFolder
from trainer.settings import Settings

FOLD = 1
"""There are no folds; what is kept on the way lies where a first fold's would."""


def run(labelled: Sequence[LabelledImage], settings: Settings, folder: RunFolder, say: Say) -> None:
    """Learn from the teacher on all images outside the test set; leaves WEIGHTS for ``--init``.

    Raises WeightsError, InputError, and KeyboardInterrupt where a person stops it.
    """
    if (folder.path / WEIGHTS).exists():
        return
    learnt = [row for row, part in enumerate(folder.parts()) if not part.is_test]
    inputs = network_inputs(
        [labelled[row].path for row in learnt],
        settings.recipe,
        folder.path / CACHE,
        settings.hardware.workers,
    )
    lessons = _lessons(torch.from_numpy(inputs), settings, folder, say)
    module = Distillation(new_network(settings, 1), settings, lessons, len(learnt))
    home = folder.fold_folder(FOLD)
    trainer = make_trainer(settings, home, [_Told(settings, folder, say)])
    fit(trainer, module, folder.last_checkpoint(FOLD))
    if is_first():
        save(module.average, folder.path / WEIGHTS, settings.recipe, settings.class_name)
        folder.last_checkpoint(FOLD).unlink(missing_ok=True)


def _lessons(images: Tensor, settings: Settings, folder: RunFolder, say: Say) -> Lessons:
    """Lessons from the teacher whenever it is asked, or its answers kept in the run's folder."""
    if settings.distillation.views == 0:
        known, device = teacher.load(settings.distillation.teacher), device_of(settings.hardware)
        return LiveLessons(images, known, settings, device)
    names = ("views", *(f"maps-{stride}" for stride in teacher.STRIDES))
    paths = [folder.path / CACHE / f"lesson-{name}.npy" for name in names]
    if not all(path.exists() for path in paths):
        made = ask(teacher.load(settings.distillation.teacher), views_of(images, settings), say)
        for path, values in zip(paths, (made.views, *made.maps), strict=True):
            write_array(path, values.numpy())
    views, *maps = (torch.from_numpy(np.load(path, allow_pickle=False)) for path in paths)
    return KeptLessons(views, tuple(maps), settings.augmentation.flip)


class _Told(Callback):
    """Says each epoch's loss in a line, in the first process, and keeps the table."""

    def __init__(self, settings: Settings, folder: RunFolder, say: Say) -> None:
        self._clock = Clock([FOLD], settings.schedule.epochs, cost_of(settings))
        self._folder, self._say = folder, say

    def on_train_epoch_start(self, *_: object) -> None:
        """Start the clock."""
        self._clock.start()

    def on_train_epoch_end(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Keep and tell."""
        self._clock.stop(trainer.current_epoch + 1)
        assert isinstance(pl_module, Distillation)
        pl_module.end_epoch()
        if not trainer.is_global_zero:
            return
        text = pd.DataFrame(pl_module.rows).to_csv(index=False)
        write_atomically(self._folder.fold_folder(FOLD) / EPOCHS, text)
        epoch, loss = int(pl_module.rows[-1]["epoch"]), pl_module.rows[-1]["loss"]
        left = duration(self._clock.left(FOLD, epoch))
        self._say(f"Epoch {epoch} of {trainer.max_epochs}: difference {loss:.4f}; {left} left")
