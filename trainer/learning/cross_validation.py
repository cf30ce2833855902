"""All folds of a run, one after the other; what is done already is not done again."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch

from trainer.data import folds
from trainer.data.labels import LabelledImage
from trainer.files import write_atomically
from trainer.learning.dataset import Material
from trainer.learning.drawing import Drawing, Rows
from trainer.learning.engine import (
    device_of,
    early_stop,
    fit,
    make_trainer,
    predict,
)
from trainer.learning.fold import Fold
from trainer.learning.material import Sources, gather
from trainer.learning.network import Network, WeightsError, initialise, save
from trainer.learning.progress import Clock, Progress, Say, cost_of
from trainer.ranks import is_first
from trainer.results.run_folder import WEIGHTS, RunFolder, weights_in
from trainer.settings import SamplingSettings, Settings

CACHE = "cache"
"""In the run's folder and nowhere else: it holds the images, which may be patients'."""


def run(
    labelled: Sequence[LabelledImage], settings: Settings, folder: RunFolder, say: Say = print
) -> None:
    """Train every fold that is not done, and write all that a run holds but its report.

    Goes on after the last whole epoch of an interrupted run. ``say`` hears a line an epoch.
    Raises WeightsError, InputError, and KeyboardInterrupt where a person stops it.
    """
    left = [fold for fold in settings.wanted_folds if not folder.fold_done(fold)]
    if left:
        learnt = [row for row, part in enumerate(folder.parts()) if not part.is_test]
        sources = Sources(labelled, learnt, folder.path / CACHE)
        material = gather(sources, new_network(settings, left[0]), settings, say)
        clock = Clock(left, settings.schedule.epochs, cost_of(settings))
        for fold in left:
            _run_fold(fold, folder, settings, material, clock, say)
    if not is_first():
        return
    folder.pool()
    if settings.data.only_first_fold:
        # The one network of this run, where other runs look for a start.
        write_atomically(folder.path / WEIGHTS, folder.fold_weights(1).read_bytes())


def new_network(settings: Settings, fold: int) -> Network:
    """The network that a fold starts with. Raises WeightsError."""
    torch.manual_seed(settings.seed)
    network = Network(settings.network.hidden, settings.network.dropout)
    initialise(network, _start(settings, fold), settings.class_name)
    if settings.network.frozen_backbone:
        network.freeze()
    return network


def _start(settings: Settings, fold: int) -> str:
    """The name or file of the fold's first weights: out of a run, those of its same fold alone."""
    run = settings.network.start_run
    if run is None:
        return settings.network.init
    if settings.augmentation.cached_views:
        raise WeightsError(f"{run}: features that are kept need one file of weights for all folds.")
    return str(weights_in(run, fold))


def _run_fold(
    fold: int, folder: RunFolder, settings: Settings, material: Material, clock: Clock, say: Say
) -> None:
    parts, home = folder.parts(), folder.fold_folder(fold)
    learnt, assessed = folds.training(parts, fold), folds.validation(parts, fold)
    # A seed of its own, so that it does not matter which folds were trained before.
    seed = settings.seed * 1000 + fold
    drawing = _drawing(folder.images(), learnt, settings.sampling)
    module = Fold(new_network(settings, fold), settings, seed, material, drawing, assessed)
    told = Progress(fold, clock, say, folder.write_epochs)
    trainer = make_trainer(settings, home, [told, early_stop(settings.schedule)])
    last = folder.last_checkpoint(fold)
    fit(trainer, module, last)
    if not trainer.is_global_zero:
        return
    kept = module.best_network()
    save(kept, folder.fold_weights(fold), settings.recipe, settings.class_name)
    device = device_of(settings.hardware)
    logits = [
        predict(kept, material.assessed[rows], device)
        for rows in (assessed, folds.internal_test(parts))
    ]
    folder.write_fold(fold, *logits)
    last.unlink(missing_ok=True)


def _drawing(images: Sequence[LabelledImage], rows: Rows, settings: SamplingSettings) -> Drawing:
    names = sorted({image.source for image in images})
    labels = np.array([images[row].label for row in rows], dtype=np.int64)
    sources = np.array([names.index(images[row].source) for row in rows], dtype=np.int64)
    return Drawing(rows, labels, sources, settings)
