"""A series head whose probabilities can be worked out by hand, and its decisions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from imaging.errors import Code, Problem
from model.card import ModelCard
from model.image_result import ImageResult
from model.operating_point import DEFAULT, SENSITIVE, OperatingPoint
from model.series_decision import SeriesDecision, SeriesRules
from model.series_head import SeriesEvidence, SeriesHead
from model.series_result import series_results
from model.slice_context import SliceContext, SliceEvidence
from tests.make.results import result
from tests.make.tiny_model import tiny_card

HEAD = SeriesHead(
    weight=1.0,
    bias=0.0,
    thresholds=(OperatingPoint(DEFAULT, 0.5, "By hand."), OperatingPoint(SENSITIVE, 0.3, "")),
    evidence=SeriesEvidence(("a",) * 4, (1, 1, 0, 0), (0.9, 0.2, 0.1, 0.1), (1, 0, 0, 0)),
)
"""A series whose images all have logit x has the probability sigmoid(x); ``result`` makes logits
from -2 (probability 0) over 0 (0.5) to 2 (1)."""
CARD = tiny_card(series_head=HEAD)
CONTEXT = SliceContext(
    weight=1.0,
    bias=0.0,
    point=OperatingPoint("specificity_90", 0.4, "By hand, too."),
    evidence=SliceEvidence((0, 0, 1, 1), (1, 0, 0, 0), (0.9, 0.6, 0.1, 0.1), (1, 1, 0, 0)),
)
"""A slice among slices that all have logit x has the score sigmoid(x) in context."""
IN_CONTEXT = tiny_card(series_head=replace(HEAD, context=CONTEXT))


def images(probabilities: Sequence[float | None]) -> list[ImageResult]:
    """The images of one series in order; None: not assessable."""
    return [
        result(f"/s/{at}.png", each, *([Problem(Code.BLANK)] if each is None else []))
        for at, each in enumerate(probabilities)
    ]


def decided(
    probabilities: Sequence[float | None], threshold: float = 0.5, card: ModelCard = CARD
) -> SeriesDecision:
    """The decision on a series of these images, at a threshold of single images."""
    [series] = series_results(images(probabilities))
    decision = SeriesRules(card, threshold).of(series)
    assert decision is not None
    return decision
