"""What was measured on an image, as it is kept with a reading and as it stands in a table.

It is kept as JSON: ``{"version": 1, "items": [{"tool": "distance", "points": [[x, y], ...],
"values": {"length": 83.0}, "unit": "HU", "length_unit": "mm"}, ...]}`` beside the size and the turn
of the image. Points are in its pixels from the top left corner. Earlier items have no values.
"""

from __future__ import annotations

import json
import math
from typing import Any

VERSION = 1
MOST = 1000
"""Measurements that are read of one image at most."""


def measured_items(text: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """What stands beside the measurements in a kept text, and the measurements; empty otherwise."""
    try:
        said = json.loads(text) if text else None
    except (ValueError, RecursionError):
        return {}, []
    if not isinstance(said, dict) or said.get("version") != VERSION:
        return {}, []
    items = said.get("items")
    if not isinstance(items, list):
        return {}, []
    return said, [item for item in items[:MOST] if isinstance(item, dict)]


def measured_texts(text: str) -> list[str]:
    """One text for each measurement: "distance 83.0 mm at (60.0, 60.0) (150.0, 80.0)".

    Of an ellipse: "ellipse mean 53.2 HU, SD 24.1, minimum 6.0, maximum 169.0, area 763.4 mm2 at
    (...)". English and with a point, whatever the language of the window.
    """
    return [_text(item) for item in measured_items(text)[1]]


def _text(item: dict[str, Any]) -> str:
    values, unit, length = item.get("values"), item.get("unit"), item.get("length_unit")
    known = values if isinstance(values, dict) else {}
    units = {"length": length, "angle": "deg", "mean": unit, "area": f"{length}2"}
    told = [
        " ".join(filter(None, [_name(name), f"{value:.1f}", str(units.get(name) or "")]))
        for name, value in known.items()
        if _is_number(value)
    ]
    points = item.get("points")
    places = [_place(point) for point in points] if isinstance(points, list) else []
    return " ".join(filter(None, [str(item.get("tool")), ", ".join(told), "at", *places]))


def _name(value: str) -> str:
    return {"length": "", "angle": "", "deviation": "SD"}.get(value, value)


def _place(point: Any) -> str:
    known = isinstance(point, list) and len(point) == 2 and all(map(_is_number, point))
    return f"({point[0]:.1f}, {point[1]:.1f})" if known else ""


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and math.isfinite(value)
