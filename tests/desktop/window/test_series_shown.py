from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from desktop.app import Program
from desktop.tables.row import DETAIL_ROLE, Column
from desktop.tables.series_tree import SeriesColumn
from imaging.image import Identity
from model.series_point import NO_LABELLED_SERIES
from model.series_result import series_results
from tests.make.results import result
from tests.make.tiny_model import tiny_card

FINDINGS = [
    result("/one/1.png", 0.6),
    result("/one/2.png", 0.1),
    result("/two/1.png", 0.9),
    result("/two/2.png", 0.1),
    result("/two/3.png", 0.1),
]


@pytest.fixture
def filled(program: Program) -> Program:
    """A program in which two series are judged, the first scan of the first one selected."""
    table, tree = program.workspace.table, program.workspace.series
    table.set_card(tiny_card())
    table.add_files([each.path for each in FINDINGS])
    table.add_results(FINDINGS)
    tree.set_series(series_results(FINDINGS), range(len(FINDINGS)))
    table.set_places(
        (row, (number, place))
        for number, series in enumerate(tree.series)
        for place, row in enumerate(series.members)
    )
    program.selection.select(0)
    return program


def test_the_pane_tells_all_that_is_known_of_the_threshold_of_the_selected_series(
    filled: Program,
) -> None:
    pane = filled.window.series
    assert (pane.name.text(), pane.threshold.text().splitlines()) == (
        "one",
        [
            "Judged pictures: 2, of which 1 must reach the threshold of the series: 73.11 %.",
            "Of series with so many pictures and without the finding, at most 10 % are expected "
            "to reach it, however much their pictures resemble each other, if they are like those "
            "it was worked out on.",
        ],
    )
    known = pane.known.text().splitlines()
    assert known[0].startswith("Expected false alarms: at most 9.5 % of series without the finding")
    assert known[-1] == NO_LABELLED_SERIES


def test_the_pane_follows_the_selection(filled: Program) -> None:
    filled.selection.select(2)
    pane = filled.window.series
    assert pane.name.text() == "two"
    assert "Too few negatives to say" in pane.threshold.text()


def test_the_pane_follows_the_threshold(filled: Program) -> None:
    filled.workspace.set_threshold(0.8)
    assert filled.window.series.threshold.text().startswith(
        "Judged pictures: 2, of which 1 must reach the threshold of the series: 80.00 %, that of "
        "single pictures."
    )


def test_without_weights_the_pane_says_nothing_of_a_threshold(filled: Program) -> None:
    filled.workspace.table.set_card(None)
    pane = filled.window.series
    assert [text.isHidden() for text in (pane.name, pane.threshold, pane.known)] == [True] * 3


def test_beside_the_series_number_stand_its_threshold_and_what_that_misses(
    filled: Program,
) -> None:
    series = filled.window.answer.series
    assert series.text().splitlines() == [
        "Series “one”: 60.0 %, the highest of its pictures",
        "Uncertain · Judged pictures: 2, of which 1 must reach the threshold of the "
        "series: 73.11 %.",
        "Of single pictures with the finding, 13 of 20 reach it: 65.0 % (95 % interval 43.3 to "
        "81.9 %).",
        NO_LABELLED_SERIES,
    ]
    assert "Expected false alarms: at most 9.5 %" in series.toolTip()


def test_of_a_long_series_it_is_said_how_many_pictures_reach_its_number(filled: Program) -> None:
    more = [result(f"/two/{n}.png", 0.2) for n in range(4, 23)]
    filled.workspace.table.add_files([each.path for each in more])
    filled.workspace.table.add_results(more)
    together = [*FINDINGS, *more]
    filled.workspace.series.set_series(series_results(together), range(len(together)))
    filled.selection.select(2)
    first = filled.window.answer.series.text().splitlines()[0]
    assert first == "Series “two”: 20.0 %, which 2 of its pictures reach"


def test_the_series_is_told_in_chinese_altogether(qtbot: QtBot, filled: Program) -> None:
    pane = filled.window.series
    filled.selection.select(2)
    filled.set_language("zh_CN")
    qtbot.waitUntil(lambda: pane.how.text().startswith("序列"))
    told = [pane.how.text(), *pane.threshold.text().splitlines(), *pane.known.text().splitlines()]
    assert len(told) == 6
    assert [line for line in told if not line.endswith("。")] == []
    assert "判定图像：3 幅" in filled.window.answer.series.text()


def test_a_row_has_room_for_a_verdict_of_two_lines_in_both_languages(filled: Program) -> None:
    view, tree = filled.window.series.view, filled.workspace.series
    cell = tree.index(0, SeriesColumn.VERDICT)
    room = view.columnWidth(SeriesColumn.VERDICT) - 8
    for language in ("en", "zh_CN"):
        filled.set_language(language)
        for text in (cell.data(), cell.data(DETAIL_ROLE)):
            assert 0 < view.fontMetrics().horizontalAdvance(text) <= room
    assert view.sizeHintForIndex(cell).height() >= 2 * view.fontMetrics().height()


def test_every_columns_name_has_room_in_both_languages(filled: Program) -> None:
    view, tree = filled.window.series.view, filled.workspace.series
    for language in ("en", "zh_CN"):
        filled.set_language(language)
        for column in SeriesColumn:
            name = tree.headerData(column, Qt.Orientation.Horizontal)
            wanted = view.header().fontMetrics().horizontalAdvance(name)
            assert 0 < wanted <= view.columnWidth(column) - 8


def test_the_marked_row_is_of_the_series_on_screen_whoever_chose_it(filled: Program) -> None:
    view, selection = filled.window.series.view, filled.selection
    tree = filled.workspace.series
    selection.select(3)
    other = tree.index_of(3)
    assert view.currentIndex() == other
    assert selection.number == 3  # and marking it has not moved on to its top scan
    view.setCurrentIndex(tree.index(0, 0))  # as the arrow keys do
    assert selection.number == 0
    view.expand(other)
    view.setCurrentIndex(tree.index(1, 0, other))
    assert selection.number == tree.series[other.row()].top[1]
    assert view.currentIndex() == tree.index(1, 0, other)


def test_a_patient_stands_beside_each_picture_and_series_unless_hidden(program: Program) -> None:
    images = [
        result(f"/{who}/01.dcm", 0.2, identity=Identity(patient_id=who, series_uid=who))
        for who in ("A", "B")
    ]
    table, tree = program.workspace.table, program.workspace.series
    table.add_files([each.path for each in images])
    table.add_results(images)
    tree.set_series(series_results(images), range(len(images)))
    names = [table.index(row, Column.NAME).data(DETAIL_ROLE) for row in range(2)]
    series = [tree.index(row, SeriesColumn.NAME).data(DETAIL_ROLE) for row in range(2)]
    assert names == ["A · A", "B · B"]
    assert series == ["A · Pictures: 1, judged: 1", "B · Pictures: 1, judged: 1"]
    program.options.hide_identity = True
    assert table.index(0, Column.NAME).data(DETAIL_ROLE) == ""
    assert tree.index(0, SeriesColumn.NAME).data(DETAIL_ROLE) == "Pictures: 1, judged: 1"
    program.options.hide_identity = False
