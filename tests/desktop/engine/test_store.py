from __future__ import annotations

from pathlib import Path

import pytest

from desktop.engine.store import Store, StoreCode
from imaging.messages import Message


def damaged(folder: Path, count: int) -> Path:
    """So many stores that cannot be used, the first and those with a number."""
    path = folder / "reads.sqlite"
    for number in range(1, count + 1):
        name = path if number == 1 else path.with_stem(f"reads-{number}")
        name.write_bytes(b"no store " * 500)
    return path


def test_the_ninth_name_is_the_last_that_is_tried(tmp_path: Path) -> None:
    store = Store(damaged(tmp_path, 8))
    assert store.notice == Message(StoreCode.DAMAGED, name="reads.sqlite", other="reads-9.sqlite")
    store.close()


def test_beside_nine_damaged_stores_there_is_none(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="no name left"):
        Store(damaged(tmp_path, 9))
