"""How fast planes are cut: ``python -m tests.bench.planes [SLICES]``.

A volume of 512 × 512 × 300 as after loading, upright and tilted; coronal, sagittal and slabs. The
ratio is that of a plane's pixels to a bare copy of as many, in one run.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from imaging.image import Geometry, Identity, ImageHeader, Unit
from imaging.stack import stack_of
from imaging.volume import Blend, Direction, Slab, Volume

Pixels = NDArray[np.float32] | NDArray[np.uint8]
SIDE = 512
PLANES = 60
SLABS = (Slab(), Slab(5.0), Slab(10.0), Slab(10.0, Blend.MAXIMUM), Slab(20.0, Blend.MAXIMUM))


def made(slices: int, tilt: float) -> Volume:
    """Noise where a head would be: what the values are does not matter here."""
    radians = np.radians(tilt)
    down = (0.0, float(np.cos(radians)), float(-np.sin(radians)))
    who = Identity(series_uid="1.2.3", modality="CT")
    headers = [
        ImageHeader(
            Unit.HOUNSFIELD,
            SIDE,
            SIDE,
            kind="DICOM",
            identity=who,
            geometry=Geometry(
                (-125.0, -125.0, 0.625 * number), (1.0, 0.0, 0.0, *down), (0.4883, 0.4883), 0.625
            ),
        )
        for number in range(slices)
    ]
    values = np.random.default_rng(0).integers(-1000, 1000, (slices, SIDE, SIDE), dtype=np.int16)
    return Volume(stack_of([(Path("a"), header) for header in headers]), values)


def speed(cut: Callable[[int], object]) -> float:
    """Planes a second of processor time, over neighbours as the wheel turns through them.

    Processor time, as one thread cuts them, and a machine with other work would be measured else.
    """
    cut(0)
    began = time.process_time()
    for number in range(PLANES):
        cut(number)
    return PLANES / (time.process_time() - began)


def _copy(pixels: Pixels, _number: int) -> Pixels:
    return pixels.copy()


def _cut(volume: Volume, direction: Direction, slab: Slab, first: int, number: int) -> Pixels:
    return volume.plane(direction, first + number, slab).pixels


def measure(slices: int) -> dict[str, dict[str, float]]:
    """Planes a second, and of a bare copy, by what is cut."""
    found = {}
    for tilt in (0.0, 18.5):
        volume = made(slices, tilt)
        for direction in Direction:
            middle = volume.count(direction) // 2 - PLANES // 2
            pixels = volume.plane(direction, middle).pixels
            bare = speed(partial(_copy, pixels))
            for slab in SLABS:
                planes = speed(partial(_cut, volume, direction, slab, middle))
                name = f"{direction} {slab.thickness:g} mm {slab.blend}, tilt {tilt:g}"
                found[name] = {
                    "planes_per_second": round(planes, 1),
                    "of_bare_copy": round(planes / bare, 3),
                }
    return found


if __name__ == "__main__":
    print(json.dumps(measure(int(sys.argv[1]) if len(sys.argv) > 1 else 300), indent=2))
