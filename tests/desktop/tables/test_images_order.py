from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from desktop.tables.images_order import Filter, Having, ImagesOrder
from desktop.tables.images_table import ImagesTable
from desktop.tables.row import DETAIL_ROLE, VALUE_ROLE, Column
from imaging.image import Identity
from tests.make.image_rows import SUSPICIONS, filled, image_result, names, text, waiting
from tests.make.results import result

Step = Callable[[ImagesTable, ImagesOrder], object]


def test_frames_of_a_file_follow_it_in_reading_order(table: ImagesTable) -> None:
    order = ImagesOrder(table)
    order.sort(Column.IMAGE)
    table.add_images([*(waiting("a.dcm", frame, 3) for frame in range(3)), waiting("b.dcm")])
    assert names(order) == [
        "a.dcm · frame 1 of 3",
        "a.dcm · frame 2 of 3",
        "a.dcm · frame 3 of 3",
        "b.dcm",
    ]


def test_the_most_suspicious_comes_first_and_rows_without_a_number_last(
    table: ImagesTable,
) -> None:
    order = filled(table, *SUSPICIONS)
    assert names(order) == ["b.png", "d10.png", "d9.png", "a.png", "c.png"]


def test_every_shown_cell_can_be_chosen(table: ImagesTable) -> None:
    order = filled(table, *SUSPICIONS)
    flags = Qt.ItemFlag
    chosen = flags.ItemIsEnabled | flags.ItemIsSelectable | flags.ItemNeverHasChildren
    assert {order.index(row, at).flags() for row in range(5) for at in Column} == {chosen}
    assert order.flags(QModelIndex()) == flags.NoItemFlags


@pytest.mark.parametrize(
    ("column", "descending", "expected"),
    [
        (Column.IMAGE, False, ["a.png", "b.png", "c.png", "d10.png", "d9.png"]),
        (Column.NAME, False, ["a.png", "b.png", "c.png", "d9.png", "d10.png"]),
        (Column.NAME, True, ["d10.png", "d9.png", "c.png", "b.png", "a.png"]),
        (Column.STATUS, False, ["c.png", "d10.png", "a.png", "b.png", "d9.png"]),
    ],
)
def test_order_by_a_column(
    table: ImagesTable, column: Column, descending: bool, expected: list[str]
) -> None:
    order = filled(table, *SUSPICIONS)
    way = Qt.SortOrder.DescendingOrder if descending else Qt.SortOrder.AscendingOrder
    order.sort(column, way)
    assert names(order) == expected


@pytest.mark.parametrize("column", list(Column))
def test_the_other_way_is_the_same_order_backwards(table: ImagesTable, column: Column) -> None:
    order = filled(table, *SUSPICIONS, *(replace(each, name="again.png") for each in SUSPICIONS))
    order.sort(column)
    one_way = order.shown_rows()
    order.sort(column, Qt.SortOrder.DescendingOrder)
    assert order.shown_rows() == one_way[::-1]


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (Filter(), ["b.png", "d10.png", "d9.png", "a.png", "c.png"]),
        (Filter(text="D1"), ["d10.png"]),
        (Filter(text="damaged"), ["c.png"]),
        (Filter(only_flagged=True), ["b.png", "d10.png", "d9.png"]),
        (Filter(having=Having.NOT_ASSESSED), ["c.png"]),
        (Filter(having=Having.ASSESSED), ["b.png", "d10.png", "d9.png", "a.png"]),
        (Filter(having=Having.WARNING), ["d10.png"]),
        (Filter(text="d9", having=Having.WARNING), []),
    ],
)
def test_filter_shows_what_was_asked_for_and_counts_the_rest(
    table: ImagesTable, wanted: Filter, expected: list[str]
) -> None:
    order = filled(table, *SUSPICIONS)
    order.set_filter(wanted)
    assert names(order) == expected
    assert order.hidden == len(SUSPICIONS) - len(expected)


def test_hidden_names_neither_order_images_nor_find_them(table: ImagesTable) -> None:
    doe = Identity("007", "Doe^Jo", "1", "1.2")
    images = [result(f"/case/{name}.dcm", 0.5, identity=doe) for name in "cab"]
    order = filled(table, *images)
    order.sort(Column.NAME)
    assert order.shown_rows() == [1, 2, 0]
    order.set_filter(Filter(text="doe"))
    assert order.shown_rows() == [1, 2, 0]
    table.set_hide_identity(True)
    assert order.shown_rows() == []
    order.set_filter(Filter(text="image"))
    assert order.shown_rows() == [0, 1, 2]


def test_only_flagged_follows_the_threshold(table: ImagesTable) -> None:
    order = filled(table, *SUSPICIONS)
    order.set_filter(Filter(only_flagged=True))
    table.set_threshold(0.85)
    assert names(order) == ["b.png"]
    table.set_threshold(0.1)
    assert order.rowCount() == 4


def test_selection_stays_with_its_row_while_results_arrive(table: ImagesTable) -> None:
    order = ImagesOrder(table)
    selection = QItemSelectionModel(order)
    table.add_images([waiting(found.path.name) for found in SUSPICIONS])
    selection.setCurrentIndex(order.index(0, 0), QItemSelectionModel.SelectionFlag.ClearAndSelect)
    table.add_results(enumerate(SUSPICIONS))
    assert order.mapToSource(selection.currentIndex()).row() == 0
    assert selection.currentIndex().row() == 3


def test_places_of_a_series_give_the_reading_order(table: ImagesTable) -> None:
    order = filled(table, *SUSPICIONS[:3])
    order.sort(Column.IMAGE)
    table.set_reading_order([2, 1, 0])
    assert names(order) == ["c.png", "b.png", "a.png"]


def test_only_the_shown_places_of_changed_rows_are_told_of(table: ImagesTable) -> None:
    order = filled(table, *SUSPICIONS)
    told: list[tuple[int, int]] = []
    order.dataChanged.connect(lambda top, bottom: told.append((top.row(), bottom.row())))
    table.set_series_read([3, 4], True)
    assert told == [(1, 2)]  # d10 and d9, of b, d10, d9, a, c
    table.refresh()
    assert told[1:] == [(0, 4)]


def test_the_order_says_what_the_table_says_in_every_role(table: ImagesTable) -> None:
    order = filled(table, *SUSPICIONS)
    roles = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole, VALUE_ROLE, DETAIL_ROLE)
    for row, number in enumerate(order.shown_rows()):
        for column in Column:
            here, there = order.index(row, column), table.index(number, column)
            assert [here.data(role) for role in roles] == [there.data(role) for role in roles]


@pytest.mark.parametrize(
    "step",
    [
        lambda table, order: order.set_filter(Filter(only_flagged=True)),
        lambda table, order: order.set_filter(Filter(text="nothing has this name")),
        lambda table, order: order.sort(Column.NAME, Qt.SortOrder.DescendingOrder),
        lambda table, order: table.set_threshold(0.95),
        lambda table, order: table.clear(),
        lambda table, order: table.forget_results(),
    ],
)
def test_both_models_keep_the_rules_of_qt(table: ImagesTable, step: Step) -> None:
    order = ImagesOrder(table)
    fatal = QAbstractItemModelTester.FailureReportingMode.Fatal
    watchers = [QAbstractItemModelTester(model, fatal) for model in (table, order)]
    table.add_images([waiting(found.path.name) for found in SUSPICIONS])
    table.add_results(enumerate(SUSPICIONS))
    step(table, order)
    order.set_filter(Filter())
    assert order.rowCount() == table.rowCount()
    assert len(watchers) == 2


def test_ten_thousand_rows_in_chunks(qtbot: QtBot, table: ImagesTable) -> None:
    order = ImagesOrder(table)
    chunks: list[int] = []
    table.rowsInserted.connect(
        lambda parent, first, last: chunks.append(last - first + 1)  # parent: the root
    )
    results = [image_result(f"{number}.png", number / 10_000) for number in range(10_000)]
    for first in range(0, 10_000, 500):
        part = results[first : first + 500]
        table.add_images([waiting(found.path.name) for found in part])
        table.add_results(enumerate(part, start=first))
    assert chunks == [500] * 20
    assert order.rowCount(QModelIndex()) == 10_000
    qtbot.waitUntil(lambda: text(order, 0, Column.NAME) == "9999.png", timeout=10_000)


def _flagged_one_by_one(table: ImagesTable, monkeypatch: pytest.MonkeyPatch) -> ImagesOrder:
    """A list that counts as long: two of three images have come to be flagged, one by one."""
    monkeypatch.setattr("desktop.tables.long_lists.LONG", 3)
    order = ImagesOrder(table)
    table.add_images([waiting(name) for name in ("a.png", "b.png", "c.png")])
    for row, (name, probability) in enumerate((("b.png", 0.98), ("c.png", 0.99)), start=1):
        table.add_results([(row, image_result(name, probability))])
    return order


def test_a_long_list_shows_each_result_at_once_and_moves_its_images_soon(
    qtbot: QtBot, table: ImagesTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = _flagged_one_by_one(table, monkeypatch)
    assert names(order) == ["b.png", "a.png", "c.png"]
    assert text(order, 2, Column.PROBABILITY) == "99.0 %"
    with qtbot.waitSignal(order.counted, timeout=10_000):
        pass
    assert names(order) == ["c.png", "b.png", "a.png"]


def test_a_long_list_does_at_once_what_the_reader_asks_for(
    qtbot: QtBot, table: ImagesTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = _flagged_one_by_one(table, monkeypatch)
    order.set_filter(Filter(only_flagged=True))
    assert names(order) == ["c.png", "b.png"]
    table.set_threshold(0.985)
    assert names(order) == ["c.png"]


def test_a_thumbnail_that_is_there_is_told_of_its_cell_where_that_is_shown(
    table: ImagesTable,
) -> None:
    order = filled(table, *SUSPICIONS)
    heard: list[tuple[QModelIndex, QModelIndex]] = []
    order.dataChanged.connect(lambda first, last: heard.append((first, last)))
    table.thumbnail_made.emit(1)
    cell = order.index(0, Column.IMAGE)
    assert heard == [(cell, cell)]
    order.set_filter(Filter(text="a.png"))
    heard.clear()
    table.thumbnail_made.emit(1)
    assert heard == []
