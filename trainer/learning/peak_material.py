"""Gathers what a peak head learns from: maps of images, of moved ones and of drawn thin bleeds."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import numpy as np
import torch
from numpy.typing import NDArray

from imaging.input.prepare import is_blank
from imaging.input.recipe import InputRecipe
from trainer.data.boxes import Masks, box_masks
from trainer.data.inputs import network_inputs
from trainer.data.labels import LabelledImage
from trainer.files import write_array, write_atomically
from trainer.learning.augment import augment_with_masks
from trainer.learning.peak_head import BOX, EXACT, UNKNOWN
from trainer.learning.peaks import PeakMaterial
from trainer.learning.thin_bleeds import draw_thin_bleeds
from trainer.results.fine_places import Grid
from trainer.settings import AugmentationSettings, PeakSettings

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

BATCH = 32

Material = TypeVar("Material", bound="DataclassInstance")
Grey = NDArray[np.uint8]
Maps = NDArray[np.float16]
Ask = Callable[[Grey], tuple[NDArray[np.float32], NDArray[np.float32]]]
"""From inputs (N, S, S) to maps (N, C, h, w) and profiles (N, P)."""


@dataclass(frozen=True, eq=False)
class Source:
    """One folder's images as inputs, with what is known of where its findings lie."""

    name: str
    images: tuple[LabelledImage, ...]
    inputs: Grey
    masks: Masks

    @classmethod
    def of(
        cls, folder: Path, images: Sequence[LabelledImage], recipe: InputRecipe, cache: Path
    ) -> Source:
        """Read the images, without the blank ones, which show nothing. Raises InputError."""
        inputs = network_inputs([image.path for image in images], recipe, cache)
        shows = [row for row in range(len(images)) if not is_blank(inputs[row])]
        kept = tuple(images[row] for row in shows)
        return cls(folder.resolve().name, kept, inputs[shows], box_masks(folder, kept, recipe))

    @property
    def labels(self) -> NDArray[np.int64]:
        """0 or 1, (n,)."""
        return np.array([image.label for image in self.images], dtype=np.int64)

    @property
    def groups(self) -> NDArray[np.str_]:
        """(n,) each image's patient, with the source's name."""
        return np.array([f"{self.name}/{image.group}" for image in self.images])

    def mask(self, row: int) -> Grey:
        """(S, S), 0 where nothing is known."""
        size = self.inputs.shape[1]
        unknown = np.zeros((size, size), dtype=np.uint8)
        return self.masks.get(self.images[row].image_id, unknown)

    def worth(self, row: int) -> int:
        """Of the mask: an image without the finding is known in every cell."""
        if self.images[row].label == 0:
            return EXACT
        return BOX if self.images[row].image_id in self.masks else UNKNOWN


def gather(
    source: Source,
    ask: Ask,
    grid: Grid,
    augmentation: AugmentationSettings,
    cache: Path,
    settings: PeakSettings,
    learnt: NDArray[np.bool_] | None = None,
) -> PeakMaterial:
    """The maps of a source: each image, moved ones of either label, and drawn thin bleeds.

    Each positive is moved ``settings.views`` times, and as many negatives, or being moved would
    tell of blood. With any moved views, a bleed is drawn on each negative with room for one.
    Maps are kept in the folder ``cache``, which must serve one source, one network and one of its
    maps alone; those of other inputs are computed anew. ``grid``: the cells of the network's last
    map, which masks are made for. ``learnt``: (n,) images that may be moved and drawn on; all
    where it is None.
    """
    torch.manual_seed(settings.seed)
    may = np.ones(len(source.images), np.bool_) if learnt is None else learnt
    positives = np.tile(np.flatnonzero((source.labels == 1) & may), settings.views)
    negatives = np.flatnonzero((source.labels == 0) & may)
    moved = np.concatenate((positives, _some(negatives, len(positives), settings.seed)))
    views = [
        _as_they_are(source),
        _moved(source, augmentation, moved),
        _drawn(source, augmentation, negatives if settings.views else negatives[:0]),
    ]
    parts = []
    for name, (inputs, masks, rows) in zip(("plain", "moved", "drawn"), views, strict=True):
        if len(inputs):
            maps, profiles = _maps(ask, inputs, cache / name)
            parts.append(
                _part(source, name, maps, profiles, cells(masks, grid).astype(np.float16), rows)
            )
    return joined(parts)


def joined(parts: Sequence[Material]) -> Material:
    """Several sources as one, in their order: a dataclass of arrays (n, ...), entry by entry."""
    names = [field.name for field in fields(parts[0])]
    arrays = {name: np.concatenate([getattr(part, name) for part in parts]) for name in names}
    return replace(parts[0], **arrays)


Views = tuple[Grey, NDArray[np.float32], NDArray[np.int64]]
"""Inputs (n, S, S), masks (n, S, S), and the rows (n,) of the source that they were made of."""


def _as_they_are(source: Source) -> Views:
    rows = np.arange(len(source.images))
    masks = np.stack([source.mask(int(row)) for row in rows]).astype(np.float32)
    return source.inputs, masks, rows


def _some(rows: NDArray[np.int64], count: int, seed: int) -> NDArray[np.int64]:
    """So many of the rows by chance, each once before any is there twice; none of none."""
    random, rounds = np.random.default_rng(seed), -(-count // max(len(rows), 1))
    shuffled = [random.permutation(rows) for _ in range(rounds)]
    return np.concatenate((rows[:0], *shuffled))[:count]


def _moved(source: Source, augmentation: AugmentationSettings, rows: NDArray[np.int64]) -> Views:
    masks = np.stack([source.mask(int(row)) for row in rows]) if len(rows) else source.inputs[:0]
    return *augmented(source.inputs[rows], masks, augmentation), rows


def _drawn(source: Source, augmentation: AugmentationSettings, rows: NDArray[np.int64]) -> Views:
    inputs, where = [source.inputs[:0]], []
    masks = [np.zeros(source.inputs[:0].shape, np.float32)]
    for start in range(0, len(rows), BATCH):
        part = rows[start : start + BATCH]
        drawn, there, shapes = with_bleeds(source.inputs[part])
        inputs.append(drawn[there])
        masks.append(shapes[there])
        where += part[there].tolist()
    views = augmented(np.concatenate(inputs), np.concatenate(masks), augmentation)
    return *views, np.array(where, dtype=np.int64)


def with_bleeds(inputs: Grey) -> tuple[Grey, NDArray[np.bool_], NDArray[np.float32]]:
    """Inputs (n, S, S) drawn on where there is room; (n,) where there was; masks (n, S, S).

    Draws from torch's global random numbers.
    """
    drawn, there, shapes = draw_thin_bleeds(torch.from_numpy(inputs).float().unsqueeze(1))
    return drawn[:, 0].round().to(torch.uint8).numpy(), there.numpy(), shapes[:, 0].numpy()


def augmented(
    inputs: Grey, masks: NDArray[np.generic], augmentation: AugmentationSettings
) -> tuple[Grey, NDArray[np.float32]]:
    """Inputs (n, S, S) moved and changed in tone, and masks (n, S, S) moved as these are.

    Draws from torch's global random numbers.
    """
    moved, there = [inputs[:0]], [np.zeros(inputs[:0].shape, np.float32)]
    for start in range(0, len(inputs), BATCH):
        part = slice(start, start + BATCH)
        images, shapes = (torch.from_numpy(np.array(each[part])) for each in (inputs, masks))
        augmented, places = augment_with_masks(images, shapes, augmentation)
        moved.append(augmented.round().to(torch.uint8).numpy())
        there.append(places.numpy())
    return np.concatenate(moved), np.concatenate(there)


def _maps(ask: Ask, inputs: Grey, kept: Path) -> tuple[Maps, NDArray[np.float32]]:
    """Maps and profiles of the inputs, from ``kept`` where those of these inputs are there."""
    files = [kept.with_name(f"{kept.name}-{each}.npy") for each in ("maps", "profiles")]
    mark = kept.with_name(f"{kept.name}-inputs.sha256")
    digest = hashlib.sha256(np.ascontiguousarray(inputs).data).hexdigest()
    if mark.exists() and mark.read_text("ascii") == digest:
        maps, profiles = (np.load(path, allow_pickle=False) for path in files)
        return maps, profiles
    parts = [ask(inputs[start : start + BATCH]) for start in range(0, len(inputs), BATCH)]
    maps = np.concatenate([each.astype(np.float16) for each, _ in parts])
    profiles = np.concatenate([each for _, each in parts])
    mark.unlink(missing_ok=True)  # stopped between the two, the old mark would stand for one
    for path, values in zip(files, (maps, profiles), strict=True):
        write_array(path, values)
    write_atomically(mark, digest)
    return maps, profiles


def cells(values: NDArray[np.generic], grid: Grid) -> NDArray[np.float32]:
    """The mean of (n, S, S) in each cell of rows and columns as ``grid``: (n, h, h).

    Of a mask, the share of the cell. Of a cell that reaches over the edge, what lies inside counts.
    """
    size = values.shape[1]
    shares = grid.overlaps(Grid.even(size, size))
    shares /= shares.sum(1, keepdims=True)
    means: NDArray[np.float32] = shares @ values.astype(np.float32) @ shares.T
    return means


def _part(
    source: Source,
    name: str,
    maps: Maps,
    profiles: NDArray[np.float32],
    shares: NDArray[np.float16],
    rows: NDArray[np.int64],
) -> PeakMaterial:
    drawn = name == "drawn"
    worth = [EXACT if drawn else source.worth(int(row)) for row in rows]
    count = len(rows)
    return PeakMaterial(
        maps,
        profiles,
        np.ones(count, dtype=np.int64) if drawn else source.labels[rows],
        shares,
        np.array(worth, dtype=np.int64),
        np.full(count, source.name),
        source.groups[rows],
        np.full(count, name != "plain"),
        np.full(count, drawn),
    )
