from __future__ import annotations

import pytest

from desktop.app import Program
from desktop.commands.summary import table
from desktop.engine.report_rows import Origin, image_columns, image_row
from desktop.tables.row import DETAIL_ROLE, ZONE_ROLE, Column
from tests.make.results import result
from tests.make.tiny_model import tiny_card

CARD = tiny_card()
"""Uncertain from 0.3 to below 0.7."""


@pytest.mark.parametrize(
    ("probability", "threshold", "flagged", "zone"),
    [
        (0.29, 0.5, False, "below"),
        (0.3, 0.5, False, "uncertain"),
        (0.49, 0.5, False, "uncertain"),
        (0.5, 0.5, True, "uncertain"),
        (0.69, 0.5, True, "uncertain"),
        (0.7, 0.5, True, "above"),
        (0.7, 0.71, False, "below"),
        (0.2, 0.2, True, "above"),
    ],
)
def test_an_image_near_the_threshold_has_the_same_zone_everywhere(
    program: Program, probability: float, threshold: float, flagged: bool, zone: str
) -> None:
    image = result("/s/1.png", probability)
    rows = program.workspace.table
    rows.set_card(CARD)
    rows.add_images([image])
    program.selection.select(0)
    program.workspace.set_threshold(threshold)
    uncertain = zone == "uncertain"

    cell = rows.index(0, Column.RESULT)
    assert (cell.data(), cell.data(DETAIL_ROLE)) == {
        (False, False): ("Not flagged", ""),
        (False, True): ("Uncertain", "below the threshold"),
        (True, True): ("Flagged", "uncertain"),
        (True, False): ("Flagged", ""),
    }[flagged, uncertain]
    assert cell.data(ZONE_ROLE) == zone

    shown = program.window.result.zone
    assert shown.text() == " · ".join(filter(None, (cell.data(), cell.data(DETAIL_ROLE))))
    assert shown.property("zone") == zone

    cells = image_row(image, Origin(CARD, "", threshold, ""))
    exported = dict(zip(image_columns("hemorrhage"), cells, strict=True))
    assert (exported["prediction"], exported["zone"]) == (str(int(flagged)), zone)

    [_, printed] = table([image], CARD, threshold)
    said = {
        (False, False): "not flagged",
        (False, True): "uncertain",
        (True, True): "flagged, uncertain",
        (True, False): "flagged",
    }[flagged, uncertain]
    assert f"  {said}  " in printed
