"""``cranioscope-train fine-map MODEL.onnx DATA [DATA ...] --out FOLDER``: a finer heat map.

The score stays as it is. A convolution on the map before the last stage is learnt on images with
boxes and on drawn thin bleeds, and divides what each cell of the heat map says among finer cells.
Images that the model's card calls test or held out are not learnt from. Patients are divided into
folds, so that where the map points is counted on patients that the convolution has not seen.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import helper

from imaging.input.recipe import Channels, Subject
from model.card import HELD_OUT, TEST, ModelCard
from model.session import HEAT_MAP, LOGIT
from trainer.arguments import ArgumentsError, at_least, model_parser
from trainer.data.labels import LabelledImage
from trainer.data.provenance import sha256_of
from trainer.files import write_atomically
from trainer.heads.fine_study import FineStudy
from trainer.heads.opening import opened
from trainer.learning import fine_map, fine_material
from trainer.learning.fine_material import Ask
from trainer.learning.last_stages import LastStages
from trainer.learning.peak_material import Source, joined
from trainer.recipes import MOVED
from trainer.reports import external
from trainer.reports.report_folder import PAGE, write_report
from trainer.results.fine_graph import FineWeights, has_fine_map, with_fine_map
from trainer.results.fine_places import Places
from trainer.results.model_graph import FEATURES, GraphError, outputs, with_outputs
from trainer.settings import FineMapSettings

ALSO = "the same map for another file of the same network, INT8 for example; may be repeated"
DRAWN = "thin bleeds drawn on so many images of each folder at most; default: %(default)s"
NOTE = (
    "What each cell of the heat map says is divided among finer cells by a convolution that was "
    "learnt afterwards, on {boxed} images with boxes and {drawn} drawn bleeds; no score is "
    "changed by it."
)


def parser() -> argparse.ArgumentParser:
    """The options of ``cranioscope-train fine-map``."""
    made = model_parser(
        "fine-map",
        "Give a model a finer heat map, learnt on images with boxes and on drawn bleeds. "
        "Its scores stay as they are.",
        data="folder with images, labels.csv and boxes.csv",
        out="where the report goes",
    )
    add = made.add_argument
    add("--model-out", type=Path, metavar="FILE.onnx", help="the model with its new map")
    pair = ("OTHER.onnx", "FILE.onnx")
    add("--also", type=Path, nargs=2, action="append", default=[], metavar=pair, help=ALSO)
    steps = FineMapSettings.steps
    add("--steps", type=at_least(1), default=steps, metavar="N", help=f"default: {steps}")
    add("--drawn", type=at_least(0), default=200, metavar="N", help=DRAWN)
    return made


def main(argv: Sequence[str]) -> None:
    """Learn, count and write as the arguments say. Raises what a person can mend."""
    arguments = parser().parse_args(argv)
    out: Path = arguments.out
    model, folders = opened(arguments)
    pairs = list(arguments.also)
    if arguments.model_out is not None:
        pairs.insert(0, (arguments.model, arguments.model_out))
    settings = FineMapSettings(steps=arguments.steps)
    proto = onnx.load(arguments.model)
    maps, places = _looked_at(proto, model.card)
    out.mkdir(parents=True, exist_ok=True)
    ask, parts = _asked(proto, maps), []
    for folder, images in folders.items():
        source = _source(folder, images, model.card, out)
        print(f"{source.name}: {len(source.masks)} images with boxes.", flush=True)
        if source.masks:
            parts.append(
                fine_material.gather(source, ask, places, MOVED, arguments.drawn, settings.seed)
            )
    if not parts:
        raise ArgumentsError("No image that may be learnt from has a box.")
    material = joined(parts)
    threshold = model.card.operating_points[0].threshold
    flagged = model.card.calibration.probabilities(material.logits) >= threshold
    study = FineStudy(material, flagged, places, settings)
    write_report(out, f"Fine heat map for {model.card.name}", study.tables(), study.counts)
    weights = fine_map.weights_of(study.best, maps, places)
    note = NOTE.format(boxed=int(material.plain.sum()), drawn=int((~material.plain).sum()))
    for before, after in pairs:
        write(before, after, weights, note)
    print(f"The report is {out / PAGE}.")


def write(before: Path, after: Path, weights: FineWeights, note: str) -> None:
    """Another file of the model with the map in. Raises ArgumentsError where a score changes."""
    card = external.open_model(before).card
    proto = onnx.load(before)
    try:
        finer = with_fine_map(proto, weights)
    except GraphError as error:
        raise ArgumentsError(f"{before}: {error}") from error
    known = card.known_answer.input(*card.recipe.shape)[np.newaxis]
    one, other = (outputs(each, (LOGIT,))(known)[0] for each in (proto, finer))
    if not np.array_equal(one, other):
        raise ArgumentsError(f"{before}: the known answer is not what it was.")
    described = replace(card, fold_reason=f"{card.fold_reason} {note}")
    helper.set_model_props(finer, described.to_metadata())
    write_atomically(after, finer.SerializeToString(deterministic=True))


def _looked_at(model: onnx.ModelProto, card: ModelCard) -> tuple[str, Places]:
    """The map that the last stage is given, and where cells lie. Raises ArgumentsError."""
    if card.recipe.subject is not Subject.HEAD_CT or card.recipe.channels is not Channels.GREY:
        raise ArgumentsError("A fine map is for models of heads in grey.")
    heat = next(each for each in model.graph.output if each.name == HEAT_MAP)
    cells = heat.type.tensor_type.shape.dim[1].dim_value
    try:
        if has_fine_map(model):
            raise GraphError("The model has a fine heat map already.")
        maps = LastStages(model, 1).start
        return maps, Places.of(model, maps, FEATURES, cells, card.recipe.size)
    except GraphError as error:
        raise ArgumentsError(str(error)) from error


def _source(folder: Path, images: Sequence[LabelledImage], card: ModelCard, out: Path) -> Source:
    """The images that may be learnt from: those with a box, and those without the finding."""
    known = [image for image in images if _may_learn(image, card)]
    return Source.of(folder, known, card.recipe, out / folder.resolve().name)


def _may_learn(image: LabelledImage, card: ModelCard) -> bool:
    return card.use_of(sha256_of(image.path)) not in (TEST, HELD_OUT)


def _asked(model: onnx.ModelProto, maps: str) -> Ask:
    names = (maps, HEAT_MAP, LOGIT)
    given = outputs(with_outputs(model, (maps,)), names)

    def ask(
        inputs: NDArray[np.uint8],
    ) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
        found, coarse, logit = given(inputs)
        return found, coarse, logit

    return ask
