from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desktop.app import Program
from desktop.tables.row import DETAIL_ROLE, Column
from desktop.tables.worklist_cells import WorklistColumn
from desktop.tables.worklist_order import SortBy
from imaging.image import Identity
from model.image_result import ImageResult
from model.listed_image import ListedImage, PendingImage
from model.series_group import group_images
from tests.make.program import open_by_hand, put_on_screen
from tests.make.results import result
from tests.make.worklists import TWO_SERIES
from tests.make.worklists import of_patient as patient


def marked(program: Program) -> int:
    """The series of the marked line."""
    return program.workspace.worklist.series_at(program.window.worklist.view.currentIndex())


def test_the_marked_line_is_of_the_series_on_screen_whoever_chose_it(filled: Program) -> None:
    view, selection, worklist = (
        filled.window.worklist.view,
        filled.selection,
        filled.workspace.worklist,
    )
    selection.select(3)
    assert marked(filled) == 1
    assert selection.image == 3  # and marking it has not moved on to its top image
    view.setCurrentIndex(worklist.index_of_series(0))
    assert selection.image == 0
    other = worklist.index_of_series(1)
    view.expand(other)
    view.setCurrentIndex(worklist.index(1, 0, other))
    assert selection.image == worklist.series[1].top[1]
    assert view.currentIndex() == worklist.index(1, 0, other)


def test_keys_move_through_the_list(filled: Program) -> None:
    view, worklist = filled.window.worklist.view, filled.workspace.worklist
    QTest.keyClick(view, Qt.Key.Key_Home)
    assert marked(filled) == worklist.in_order()[0]
    QTest.keyClick(view, Qt.Key.Key_Down)
    assert marked(filled) == worklist.in_order()[1]
    QTest.keyClick(view, Qt.Key.Key_Down)
    assert marked(filled) == worklist.in_order()[1]
    QTest.keyClick(view, Qt.Key.Key_Up)
    assert marked(filled) == worklist.in_order()[0]


def test_the_list_counts_what_the_filter_finds_and_hides(filled: Program) -> None:
    pane = filled.window.worklist
    assert pane.count.text() == "Folders of images: 2"
    filled.selection.select(2)
    pane.search.setText("two")
    assert pane.count.text() == "Folders of images: 1 of 2 · hidden by the filter: 1"
    pane.show_all.click()
    assert pane.count.text() == "Folders of images: 2"


def test_the_count_says_of_the_one_on_screen_that_the_filter_did_not_find_it(
    filled: Program,
) -> None:
    pane = filled.window.worklist
    filled.selection.select(0)
    pane.search.setText("two")  # while "one" is on screen: both stand in the list
    assert filled.workspace.worklist.rowCount() == 2
    assert pane.count.text() == "Folders of images: 1 of 2 · outside the filter: 1"
    assert pane.show_all.isVisibleTo(pane)
    pane.search.setText("nobody")
    told = "Folders of images: 0 of 2 · outside the filter: 1 · hidden by the filter: 1"
    assert pane.count.text() == told
    pane.show_all.click()
    assert pane.count.text() == "Folders of images: 2"
    assert not pane.show_all.isVisibleTo(pane)


def test_the_count_follows_a_reading_that_takes_the_one_on_screen_out_of_the_filter(
    filled: Program,
) -> None:
    pane, selection = filled.window.worklist, filled.selection
    pane.only_unread.setChecked(True)
    assert pane.count.text() == "Folders of images: 2"
    selection.select(0)
    filled.workspace.readings.mark_read(0, True)
    assert pane.count.text() == "Folders of images: 1 of 2 · outside the filter: 1"


def test_a_folder_of_images_is_not_counted_as_a_patient(program: Program) -> None:
    pane = program.window.worklist
    open_by_hand(
        program, [*TWO_SERIES, *patient("Anna", 0.1), *patient("Berta", 0.1)], trusted=True
    )
    assert pane.count.text() == "Patients: 2 · Folders of images: 2"
    pane.search.setText("one")
    told = "Patients: 0 of 2 · Folders of images: 1 of 2 · hidden by the filter: 3"
    assert pane.count.text() == told
    program.selection.select(len(TWO_SERIES))
    pane.search.setText("Anna")
    told = "Patients: 1 of 2 · Folders of images: 0 of 2 · hidden by the filter: 3"
    assert pane.count.text() == told


def test_groups_by_name_are_not_counted_as_patients(program: Program) -> None:
    pane, series = program.window.worklist, program.workspace.series
    images = [*TWO_SERIES, *patient("A", 0.1)]
    open_by_hand(program, images)
    series.set_groups(group_images(images), by_name=True)
    assert pane.count.text() == "Patients: 1 · Groups by file name: 2"


def test_the_order_can_be_chosen(filled: Program) -> None:
    pane, worklist = filled.window.worklist, filled.workspace.worklist
    before = worklist.in_order()
    pane.order.setCurrentIndex(pane.order.findData(SortBy.FILES))
    pane.order.activated.emit(pane.order.currentIndex())
    assert (before, worklist.in_order()) == ([1, 0], [0, 1])


def test_the_list_is_told_in_chinese_altogether(qtbot: QtBot, filled: Program) -> None:
    pane, worklist = filled.window.worklist, filled.workspace.worklist
    filled.appearance.set_language("zh_CN")
    qtbot.waitUntil(lambda: pane.search.placeholderText() == "搜索")
    index = worklist.index(0, WorklistColumn.RESULT)
    told = [pane.count.text(), pane.rule.told.text(), index.data(), index.data(DETAIL_ROLE)]
    assert [text for text in told if text.isascii()] == []


def test_a_line_has_room_for_its_result_in_both_languages(filled: Program) -> None:
    view, worklist = filled.window.worklist.view, filled.workspace.worklist
    cell = worklist.index(0, WorklistColumn.RESULT)
    room = view.columnWidth(WorklistColumn.RESULT) - 8
    for language in ("en", "zh_CN"):
        filled.appearance.set_language(language)
        assert 0 < view.fontMetrics().horizontalAdvance(cell.data()) <= room
    assert (
        view.sizeHintForIndex(cell.siblingAtColumn(0)).height() >= 2 * view.fontMetrics().height()
    )


HEADER = result("/B/01.dcm", 0.1, identity=Identity(patient_id="B", series_uid="B")).header


def of_patient(who: str) -> ImageResult:
    identity = Identity(patient_id=who, series_uid=who, series_description="Head")
    return replace(result(f"/{who}/01.dcm", 0.2, identity=identity), sha256=who)


def test_a_patient_stands_beside_each_image_and_line_unless_hidden(program: Program) -> None:
    table, worklist = program.workspace.table, program.workspace.worklist
    open_by_hand(program, [of_patient("A"), of_patient("B")], trusted=True)
    names = [table.index(row, Column.NAME).data(DETAIL_ROLE) for row in range(2)]
    lines = [worklist.index(row, WorklistColumn.NAME).data() for row in range(2)]
    assert (names, lines) == (["A · A", "B · B"], ["A", "B"])
    program.options.hide_identity = True
    assert table.index(0, Column.NAME).data(DETAIL_ROLE) == ""
    assert worklist.index(0, WorklistColumn.NAME).data() == "Patient 1"
    program.options.hide_identity = False


def test_n_leads_through_flagged_series_that_are_not_read_and_then_says_so(
    program: Program,
) -> None:
    table = program.workspace.table
    scores = {"A": 0.99, "B": 0.1, "C": 0.98, "D": 0.97}
    images: list[ListedImage] = [replace(of_patient(who), sha256=who) for who in scores]
    open_by_hand(program, images, trusted=True)
    for row, score in enumerate(scores.values()):
        known = table.rows[row].known
        assert known is not None
        table.add_results([(row, replace(known, probability=score))])
    program.selection.select(1)
    seen = []
    for _ in range(3):
        program.actions["next_flagged"].trigger()
        seen.append(program.selection.series)
        put_on_screen(program)
        program.actions["read_present"].trigger()
    program.actions["next_flagged"].trigger()
    assert (seen, program.selection.series) == ([0, 2, 3], 3)
    assert program.window.centre.content.note == "No other flagged, unread series here"


def test_while_scores_are_hidden_n_leads_to_what_is_not_read(program: Program) -> None:
    table = program.workspace.table
    table.set_read_before_ai(True)
    open_by_hand(program, [of_patient("A"), of_patient("B")], trusted=True)
    program.selection.select(0)
    program.actions["next_flagged"].trigger()
    assert program.selection.series == 1
    program.actions["previous_flagged"].trigger()
    assert program.selection.series == 0
    table.set_read_before_ai(False)


def test_where_results_are_still_to_come_n_says_how_many(program: Program) -> None:
    images: list[ListedImage] = [of_patient("A"), PendingImage(Path("/B"), "01.dcm", 0, HEADER)]
    open_by_hand(program, images, trusted=True)
    program.selection.select(0)
    put_on_screen(program)
    program.actions["next_flagged"].trigger()
    assert program.window.centre.content.note == (
        "No other flagged, unread series here · 1 without a result so far"
    )


def test_the_marked_line_stays_where_it_is_while_results_put_others_before_it(
    qtbot: QtBot, program: Program
) -> None:
    table, worklist = program.workspace.table, program.workspace.worklist
    images: list[ListedImage] = [of_patient(f"P{at:02d}") for at in range(60)]
    open_by_hand(program, images, trusted=True)
    program.show()
    program.window._pages.setCurrentWidget(program.window.splitter)
    view = program.window.worklist.view
    qtbot.waitUntil(lambda: view.viewport().height() > 100)
    program.selection.select(30)
    view.scrollTo(view.currentIndex(), view.ScrollHint.PositionAtCenter)
    before = view.visualRect(view.currentIndex()).top()
    for row in range(40, 50):
        known = table.rows[row].known
        assert known is not None
        table.add_results([(row, replace(known, probability=0.99))])
    assert worklist.in_order()[0] == 40
    assert program.selection.image == 30
    assert view.visualRect(view.currentIndex()).top() == before


def test_at_the_top_of_the_list_what_is_flagged_comes_into_view(
    qtbot: QtBot, program: Program
) -> None:
    table, worklist = program.workspace.table, program.workspace.worklist
    open_by_hand(program, [of_patient(f"P{at:02d}") for at in range(60)], trusted=True)
    program.show()
    program.window._pages.setCurrentWidget(program.window.splitter)
    pane = program.window.worklist
    view = pane.view
    qtbot.waitUntil(lambda: view.viewport().height() > 100)
    program.selection.select(1)
    program.selection.select(0)  # turned to: what only opened by itself gives way to the next image
    for row in range(40, 50):
        known = table.rows[row].known
        assert known is not None
        table.add_results([(row, replace(known, probability=0.99))])
    first = view.indexAt(QPoint(view.viewport().width() // 2, 1))
    assert (first.row(), worklist.row_of(first)) == (0, 40)
    qtbot.waitUntil(pane.above.isHidden)
    view.scrollToBottom()
    assert pane.above.text() == "Flagged above: 10"
    pane.above.click()
    assert view.verticalScrollBar().value() == 0
    assert pane.above.isHidden()


@pytest.mark.parametrize("height", [800, 540])
def test_the_counts_are_not_squeezed_by_several_links(
    qtbot: QtBot, program: Program, height: int
) -> None:
    """They stood in a column of six lines, one word wide."""
    open_by_hand(program, [result(f"/flat/P{at}_1.png", 0.9 - at / 100) for at in range(60)])
    program.show()
    window = program.window
    window._pages.setCurrentWidget(window.splitter)
    window.resize(1280, height)
    pane = window.worklist
    pane.search.setText("nobody")
    program.workspace.worklist.stale = True
    program.workspace.worklist.counted.emit()
    links = (pane.by_name, pane.sort_now, pane.show_all)
    qtbot.waitUntil(lambda: all(link.isVisible() for link in links))
    qtbot.waitUntil(lambda: pane.count.width() > pane.width() * 0.7, timeout=2000)
    assert all(link.geometry().top() >= pane.count.geometry().bottom() for link in links)
    pane.search.clear()
    program.workspace.worklist.arrange()
    pane.count.setText("1")
    qtbot.waitUntil(lambda: not pane.show_all.isVisible())
    if height > 600:
        qtbot.waitUntil(lambda: pane.by_name.y() < pane.count.geometry().bottom(), timeout=2000)
