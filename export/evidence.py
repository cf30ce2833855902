"""What a variant's own outputs on scans it was not trained on say: thresholds, temperature, cut."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import onnx
from numpy.typing import NDArray

from export import novelty
from export.errors import ExportError
from export.graph import MEAN, TEMPERATURE, WHITENING
from export.onnx_file import set_initializer
from imaging.input.prepare import is_blank
from model.card import FROZEN, Confusion, OperatingPoint, OutOfFold
from trainer.data import folds
from trainer.data.folds import Part
from trainer.results import calibration
from trainer.results.metrics import confusion_at
from trainer.results.operating_points import operating_points
from trainer.results.session import Answers, Session


@dataclass(frozen=True, eq=False)
class Material:
    """The run's scans as the network's inputs, and where each belongs."""

    images: NDArray[np.uint8]
    """(N, S, S)"""
    labels: NDArray[np.int64]
    """(N,)"""
    parts: tuple[Part, ...]
    sources: tuple[str, ...]
    """Which folder each scan came from."""

    def training(self, fold: int) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
        """Scans and labels that the fold's network learnt from."""
        rows = folds.training(self.parts, fold)
        return self.images[rows], self.labels[rows]

    def held_out(self, fold: int) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
        """Scans and labels that the fold's network was validated on."""
        rows = folds.validation(self.parts, fold)
        return self.images[rows], self.labels[rows]

    def held_out_sources(self, fold: int) -> NDArray[np.str_]:
        """Where the fold's held-out scans came from, in their order."""
        return np.array([self.sources[row] for row in folds.validation(self.parts, fold)])

    def test(self) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
        """Scans and labels set aside for the test; may be none."""
        rows = folds.held_out(self.parts)
        return self.images[rows], self.labels[rows]


@dataclass(frozen=True, eq=False)
class Evidence:
    """Pooled over the folds, each scan by the network that never saw it, all of one precision."""

    labels: NDArray[np.int64]
    logits: NDArray[np.float64]
    distances: NDArray[np.float64]
    """Of the heads among the scans, each under its own fold's Gaussian."""
    temperature: float
    operating_points: tuple[OperatingPoint, ...]
    novelty_cut: float
    gaussian: novelty.Gaussian
    """Of the exported fold's training scans."""

    @property
    def probabilities(self) -> NDArray[np.float64]:
        """(N,) after the temperature."""
        return calibration.probabilities(self.logits, self.temperature)

    @property
    def threshold(self) -> float:
        """The frozen threshold."""
        return next(p.threshold for p in self.operating_points if p.name == FROZEN)

    def out_of_fold(self) -> OutOfFold:
        """The table for the card."""
        return OutOfFold(tuple(self.labels.tolist()), tuple(self.logits.tolist()))


def gather(models: Mapping[int, onnx.ModelProto], material: Material, exported: int) -> Evidence:
    """Run every fold's model, which still gives out PROFILE, on its training and held-out scans.

    Raises ExportError where there is too little to decide on.
    """
    labels, logits, distances, sources = [], [], [], []
    gaussians = {}
    for fold, model in models.items():
        session = Session(model)
        own, (images, truth) = material.training(fold)[0], material.held_out(fold)
        learnt, answers = session.answer(own), session.answer(images)
        if not (_finite(learnt) and _finite(answers)):
            raise ExportError(f"The network of fold {fold} gives answers that are no numbers.")
        gaussians[fold] = novelty.fit(_profiles(learnt)[_heads(own)])
        labels.append(truth)
        logits.append(answers.logit.astype(np.float64))
        heads = _heads(images)
        distances.append(gaussians[fold].distance(_profiles(answers)[heads]))
        sources.append(material.held_out_sources(fold)[heads])
    truth, pooled = np.concatenate(labels), np.concatenate(logits)
    far = np.concatenate(distances)
    temperature = calibration.fit_temperature(truth, pooled)
    return Evidence(
        labels=truth,
        logits=pooled,
        distances=far,
        temperature=temperature,
        operating_points=operating_points(truth, pooled, temperature),
        novelty_cut=novelty.cut(far, np.concatenate(sources)),
        gaussian=gaussians[exported],
    )


def matched(evidence: Evidence, whole: Evidence) -> Evidence:
    """The same evidence with a frozen threshold that calls as many scans as the whole model's.

    Chosen on the variant's own outputs, but not anew: the best threshold of a sample follows its
    noise, and rounding alone would move it far (measured: logits that differ by 0.04 moved it from
    0.13 to 0.20, and 35 of 580 decisions with it).
    """
    called = int((whole.probabilities >= whole.threshold).sum())
    logits = np.sort(evidence.logits)
    levels = np.unique([logits[0] - 1, *logits, logits[-1] + 1])
    cuts = (levels[:-1] + levels[1:]) / 2
    # Scans of one logit are called together or not at all; of two equally near, more are called.
    calls = len(logits) - np.searchsorted(logits, cuts)
    nearest = int(np.argmin(np.abs(calls - called)))
    cut = calibration.probabilities(cuts[[nearest]], evidence.temperature)
    ties = "" if calls[nearest] == called else ", as nearly as ties allow"
    rule = f"Calls as many out-of-fold scans as the full model's frozen threshold does{ties}."
    points = tuple(
        OperatingPoint(FROZEN, float(cut[0]), rule) if point.name == FROZEN else point
        for point in evidence.operating_points
    )
    return replace(evidence, operating_points=points)


def _profiles(answers: Answers) -> NDArray[np.float64]:
    assert answers.profile is not None
    return answers.profile.astype(np.float64)


def _heads(images: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Which of the inputs (N, S, S) show something: the program refuses blank ones by rule."""
    return np.array([not is_blank(image) for image in images])


def _finite(answers: Answers) -> bool:
    return bool(np.isfinite(answers.logit).all() and np.isfinite(_profiles(answers)).all())


def settled(model: onnx.ModelProto, evidence: Evidence) -> onnx.ModelProto:
    """A copy of the exported fold's model with its temperature and Gaussian set."""
    copy = onnx.ModelProto()
    copy.CopyFrom(model)
    set_initializer(copy, TEMPERATURE, np.asarray(evidence.temperature, np.float32))
    set_initializer(copy, MEAN, evidence.gaussian.mean)
    set_initializer(copy, WHITENING, evidence.gaussian.whitening)
    return copy


def counts_on_test(
    model: onnx.ModelProto, evidence: Evidence, material: Material, note: str
) -> Confusion | None:
    """Counts of the exported model at its frozen threshold on the test scans; None without any."""
    images, labels = material.test()
    if len(images) == 0:
        return None
    probabilities = Session(model).answer(images).probability.astype(np.float64)
    return confusion_at(labels, probabilities, evidence.threshold, note)
