from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from imaging.errors import Code, Problem, Status
from imaging.image import Identity
from model.duplicate_uids import DuplicateUids
from model.image_result import ImageResult
from model.listed_image import ListedImage, PendingImage
from tests.make.results import result


def image(name: str, uid: str, pixels: str, *problems: Problem, frame: int = 0) -> ImageResult:
    who = Identity(patient_id="A")
    made = result(
        f"/a/{name}.dcm", 0.5, *problems, identity=who, sop_uid=uid, frame=frame, frames=2
    )
    return replace(made, pixels_digest=pixels.encode())


def codes(images: Sequence[ListedImage]) -> list[list[Code]]:
    return [[each.code for each in one.problems] for one in images if isinstance(one, ImageResult)]


def all_warned(results: Sequence[ImageResult], order: Sequence[int] = ()) -> list[ListedImage]:
    """The list when the results have come in that order, in their own without one."""
    images: list[ListedImage] = [
        PendingImage(each.folder, each.name, each.frame, each.header) for each in results
    ]
    duplicates = DuplicateUids(images)
    for index in order or range(len(results)):
        images[index] = results[index]
        for at, known in duplicates.warned(index, images):
            images[at] = known
    return images


def test_the_same_pixels_under_the_same_uid_are_a_copy_of_the_first() -> None:
    results = [image("1", "9", "p"), image("2", "9", "p"), image("3", "8", "p")]
    assert codes(all_warned(results)) == [[], [Code.DUPLICATE_UID], []]


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_other_pixels_under_the_same_uid_are_a_conflict_of_all(order: Sequence[int]) -> None:
    results = [image("1", "9", "p"), image("2", "9", "p"), image("3", "9", "q")]
    images = all_warned(results, order)
    assert codes(images) == [[Code.CONFLICTING_UID]] * 3
    assert {each.status for each in images if isinstance(each, ImageResult)} == {Status.WARNING}


def test_results_that_are_all_there_get_the_same_warnings() -> None:
    results = [image("1", "9", "p"), image("2", "9", "p"), image("3", "9", "q")]
    duplicates = DuplicateUids(results)
    for index in range(3):
        for at, known in duplicates.warned(index, results):
            results[at] = known
    assert codes(results) == [[Code.CONFLICTING_UID]] * 3


def test_an_earlier_result_that_changes_is_named_once() -> None:
    images: list[ListedImage] = [image("1", "9", "p"), image("2", "9", "q")]
    duplicates = DuplicateUids(images)
    changed = [at for at, _ in duplicates.warned(1, images)]
    assert changed == [1, 0]
    images[0] = dict(duplicates.warned(1, images))[0]
    assert [at for at, _ in duplicates.warned(1, images)] == [1]


@pytest.mark.parametrize(
    "other",
    [
        image("2", "8", "q"),
        image("2", "9", "q", frame=1),
        replace(image("2", "", "q"), header=None),
    ],
)
def test_another_uid_another_frame_and_no_header_are_no_duplicate(other: ImageResult) -> None:
    assert codes(all_warned([image("1", "9", "p"), other])) == [[], []]


def test_images_without_a_uid_are_no_duplicates_of_each_other() -> None:
    assert codes(all_warned([image("1", "", "p"), image("2", "", "q")])) == [[], []]


def test_what_was_not_decoded_contradicts_nothing() -> None:
    results = [image("1", "9", "p"), image("2", "9", "", Problem(Code.CANNOT_READ))]
    assert codes(all_warned(results)) == [[], [Code.CANNOT_READ, Code.DUPLICATE_UID]]


def test_an_image_that_waits_has_no_warning() -> None:
    waiting = PendingImage(Path(), "1", 0, image("1", "9", "p").header)
    images: list[ListedImage] = [waiting, image("2", "9", "q")]
    assert list(DuplicateUids(images).warned(0, images)) == []
    assert [each.problems for _, each in DuplicateUids(images).warned(1, images)] == [
        (Problem(Code.DUPLICATE_UID),)
    ]
