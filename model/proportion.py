"""A share with its 95 % confidence interval: what program, trainer and exporter say of a count."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Self

Z95 = 1.959963984540054
"""Standard normal quantile of a two-sided 95 % interval."""


@dataclass(frozen=True)
class Interval:
    """An estimate with its 95 % confidence interval; NaN where nothing can be estimated."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Proportion(Interval):
    """``count`` of ``total``, with Wilson's interval. The value is NaN where the total is 0."""

    count: int
    total: int

    @classmethod
    def of(cls, count: int, total: int) -> Self:
        """With its interval (Wilson 1927); of nothing, anything from 0 to 1 is possible."""
        if total == 0:
            return cls(math.nan, 0.0, 1.0, count, total)
        share = count / total
        centre = (share + Z95**2 / (2 * total)) / (1 + Z95**2 / total)
        half = Z95 * math.sqrt(share * (1 - share) / total + (Z95 / (2 * total)) ** 2)
        half /= 1 + Z95**2 / total
        low = 0.0 if count == 0 else centre - half
        high = 1.0 if count == total else centre + half
        return cls(share, low, high, count, total)

    @property
    def rate(self) -> float | None:
        """The share, None of nothing."""
        return None if self.total == 0 else self.value

    def __str__(self) -> str:
        if self.total == 0:
            return "unknown (no such images)"
        bounds = f"{100 * self.low:.1f}–{100 * self.high:.1f}"
        return f"{100 * self.value:.1f} % ({self.count}/{self.total}; 95 % CI {bounds})"
