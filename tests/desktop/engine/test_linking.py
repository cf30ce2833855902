import math
from collections.abc import Sequence
from dataclasses import replace

import pytest

from desktop.engine.linking import Heights, Link, heights_of, link_of, partner
from imaging.image import Geometry, ImageHeader, Unit
from imaging.series import PARALLEL

UP = (0.0, 0.0, 1.0)


def stack(heights: Sequence[float], frame: str = "1.2.9") -> Heights:
    return Heights(len(heights), tuple(heights), UP, frame)


def header(z: float | None, frame: str = "1.2.9") -> ImageHeader:
    position = None if z is None else (0.0, 0.0, z)
    geometry = Geometry(position, (1, 0, 0, 0, 1, 0), frame_of_reference=frame)
    return ImageHeader(Unit.HOUNSFIELD, 8, 8, geometry=geometry)


THICK, THIN = stack([0, 5, 10, 15, 20]), stack([-1, 1, 3, 5, 7, 9, 11])


def test_heights_come_from_the_headers() -> None:
    assert heights_of([header(3), header(8)]) == Heights(2, (3, 8), UP, "1.2.9")


@pytest.mark.parametrize("lost", [header(None), None])
def test_one_slice_without_a_place_leaves_no_heights(lost: ImageHeader | None) -> None:
    assert heights_of([header(3), lost]) == Heights(2)


def test_several_frames_of_reference_are_none() -> None:
    assert heights_of([header(3), header(8, "1.2.10")]).frame_of_reference == ""


def test_one_frame_of_reference_links_by_position() -> None:
    assert link_of(THICK, THIN) is Link.POSITION
    assert [partner(THICK, place, THIN) for place in range(5)] == [0, 3, 5, 6, 6]


@pytest.mark.parametrize(
    "other",
    [
        replace(THIN, frame_of_reference="1.2.10"),
        replace(THIN, frame_of_reference=""),
        replace(THIN, normal=(0.0, 0.1, 0.995)),
        Heights(7),
    ],
)
def test_all_else_is_linked_by_relative_position(other: Heights) -> None:
    assert link_of(THICK, other) is Link.RELATIVE
    assert [partner(THICK, place, other) for place in (0, 2, 4)] == [0, 3, 6]


def test_no_frame_of_reference_is_not_a_common_one() -> None:
    assert link_of(stack([0, 1], ""), stack([0, 1], "")) is Link.RELATIVE


def test_relative_position_goes_by_heights_and_not_by_order() -> None:
    downwards = stack([20, 15, 10, 5, 0], "1.2.10")
    assert [partner(THICK, place, downwards) for place in (0, 1, 4)] == [4, 3, 0]


def test_aligned_by_hand_millimetres_count_from_there() -> None:
    other = stack([100, 102, 104, 106, 108, 110], "1.2.10")
    assert [partner(THICK, place, other, (1, 2)) for place in (0, 1, 2)] == [0, 2, 4]


def test_aligned_by_hand_without_heights_slices_count() -> None:
    pairs = [partner(Heights(5), place, Heights(4), (2, 1)) for place in range(5)]
    assert pairs == [0, 0, 1, 2, 3]


def test_a_series_of_one_slice_has_one_partner() -> None:
    one = stack([4.0], "1.2.10")
    assert partner(THICK, 3, one) == 0
    assert partner(one, 0, THICK) == 0
    assert partner(Heights(1), 0, Heights(3)) == 0


@pytest.mark.parametrize(
    ("cosine", "link"),
    [(PARALLEL, Link.RELATIVE), (math.nextafter(PARALLEL, 1), Link.POSITION)],
)
def test_slices_are_parallel_above_the_documented_cosine(cosine: float, link: Link) -> None:
    normal = (math.sqrt(1 - cosine * cosine), 0.0, cosine)
    assert link_of(THICK, replace(THIN, normal=normal)) is link
