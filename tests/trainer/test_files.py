"""Arrays and JSON are there whole or not at all, and hold nothing that cannot be read back."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from trainer.files import write_array, write_atomically, write_json


def test_an_array_comes_back_as_it_was_from_a_folder_that_was_not_there(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "er" / "values.npy"
    values = np.arange(6, dtype=np.float16).reshape(2, 3)[:, ::-1]
    write_array(path, values)
    back = np.load(path, allow_pickle=False)
    assert back.dtype == np.float16
    assert np.array_equal(back, values)


def test_an_array_of_objects_is_refused_and_leaves_the_old_one(tmp_path: Path) -> None:
    """It would be a pickle, which runs what it holds when it is read."""
    path = tmp_path / "values.npy"
    write_array(path, np.ones(3))
    with pytest.raises(ValueError, match="allow_pickle"):
        write_array(path, np.array([{}, None], dtype=object))
    assert np.array_equal(np.load(path), np.ones(3))
    assert [each.name for each in tmp_path.iterdir()] == ["values.npy"]


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, np.float64("nan")])
def test_what_json_has_not_is_refused_and_leaves_the_old_file(tmp_path: Path, value: float) -> None:
    path = tmp_path / "figures.json"
    write_json(path, {"auc": 0.5})
    with pytest.raises(ValueError, match="JSON"):
        write_json(path, {"auc": {"value": [value]}})
    assert json.loads(path.read_text("utf-8")) == {"auc": 0.5}


@pytest.mark.parametrize("values", [{"a": 1, "b": [0.1, None, True]}, {"name": "脑出血 ± “x”"}])
def test_json_is_read_back_as_it_was_and_ends_its_last_line(
    tmp_path: Path, values: dict[str, Any]
) -> None:
    write_json(tmp_path / "values.json", values)
    text = (tmp_path / "values.json").read_text("utf-8")
    assert json.loads(text) == values
    assert text.endswith("}\n")


def test_text_keeps_its_letters_and_its_ends_of_lines(tmp_path: Path) -> None:
    write_atomically(tmp_path / "table.csv", "größe,尺寸\n1,2\r\n")
    assert (tmp_path / "table.csv").read_bytes() == "größe,尺寸\n1,2\r\n".encode()
