"""The card of a model with a peak head: thresholds, temperature and evidence chosen anew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import helper

from model.card import HASH_DIGITS, LEARNT, ModelCard, OutOfFold
from model.confusion import Confusion, confusion_at
from model.probability import Calibration, Numbers
from model.series_head import SeriesHead
from trainer.results.calibration import fit_calibration
from trainer.results.metrics import Labels
from trainer.results.model_graph import (
    INTERCEPT,
    TEMPERATURE,
    known_answer,
    set_initializer,
    with_gaussian,
)
from trainer.results.novelty import RULE, Gaussian
from trainer.results.operating_points import operating_points
from trainer.results.peak_graph import PeakWeights, with_peaks

NOTE = "Nothing was chosen on these images here; earlier models may have been tested on them."
REASON = (
    "The network is as it was; its head was learnt anew, with a soft maximum of the cells' own "
    "scores beside the mean. Temperature, thresholds and the table are of images that the head "
    "did not learn from."
)
TUNED = (
    "Then its last layers and a new head learnt further, the head with a soft maximum of the "
    "cells' own scores beside the mean. Temperature, thresholds and the table are of images that "
    "neither learnt from."
)
MEAN = "Its weights are the mean of {count} networks, each learnt without a part of the patients."


@dataclass(frozen=True, eq=False)
class Scored:
    """Images with the logits of heads that were not learnt from them."""

    labels: Labels
    logits: Numbers
    sources: NDArray[np.str_] | None = None
    """(N,) where thresholds are chosen so that every source counts alike."""


@dataclass(frozen=True, eq=False)
class Familiar:
    """What a tuned network knows, and how far is too far from it."""

    gaussian: Gaussian
    """Of the profiles of images that it was learnt from."""
    cut: float


@dataclass(frozen=True, eq=False)
class PeakEvidence:
    """What a card says of a peak head."""

    peaks: PeakWeights
    cells: int
    """Of the last map."""
    chosen_by: Scored
    """What temperature and thresholds are chosen on."""
    test: Scored | None
    """Images that nothing was chosen by; None where there are none."""
    learnt: Sequence[str]
    """SHA-256 of the images that the head was learnt from and the network was not."""
    sources: Sequence[str]
    """Where these come from."""
    series: SeriesHead | None
    """None without whole examinations."""
    familiar: Familiar | None
    """None where the network's own maps, and so its novelty, are as they were."""
    averaged: int = 1
    """Networks whose mean it is."""


def with_card(model: onnx.ModelProto, card: ModelCard, evidence: PeakEvidence) -> onnx.ModelProto:
    """The model with the peak head in graph and card. Raises GraphError."""
    labels, logits = evidence.chosen_by.labels, evidence.chosen_by.logits
    # Learnt from as many positives as negatives, nearly, the head says too much of every image. A
    # graph from before the intercept has no place for what corrects it; the head's bias has.
    shift = offset(labels, logits)
    calibration = Calibration(fit_calibration(labels, logits).calibration.temperature)
    logits = logits + shift
    points = operating_points(labels, logits, calibration, evidence.chosen_by.sources)
    peaks = replace(evidence.peaks, mean_bias=evidence.peaks.mean_bias + shift)
    whole = with_peaks(model, peaks, evidence.cells)
    familiar = evidence.familiar
    if familiar is not None:
        whole = with_gaussian(whole, familiar.gaussian)
    set_initializer(whole, TEMPERATURE, np.asarray(calibration.temperature, np.float32))
    if any(each.name == INTERCEPT for each in whole.graph.initializer):  # version 1 has none
        set_initializer(whole, INTERCEPT, np.asarray(0.0, np.float32))
    made = replace(
        card,
        name=f"{card.name} with peaks",
        operating_points=points,
        out_of_fold=OutOfFold(tuple(labels.tolist()), tuple(logits.round(5).tolist())),
        temperature=calibration.temperature,
        intercept=0.0,
        pooled=None,
        fold_reason=f"{card.fold_reason} {_how(evidence)}",
        novelty_cut=card.novelty_cut if familiar is None else familiar.cut,
        novelty_rule=card.novelty_rule if familiar is None else RULE,
        known_answer=known_answer(whole, card),
        sources=(*card.sources, *evidence.sources),
        test=_on_test(evidence.test, shift, calibration, points[0].threshold),
        used=_used(card.used, evidence.learnt),
        series_head=None if evidence.series is None else evidence.series.shifted(shift),
    )
    helper.set_model_props(whole, made.to_metadata())
    return whole


def _how(evidence: PeakEvidence) -> str:
    said = REASON if evidence.familiar is None else TUNED
    return said if evidence.averaged == 1 else f"{said} {MEAN.format(count=evidence.averaged)}"


def offset(labels: Labels, logits: Numbers) -> float:
    """What calibration on images (N,) adds to every logit, so that they mean what they say."""
    fitted = fit_calibration(labels, logits).calibration
    return fitted.intercept * fitted.temperature


def _on_test(
    test: Scored | None, shift: float, calibration: Calibration, threshold: float
) -> Confusion | None:
    if test is None:
        return None
    given = calibration.probabilities(test.logits + shift)
    return confusion_at(test.labels, given, threshold, NOTE)


def _used(used: Mapping[str, str], learnt: Sequence[str]) -> dict[str, str]:
    """The card's table with further images that were learnt from, in the order of the hashes."""
    before = used.get(LEARNT, "")
    known = {before[at : at + HASH_DIGITS] for at in range(0, len(before), HASH_DIGITS)}
    every = known | {sha256[:HASH_DIGITS] for sha256 in learnt}
    return {**used, LEARNT: "".join(sorted(every))}
