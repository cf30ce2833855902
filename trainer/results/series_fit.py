"""A series head fitted to examinations, and assessed on examinations that it was not fitted to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedGroupKFold

from imaging.files.natural_order import name_key
from model.operating_point import DEFAULT, SENSITIVE, SPECIFIC, OperatingPoint
from model.probability import Numbers, sigmoid
from model.series_head import Logits, SeriesEvidence, SeriesHead, score
from trainer.results.metrics import Labels

FOLDS = 5
RESAMPLES, SEED = 1000, 0
Places = NDArray[np.int64]
STRENGTH = 1.0
"""Of the regression's penalty: a score that divides few examinations without an error would
otherwise ask for boundless certainty."""
WANTED = {DEFAULT: 85, SENSITIVE: 95, SPECIFIC: 95}
"""Per cent of specificity, of sensitivity for SENSITIVE."""
RULES = {
    DEFAULT: "The lowest threshold with a specificity of at least 0.85, on the examinations or in "
    "the median over 1,000 resamples of them, whichever is higher.",
    SENSITIVE: "The highest threshold with a sensitivity of at least 0.95, on the examinations or "
    "in the median over 1,000 resamples of them, whichever is lower.",
    SPECIFIC: "The lowest threshold with a specificity of at least 0.95, on the examinations or in "
    "the median over 1,000 resamples of them, whichever is higher.",
}


@dataclass(frozen=True)
class Examination:
    """One series with its label, and the logits of its images in order."""

    source: str
    group: str
    """The patient; examinations of one patient stay on one side."""
    label: int
    logits: tuple[float | None, ...]
    """None for an image that is not assessable."""
    labels: tuple[int, ...] = ()
    """Of each image; empty where only the examination is labelled."""


@dataclass(frozen=True)
class ScoredImage:
    """What the program says of one labelled image."""

    image_id: str
    source: str
    group: str
    label: int
    logit: float | None
    """None where it is not assessable: blank, say, or unlike the training images."""


@dataclass(frozen=True)
class Shape:
    """How a head makes its score: the choices that are made before anything is fitted."""

    neighbour: float = SeriesHead.neighbour
    highest: float = SeriesHead.highest
    slabs: int = SeriesHead.slabs
    least: int = SeriesHead.least

    def score(self, logits: Logits) -> float:
        """The score of one series."""
        return score(logits, self.neighbour, self.highest, self.slabs)


@dataclass(frozen=True, eq=False)
class CrossValidated:
    """Examinations assessed by heads, and called at thresholds, that had not seen them."""

    labels: Labels
    scores: Numbers
    """(N,) before the regression."""
    probabilities: Numbers
    called: NDArray[np.bool_]
    """(N,) at the default threshold of the other folds."""


def examinations(scored: Sequence[ScoredImage], fewest: int) -> list[Examination]:
    """The images by source and group, in the natural order of their names.

    Groups of fewer than ``fewest`` assessed images are no examinations.
    """
    members: dict[tuple[str, str], list[ScoredImage]] = defaultdict(list)
    for image in scored:
        members[image.source, image.group].append(image)
    found = []
    for (source, group), part in members.items():
        ordered = sorted(part, key=lambda each: name_key(each.image_id))
        logits = tuple(each.logit for each in ordered)
        if sum(logit is not None for logit in logits) >= fewest:
            labels = tuple(each.label for each in ordered)
            found.append(Examination(source, group, max(labels), logits, labels))
    return found


def of_both_labels(examinations: Sequence[Examination]) -> list[Examination]:
    """Those of sources with examinations of either label.

    Where all of a source show the finding, its look tells the label, and easy ones flatter.
    """
    labels = defaultdict(set)
    for each in examinations:
        labels[each.source].add(each.label)
    return [each for each in examinations if len(labels[each.source]) == 2]


def fit(examinations: Sequence[Examination], shape: Shape | None = None) -> SeriesHead:
    """A head for all examinations, with what cross-validation says of it as evidence.

    Raises ValueError without at least FOLDS examinations of either label.
    """
    shape = shape or Shape()
    validated = cross_validated(examinations, shape)
    weight, bias = regression(validated.scores, validated.labels)
    given = sigmoid(weight * validated.scores + bias)
    chosen = thresholds(validated.labels, given)
    return SeriesHead(
        weight,
        bias,
        tuple(OperatingPoint(name, value, RULES[name]) for name, value in chosen.items()),
        SeriesEvidence(
            tuple(each.source for each in examinations),
            tuple(validated.labels.tolist()),
            tuple(given.round(6).tolist()),
            tuple(validated.called.astype(int).tolist()),
        ),
        shape.neighbour,
        shape.highest,
        shape.slabs,
        shape.least,
    )


def cross_validated(examinations: Sequence[Examination], shape: Shape) -> CrossValidated:
    """Divide by patient into FOLDS, fit to four of them and assess the fifth. Raises ValueError."""
    labels = np.array([each.label for each in examinations], dtype=np.int64)
    if min(np.bincount(labels, minlength=2)) < FOLDS:
        raise ValueError(
            f"fewer than {FOLDS} examinations with, or without, the finding, of folders with both"
        )
    scores = np.array([shape.score(each.logits) for each in examinations])
    given, called = np.empty(len(labels)), np.zeros(len(labels), dtype=np.bool_)
    for rest, fold in divided(examinations):
        weight, bias = regression(scores[rest], labels[rest])
        given[fold] = sigmoid(weight * scores[fold] + bias)
        limit = thresholds(labels[rest], sigmoid(weight * scores[rest] + bias))[DEFAULT]
        called[fold] = given[fold] >= limit
    return CrossValidated(labels, scores, given, called)


def divided(examinations: Sequence[Examination]) -> list[tuple[Places, Places]]:
    """The places of examinations outside and inside each of FOLDS; a patient is in one alone."""
    labels = [each.label for each in examinations]
    groups = [f"{each.source}/{each.group}" for each in examinations]
    division = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=SEED)
    return list(division.split(np.zeros(len(labels)), labels, groups))


def thresholds(labels: Labels, probabilities: Numbers) -> dict[str, float]:
    """The operating points of SeriesHead by name, see RULES.

    The best threshold of a single sample follows that sample's noise, above all among few, so the
    median over resamples has a say. Each lies halfway between two probabilities that were seen.
    """
    random = np.random.default_rng(SEED)
    clean, bleeding = (np.sort(probabilities[labels == label]) for label in (0, 1))
    seen = np.unique(probabilities)
    chosen = {}
    for name, percent in WANTED.items():
        part = bleeding if name == SENSITIVE else clean
        kept = -(-percent * len(part) // 100)
        # Of ascending values: the highest that may stay below, the lowest that must be called.
        place = len(part) - kept if name == SENSITIVE else kept - 1
        drawn = np.sort(random.choice(part, (RESAMPLES, len(part))), axis=1)[:, place]
        median = float(np.quantile(drawn, 0.5, method="inverted_cdf"))
        limit = min(part[place], median) if name == SENSITIVE else max(part[place], median)
        chosen[name] = beside(seen, float(limit), below=name == SENSITIVE)
    return chosen


def beside(seen: Numbers, value: float, below: bool) -> float:
    """Halfway from one of the ascending ``seen`` to the next below or above it."""
    edges = np.concatenate(([0.0], seen, [1.0]))
    place = int(np.searchsorted(edges[1:-1], value)) + 1
    return float((edges[place] + edges[place + (-1 if below else 1)]) / 2)


def regression(scores: Numbers, labels: Labels) -> tuple[float, float]:
    """Weight and bias of a logistic regression in which both labels count alike."""
    model = LogisticRegression(C=STRENGTH, class_weight="balanced", tol=1e-8, max_iter=1000)
    model.fit(scores.reshape(-1, 1), labels)
    return float(max(model.coef_[0, 0], 1e-6)), float(model.intercept_[0])
