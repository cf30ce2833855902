"""Images and series are known by their content, wherever their files lie."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from desktop.engine.content_keys import content_name, series_key
from imaging.errors import Code, Problem
from model.image_result import ImageResult
from model.listed_image import ListedImage, PendingImage
from model.series_group import group_images
from tests.make.results import result
from tests.make.stage import header

DAMAGED = result("/a/1", None, Problem(Code.DAMAGED), header=False)
LEFT_OUT = result("/a/1", None, Problem(Code.NOT_SCREENED), header=False)


@pytest.mark.parametrize(
    ("image", "name"),
    [
        (PendingImage(Path("/a"), "1", 0, header("1", sop_uid="7"), "ab"), "7"),
        (PendingImage(Path("/a"), "1", sha256="ab"), "ab"),
        (PendingImage(Path("/a"), "1"), None),
        (replace(result("/a/1", 0.5), sha256="ab"), "ab"),
        (LEFT_OUT, None),
        (replace(LEFT_OUT, sha256="ab"), "ab"),
        (DAMAGED, ""),
    ],
)
def test_an_image_has_its_uid_or_its_hash_for_a_name_and_none_while_it_may_still_come(
    image: ListedImage, name: str | None
) -> None:
    assert content_name(image) == name


def _key(*images: PendingImage | ImageResult) -> str:
    [group] = group_images(images)
    return series_key(group, images)


def _slice(name: str, uid: str, position: float = 0.0) -> PendingImage:
    return PendingImage(Path(), name, 0, header("1", position, sop_uid=uid))


def test_a_series_is_known_again_wherever_its_files_lie() -> None:
    one = _key(_slice("/a/1", "7", 1.0), _slice("/a/2", "8", 2.0))
    moved = _key(_slice("/b/y", "8", 2.0), _slice("/b/x", "7", 1.0))
    assert one == moved != ""


def test_a_series_with_another_image_is_another_one() -> None:
    assert _key(_slice("/a/1", "7")) != _key(_slice("/a/1", "7"), _slice("/a/2", "8"))


def test_images_make_a_series_by_their_content() -> None:
    known = result("/a/1.png", 0.5).header
    waiting = PendingImage(Path("/a"), "1.png", 0, known, "ab")
    assert _key(waiting) == _key(replace(result("/b/2.png", 0.7), sha256="ab")) != ""
    assert _key(replace(waiting, sha256="cd")) != _key(waiting)


def test_a_series_whose_content_is_not_known_yet_has_no_key() -> None:
    assert _key(_slice("/a/1", "7"), _slice("/a/2", "")) == ""


def test_another_frame_of_a_file_makes_another_series() -> None:
    first = result("/a/1.nii", 0.5, frames=2)
    both = [replace(each, sha256="ab") for each in (first, replace(first, frame=1))]
    assert len({_key(both[0]), _key(both[1]), _key(*both)}) == 3


def test_a_file_that_could_not_be_read_counts_for_nothing() -> None:
    read = replace(result("/a/2.png", 0.5), sha256="ab")
    assert _key(read, DAMAGED) == _key(read) != ""
    assert _key(read, LEFT_OUT) == ""
