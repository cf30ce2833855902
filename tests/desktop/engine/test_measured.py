"""What was measured as text of a table."""

from __future__ import annotations

import json

import pytest

from desktop.engine.measured import measured_texts


def kept(*items: object) -> str:
    return json.dumps({"version": 1, "rows": 9, "items": items})


LENGTH = {
    "tool": "distance",
    "points": [[60, 60], [150.25, 80]],
    "values": {"length": 83.04},
    "unit": "HU",
    "length_unit": "mm",
}


def test_each_measurement_is_told_with_its_unit_and_its_place() -> None:
    angle = {"tool": "angle", "points": [[1, 1], [2, 2], [3, 1]], "values": {"angle": 90.0}}
    values = {"mean": 53.2, "deviation": 24.1, "minimum": 6, "maximum": 169, "area": 763.4}
    ellipse = LENGTH | {"tool": "ellipse", "points": [[0, 0], [9, 9]], "values": values}
    assert measured_texts(kept(LENGTH, angle, ellipse)) == [
        "distance 83.0 mm at (60.0, 60.0) (150.2, 80.0)",
        "angle 90.0 deg at (1.0, 1.0) (2.0, 2.0) (3.0, 1.0)",
        "ellipse mean 53.2 HU, SD 24.1, minimum 6.0, maximum 169.0, area 763.4 mm2 "
        "at (0.0, 0.0) (9.0, 9.0)",
    ]


def test_one_of_an_earlier_version_is_told_by_its_place() -> None:
    before = {name: LENGTH[name] for name in ("tool", "points")}
    assert measured_texts(kept(before)) == ["distance at (60.0, 60.0) (150.2, 80.0)"]


@pytest.mark.parametrize(
    "text",
    ["", "no JSON", "[" * 100_000, "[]", kept(None), '{"version": 2, "items": []}', "{}"],
)
def test_what_holds_no_measurement_is_told_by_nothing(text: str) -> None:
    assert measured_texts(text) == []


@pytest.mark.parametrize(("count", "told"), [(1000, 1000), (1001, 1000)])
def test_of_one_image_a_thousand_measurements_are_read(count: int, told: int) -> None:
    assert len(measured_texts(kept(*[LENGTH] * count))) == told
