"""The rule of single images: a series' threshold, and what the out-of-fold results say of it.

It applies where no series head does. It knows no labelled series: the threshold is worked out from
single images. The more images a series has, the likelier one of them is a false positive. At 5 %
false positives an image, 79 % of series of 30 independent images without the finding have one. A
threshold that avoids them finds next to no bleed. The score of a series is therefore the one that
one in ``ONE_IN`` of its images reaches.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from imaging.messages import Message
from model.card import ModelCard
from model.confusion import Confusion
from model.evidence import at_threshold, out_of_fold_probabilities
from model.image_result import Zone, zone_of
from model.messages import SeriesNote
from model.series_result import ONE_IN, SeriesResult, counted

FALSE_ALARMS = 0.10
"""The share of series without the finding that may reach their threshold, at most.

One needless look in ten such series. Half of it would take twice the negatives to make sure of, and
every step up misses series with the finding.
"""
RULE = Message(SeriesNote.RULE_OF_IMAGES, one_in=ONE_IN, twice=2 * ONE_IN, share=100 * FALSE_ALARMS)
NO_LABELLED_SERIES = Message(SeriesNote.NO_LABELLED_SERIES)


@dataclass(frozen=True)
class SeriesPoint:
    """The threshold for series of so many assessed images, and what it keeps and costs."""

    images: int
    threshold: float
    """On what the series counts as; a hair above 1 where a negative had 1, so that none is."""
    evidence: Confusion
    """Of single images at this threshold."""
    of_single_images: bool
    """Whether it is the threshold of single images: that one is no lower, or there is but one."""

    @property
    def negatives(self) -> int:
        """Images without the finding in the table."""
        return self.evidence.specificity.total

    @property
    def counted(self) -> int:
        """How many of the images must reach the threshold."""
        return counted(self.images)

    @property
    def negatives_needed(self) -> int:
        """So many would settle the share of false alarms for this number of images."""
        return math.ceil(round(self.images / self.counted / FALSE_ALARMS, 6)) - 1

    @property
    def enough(self) -> bool:
        """Whether the table has negatives enough to say that the share is kept."""
        return self.negatives >= self.negatives_needed

    @property
    def false_alarms(self) -> float:
        """At most this share of such series without the finding is expected to reach the threshold.

        For images that are each like the table's negatives, however they resemble each other.
        """
        return min(1.0, _most(self.evidence.false_positive, self.negatives, self.images))

    @property
    def false_alarms_interval(self) -> tuple[float, float]:
        """The same share at the 95 % Wilson bounds of the rate of false positives an image."""
        specificity, chances = self.evidence.specificity, self.images / self.counted
        return (
            min(1.0, chances * (1 - specificity.high)),
            min(1.0, chances * (1 - specificity.low)),
        )


class SeriesPoints:
    """The series' thresholds for one card and the threshold of single images in force.

    Of n images, n times the chance of one are expected to be above a threshold, and k of them
    are in at most n/k times that chance of all series (Markov's inequality), whether the images
    are independent, all alike or anything between. A threshold just above the j+1-th highest of N
    negatives looks better on them than on a new one, which is above it with probability
    (j+1)/(N+1): exact, and it wants no level of confidence. It tells too few negatives by itself:
    above all of them the chance is 1/(N+1). The upper limit of a 95 % interval would need several
    times as many, and be paid for with missed findings; it is shown beside the number in place of
    that.
    """

    def __init__(self, card: ModelCard, threshold: float) -> None:
        self.card, self.threshold = card, threshold
        known = out_of_fold_probabilities(card)
        without = np.asarray(card.out_of_fold.labels, dtype=np.int64) == 0
        self._negatives = np.sort(known[without])[::-1]
        self._points: dict[int, SeriesPoint] = {}

    def of(self, images: int) -> SeriesPoint:
        """The point for series of so many (at least one) assessed images.

        Of one image it is the image's own: the two are never called differently.
        """
        if images not in self._points:
            chosen = self._lowest(images)
            follows = images == 1 or chosen <= self.threshold
            threshold = self.threshold if follows else chosen
            evidence = at_threshold(self.card, threshold)
            self._points[images] = SeriesPoint(images, threshold, evidence, follows)
        return self._points[images]

    def reached(self, series: SeriesResult) -> bool | None:
        """Whether a series reaches its threshold; None without a probability."""
        if series.counted_probability is None:
            return None
        return series.counted_probability >= self.of(series.n_assessed).threshold

    def zone(self, series: SeriesResult) -> Zone | None:
        """That of its highest image, None without a result of the series.

        A series is never below where any of its images is flagged, or could not be read: it is
        uncertain, as it is where too few images are above.
        """
        zone = zone_of(series.highest, self.card, self.threshold)
        if zone is Zone.FLAGGED and not self.reached(series):
            return Zone.UNCERTAIN
        unsure = series.n_flagged(self.threshold) > 0 or series.n_unreadable > 0
        return Zone.UNCERTAIN if zone is Zone.NOT_FLAGGED and unsure else zone

    def _lowest(self, images: int) -> float:
        """The lowest threshold that keeps the share; above the highest negative if none does."""
        count = self._negatives.size
        if count == 0:
            return 0.0
        above = 0
        while _most(above + 1, count, images) <= FALSE_ALARMS:
            above += 1
        return math.nextafter(float(self._negatives[above]), math.inf)


def _most(above: int, negatives: int, images: int) -> float:
    """The most series without the finding that reach what so many of the negatives are above."""
    return images / counted(images) * (above + 1) / (negatives + 1)
