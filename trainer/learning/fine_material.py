"""Gathers what a fine heat map learns from: images with boxes, and drawn thin bleeds."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from numpy.typing import NDArray

from imaging.input.head import TISSUE
from trainer.learning.augment import augment
from trainer.learning.fine_map import FineMaterial
from trainer.learning.peak_material import BATCH, Grey, Source, cells
from trainer.learning.thin_bleeds import draw_thin_bleeds
from trainer.results.fine_places import Grid, Places
from trainer.settings import AugmentationSettings

Ask = Callable[[Grey], tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]]
"""From inputs (N, S, S) to maps (N, C, 2 h, 2 h), coarse heat maps (N, h, h) and logits (N,)."""


def gather(
    source: Source,
    ask: Ask,
    places: Places,
    augmentation: AugmentationSettings,
    drawn: int,
    seed: int,
) -> FineMaterial:
    """Each image with boxes as it is, and thin bleeds on moved images without the finding.

    ``drawn``: on so many of these, drawn by chance, at most.
    """
    torch.manual_seed(seed)
    boxed = np.flatnonzero([image.image_id in source.masks for image in source.images])
    clean = np.random.default_rng(seed).permutation(np.flatnonzero(source.labels == 0))[:drawn]
    outlines = np.zeros((len(boxed), *source.inputs.shape[1:]), np.uint8)
    for at, row in enumerate(boxed.tolist()):
        outlines[at] = source.mask(row)
    bleeds, shapes, rows = _drawn(source.inputs, np.sort(clean), augmentation)
    inputs = np.concatenate((source.inputs[boxed], bleeds))
    count, plain = len(inputs), np.arange(len(inputs)) < len(boxed)
    asked = [ask(inputs[start : start + BATCH]) for start in range(0, count, BATCH)]
    maps, coarse, logits = (np.concatenate(each) for each in zip(*asked, strict=True))
    return FineMaterial(
        maps.astype(np.float16),
        coarse,
        logits,
        (places.seen @ (inputs >= TISSUE).astype(np.float32) @ places.seen.T),
        cells(np.concatenate((outlines, shapes)), Grid.even(len(places.drawn), outlines.shape[1])),
        np.concatenate((outlines, shapes > 0)).astype(np.bool_),
        np.full(count, source.name),
        source.groups[np.concatenate((boxed, rows))],
        plain,
    )


def _drawn(
    inputs: Grey, rows: NDArray[np.int64], augmentation: AugmentationSettings
) -> tuple[Grey, NDArray[np.float32], NDArray[np.int64]]:
    """Inputs (n, S, S) with a bleed, masks (n, S, S) from 0 to 1, and the rows (n,) behind them."""
    bleeds, masks, kept = [inputs[:0]], [np.zeros(inputs[:0].shape, np.float32)], [rows[:0]]
    for start in range(0, len(rows), BATCH):
        part = rows[start : start + BATCH]
        moved = augment(torch.from_numpy(inputs[part]), augmentation)
        drawn, there, shapes = draw_thin_bleeds(moved.unsqueeze(1))
        bleeds.append(drawn[there, 0].round().to(torch.uint8).numpy())
        masks.append(shapes[there, 0].numpy())
        kept.append(part[there.numpy()])
    return np.concatenate(bleeds), np.concatenate(masks), np.concatenate(kept)
