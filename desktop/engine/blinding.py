"""What a reader who is to read before the AI may see of a result."""

from __future__ import annotations

from dataclasses import replace

from imaging.errors import Code
from model.image_result import ImageResult, status_of


def blinded(result: ImageResult) -> ImageResult:
    """The same result without the model's score, for a reader who is to read first."""
    problems = tuple(each for each in result.problems if each.code is not Code.NOT_ASSESSABLE)
    return replace(
        result,
        logit=None,
        probability=None,
        novelty=None,
        problems=problems,
        status=status_of(problems),
    )
