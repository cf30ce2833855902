"""What a variant's outputs on images it was not trained on say: thresholds, calibration, cut."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import onnx
from numpy.typing import NDArray

from export.errors import ExportError
from export.outputs import Graph, Outputs
from imaging.input.prepare import is_blank
from model.card import OutOfFold, PooledEvidence
from model.confusion import Confusion, confusion_at
from model.operating_point import DEFAULT, OperatingPoint
from model.probability import Calibration
from trainer.data import folds
from trainer.data.folds import Part
from trainer.results import bootstrap, novelty
from trainer.results.calibration import Fit, fit_calibration
from trainer.results.model_graph import (
    INTERCEPT,
    TEMPERATURE,
    GraphError,
    set_initializer,
    with_gaussian,
)
from trainer.results.operating_points import operating_points

FEW = 100
"""Held-out images below which a threshold's rule says that it is uncertain."""


@dataclass(frozen=True, eq=False)
class Material:
    """The run's images as the network's inputs, and where each belongs."""

    images: NDArray[np.uint8]
    """(N, S, S), in colour (N, S, S, 3)"""
    labels: NDArray[np.int64]
    """(N,)"""
    parts: tuple[Part, ...]
    sources: tuple[str, ...]
    """Which folder each image came from."""
    groups: tuple[str, ...] = ()
    """Each image's group; empty: each stands alone."""

    @property
    def shape(self) -> tuple[int, ...]:
        """Of one input: (S, S), in colour (S, S, 3)."""
        return self.images.shape[1:]

    def training(self, fold: int) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
        """Images and labels that the fold's network learnt from."""
        rows = folds.training(self.parts, fold)
        return self.images[rows], self.labels[rows]

    def held_out(self, fold: int) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
        """Images and labels that the fold's network was validated on."""
        rows = folds.validation(self.parts, fold)
        return self.images[rows], self.labels[rows]

    def training_sources(self, fold: int) -> NDArray[np.str_]:
        """Where the images that the fold's network learnt from came from, in their order."""
        return np.array([self.sources[row] for row in folds.training(self.parts, fold)])

    def held_out_sources(self, fold: int) -> NDArray[np.str_]:
        """Where the fold's held-out images came from, in their order."""
        return np.array([self.sources[row] for row in folds.validation(self.parts, fold)])

    def held_out_groups(self, fold: int) -> list[str]:
        """The groups of the fold's held-out images, in their order."""
        rows = folds.validation(self.parts, fold).tolist()
        return [self.groups[row] if self.groups else str(row) for row in rows]

    def test(self) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
        """Images and labels set aside for the test; may be none."""
        rows = folds.internal_test(self.parts)
        return self.images[rows], self.labels[rows]


@dataclass(frozen=True, eq=False)
class HeldOut:
    """Images with the logits of networks that did not learn from them, and what they decide."""

    labels: NDArray[np.int64]
    """(N,) 0 or 1"""
    logits: NDArray[np.float64]
    """(N,)"""
    calibration: Calibration
    operating_points: tuple[OperatingPoint, ...]

    @property
    def probabilities(self) -> NDArray[np.float64]:
        """(N,) calibrated."""
        return self.calibration.probabilities(self.logits)

    @property
    def threshold(self) -> float:
        """The default threshold."""
        return next(p.threshold for p in self.operating_points if p.name == DEFAULT)


@dataclass(frozen=True, eq=False)
class Evidence:
    """What is known of the exported network, and of all networks together, all of one precision."""

    own: HeldOut
    """The exported network on its own held-out fold."""
    fit: Fit
    """Of the own calibration."""
    pooled: HeldOut
    """Each training image by the network that held it out; the own ones where there is but one."""
    pooled_groups: tuple[str, ...]
    """(N,) the groups of the pooled images."""
    networks: int
    """So many are pooled."""
    distances: NDArray[np.float64]
    """Of the heads among the held-out images, each under its own fold's Gaussian."""
    novelty_cut: float
    novelty_rule: str
    gaussian: novelty.Gaussian
    """Of the exported fold's training images."""

    @property
    def calibration(self) -> Calibration:
        """The exported network's."""
        return self.own.calibration

    @property
    def operating_points(self) -> tuple[OperatingPoint, ...]:
        """The exported network's."""
        return self.own.operating_points

    @property
    def threshold(self) -> float:
        """The exported network's default threshold."""
        return self.own.threshold

    def out_of_fold(self) -> OutOfFold:
        """The table for the card: of the exported network alone."""
        return OutOfFold(tuple(self.own.labels.tolist()), tuple(self.own.logits.tolist()))

    def pooled_evidence(self) -> PooledEvidence | None:
        """The cross-validation for the card; None of a single network."""
        if self.networks < 2:
            return None
        pooled = self.pooled
        area = bootstrap.auc(pooled.labels, pooled.logits, self.pooled_groups)
        low, high = (None if math.isnan(each) else each for each in (area.low, area.high))
        note = (
            f"Of {self.networks} networks, each on the images that it did not learn from; one of "
            "them is in this file. Calibration and threshold were chosen on these images."
        )
        return PooledEvidence(
            self.networks,
            pooled.threshold,
            confusion_at(pooled.labels, pooled.probabilities, pooled.threshold, note),
            area.value,
            low,
            high,
        )

    def checks(self) -> dict[str, float]:
        """What the calibration brought, for the card's checks; without what cannot be known."""
        fit = self.fit
        losses = {
            "calibration/log loss before": fit.loss_before,
            "calibration/log loss after": fit.loss_after,
            "calibration/cross-validated log loss, temperature": fit.loss_temperature,
            "calibration/cross-validated log loss, intercept too": fit.loss_intercept,
        }
        return {name: loss for name, loss in losses.items() if math.isfinite(loss)}


@dataclass(frozen=True, eq=False)
class _OfFold:
    """What one fold's network gives for the images that it held out."""

    labels: NDArray[np.int64]
    logits: NDArray[np.float64]
    groups: list[str]
    distances: NDArray[np.float64]
    sources: NDArray[np.str_]
    gaussian: novelty.Gaussian


def gather(models: Mapping[int, onnx.ModelProto], material: Material, exported: int) -> Evidence:
    """Run every fold's model, which still gives out PROFILE, on its training and held-out images.

    Raises ExportError or NoveltyError where there is too little to decide on.
    """
    folds_of = {fold: _of_fold(fold, model, material) for fold, model in models.items()}
    own, every = folds_of[exported], list(folds_of.values())
    labels = np.concatenate([each.labels for each in every])
    logits = np.concatenate([each.logits for each in every])
    whose = f"the {len(own.labels)} validation images of this network"
    held_out, fit = _decided(own.labels, own.logits, f"On {whose}")
    pooled = held_out
    if len(every) > 1:
        pooled, _ = _decided(labels, logits, f"On the images of {len(every)} networks")
    cut, rule = _cut(own, every, whose)
    return Evidence(
        own=held_out,
        fit=fit,
        pooled=pooled,
        pooled_groups=tuple(group for each in every for group in each.groups),
        networks=len(every),
        distances=np.concatenate([each.distances for each in every]),
        novelty_cut=cut,
        novelty_rule=rule,
        gaussian=own.gaussian,
    )


def _of_fold(fold: int, model: onnx.ModelProto, material: Material) -> _OfFold:
    graph = Graph(model)
    own, (images, labels) = material.training(fold)[0], material.held_out(fold)
    learnt, outputs = graph.run(own), graph.run(images)
    if not (_finite(learnt) and _finite(outputs)):
        raise ExportError(f"The network of fold {fold} gives outputs that are no numbers.")
    known, heads = _heads(own), _heads(images)
    gaussian = novelty.fit(_profiles(learnt)[known], material.training_sources(fold)[known])
    return _OfFold(
        labels=labels,
        logits=outputs.logit.astype(np.float64),
        groups=material.held_out_groups(fold),
        distances=gaussian.distance(_profiles(outputs)[heads]),
        sources=material.held_out_sources(fold)[heads],
        gaussian=gaussian,
    )


def _decided(
    labels: NDArray[np.int64], logits: NDArray[np.float64], where: str
) -> tuple[HeldOut, Fit]:
    """Calibration and thresholds; each rule says on which images. Raises ExportError."""
    if len(np.unique(labels)) < 2:
        raise ExportError(f"{where} all labels are the same; no threshold can be chosen.")
    fit = fit_calibration(labels, logits)
    few = f"{where}, {int(labels.sum())} of them with the finding"
    if len(labels) < FEW:
        few += "; they are few, so that it is uncertain"
    points = tuple(
        replace(point, rule=f"{point.rule} {few}.")
        for point in operating_points(labels, logits, fit.calibration)
    )
    return HeldOut(labels, logits, fit.calibration, points), fit


def _cut(own: _OfFold, every: Sequence[_OfFold], whose: str) -> tuple[float, str]:
    """The novelty cut, and on which images it was chosen. Raises NoveltyError for too few."""
    given_up = f"Gives up {novelty.SHARE_REFUSED:.1%}"
    if len(own.distances) >= novelty.FEWEST:
        return novelty.cut(own.distances, own.sources), f"{given_up} of {whose}."
    distances = np.concatenate([each.distances for each in every])
    sources = np.concatenate([each.sources for each in every])
    rule = (
        f"{given_up} of the held-out images of {len(every)} networks, for {whose} are fewer than "
        f"{novelty.FEWEST}."
    )
    return novelty.cut(distances, sources), rule


def matched(evidence: Evidence, whole: Evidence) -> Evidence:
    """The same evidence with default thresholds that flag as many images as the whole model's.

    Chosen on the variant's own outputs, but not anew: the best threshold of a sample follows its
    noise, and rounding alone would move it far (measured: logits that differ by 0.04 moved it from
    0.13 to 0.20, and 35 of 580 decisions with it).
    """
    own = with_as_many(evidence.own, whole.own)
    pooled = own if evidence.networks < 2 else with_as_many(evidence.pooled, whole.pooled)
    return replace(evidence, own=own, pooled=pooled)


def with_as_many(held_out: HeldOut, whole: HeldOut) -> HeldOut:
    """The same with the default threshold that flags as many images as ``whole``'s does."""
    flagged = int((whole.probabilities >= whole.threshold).sum())
    logits = np.sort(held_out.logits)
    levels = np.unique([logits[0] - 1, *logits, logits[-1] + 1])
    cuts = (levels[:-1] + levels[1:]) / 2
    # Images of one logit are flagged together or not at all; of two equally near, more are.
    counts = len(logits) - np.searchsorted(logits, cuts)
    nearest = int(np.argmin(np.abs(counts - flagged)))
    cut = held_out.calibration.probabilities(cuts[[nearest]])
    ties = "" if counts[nearest] == flagged else ", as nearly as ties allow"
    rule = (
        f"Flags as many of {len(logits)} out-of-fold images as the full model's default threshold "
        f"does{ties}."
    )
    points = tuple(
        OperatingPoint(DEFAULT, float(cut[0]), rule) if point.name == DEFAULT else point
        for point in held_out.operating_points
    )
    return replace(held_out, operating_points=points)


def _profiles(outputs: Outputs) -> NDArray[np.float64]:
    assert outputs.profile is not None
    return outputs.profile.astype(np.float64)


def _heads(images: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Which of the inputs (N, S, S) show something: the program refuses blank ones by rule."""
    return np.array([not is_blank(image) for image in images])


def _finite(outputs: Outputs) -> bool:
    return bool(np.isfinite(outputs.logit).all() and np.isfinite(_profiles(outputs)).all())


def settled(model: onnx.ModelProto, evidence: Evidence) -> onnx.ModelProto:
    """A copy of the exported fold's model with its calibration and Gaussian set.

    Raises ExportError where the graph has lost what they are stored in.
    """
    calibration = evidence.calibration
    try:
        copy = with_gaussian(model, evidence.gaussian)
        set_initializer(copy, TEMPERATURE, np.asarray(calibration.temperature, np.float32))
        set_initializer(copy, INTERCEPT, np.asarray(calibration.intercept, np.float32))
    except GraphError as error:
        raise ExportError(str(error)) from error
    return copy


def counts_on_test(
    model: onnx.ModelProto, evidence: Evidence, material: Material, note: str
) -> Confusion | None:
    """Counts of the exported model at its default threshold on the test images; None without."""
    images, labels = material.test()
    if len(images) == 0:
        return None
    probabilities = Graph(model).run(images).probability.astype(np.float64)
    return confusion_at(labels, probabilities, evidence.threshold, note)
