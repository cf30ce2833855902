"""``cranioscope-train generate FOLDER``: a labelled folder of generated heads, or of plates.

Heads are a third kind of image beside real sites: nothing that is special to a site helps to read
it, and the samples that ship with the program are of its kind. It proves nothing about patients.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from PIL import Image as PilImage

from imaging.image import Image, ImageHeader, Unit
from imaging.samples.phantom import Bleed, Head
from imaging.window import BRAIN, to_grey
from trainer.arguments import ArgumentsError
from trainer.data.generated_parts import plate
from trainer.data.label_table import TABLE_NAME
from trainer.data.labels import GROUP_COLUMN, IMAGE_FOLDER
from trainer.files import write_atomically

FIRST_SEED = 1000
"""The samples' heads and those of the tests lie below: nobody is taught what it is shown."""
SIDE = 256
BLEEDING = (0.25, 0.75)
"""Heights between which a head with a bleed shows it large enough to be called so."""
HEIGHTS = (0.15, 0.85)


def main(argv: Sequence[str]) -> None:
    """Write as the arguments say. Raises ArgumentsError, OSError."""
    made = argparse.ArgumentParser(
        prog="cranioscope-train generate",
        description="Write a labelled folder of generated heads, or of plates as another task.",
    )
    made.add_argument("folder", type=Path, metavar="FOLDER", help="a new folder")
    kind = made.add_mutually_exclusive_group()
    kind.add_argument("--heads", type=int, default=40, metavar="N", help="default: %(default)s")
    kind.add_argument(
        "--parts", type=int, metavar="N", help="N plates in colour, half with rust, and no heads"
    )
    arguments = made.parse_args(argv)
    count = arguments.heads if arguments.parts is None else arguments.parts
    if count < 2:
        raise ArgumentsError("At least two are needed: one with the finding, one without.")
    if arguments.folder.exists():
        raise ArgumentsError(f"{arguments.folder} is there already.")
    if arguments.parts is not None:
        write_parts(arguments.folder, count)
        print(f"{count} images of plates written.")
        return
    print(f"{write(arguments.folder, count)} slices of {count} heads written.")


def write_parts(folder: Path, count: int) -> None:
    """``count`` plates, every other one with a spot of rust."""
    images = folder / IMAGE_FOLDER
    images.mkdir(parents=True)
    for number in range(count):
        image = PilImage.fromarray(plate(FIRST_SEED + number, bool(number % 2)))
        image.save(images / f"{number:04}.png")
    rows = [(f"{number:04}", number % 2) for number in range(count)]
    table = pd.DataFrame(rows, columns=["image_id", "rust_label"])
    write_atomically(folder / TABLE_NAME, table.to_csv(index=False))


def write(folder: Path, heads: int) -> int:
    """Two slices of each of ``heads`` heads, every other one with a bleed; the number of slices."""
    images = folder / IMAGE_FOLDER
    images.mkdir(parents=True)
    kinds = [kind for kind in Bleed if kind is not Bleed.NONE]
    rows = []
    for number in range(heads):
        seed = FIRST_SEED + number
        bleed = kinds[number // 2 % len(kinds)] if number % 2 else Bleed.NONE
        random = np.random.default_rng(seed)
        for height in random.uniform(*(BLEEDING if number % 2 else HEIGHTS), size=2):
            name = f"{seed}-{round(1000 * height):03d}"
            grey = _grey(Head(seed, bleed, SIDE), float(height))
            PilImage.fromarray(grey).save(images / f"{name}.png")
            rows.append((name, number % 2, f"{seed}"))
    table = pd.DataFrame(rows, columns=["image_id", "hemorrhage_label", GROUP_COLUMN])
    write_atomically(folder / TABLE_NAME, table.to_csv(index=False))
    return len(rows)


def _grey(head: Head, height: float) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    pixels = head.slice_at(height)
    return to_grey(Image(ImageHeader(Unit.HOUNSFIELD, *pixels.shape), pixels), BRAIN)
