"""The threshold for a series, and what the card's out-of-fold table says of it.

There are no labelled series to choose one on, so it is worked out from single scans. The highest
of n scans is above a threshold more often than one scan is: at 5 % false positives a scan, 79 % of
series of 30 without the finding would be called.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from desktop.engine.evidence import Evidence, at_threshold, probabilities
from desktop.engine.finding import Zone, zone_of
from scans.model_card import ModelCard

FALSE_ALARMS = 0.10
"""The share of series without the finding that may reach their threshold by chance.

One needless look in ten such series. Half of it would take 19 negatives for every picture of the
series in place of 9 to make sure of, and every step up misses series with the finding.
"""
PERCENT = f"{100 * FALSE_ALARMS:.0f} %"
RULE = (
    "A series counts as its highest picture. Its threshold depends on how many pictures were "
    f"judged: the lowest that at most {PERCENT} of series without the finding are expected to "
    "reach, by the out-of-fold negatives, as if its pictures were independent; never below the "
    "threshold of single pictures. A series of one judged picture counts as that picture."
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
        """On the highest probability; a hair above 1 where a negative had 1, so that none is."""
        return self.evidence.threshold

    @property
    def negatives(self) -> int:
        """Scans without the finding in the table."""
        return self.evidence.specificity.total

    @property
    def negatives_needed(self) -> int:
        """So many would settle the share of false alarms for this number of pictures."""
        return math.ceil(round(self.pictures * (1 - FALSE_ALARMS) / FALSE_ALARMS, 6))

    @property
    def enough(self) -> bool:
        """Whether the table has negatives enough to say that the share is kept."""
        return self.negatives >= self.negatives_needed

    @property
    def false_alarms(self) -> float:
        """The share of such series without the finding that is expected to reach the threshold.

        For pictures like the table's negatives, each independent of the others. Those of one
        patient resemble each other, which makes fewer series with one above it.
        """
        return 1 - _none_above(self.evidence.false_positive, self.negatives, self.pictures)

    @property
    def false_alarms_interval(self) -> tuple[float, float]:
        """The same share at the 95 % Wilson bounds of the rate of false positives a picture."""
        specificity = self.evidence.specificity
        return 1 - specificity.high**self.pictures, 1 - specificity.low**self.pictures


class SeriesPoints:
    """The series' thresholds for one card and the threshold of single pictures in force.

    They keep the expected share, not the point estimate and not its upper limit. A threshold just
    above the k+1-th highest of N negatives looks better on them than on new scans: of N + n alike,
    the k+1 highest are all among the N with probability N/(N+n) · (N-1)/(N+n-1) · … (k+1 factors),
    which is exact and wants no level of confidence. It tells too few negatives by itself: above all
    of them the chance is n/(N+n), so N must be 9n. The upper limit of a 95 % interval would need
    four times that, on top of the margin that independence leaves, and be paid for with missed
    findings; it is shown beside the number in place of that.
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

    def zone(self, probability: float | None, pictures: int) -> Zone | None:
        """That of its highest picture; uncertain where only a single picture would be above."""
        if probability is None:
            return None
        zone = zone_of(probability, self.card, self.threshold)
        reached = probability >= self.of(pictures).threshold
        return Zone.UNCERTAIN if zone is Zone.ABOVE and not reached else zone

    def _lowest(self, pictures: int) -> float:
        """The lowest threshold that keeps the share; above the highest negative if none does."""
        count = self._negatives.size
        if count == 0:
            return 0.0
        above = 0
        while 1 - _none_above(above + 1, count, pictures) <= FALSE_ALARMS:
            above += 1
        return math.nextafter(float(self._negatives[above]), math.inf)


def _none_above(above: int, negatives: int, pictures: int) -> float:
    """How likely none of ``pictures`` new negatives reaches what so many of the known ones do."""
    return math.prod((negatives - i) / (negatives + pictures - i) for i in range(above + 1))
