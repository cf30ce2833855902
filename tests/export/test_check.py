"""How differences are measured, and which of them are refused."""

from __future__ import annotations

import numpy as np
import pytest

from export import check
from export.errors import ExportError
from export.outputs import Outputs


def outputs(
    probability: float = 0.5, logit: float = 0.0, peak: float = 1.0, novelty: float = 10.0
) -> Outputs:
    maps = np.zeros((1, 2, 2), np.float32)
    maps[0, 1, 1] = peak
    one = [np.array([value], np.float32) for value in (probability, logit, novelty)]
    return Outputs(one[0], one[1], maps, one[2])


def test_the_same_outputs_differ_by_nothing() -> None:
    assert set(check.differences(outputs(), outputs()).values()) == {0.0}


def test_each_output_is_measured_in_its_own_way() -> None:
    found = check.differences(outputs(), outputs(0.6, -0.5, 0.9, 11.0))
    assert found == {
        "probability": pytest.approx(0.1),
        "logit": pytest.approx(0.5),
        "novelty_relative": pytest.approx(0.1),
        "heat_map_relative": pytest.approx(0.1),
    }


def test_maps_are_measured_against_the_brightest_cell_of_all() -> None:
    maps = np.zeros((2, 2, 2), np.float32)
    maps[1, 0, 0] = 2.0
    assert check.relative_to_peak(maps, maps) == 0.0
    assert check.relative_to_peak(maps, maps + np.float32(0.01)) == pytest.approx(0.005, rel=1e-4)


def test_dark_maps_must_stay_dark() -> None:
    maps = np.zeros((2, 2, 2), np.float32)
    assert check.relative_to_peak(maps, maps) == 0.0
    assert check.relative_to_peak(maps, maps + np.float32(0.01)) > 1e6


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("against torch/batch 3/probability", 1.1e-4),
        ("against torch/batch 3/probability", float("nan")),
        ("heat_map_against_autograd_relative", 2e-4),
        ("logit_against_training", 0.3),
    ],
)
def test_a_difference_above_its_limit_is_refused(name: str, value: float) -> None:
    with pytest.raises(ExportError, match=f"{name}: .* is above .*; nothing is written"):
        check.refuse({"against torch/batch 1/probability": 0.0, name: value})


@pytest.mark.parametrize(
    "measured",
    [
        {"against torch/batch 3/probability": 1e-4},
        {"against the weights as trained/probability, reported only": 0.01},
        {"against torch/batch 1/logit": 0.1},
    ],
)
def test_the_rest_is_let_through(measured: dict[str, float]) -> None:
    check.refuse(measured)
