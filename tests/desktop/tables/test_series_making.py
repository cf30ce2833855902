from dataclasses import replace

from desktop.engine.readings import Label
from desktop.tables.row import Row
from desktop.tables.series_list import SeriesList
from desktop.tables.series_making import with_images
from imaging.errors import Code, Problem
from model.listed_image import ListedImage
from model.series_group import group_images
from model.series_result import SeriesState
from tests.make.results import result, said
from tests.make.worklists import of_patient, series_of, waiting

IMAGES = [*of_patient("A", 0.9, 0.1), *of_patient("B", 0.2, 0.3)]
NAMED = [replace(image, sha256=str(at)) for at, image in enumerate(IMAGES)]


def listed(*, blinded: bool = False) -> SeriesList:
    """Images whose series are not known yet."""
    series = series_of([])
    series.table.set_read_before_ai(blinded)
    series.table.add_images(NAMED)
    return series


def test_series_that_are_being_made_are_not_there_before_they_are_shown() -> None:
    series = listed()
    making = series.make(group_images(NAMED))
    next(making)
    assert (len(series), series.number_of(0)) == (0, None)
    series.show_made()
    assert [each.members for each in series] == [(0, 1), (2, 3)]


def test_what_becomes_known_of_rows_while_their_series_are_made_is_in_these() -> None:
    series = series_of([])
    series.table.add_images(waiting(NAMED))
    making = series.make(group_images(NAMED))
    next(making)
    series.table.add_results(enumerate(NAMED))
    series.show_made()
    assert [each.result.state for each in series] == [SeriesState.SCORED] * 2
    assert [each.result.highest for each in series] == [0.9, 0.3]


def test_a_series_that_is_blinded_while_it_is_made_is_shown_blinded() -> None:
    series = listed()
    making = series.make(group_images(NAMED))
    next(making)
    series.table.set_read_before_ai(True)
    series.show_made()
    assert [(each.is_blinded, each.result.highest) for each in series] == [(True, None)] * 2


def test_a_series_that_is_read_while_it_is_made_is_shown_unblinded() -> None:
    series = listed(blinded=True)
    making = series.make(group_images(NAMED))
    next(making)
    for image in NAMED[:2]:
        read = said(series.table.reader_labels, image, Label.PRESENT)
        series.table.show_reading(image, read)
    series.show_made()
    assert [each.is_blinded for each in series] == [False, True]


def test_series_of_rows_that_are_gone_are_followed_no_more() -> None:
    series = listed()
    series.make(group_images(NAMED))
    series.table.clear()
    series.table.add_images(NAMED[:1])
    series.table.add_results([(0, NAMED[0])])
    series.show_made()
    assert len(series) == 0


def test_what_holds_no_image_makes_no_series() -> None:
    note = result("/a/note.txt", None, Problem(Code.UNKNOWN_CONTENT), header=False)
    images: list[ListedImage] = [note, *of_patient("A", 0.1)]
    rows = [Row(image, at + 1) for at, image in enumerate(images)]
    assert [each.members for each in with_images(group_images(images), rows)] == [(1,)]
