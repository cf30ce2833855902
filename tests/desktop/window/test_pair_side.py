"""A side of a pair says what is known of the row whose image it shows, and of no other."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget

from desktop.jobs.viewed_image import ViewedImage
from desktop.state.workspace import Workspace
from desktop.viewer.measurements import Sheets
from desktop.viewer.options import ViewerOptions
from desktop.window.pair_side import Side
from imaging.errors import Code, Problem
from model.listed_image import ListedImage
from model.series_group import group_images
from tests.make.viewing import ct
from tests.make.worklists import of_patient, waiting

SCORED = [replace(each, sha256=str(at)) for at, each in enumerate(of_patient("A", 0.9, None, 0.2))]
IMAGES: list[ListedImage] = [*SCORED[:2], *waiting(SCORED[2:])]
"""Flagged, blank, and one that waits for its result."""


@pytest.fixture
def side(workspace: Workspace, window: QWidget) -> Side:
    workspace.table.add_images(IMAGES)
    workspace.series.set_groups(group_images(IMAGES))
    return Side(workspace, ViewerOptions(window), Sheets(window), window)


def seen(image: ListedImage) -> ViewedImage:
    """What was read of its file."""
    return ViewedImage(image.path, image.frame, image=ct())


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (0, "Image 1/3: Flagged · 90.0 %"),
        (1, "Image 2/3: Not assessable · The image is blank."),
        (2, "Image 3/3: no result yet"),
    ],
)
def test_a_side_says_the_result_of_the_image_that_it_shows(side: Side, row: int, said: str) -> None:
    side.show_image(row, seen(IMAGES[row]))
    assert side.content.image is not None
    assert side.result.text().splitlines()[0] == said


@pytest.mark.parametrize("change", [{"path": Path("/flat/A-1-1.dcm")}, {"frame": 1}])
def test_an_image_of_another_row_is_not_shown_and_has_no_result(
    side: Side, change: dict[str, object]
) -> None:
    side.show_image(0, seen(IMAGES[0]))
    assert side.result.text()
    other = replace(seen(IMAGES[0]), **change)  # type: ignore[arg-type]
    side.show_image(0, other)
    assert (side.image, side.content.image) == (None, None)
    assert (side.result.text(), side.problem.text(), side.heading.text()) == ("", "", "")


def test_a_result_that_is_hidden_until_the_reading_says_so(
    side: Side, workspace: Workspace
) -> None:
    side.show_image(0, seen(IMAGES[0]))
    workspace.table.set_read_before_ai(True)
    side.tell()
    assert side.result.text().splitlines()[0] == "Image 1/3: hidden until you have read it"
    assert "%" not in side.result.text()


def test_why_there_is_no_image_is_said_once_and_goes_with_the_next_one(side: Side) -> None:
    blank = ViewedImage(IMAGES[1].path, 0, problem=Problem(Code.BLANK))
    side.show_image(1, blank)
    assert side.content.image is None
    assert side.problem.text() == "The image is blank."
    assert side.result.text().splitlines()[0] == "Image 2/3: Not assessable"
    side.show_image(0, seen(IMAGES[0]))
    assert side.problem.text() == ""


def test_what_is_missing_stands_in_place_of_the_image(side: Side) -> None:
    side.say_missing("No other series of this patient is open.")
    assert (side.viewer.isHidden(), side.missing.isHidden()) == (True, False)
    side.show_image(0, seen(IMAGES[0]))
    assert (side.viewer.isHidden(), side.missing.isHidden()) == (False, True)
