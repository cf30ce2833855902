"""``cranioscope-export int8 MODEL.onnx DATA [DATA ...] --out FILE.onnx``: INT8 for any full model.

For a model that was changed after its export (``cranioscope-train peaks``), when no run folder
holds its network any more. The card says which images may calibrate, which choose thresholds, and
which count.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, numpy_helper

from export import quantize
from export.errors import ExportError
from export.evidence import HeldOut, with_as_many
from export.onnx_file import check_target, write
from export.table import table
from export.variant import agreement_of
from imaging.input.prepare import is_blank
from model.card import HELD_OUT, INT8, LEARNT, TEST, ModelCard, OutOfFold
from model.confusion import Confusion, confusion_at
from model.series_head import Logits, SeriesHead
from model.session import LOGIT, NOVELTY
from trainer.data.inputs import network_inputs
from trainer.data.labels import LabelledImage, read_labels
from trainer.data.provenance import sha256_of
from trainer.reports.external import ModelError, open_model
from trainer.results import slice_fit
from trainer.results.model_graph import known_answer, outputs
from trainer.results.operating_points import operating_points
from trainer.results.series_fit import ScoredImage, examinations

BATCH = 16
CUT_RULE = (
    "As many of {images} held-out images lie beyond it as beyond the full model's cut: {beyond}."
)
NOTE = "INT8 variant of {name}: thresholds were chosen on its own scores of the same images."


def parser() -> argparse.ArgumentParser:
    """The options of ``cranioscope-export int8``."""
    made = argparse.ArgumentParser(
        prog="cranioscope-export int8",
        description="Write an INT8 model for CPUs beside a full one; nothing is written where it "
        "decides otherwise too often.",
    )
    add = made.add_argument
    add("model", type=Path, metavar="MODEL.onnx", help="the full model, 16 or 32 bits")
    add("data", type=Path, nargs="+", metavar="DATA", help="folders that the model was made of")
    add("--out", type=Path, required=True, metavar="FILE.onnx", help="the INT8 model")
    return made


def main(argv: Sequence[str]) -> None:
    """Quantise, compare, write and print what was measured. Raises ExportError and others."""
    arguments = parser().parse_args(argv)
    card = opened_card(arguments.model, arguments.out)
    if card.precision == INT8:
        raise ExportError(f"{arguments.model} is an INT8 model already.")
    material = UsedImages.of(arguments.data, card)
    model, card = requantised(stored_in_full(onnx.load(arguments.model)), card, material)
    size = write(model, card, arguments.out)
    print(table(card, arguments.out, size), flush=True)


def opened_card(model: Path, out: Path) -> ModelCard:
    """The card of ``model``, of which another is made at ``out``. Raises ExportError."""
    if out.resolve() == model.resolve():
        raise ExportError("MODEL.onnx and FILE.onnx are one file; each model needs its own.")
    check_target(out)
    try:
        return open_model(model).card
    except ModelError as error:
        raise ExportError(str(error)) from error


@dataclass(frozen=True, eq=False)
class UsedImages:
    """Labelled images as inputs, and what the card says that each was used for."""

    images: tuple[LabelledImage, ...]
    inputs: NDArray[np.uint8]
    """(N, S, S)"""
    uses: NDArray[np.str_]

    @classmethod
    def of(cls, folders: Sequence[Path], card: ModelCard) -> UsedImages:
        """Read those that the card knows, blank ones aside.

        Raises ExportError without any, InputError and LabelError.
        """
        known = [
            (image, use)
            for folder in folders
            for image in read_labels(folder)
            if (use := card.use_of(sha256_of(image.path))) in (LEARNT, HELD_OUT, TEST)
        ]
        if not known:
            raise ExportError("The model's card knows none of these images.")
        with tempfile.TemporaryDirectory() as fresh:
            inputs = network_inputs([image.path for image, _ in known], card.recipe, Path(fresh))
        shows = [row for row in range(len(known)) if not is_blank(inputs[row])]
        images = tuple(known[row][0] for row in shows)
        return cls(images, inputs[shows], np.array([known[row][1] for row in shows]))

    @property
    def labels(self) -> NDArray[np.int64]:
        """(N,) 0 or 1."""
        return np.array([image.label for image in self.images], dtype=np.int64)

    def used_for(self, use: str) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
        """Inputs and labels of one use; may be none."""
        rows = self.uses == use
        return self.inputs[rows], self.labels[rows]


def stored_in_full(model: onnx.ModelProto) -> onnx.ModelProto:
    """A copy whose 16-bit weights are 32-bit ones, without the casts that made them so."""
    copy = onnx.ModelProto()
    copy.CopyFrom(model)
    stored = {tensor.name: tensor for tensor in copy.graph.initializer}
    kept = []
    for node in copy.graph.node:
        tensor = stored.get(node.input[0]) if node.op_type == "Cast" else None
        if tensor is None or tensor.data_type != TensorProto.FLOAT16:
            kept.append(node)
            continue
        values = numpy_helper.to_array(tensor).astype(np.float32)
        tensor.CopyFrom(numpy_helper.from_array(values, node.output[0]))
    nodes = [onnx.NodeProto.FromString(node.SerializeToString()) for node in kept]
    del copy.graph.node[:]
    copy.graph.node.extend(nodes)
    return copy


def requantised(
    model: onnx.ModelProto, card: ModelCard, material: UsedImages
) -> tuple[onnx.ModelProto, ModelCard]:
    """The INT8 model by the calibration that agrees best with the full one, and its card.

    Raises ExportError where images are missing or even that one is too unlike the full one.
    """
    inputs, labels = material.used_for(HELD_OUT)
    learnt, of_learnt = material.used_for(LEARNT)
    if len(np.unique(labels)) < 2 or not len(learnt):
        raise ExportError("The folders lack the images that the model held out or learnt from.")
    logits, distances = given(model, (LOGIT, NOVELTY), inputs)
    full = HeldOut(labels, logits, card.calibration, card.operating_points)
    images, tried = quantize.calibration_images(learnt, of_learnt), []
    for calibration in quantize.RANGE_CALIBRATIONS:
        small = quantize.quantized(model, images, calibration)
        logits, of_small = given(small, (LOGIT, NOVELTY), inputs)
        own = _held_out(logits, full)
        tried.append((agreement_of(full, own), calibration, small, own, of_small))
    agreement, calibration, small, own, of_small = min(tried, key=lambda one: one[0].distance())
    if (reason := quantize.refusal(agreement)) is not None:
        raise ExportError(f"No INT8 file is written: {reason}")
    head, compared = _series(model, small, _of_full(card), material)
    made = replace(
        card,
        name=card.name.replace(card.precision, INT8),
        precision=INT8,
        operating_points=own.operating_points,
        out_of_fold=OutOfFold(tuple(labels.tolist()), tuple(own.logits.round(5).tolist())),
        pooled=None,
        fold_reason=f"{card.fold_reason} {NOTE.format(name=card.name)}",
        known_answer=known_answer(small, card),
        test=_on_test(small, own, material, card),
        versions={**card.versions, "int8 calibration": calibration.name},
        checks=agreement.measured() | compared,
        series_head=head,
        novelty_cut=matched_cut(card.novelty_cut, distances, of_small),
        novelty_rule=_cut_rule(card.novelty_cut, distances),
    )
    return small, made


def _of_full(card: ModelCard) -> SeriesHead | None:
    """The series head of a full model, which says that its evidence is of that one."""
    head = card.series_head
    return None if head is None else replace(head, measured_with=card.precision)


def _held_out(logits: NDArray[np.float64], full: HeldOut) -> HeldOut:
    """The small model's logits of the same images, at thresholds that flag as many of them."""
    points = operating_points(full.labels, logits, full.calibration)
    return with_as_many(HeldOut(full.labels, logits, full.calibration, points), full)


def _on_test(
    model: onnx.ModelProto, own: HeldOut, material: UsedImages, card: ModelCard
) -> Confusion | None:
    inputs, labels = material.used_for(TEST)
    if not len(labels):
        return None
    note = card.test.note if card.test else "No choice was made on these images."
    probabilities = own.calibration.probabilities(_logits(model, inputs))
    return confusion_at(labels, probabilities, own.threshold, note)


def _series(
    model: onnx.ModelProto, small: onnx.ModelProto, head: SeriesHead | None, material: UsedImages
) -> tuple[SeriesHead | None, dict[str, float]]:
    """The small model's series head, and how its decisions go with those of the full one.

    The same head and nothing without one, or without the examinations that it comes from. The
    network learnt from these, so that this compares two precisions and says nothing of either.
    """
    known = set() if head is None else set(head.evidence.sources)
    rows = [row for row, image in enumerate(material.images) if image.source in known]
    if head is None or not rows:
        return head, {}
    full, own = (
        [each.logits for each in examinations(_scored(network, rows, material), head.least)]
        for network in (model, small)
    )
    matched = matched_head(head, full, own)
    pairs = [(head.probability(f), matched.probability(o)) for f, o in zip(full, own, strict=True)]
    threshold = head.threshold()
    flagged = [[each is not None and each >= threshold for each in pair] for pair in pairs]
    return matched, {
        "against full, examinations": float(len(pairs)),
        "against full, examinations/decisions_changed": float(sum(f != o for f, o in flagged)),
        "against full, examinations/bias_changed": matched.bias - head.bias,
    }


def matched_head(head: SeriesHead, full: Sequence[Logits], small: Sequence[Logits]) -> SeriesHead:
    """The head whose mean score of the small model's logits is that of the full one's.

    ``full``, ``small``: logits of the same series by either. Rounding moves the highest images of
    a series by about the same everywhere, which the bias takes back. The same head without series
    that have enough images. Scores of slices in context are matched where they reach their
    threshold by the full model.
    """
    pairs = [
        (whole, own)
        for whole, own in zip(full, small, strict=True)
        if head.probability(whole) is not None and head.probability(own) is not None
    ]
    if not pairs:
        return head
    moved = [head.score(own) - head.score(whole) for whole, own in pairs]
    bias = head.bias - head.weight * float(np.mean(moved))
    return replace(head, bias=bias, context=slice_fit.matched(head, pairs))


def matched_cut(cut: float, full: NDArray[np.float64], small: NDArray[np.float64]) -> float:
    """The cut beyond which as many images lie by the small model as by the full one.

    ``full``, ``small``: novelty (n,) of the same images by either. Rounding adds to every distance,
    so that the full model's cut would leave more heads without a score. It lies halfway between two
    images; where all or none are beyond the full one's, it moves as the distances do on average.
    """
    beyond = int((full > cut).sum())
    if not 0 < beyond < len(full):
        return cut * float(small.mean() / full.mean())
    falling = np.sort(small)[::-1]
    return float((falling[beyond - 1] + falling[beyond]) / 2)


def _cut_rule(cut: float, full: NDArray[np.float64]) -> str:
    beyond = int((full > cut).sum())
    return CUT_RULE.format(images=len(full), beyond=beyond)


def _scored(model: onnx.ModelProto, rows: list[int], material: UsedImages) -> list[ScoredImage]:
    logits = _logits(model, material.inputs[rows]).tolist()
    return [
        ScoredImage(image.image_id, image.source, image.group, image.label, logit)
        for image, logit in zip([material.images[row] for row in rows], logits, strict=True)
    ]


def _logits(model: onnx.ModelProto, inputs: NDArray[np.uint8]) -> NDArray[np.float64]:
    [logits] = given(model, (LOGIT,), inputs)
    return logits


def given(
    model: onnx.ModelProto, names: Sequence[str], inputs: NDArray[np.uint8]
) -> list[NDArray[np.float64]]:
    """Outputs (n,) of a model, by their names, for inputs (n, S, S)."""
    ask = outputs(model, names)
    parts = [ask(inputs[start : start + BATCH]) for start in range(0, len(inputs), BATCH)]
    return [np.concatenate(each).astype(np.float64) for each in zip(*parts, strict=True)]
