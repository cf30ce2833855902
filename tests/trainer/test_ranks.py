"""One process of a run writes and speaks, whoever started them."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from trainer.ranks import RANKS, is_first

TORCHRUN = {"WORLD_SIZE": "4", "LOCAL_WORLD_SIZE": "2"}


@pytest.mark.parametrize(
    ("environment", "first"),
    [
        ({}, True),
        # Lightning gives its children a place on their machine; a person, each machine its number.
        ({"LOCAL_RANK": "0"}, True),
        ({"LOCAL_RANK": "1"}, False),
        ({"NODE_RANK": "0", "LOCAL_RANK": "0"}, True),
        ({"NODE_RANK": "1"}, False),
        # torchrun numbers all processes, and its machines as groups.
        (TORCHRUN | {"RANK": "0", "LOCAL_RANK": "0", "GROUP_RANK": "0"}, True),
        (TORCHRUN | {"RANK": "1", "LOCAL_RANK": "1", "GROUP_RANK": "0"}, False),
        (TORCHRUN | {"RANK": "2", "LOCAL_RANK": "0", "GROUP_RANK": "1"}, False),
        (TORCHRUN | {"RANK": "2", "LOCAL_RANK": "0"}, False),
        # srun starts every process itself.
        ({"SLURM_PROCID": "0", "SLURM_NTASKS": "2"}, True),
        ({"SLURM_PROCID": "1", "SLURM_NTASKS": "2", "SLURM_LOCALID": "0"}, False),
    ],
)
def test_only_the_first_of_all_processes_is_the_first(
    environment: Mapping[str, str], first: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in RANKS:
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert is_first() is first
