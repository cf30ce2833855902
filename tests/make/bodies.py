"""Generated slices of bodies that are no head, and of skulls without a brain, in HU and in mm."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

Slice = NDArray[np.float32]
Mask = NDArray[np.bool_]

SIDE = 256
"""Rows and columns of a slice."""
PEOPLE = {"adult": (350.0, 240.0), "slim": (275.0, 190.0), "child": (205.0, 150.0)}
"""Millimetres across and from front to back."""
AIR, LUNG, FAT, WATER, MUSCLE, LIVER, MARROW, BONE = -1000, -830, -100, 5, 52, 60, 180, 700


class _Canvas:
    """A slice to draw ellipses on, in millimetres from its middle: x to the left, y to the back."""

    def __init__(self, across: float, deep: float, seed: int) -> None:
        self.across, self.deep, self.seed = across, deep, seed
        self.spacing = 1.15 * across / SIDE
        axis = (np.arange(SIDE) - (SIDE - 1) / 2) * self.spacing
        self.x, self.y = np.meshgrid(axis, axis)
        self.hu = np.full((SIDE, SIDE), AIR, dtype=np.float32)

    def oval(self, x: float, y: float, wide: float, long: float) -> Mask:
        """An ellipse; all four as shares of the half width and half depth of the body."""
        across = (self.x - x * self.across / 2) / (wide * self.across / 2)
        along = (self.y - y * self.deep / 2) / (long * self.deep / 2)
        inside: Mask = across**2 + along**2 < 1
        return inside

    def bone(self, x: float, y: float, wide: float, long: float) -> None:
        """Marrow in a shell of 3 mm."""
        self.hu[self.oval(x, y, wide, long)] = BONE
        thin = 6 / self.across, 6 / self.deep
        if wide > thin[0] and long > thin[1]:
            self.hu[self.oval(x, y, wide - thin[0], long - thin[1])] = MARROW

    def ribs(self, count: int, seed: int) -> None:
        """Oblique cuts through ribs around the wall."""
        turn = np.random.default_rng(seed).uniform(0, np.pi / count)
        for angle in np.arange(count) * 2 * np.pi / count + turn:
            self.bone(0.86 * np.cos(angle), 0.84 * np.sin(angle), 0.05, 0.045)

    def scanned(self) -> Slice:
        noise = np.random.default_rng(self.seed).normal(0, 25, self.hu.shape)
        made = gaussian_filter(self.hu, 0.8) + gaussian_filter(noise, 0.7)
        scanned: Slice = np.rint(made.clip(-1024, 3071)).astype(np.float32)
        return scanned


def _wall(canvas: _Canvas) -> None:
    canvas.hu[canvas.oval(0, 0, 1, 1)] = FAT
    canvas.hu[canvas.oval(0, 0, 0.93, 0.9)] = MUSCLE


def _spine(canvas: _Canvas) -> None:
    canvas.bone(0, 0.5, 0.14, 0.17)
    canvas.bone(0, 0.76, 0.05, 0.1)
    canvas.hu[canvas.oval(0, 0.67, 0.05, 0.06)] = WATER


def chest(canvas: _Canvas, at: float) -> None:
    """Lungs that grow towards the diaphragm, heart, ribs, sternum."""
    _wall(canvas)
    for side in (-1, 1):
        canvas.hu[canvas.oval(0.45 * side, 0.05, 0.22 + 0.14 * at, 0.45 + 0.2 * at)] = LUNG
    canvas.hu[canvas.oval(0.1, -0.15, 0.15 + 0.15 * at, 0.3)] = 45
    canvas.ribs(14, int(at * 100))
    canvas.bone(0, -0.86, 0.1, 0.05)
    _spine(canvas)


def abdomen(canvas: _Canvas, at: float) -> None:
    """Liver, spleen, kidneys, bowel with gas, fat around; the last ribs above."""
    _wall(canvas)
    canvas.hu[canvas.oval(0, 0, 0.85, 0.8)] = FAT
    canvas.hu[canvas.oval(-0.4, -0.05, 0.42 - 0.2 * at, 0.65)] = LIVER
    canvas.hu[canvas.oval(0.55, 0.2, 0.2, 0.4)] = 48
    for side in (-1, 1):
        canvas.hu[canvas.oval(0.4 * side, 0.45, 0.15, 0.22)] = 32
    for x, y in ((0.1, -0.4), (0.4, -0.3), (0.0, -0.05), (0.25, 0.1)):
        canvas.hu[canvas.oval(x, y, 0.13, 0.2)] = 40
        canvas.hu[canvas.oval(x, y - 0.05, 0.07, 0.08)] = AIR
    if at < 0.5:
        canvas.ribs(10, int(at * 100))
    _spine(canvas)


def pelvis(canvas: _Canvas, at: float) -> None:
    """Iliac wings and sacrum, then hips; bladder."""
    _wall(canvas)
    canvas.hu[canvas.oval(0, -0.2, 0.7, 0.55)] = FAT
    canvas.hu[canvas.oval(0, -0.3, 0.3, 0.35)] = WATER
    for side in (-1, 1):
        canvas.bone(0.6 * side, 0.15, 0.09 + 0.07 * at, 0.4 - 0.1 * at)
    canvas.bone(0, 0.65, 0.25, 0.15)


def thigh(canvas: _Canvas, at: float) -> None:
    """One thigh: a femur in muscle."""
    canvas.hu[canvas.oval(0, 0, 0.55, 0.75)] = FAT
    canvas.hu[canvas.oval(0, 0, 0.48, 0.65)] = MUSCLE
    canvas.bone(0.03, 0.05, 0.1, 0.14 + 0.02 * at)


PARTS: dict[str, Callable[[_Canvas, float], None]] = {
    "chest": chest,
    "abdomen": abdomen,
    "pelvis": pelvis,
    "thigh": thigh,
}


def body_slices(part: str, person: str, count: int = 10) -> Iterator[tuple[Slice, float]]:
    """Slices of a part from above down, each with its pixel spacing in millimetres."""
    for number in range(count):
        canvas = _Canvas(*PEOPLE[person], seed=number)
        PARTS[part](canvas, number / count)
        yield canvas.scanned(), canvas.spacing


def without_tissue(head: Slice) -> Slice:
    """The bone of a head alone, in air: what is between water and bone becomes its border."""
    bone = np.clip((head - 100.0) / 500.0, 0.0, 1.0)
    made: Slice = np.rint(AIR + bone * (head - AIR)).astype(np.float32)
    return made
