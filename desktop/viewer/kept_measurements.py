"""Measurements as text, to be kept with the content of the image that they were drawn on."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import astuple
from typing import Any

from desktop.engine.measured import VERSION, measured_items
from desktop.viewer.measurements import Measurement, length_unit
from desktop.viewer.placement import Point
from desktop.viewer.tools import Tool
from imaging.image import Image

_POINTS = {Tool.DISTANCE: 2, Tool.ANGLE: 3, Tool.ELLIPSE: 2}


def to_text(measurements: Sequence[Measurement], image: Image) -> str:
    """The measurements as JSON; empty without any.

    The format is that of ``measured``, with what each one measures. The image's size and its turn
    stand beside them, so that they are never shown on other pixels.
    """
    if not measurements:
        return ""
    items = [
        {
            "tool": each.tool.name.lower(),
            "points": each.points,
            "values": each.values(image),
            "unit": str(image.header.unit),
            "length_unit": length_unit(image),
        }
        for each in measurements
    ]
    return json.dumps({"version": VERSION, **_ground(image), "items": items})


def from_text(text: str, image: Image) -> tuple[Measurement, ...]:
    """The measurements that a text holds; none where it is of other pixels, or is no such text."""
    said, items = measured_items(text)
    ground = _ground(image)
    if {name: said.get(name) for name in ground} != ground:
        return ()
    found = [_measurement(item) for item in items]
    return tuple(each for each in found if each is not None)


def _ground(image: Image) -> dict[str, Any]:
    """What tells whether points mean the same places: the size, and how it was turned."""
    rows, columns = image.pixels.shape
    return {"rows": rows, "columns": columns, "turn": list(astuple(image.header.turn))}


def _measurement(item: dict[str, Any]) -> Measurement | None:
    tools = {tool.name.lower(): tool for tool in _POINTS}
    tool, points = tools.get(str(item.get("tool"))), item.get("points")
    if tool is None or not isinstance(points, list) or len(points) != _POINTS[tool]:
        return None
    places = [place for point in points if (place := _point(point)) is not None]
    return Measurement(tool, tuple(places)) if len(places) == len(points) else None


def _point(point: Any) -> Point | None:
    if not isinstance(point, list) or len(point) != 2:
        return None
    x, y = point
    numbers = all(isinstance(each, int | float) and math.isfinite(each) for each in point)
    return (float(x), float(y)) if numbers else None
