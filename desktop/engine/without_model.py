"""Screening without weights: every file is read and judged by its header; nothing gets a number."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import cast

import numpy as np
from numpy.typing import NDArray

from desktop.engine.decoder import Decoder
from desktop.engine.progress import Progress
from desktop.engine.screening import never, screen
from imaging.errors import Code
from imaging.files.find import Found
from imaging.input.recipe import InputRecipe
from model.card import ModelCard
from model.image_result import ImageResult, status_of
from model.session import Scores


def screen_unanswered(
    files: Iterable[Found],
    sandbox: Decoder,
    progress: Progress | None = None,
    stop: Callable[[], bool] = never,
    before: Iterable[ImageResult] = (),
) -> Iterator[ImageResult]:
    """The findings that ``screen`` gives, without any probability and without blaming the file."""
    for result in screen(files, _NoWeights(), sandbox, progress, stop, before):
        problems = tuple(
            problem for problem in result.problems if problem.code is not Code.CLASSIFIER_FAILED
        )
        yield replace(result, problems=problems, status=status_of(problems))


@dataclass(frozen=True)
class _NoCard:
    recipe: InputRecipe = field(default_factory=InputRecipe)
    novelty_cut: float = float("inf")


class _NoWeights:
    """Stands where a classifier would, and answers nothing."""

    provenance = ""
    lanes = 1

    @property
    def card(self) -> ModelCard:
        """What screening asks of a card, and no more."""
        return cast(ModelCard, _NoCard())

    def score(self, images: NDArray[np.uint8]) -> Scores:
        """No answer for any scan."""
        nothing = np.full(len(images), np.nan, dtype=np.float32)
        return Scores(nothing, nothing, nothing)
