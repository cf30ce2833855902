"""The chapters on what labels can be told from without anatomy, and on a network beside that."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from imaging.input.recipe import InputRecipe
from model.proportion import Interval
from trainer.reports.chapters import INTERVALS, RESULTS, result_row
from trainer.reports.document import Block, Heading, Paragraph, Table
from trainer.results.evaluation import Performance


@dataclass(frozen=True)
class Floors:
    """What can be reached without anatomy."""

    files: Performance
    """From size, bytes, tint, format and grey statistics of the files."""
    inputs: Performance
    """From what is left of it in the network's inputs."""


@dataclass(frozen=True)
class OfRun:
    """A run's network beside what needs no network, out of fold, in the run's own folds."""

    recipe: InputRecipe
    network: Performance
    floors: Floors
    pairs: int
    """Proposed pairs with both images in the run."""
    divided: int
    """Those of them that the run has put into different parts."""


def without_anatomy(floors: Mapping[str, Floors | None], n_folds: int) -> list[Block]:
    """What is reached without anatomy, from the files and from the network's inputs."""
    rows: list[tuple[str, ...]] = []
    for source, floor in floors.items():
        if floor is None:
            rows.append((source, "too few images or groups for the folds", "", "", "", ""))
            continue
        rows.append(result_row(f"{source}: files", floor.files, floor.files.half))
        rows.append(result_row(f"{source}: network's inputs", floor.inputs, floor.inputs.half))
    return [
        Heading("Without anatomy"),
        Paragraph(
            "A random forest that sees no anatomy, out of fold, groups kept whole. “Files”: "
            "image size, file size, tint, format and grey statistics. “Network's inputs”: after "
            "size, proportions, tint and format were made equal (grey, cropped to the head, padded "
            "to a square, resized) only the grey's statistics and how well the input can be packed "
            f"are left. {INTERVALS}"
        ),
        Table(f"At probability 0.5, {n_folds} grouped folds", RESULTS, tuple(rows)),
        *(Paragraph(_conclusion(source, floor)) for source, floor in floors.items() if floor),
    ]


def _conclusion(source: str, floor: Floors) -> str:
    return f"{source}: {_of_files(floor.files.auc)} {_of_inputs(floor.inputs.auc)}"


def _of_files(area: Interval) -> str:
    if math.isnan(area.low):
        return (
            "too few groups of a class for a CI of the AUC. Whether the labels can be told apart "
            "without looking at anatomy is not known."
        )
    if area.low > 0.5:
        return (
            "the labels can be told apart without looking at anatomy, with an AUC of "
            f"{area.value:.3f}. A network has shown something only by what it reaches above that, "
            "not above 0.5."
        )
    where = "holds" if area.high >= 0.5 else "lies below"
    return f"no shortcut in the files shows itself (the AUC's interval {where} 0.5)."


def _of_inputs(area: Interval) -> str:
    if math.isnan(area.low):
        return "Nor is it known of the network's inputs."
    if not area.low > 0.5:
        return "On the network's inputs the forest finds nothing."
    return (
        f"On the network's inputs {area.value:.3f} are left: by grey values and "
        "sharpness, some of which haemorrhage itself changes (blood is bright), some the way the "
        "images were gathered. Images from elsewhere tell which; these folds cannot."
    )


def of_run(run: OfRun) -> list[Block]:
    """A network's result after size and tint were made equal, and what was not."""
    rows = (
        result_row("network", run.network, run.network.half),
        result_row("no anatomy: network's inputs", run.floors.inputs, run.floors.inputs.half),
        result_row("no anatomy: files", run.floors.files, run.floors.files.half),
    )
    recipe = run.recipe
    if recipe.crop_to_head:
        equal = "cropped to the head, so that margins and scale are equal as well"
    else:
        equal = "but not cropped to the head: margins and the head's scale still differ"
    return [
        Heading("The network, size and tint made equal"),
        Paragraph(
            f"Equal for every image: one grey channel (no tint, no transparency), "
            f"{recipe.size}×{recipe.size} pixels, the same file format; {equal}. Not equal: "
            "sharpness (small images were enlarged), noise, traces of compression, the window "
            "that an image was saved in, letters and tables beside the head, the head's "
            "proportions, and which levels of the head were chosen for either label."
        ),
        Table("Out of fold in the run's own folds, at probability 0.5", RESULTS, rows),
        Paragraph(
            f"Of {run.pairs} proposed pairs within the run, {run.divided} lie in different parts "
            "of its split."
            + (
                " To that extent the network was assessed on what it had trained on; train again "
                "with these groups."
                if run.divided
                else ""
            ),
            warning=run.divided > 0,
        ),
    ]
