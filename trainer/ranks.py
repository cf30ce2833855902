"""Which process of a distributed run this is. Needs no torch."""

from __future__ import annotations

import os

RANKS = ("RANK", "LOCAL_RANK", "NODE_RANK", "GROUP_RANK", "SLURM_PROCID")
"""In the environment of each process of a distributed run, by Lightning, torchrun or Slurm: of the
process among all and on its machine, of its machine by either name, of the process in a Slurm step.
"""


def is_first() -> bool:
    """Whether this is the one process that writes and speaks: rank 0 by all names, or the only."""
    return all(os.environ.get(rank, "0") == "0" for rank in RANKS)
