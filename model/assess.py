"""The result of one image from what was read of it, and from the model's score.

Program and evaluation both go this way, so that what is evaluated is what the program does.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
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


class DuplicateUids:
    """Knows the SOP Instance UIDs of the images that came before."""

    def __init__(self) -> None:
        self._seen: set[tuple[str, int]] = set()

    def marked(self, result: ImageResult) -> ImageResult:
        """The result, with a warning where another file had its UID and frame before it."""
        uid = "" if result.header is None else result.header.identity.sop_uid
        if not uid or (uid, result.frame) not in self._seen:
            self._seen.add((uid, result.frame))
            return result
        return as_copy(result)


def as_copy(result: ImageResult) -> ImageResult:
    """The result with the warning that an earlier file has the same UID and frame."""
    problems = (*result.problems, Problem(Code.DUPLICATE_UID))
    return replace(result, problems=problems, status=status_of(problems))


def as_conflict(result: ImageResult) -> ImageResult:
    """The result with the warning that a file of the same UID and frame has other pixels."""
    others = (each for each in result.problems if each.code is not Code.DUPLICATE_UID)
    problems = (*others, Problem(Code.CONFLICTING_UID))
    return replace(result, problems=problems, status=status_of(problems))


def with_conflicts(results: Iterable[ImageResult]) -> Iterator[ImageResult]:
    """The results in their order, each with a warning where another of its UID has other pixels."""
    every = list(results)
    digests: dict[tuple[str, int], set[str]] = defaultdict(set)
    for each in every:
        if each.header is not None and each.pixels_digest:
            digests[each.header.identity.sop_uid, each.frame].add(each.pixels_digest)
    for each in every:
        uid = "" if each.header is None else each.header.identity.sop_uid
        differs = bool(uid and each.pixels_digest) and len(digests[uid, each.frame]) > 1
        yield as_conflict(each) if differs else each


def _read(path: Path, frame: int, prepared: Prepared, problems: tuple[Problem, ...]) -> ImageResult:
    # What decides the result comes first, then what is merely worth knowing.
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
        pixels_digest=prepared.pixels_digest,
    )


def _now() -> datetime:
    return datetime.now().astimezone()
