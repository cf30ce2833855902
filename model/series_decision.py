"""What is said of a scored series: its probability, flagged or not, and by which rule.

Worklist, result panel, tables, summary and sidecar all ask ``SeriesRules``; nothing else decides.

Where the model's card has a series head and enough images were assessed, the head's probability is
compared with the head's own default threshold. The threshold of single images plays no part in
that: moving it never flags such a series, nor takes a flag away. Elsewhere the rule of single
images applies (``SeriesPoints``), which follows the threshold of single images. Where the head
decided, each slice has a score in context besides, which decides on nothing.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum, IntEnum, StrEnum, auto

from imaging.messages import Message
from model.card import ModelCard
from model.image_result import Zone
from model.operating_point import SENSITIVE
from model.series_head import SeriesHead
from model.series_point import SeriesPoint, SeriesPoints
from model.series_result import SeriesCode, SeriesResult, SeriesState


class SeriesRule(StrEnum):
    """By which rule a series is flagged. Values stand in exported CSV files."""

    HEAD = "series_head"
    IMAGES = "single_images"


class Agreement(StrEnum):
    """How the result of a series and those of its images go together."""

    BOTH = "both"
    """Series and images say the same."""
    SERIES_ALONE = "series_alone"
    """The series is flagged, and none of its images is."""
    IMAGES_ALONE = "images_alone"
    """At least one image is flagged, and the series is not."""
    UNREADABLE = "unreadable"
    """Nothing is flagged, and an image could not be read: nobody knows what it shows."""


class SeriesCall(Enum):
    """What the program says of a series and its images; each room has its own words for it."""

    FLAGGED = auto()
    AS_A_WHOLE = auto()
    """Flagged, and none of its images is."""
    FLAGGED_UNCERTAIN = auto()
    """Flagged, in the uncertain zone."""
    NEAR_WITH_IMAGES = auto()
    """Uncertain: near its threshold, and an image is flagged."""
    IMAGES_ALONE = auto()
    """Uncertain by a flagged image alone."""
    UNREADABLE = auto()
    """Uncertain by an image alone that could not be read."""
    UNCERTAIN_IMAGE = auto()
    """Uncertain where single images decide: the highest score is uncertain, and not flagged."""
    NEAR = auto()
    """Uncertain: near its threshold."""
    NOT_FLAGGED = auto()


class Rank(IntEnum):
    """How soon a series is to be read: what may hold anything comes before what is not flagged."""

    FLAGGED = 0
    UNCERTAIN = 1
    PENDING = 2
    """Without a result (yet), or hidden until it has been read."""
    NOT_FLAGGED = 3
    NOT_ASSESSABLE = 4


@dataclass(frozen=True)
class SeriesDecision:
    """The result of a series whose images all have a result or a reason."""

    rule: SeriesRule
    probability: float
    """Of the rule HEAD that the series shows the finding; of the rule IMAGES the score that as many
    images reach as the rule counts."""
    threshold: float
    """On that probability."""
    zone: Zone
    """Never NOT_FLAGGED where an image is flagged or could not be read."""
    n_flagged: int
    """Different images at or above the threshold of single images."""
    n_assessed: int
    """Different images with a probability."""
    n_unreadable: int
    head: SeriesHead | None
    """That of the card, whichever rule applied."""
    point: SeriesPoint | None
    """Of the rule IMAGES; None where the head decided."""

    @property
    def is_flagged(self) -> bool:
        """Whether the series reaches its threshold."""
        return self.probability >= self.threshold

    @property
    def is_near(self) -> bool:
        """Whether the head's probability reaches its point of sensitivity 95 %.

        A series that is uncertain without that is so by its images alone. False without a head.
        """
        if self.head is None or self.rule is SeriesRule.IMAGES:
            return False
        return self.probability >= sensitive_threshold(self.head)

    @property
    def margin(self) -> float:
        """How far above its threshold the probability lies, in logits; below it negative."""
        return _logit(self.probability) - _logit(self.threshold)

    @property
    def suspicion(self) -> tuple[bool, float]:
        """Smaller is to be read sooner, among series that are called the same.

        By the margin; where the rule of single images applies, those with a flagged image first.
        """
        lacks_image = self.rule is SeriesRule.IMAGES and self.n_flagged == 0
        return lacks_image, -self.margin

    @property
    def agreement(self) -> Agreement:
        """How series and images go together."""
        if self.is_flagged:
            return Agreement.BOTH if self.n_flagged else Agreement.SERIES_ALONE
        if self.n_flagged:
            return Agreement.IMAGES_ALONE
        return Agreement.UNREADABLE if self.n_unreadable else Agreement.BOTH

    @property
    def call(self) -> SeriesCall:
        """What is said of the series: plainly so where its images say something else."""
        if self.is_flagged:
            if self.agreement is Agreement.SERIES_ALONE:
                return SeriesCall.AS_A_WHOLE
            uncertain = self.zone is Zone.UNCERTAIN
            return SeriesCall.FLAGGED_UNCERTAIN if uncertain else SeriesCall.FLAGGED
        if self.zone is Zone.NOT_FLAGGED:
            return SeriesCall.NOT_FLAGGED
        match self.agreement:
            case Agreement.IMAGES_ALONE:
                return SeriesCall.NEAR_WITH_IMAGES if self.is_near else SeriesCall.IMAGES_ALONE
            case Agreement.UNREADABLE if not self.is_near:
                return SeriesCall.UNREADABLE
        return SeriesCall.NEAR if self.rule is SeriesRule.HEAD else SeriesCall.UNCERTAIN_IMAGE


Suspicion = tuple[Rank, bool, float]
"""What a series is sorted by: its rank, whether it lacks a flag of its own, and how far its result
lies from suspicion."""


def suspicion_of(
    result: SeriesResult,
    decision: SeriesDecision | None,
    threshold: float,
    hidden: bool = False,
) -> Suspicion:
    """What series are sorted by, the smallest to be read first; without a decision by their images.

    Where images have no result together, one that reaches ``threshold``, that of single images, is
    read as soon as a flagged series. ``hidden``: no score may be told, not even by the order.
    """
    if hidden:
        return Rank.PENDING, False, 0.0
    if decision is not None:
        return _rank(decision), *decision.suspicion
    rank = Rank.PENDING
    has_none = result.state is SeriesState.SCORED or not result.is_one_patient
    if result.state is SeriesState.NOT_ASSESSABLE:
        rank = Rank.NOT_ASSESSABLE
    elif has_none and result.n_flagged(threshold):
        rank = Rank.FLAGGED
    return rank, True, -(result.highest or 0.0)


def _rank(decision: SeriesDecision) -> Rank:
    if decision.is_flagged:
        return Rank.FLAGGED
    return Rank.NOT_FLAGGED if decision.zone is Zone.NOT_FLAGGED else Rank.UNCERTAIN


class SeriesRules:
    """Decides on series for one card and the threshold of single images in force."""

    def __init__(self, card: ModelCard, threshold: float) -> None:
        self.card, self.threshold = card, threshold
        self._points = SeriesPoints(card, threshold)

    def of(self, series: SeriesResult) -> SeriesDecision | None:
        """The decision on a series; None where it has no result (yet), or one that is hidden.

        ``why_none`` says why a series of images with results has none.
        """
        if series.state is not SeriesState.SCORED or series.counted_probability is None:
            return None
        if self.why_none(series) is not None:
            return None
        head, probability = self.card.series_head, self._by_head(series)
        if head is None or probability is None:
            return self._by_images(series, series.counted_probability)
        return SeriesDecision(
            SeriesRule.HEAD,
            probability,
            head.threshold(),
            self._zone(head, probability, series),
            series.n_flagged(self.threshold),
            series.n_assessed,
            series.n_unreadable,
            head,
            None,
        )

    def in_context(self, series: SeriesResult) -> dict[int, float]:
        """The scores in context of a series' images, by their indices among all images.

        Empty unless the card's series head decides on the series and gives such scores; models of
        other images than head CT give none. An image without a score of its own has none.
        """
        head = self.card.series_head
        if head is None or head.context is None or not self.card.counts_images:
            return {}
        decision = self.of(series)
        if decision is None or decision.rule is SeriesRule.IMAGES:
            return {}
        first_of = dict(series.copies)
        different = (at for at in range(series.n_images) if at not in first_of)
        own = dict(zip(different, head.in_context(series.logits), strict=True))
        placed = ((index, own[first_of.get(at, at)]) for at, index in enumerate(series.members))
        return {index: probability for index, probability in placed if probability is not None}

    def why_none(self, series: SeriesResult) -> Message | None:
        """Why images that have results have none together; None where they may have one.

        They may be of several patients, or the model was made for other images than head CT and has
        no series head for as many.
        """
        if not series.is_one_patient:
            return Message(SeriesCode.PATIENTS_UNIDENTIFIED)
        if series.state is not SeriesState.SCORED or self.card.counts_images:
            return None
        if self._by_head(series) is not None:
            return None
        return Message(SeriesCode.NOT_CLAIMED)

    def _by_head(self, series: SeriesResult) -> float | None:
        """The probability that the card's series head gives; None where it has none for these."""
        head = self.card.series_head
        return None if head is None else head.probability(series.logits)

    def _by_images(self, series: SeriesResult, probability: float) -> SeriesDecision:
        point = self._points.of(series.n_assessed)
        zone = self._points.zone(series)
        assert zone is not None  # it has a probability
        return SeriesDecision(
            SeriesRule.IMAGES,
            probability,
            point.threshold,
            zone,
            series.n_flagged(self.threshold),
            series.n_assessed,
            series.n_unreadable,
            self.card.series_head,
            point,
        )

    def _zone(self, head: SeriesHead, probability: float, series: SeriesResult) -> Zone:
        """Flagged where the head's threshold is reached; not flagged where nothing is suspicious.

        Between the head's point of sensitivity 95 % and its threshold a series is uncertain, as is
        one with a flagged image, or with one that could not be read.
        """
        if probability >= head.threshold():
            return Zone.FLAGGED
        near = probability >= sensitive_threshold(head)
        unsure = series.n_flagged(self.threshold) > 0 or series.n_unreadable > 0
        return Zone.UNCERTAIN if near or unsure else Zone.NOT_FLAGGED


def sensitive_threshold(head: SeriesHead) -> float:
    """That of the head's point of sensitivity 95 %; 1 where it has none."""
    points = {each.name: each.threshold for each in head.thresholds}
    return points.get(SENSITIVE, 1.0)


def _logit(probability: float) -> float:
    inside = min(max(probability, 1e-9), 1 - 1e-9)
    return math.log(inside / (1 - inside))
