import json
from dataclasses import replace

import pytest

from desktop.engine.measured import MOST
from desktop.viewer.kept_measurements import from_text, to_text
from desktop.viewer.measurements import Measurement
from desktop.viewer.tools import Tool
from imaging.image import Image, Turn
from tests.make.viewing import ct

DRAWN = (
    Measurement(Tool.DISTANCE, ((1.0, 2.5), (30.25, 40.0))),
    Measurement(Tool.ANGLE, ((1.0, 1.0), (5.0, 5.0), (9.0, 1.0))),
    Measurement(Tool.ELLIPSE, ((2.0, 2.0), (12.0, 22.0))),
)


def test_measurements_come_back_as_they_were_drawn() -> None:
    assert from_text(to_text(DRAWN, ct()), ct()) == DRAWN
    assert to_text((), ct()) == ""
    assert from_text("", ct()) == ()


def test_what_each_one_measures_is_kept_beside_its_points() -> None:
    image = ct()
    items = json.loads(to_text(DRAWN, image))["items"]
    assert [list(item["values"]) for item in items] == [
        ["length"],
        ["angle"],
        ["mean", "deviation", "minimum", "maximum", "area"],
    ]
    assert [item["values"] for item in items] == [each.values(image) for each in DRAWN]
    assert {item["unit"] for item in items} == {"HU"}


def test_they_are_of_no_image_of_another_size_or_turn() -> None:
    text = to_text(DRAWN, ct())
    turned = Image(replace(ct().header, turn=Turn(mirrored=True)), ct().pixels)
    assert from_text(text, turned) == ()
    assert from_text(text, Image(ct().header, ct().pixels[:-1])) == ()
    assert from_text(text, Image(ct().header, ct().pixels[:, 1:])) == ()


@pytest.mark.parametrize(
    "text",
    ["no JSON", "[]", "1", "[" * 100_000, json.dumps({"version": 1}), '[["distance", 1, 2, 3, 4]]'],
)
def test_what_is_no_such_text_holds_none(text: str) -> None:
    assert from_text(text, ct()) == ()


@pytest.mark.parametrize(
    "item",
    [
        None,
        {"tool": "window", "points": [[1, 2], [3, 4]]},
        {"tool": "distance", "points": [[1, 2]]},
        {"tool": "angle", "points": [[1, 2], [3, 4]]},
        {"tool": "distance", "points": [[1, 2], [3, "4"]]},
        {"tool": "distance", "points": [[1, 2], [3, float("nan")]]},
        {"tool": "distance", "points": [[1, 2], [3]]},
    ],
)
def test_an_item_that_makes_no_sense_is_left_out(item: object) -> None:
    said = json.loads(to_text(DRAWN[:1], ct()))
    said["items"].append(item)
    assert from_text(json.dumps(said), ct()) == DRAWN[:1]


def test_a_text_of_a_later_version_is_left_alone() -> None:
    said = json.loads(to_text(DRAWN, ct()))
    assert from_text(json.dumps(said | {"version": 2}), ct()) == ()


@pytest.mark.parametrize(("count", "read"), [(MOST, MOST), (MOST + 1, MOST)])
def test_no_more_are_read_than_anyone_draws(count: int, read: int) -> None:
    assert len(from_text(to_text(DRAWN[:1] * count, ct()), ct())) == read
