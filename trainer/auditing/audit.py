"""``cranioscope-train audit DATA [DATA ...] --out FOLDER``: what is wrong with labelled images.

Repeats and neighbours that a split would divide, and shortcuts that tell the classes apart without
anatomy. Written: ``audit.md``, ``audit.html`` (with images of the pairs), ``pairs.csv``,
``groups.csv`` (for training's ``--groups``).
"""

from __future__ import annotations

import argparse
import io
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from PIL import Image as PilImage

from imaging.input.recipe import InputRecipe
from model.probability import UNCALIBRATED
from trainer.arguments import LABELS, ArgumentsError, refuse_inside, say_columns
from trainer.auditing import chapters, shortcuts
from trainer.auditing.repeats import RECIPE, Found, find, propose_groups
from trainer.auditing.shortcuts import Floors, OfRun
from trainer.data import folds
from trainer.data.asked_labels import AskedLabels
from trainer.data.folds import FoldError, Part
from trainer.data.inputs import network_inputs
from trainer.data.labels import LabelledImage
from trainer.files import write_atomically
from trainer.reports.document import Block, Figure, to_html, to_markdown
from trainer.results import baseline
from trainer.results.evaluation import Performance, performance
from trainer.results.run_folder import RunFolder

PAGE, SUMMARY, PAIRS, GROUPS = "audit.html", "audit.md", "pairs.csv", "groups.csv"
FOLDS, SEED = 5, 0
DRAWN = 400
"""Pairs that the page shows as images; 30 kB each."""


@dataclass(frozen=True)
class Collection:
    """The images of an audit with what was found about them, all in one order."""

    images: tuple[LabelledImage, ...]
    """In the proposed groups."""
    found: Found
    inputs: NDArray[np.uint8]
    """(N, size, size), as the network of the default recipe gets them."""

    def own_id(self, row: int) -> str:
        """The id in the image's own table."""
        return self.images[row].image_id.removeprefix(f"{self.images[row].source}/")


def parser() -> argparse.ArgumentParser:
    """The options of ``cranioscope-train audit``."""
    made = argparse.ArgumentParser(
        prog="cranioscope-train audit",
        description="Look for repeats, neighbours and shortcuts in folders of labelled images.",
    )
    add = made.add_argument
    add(
        "data", type=Path, nargs="+", metavar="DATA", help="folder with images and labels.csv in it"
    )
    add("--out", type=Path, required=True, metavar="FOLDER", help="where the tables are written")
    add("--labels", type=Path, metavar="FILE", help=LABELS)
    say_columns(add)
    add("--run", type=Path, metavar="RUN", help="a finished run on these images, to set beside")
    return made


def main(argv: Sequence[str]) -> None:
    """Audit as the arguments say. Raises what a person can mend, with sentences."""
    arguments = parser().parse_args(argv)
    out: Path = arguments.out
    refuse_inside(out, arguments.data, "FOLDER")
    run = None if arguments.run is None else RunFolder(arguments.run)
    asked = AskedLabels.of(arguments)
    images = asked.images()
    print(*asked.columns_read(), sep="\n", flush=True)
    collection = examine(images)
    blocks = report(collection, run)
    out.mkdir(parents=True, exist_ok=True)
    write_atomically(out / PAIRS, _pairs_table(collection).to_csv(index=False))
    write_atomically(out / GROUPS, _groups_table(collection).to_csv(index=False))
    write_atomically(out / SUMMARY, to_markdown(chapters.TITLE, blocks))
    shown = [*chapters.images_note(), *_figures(collection)]
    write_atomically(out / PAGE, to_html(chapters.TITLE, [*blocks, *shown]))
    print(to_markdown(chapters.TITLE, blocks))
    print(f"Written: {', '.join(str(out / name) for name in (PAGE, SUMMARY, PAIRS, GROUPS))}.")


def examine(images: Sequence[LabelledImage]) -> Collection:
    """Find what belongs together, and group the images by it. Raises InputError."""
    paths = [image.path for image in images]
    print(f"Reading {len(images)} images and comparing them.", flush=True)
    with tempfile.TemporaryDirectory() as cache:
        found = find(network_inputs(paths, RECIPE, Path(cache)), [image.source for image in images])
        inputs = network_inputs(paths, InputRecipe(), Path(cache))
    ids = [image.image_id for image in images]
    groups = propose_groups(ids, [image.group for image in images], found.pairs)
    grouped = (replace(s, group=g) for s, g in zip(images, groups, strict=True))
    return Collection(tuple(grouped), found, inputs)


def report(collection: Collection, run: RunFolder | None = None) -> list[Block]:
    """All chapters without the images. Raises ArgumentsError for a run on other images."""
    images, sources = collection.images, [image.source for image in collection.images]
    features = Features(baseline.of_files(images), baseline.of_inputs(collection.inputs))
    floors = {}
    for source in dict.fromkeys(sources):
        rows = np.flatnonzero([other == source for other in sources])
        floors[source] = _floors(collection, features, rows)
    if len(floors) > 1:
        floors["all together"] = _floors(collection, features, np.arange(len(images)))
    beside = None if run is None else _beside(collection, features, run)
    return [
        *chapters.counts(images),
        *chapters.pairs(images, collection.found),
        *chapters.groups(images),
        *shortcuts.without_anatomy(floors, FOLDS),
        *(() if beside is None else shortcuts.of_run(beside)),
    ]


@dataclass(frozen=True)
class Features:
    """What can be known of each image without anatomy: float64 (N, columns)."""

    files: NDArray[np.float64]
    inputs: NDArray[np.float64]

    def floors(
        self,
        rows: NDArray[np.int64],
        images: Sequence[LabelledImage],
        parts: Sequence[Part],
        numbers: Sequence[int],
    ) -> Floors:
        """How a forest on either fares on those rows, whose images and parts are given.

        ``numbers``: the folds that are assessed.
        """

        def fares(features: NDArray[np.float64]) -> Performance:
            found = baseline.predict_from(features[rows], images, parts, numbers, SEED)
            return performance(found, UNCALIBRATED, 0.5)

        return Floors(fares(self.files), fares(self.inputs))


def _floors(collection: Collection, features: Features, rows: NDArray[np.int64]) -> Floors | None:
    """In folds that keep the proposed groups whole; None where they cannot be made."""
    images = [collection.images[row] for row in rows]
    try:
        parts = folds.split(images, 0.0, FOLDS, SEED, grouped=True)
    except FoldError:
        return None
    return features.floors(rows, images, parts, range(1, FOLDS + 1))


def _beside(collection: Collection, features: Features, run: RunFolder) -> OfRun:
    """A run's network and the floors in the run's own folds, assessed in the proposed groups."""
    row_of = {image.image_id: row for row, image in enumerate(collection.images)}
    ids = [image.image_id for image in run.images()]
    strange = [image_id for image_id in ids if image_id not in row_of]
    if strange:
        raise ArgumentsError(f'{run.path}: its image "{strange[0]}" is not in the folders given.')
    rows = np.array([row_of[image_id] for image_id in ids], dtype=np.int64)
    images, parts = [collection.images[row] for row in rows], run.parts()
    place = dict(zip(rows.tolist(), (part.fold for part in parts), strict=True))
    both = [p for p in collection.found.pairs if p.first in place and p.second in place]
    predicted = run.out_of_fold()
    groups = tuple(collection.images[row_of[image_id]].group for image_id in predicted.image_ids)
    return OfRun(
        recipe=run.settings.recipe,
        network=performance(replace(predicted, groups=groups), UNCALIBRATED, 0.5),
        floors=features.floors(rows, images, parts, run.finished),
        pairs=len(both),
        divided=sum(place[pair.first] != place[pair.second] for pair in both),
    )


def _pairs_table(collection: Collection) -> pd.DataFrame:
    rows = []
    for pair in collection.found.pairs:
        row: dict[str, str | int | float] = {"kind": pair.kind.value}
        for place, end in (("", pair.first), ("_2", pair.second)):
            row[f"source{place}"] = collection.images[end].source
            row[f"image_id{place}"] = collection.own_id(end)
            row[f"label{place}"] = collection.images[end].label
        row["likeness"], row["excess"] = round(pair.likeness, 4), round(pair.excess, 4)
        row["mirrored"] = int(pair.mirrored)
        rows.append(row)
    return pd.DataFrame(rows)


def _groups_table(collection: Collection) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "source": [image.source for image in collection.images],
            "image_id": [collection.own_id(row) for row in range(len(collection.images))],
            "group": [image.group for image in collection.images],
        }
    )


def _figures(collection: Collection) -> list[Figure]:
    figures = []
    for number, pair in enumerate(collection.found.pairs[:DRAWN], 1):
        file = io.BytesIO()
        both = np.hstack([collection.inputs[pair.first], collection.inputs[pair.second]])
        PilImage.fromarray(both).save(file, "PNG")
        caption = chapters.caption(collection.images, pair)
        figures.append(Figure(f"pair-{number}.png", file.getvalue(), caption))
    return figures
