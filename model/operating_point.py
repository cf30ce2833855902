"""OperatingPoint: a named threshold on a probability, of images or of series."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

DEFAULT, SENSITIVE, SPECIFIC, YOUDEN = "default", "sensitivity_95", "specificity_95", "youden"
"""Their names. The default one of series has a specificity of at least 85 %."""


@dataclass(frozen=True)
class OperatingPoint:
    """A named threshold on the probability, chosen on images or examinations held out."""

    name: str
    threshold: float
    rule: str
    """One sentence: how it was chosen."""


def point_of(points: Iterable[OperatingPoint], name: str) -> OperatingPoint:
    """The point of that name. Raises KeyError."""
    for point in points:
        if point.name == name:
            return point
    raise KeyError(name)
