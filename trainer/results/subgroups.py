"""How parts of the images fare: each source, and the positives of each of its traits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.confusion import Confusion, confusion_at
from model.probability import Calibration
from model.proportion import Interval, Proportion
from trainer.data.labels import LabelledImage
from trainer.results import bootstrap, metrics
from trainer.results.predictions import Predictions
from trainer.results.source_names import TOGETHER, named

TOO_FEW = 20
"""Below so many of the images that a figure counts (positives for a sensitivity, negatives for a
specificity, each of both for an AUC) it is not given."""
WANTED = 90
"""Per cent of sensitivity at which the specificity is told."""


@dataclass(frozen=True)
class Trait:
    """The positives of a source that have one trait, such as a subtype of the finding."""

    name: str
    positives: int
    sensitivity: Proportion | None
    """At the default threshold; None: too few, as below."""
    auc: Interval | None
    """Against all negatives of the source."""


@dataclass(frozen=True)
class Subgroup:
    """The images of one source."""

    source: str
    images: int
    positives: int
    auc: Interval | None
    """From resampling groups; None: too few, as below."""
    default: Confusion
    """At the default threshold."""
    sensitive: Confusion | None
    """At the highest threshold that finds WANTED per cent of these very positives."""
    traits: tuple[Trait, ...]
    groups: int | None = None
    """How many patients, or what else must not be divided; None in figures of earlier runs."""


def subgroups(
    predictions: Predictions,
    images: Sequence[LabelledImage],
    calibration: Calibration,
    threshold: float,
) -> tuple[Subgroup, ...]:
    """One for each source, and one for all of them where there are several.

    ``predictions`` hold each image at most once. Raises KeyError for one of no image.
    """
    image_of = {image.image_id: image for image in images}
    own = [image_of[image_id] for image_id in predictions.image_ids]
    given = calibration.probabilities(predictions.logits)
    called = given >= threshold
    found = []
    for source in sorted({image.source for image in own}):
        rows = np.flatnonzero([image.source == source for image in own])
        part, inside = predictions.rows(rows), [own[row] for row in rows]
        traits = _traits(part, inside, called[rows])
        found.append(_subgroup(source and named(source), part, called[rows], traits))
    if len(found) > 1:
        found.append(_subgroup(TOGETHER, predictions, called, ()))
    return tuple(found)


def _subgroup(
    source: str, part: Predictions, called: NDArray[np.bool_], traits: tuple[Trait, ...]
) -> Subgroup:
    labels, positives = part.labels, int(part.labels.sum())
    enough = min(positives, len(part) - positives) >= TOO_FEW
    return Subgroup(
        source=source,
        images=len(part),
        positives=positives,
        auc=_auc(part) if enough else None,
        default=confusion_at(labels, called.astype(np.float64), 1.0),
        sensitive=metrics.confusion_at_sensitivity(labels, part.logits, WANTED) if enough else None,
        traits=traits,
        groups=len(set(part.groups)),
    )


def _traits(
    part: Predictions, images: Sequence[LabelledImage], called: NDArray[np.bool_]
) -> tuple[Trait, ...]:
    found = []
    for name in dict.fromkeys(name for image in images for name in image.traits):
        has = np.array([image.traits.get(name) == 1 for image in images])
        with_it, count = has & (part.labels == 1), int((has & (part.labels == 1)).sum())
        if count < TOO_FEW:
            found.append(Trait(name, count, None, None))
            continue
        against = part.rows(np.flatnonzero(with_it | (part.labels == 0)))
        hits = Proportion.of(int(called[with_it].sum()), count)
        enough = len(against) - count >= TOO_FEW
        found.append(Trait(name, count, hits, _auc(against) if enough else None))
    return tuple(found)


def _auc(part: Predictions) -> Interval:
    return bootstrap.auc(part.labels, part.logits, part.groups)
