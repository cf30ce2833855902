"""Figures are read back as they were written, and no value is taken for another."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import Any

import pytest

from trainer.results.evaluation import from_json, to_json


@dataclass(frozen=True)
class Figures:
    images: int
    share: float
    name: str = ""
    by_fold: dict[int, float] | None = None
    edges: tuple[float, float] = (0.0, 1.0)


def test_figures_come_back_through_json() -> None:
    made = Figures(3, 0.1, "a", {1: 0.5, 2: 1.0}, (0.25, 0.75))
    assert from_json(Figures, json.loads(json.dumps(to_json(made)))) == made


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
def test_what_is_no_number_is_none_and_comes_back_as_nan(number: float) -> None:
    written = to_json(Figures(3, number))
    assert written["share"] is None
    assert math.isnan(from_json(Figures, written).share)


@pytest.mark.parametrize(
    "wrong",
    [
        {"images": "3"},
        {"images": True},
        {"images": 3.0},
        {"images": None},
        {"share": "0.1"},
        {"share": False},
        {"share": 10**400},
        {"name": 1},
        {"by_fold": []},
        {"edges": [0.0]},
        {"edges": 1},
        {"by_fold": {"one": 0.5}},
        {"share": math.nan},
        {"other": 1},
    ],
    ids=lambda wrong: f"{next(iter(wrong))}",
)
def test_a_value_of_another_type_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        from_json(Figures, {"images": 3, "share": 0.1} | wrong)


def test_a_figure_without_a_default_may_not_be_missing() -> None:
    with pytest.raises(ValueError, match="share"):
        from_json(Figures, {"images": 3})
