"""``cranioscope-export cut MODEL.onnx DATA [DATA ...] --out FILE.onnx``: the novelty cut anew.

By today's rule, for a model from before it. Nothing else of the model is changed.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx

from export.errors import ExportError
from export.onnx_file import check_target, write
from export.requantise import UsedImages, given
from export.table import table
from model.card import HELD_OUT, ModelCard
from model.session import NOVELTY
from trainer.reports.external import ModelError, open_model
from trainer.results import novelty


def parser() -> argparse.ArgumentParser:
    """The options of ``cranioscope-export cut``."""
    made = argparse.ArgumentParser(
        prog="cranioscope-export cut",
        description="Choose anew, by today's rule, what is too far from the training images.",
    )
    add = made.add_argument
    add("model", type=Path, metavar="MODEL.onnx", help="any model, INT8 too")
    add("data", type=Path, nargs="+", metavar="DATA", help="folders with its held-out images")
    add("--out", type=Path, required=True, metavar="FILE.onnx", help="the model with the new cut")
    return made


def main(argv: Sequence[str]) -> None:
    """Measure, choose, write and print. Raises ExportError, NoveltyError and others."""
    arguments = parser().parse_args(argv)
    check_target(arguments.out)
    try:
        card = open_model(arguments.model).card
    except ModelError as error:
        raise ExportError(str(error)) from error
    model = onnx.load(arguments.model)
    made = recut(model, card, UsedImages.of(arguments.data, card))
    size = write(model, made, arguments.out)
    print(table(made, arguments.out, size), flush=True)


def recut(model: onnx.ModelProto, card: ModelCard, material: UsedImages) -> ModelCard:
    """The card with the cut of the model's own distances of held-out heads.

    Raises NoveltyError for fewer than ``novelty.FEWEST`` of them.
    """
    rows = np.flatnonzero(material.uses == HELD_OUT)
    sources = np.array([material.images[row].source for row in rows])
    distances = np.zeros(0)
    if len(rows):
        [distances] = given(model, (NOVELTY,), material.inputs[rows])
    return replace(card, novelty_cut=novelty.cut(distances, sources), novelty_rule=novelty.RULE)
