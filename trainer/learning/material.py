"""Gathers what a run learns from: images, or a frozen backbone's features of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from trainer.data.inputs import network_inputs, recipe_images
from trainer.data.labels import LabelledImage
from trainer.learning import dataset, features
from trainer.learning.dataset import Material
from trainer.learning.engine import device_of
from trainer.learning.network import Network
from trainer.learning.progress import Say
from trainer.settings import Settings


@dataclass(frozen=True)
class Sources:
    """Where a run's images come from, and where what is computed of them is kept."""

    images: Sequence[LabelledImage]
    learnt: Sequence[int]
    """Rows of the images that some fold learns from: all but the test set."""
    cache: Path
    """A folder for this run alone."""


def gather(sources: Sources, start: Network, settings: Settings, say: Say) -> Material:
    """All images in memory, computed once. Raises InputError.

    ``start``: the network whose frozen backbone gives the features, if the settings want them.
    """
    recipe, augmentation = settings.recipe, settings.augmentation
    workers = settings.hardware.workers
    labels = torch.tensor([image.label for image in sources.images], dtype=torch.float32)
    paths = [image.path for image in sources.images]
    inputs = network_inputs(paths, recipe, sources.cache, workers)
    if augmentation.resized_crop is None:
        material = dataset.input_material(inputs, labels)
    else:
        whole = recipe_images(paths, recipe, workers)
        material = dataset.cropped_material(inputs, whole, labels, recipe, augmentation)
    material = replace(material, traits=_traits(sources.images))
    if not (settings.network.frozen_backbone and augmentation.cached_views):
        return material
    return _features(material, sources, start, settings, say)


def _traits(images: Sequence[LabelledImage]) -> Tensor | None:
    names = list(dict.fromkeys(name for image in images for name in image.traits))
    if not names:
        return None
    unknown = float("nan")
    return torch.tensor([[image.traits.get(name, unknown) for name in names] for image in images])


def _features(
    material: Material, sources: Sources, start: Network, settings: Settings, say: Say
) -> Material:
    device, key = device_of(settings.hardware), features.key(start, settings)
    rows = np.array(sources.learnt, dtype=np.int64)
    count = settings.augmentation.cached_views

    def all_views() -> Tensor:
        stacks = []
        for view in features.views(start, material, rows, settings, device):
            stacks.append(view)
            say(f"Features of view {len(stacks)} of {count} stand.")
        # Nobody learns from the test set; if somebody did, the loss would say so.
        whole = torch.full((len(material.labels), count, view.shape[1]), torch.nan)
        whole[torch.from_numpy(rows)] = torch.stack(stacks, dim=1)
        return whole

    assessed = features.kept(
        sources.cache / f"features-{key}.npy",
        lambda: features.pooled(start, material.assessed, device),
    )
    views = features.kept(sources.cache / f"views-{key}.npy", all_views)
    made = dataset.cached_features(assessed, views, material.labels)
    return replace(made, traits=material.traits)
