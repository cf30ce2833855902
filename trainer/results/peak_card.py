"""The card of a model with a peak head: thresholds, temperature and evidence chosen anew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import onnx
from onnx import helper

from model.card import HASH_DIGITS, LEARNT, Confusion, KnownAnswer, ModelCard, OutOfFold
from model.series_head import SeriesHead
from trainer.results.calibration import fit_temperature, probabilities
from trainer.results.metrics import Labels, Scores, confusion_at
from trainer.results.operating_points import operating_points
from trainer.results.peak_graph import PeakWeights, with_peaks
from trainer.results.session import Session

TEMPERATURE = "temperature"
NOTE = "No choice was made on these images."
REASON = (
    "The network is as it was; its head was learnt anew, with a soft maximum of the cells' own "
    "scores beside the mean. Temperature, thresholds and the table are of images that the head "
    "did not learn from."
)


@dataclass(frozen=True, eq=False)
class Judged:
    """Images with the logits of heads that were not learnt from them."""

    labels: Labels
    logits: Scores


@dataclass(frozen=True, eq=False)
class PeakEvidence:
    """What a card says of a peak head."""

    judged: Judged
    """What temperature and thresholds are chosen by."""
    test: Judged | None
    """Images that nothing was chosen by; None where there are none."""
    learnt: Sequence[str]
    """SHA-256 of the images that the head was learnt from and the network was not."""
    sources: Sequence[str]
    """Where these come from."""
    series: SeriesHead | None
    """None without whole examinations."""


def with_card(
    model: onnx.ModelProto, card: ModelCard, peaks: PeakWeights, cells: int, evidence: PeakEvidence
) -> onnx.ModelProto:
    """The model with the peak head in graph and card. Raises GraphError."""
    labels, logits = evidence.judged.labels, evidence.judged.logits
    temperature = fit_temperature(labels, logits)
    points = operating_points(labels, logits, temperature)
    whole = with_peaks(model, peaks, cells)
    _set(whole, TEMPERATURE, temperature)
    known = card.known_answer
    image = known.input(card.recipe.size)
    answer = Session(whole).answer(image[None])
    made = replace(
        card,
        name=f"{card.name} with peaks",
        operating_points=points,
        out_of_fold=OutOfFold(tuple(labels.tolist()), tuple(logits.round(5).tolist())),
        temperature=temperature,
        fold_reason=f"{card.fold_reason} {REASON}",
        known_answer=KnownAnswer.of(
            image, float(answer.logit[0]), float(answer.novelty[0]), known.tolerance
        ),
        sources=(*card.sources, *evidence.sources),
        test=_on_test(evidence.test, temperature, points[0].threshold),
        used=_used(card.used, evidence.learnt),
        series_head=evidence.series,
    )
    helper.set_model_props(whole, made.to_metadata())
    return whole


def _on_test(test: Judged | None, temperature: float, threshold: float) -> Confusion | None:
    if test is None:
        return None
    given = probabilities(test.logits, temperature)
    return confusion_at(test.labels, given, threshold, NOTE)


def _used(used: Mapping[str, str], learnt: Sequence[str]) -> dict[str, str]:
    """The card's table with further images that were learnt from, in the order of the hashes."""
    before = used.get(LEARNT, "")
    known = {before[at : at + HASH_DIGITS] for at in range(0, len(before), HASH_DIGITS)}
    every = known | {sha256[:HASH_DIGITS] for sha256 in learnt}
    return {**used, LEARNT: "".join(sorted(every))}


def _set(model: onnx.ModelProto, name: str, value: float) -> None:
    for tensor in model.graph.initializer:
        if tensor.name == name:
            tensor.CopyFrom(helper.make_tensor(name, onnx.TensorProto.FLOAT, [], [value]))
