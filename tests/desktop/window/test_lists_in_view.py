"""In both lists: names have room, and what is marked stays in view when the list shrinks."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QAbstractItemView, QApplication, QStyleOptionViewItem, QWidget
from pytestqt.qtbot import QtBot

from desktop.app import Program
from desktop.tables.row import Column
from desktop.window.cells import MARGIN, ROW_HEIGHT, ImageNameCell
from desktop.window.main_window import TABLE
from desktop.window.theme import LIGHT
from imaging.errors import Code, Problem
from imaging.image import Identity
from model.image_result import Zone
from tests.make.program import open_by_hand, put_on_screen
from tests.make.results import result
from tests.make.worklists import of_patient

LONG = "P071_S13.jpg"
PATIENTS = [image for at in range(30) for image in of_patient(f"Patient {at}", 0.1)]


@pytest.fixture
def listed(qtbot: QtBot, program: Program) -> Program:
    """A shown window with more patients than its lists have room for."""
    open_by_hand(program, PATIENTS)
    program.show()
    program.window.resize(1280, 800)
    program.window._pages.setCurrentWidget(program.window.splitter)
    qtbot.waitUntil(lambda: program.window.width() == 1280)
    return program


def make_high(qtbot: QtBot, window: QWidget) -> None:
    window.resize(1280, 900)
    qtbot.waitUntil(lambda: window.height() == 900)


def make_lower(qtbot: QtBot, window: QWidget, view: QAbstractItemView) -> None:
    """Take height from the window, and wait until the view has less."""
    before = view.viewport().height()
    window.resize(1280, 800)
    qtbot.waitUntil(lambda: view.viewport().height() < before)


def test_in_the_narrow_list_of_images_a_name_with_its_number_is_whole(listed: Program) -> None:
    listed.window.tabs.setCurrentWidget(listed.window.results)
    view = listed.window.results.view
    assert view.width() < TABLE
    room = view.columnWidth(Column.NAME) - 2 * MARGIN
    assert view.fontMetrics().horizontalAdvance(f"★ {LONG}") <= room


@pytest.mark.parametrize("wide", [False, True])
def test_the_result_stands_under_the_name_where_it_has_no_column(
    listed: Program, wide: bool
) -> None:
    images = [replace(result(f"/one/{LONG}", 0.9), sha256="1")]
    open_by_hand(listed, images)
    view = listed.window.results.view
    view.setColumnHidden(Column.RESULT, not wide)
    canvas = QImage(300, 48, QImage.Format.Format_RGB32)
    canvas.fill(QColor(LIGHT.panel))
    painter = QPainter(canvas)
    cell, index = ImageNameCell(view), view.model().index(0, Column.NAME)
    option = QStyleOptionViewItem()
    cell.initStyleOption(option, index)
    cell.paint_content(painter, QRect(0, 0, 300, 48), index, LIGHT)
    painter.end()
    flagged = LIGHT.zone(Zone.FLAGGED).rgb()
    shown = any(canvas.pixel(x, y) == flagged for x in range(300) for y in range(48))
    assert shown is not wide


@pytest.mark.parametrize("wide", [False, True])
def test_a_reason_leaves_a_line_for_whose_image_it_is(listed: Program, wide: bool) -> None:
    doe = Identity("007", "Doe^Jo", "1", "1.2")
    open_by_hand(listed, [result("/case/1.dcm", None, Problem(Code.LOCALISER), identity=doe)])
    index = listed.window.results.view.model().index(0, Column.NAME)
    lines, (told, zone) = ImageNameCell.lines(index, has_column=wide)
    result_word = "" if wide else "Not assessable"
    assert (lines[1], zone) == ("Doe Jo 007 · case", None)
    assert told == (result_word, "Scout (localiser), not assessed.")


@pytest.mark.parametrize("images", [False, True])
def test_what_is_marked_stays_in_view_when_the_list_becomes_lower(
    qtbot: QtBot, listed: Program, images: bool
) -> None:
    window = listed.window
    window.tabs.setCurrentIndex(int(images))
    view: QAbstractItemView = window.results.view if images else window.worklist.view
    make_high(qtbot, window)
    mark_lowest(view)
    make_lower(qtbot, window, view)
    assert is_whole(view)


def test_what_a_key_has_led_to_stays_in_view_when_the_list_becomes_lower(
    qtbot: QtBot, listed: Program
) -> None:
    window, view = listed.window, listed.window.worklist.view
    make_high(qtbot, window)
    while view.verticalScrollBar().value() == 0:
        listed.actions["next_series"].trigger()
    make_lower(qtbot, window, view)
    assert is_whole(view)


def test_what_the_reader_has_scrolled_away_is_not_fetched_back(
    qtbot: QtBot, listed: Program
) -> None:
    view = listed.window.worklist.view
    make_high(qtbot, listed.window)
    mark_lowest(view)
    view.scrollToBottom()
    at = view.verticalScrollBar().value()
    make_lower(qtbot, listed.window, view)
    assert view.verticalScrollBar().value() >= at


def test_a_reading_leaves_the_list_as_high_as_it_was(qtbot: QtBot, listed: Program) -> None:
    window = listed.window
    put_on_screen(listed, 0)
    qtbot.wait(20)
    before = window.worklist.view.viewport().height()
    listed.actions["read_series_absent"].trigger()
    qtbot.wait(20)
    assert window.series_reading.state.text().strip()
    assert window.worklist.view.viewport().height() == before


def mark_lowest(view: QAbstractItemView) -> None:
    """Mark the last line that is seen whole."""
    view.scrollToTop()
    last = 0
    while view.visualRect(view.model().index(last + 1, 0)).bottom() < view.viewport().height():
        last += 1
    view.setCurrentIndex(view.model().index(last, 0))


def is_whole(view: QAbstractItemView) -> bool:
    lying = view.visualRect(view.currentIndex())
    return lying.top() >= 0 and lying.bottom() <= view.viewport().height()


def test_above_a_series_that_a_key_leads_to_its_patient_is_in_view(listed: Program) -> None:
    pairs = [(f"Patient {at}", series) for at in range(30) for series in "12"]
    open_by_hand(listed, [each for who, of in pairs for each in of_patient(who, 0.1, series=of)])
    view, worklist = listed.window.worklist.view, listed.workspace.worklist
    for number in (40, 41, 7, 58):
        listed.selection.select(listed.workspace.series[number].members[0])
        line = view.currentIndex()
        assert worklist.series_at(line) == number
        assert line.parent().isValid()
        for each in (line, line.parent()):
            lying = view.visualRect(each)
            assert 0 <= lying.top() <= lying.bottom() <= view.viewport().height()


def test_a_low_window_leaves_its_height_to_the_patients(listed: Program) -> None:
    window, pane = listed.window, listed.window.worklist
    put_on_screen(listed, 0)
    window.resize(956, 492)
    QApplication.processEvents()
    assert pane.view.viewport().height() > 2 * ROW_HEIGHT
    assert pane.rule.told.isHidden()
    pane.rule.more.click()
    assert not pane.rule.told.isHidden()
    window.resize(1280, 800)
    QApplication.processEvents()
    shown = pane.rule, pane.view.header(), window.series_reading.keys
    assert [each.isHidden() for each in shown] == [False] * 3
    assert pane.rule.known.isHidden()
