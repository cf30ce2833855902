from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace

import pytest
from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester

from desktop.engine.reader_labels import Label
from desktop.tables.images_table import ImagesTable
from desktop.tables.patients import Order, Rank
from desktop.tables.row import DETAIL_ROLE, THRESHOLD_ROLE, VALUE_ROLE, ZONE_ROLE
from desktop.tables.worklist import Worklist, WorklistColumn, WorklistFilter
from imaging.errors import Code, Problem
from imaging.image import Identity
from imaging.messages import Message
from model.card import DEFAULT, SENSITIVE, SPECIFIC, OperatingPoint
from model.image_result import ImageResult, Zone
from model.series_result import ListedImage, PendingImage, SeriesCode, group_images
from tests.make.results import result, said
from tests.make.series_head import HEAD
from tests.make.tiny_model import tiny_card

WIDE = (
    OperatingPoint(DEFAULT, 0.5, ""),
    OperatingPoint(SENSITIVE, 0.3, ""),
    OperatingPoint(SPECIFIC, 0.95, ""),
)
FOLDERS = [
    result("/one/1.png", 0.2),
    result("/one/2.png", 0.9),
    result("/one/3.png", None, Problem(Code.BLANK)),
    result("/two/1.png", 0.1),
]


def of_patient(who: str, *probabilities: float | None, series: str = "1") -> list[ImageResult]:
    """A series of one patient, an image for each probability; None: not assessable."""
    identity = Identity(patient_id=who, study_uid=f"s{who}", series_uid=f"{who}.{series}")
    return [
        result(
            f"/flat/{who}-{series}-{at}.dcm",
            probability,
            *([] if probability is not None else [Problem(Code.BLANK)]),
            identity=replace(identity, sop_uid=f"{who}.{series}.{at}"),
        )
        for at, probability in enumerate(probabilities)
    ]


def waiting(images: Sequence[ImageResult]) -> list[ListedImage]:
    return [PendingImage(each.path, each.frame, each.header) for each in images]


def worklist_of(images: Sequence[ListedImage], *, trusted: bool = True) -> Worklist:
    table = ImagesTable()
    table.set_card(tiny_card())
    table.add_images(images)
    worklist = Worklist(table)
    table.setParent(worklist)
    fatal = QAbstractItemModelTester.FailureReportingMode.Fatal
    QAbstractItemModelTester(worklist, fatal, worklist)
    worklist.set_groups(group_images(images))
    worklist.trust_folders(trusted)
    return worklist


@pytest.fixture
def folders() -> Worklist:
    return worklist_of(FOLDERS)


def cells(worklist: Worklist, row: int, parent: QModelIndex | None = None) -> list[str]:
    above = parent or QModelIndex()
    return [str(worklist.index(row, column, above).data()) for column in WorklistColumn]


def names(worklist: Worklist) -> list[str]:
    return [cells(worklist, row)[WorklistColumn.NAME] for row in range(worklist.rowCount())]


def told(worklist: Worklist, row: int) -> tuple[str, str]:
    index = worklist.index(row, WorklistColumn.RESULT)
    return index.data(), index.data(DETAIL_ROLE)


# What stands in a line


def test_a_series_says_how_many_of_its_images_are_flagged(folders: Worklist) -> None:
    assert cells(folders, 0) == ["one", "90.0 %", "Flagged", ""]
    assert told(folders, 0) == ("Flagged", "1 of 2 images flagged")
    assert told(folders, 1) == ("Not flagged", "0 of 1 images flagged")


def test_a_series_has_no_result_before_all_of_its_images_have_one() -> None:
    images = of_patient("A", 0.9, 0.9, 0.9)
    worklist = worklist_of([images[0], *waiting(images[1:])])
    assert told(worklist, 0) == ("Scoring 1 of 3", "no result yet")
    assert worklist.zone(0) is None
    assert worklist.rank(0) is Rank.PENDING
    assert worklist.rowCount(worklist.index(0, 0)) == 0
    assert cells(worklist, 0)[WorklistColumn.SCORE] == ""


def test_a_series_keeps_having_no_result_after_a_stop() -> None:
    images = of_patient("A", 0.9, 0.9, 0.9)
    worklist = worklist_of([images[0], *waiting(images[1:])])
    worklist._table.end_waiting()
    assert told(worklist, 0) == ("Stopped at 1 of 3", "no result")
    assert worklist.zone(0) is None


def test_a_series_that_waits_says_how_many_images_it_has() -> None:
    assert told(worklist_of(waiting(of_patient("A", 0.1, 0.1))), 0) == ("Waiting", "Slices: 2")


def test_a_series_with_a_flagged_slice_is_never_called_not_flagged() -> None:
    worklist = worklist_of(of_patient("A", 0.9, *[0.1] * 39))
    assert told(worklist, 0) == ("Uncertain", "slices only: 1 of 40")
    assert worklist.zone(0) == Zone.UNCERTAIN


def test_a_series_of_which_nothing_could_be_assessed_says_so_and_why() -> None:
    worklist = worklist_of(of_patient("A", None, None))
    assert told(worklist, 0)[0] == "Not assessable"
    assert worklist.rank(0) is Rank.NOT_ASSESSABLE


def test_its_top_images_stand_below_it_and_lead_to_their_rows(folders: Worklist) -> None:
    one = folders.index(0, 0)
    top = folders.index(0, 0, one)
    assert folders.rowCount(one) == 2
    assert cells(folders, 0, one) == ["2.png", "90.0 %", "Flagged", ""]
    rows = [folders.row_of(index) for index in (one, top, folders.index(1, 0, one))]
    assert rows == [1, 1, 0]
    assert folders.rowCount(top) == 0


def test_results_follow_the_threshold(folders: Worklist) -> None:
    folders._table.set_threshold(0.05)
    folders.follow_threshold()
    assert told(folders, 1) == ("Flagged", "1 of 1 images flagged")
    assert cells(folders, 1, folders.index(0, 0))[WorklistColumn.RESULT] == "Flagged"


def test_without_a_model_nothing_is_said_of_a_threshold(folders: Worklist) -> None:
    folders._table.set_card(None)
    assert (folders.decision(0), folders.sentences(0), folders.zone(0)) == (None, [], None)
    assert folders.index(0, 0).data(ZONE_ROLE) is None


def test_the_uncertain_zone_is_said_in_words(folders: Worklist) -> None:
    folders._table.set_card(replace(tiny_card(), operating_points=WIDE))
    assert told(folders, 0) == ("Flagged", "uncertain, 1 of 2 flagged")


def test_what_is_missing_is_said(folders: Worklist) -> None:
    tip = folders.index(0, 0).data(Qt.ItemDataRole.ToolTipRole)
    assert "ordered by file name" in tip
    assert "1 of 3 not assessed" in tip


def test_age_sex_and_study_time_stand_below_the_patient() -> None:
    identity = Identity("7", "Doe^Jo", "1", "2", study_date="20260304", study_time="0506")
    identity = replace(identity, patient_age="067Y", patient_sex="F", series_description="Head")
    worklist = worklist_of([result("/a/1.dcm", 0.1, identity=identity)])
    index = worklist.index(0, 0)
    assert (index.data(), index.data(DETAIL_ROLE)) == (
        "Doe Jo 7",
        "67 y F · 2026-03-04 05:06 · Head",
    )


def test_of_a_folder_of_images_it_is_said_that_patients_cannot_be_told_apart(
    folders: Worklist,
) -> None:
    folders.trust_folders(False)
    lines = {folders.index(row, 0).data(): folders.index(row, 0) for row in range(2)}
    details = {name: line.data(DETAIL_ROLE) for name, line in lines.items()}
    assert details == {"one": "patients cannot be distinguished", "two": ""}  # one image: no doubt


def test_a_folder_of_images_of_unknown_patients_has_no_result_as_a_series() -> None:
    worklist = worklist_of(FOLDERS, trusted=False)
    one = worklist.index_of_series(0)
    result = one.siblingAtColumn(WorklistColumn.RESULT)
    assert (result.data(), result.data(DETAIL_ROLE)) == (
        "No series result",
        "1 of 2 flagged",
    )
    assert (one.siblingAtColumn(WorklistColumn.SCORE).data(), worklist.zone(0)) == ("", None)
    assert worklist.sentences(0) == [str(Message(SeriesCode.PATIENTS_UNKNOWN))]
    assert worklist.zone(1) is Zone.NOT_FLAGGED  # of one image


def test_the_reader_may_say_that_each_folder_is_one_series() -> None:
    worklist = worklist_of(FOLDERS, trusted=False)
    assert worklist.has_unknown_folders
    worklist.trust_folders(True)
    assert (told(worklist, 0)[0], worklist.index(0, 0).data(DETAIL_ROLE)) == (
        "Flagged",
        "taken for one patient",
    )
    worklist.trust_folders(False)
    assert worklist.zone(0) is None


def test_the_filter_does_not_hide_a_folder_without_a_result_that_has_a_flagged_image() -> None:
    worklist = worklist_of(FOLDERS, trusted=False)
    worklist.set_filter(WorklistFilter(only_flagged=True))
    assert names(worklist) == ["one"]


def test_hidden_identity_numbers_patients_and_hides_all_that_is_known_of_them() -> None:
    identity = Identity("7", "Doe^Jo", "1", "2", study_date="20260304", patient_age="067Y")
    worklist = worklist_of([result("/Doe/1.dcm", 0.1, identity=identity), *FOLDERS])
    worklist._table.set_hide_identity(True)
    lines = [worklist.index(row, 0) for row in range(worklist.rowCount())]
    roles = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole, DETAIL_ROLE)
    shown = " ".join(str(line.data(role)) for line in lines for role in roles)
    assert "Patient 1" in shown
    assert [word for word in ("Doe", "67", "2026") if word in shown] == []


# A series head


def with_head(images: Sequence[ListedImage]) -> Worklist:
    worklist = worklist_of(images)
    worklist._table.set_card(tiny_card(series_head=HEAD))
    worklist.follow_threshold()
    return worklist


def test_a_series_head_gives_the_series_its_number_and_the_mark_beside_it() -> None:
    worklist = with_head(of_patient("A", *[0.75] * 10))
    score = worklist.index(0, WorklistColumn.SCORE)
    assert score.data(VALUE_ROLE) == HEAD.probability([1.0] * 10)
    assert score.data(THRESHOLD_ROLE) == 0.5
    worklist._table.set_threshold(0.25)
    worklist.follow_threshold()
    assert score.data(THRESHOLD_ROLE) == 0.5
    top = worklist.index(0, WorklistColumn.SCORE, worklist.index(0, 0))
    assert (top.data(VALUE_ROLE), top.data(THRESHOLD_ROLE)) == (0.75, 0.25)


@pytest.mark.parametrize(
    ("probabilities", "threshold", "said", "rank"),
    [
        ([0.75] * 10, 0.5, ("Flagged", "10 of 10 slices flagged"), Rank.FLAGGED),
        ([0.75] * 10, 0.9, ("Flagged", "as a whole, 0 of 10 slices"), Rank.FLAGGED),
        (
            [0.125] * 29 + [0.9],
            0.5,
            ("Uncertain", "slices only: 1 of 30"),
            Rank.UNCERTAIN,
        ),
        (
            [0.4] * 29 + [0.9],
            0.5,
            ("Uncertain", "1 of 30 slices flagged"),
            Rank.UNCERTAIN,
        ),
        ([0.4] * 30, 0.5, ("Uncertain", "near the threshold"), Rank.UNCERTAIN),
        ([0.125] * 30, 0.5, ("Not flagged", "0 of 30 slices flagged"), Rank.NOT_FLAGGED),
    ],
)
def test_where_series_and_slices_differ_the_line_says_so(
    probabilities: list[float], threshold: float, said: tuple[str, str], rank: Rank
) -> None:
    worklist = with_head(of_patient("A", *probabilities))
    worklist._table.set_threshold(threshold)
    worklist.follow_threshold()
    assert told(worklist, 0) == said
    assert worklist.rank(0) is rank


def test_a_series_with_an_unread_image_says_so_in_place_of_not_flagged() -> None:
    lost = Problem(Code.CANNOT_READ)
    identity = Identity(patient_id="A", study_uid="sA", series_uid="A.1", sop_uid="lost")
    images = [*of_patient("A", *[0.125] * 30), result("/A/x.dcm", None, lost, identity=identity)]
    worklist = with_head(images)
    assert told(worklist, 0) == ("Uncertain", "images not read: 1")


def test_a_series_that_is_near_comes_before_one_with_flagged_slices_alone() -> None:
    worklist = with_head([*of_patient("lone", 0.9, *[0.125] * 29), *of_patient("near", *[0.4] * 9)])
    assert names(worklist) == ["near", "lone"]


def test_patients_stand_by_the_probability_of_their_series() -> None:
    worklist = with_head(
        [
            *of_patient("lone", 0.99, *[0.1] * 29),
            *of_patient("clean", *[0.1] * 9),
            *of_patient("bleed", *[0.75] * 9),
            *of_patient("worse", *[0.1] * 9, series="1"),
            *of_patient("worse", *[0.9] * 9, series="2"),
        ]
    )
    assert names(worklist) == ["worse", "bleed", "lone", "clean"]


def test_moving_the_threshold_of_single_images_flags_no_series_and_unflags_none() -> None:
    worklist = with_head([*of_patient("A", *[0.75] * 9), *of_patient("B", *[0.125] * 9)])
    for threshold in (0.0, 0.3, 0.8, 1.0):
        worklist._table.set_threshold(threshold)
        worklist.follow_threshold()
        assert [worklist.rank(at) is Rank.FLAGGED for at in (0, 1)] == [True, False]


# Patients, studies, series


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


def test_lines_of_several_studies_say_when_each_was() -> None:
    now = Identity("7", "Doe^Jo", "1", "1", study_date="20260304", study_time="0506")
    now = replace(now, series_description="Head")
    before = replace(now, study_uid="2", series_uid="2", study_date="20250102")
    images = [result(f"/{at}.dcm", 0.1, identity=each) for at, each in enumerate((now, before))]
    worklist = worklist_of(images)
    patient = worklist.index(0, 0)
    lines = [worklist.index(row, 0, patient).data(DETAIL_ROLE) for row in range(2)]
    assert sorted(lines) == ["2025-01-02 05:06", "2026-03-04 05:06"]
    assert patient.data(DETAIL_ROLE) == "several studies · 2 series"
    worklist._table.set_hide_identity(True)
    assert worklist.index(0, 0, worklist.index(0, 0)).data(DETAIL_ROLE) == ""


def test_a_patient_with_a_series_that_waits_says_so() -> None:
    worklist = worklist_of([*of_patient("A", 0.9), *waiting(of_patient("A", 0.1, series="2"))])
    assert told(worklist, 0) == ("Flagged", "2 series, 1 scored")


def test_a_patient_is_not_called_not_flagged_while_a_series_waits() -> None:
    worklist = worklist_of([*of_patient("A", 0.1), *waiting(of_patient("A", 0.1, series="2"))])
    assert told(worklist, 0)[0] == "Waiting"


def test_what_is_no_image_makes_no_series() -> None:
    note = result("/flat/note.txt", None, Problem(Code.UNKNOWN_CONTENT), header=False)
    worklist = worklist_of([note, *of_patient("A", 0.1)])
    assert names(worklist) == ["A"]
    assert worklist.number_of(0) is None
    assert worklist.beside == 1


def test_series_of_nobody_known_are_not_taken_together() -> None:
    images = [
        replace(each, header=replace(each.header, identity=Identity(series_uid=str(at))))
        for at, each in enumerate([*of_patient("A", 0.1), *of_patient("B", 0.2)])
        if each.header is not None
    ]
    assert worklist_of(images).rowCount() == 2


# Order


MIXED: list[ListedImage] = [
    *of_patient("low", 0.1),
    *of_patient("refused", None),
    *of_patient("high", 0.99),
    *waiting(of_patient("pending", 0.5)),
    *of_patient("unsure", 0.6),
    *of_patient("higher", 0.999),
]


def test_the_most_suspicious_patient_comes_first_and_what_waits_before_what_is_not_flagged() -> (
    None
):
    worklist = worklist_of(MIXED)
    assert names(worklist) == ["higher", "high", "unsure", "pending", "low", "refused"]


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        (Order.FILES, ["low", "refused", "high", "pending", "unsure", "higher"]),
        (Order.NAME, ["high", "higher", "low", "pending", "refused", "unsure"]),
    ],
)
def test_another_order(order: Order, expected: list[str]) -> None:
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
    worklist.pinned = 0
    worklist.set_filter(WorklistFilter(only_flagged=True))
    assert "low" in names(worklist)


def test_nothing_moves_while_the_order_is_held_and_all_does_afterwards() -> None:
    images = [*of_patient("A", 0.1), *of_patient("B", 0.999)]
    worklist = worklist_of([images[0], *waiting(images[1:])])
    worklist.set_order(Order.FILES)
    worklist.order = Order.SUSPICION
    worklist.held = True
    worklist._table.add_results([(1, images[1])])
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
    worklist._table.add_results(enumerate(images))
    assert names(worklist) == ["B", "C", "A"]
    assert worklist.series_at(selection.currentIndex()) == 0
    assert selection.currentIndex().row() == 2


# Moving


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
        return not worklist.is_read(number)

    worklist.mark_read(2, True)
    assert worklist.following(5, 1, unread) == 4
    assert worklist.following(1, 1, unread) == 5
    for number in range(6):
        worklist.mark_read(number, True)
    assert worklist.following(5, 1, unread) is None


def test_a_read_series_has_a_mark_that_can_be_taken_back(folders: Worklist) -> None:
    folders.mark_read(0, True)
    assert cells(folders, 0)[WorklistColumn.READ] == "✓"
    folders.mark_read(0, False)
    assert cells(folders, 0)[WorklistColumn.READ] == ""


# Blinded


def test_a_series_keeps_its_result_until_all_of_it_has_been_read() -> None:
    images = [replace(each, sha256=str(at)) for at, each in enumerate(of_patient("A", 0.9, 0.8))]
    worklist = worklist_of([*images, *of_patient("B", 0.2)])
    table = worklist._table
    table.set_reader_first(True)
    hidden = told(worklist, 0), worklist.zone(0), worklist.rank(0), worklist.result_line(0)
    assert hidden == (
        ("Hidden", "until you have read it"),
        None,
        Rank.PENDING,
        worklist.result_line(0),
    )
    assert worklist.rowCount(worklist.index_of_series(0)) == 0
    table.show_reading(images[0], said(table.reader_labels, images[0], Label.ABSENT, ""))
    assert worklist.zone(0) is None
    table.show_reading(images[1], said(table.reader_labels, images[1], Label.ABSENT, ""))
    assert worklist.zone(0) == Zone.FLAGGED
    assert worklist.rowCount(worklist.index_of_series(0)) == 2


def test_the_order_tells_nothing_of_what_is_hidden() -> None:
    images = [*of_patient("A", 0.1), *of_patient("B", 0.999), *of_patient("C", None)]
    worklist = worklist_of([replace(each, sha256=str(at)) for at, each in enumerate(images)])
    worklist._table.set_reader_first(True)
    assert names(worklist) == ["A", "B", "C"]


# Any order of arrival


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
    table = worklist._table
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
                assert (shown, worklist.zone(number), series.top) == ("", None, ())
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
