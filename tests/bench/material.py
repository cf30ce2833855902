"""What is measured on: generated images and slices, made once and kept."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image as PilImage

from imaging.samples.phantom import Bleed, Head
from imaging.samples.samples import SLICES, phantom_slice

DRAWN = 25
"""Slices that are drawn; the others are these, turned over, moved and made noisy."""


def images(folder: Path, count: int, side: int = 512) -> Path:
    """A folder with ``count`` different grey PNG files of (side, side), written where missing."""
    made = folder / f"{count} images {side}"
    if made.is_dir():
        return made
    fresh = _fresh(made)
    for number, grey in enumerate(_variants(count, side)):
        PilImage.fromarray(grey).save(fresh / f"{number:05d}.png", compress_level=1)
    return fresh.replace(made)


def _variants(count: int, side: int) -> Iterator[NDArray[np.uint8]]:
    random = np.random.default_rng(0)
    drawn = []
    for seed in range(min(DRAWN, count)):
        bleed = list(Bleed)[seed % len(Bleed)]
        hu = Head(seed, bleed, side).slice_at(0.1 + 0.8 * (seed % 7) / 7)
        drawn.append(np.clip(hu * (255 / 80), 0, 255))
    for number in range(count):
        grey = drawn[number % len(drawn)]
        grey = grey[:, :: -1 if number % 2 else 1]
        grey = np.roll(grey, (int(random.integers(-9, 10)), int(random.integers(-9, 10))), (0, 1))
        noisy = grey + random.normal(0, 2, grey.shape) * (grey > 0)
        yield np.clip(noisy, 0, 255).astype(np.uint8)


def slices(folder: Path, study: Path, count: int) -> Path:
    """A folder with ``count`` DICOM files: the study's slices, or generated ones, over and over."""
    made = folder / f"{count} slices of {study.name if study.is_dir() else 'a phantom'}"
    if made.is_dir():
        return made
    fresh = _fresh(made)
    sources = sorted(study.glob("*.dcm"))
    if not sources:
        sources = [fresh / f"drawn-{number:03d}.dcm" for number in range(1, SLICES + 1)]
        for number, path in enumerate(sources, 1):
            phantom_slice(Head(3, Bleed.SUBDURAL), number).save_as(path, enforce_file_format=True)
    have = len(list(fresh.iterdir()))
    for number in range(count - have):
        shutil.copyfile(sources[number % len(sources)], fresh / f"copy-{number:05d}.dcm")
    return fresh.replace(made)


def _fresh(made: Path) -> Path:
    fresh = made.with_name(made.name + " (unfinished)")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    return fresh
