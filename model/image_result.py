"""ImageResult: what is known of one image after scoring; the threshold is applied last, here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum, StrEnum, auto
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from imaging.errors import Code, Problem, Status, worst
from imaging.image import ImageHeader
from model.card import ModelCard
from model.operating_point import SENSITIVE, SPECIFIC


class Zone(StrEnum):
    """Where a probability lies. Values stand in exported CSV files."""

    NOT_FLAGGED = "below"
    UNCERTAIN = "uncertain"
    FLAGGED = "above"


class ImageCall(Enum):
    """What the program says of an image with a score; each room has its own words for it."""

    FLAGGED = auto()
    FLAGGED_UNCERTAIN = auto()
    """At or above the threshold, in the uncertain zone."""
    UNCERTAIN = auto()
    """Below the threshold, in the uncertain zone: never "not flagged"."""
    NOT_FLAGGED = auto()


@dataclass(frozen=True, eq=False, slots=True)
class ImageResult:
    """One image, a file or a frame of it: its probability, or the reason why it has none."""

    folder: Path
    """Where the file lies. Apart from its name, for many files have it in common."""
    name: str
    frame: int
    """Counts from 0."""
    frames: int
    status: Status
    problems: tuple[Problem, ...]
    analysed_at: datetime
    """With its zone."""
    header: ImageHeader | None = None
    thumbnail: NDArray[np.uint8] | None = None
    logit: float | None = None
    """Before the temperature; None wherever ``probability`` is None."""
    probability: float | None = None
    novelty: float | None = None
    """Distance from the training images; stays known where it is the reason for no probability."""
    sha256: str = ""
    """Of the file's content; empty where the file was not read."""
    pixels_digest: bytes = b""
    """Of the decoded pixels; empty where they were not read."""
    provider: str = ""
    """What computed the score, and why where it is not what was asked for."""

    @property
    def path(self) -> Path:
        """Of the file."""
        return self.folder / self.name

    @property
    def is_screened(self) -> bool:
        """Whether its turn had come; not, where the run was stopped before."""
        return Code.NOT_SCREENED not in {problem.code for problem in self.problems}

    @property
    def reason(self) -> str:
        """Why the status is not ``ok``: plain sentences, one line."""
        return " ".join(problem.sentence for problem in self.problems)


def status_of(problems: tuple[Problem, ...]) -> Status:
    """The status that an image with these problems has: the worst of theirs, OK without any."""
    return worst(problem.status for problem in problems)


def prediction(result: ImageResult, threshold: float) -> int | None:
    """1 at or above the threshold, 0 below it, None without a probability."""
    return None if result.probability is None else int(result.probability >= threshold)


def zone(result: ImageResult, card: ModelCard, threshold: float) -> Zone | None:
    """The zone of an image, None without a probability.

    Uncertain is what neither of the card's 95 % points decides: too high to exclude at sensitivity
    95 %, too low to confirm at specificity 95 %. Elsewhere the reader's threshold decides.
    """
    return zone_of(result.probability, card, threshold)


def zone_of(probability: float | None, card: ModelCard, threshold: float) -> Zone | None:
    """The same as ``zone``, for a probability."""
    if probability is None:
        return None
    low, high = uncertain_zone(card)
    if low <= probability < high:
        return Zone.UNCERTAIN
    return Zone.FLAGGED if probability >= threshold else Zone.NOT_FLAGGED


def image_call(place: Zone | None, is_flagged: bool) -> ImageCall:
    """What is said of an image in that zone; ``is_flagged``: at or above the threshold."""
    if place is Zone.UNCERTAIN:
        return ImageCall.FLAGGED_UNCERTAIN if is_flagged else ImageCall.UNCERTAIN
    return ImageCall.FLAGGED if is_flagged else ImageCall.NOT_FLAGGED


def uncertain_zone(card: ModelCard) -> tuple[float, float]:
    """The probabilities that are uncertain: from the first up to, but not at, the second."""
    points = {point.name: point.threshold for point in card.operating_points}
    return points.get(SENSITIVE, 1.0), points.get(SPECIFIC, 0.0)
