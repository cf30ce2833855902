"""An exported file on labelled scans: what it answers and how it fares. Needs no torch."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray

from model.card import CardError, Confusion, ModelCard
from trainer.data import folds
from trainer.data.folds import FoldError
from trainer.data.inputs import network_inputs
from trainer.data.labels import LabelledImage
from trainer.data.provenance import fingerprint, sha256_of
from trainer.reports import gallery
from trainer.reports.gallery import Mistake, Picture
from trainer.results import baseline, metrics
from trainer.results.calibration import probabilities
from trainer.results.evaluation import Judgement, judge, plain
from trainer.results.metrics import PredictiveValues, Proportion, wilson
from trainer.results.predictions import Predictions
from trainer.results.session import Answers, Session
from trainer.results.subgroups import Subgroup, subgroups

FOLDS, SEED = 5, 0
"""Of the baseline without anatomy."""


class ModelError(ValueError):
    """The model file cannot be judged; the message is a sentence."""


@dataclass(frozen=True, eq=False)
class ExportedModel:
    """A file of the contract that gave its card's known answer."""

    name: str
    sha256: str
    card: ModelCard
    session: Session


@dataclass(frozen=True, eq=False)
class Judged:
    """Labelled scans and what a model answered, all in one order."""

    model: ExportedModel
    images: tuple[LabelledImage, ...]
    fingerprint: str
    uses: tuple[str, ...]
    """What the model's run used each scan for, as its card says; empty: nothing, or not known."""
    inputs: NDArray[np.uint8]
    """(N, S, S)"""
    answers: Answers

    @property
    def is_the_training_data(self) -> bool:
        """Whether the model's run was made of these very pictures and labels."""
        return self.fingerprint == self.model.card.data_fingerprint

    @property
    def assessable(self) -> NDArray[np.bool_]:
        """(N,) whether the novelty is within the card's cut."""
        return np.asarray(self.answers.novelty <= self.model.card.novelty_cut)

    def predictions(self, rows: NDArray[np.bool_] | None = None) -> Predictions:
        """Of all scans, or of those rows (N,)."""
        logits = self.answers.logit.astype(np.float64)
        every = Predictions(
            tuple(image.image_id for image in self.images),
            tuple(image.group for image in self.images),
            np.full(len(self.images), self.model.card.fold, dtype=np.int64),
            np.array([image.label for image in self.images], dtype=np.int64),
            logits,
        )
        return every if rows is None else every.rows(np.flatnonzero(rows))

    def picture(self, row: int) -> Picture:
        """A scan as the network saw it, with its heat map."""
        return Picture(self.inputs[row], self.answers.heat_map[row])


@dataclass(frozen=True)
class Refused:
    """Scans of one source and label that are not assessable by the card's novelty cut."""

    source: str
    label: int
    share: Proportion


@dataclass(frozen=True)
class Fares:
    """Results of one set of scans at all that is frozen in the card."""

    judgement: Judgement
    points: dict[str, Confusion]
    """Counts by the name of the operating point."""
    predictive: dict[str, PredictiveValues]
    """By the same names; empty where no prevalence was given."""


@dataclass(frozen=True)
class ExternalResults:
    """All that the report shows."""

    every: Fares
    as_answered: Confusion
    """At the frozen threshold, where a refused scan is not called: what the program's user gets."""
    assessable: Fares | None
    """Without the refused scans; None where one class is left."""
    refused: tuple[Refused, ...]
    without_anatomy: Judgement | None
    why_no_baseline: str
    """A sentence; empty with a baseline."""
    subgroups: tuple[Subgroup, ...]
    worst: tuple[Mistake, ...]

    def to_dict(self) -> dict[str, Any]:
        """JSON's values of every number."""
        return dict(plain(self))


def open_model(path: Path) -> ExportedModel:
    """Read the card, check it, and try the known answer. Raises ModelError, OSError."""
    content = path.read_bytes()
    card = _card(path, content)
    try:
        session = Session(content)
        known = session.answer(card.known_answer.input(card.recipe.size)[None])
    except Exception as error:  # onnxruntime's have no base of their own
        raise ModelError(f"{path}: onnxruntime cannot run this file as a model of ours.") from error
    if not abs(float(known.logit[0]) - card.known_answer.logit) <= card.known_answer.tolerance:
        raise ModelError(f"{path}: the model gives another answer here than its card says.")
    return ExportedModel(path.name, hashlib.sha256(content).hexdigest(), card, session)


def _card(path: Path, content: bytes) -> ModelCard:
    try:
        properties = onnx.load_model_from_string(content).metadata_props
    except Exception as error:  # protobuf's are named differently by its implementations
        raise ModelError(f"{path}: this is no ONNX file.") from error
    try:
        return ModelCard.from_metadata({entry.key: entry.value for entry in properties})
    except CardError as error:
        raise ModelError(f"{path}: {error}") from error


def answer(model: ExportedModel, images: Sequence[LabelledImage]) -> Judged:
    """Run the model on every scan. Raises ModelError, InputError, OSError."""
    if len({image.label for image in images}) < 2:
        raise ModelError("All scans have the same label; a report needs scans of both.")
    with tempfile.TemporaryDirectory() as cache:
        paths = [image.path for image in images]
        inputs = network_inputs(paths, model.card.recipe, Path(cache))
    answers = model.session.answer(inputs)
    broken = sum(not np.isfinite(v).all() for v in zip(answers.logit, answers.novelty, strict=True))
    if broken:
        raise ModelError(f"{model.name}: {broken} of its answers are no numbers.")
    uses = tuple(model.card.use_of(sha256_of(image.path)) for image in images)
    return Judged(model, tuple(images), fingerprint(images), uses, inputs, answers)


def results(assessed: Judged, prevalence: float | None = None) -> ExternalResults:
    """Every number, at the temperature, thresholds and novelty cut of the card.

    Predictive values are those at ``prevalence``; without one there are none.
    """
    card, every, assessable = assessed.model.card, assessed.predictions(), assessed.assessable
    left = assessed.predictions(assessable)
    floor, why = _without_anatomy(assessed.images)
    how = (assessed.images, card.temperature, card.threshold)
    return ExternalResults(
        every=_fares(every, card, prevalence),
        as_answered=_as_answered(every, assessable, card),
        assessable=_fares(left, card, prevalence) if 0 < left.labels.sum() < len(left) else None,
        refused=_refused(assessed),
        without_anatomy=floor,
        why_no_baseline=why,
        subgroups=subgroups(every, *how),
        worst=_worst(assessed, gallery.worst(every, *how)),
    )


def _worst(assessed: Judged, mistakes: Sequence[Mistake]) -> tuple[Mistake, ...]:
    """The same, with what the program would have refused."""
    fit = {s.image_id: bool(ok) for s, ok in zip(assessed.images, assessed.assessable, strict=True)}
    return tuple(replace(mistake, assessable=fit[mistake.image_id]) for mistake in mistakes)


def _fares(predictions: Predictions, card: ModelCard, prevalence: float | None) -> Fares:
    given = probabilities(predictions.logits, card.temperature)
    points = {
        point.name: metrics.confusion_at(predictions.labels, given, point.threshold)
        for point in card.operating_points
    }
    predictive = {
        name: metrics.predictive_values(counts, prevalence)
        for name, counts in points.items()
        if prevalence is not None
    }
    return Fares(judge(predictions, card.temperature, card.threshold), points, predictive)


def _as_answered(
    predictions: Predictions, assessable: NDArray[np.bool_], card: ModelCard
) -> Confusion:
    given = np.where(assessable, probabilities(predictions.logits, card.temperature), -1.0)
    return metrics.confusion_at(predictions.labels, given, card.threshold)


def _refused(assessed: Judged) -> tuple[Refused, ...]:
    kinds = sorted({(image.source, image.label) for image in assessed.images})
    found = []
    for source, label in kinds:
        inside = np.array([(s.source, s.label) == (source, label) for s in assessed.images])
        count = int((inside & ~assessed.assessable).sum())
        found.append(Refused(source, label, wilson(count, int(inside.sum()))))
    return tuple(found)


def _without_anatomy(images: Sequence[LabelledImage]) -> tuple[Judgement | None, str]:
    """The baseline in grouped folds of these scans, or why there is none."""
    try:
        parts = folds.split(images, 0.0, FOLDS, SEED, grouped=True)
    except FoldError as error:
        return None, str(error)
    found = baseline.predict(images, parts, range(1, FOLDS + 1), SEED)
    return judge(found, 1.0, 0.5), ""
