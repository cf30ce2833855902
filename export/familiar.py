"""``cranioscope-export novelty MODEL.onnx DATA [DATA ...] --out FILE.onnx``: what is familiar.

Chosen anew by today's rules, for a model from before them. Scores and heat maps stay.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray

from export.onnx_file import write
from export.requantise import UsedImages, given, opened_card
from export.table import table
from model.card import HELD_OUT, LEARNT, ModelCard
from model.session import NOVELTY
from trainer.results import novelty
from trainer.results.model_graph import PROFILE, known_answer, with_gaussian, with_outputs


def parser() -> argparse.ArgumentParser:
    """The options of ``cranioscope-export novelty``."""
    made = argparse.ArgumentParser(
        prog="cranioscope-export novelty",
        description="Choose anew, by today's rule, what is too far from the training images.",
    )
    add = made.add_argument
    add("model", type=Path, metavar="MODEL.onnx", help="any model, INT8 too")
    add("data", type=Path, nargs="+", metavar="DATA", help="folders with its images, see its card")
    add("--out", type=Path, required=True, metavar="FILE.onnx", help="the model that it becomes")
    return made


def main(argv: Sequence[str]) -> None:
    """Measure, choose, write and print. Raises ExportError, NoveltyError and others."""
    arguments = parser().parse_args(argv)
    card = opened_card(arguments.model, arguments.out)
    model = onnx.load(arguments.model)
    made, card = with_familiar(model, card, UsedImages.of(arguments.data, card))
    size = write(made, card, arguments.out)
    print(table(card, arguments.out, size), flush=True)


def with_familiar(
    model: onnx.ModelProto, card: ModelCard, material: UsedImages
) -> tuple[onnx.ModelProto, ModelCard]:
    """Model and card with the Gaussian of what it learnt from, and the cut of held-out heads.

    Both by the model's own values. Raises NoveltyError for fewer than ``novelty.FEWEST`` images
    of either use.
    """
    learnt, held_out = (_of(material, use) for use in (LEARNT, HELD_OUT))
    novelty.refuse_too_few(len(learnt.images), "learnt")
    novelty.refuse_too_few(len(held_out.images))
    [profiles] = given(with_outputs(model, (PROFILE,)), (PROFILE,), learnt.inputs)
    made = with_gaussian(model, novelty.fit(profiles, _sources(learnt)))
    [distances] = given(made, (NOVELTY,), held_out.inputs)
    chosen = replace(
        card,
        novelty_cut=novelty.cut(distances, _sources(held_out)),
        novelty_rule=novelty.RULE,
        known_answer=known_answer(made, card),
    )
    return made, chosen


def _of(material: UsedImages, use: str) -> UsedImages:
    rows = np.flatnonzero(material.uses == use)
    images = tuple(material.images[row] for row in rows)
    return UsedImages(images, material.inputs[rows], material.uses[rows])


def _sources(material: UsedImages) -> NDArray[np.str_]:
    return np.array([image.source for image in material.images])
