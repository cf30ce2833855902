"""The threshold for a series, and what the card's out-of-fold table says of it.

There are no labelled series to choose one on, so it is worked out from single scans. One of n scans
is above a threshold more often than a given one is: at 5 % false positives a scan, 79 % of series
of 30 independent scans without the finding have one. A threshold high enough for that finds next to
no bleed any more. A series therefore counts as what one in ``ONE_IN`` of its scans reaches.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from model.card import ModelCard
from model.evidence import Evidence, at_threshold, probabilities
from model.image_result import Zone, zone_of
from model.series_result import ONE_IN, SeriesResult, counted

FALSE_ALARMS = 0.10
"""The share of series without the finding that may reach their threshold, at most.

One needless look in ten such series. Half of it would take twice the negatives to make sure of, and
every step up misses series with the finding.
"""
PERCENT = f"{100 * FALSE_ALARMS:.0f} %"
RULE = (
    f"A series counts as the probability that one in {ONE_IN} of its judged pictures reaches: the "
    f"highest of up to {ONE_IN}, the second highest of up to {2 * ONE_IN}, and so on. Its "
    f"threshold is the lowest that at most {PERCENT} of series without the finding are expected to "
    "reach, by the out-of-fold negatives and however much the pictures of a series resemble each "
    "other; never below the threshold of single pictures. A series of one judged picture counts as "
    "that picture."
)
NO_LABELLED_SERIES = (
    "There are no labelled series: how many series with the finding reach their threshold is not "
    "known."
)


@dataclass(frozen=True)
class SeriesPoint:
    """The threshold for series of so many judged pictures, and what it keeps and costs."""

    pictures: int
    evidence: Evidence
    """Of single scans at this threshold."""
    of_single_pictures: bool
    """Whether it is the threshold of single pictures: that one is no lower, or there is but one."""

    @property
    def threshold(self) -> float:
        """On what the series counts as; a hair above 1 where a negative had 1, so that none is."""
        return self.evidence.threshold

    @property
    def negatives(self) -> int:
        """Scans without the finding in the table."""
        return self.evidence.specificity.total

    @property
    def counted(self) -> int:
        """How many of the pictures must reach the threshold."""
        return counted(self.pictures)

    @property
    def negatives_needed(self) -> int:
        """So many would settle the share of false alarms for this number of pictures."""
        return math.ceil(round(self.pictures / self.counted / FALSE_ALARMS, 6)) - 1

    @property
    def enough(self) -> bool:
        """Whether the table has negatives enough to say that the share is kept."""
        return self.negatives >= self.negatives_needed

    @property
    def false_alarms(self) -> float:
        """At most this share of such series without the finding is expected to reach the threshold.

        For pictures that are each like the table's negatives, however they resemble each other.
        """
        return min(1.0, _most(self.evidence.false_positive, self.negatives, self.pictures))

    @property
    def false_alarms_interval(self) -> tuple[float, float]:
        """The same share at the 95 % Wilson bounds of the rate of false positives a picture."""
        specificity, chances = self.evidence.specificity, self.pictures / self.counted
        return (
            min(1.0, chances * (1 - specificity.high)),
            min(1.0, chances * (1 - specificity.low)),
        )


class SeriesPoints:
    """The series' thresholds for one card and the threshold of single pictures in force.

    Of n pictures, n times the chance of one are expected to be above a threshold, and k of them
    are in at most n/k times that chance of all series (Markov's inequality), whether the pictures
    are independent, all alike or anything between. A threshold just above the j+1-th highest of N
    negatives looks better on them than on a new one, which is above it with probability
    (j+1)/(N+1): exact, and it wants no level of confidence. It tells too few negatives by itself:
    above all of them the chance is 1/(N+1). The upper limit of a 95 % interval would need several
    times as many, and be paid for with missed findings; it is shown beside the number in place of
    that.
    """

    def __init__(self, card: ModelCard, threshold: float) -> None:
        self.card, self.threshold = card, threshold
        known = probabilities(card.out_of_fold, card.temperature)
        without = np.asarray(card.out_of_fold.labels, dtype=np.int64) == 0
        self._negatives = np.sort(known[without])[::-1]
        self._points: dict[int, SeriesPoint] = {}

    def of(self, pictures: int) -> SeriesPoint:
        """The point for series of so many (at least one) judged pictures.

        Of one picture it is the picture's own: the two are never called differently.
        """
        if pictures not in self._points:
            chosen = self._lowest(pictures)
            follows = pictures == 1 or chosen <= self.threshold
            evidence = at_threshold(self.card, self.threshold if follows else chosen)
            self._points[pictures] = SeriesPoint(pictures, evidence, follows)
        return self._points[pictures]

    def reached(self, series: SeriesResult) -> bool | None:
        """Whether a series reaches its threshold; None without a probability."""
        if series.probability is None:
            return None
        return series.probability >= self.of(series.n_assessed).threshold

    def zone(self, series: SeriesResult) -> Zone | None:
        """That of its highest image, None without a result of the series.

        A series is never below where any of its images is flagged, or could not be read: it is
        uncertain, as it is where too few images are above.
        """
        zone = zone_of(series.highest, self.card, self.threshold)
        if zone is Zone.ABOVE and not self.reached(series):
            return Zone.UNCERTAIN
        unsure = series.n_flagged(self.threshold) > 0 or series.n_unread > 0
        return Zone.UNCERTAIN if zone is Zone.BELOW and unsure else zone

    def _lowest(self, pictures: int) -> float:
        """The lowest threshold that keeps the share; above the highest negative if none does."""
        count = self._negatives.size
        if count == 0:
            return 0.0
        above = 0
        while _most(above + 1, count, pictures) <= FALSE_ALARMS:
            above += 1
        return math.nextafter(float(self._negatives[above]), math.inf)


def _most(above: int, negatives: int, pictures: int) -> float:
    """The most series without the finding that reach what so many of the negatives are above."""
    return pictures / counted(pictures) * (above + 1) / (negatives + 1)
