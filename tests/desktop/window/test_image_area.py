"""The bar beside the image."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from desktop.app import Program
from desktop.window.theme import DARK
from imaging.image import Identity
from model.image_result import Zone
from tests.make.program import open_by_hand
from tests.make.results import result


def test_the_bar_marks_flagged_slices_apart_from_uncertain_ones(program: Program) -> None:
    """At 0.5, with an uncertain zone from 0.3 to 0.7."""
    who = Identity(patient_id="A", series_uid="A")
    scores = {1: 0.9, 2: 0.6, 3: 0.4, 4: 0.1}
    images = [result(f"/A/{at}.dcm", score, identity=who) for at, score in scores.items()]
    open_by_hand(program, images)
    program.selection.select(0)
    program.window.centre._mark_slices()
    bar = program.window.centre.bar
    flagged, uncertain = DARK.zone(Zone.FLAGGED), DARK.zone(Zone.UNCERTAIN)
    shown = [bar._colours[mark - 1] if mark else None for mark in bar._marks]
    assert shown == [flagged, flagged, uncertain, None]


def test_the_image_keeps_its_size_when_the_heat_map_comes(qtbot: QtBot, program: Program) -> None:
    program.show()
    program.window._pages.setCurrentWidget(program.window.splitter)
    open_by_hand(program, [result("/A/1.dcm", 0.9)])
    program.selection.select(0)
    centre = program.window.centre
    qtbot.waitUntil(lambda: centre.caption.isVisible() and centre.viewer.height() > 100)
    before = centre.viewer.height()
    centre.caption.setText("Heat map: computing")
    qtbot.wait(50)
    assert centre.viewer.height() == before
