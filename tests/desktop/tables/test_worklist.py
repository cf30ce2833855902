from __future__ import annotations

import random
from dataclasses import replace
from itertools import product

import pytest
from PySide6.QtCore import QItemSelectionModel, QModelIndex
from pytestqt.qtbot import QtBot

from desktop.tables.row import DETAIL_ROLE
from desktop.tables.worklist import Worklist
from desktop.tables.worklist_cells import WorklistColumn
from desktop.tables.worklist_order import SortBy, WorklistFilter
from imaging.image import Identity
from tests.make.worklists import (
    FOLDERS,
    MIXED,
    cells,
    names,
    of_patient,
    told,
    waiting,
    worklist_of,
)


@pytest.fixture
def folders() -> Worklist:
    return worklist_of(FOLDERS)


def test_its_top_images_stand_below_it_and_lead_to_their_rows(folders: Worklist) -> None:
    one = folders.index(0, 0)
    top = folders.index(0, 0, one)
    assert folders.rowCount(one) == 2
    assert cells(folders, 0, one) == ["2.png", "90.0 %", "Flagged", ""]
    rows = [folders.row_of(index) for index in (one, top, folders.index(1, 0, one))]
    assert rows == [1, 1, 0]
    assert folders.rowCount(top) == 0


def test_nothing_stands_below_a_series_that_is_hidden_until_it_has_been_read() -> None:
    worklist = worklist_of([replace(each, sha256="1") for each in of_patient("A", 0.9)])
    table = worklist.series.table
    table.set_read_before_ai(True)
    hidden = worklist.rowCount(worklist.index_of_series(0))
    table.set_read_before_ai(False)
    assert (hidden, worklist.rowCount(worklist.index_of_series(0))) == (0, 1)


def test_a_patient_of_several_series_has_them_below() -> None:
    worklist = worklist_of(
        [*of_patient("A", 0.1), *of_patient("A", 0.9, series="2"), *of_patient("B", 0.2)]
    )
    assert names(worklist) == ["A", "B"]
    patient = worklist.index(0, 0)
    assert worklist.rowCount(patient) == 2
    assert told(worklist, 0) == ("Flagged", "1 of 1 slices flagged")
    assert patient.data(DETAIL_ROLE) == "2 series"
    assert worklist.series_at(worklist.index(0, 0, patient)) == 1  # the flagged one comes first


def test_unidentified_series_are_not_taken_together() -> None:
    images = [
        replace(each, header=replace(each.header, identity=Identity(series_uid=str(at))))
        for at, each in enumerate([*of_patient("A", 0.1), *of_patient("B", 0.2)])
        if each.header is not None
    ]
    assert worklist_of(images).rowCount() == 2


def test_nothing_moves_while_the_order_is_held_and_all_does_afterwards() -> None:
    images = [*of_patient("A", 0.1), *of_patient("B", 0.999)]
    worklist = worklist_of([images[0], *waiting(images[1:])])
    worklist.set_order(SortBy.FILES)
    worklist.order.by = SortBy.SUSPICION
    worklist.held = True
    worklist.series.table.add_results([(1, images[1])])
    held = names(worklist)
    worklist.held = False
    stale = worklist.stale
    worklist.arrange()
    assert (held, stale) == (["A", "B"], True)
    assert names(worklist) == ["B", "A"]


def test_the_current_line_stays_with_its_series_while_results_arrive() -> None:
    images = [*of_patient("A", 0.1), *of_patient("B", 0.999), *of_patient("C", 0.99)]
    worklist = worklist_of(waiting(images))
    selection = QItemSelectionModel(worklist)
    first = worklist.index(0, 0)
    selection.setCurrentIndex(first, QItemSelectionModel.SelectionFlag.ClearAndSelect)
    worklist.series.table.add_results(enumerate(images))
    assert names(worklist) == ["B", "C", "A"]
    assert worklist.series_at(selection.currentIndex()) == 0
    assert selection.currentIndex().row() == 2


def test_keys_go_through_the_list_as_it_is_shown() -> None:
    worklist = worklist_of(MIXED)
    walked = [worklist.following(None, 1)]
    while (following := worklist.following(walked[-1], 1)) is not None:
        walked.append(following)
    assert walked == [5, 2, 4, 3, 0, 1]
    assert worklist.following(5, -1) is None


def test_next_unread_goes_round_and_passes_what_is_read() -> None:
    worklist = worklist_of(MIXED)

    def unread(number: int) -> bool:
        return not worklist.readings.is_read(number)

    worklist.readings.mark_read(2, True)
    assert worklist.following(5, 1, unread) == 4
    assert worklist.following(1, 1, unread) == 5
    for number in range(6):
        worklist.readings.mark_read(number, True)
    assert worklist.following(5, 1, unread) is None


@pytest.mark.parametrize("seed", range(8))
def test_at_any_moment_a_line_shows_its_own_images_results_and_no_others(seed: int) -> None:
    chance = random.Random(seed)
    images = [
        image
        for who in "ABCDE"
        for series in "12"[: chance.randint(1, 2)]
        for image in of_patient(
            who, *(chance.random() for _ in range(chance.randint(1, 5))), series=series
        )
    ]
    chance.shuffle(images)
    worklist = worklist_of(waiting(images))
    table = worklist.series.table
    arrivals = list(enumerate(images))
    chance.shuffle(arrivals)
    while arrivals:
        chunk, arrivals = arrivals[:3], arrivals[3:]
        table.add_results(chunk)
        if chance.random() < 0.3:
            worklist.held = not worklist.held
        for number, series in enumerate(worklist.series):
            own = [table.rows[row].known for row in series.members]
            index = worklist.index_of_series(number)
            assert worklist.series_at(index) == number
            shown = worklist.index(index.row(), WorklistColumn.SCORE, index.parent()).data()
            if None in own:
                assert (shown, worklist.series.zone(number), series.top) == ("", None, ())
            else:
                every = [each.probability for each in own if each and each.probability is not None]
                assert series.result.counted_probability in every
                assert set(series.top) <= set(series.members)
            patients = {
                each.header.identity.patient_id
                for row in series.members
                if (each := table.rows[row].image).header is not None
            }
            assert len(patients) == 1


def test_flagged_patients_are_counted_from_the_top_to_a_line() -> None:
    worklist = worklist_of(MIXED)  # the first three of six are flagged
    assert [worklist.flagged_above(row) for row in (0, 1, 2, 3, 6)] == [0, 1, 2, 3, 3]


def flagged_one_by_one(monkeypatch: pytest.MonkeyPatch) -> Worklist:
    """A list that counts as long: two of three patients have come to be flagged, one by one."""
    monkeypatch.setattr("desktop.tables.long_lists.LONG", 3)
    images = [*of_patient("A", 0.1), *of_patient("B", 0.98), *of_patient("C", 0.99)]
    worklist = worklist_of([images[0], *waiting(images[1:])])
    for row in (1, 2):
        worklist.series.table.add_results([(row, images[row])])
    return worklist


def test_a_long_list_shows_each_result_at_once_and_moves_its_patients_soon(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    worklist = flagged_one_by_one(monkeypatch)
    assert names(worklist) == ["B", "C", "A"]
    assert told(worklist, 1) == ("Flagged", "1 of 1 slices flagged")
    with qtbot.waitSignal(worklist.layoutChanged, timeout=10_000):
        pass
    assert names(worklist) == ["C", "B", "A"]


def test_a_long_list_does_at_once_what_the_reader_asks_for(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    worklist = flagged_one_by_one(monkeypatch)
    worklist.set_filter(WorklistFilter(only_flagged=True))
    assert names(worklist) == ["C", "B"]


def test_all_lines_above_a_series_with_another_result_are_told_of_and_no_others() -> None:
    images = [*of_patient("A", 0.1), *of_patient("A", 0.2, series="2")]
    worklist = worklist_of([*images, *(one for who in "BCDEFG" for one in of_patient(who, 0.1))])
    heard: list[str] = []

    def hear(first: QModelIndex, last: QModelIndex) -> None:
        assert (first.parent(), first.column()) == (last.parent(), 0)
        assert last.column() == len(WorklistColumn) - 1
        lines = [worklist.index(at, 0, first.parent()) for at in range(first.row(), last.row() + 1)]
        heard.extend(str(each.data()) for each in lines)

    worklist.dataChanged.connect(hear)
    worklist.series.table.add_results([(1, replace(images[1], probability=0.99))])
    series = worklist.index_of_series(1)
    assert sorted(heard) == sorted(["A", str(series.data())])


def test_other_series_are_told_of_once() -> None:
    worklist = worklist_of(FOLDERS)
    heard: list[str] = []
    worklist.series.changed.connect(lambda _: heard.append("other results"))
    worklist.modelReset.connect(lambda: heard.append("other lines"))
    worklist.changed.connect(lambda: heard.append("changed"))
    worklist.counted.connect(lambda: heard.append("counted"))
    worklist.series.followed.connect(lambda numbers: heard.append(f"all {len(numbers)} followed"))
    worklist.series.set_groups([each.group for each in worklist.series])
    assert heard == ["other lines", "changed", "counted", "all 2 followed"]


def test_among_other_series_no_filter_hides_the_one_on_screen() -> None:
    worklist = worklist_of([*of_patient("A", 0.1), *of_patient("B", 0.99)])
    worklist.set_filter(WorklistFilter(only_flagged=True))
    worklist.modelReset.connect(lambda: setattr(worklist.order, "pinned", 0))
    before = names(worklist)
    worklist.series.set_groups([each.group for each in worklist.series])
    assert (before, names(worklist)) == (["B"], ["B", "A"])


def test_a_thumbnail_that_is_there_is_told_of_all_lines_that_show_it_and_of_no_others() -> None:
    images = [*of_patient("A", 0.1), *of_patient("A", 0.2, series="2"), *of_patient("B", 0.1)]
    worklist = worklist_of(images)
    heard: list[str] = []
    worklist.dataChanged.connect(lambda first, last: heard.extend([first.data(), last.data()]))
    worklist.series.table.thumbnail_made.emit(1)
    series = worklist.index_of_series(1)
    lines = [worklist.index(0, 0, series).data(), series.data(), "A"]
    assert heard == [each for line in lines for each in (line, line)]
    heard.clear()
    worklist.set_filter(WorklistFilter(text="B"))
    heard.clear()
    worklist.series.table.thumbnail_made.emit(1)
    assert heard == []


def test_the_cells_beside_a_cell_and_the_lines_beside_a_line_are_what_they_are_elsewhere() -> None:
    images = [*of_patient("A", 0.1, 0.9), *of_patient("A", 0.9, series="2"), *of_patient("B", 0.2)]
    worklist = worklist_of(images)
    patient = worklist.index(0, 0)
    for above in (QModelIndex(), patient, worklist.index(0, 0, patient)):
        rows, columns = range(-1, worklist.rowCount(above) + 1), range(-1, len(WorklistColumn) + 1)
        here = worklist.index(0, 0, above)
        for row, column in product(rows, columns):
            assert here.sibling(row, column) == worklist.index(row, column, above)
    assert not QModelIndex().sibling(0, 0).isValid()
