"""Images are put into series by their headers, folders and names, before any has a result."""

from __future__ import annotations

from dataclasses import replace

import pytest

from imaging.errors import Code, Problem
from imaging.image import Identity
from model.series_group import group_images, numbered
from tests.make.results import result

DAMAGED = Problem(Code.DAMAGED)
WHO = Identity(patient_id="A", study_uid="1", series_uid="1.2")


def test_every_row_is_in_exactly_one_series() -> None:
    results = [
        result("a/1.png", 0.4),
        result("a/2.png", None, DAMAGED, header=False),
        result("b/1.dcm", 0.1, identity=WHO, position=0.0),
        result("b/2.dcm", 0.1, identity=replace(WHO, series_uid="1.3"), position=0.0),
        result("b/3.dcm", None, DAMAGED, header=False),
        result("c/1", None, Problem(Code.DANGLING_LINK), header=False),
    ]
    members = [index for each in group_images(results) for index in each.members]
    assert sorted(members) == list(range(6))


def test_whose_images_are_is_known_by_a_header_or_where_there_is_one_file() -> None:
    folder = [result(f"/a/{at}.png", 0.5) for at in range(2)]
    alone = [result("/b/1.png", 0.5)]
    volume = [result("/c/1.nii", 0.5, frame=at, frames=2) for at in range(2)]
    known = [result(f"/d/{at}.dcm", 0.5, identity=WHO) for at in range(2)]
    groups = [group_images(each)[0] for each in (folder, alone, volume, known)]
    assert [each.is_certain for each in groups] == [False, True, True, True]


@pytest.mark.parametrize(
    ("names", "wanted"),
    [
        ([f"P050_S{at:02d}" for at in range(1, 33)], True),
        ([f"{at}" for at in range(8)], True),
        ([f"{at}" for at in range(7)], False),
        ([f"{at:03d}" for at in range(500)], True),
        ([f"{at:03d}" for at in range(501)], False),
        ([f"{at}" for at in (*range(7), 9)], True),  # 8 of 10
        ([f"{at}" for at in (*range(7), 10)], False),  # 8 of 11
        ([f"P{patient}_S{at}" for patient in (1, 2) for at in range(8)], False),
        ([f"{name}" for name in "abcdefgh"], False),
        ([f"ID_{at * 7919:x}" for at in range(40)], False),
    ],
)
def test_names_that_differ_in_a_running_number_look_like_one_series(
    names: list[str], wanted: bool
) -> None:
    assert numbered(names) is wanted


def test_numbered_images_of_two_sizes_are_not_taken_for_one_patient() -> None:
    images = [result(f"/a/{at}.png", 0.5) for at in range(8)]
    assert images[0].header is not None
    images[0] = replace(images[0], header=replace(images[0].header, rows=images[0].header.rows + 1))
    [group] = group_images(images)
    assert not group.is_one_patient
