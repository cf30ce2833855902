"""A series head whose probabilities can be worked out by hand."""

from __future__ import annotations

from model.operating_point import DEFAULT, SENSITIVE, OperatingPoint
from model.series_head import SeriesEvidence, SeriesHead

HEAD = SeriesHead(
    weight=1.0,
    bias=0.0,
    thresholds=(OperatingPoint(DEFAULT, 0.5, "By hand."), OperatingPoint(SENSITIVE, 0.3, "")),
    evidence=SeriesEvidence(("a",) * 4, (1, 1, 0, 0), (0.9, 0.2, 0.1, 0.1), (1, 0, 0, 0)),
)
"""A series whose images all have logit x has the probability sigmoid(x); ``result`` makes logits
from -2 (probability 0) over 0 (0.5) to 2 (1)."""
