"""A small campaign of every run of the tests; ``make fuzz`` is the large one."""

import random
from pathlib import Path

import pytest

from tests.fuzz.campaign import campaign
from tests.fuzz.material import mutated, originals

FILES = 200


def test_mutated_files_give_their_rows_in_silence_and_in_time(tmp_path: Path) -> None:
    made = originals(tmp_path)
    found = campaign(made, FILES, seed=20)
    assert found.faults == []
    assert found.files == FILES
    assert found.rows.total() >= FILES
    assert found.rows["damaged"] > FILES // 20


def test_unharmed_files_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.fuzz.campaign.mutated", lambda data, chance: data)
    made = originals(tmp_path)
    found = campaign(made, len(made), seed=1)
    assert found.faults == []
    assert not {"decoder_died", "unknown_content", "damaged"} & set(found.rows)


def test_the_same_seed_makes_the_same_files() -> None:
    one, two = random.Random(5), random.Random(5)
    assert [mutated(b"abcdefgh" * 9, one) for _ in range(50)] == [
        mutated(b"abcdefgh" * 9, two) for _ in range(50)
    ]
