from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt

from desktop.engine.readings import Label
from desktop.tables.images_order import Filter, Having
from desktop.tables.images_table import ImagesTable
from desktop.tables.row import DETAIL_ROLE, VALUE_ROLE, WHOSE_ROLE, ZONE_ROLE, Column
from imaging.errors import Code, Problem
from imaging.image import Identity
from model.image_result import ImageResult, Zone
from model.listed_image import ListedImage, PendingImage
from tests.make.image_rows import SUSPICIONS, filled, image_result, names, text, waiting
from tests.make.results import result, said


def read(name: str) -> ImageResult:
    """One whose pixels have been read."""
    return replace(image_result(name, 0.1), sha256=f"sha {name}", pixels_digest=b"pixels")


def test_an_image_waits_until_its_result_arrives(table: ImagesTable) -> None:
    table.add_images([waiting("a.png"), waiting("b.png")])
    before = text(table, 1, Column.STATUS)
    table.add_results([(1, image_result("b.png", 0.731))])
    assert before == "Waiting"
    assert [text(table, 1, column) for column in Column][1:] == [
        "b.png",
        "73.1 %",
        "Flagged",
        "Done",
    ]
    assert table.rowCount() == 2


@pytest.mark.parametrize(
    ("probability", "codes", "zone_text", "detail", "zone"),
    [
        (0.8, (), "Flagged", "", Zone.FLAGGED),
        (0.6, (), "Flagged", "uncertain", Zone.UNCERTAIN),
        (0.4, (), "Uncertain", "below the threshold", Zone.UNCERTAIN),
        (0.1, (), "Not flagged", "", Zone.NOT_FLAGGED),
        (None, (Code.BLANK,), "Not assessable", "", None),
        (None, (Code.DAMAGED,), "", "", None),
    ],
)
def test_result_of_an_image(
    table: ImagesTable,
    probability: float | None,
    codes: tuple[Code, ...],
    zone_text: str,
    detail: str,
    zone: Zone | None,
) -> None:
    table.add_images([image_result("a.png", probability, *codes)])
    index = table.index(0, Column.RESULT)
    assert (index.data() or "", index.data(DETAIL_ROLE)) == (zone_text, detail)
    assert index.data(ZONE_ROLE) == zone


def test_moving_the_threshold_changes_what_is_flagged(table: ImagesTable) -> None:
    table.add_images([image_result("a.png", 0.9)])
    changes: list[tuple[int, int]] = []
    table.dataChanged.connect(lambda top, bottom: changes.append((top.column(), bottom.column())))
    table.set_threshold(0.95)
    assert text(table, 0, Column.RESULT) == "Not flagged"
    assert changes == [(Column.IMAGE, Column.RESULT)]


def test_without_a_card_no_zone_is_given() -> None:
    table = ImagesTable()
    table.add_images([image_result("a.png")])
    assert table.index(0, Column.RESULT).data(ZONE_ROLE) is None
    assert text(table, 0, Column.PROBABILITY) == ""


def test_thumbnail_keeps_its_pixels(table: ImagesTable) -> None:
    table.add_images([read("a.png")])
    table.thumbnails.keep(0, "sha a.png", np.full((4, 6), 200, dtype=np.uint8))
    image = table.index(0, Column.IMAGE).data(Qt.ItemDataRole.DecorationRole)
    assert (image.width(), image.height()) == (6, 4)
    assert image.pixelColor(5, 3).red() == 200


def test_a_thumbnail_that_is_not_kept_is_asked_for(table: ImagesTable) -> None:
    table.add_images([read("a.png"), image_result("b.png", None, Code.DAMAGED), waiting("c.png")])
    wanted: list[int] = []
    table.thumbnail_wanted.connect(wanted.append)
    assert [table.thumbnail(row) for row in range(3)] == [None] * 3
    assert wanted == [0]


def test_no_thumbnail_of_other_content_stands_beside_a_result(table: ImagesTable) -> None:
    table.add_images([read("a.png")])
    table.thumbnails.keep(0, "sha of other content", np.full((4, 6), 200, dtype=np.uint8))
    assert table.thumbnail(0) is None


def test_markup_in_a_name_stays_plain_text(table: ImagesTable) -> None:
    table.add_images([waiting("<b>a<b>.png")])
    tip = table.index(0, Column.NAME).data(Qt.ItemDataRole.ToolTipRole)
    assert text(table, 0, Column.NAME) == "<b>a<b>.png"
    assert "&lt;b&gt;a&lt;b&gt;.png" in tip


def test_marks_that_hide_in_a_name_are_shown(table: ImagesTable) -> None:
    table.add_images([waiting("a\n\u202egnp.exe"), waiting("\udcff.png")])
    assert text(table, 0, Column.NAME) == "a\ufffd\ufffdgnp.exe"
    assert text(table, 1, Column.NAME) == "\\xff.png"


def test_hidden_identity_shows_numbers_in_place_of_names(table: ImagesTable) -> None:
    table.add_images([PendingImage(Path("/MUSTERMANN"), f"{name}.png") for name in "ab"])
    table.set_hide_identity(True)
    shown = [
        str(table.index(1, column).data(role))
        for column in Column
        for role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole)
    ]
    assert text(table, 1, Column.NAME) == "Image 2"
    assert "MUSTERMANN" not in "".join(shown)
    assert "b.png" not in "".join(shown)


def test_hidden_identity_shows_no_comment_which_may_name_someone(table: ImagesTable) -> None:
    image = read("a.png")
    table.add_images([image])
    table.show_reading(image, said(table.reader_labels, image, Label.PRESENT, "as MUSTERMANN's"))
    cell, tip = table.index(0, Column.NAME), Qt.ItemDataRole.ToolTipRole
    assert "MUSTERMANN" in cell.data(tip)
    table.set_hide_identity(True)
    assert "MUSTERMANN" not in cell.data(tip)


def test_reason_stands_under_the_name(table: ImagesTable) -> None:
    table.add_images([image_result("a.png", None, Code.DAMAGED)])
    assert table.index(0, Column.NAME).data(DETAIL_ROLE) == "The file is damaged or cut short."


def test_beside_a_reason_it_is_said_whose_image_it_is(table: ImagesTable) -> None:
    doe = Identity("007", "Doe^Jo", "1", "1.2")
    unlike = result("/case/3.dcm", None, Problem(Code.NOT_ASSESSABLE), identity=doe)
    table.add_images(
        [
            result("/case/1.dcm", None, Problem(Code.LOCALISER), identity=doe),
            result("/case/2.dcm", 0.5, identity=doe),
            replace(unlike, sha256="3"),
        ]
    )
    names = [table.index(row, Column.NAME) for row in range(3)]
    assert [name.data(WHOSE_ROLE) for name in names] == [
        "Doe Jo 007 · case",
        "",
        "Doe Jo 007 · case",
    ]
    assert "Doe Jo 007" in names[0].data(Qt.ItemDataRole.ToolTipRole)
    table.set_read_before_ai(True)
    assert [name.data(WHOSE_ROLE) for name in names] == ["Doe Jo 007 · case", "", ""]
    table.set_hide_identity(True)
    tips = [name.data(Qt.ItemDataRole.ToolTipRole) for name in names]
    assert {name.data(WHOSE_ROLE) for name in names} == {""}
    assert [word for word in ("Doe", "007", "case") if word in "".join(tips)] == []


def test_a_cell_has_its_probability_as_a_number(table: ImagesTable) -> None:
    table.add_images([image_result("a.png", 0.25), image_result("b.png", None, Code.BLANK)])
    cells = [table.index(row, Column.PROBABILITY) for row in (0, 1)]
    assert [cell.data(VALUE_ROLE) for cell in cells] == [0.25, None]


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        (Column.NAME, [2, 1, 0, 3]),
        (Column.PROBABILITY, [1, 0, 2, 3]),
        (Column.RESULT, [1, 0, 2, 3]),
        (Column.STATUS, [3, 0, 1, 2]),
        (Column.IMAGE, [0, 1, 2, 3]),
    ],
)
def test_rows_are_ordered_by_a_column_and_then_as_they_are_read(
    table: ImagesTable, column: Column, expected: list[int]
) -> None:
    images = [image_result("10.png", 0.5), image_result("9.png", 0.9), image_result("1.png", 0.5)]
    table.add_images([*images, image_result("x.png", None, Code.DAMAGED)])
    assert sorted(range(4), key=lambda row: table.sort_key(row, column)) == expected
    table.set_reading_order([2, 0, 1, 3])
    by_probability = sorted(range(4), key=lambda row: table.sort_key(row, Column.PROBABILITY))
    assert by_probability == [1, 2, 0, 3]


def test_by_status_what_needs_a_look_comes_first_and_what_waits_last(table: ImagesTable) -> None:
    worst_first: list[ListedImage] = [
        image_result("failed.png", None, Code.DAMAGED),
        image_result("refused.png", None, Code.BLANK),
        image_result("warning.png", 0.1, Code.LOSSY),
        image_result("ok.png", 0.9),
        image_result("skipped.png", None, Code.NOT_SCREENED),
        waiting("waiting.png"),
    ]
    table.add_images(worst_first[::-1])
    by_status = sorted(range(6), key=lambda row: table.sort_key(row, Column.STATUS))
    assert by_status == [5, 4, 3, 2, 1, 0]


def test_only_rows_that_got_another_place_are_told_of(table: ImagesTable) -> None:
    filled(table, *SUSPICIONS)
    told: list[tuple[int, int]] = []
    table.dataChanged.connect(lambda top, bottom: told.append((top.row(), bottom.row())))
    table.set_reading_order(range(5))
    assert told == []
    table.set_reading_order([0, 1, 2, 4, 3])
    assert told == [(3, 4)]
    table.set_reading_order(range(5))
    assert told == [(3, 4)] * 2
    assert [*map(table.rows.order, range(5))] == [1, 2, 3, 4, 5]


def test_another_model_lets_every_row_wait_again(table: ImagesTable) -> None:
    order = filled(table, *SUSPICIONS)
    table.forget_results()
    assert names(order) == ["a.png", "b.png", "c.png", "d10.png", "d9.png"]
    assert text(order, 0, Column.STATUS) == "Waiting"


def test_the_reading_comes_before_the_score_is_shown(table: ImagesTable) -> None:
    images = [
        replace(image_result(name, probability), sha256=name)
        for name, probability in (("a.png", 0.2), ("b.png", 0.9), ("c.png", 0.8))
    ]
    order = filled(table, *images)
    table.set_read_before_ai(True)
    assert names(order) == ["a.png", "b.png", "c.png"]
    assert table.count_flagged() == (0, 0)
    assert {text(table, row, Column.PROBABILITY) for row in range(3)} == {""}
    table.show_reading(images[2], said(table.reader_labels, images[2], None, "only a comment"))
    assert text(table, 2, Column.PROBABILITY) == ""
    table.show_reading(images[2], said(table.reader_labels, images[2], Label.ABSENT, ""))
    assert names(order) == ["c.png", "a.png", "b.png"]
    assert text(table, 2, Column.PROBABILITY) == "80.0 %"
    assert table.index(2, Column.STATUS).data(DETAIL_ROLE) == "Absent"
    assert table.count_flagged() == (1, 1)
    order.set_filter(Filter(having=Having.UNREAD))
    assert names(order) == ["a.png", "b.png"]
    order.set_filter(Filter())
    table.set_read_before_ai(False)
    assert names(order) == ["b.png", "c.png", "a.png"]


def test_a_read_shows_on_every_copy_and_after_the_next_run(table: ImagesTable) -> None:
    images = [replace(image_result(name, 0.2), sha256="same") for name in ("a.png", "b.png")]
    filled(table, *images)
    table.show_reading(images[0], said(table.reader_labels, images[0], Label.PRESENT, ""))
    shown = [table.index(row, Column.STATUS).data(DETAIL_ROLE) for row in range(2)]
    table.forget_results()
    table.add_results([(0, images[0])])
    assert shown == ["Present", "Present"]
    assert table.index(0, Column.STATUS).data(DETAIL_ROLE) == "Present"


def test_a_read_shows_on_no_other_content_and_on_no_other_frame(table: ImagesTable) -> None:
    own = replace(image_result("a.dcm", 0.2, frame=1), sha256="same")
    others = replace(own, sha256="other"), replace(own, frame=0)
    filled(table, own, *others)
    table.add_images([waiting("d.dcm", 1, 2)])
    table.show_reading(own, said(table.reader_labels, own, Label.PRESENT, ""))
    assert [row.read is not None for row in table.rows] == [True, False, False, False]


def test_what_waits_is_blinded_and_what_cannot_be_read_is_not(table: ImagesTable) -> None:
    table.set_read_before_ai(True)
    table.add_images([waiting("a.png"), waiting("b.png")])
    before = [row.is_blinded for row in table.rows]
    table.add_results(
        [(0, replace(image_result("a.png", 0.9), sha256="a")), (1, image_result("b.png"))]
    )
    assert before == [True, True]
    assert [row.is_blinded for row in table.rows] == [True, False]


def test_what_a_stop_left_out_says_so_and_waits_again(table: ImagesTable) -> None:
    table.add_images([*(waiting("a.dcm", frame, 3) for frame in range(3)), waiting("b.png")])
    table.add_results([(0, image_result("a.dcm", 0.1, frame=0, frames=3))])
    table.end_waiting()
    stopped = [row.known.is_screened for row in table.rows if row.known]
    table.wait_again()
    assert stopped == [True, False, False, False]
    assert [row.known is None for row in table.rows] == [False, True, True, True]
    assert [row.header is not None for row in table.rows] == [True] * 4


def test_another_model_leaves_what_is_no_image_as_it_is(table: ImagesTable) -> None:
    note = replace(image_result("note.txt", None, Code.UNKNOWN_CONTENT), header=None)
    table.add_images([note, image_result("a.png", 0.4)])
    table.forget_results()
    assert table.rows[0].known is note
    assert table.rows[1].known is None
