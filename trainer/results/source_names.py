"""What a report's rows call the sources of its images, and which entries each row is of."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

ALL, TOGETHER, NOT_NAMED = "all", "all sources", "not named"
FRESH = "none of the run's"
"""Images, or examinations, that a model's run has neither learnt from nor chosen or tested on."""
_TAKEN = {ALL, TOGETHER, NOT_NAMED, FRESH}


def named(source: str) -> str:
    """The source's name as that of a row: in quotes where a row of something else is called so."""
    if not source:
        return NOT_NAMED
    return f"“{source}”" if source.strip("“”") in _TAKEN else source


def by_source(sources: Sequence[str]) -> dict[str, NDArray[np.bool_]]:
    """By the name of its row which entries (N,) are of each source; of all first, if several.

    ``sources``: that of each entry.
    """
    of_each = np.array(sources, dtype=np.str_)
    own = {named(source): of_each == source for source in sorted(set(sources))}
    return ({ALL: np.ones(len(sources), dtype=np.bool_)} if len(own) > 1 else {}) | own
