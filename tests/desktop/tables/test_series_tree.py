from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester

from desktop.engine.reader_labels import Label
from desktop.tables.images_table import ImagesTable
from desktop.tables.row import DETAIL_ROLE, ZONE_ROLE
from desktop.tables.series_tree import SeriesColumn, SeriesTree
from imaging.errors import Code, Problem
from imaging.image import Identity
from model.card import DEFAULT, SENSITIVE, SPECIFIC, OperatingPoint
from model.image_result import ImageResult, Zone
from model.series_result import ListedImage, PendingImage, series_results
from tests.make.results import result, said
from tests.make.tiny_model import tiny_card

WIDE = (
    OperatingPoint(DEFAULT, 0.5, ""),
    OperatingPoint(SENSITIVE, 0.3, ""),
    OperatingPoint(SPECIFIC, 0.95, ""),
)
FINDINGS = [
    result("/one/1.png", 0.2),
    result("/one/2.png", 0.9),
    result("/one/3.png", None, Problem(Code.BLANK)),
    result("/two/1.png", 0.1),
]


@pytest.fixture
def table() -> ImagesTable:
    table = ImagesTable()
    table.set_card(tiny_card())
    table.add_files([each.path for each in FINDINGS])
    table.add_results(FINDINGS)
    return table


@pytest.fixture
def tree(table: ImagesTable) -> SeriesTree:
    tree = SeriesTree(table)
    QAbstractItemModelTester(tree, QAbstractItemModelTester.FailureReportingMode.Fatal, tree)
    tree.set_series(series_results(FINDINGS), range(len(FINDINGS)))
    return tree


def cells(tree: SeriesTree, row: int, parent: QModelIndex | None = None) -> list[str]:
    above = parent or QModelIndex()
    return [str(tree.index(row, column, above).data()) for column in SeriesColumn]


def test_a_series_shows_its_highest_picture_and_its_own_threshold(tree: SeriesTree) -> None:
    # The highest of the card's 20 negatives has a logit of 1, the second highest of 0.684.
    assert cells(tree, 0) == ["one", "90.0 %", "73.1 %", "Above"]
    # A series of one judged picture has that picture's.
    assert cells(tree, 1) == ["two", "10.0 %", "50.0 %", "Below"]


def test_below_its_name_stands_how_many_pictures_it_has_and_were_judged(tree: SeriesTree) -> None:
    one = tree.index(0, 0)
    assert one.data(DETAIL_ROLE) == "Pictures: 3, judged: 2"
    assert tree.index(0, 0, one).data(DETAIL_ROLE) == ""


def test_its_top_pictures_stand_below_it_and_lead_to_their_rows(tree: SeriesTree) -> None:
    one = tree.index(0, 0)
    top = tree.index(0, 0, one)
    assert tree.rowCount(one) == 2
    assert cells(tree, 0, one) == ["2.png", "90.0 %", "50.0 %", "Above"]
    assert (tree.row_of(one), tree.row_of(top), tree.row_of(tree.index(1, 0, one))) == (1, 1, 0)
    assert tree.rowCount(top) == 0


def test_verdicts_of_top_pictures_follow_the_threshold(
    tree: SeriesTree, table: ImagesTable
) -> None:
    table.set_threshold(0.05)
    one, two = tree.index(0, 0), tree.index(1, 0)
    assert cells(tree, 1, one)[SeriesColumn.VERDICT] == "Above"
    assert cells(tree, 0, two)[SeriesColumn.VERDICT] == "Above"
    assert cells(tree, 0, two)[SeriesColumn.THRESHOLD] == "5.0 %"
    assert tree.index(0, 0).data(ZONE_ROLE) == Zone.ABOVE


def test_above_for_a_picture_alone_is_uncertain_for_its_series(table: ImagesTable) -> None:
    pair = [result("/two/1.png", 0.1), result("/two/2.png", 0.08)]
    table.clear()
    table.add_files([each.path for each in pair])
    table.add_results(pair)
    tree = SeriesTree(table)
    tree.set_series(series_results(pair), range(len(pair)))
    table.set_threshold(0.05)
    assert cells(tree, 0, tree.index(0, 0))[SeriesColumn.VERDICT] == "Above"
    assert cells(tree, 0)[SeriesColumn.THRESHOLD] == "73.1 %"
    assert tree.verdict(0) == "Uncertain"
    assert tree.index(0, 0).data(ZONE_ROLE) == Zone.UNCERTAIN


def test_of_a_long_series_two_pictures_must_reach_its_threshold(table: ImagesTable) -> None:
    rows = [result(f"/s/{n:02}.png", p) for n, p in enumerate((0.9, 0.8, *19 * (0.1,)))]
    table.clear()
    table.add_files([each.path for each in rows])
    table.add_results(rows)
    tree = SeriesTree(table)
    tree.set_series(series_results(rows), range(len(rows)))
    assert cells(tree, 0) == ["s", "80.0 %", "73.1 %", "Above"]
    tree.set_series(series_results([rows[0], *rows[2:]]), range(20))
    assert cells(tree, 0) == ["s", "90.0 %", "73.1 %", "Above"]  # of 20, one is enough


def test_a_series_of_one_picture_is_called_as_that_picture_is(
    tree: SeriesTree, table: ImagesTable
) -> None:
    for threshold, verdict in ((0.05, "Above"), (0.5, "Below")):
        table.set_threshold(threshold)
        two = tree.index(1, 0)
        assert cells(tree, 1)[SeriesColumn.VERDICT] == verdict
        assert cells(tree, 0, two)[SeriesColumn.VERDICT] == verdict


def test_a_threshold_above_that_of_the_series_is_that_of_the_series(
    tree: SeriesTree, table: ImagesTable
) -> None:
    table.set_threshold(0.925)
    assert cells(tree, 0)[SeriesColumn.THRESHOLD :] == ["92.5 %", "Below"]
    assert tree.sentences(0)[0] == (
        "Judged pictures: 2, of which 1 must reach the threshold of the series: 92.50 %, that of "
        "single pictures."
    )


def test_without_weights_nothing_is_said_of_a_threshold(
    tree: SeriesTree, table: ImagesTable
) -> None:
    table.set_card(None)
    assert cells(tree, 0)[SeriesColumn.THRESHOLD :] == ["", ""]
    assert (tree.point(0), tree.sentences(0), tree.index(0, 0).data(ZONE_ROLE)) == (None, [], None)


def test_the_number_stands_beside_what_is_not_known(tree: SeriesTree) -> None:
    tip = tree.index(0, 0).data(Qt.ItemDataRole.ToolTipRole)
    assert "Judged pictures: 2, of which 1 must reach the threshold of the series: 73.11 %." in tip
    assert "There are no labelled series" in tip


def test_the_uncertain_zone_is_said_in_words(tree: SeriesTree, table: ImagesTable) -> None:
    table.set_card(replace(tiny_card(), operating_points=WIDE))
    assert tree.index(0, SeriesColumn.VERDICT).data(DETAIL_ROLE) == "Uncertain"
    assert tree.index(1, SeriesColumn.VERDICT).data(DETAIL_ROLE) == ""
    assert tree.verdict(0) == "Above · Uncertain"


def test_what_is_missing_is_said(tree: SeriesTree) -> None:
    tip = tree.index(0, 0).data(Qt.ItemDataRole.ToolTipRole)
    assert "ordered by file name" in tip
    assert "1 of 3 without a result" in tip


def test_hidden_identity_numbers_the_series(tree: SeriesTree, table: ImagesTable) -> None:
    table.set_hide_identity(True)
    assert cells(tree, 1)[SeriesColumn.NAME] == "Series 2"
    assert "two" not in tree.index(1, 0).data(Qt.ItemDataRole.ToolTipRole)


def test_a_series_keeps_its_answer_until_all_of_it_has_been_read() -> None:
    table = ImagesTable()
    images = [replace(result(f"s/{n}.png", 0.2 + 0.5 * n), sha256=str(n)) for n in range(2)]
    table.add_files([each.path for each in images])
    table.add_results(images)
    tree = SeriesTree(table)
    table.set_reader_first(True)
    tree.set_series(series_results(images), range(len(images)))
    index = tree.index(0, SeriesColumn.PROBABILITY)
    assert (index.data(), tree.rowCount(tree.index(0, 0))) == ("", 0)
    table.show_reading(images[0], said(table.reader_labels, images[0], Label.ABSENT, ""))
    assert tree.index(0, SeriesColumn.PROBABILITY).data() == ""
    table.show_reading(images[1], said(table.reader_labels, images[1], Label.ABSENT, ""))
    assert tree.index(0, SeriesColumn.PROBABILITY).data() == "70.0 %"
    assert tree.rowCount(tree.index(0, 0)) == 2


def partly_scored(*results: ImageResult, waiting: Sequence[str] = ()) -> SeriesTree:
    """The tree while ``waiting`` files have no result yet."""
    table = ImagesTable()
    table.set_card(tiny_card())
    table.add_files([*(each.path for each in results), *map(Path, waiting)])
    table.add_results(results)
    tree = SeriesTree(table, table)
    images: list[ListedImage] = [*results, *(PendingImage(Path(each)) for each in waiting)]
    tree.set_series(series_results(images), range(len(results)))
    return tree


def test_a_series_has_no_result_before_all_of_its_images_have_one() -> None:
    tree = partly_scored(result("/s/1.png", 0.9), waiting=["/s/2.png", "/s/3.png"])
    assert cells(tree, 0)[SeriesColumn.PROBABILITY] == ""
    assert cells(tree, 0)[SeriesColumn.VERDICT] == "Scoring 1 of 3"
    assert tree.index(0, 0).data(ZONE_ROLE) is None
    assert tree.rowCount(tree.index(0, 0)) == 0


def test_a_series_keeps_having_no_result_after_a_stop() -> None:
    stopped = result("/s/2.png", None, Problem(Code.NOT_SCREENED), header=False)
    tree = partly_scored(result("/s/1.png", 0.9), stopped)
    assert cells(tree, 0)[SeriesColumn.PROBABILITY] == ""
    assert cells(tree, 0)[SeriesColumn.VERDICT] == "Stopped at 1 of 2"
    assert tree.index(0, 0).data(ZONE_ROLE) is None


def test_a_series_with_a_flagged_image_is_never_called_below() -> None:
    tree = partly_scored(*(result(f"/s/{n:02}.png", p) for n, p in enumerate((0.9, *[0.1] * 39))))
    assert cells(tree, 0)[SeriesColumn.VERDICT] == "Uncertain"
    assert tree.index(0, 0).data(ZONE_ROLE) == Zone.UNCERTAIN


def test_an_image_that_waits_is_no_member_of_a_series_that_it_may_not_belong_to() -> None:
    tree = partly_scored(
        result("/flat/1.dcm", 0.1, identity=Identity(patient_id="A", series_uid="1")),
        waiting=["/flat/2.dcm"],
    )
    assert [each.members for each in tree.series] == [(0,)]
    assert (tree.number_of(1), tree.members_with(1)) == (None, (1,))
