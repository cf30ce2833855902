"""A share with its 95 % confidence interval: what program, trainer and exporter say of a count."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

Z95 = 1.959963984540054
"""Standard normal quantile of a two-sided 95 % interval."""


@dataclass(frozen=True)
class Interval:
    """An estimate with its 95 % confidence interval; NaN where nothing can be estimated."""

    value: float
    low: float
    high: float

    @property
    def limits(self) -> str:
        """Both limits: 0.760–0.901."""
        return f"{self.low:.3f}–{self.high:.3f}"

    @property
    def percent_limits(self) -> str:
        """Both limits in per cent: 76.0–90.1."""
        return f"{100 * self.low:.1f}–{100 * self.high:.1f}"

    @property
    def percent(self) -> str:
        """In per cent, with its limits: 84.3 % (76.0–90.1)."""
        return f"{100 * self.value:.1f} % ({self.percent_limits})"


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
        low, high = _wilson(share, total)
        return cls(share, low, high, count, total)

    @classmethod
    def of_groups(cls, hits: NDArray[np.bool_], groups: NDArray[np.int64]) -> Self:
        """Of ``hits`` (n,) in ``groups`` (n,), with an interval that takes groups as independent.

        Wilson's at the number of independent ones that would vary as much: never more than there
        are, and where all are alike, which shows no variance, the number of groups.
        """
        count, total = int(hits.sum()), len(hits)
        if total == 0:
            return cls.of(0, 0)
        _, of_each = np.unique(groups, return_inverse=True)
        sizes = np.bincount(of_each)
        share = count / total
        # In whole numbers up to the division: a rounding error would pass for variance.
        found = np.bincount(of_each[hits], minlength=len(sizes))
        apart = (total * found - count * sizes) / total
        variance = len(sizes) / max(len(sizes) - 1, 1) * float(apart @ apart) / total**2
        worth = share * (1 - share) / variance if variance > 0 else len(sizes)
        low, high = _wilson(share, min(worth, total))
        return cls(share, low, high, count, total)

    @property
    def rate(self) -> float | None:
        """The share, None of nothing."""
        return None if self.total == 0 else self.value

    def __str__(self) -> str:
        """With its counts and CI: 84.3 % (86/102; 95 % CI 76.0–90.1)."""
        if self.total == 0:
            return "unknown (no such images)"
        counts = f"{self.count}/{self.total}"
        return f"{100 * self.value:.1f} % ({counts}; 95 % CI {self.percent_limits})"


def _wilson(share: float, total: float) -> tuple[float, float]:
    centre = (share + Z95**2 / (2 * total)) / (1 + Z95**2 / total)
    half = Z95 * math.sqrt(share * (1 - share) / total + (Z95 / (2 * total)) ** 2)
    half /= 1 + Z95**2 / total
    low = 0.0 if share == 0.0 else centre - half
    high = 1.0 if share == 1.0 else centre + half
    return low, high
