from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from desktop.tables.row import DETAIL_ROLE
from imaging.image import Acquisition, Geometry, Identity
from model.image_result import ImageResult
from tests.make.results import result
from tests.make.worklists import cells, series_of, worklist_of

WHO = Identity(
    patient_id="P",
    study_uid="s",
    study_date="20260304",
    study_time="0815",
    series_description="Head 5.0",
)


def series(uid: str, images: int = 1, kernel: str = "", **more: Any) -> list[ImageResult]:
    """One of the same name as all others; ``more``: fields of its geometry and identity."""
    thickness = more.pop("thickness", None)
    found = []
    for at in range(images):
        who = replace(WHO, series_uid=uid, **more)
        one = result(f"/a/{uid}-{at}.dcm", 0.1, identity=who, sop_uid=f"{uid}.{at}")
        assert one.header is not None
        header = replace(
            one.header,
            acquisition=Acquisition(kernel=kernel),
            geometry=Geometry(thickness=thickness),
        )
        found.append(replace(one, header=header, sha256=f"{uid}.{at}"))
    return found


def details(*every: list[ImageResult]) -> list[str]:
    """What stands below the names of the series of the only patient, in file order."""
    worklist = worklist_of([image for one in every for image in one])
    patient = worklist.index(0, 0)
    rows = range(worklist.rowCount(patient))
    lines = [worklist.index(row, 0, patient) for row in rows]
    assert {line.data() for line in lines} == {"Head 5.0"}
    return [line.data(DETAIL_ROLE) for line in lines]


@pytest.mark.parametrize(
    ("first", "second", "told"),
    [
        ({"series_number": 2}, {"series_number": 3}, ("no. 2", "no. 3")),
        ({"kernel": "H30s"}, {"kernel": "H70h"}, ("H30s", "H70h")),
        ({"thickness": 5.0}, {"thickness": 1.25}, ("5 mm", "1.25 mm")),
        ({"images": 2}, {"images": 3}, ("Slices: 2", "Slices: 3")),
        ({"series_number": 2}, {}, ("no. 2", "")),
        ({}, {}, ("1/2", "2/2")),
        (
            {"series_number": 2, "kernel": "H30s", "thickness": 5.0},
            {"series_number": 3, "kernel": "H70h", "thickness": 5.0},
            ("no. 2 · H30s", "no. 3 · H70h"),
        ),
    ],
)
def test_series_of_one_name_and_time_say_what_tells_them_apart(
    first: dict[str, Any], second: dict[str, Any], told: tuple[str, str]
) -> None:
    when = "2026-03-04 08:15"
    expected = [f"{mark} · {when}" if mark else when for mark in told]
    assert details(series("1", **first), series("2", **second)) == expected


def test_series_of_other_times_or_names_need_no_mark() -> None:
    later = series("2", series_number=3, study_uid="t", study_time="0915")
    assert details(series("1", series_number=2), later) == ["2026-03-04 08:15", "2026-03-04 09:15"]
    images = [*series("1", series_number=2), *series("2", series_number=3)]
    other = replace(WHO, series_uid="2", series_description="Bone", series_number=3)
    images[1] = replace(images[1], header=replace(images[1].header, identity=other))  # type: ignore[type-var]
    worklist = worklist_of(images)
    assert [worklist.series.name(number) for number in range(2)] == ["Head 5.0", "Bone"]


def test_the_mark_is_part_of_the_name_wherever_a_series_is_named() -> None:
    worklist = worklist_of([*series("1", kernel="H30s"), *series("2", kernel="H70h")])
    names = [worklist.series.name(number) for number in range(2)]
    assert names == ["Head 5.0 · H30s", "Head 5.0 · H70h"]
    worklist.series.table.set_hide_identity(True)
    assert [worklist.series.name(number) for number in range(2)] == [
        "Series 1 of 2",
        "Series 2 of 2",
    ]


def test_a_kernel_can_do_no_harm() -> None:
    kernel = "H30s" + chr(10) + chr(0x202E) + "x"
    worklist = worklist_of([*series("1", kernel=kernel), *series("2", kernel="H70h")])
    assert not set(worklist.series.name(0)) & {chr(10), chr(0x202E)}


def test_above_several_series_waiting_is_told_in_a_word() -> None:
    images = [*series("1"), *series("2")]
    worklist = worklist_of(images)
    worklist.series.table.forget_results()
    assert cells(worklist, 0)[2] == "Waiting"
    worklist.series.table.end_waiting()
    assert cells(worklist, 0)[2] == "Stopped"


def test_a_hidden_name_has_no_mark_which_may_tell_of_the_hospital() -> None:
    images = [*series("1", kernel="H30s"), *series("2", kernel="H70h")]
    listed = series_of(images)
    assert [listed.mark(number) for number in range(2)] == ["H30s", "H70h"]
    listed.table.set_hide_identity(True)
    assert [listed.mark(number) for number in range(2)] == ["", ""]
    assert [listed.name(number) for number in range(2)] == ["Series 1 of 2", "Series 2 of 2"]
