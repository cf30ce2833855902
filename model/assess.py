"""Makes the finding of one frame from what the child process and the classifier said of it."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from imaging.errors import Code, Problem
from imaging.image import ImageHeader
from imaging.input.prepare import Prepared
from model.image_result import ImageResult, status_of


@dataclass(frozen=True)
class Answer:
    """What the classifier said of one scan; NaN in all three where it failed."""

    logit: float
    probability: float
    novelty: float
    provenance: str


def unread(
    path: Path, frame: int, frames: int, header: ImageHeader | None, problem: Problem
) -> ImageResult:
    """A file, or a frame of a file whose first frame gave ``header``, that could not be read."""
    return ImageResult(
        path=path,
        frame=frame,
        frames=frames,
        status=problem.status,
        problems=(problem,),
        analysed_at=_now(),
        header=None if header is None else replace(header, frame=frame),
    )


def refused(path: Path, frame: int, prepared: Prepared) -> ImageResult:
    """A scan that can be shown, and that the classifier does not get to see."""
    problem = prepared.refusal or Problem(Code.NOT_ASSESSABLE)
    return _read(path, frame, prepared, (problem,))


def only_read(path: Path, frame: int, prepared: Prepared) -> ImageResult:
    """An image that was read and could be assessed, while there is no model to do it."""
    return _read(path, frame, prepared, ())


def answered(
    path: Path, frame: int, prepared: Prepared, answer: Answer, novelty_cut: float
) -> ImageResult:
    """A scan that the classifier has seen: a probability, or the reason why there is none.

    What is farther from the training scans than ``novelty_cut`` gets no probability.
    """
    if math.isnan(answer.probability):
        problem = Problem(Code.CLASSIFIER_FAILED)
        return replace(_read(path, frame, prepared, (problem,)), provider=answer.provenance)
    novel = answer.novelty > novelty_cut
    problems = (Problem(Code.NOT_ASSESSABLE),) if novel else ()
    return replace(
        _read(path, frame, prepared, problems),
        logit=None if novel else answer.logit,
        probability=None if novel else answer.probability,
        novelty=answer.novelty,
        provider=answer.provenance,
    )


class DuplicateUids:
    """Knows the SOP Instance UIDs of the rows that came before."""

    def __init__(self) -> None:
        self._seen: set[tuple[str, int]] = set()

    def marked(self, result: ImageResult) -> ImageResult:
        """The finding, with a warning where another file had its UID and frame before it."""
        uid = "" if result.header is None else result.header.identity.sop_uid
        if not uid or (uid, result.frame) not in self._seen:
            self._seen.add((uid, result.frame))
            return result
        return as_copy(result)


def as_copy(result: ImageResult) -> ImageResult:
    """The result with the warning that an earlier file has the same UID and frame."""
    problems = (*result.problems, Problem(Code.DUPLICATE_UID))
    return replace(result, problems=problems, status=status_of(problems))


def _read(path: Path, frame: int, prepared: Prepared, problems: tuple[Problem, ...]) -> ImageResult:
    # What makes the row what it is comes first, then what is merely worth knowing.
    all_problems = (*problems, *prepared.header.warnings)
    return ImageResult(
        path=path,
        frame=frame,
        frames=prepared.header.frames,
        status=status_of(all_problems),
        problems=all_problems,
        analysed_at=_now(),
        header=prepared.header,
        thumbnail=prepared.thumbnail,
        sha256=prepared.sha256,
    )


def _now() -> datetime:
    return datetime.now().astimezone()
