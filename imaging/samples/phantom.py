"""A generated head: skull, brain, ventricles, texture and noise, with and without a bleed.

Drawn from formulas and a seed, so that samples and tests need no patient. It looks like a head CT
to a reader and to the code; it is not anatomy and proves nothing about accuracy.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from PIL import Image as PilImage

Field = NDArray[np.float32]

AIR, FAT, SCALP, BONE, DIPLOE = -1000.0, -90.0, 45.0, 1150.0, 650.0
FLUID, WHITE_MATTER, GREY_MATTER, DURA, CALCIUM = 7.0, 28.0, 38.0, 55.0, 160.0
FRESH_BLOOD, OEDEMA = 68.0, 20.0
NOISE = 3.5
"""Standard deviation of the noise in HU before smoothing, about that of a routine head CT."""


class Bleed(StrEnum):
    """Where the generated blood lies."""

    NONE = "none"
    INTRAPARENCHYMAL = "intraparenchymal"
    SUBDURAL = "subdural"
    EPIDURAL = "epidural"


@dataclass(frozen=True)
class Head:
    """One generated person: the seed decides shape, folds, texture and where the bleed lies."""

    seed: int = 0
    bleed: Bleed = Bleed.NONE
    size: int = 512
    """Rows and columns of a slice."""

    def slice_at(self, height: float) -> Field:
        """HU, float32 (size, size), of the slice at a height from 0 (skull base) to 1 (vertex)."""
        if not 0.0 <= height <= 1.0:
            raise ValueError(f"height {height} is not between 0 and 1")
        return _Slice(self, height).draw()


class _Slice:
    """Coordinates and random fields of one slice; x right and y down, both from -1 to 1."""

    def __init__(self, head: Head, height: float) -> None:
        self.head, self.height, self.size = head, height, head.size
        person = np.random.default_rng((head.seed, 7))
        self.wide, self.long = 0.60 + 0.04 * person.random(), 0.76 + 0.05 * person.random()
        self.side = 1.0 if person.random() < 0.5 else -1.0
        self.spot = person.uniform((0.22, -0.18), (0.30, 0.12))
        self.noise = np.random.default_rng((head.seed, int(height * 1e6)))
        axis = np.linspace(-1, 1, self.size, dtype=np.float32)
        self.x, self.y = np.meshgrid(axis, axis)
        shrink = float(np.sqrt(max(1.0 - (0.93 * height) ** 2.6, 0.05)))
        self.wide, self.long = self.wide * shrink, self.long * shrink
        taper = 1.0 + 0.10 * np.clip(self.y / self.long, -1, 1)
        self.radius = np.hypot(self.x / (self.wide * taper), self.y / self.long)
        self.depth = (1.0 - self.radius) * min(self.wide, self.long)
        """Distance below the skin, roughly, in half image widths."""

    def draw(self) -> Field:
        hu = np.full((self.size, self.size), AIR, dtype=np.float32)
        thick = 0.055 + 0.05 * self.height**3 + 0.01 * self.fold(9, 3)
        self.inner = self.depth - 0.030 - thick
        """Distance below the inner table of the skull."""
        hu[self.depth > 0] = SCALP
        hu[(self.depth > 0.008) & (self.depth < 0.024)] = FAT
        skull = (self.depth > 0.030) & (self.inner < 0)
        middle = np.abs(self.depth - 0.030 - thick / 2) < thick / 5
        hu[skull] = BONE
        hu[skull & middle] = DIPLOE
        hu[self.inner >= 0] = FLUID
        self._brain(hu)
        self._bleed(hu)
        self._head_rest(hu)
        return self._imaged(hu)

    def _brain(self, hu: Field) -> None:
        inner = self.inner
        sulcus = np.abs(self.fold(11, 1)) < 0.10 * np.clip(1.0 - inner / 0.16, 0, 1)
        brain = (inner > 0.012) & ~sulcus
        ribbon = inner + 0.03 * self.fold(13, 2) < 0.055
        hu[brain] = WHITE_MATTER + 1.5 * self.fold(24, 4)[brain]
        hu[brain & (ribbon | self._near(sulcus))] = GREY_MATTER
        for side in (-1.0, 1.0):
            nucleus = self.oval(side * 0.17, -0.02, 0.085, 0.14, 0.35 * side)
            hu[nucleus & brain & (self.height < 0.6)] = GREY_MATTER
        if self.height < 0.8:
            for side in (-1.0, 1.0):
                self._ventricle(hu, side)
        if 0.25 < self.height < 0.55:
            hu[self.oval(0.0, 0.10, 0.014, 0.014, 0.0)] = CALCIUM
        falx = (np.abs(self.x + 0.004 * self.fold(7, 5)) < 0.006) & (inner > 0)
        front_and_back = np.abs(self.y) > (0.30 if self.height < 0.7 else 0.0) * self.long
        hu[falx & front_and_back] = DURA

    def _ventricle(self, hu: Field, side: float) -> None:
        swell = 1.0 - 0.9 * abs(self.height - 0.45)
        body = self.oval(side * 0.065, -0.08, 0.028 * swell, 0.17 * swell, -0.22 * side)
        back = self.oval(side * 0.16, 0.22, 0.026 * swell, 0.11 * swell, 0.50 * side)
        hu[(body | back) & (self.inner > 0.06)] = FLUID

    def _bleed(self, hu: Field) -> None:
        kind, side = self.head.bleed, self.side
        reach = 1.0 - ((self.height - 0.5) / 0.38) ** 2
        if kind is Bleed.NONE or reach <= 0:
            return
        blood = FRESH_BLOOD + 3.0 * self.fold(18, 6)
        if kind is Bleed.INTRAPARENCHYMAL:
            x, y = side * self.spot[0], self.spot[1]
            edge = 0.12 * np.sqrt(reach) * (1.0 + 0.35 * self.fold(8, 8))
            distance = np.hypot(self.x - x, (self.y - y) / 1.3)
            hu[(distance < edge + 0.03) & (self.inner > 0.02)] = OEDEMA
            mask = (distance < edge) & (self.inner > 0.02)
        else:
            angle = np.arctan2(self.y, side * self.x)
            half = 1.05 if kind is Bleed.SUBDURAL else 0.55
            bow = np.clip(1.0 - (angle / half) ** 2, 0, 1)
            depth = 0.075 * np.sqrt(bow) if kind is Bleed.SUBDURAL else 0.13 * bow
            mask = (self.inner >= 0) & (self.inner < depth * np.sqrt(reach))
            mask &= side * self.x > 0.02
        hu[mask] = blood[mask]

    def _head_rest(self, hu: Field) -> None:
        arc = np.hypot(self.x, self.y + 0.05)
        rest = (np.abs(arc - 0.93) < 0.006) & (self.y > 0.35)
        hu[rest & (self.depth < -0.01)] = 120.0

    def _imaged(self, hu: Field) -> Field:
        """Partial volume and the grain of a soft-tissue kernel; whole HU, as a scanner stores."""
        grain = self.noise.normal(0.0, NOISE, hu.shape).astype(np.float32)
        blurred = _smooth(hu, self.size / 512)
        rough = grain + 0.8 * _smooth(grain * 2.5, 1.2 * self.size / 512)
        return np.rint(np.clip(blurred + np.where(hu > -500, rough, grain), -1024, 3071))

    def oval(self, x: float, y: float, a: float, b: float, tilt: float) -> NDArray[np.bool_]:
        """Pixels inside an ellipse of half axes a (across) and b (along), turned by ``tilt``."""
        dx, dy = self.x - x, self.y - y
        across = dx * np.cos(tilt) + dy * np.sin(tilt)
        along = -dx * np.sin(tilt) + dy * np.cos(tilt)
        inside: NDArray[np.bool_] = (across / a) ** 2 + (along / b) ** 2 < 1
        return inside

    def fold(self, cells: int, which: int) -> Field:
        """A smooth random field of about unit spread; it changes slowly from slice to slice."""
        rng = np.random.default_rng((self.head.seed, which))
        layers = rng.normal(size=(6, cells, cells)).astype(np.float32)
        place = self.height * (len(layers) - 1)
        below = min(int(place), len(layers) - 2)
        part = place - below
        grid = layers[below] * np.cos(part * np.pi / 2) + layers[below + 1] * np.sin(
            part * np.pi / 2
        )
        image = PilImage.fromarray(grid.astype(np.float32)).resize(
            (self.size, self.size), PilImage.Resampling.BICUBIC
        )
        return np.asarray(image, dtype=np.float32) * 1.3

    def _near(self, mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
        near: NDArray[np.bool_] = _smooth(mask.astype(np.float32), 3.0 * self.size / 512) > 0.08
        return near


def _smooth(values: Field, sigma: float) -> Field:
    """Blur with a Gaussian of ``sigma`` pixels, edges repeated."""
    reach = max(1, round(3 * sigma))
    taps = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma) ** 2)
    taps = (taps / taps.sum()).astype(np.float32)
    for axis in (0, 1):
        pad = [(reach, reach) if a == axis else (0, 0) for a in (0, 1)]
        padded = np.pad(values, pad, mode="edge")
        views = np.lib.stride_tricks.sliding_window_view(padded, len(taps), axis=axis)
        values = (views @ taps).astype(np.float32)
    return values
