"""Which process of a distributed run this is. Needs no torch."""

from __future__ import annotations

import os

RANKS = ("LOCAL_RANK", "NODE_RANK")
"""Lightning's, in the environment of each process of a distributed run."""


def is_first() -> bool:
    """Whether this is the one process that writes and speaks: rank 0, or the only one."""
    return all(os.environ.get(rank, "0") == "0" for rank in RANKS)
