"""JSON's values come back as they were written, or not at all."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import pytest

from imaging import json_values


@dataclass(frozen=True)
class Part:
    number: float
    count: int = 0


@dataclass(frozen=True)
class Whole:
    part: Part
    numbers: tuple[float, ...] = ()
    counts: tuple[int, ...] = ()
    pair: tuple[int, int] = (0, 0)
    named: Mapping[str, bool] | None = None


@pytest.mark.parametrize("named", [None, {}, {"a": True}])
def test_what_was_written_comes_back(named: Mapping[str, bool] | None) -> None:
    made = Whole(Part(0.1, 2), (0.1, 0.2), (1, 2), (3, 4), named)
    assert json_values.read(Whole, asdict(made)) == made


@pytest.mark.parametrize("huge", [10**400, -(10**400)], ids=["above", "below"])
@pytest.mark.parametrize("place", ["number", "numbers"])
def test_a_whole_number_too_large_for_a_float_is_named(place: str, huge: int) -> None:
    values: dict[str, Any] = {"part": {"number": 1.0}, "numbers": [0.5]}
    if place == "number":
        values["part"]["number"] = huge
    else:
        values["numbers"].append(huge)
    with pytest.raises(ValueError, match=f"{place} is too large"):
        json_values.read(Whole, values)


@pytest.mark.parametrize(
    "wrong",
    [
        {"number": True},
        {"number": "1"},
        {"number": None},
        {"number": float("nan")},
        {"number": float("inf")},
        {"count": 1.0},
        {"count": False},
        {"other": 1},
    ],
)
def test_a_value_is_not_taken_for_another(wrong: dict[str, Any]) -> None:
    [name] = wrong
    with pytest.raises(ValueError, match=name):
        json_values.read(Part, {"number": 1.0} | wrong)


@pytest.mark.parametrize(
    "wrong",
    [
        {"numbers": [0.5, float("nan")]},
        {"numbers": [0.5, True]},
        {"counts": [1, True]},
        {"counts": [1, 2.0]},
        {"counts": "12"},
        {"pair": [1]},
        {"pair": [1, 2, 3]},
        {"named": {"a": 1}},
        {"named": []},
    ],
)
def test_each_item_is_checked(wrong: dict[str, Any]) -> None:
    [name] = wrong
    with pytest.raises(ValueError, match=name):
        json_values.read(Whole, {"part": {"number": 1.0}} | wrong)


def test_whole_means_that_a_default_does_not_stand_in() -> None:
    assert json_values.read(Part, {"number": 1}) == Part(1.0)
    with pytest.raises(ValueError, match="count is missing"):
        json_values.read(Part, {"number": 1}, whole=True)


@dataclass(frozen=True)
class Figures:
    area: float
    by_fold: dict[int, tuple[float, ...]]


def test_what_is_no_number_is_none_where_that_is_asked_for() -> None:
    values = {"area": None, "by_fold": {"1": [0.5, None], "-2": []}}
    read = json_values.read(Figures, values, nan=True)
    assert math.isnan(read.area)
    assert read.by_fold.keys() == {1, -2}
    assert read.by_fold[1][0] == 0.5
    assert math.isnan(read.by_fold[1][1])
    with pytest.raises(ValueError, match="area"):
        json_values.read(Figures, values)
    with pytest.raises(ValueError, match="area is nan"):
        json_values.read(Figures, values | {"area": math.nan}, nan=True)


@pytest.mark.parametrize("key", ["one", "1.5", ""])
def test_a_key_that_is_no_whole_number_is_refused_where_one_is_wanted(key: str) -> None:
    with pytest.raises(ValueError, match="by_fold"):
        json_values.read(Figures, {"area": 0.5, "by_fold": {key: []}})
