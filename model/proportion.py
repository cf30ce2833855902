"""The interval of a share: what program, trainer and exporter all say beside a count."""

from __future__ import annotations

import math

Z95 = 1.959963984540054
"""Standard normal quantile of a two-sided 95 % interval."""


def wilson(count: int, total: int) -> tuple[float, float]:
    """The bounds of Wilson's 95 % score interval (Wilson 1927); of nothing, all of 0 to 1."""
    if total == 0:
        return 0.0, 1.0
    share = count / total
    centre = (share + Z95**2 / (2 * total)) / (1 + Z95**2 / total)
    half = Z95 * math.sqrt(share * (1 - share) / total + (Z95 / (2 * total)) ** 2)
    half /= 1 + Z95**2 / total
    return (0.0 if count == 0 else centre - half), (1.0 if count == total else centre + half)
