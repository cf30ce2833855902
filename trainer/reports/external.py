"""An exported file on labelled images: what the program would give, and how it fares.

Each image goes the program's own way, see ``trainer.results.assessment``. Needs no torch.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from imaging.errors import Code
from imaging.input.prepare import prepare
from model.card import ModelCard
from model.confusion import Confusion, PredictiveValues, confusion_at, predictive_values
from model.image_result import ImageResult
from model.probability import UNCALIBRATED
from model.proportion import Proportion
from model.session import Session, SessionError
from trainer.arguments import ArgumentsError
from trainer.data import folds
from trainer.data.folds import FoldError
from trainer.data.labels import LabelledImage
from trainer.data.provenance import fingerprint
from trainer.quiet import libraries_kept_quiet
from trainer.reports import gallery
from trainer.reports.gallery import InputWithHeatMap, Mistake
from trainer.results import baseline
from trainer.results.assessment import assess_files
from trainer.results.evaluation import Performance, performance, to_json
from trainer.results.predictions import Predictions
from trainer.results.subgroups import Subgroup, subgroups

FOLDS, SEED = 5, 0
"""Of the baseline without anatomy."""


class ModelError(ArgumentsError):
    """The model file cannot be evaluated; the message is a sentence."""


@dataclass(frozen=True, eq=False)
class ExportedModel:
    """A file of the contract that gave its card's known answer."""

    name: str
    session: Session

    @property
    def sha256(self) -> str:
        """Of the file."""
        return self.session.sha256

    @property
    def card(self) -> ModelCard:
        """What the file says about itself."""
        return self.session.card


@dataclass(frozen=True, eq=False)
class Assessed:
    """Labelled images and what the program gives for each, in one order."""

    model: ExportedModel
    images: tuple[LabelledImage, ...]
    results: tuple[ImageResult, ...]
    fingerprint: str
    uses: tuple[str, ...]
    """What the model's run used each image for, as its card says; empty: nothing, or not known."""

    @property
    def is_the_training_data(self) -> bool:
        """Whether the model's run was made of these very images and labels."""
        return self.fingerprint == self.model.card.data_fingerprint

    @property
    def labels(self) -> NDArray[np.int64]:
        """(N,) 0 or 1, of all images."""
        return np.array([image.label for image in self.images], dtype=np.int64)

    @property
    def predictions(self) -> Predictions:
        """Of the images that have a probability."""
        known = [
            (image, result.logit)
            for image, result in zip(self.images, self.results, strict=True)
            if result.logit is not None
        ]
        return Predictions(
            tuple(image.image_id for image, _ in known),
            tuple(image.group for image, _ in known),
            np.full(len(known), self.model.card.fold, dtype=np.int64),
            np.array([image.label for image, _ in known], dtype=np.int64),
            np.array([logit for _, logit in known], dtype=np.float64),
        )

    def input_with_heat_map(self, image_id: str) -> InputWithHeatMap:
        """An image as the network saw it, with its heat map. Raises KeyError, ImageError."""
        path = {image.image_id: image.path for image in self.images}[image_id]
        with libraries_kept_quiet():
            network_input = prepare(path, 0, self.model.card.recipe).network_input
        if network_input is None:
            raise KeyError(image_id)
        return InputWithHeatMap(network_input, self.model.session.heat_map(network_input))


@dataclass(frozen=True)
class Refused:
    """Images of one source and label that are not assessable, for one reason."""

    source: str
    label: int
    reason: Code
    share: Proportion


@dataclass(frozen=True)
class Fares:
    """Results of one set of images, at the calibration and the operating points of the card."""

    performance: Performance
    points: dict[str, Confusion]
    """Counts by the name of the operating point."""
    predictive: dict[str, PredictiveValues]
    """By the same names; empty where no prevalence was given."""


@dataclass(frozen=True)
class ExternalResults:
    """All that the report shows."""

    assessed: Fares
    """Of the images that the program gives a probability."""
    fresh: Performance | None
    """Of those among them that are none of the run's; None where they are all or none of them, or
    the card does not say."""
    every: Confusion
    """Of all images at the default threshold; what is not assessable counts as not flagged."""
    refused: tuple[Refused, ...]
    without_anatomy: Performance | None
    why_no_baseline: str
    """A sentence; empty with a baseline."""
    subgroups: tuple[Subgroup, ...]
    worst: tuple[Mistake, ...]

    def to_dict(self) -> dict[str, Any]:
        """JSON's values of every number."""
        return dict(to_json(self))


def open_model(path: Path) -> ExportedModel:
    """Open the file as the program does, on the CPU. Raises ModelError."""
    try:
        return ExportedModel(path.name, Session.open(path, "cpu"))
    except SessionError as error:
        raise ModelError(f"{path}: {error}") from error


def assess(model: ExportedModel, images: Sequence[LabelledImage]) -> Assessed:
    """Have every image assessed. Raises ModelError where too few of both classes are assessable."""
    if len({image.label for image in images}) < 2:
        raise ModelError("All images have the same label; a report needs images of both.")
    results = tuple(assess_files([image.path for image in images], model.session))
    known = {
        image.label
        for image, result in zip(images, results, strict=True)
        if result.probability is not None
    }
    if len(known) < 2:
        reasons = Counter(result.problems[0].code for result in results if result.problems)
        why = ", ".join(f"{count} {code}" for code, count in reasons.most_common(3))
        raise ModelError(f"{model.name}: too few images of both labels are assessable ({why}).")
    uses = tuple(model.card.use_of(result.sha256) for result in results)
    return Assessed(model, tuple(images), results, fingerprint(images), uses)


def results(assessed: Assessed, prevalence: float | None = None) -> ExternalResults:
    """Every number, at the calibration, thresholds and novelty cut of the card.

    Predictive values are those at ``prevalence``; without one there are none.
    """
    card, predictions = assessed.model.card, assessed.predictions
    floor, why = _without_anatomy(assessed.images)
    how = (assessed.images, card.calibration, card.threshold)
    return ExternalResults(
        assessed=_fares(predictions, card, prevalence),
        fresh=_fresh(assessed),
        every=_every(assessed),
        refused=_refused(assessed),
        without_anatomy=floor,
        why_no_baseline=why,
        subgroups=subgroups(predictions, *how),
        worst=gallery.worst(predictions, *how),
    )


def _fares(predictions: Predictions, card: ModelCard, prevalence: float | None) -> Fares:
    given = card.calibration.probabilities(predictions.logits)
    points = {
        point.name: confusion_at(predictions.labels, given, point.threshold)
        for point in card.operating_points
    }
    predictive = {
        name: predictive_values(counts, prevalence)
        for name, counts in points.items()
        if prevalence is not None
    }
    found = performance(predictions, card.calibration, card.threshold)
    return Fares(found, points, predictive)


def _fresh(assessed: Assessed) -> Performance | None:
    card, predictions = assessed.model.card, assessed.predictions
    of_run = {i.image_id for i, use in zip(assessed.images, assessed.uses, strict=True) if use}
    rows = np.flatnonzero([each not in of_run for each in predictions.image_ids])
    if not card.used or not 0 < len(rows) < len(predictions):
        return None
    return performance(predictions.rows(rows), card.calibration, card.threshold)


def _every(assessed: Assessed) -> Confusion:
    given = [-1.0 if r.probability is None else r.probability for r in assessed.results]
    return confusion_at(assessed.labels, np.array(given), assessed.model.card.threshold)


def _refused(assessed: Assessed) -> tuple[Refused, ...]:
    kinds = Counter((image.source, image.label) for image in assessed.images)
    reasons = Counter(
        (image.source, image.label, result.problems[0].code)
        for image, result in zip(assessed.images, assessed.results, strict=True)
        if result.probability is None
    )
    return tuple(
        Refused(source, label, reason, Proportion.of(count, kinds[source, label]))
        for (source, label, reason), count in sorted(reasons.items())
    )


def _without_anatomy(images: Sequence[LabelledImage]) -> tuple[Performance | None, str]:
    """The baseline in grouped folds of these images, or why there is none."""
    try:
        parts = folds.split(images, 0.0, FOLDS, SEED, grouped=True)
    except FoldError as error:
        return None, str(error)
    found = baseline.predict(images, parts, range(1, FOLDS + 1), SEED)
    return performance(found, UNCALIBRATED, 0.5), ""
