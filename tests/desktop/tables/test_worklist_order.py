from __future__ import annotations

from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from desktop.tables.row import DETAIL_ROLE
from desktop.tables.worklist_order import SortBy, WorklistFilter
from tests.make.series_head import HEAD
from tests.make.tiny_model import tiny_card
from tests.make.worklists import (
    FOLDERS,
    MIXED,
    names,
    of_patient,
    worklist_of,
)

WITH_HEAD = tiny_card(series_head=HEAD)


def test_the_filter_does_not_hide_a_folder_without_a_result_that_has_a_flagged_image() -> None:
    worklist = worklist_of(FOLDERS, trusted=False)
    worklist.set_filter(WorklistFilter(only_flagged=True))
    assert names(worklist) == ["one"]


def test_a_series_that_is_near_comes_before_one_with_flagged_slices_alone() -> None:
    images = [*of_patient("lone", 0.9, *[0.125] * 29), *of_patient("near", *[0.4] * 9)]
    worklist = worklist_of(images, card=WITH_HEAD)
    assert names(worklist) == ["near", "lone"]


def test_patients_stand_by_the_probability_of_their_series() -> None:
    images = [
        *of_patient("lone", 0.99, *[0.1] * 29),
        *of_patient("clean", *[0.1] * 9),
        *of_patient("bleed", *[0.75] * 9),
        *of_patient("worse", *[0.1] * 9, series="1"),
        *of_patient("worse", *[0.9] * 9, series="2"),
    ]
    worklist = worklist_of(images, card=WITH_HEAD)
    assert names(worklist) == ["worse", "bleed", "lone", "clean"]


def test_the_most_suspicious_patient_comes_first_and_what_waits_before_what_is_not_flagged() -> (
    None
):
    worklist = worklist_of(MIXED)
    assert names(worklist) == ["higher", "high", "unsure", "pending", "low", "refused"]


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        (SortBy.FILES, ["low", "refused", "high", "pending", "unsure", "higher"]),
        (SortBy.NAME, ["high", "higher", "low", "pending", "refused", "unsure"]),
    ],
)
def test_another_order(order: SortBy, expected: list[str]) -> None:
    worklist = worklist_of(MIXED)
    worklist.set_order(order)
    assert names(worklist) == expected


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (WorklistFilter(only_flagged=True), ["higher", "high", "unsure"]),
        (WorklistFilter(text="HIGHER"), ["higher"]),
        (WorklistFilter(text="nobody"), []),
    ],
)
def test_the_filter_hides_patients_and_counts_them(
    wanted: WorklistFilter, expected: list[str]
) -> None:
    worklist = worklist_of(MIXED)
    worklist.set_filter(wanted)
    assert names(worklist) == expected
    assert worklist.hidden == 6 - len(expected)
    worklist.set_filter(WorklistFilter())
    assert worklist.hidden == 0


def test_no_filter_hides_the_series_on_screen() -> None:
    worklist = worklist_of(MIXED)
    worklist.order.pinned = 0
    worklist.set_filter(WorklistFilter(only_flagged=True))
    assert "low" in names(worklist)
    lines = [worklist.index(at, 0) for at in range(worklist.rowCount())]
    outside = [line.data() for line in lines if "outside the filter" in line.data(DETAIL_ROLE)]
    assert outside == ["low"]
    worklist.set_filter(WorklistFilter())
    lines = [worklist.index(at, 0) for at in range(worklist.rowCount())]
    assert "outside the filter" not in "".join(line.data(DETAIL_ROLE) for line in lines)


def test_the_line_on_screen_is_told_anew_when_a_search_does_not_find_it(qtbot: QtBot) -> None:
    worklist = worklist_of(MIXED)
    worklist.order.pinned = 0
    worklist.set_filter(WorklistFilter(text="low"))
    assert worklist.index(0, 0).data(DETAIL_ROLE) == "flat"
    with qtbot.waitSignal(worklist.dataChanged):
        worklist.set_filter(WorklistFilter(text="lower"))
    assert worklist.index(0, 0).data(DETAIL_ROLE) == "outside the filter · flat"


def test_the_order_tells_nothing_of_what_is_hidden() -> None:
    images = [*of_patient("A", 0.1), *of_patient("B", 0.999), *of_patient("C", None)]
    worklist = worklist_of([replace(each, sha256=str(at)) for at, each in enumerate(images)])
    worklist.series.table.set_read_before_ai(True)
    assert names(worklist) == ["A", "B", "C"]


def test_unread_patients_come_first_when_asked_for_and_alone_when_filtered() -> None:
    worklist = worklist_of(MIXED)
    worklist.readings.mark_read(5, True)
    worklist.set_order(SortBy.UNREAD)
    assert names(worklist) == ["high", "unsure", "pending", "low", "refused", "higher"]
    worklist.set_filter(WorklistFilter(only_unread=True))
    assert "higher" not in names(worklist)


def test_by_hidden_names_patients_keep_the_order_of_their_files() -> None:
    worklist = worklist_of(MIXED)
    worklist.set_order(SortBy.NAME)
    worklist.series.table.set_hide_identity(True)
    assert worklist.in_order() == [0, 1, 2, 3, 4, 5]


def test_a_search_does_not_find_what_is_hidden() -> None:
    worklist = worklist_of(MIXED)
    worklist.series.table.set_hide_identity(True)
    worklist.set_filter(WorklistFilter(text="higher"))
    assert names(worklist) == []
