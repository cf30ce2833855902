import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from imaging.details import Detail
from imaging.errors import Code
from imaging.image import Acquisition, Identity, ImageHeader, Unit
from imaging.messages import Message
from imaging.reading import read_image
from imaging.series import (
    PARALLEL,
    SAME_PLACE,
    Entry,
    Order,
    Series,
    _overlap,
    duplicates,
    group_series,
)
from tests.make.headers import AXIAL, slice_header

SAGITTAL = (0.0, 1.0, 0.0, 0.0, 0.0, -1.0)
TILTED = (1.0, 0.0, 0.0, 0.0, 0.9483237, -0.3173047)


def slice_at(
    place: float | None, number: int | None = None, name: str = "a.dcm", rows: int = 512
) -> Entry:
    who = Identity("P1", study_uid="1.2", series_uid="1.2.1")
    more: dict[str, Any] = {"sop_uid": f"1.3.{place}.{number}.{name}", "instance_number": number}
    return Path("folder") / name, slice_header(place, who, side=512, rows=rows, **more)


def identified(entry: Entry, **identity: str) -> Entry:
    path, header = entry
    return path, replace(header, identity=replace(header.identity, **identity))  # type: ignore[arg-type]


def turned(entry: Entry, orientation: tuple[float, ...], tilt: float | None = None) -> Entry:
    path, header = entry
    geometry = replace(header.geometry, orientation=orientation, tilt=tilt)  # type: ignore[arg-type]
    return path, replace(header, geometry=geometry)


def only(entries: list[Entry]) -> Series:
    (series,) = group_series(entries)
    return series


def codes(series: Series) -> list[Code]:
    return [problem.code for problem in series.warnings]


def test_position_orders_before_number_and_name() -> None:
    series = only([slice_at(10, 1, "1"), slice_at(0, 2, "2"), slice_at(5, 3, "3")])
    assert (series.members, series.order) == ((1, 2, 0), Order.POSITION)
    assert series.warnings == ()


def test_position_is_taken_along_the_normal_of_tilted_slices() -> None:
    entries = [turned(slice_at(z), TILTED, 18.5) for z in (30, 10, 20)]
    series = only(entries)
    assert (series.members, series.order) == ((1, 2, 0), Order.POSITION)
    assert codes(series) == [Code.TILT]


def test_one_missing_position_leaves_the_order_to_the_number() -> None:
    series = only([slice_at(0, 3), slice_at(None, 2), slice_at(10, 1)])
    assert (series.members, series.order) == ((2, 1, 0), Order.INSTANCE_NUMBER)
    assert codes(series) == [Code.NO_POSITION]


def test_positions_that_are_all_the_same_say_nothing() -> None:
    series = only([slice_at(4, 2), slice_at(4, 1)])
    assert (series.members, series.order) == ((1, 0), Order.INSTANCE_NUMBER)


@pytest.mark.parametrize("numbers", [(None, 4, 5), (1, 1, 1)])
def test_without_numbers_natural_file_names_order(numbers: tuple[int | None, ...]) -> None:
    names = ("10.dcm", "9.dcm", "1.dcm")
    series = only([slice_at(None, n, name) for n, name in zip(numbers, names, strict=True)])
    assert (series.members, series.order) == ((2, 1, 0), Order.FILE_NAME)


@pytest.mark.parametrize(
    ("numbers", "order", "members"),
    [
        ((3, 2, 1), Order.INSTANCE_NUMBER, (2, 1, 0)),
        ((3, 3, 1), Order.FILE_NAME, (0, 1, 2)),
    ],
)
def test_numbers_order_where_each_file_has_its_own(
    numbers: tuple[int, ...], order: Order, members: tuple[int, ...]
) -> None:
    entries = [slice_at(None, number, f"{at}.dcm") for at, number in enumerate(numbers)]
    series = only(entries)
    assert (series.order, series.members) == (order, members)


def test_frames_of_one_file_follow_each_other() -> None:
    path, header = slice_at(None, 1)
    entries = [(path, replace(header, frame=frame, frames=3)) for frame in (2, 0, 1)]
    assert only(entries).members == (1, 2, 0)


@pytest.mark.parametrize(
    "identity", [{"patient_id": "P2"}, {"study_uid": "9"}, {"series_uid": "9"}]
)
def test_patients_studies_and_series_are_never_mixed(identity: dict[str, str]) -> None:
    series = group_series([slice_at(0), identified(slice_at(5), **identity), slice_at(10)])
    assert [one.members for one in series] == [(0, 2), (1,)]
    assert len({one.key for one in series}) == 2


def test_patients_without_an_id_are_told_apart_by_name() -> None:
    entries = [
        identified(slice_at(place), patient_id="", patient_name=name)
        for place, name in enumerate("ABA")
    ]
    assert [one.members for one in group_series(entries)] == [(0, 2), (1,)]


def test_orientation_and_size_split_a_series() -> None:
    entries = [slice_at(0), turned(slice_at(5), SAGITTAL), slice_at(10, rows=256), slice_at(20)]
    assert [one.members for one in group_series(entries)] == [(0, 3), (1,), (2,)]


@pytest.mark.parametrize("first", [0, 1])
def test_slices_without_an_orientation_are_apart(first: int) -> None:
    path, bare = slice_at(5)
    bare = replace(bare, geometry=replace(bare.geometry, orientation=None))
    entries = [slice_at(0), (path, bare), (path, bare)]
    groups = group_series(entries[first:] + entries[:first])
    assert sorted(len(each.members) for each in groups) == [1, 2]


def test_nearly_the_same_orientation_does_not_split() -> None:
    wobble = (0.99999, 0.004, 0.0, -0.004, 0.99999, 0.0)
    assert only([slice_at(0), turned(slice_at(5), wobble)]).members == (0, 1)


@pytest.mark.parametrize(
    ("places", "detail"),
    [
        ((0, 5, 10, 15), None),
        ((0, 5, 10.2, 15.1), None),
        ((0, 5, 15, 20), (5.0, 10.0)),
        ((0, 5, 15), (5.0, 10.0)),
        ((0, 5), None),
        ((0, 4, 8, 15, 22), (4.0, 7.0)),
        ((0, 0, 5, 5, 10, 10), None),
    ],
)
def test_uneven_distances_are_gaps(
    places: tuple[float, ...], detail: tuple[float, float] | None
) -> None:
    entries = [slice_at(place, number) for number, place in enumerate(places)]
    details = [one.detail for one in only(entries).warnings if one.code is Code.GAPS]
    said = [] if detail is None else [dict(zip(("least", "most"), detail, strict=True))]
    assert details == [Message(Detail.DISTANCES, **each) for each in said]


def test_repeated_uids_are_a_warning() -> None:
    entries = [slice_at(0), slice_at(5), slice_at(0), slice_at(10)]
    assert duplicates(entries) == {2}
    assert codes(only(entries)) == [Code.DUPLICATE_UID]


def test_empty_uids_and_frames_are_no_repeats() -> None:
    path, header = slice_at(0)
    header = replace(header, sop_uid="")
    assert duplicates([(path, header), (path, header)]) == set()
    path, header = slice_at(0)
    assert duplicates([(path, header), (path, replace(header, frame=1))]) == set()


def test_images_belong_to_their_folder_in_natural_order() -> None:
    names = ("b/2.png", "b/10.png", "a/1.png", "b/1.jpg")
    entries = [
        (Path(name), ImageHeader(Unit.GREY, 100 + at, 90, kind="PNG"))
        for at, name in enumerate(names)
    ]
    series = group_series(entries)
    assert [(one.name, one.members) for one in series] == [("b", (3, 0, 1)), ("a", (2,))]
    assert {one.order for one in series} == {Order.FILE_NAME}


def test_images_and_dicom_of_one_folder_are_apart() -> None:
    png = (Path("folder/a.png"), ImageHeader(Unit.GREY, 512, 512, kind="PNG"))
    assert [one.members for one in group_series([slice_at(0), png])] == [(0,), (1,)]


def test_the_real_study_is_one_series_along_the_normal(real_study: list[Path]) -> None:
    shuffled = [real_study[at] for at in np.random.default_rng(3).permutation(len(real_study))]
    series = only([(path, read_image(path).header) for path in shuffled])
    assert [shuffled[at].name for at in series.members] == [path.name for path in real_study]
    assert series.order is Order.POSITION
    assert codes(series) == [Code.GAPS, Code.TILT]


def made(entry: Entry, **acquisition: object) -> Entry:
    path, header = entry
    return path, replace(header, acquisition=Acquisition(**acquisition))  # type: ignore[arg-type]


def stacks(first: dict[str, object], second: dict[str, object], offset: float = 0) -> list[Entry]:
    """Two acquisitions of four slices, 5 mm apart, shuffled; the second begins at ``offset``."""
    entries = [
        made(slice_at(5 * at + part * offset, 10 * part + at), **((first, second)[part]))
        for at in range(4)
        for part in (0, 1)
    ]
    return entries[::-1]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"number": 1}, {"number": 2}),
        ({"phase": 1}, {"phase": 2}),
        ({"time": "20260101120000"}, {"time": "20260101120030"}),
        ({"content_time": "120000"}, {"content_time": "120030"}),
        ({"kernel": "H30s"}, {"kernel": "H70h"}),
    ],
)
@pytest.mark.parametrize("offset", [0, 2.5])
def test_what_was_acquired_twice_is_two_series(
    first: dict[str, object], second: dict[str, object], offset: float
) -> None:
    entries = stacks(first, second, offset)
    series = group_series(entries)
    assert sorted(one.members for one in series) == [(6, 4, 2, 0), (7, 5, 3, 1)]
    assert [one.warnings for one in series] == [(), ()]
    assert len({one.key for one in series}) == 2
    assert len({one.name for one in series}) == 2


def test_a_time_of_its_own_for_each_slice_tells_two_passes_apart() -> None:
    entries = [
        made(slice_at(5 * at, 10 * part + at), time=f"2026010112{part}{at:03d}")
        for part in (0, 1)
        for at in range(4)
    ]
    assert [one.members for one in group_series(entries)] == [(0, 1, 2, 3), (4, 5, 6, 7)]


def test_shots_of_a_table_that_moves_are_one_series() -> None:
    entries = [
        made(slice_at(5 * at, at), number=at // 2, time=f"2026010112{at // 2:04d}")
        for at in range(8)
    ]
    assert only(entries).members == tuple(range(8))


def test_a_second_run_of_shots_is_a_second_series() -> None:
    entries = [made(slice_at(5 * (at % 6), at), number=at // 2) for at in range(12)]
    assert [one.members for one in group_series(entries)] == [
        tuple(range(6)),
        tuple(range(6, 12)),
    ]


def test_a_copy_stays_with_its_acquisition() -> None:
    entries = stacks({"number": 1}, {"number": 2})
    series = group_series([*entries, entries[0]])
    assert sorted(len(one.members) for one in series) == [4, 5]
    (copied,) = (one for one in series if len(one.members) == 5)
    assert {0, 8} < set(copied.members)
    assert codes(copied) == [Code.DUPLICATE_UID]


def test_images_at_one_place_that_nothing_tells_apart_are_a_warning() -> None:
    series = only([slice_at(5 * (at // 2), at) for at in range(8)])
    assert codes(series) == [Code.SAME_PLACE]
    assert series.warnings[0].detail == "8 / 4"


def test_a_series_at_one_place_is_a_warning() -> None:
    series = only([slice_at(0, at) for at in range(5)])
    assert codes(series) == [Code.SAME_PLACE]
    assert series.warnings[0].detail == "5 / 1"
    assert codes(only([slice_at(0, 1)])) == []


@pytest.mark.parametrize(("apart", "expected"), [(0.01, [Code.SAME_PLACE]), (0.0105, [Code.GAPS])])
def test_one_place_ends_where_documented(apart: float, expected: list[Code]) -> None:
    places = (0, apart, 5, 10)
    assert codes(only([slice_at(at, number) for number, at in enumerate(places)])) == expected


@pytest.mark.parametrize(("longer", "expected"), [(1.1, []), (1.101, [Code.GAPS])])
def test_uneven_begins_where_documented(longer: float, expected: list[Code]) -> None:
    places = (0, 10, 20, 20 + 10 * longer)
    assert codes(only([slice_at(at, number) for number, at in enumerate(places)])) == expected


@pytest.mark.parametrize(
    ("degrees", "count"),
    [(math.degrees(math.acos(0.9997)) - 0.01, 1), (math.degrees(math.acos(0.9997)) + 0.01, 2)],
)
def test_parallel_ends_where_documented(degrees: float, count: int) -> None:
    c, s = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    entries = [slice_at(0), turned(slice_at(5), (1, 0, 0, 0, c, s))]
    assert len(group_series(entries)) == count


@pytest.mark.parametrize(("cosine", "count"), [(PARALLEL, 2), (math.nextafter(PARALLEL, 1), 1)])
def test_parallel_begins_above_the_documented_cosine(cosine: float, count: int) -> None:
    across = (cosine, math.sqrt(1 - cosine * cosine), 0.0)
    entries = [slice_at(0), turned(slice_at(5), (*across, 0, 1, 0))]
    assert len(group_series(entries)) == count


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ((-1.0, SAME_PLACE), (0.0, 1.0), False),  # an end is shared
        ((-1.0, 1.1 * SAME_PLACE), (0.0, 1.0), True),
        ((0.0, SAME_PLACE), (0.0, 0.0), True),  # both are one place
        ((0.0, 1.1 * SAME_PLACE), (0.0, 0.0), False),
        ((0.0, 0.0), (SAME_PLACE, SAME_PLACE), True),
        ((0.0, 0.0), (1.1 * SAME_PLACE, 1.1 * SAME_PLACE), False),
    ],
)
def test_stretches_overlap_by_more_than_an_end(
    one: tuple[float, float], other: tuple[float, float], expected: bool
) -> None:
    assert _overlap(one, other) is expected
    assert _overlap(other, one) is expected


@pytest.mark.parametrize(
    ("apart", "order"), [(SAME_PLACE, Order.SLICE_LOCATION), (2 * SAME_PLACE, Order.POSITION)]
)
def test_positions_at_one_place_leave_the_order_to_the_location(apart: float, order: Order) -> None:
    entries = [slice_at(0.0), slice_at(apart, name="b.dcm")]
    located = []
    for location, (path, header) in zip((9.0, 3.0), entries, strict=True):
        geometry = replace(header.geometry, slice_location=location)
        located.append((path, replace(header, geometry=geometry)))
    series = only(located)
    assert series.order is order
    assert series.members == ((1, 0) if order is Order.SLICE_LOCATION else (0, 1))


@pytest.mark.parametrize(
    ("degrees", "expected"),
    [(0.99, []), (1.01, ["1.01°"]), (-20, ["20°"])],
)
def test_a_tilt_shows_in_the_geometry(degrees: float, expected: list[str]) -> None:
    c, s = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    entries = [turned(slice_at(5 * at), (1, 0, 0, 0, c, s)) for at in range(4)]
    assert [one.detail for one in only(entries).warnings if one.code is Code.TILT] == expected


@pytest.mark.parametrize(("tilt", "expected"), [(0.49, []), (0.5, ["0.5°"]), (-0.5, ["-0.5°"])])
def test_a_gantry_is_tilted_from_half_a_degree_on(tilt: float, expected: list[str]) -> None:
    entries = [turned(slice_at(5 * at), AXIAL, tilt) for at in range(3)]
    assert [one.detail for one in only(entries).warnings] == expected


def without_position(entry: Entry, location: float | None) -> Entry:
    path, header = entry
    geometry = replace(header.geometry, position=None, slice_location=location)
    return path, replace(header, geometry=geometry)


def test_without_positions_slice_locations_order() -> None:
    entries = [without_position(slice_at(0, at), place) for at, place in enumerate((20, 5, 15))]
    series = only(entries)
    assert (series.members, series.order) == ((1, 2, 0), Order.SLICE_LOCATION)
    assert Code.NO_POSITION not in codes(series)


def test_slice_locations_order_where_all_positions_are_one() -> None:
    entries = [slice_at(0, at) for at in range(3)]
    placed = [
        (path, replace(header, geometry=replace(header.geometry, slice_location=place)))
        for (path, header), place in zip(entries, (20.0, 5.0, 15.0), strict=True)
    ]
    series = only(placed)
    assert (series.members, series.order) == ((1, 2, 0), Order.SLICE_LOCATION)


def test_one_missing_slice_location_leaves_the_order_to_the_number() -> None:
    entries = [without_position(slice_at(0, at), place) for at, place in enumerate((20, None, 15))]
    assert only(entries).order is Order.INSTANCE_NUMBER


def test_positions_without_an_orientation_order_along_the_patient() -> None:
    entries = []
    for place in (10, 0, 5):
        path, header = slice_at(place)
        position = (-40.0 * place, 30.0 * place, float(place))
        geometry = replace(header.geometry, position=position, orientation=None)
        entries.append((path, replace(header, geometry=geometry)))
    series = only(entries)
    assert (series.members, series.order) == ((1, 2, 0), Order.POSITION)
    assert series.warnings == ()


def test_two_names_under_one_id_are_two_patients() -> None:
    entries = [
        identified(slice_at(0, name="a.dcm"), patient_name="Doe^Anna"),
        identified(slice_at(5, name="b.dcm"), patient_name="Doe^Bert"),
    ]
    assert [each.members for each in group_series(entries)] == [(0,), (1,)]


@pytest.mark.parametrize("other", ["DOE^ANNA", "Doe Anna", "Doe^Anna^^", "Doe^Anna=\u738b"])
def test_one_name_in_two_spellings_is_one_patient(other: str) -> None:
    entries = [
        identified(slice_at(0, name="a.dcm"), patient_name="Doe^Anna"),
        identified(slice_at(5, name="b.dcm"), patient_name=other),
    ]
    assert [each.members for each in group_series(entries)] == [(0, 1)]


@pytest.mark.parametrize(
    ("one", "other", "patients"),
    [
        ({"patient_birth_date": "19500101"}, {"patient_birth_date": "19500101"}, 1),
        ({"patient_birth_date": "19500101"}, {"patient_birth_date": "19510101"}, 2),
        ({"patient_birth_date": "19500101"}, {"patient_birth_date": ""}, 2),
        ({"patient_sex": "F"}, {"patient_sex": "f"}, 1),
        ({"patient_sex": "F"}, {"patient_sex": "M"}, 2),
    ],
)
def test_a_birth_date_or_sex_that_differs_under_one_id_is_another_patient(
    one: dict[str, str], other: dict[str, str], patients: int
) -> None:
    entries = [
        identified(slice_at(0, name="a.dcm"), patient_id="7", patient_name="Doe^Anna", **one),
        identified(slice_at(5, name="b.dcm"), patient_id="7", patient_name="Doe^Anna", **other),
    ]
    assert len(group_series(entries)) == patients


def test_without_id_and_name_no_patients_are_told_apart() -> None:
    assert Identity(patient_birth_date="19500101", patient_sex="F").patient_key == ("", "", "", "")
