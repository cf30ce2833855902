"""The result of one image from what was read of it, and from the model's score.

Program and evaluation both go this way, so that what is evaluated is what the program does.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from functools import lru_cache
from pathlib import Path

from imaging.errors import Code, Problem
from imaging.image import ImageHeader
from imaging.input.prepare import Prepared
from model.image_result import ImageResult, status_of


@dataclass(frozen=True)
class Score:
    """What the model gave for one image; NaN in all three numbers where it failed."""

    logit: float
    probability: float
    novelty: float
    provenance: str


def unreadable(
    path: Path, frame: int, frames: int, header: ImageHeader | None, problem: Problem
) -> ImageResult:
    """A file, or a frame of a file whose first frame gave ``header``, that could not be read."""
    return ImageResult(
        folder=path.parent,
        name=path.name,
        frame=frame,
        frames=frames,
        status=problem.status,
        problems=(problem,),
        analysed_at=_now(),
        header=None if header is None else replace(header, frame=frame),
    )


def refused(path: Path, frame: int, prepared: Prepared) -> ImageResult:
    """An image that can be shown, and that the model does not get to see."""
    problem = prepared.refusal or Problem(Code.NOT_ASSESSABLE)
    return _read(path, frame, prepared, (problem,))


def only_read(path: Path, frame: int, prepared: Prepared) -> ImageResult:
    """An image that was read and could be assessed, while there is no model to do it."""
    return _read(path, frame, prepared, ())


def scored(
    path: Path, frame: int, prepared: Prepared, score: Score, novelty_cut: float
) -> ImageResult:
    """An image that the model has seen: a probability, or the reason why there is none.

    What is farther from the training images than ``novelty_cut`` gets no probability.
    """
    if math.isnan(score.probability):
        problem = Problem(Code.CLASSIFIER_FAILED)
        return replace(_read(path, frame, prepared, (problem,)), provider=score.provenance)
    novel = score.novelty > novelty_cut
    problems = (Problem(Code.NOT_ASSESSABLE),) if novel else ()
    return replace(
        _read(path, frame, prepared, problems),
        logit=None if novel else score.logit,
        probability=None if novel else score.probability,
        novelty=score.novelty,
        provider=score.provenance,
    )


def _read(path: Path, frame: int, prepared: Prepared, problems: tuple[Problem, ...]) -> ImageResult:
    # What decides the result comes first, then what is merely worth knowing.
    all_problems = (*problems, *prepared.header.warnings)
    return ImageResult(
        folder=path.parent,
        name=path.name,
        frame=frame,
        frames=prepared.header.frames,
        status=status_of(all_problems),
        problems=all_problems,
        analysed_at=_now(),
        header=prepared.header,
        thumbnail=prepared.thumbnail,
        sha256=prepared.sha256,
        pixels_digest=prepared.pixels_digest,
    )


def _now() -> datetime:
    """The time to the millisecond, as it is exported."""
    now = datetime.now().astimezone()
    milliseconds = now.microsecond // 1000
    return _one_time(now.replace(microsecond=1000 * milliseconds, tzinfo=_one_zone(now.tzinfo)))


@lru_cache(maxsize=1)
def _one_time(time: datetime) -> datetime:
    """The same object for images of one batch."""
    return time


@lru_cache(maxsize=4)
def _one_zone(zone: tzinfo | None) -> tzinfo | None:
    """The same object for the same zone: each result would have one of its own."""
    return zone
