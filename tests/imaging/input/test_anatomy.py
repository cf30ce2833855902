from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

from imaging.errors import Code
from imaging.image import Geometry, Image, ImageHeader, Unit
from imaging.input import anatomy
from imaging.input.anatomy import Anatomy, other_body
from imaging.input.prepare import prepare
from imaging.input.recipe import InputRecipe
from imaging.messages import Message, MessageCode
from imaging.samples.phantom import Head
from imaging.skull import Inside, Reduced
from tests.make.bodies import PEOPLE, body_slices, without_tissue

SIZE = 512


def ellipse(wide: float, long: float, inset: float = 0.0) -> NDArray[np.bool_]:
    """An ellipse of so many pixels across and down, smaller by ``inset`` on every side."""
    rows, columns = np.mgrid[:SIZE, :SIZE] - (SIZE - 1) / 2
    inside: NDArray[np.bool_] = (
        np.hypot(columns / (wide / 2 - inset), rows / (long / 2 - inset)) < 1
    )
    return inside


def body(wide: float, long: float, skull: float = 6.0) -> NDArray[np.float32]:
    """Soft tissue of so many millimetres in a ring of bone, in air; pixels are 1 mm."""
    hu = np.where(ellipse(wide, long), 40.0, -1000.0)
    if skull:
        hu[ellipse(wide, long, 4) & ~ellipse(wide, long, 4 + skull)] = 1000
    return hu.astype(np.float32)


def said(hu: NDArray[np.float32], spacing: float | None = 1.0) -> MessageCode | None:
    geometry = Geometry(spacing=None if spacing is None else (spacing, spacing))
    problem = other_body(Image(ImageHeader(Unit.HOUNSFIELD, SIZE, SIZE, geometry=geometry), hu))
    if problem is None:
        return None
    assert problem.code is Code.OTHER_BODY_PART
    assert isinstance(problem.detail, Message)
    return problem.detail.code


def said_of(hu: NDArray[np.float32], spacing: float | None) -> MessageCode | None:
    """As ``said``, for a slice of any size."""
    geometry = Geometry(spacing=None if spacing is None else (spacing, spacing))
    header = ImageHeader(Unit.HOUNSFIELD, hu.shape[0], hu.shape[1], geometry=geometry)
    problem = other_body(Image(header, hu))
    return problem.detail.code if problem and isinstance(problem.detail, Message) else None


def with_content(share: float, level: float) -> NDArray[np.float32]:
    """A head with so much of its brain, on one side, replaced by another value."""
    hu = body(150, 190)
    inner = ellipse(150, 190, 10)
    columns = np.flatnonzero(inner.any(axis=0))
    counted = np.cumsum(inner.sum(axis=0)) / inner.sum()
    hu[inner & (np.arange(SIZE) < columns[0] + (counted[columns[0] :] < share).sum())] = level
    return hu


@pytest.mark.parametrize(("wide", "long"), [(150, 190), (185, 235), (90, 90)])
def test_heads_pass(wide: float, long: float) -> None:
    assert said(body(wide, long)) is None


@pytest.mark.parametrize("height", [0.05, 0.3, 0.6, 0.9])
def test_generated_heads_pass(height: float) -> None:
    assert said(Head(3).slice_at(height), 0.45) is None


@pytest.mark.parametrize(
    ("wide", "expected"),
    [(292, None), (308, Anatomy.TOO_LARGE_A_BODY)],
)
def test_no_head_is_so_wide(wide: float, expected: Anatomy | None) -> None:
    assert said(body(wide, 100)) is expected


@pytest.mark.parametrize(
    ("area", "expected"),
    [(410, None), (430, Anatomy.TOO_LARGE_A_BODY)],
)
def test_no_head_is_so_large(area: float, expected: Anatomy | None) -> None:
    across = 2 * np.sqrt(area * 100 / np.pi)
    assert said(body(across, across)) is expected


def test_size_is_measured_in_millimetres() -> None:
    assert said(body(180, 220), 2.0) is Anatomy.TOO_LARGE_A_BODY
    assert said(body(400, 300), 0.5) is None
    assert said(body(400, 300), None) is None


@pytest.mark.parametrize(
    ("share", "expected"),
    [(0.19, None), (0.21, Anatomy.AIR)],
)
def test_lungs_are_no_sinuses(share: float, expected: Anatomy | None) -> None:
    hu = body(220, 180)
    inner = np.sqrt(share)
    hu[ellipse(220 * inner, 180 * inner)] = -850
    assert said(hu) is expected


def with_bone(directions: int, thick: float = 20.0, bone: float = 900.0) -> NDArray[np.float32]:
    """A body with bone in so many of 36 directions from its middle, so many millimetres thick."""
    hu = body(200, 150, skull=0)
    rows, columns = np.mgrid[:SIZE, :SIZE] - (SIZE - 1) / 2
    sector = np.floor((np.arctan2(rows, columns) / (2 * np.pi) + 0.5) * 36).astype(int)
    ring = ellipse(200, 150, 10) & ~ellipse(200, 150, 10 + thick)
    hu[ring & (sector < directions)] = bone
    return hu


@pytest.mark.parametrize(
    ("directions", "expected"), [(0, Anatomy.NO_SKULL), (10, Anatomy.NO_SKULL), (14, None)]
)
def test_bone_on_one_side_is_no_skull(directions: int, expected: Anatomy | None) -> None:
    assert anatomy.LEAST_SKULL == 0.35
    assert said(with_bone(directions)) is expected


@pytest.mark.parametrize(("thick", "expected"), [(4.0, Anatomy.NO_SKULL), (9.0, None)])
def test_little_bone_that_is_not_all_round_is_of_ribs(
    thick: float, expected: Anatomy | None
) -> None:
    assert anatomy.LEAST_BONE == 0.085
    assert said(with_bone(14, thick)) is expected


@pytest.mark.parametrize(("directions", "expected"), [(28, Anatomy.NO_SKULL), (30, None)])
def test_thin_bone_nearly_all_round_is_an_infants_skull(
    directions: int, expected: Anatomy | None
) -> None:
    assert anatomy.NEARLY_ROUND == 0.8
    assert said(with_bone(directions, bone=180.0)) is expected


@pytest.mark.parametrize(("wide", "thick", "hu"), [(80, 1.5, 450), (100, 2, 300), (130, 2, 400)])
def test_infants_pass(wide: float, thick: float, hu: float) -> None:
    head = body(wide / 0.4, 1.2 * wide / 0.4, skull=thick / 0.4)
    head[head == 1000] = hu
    assert said(np.asarray(gaussian_filter(head, 1.5)), 0.4) is None


def test_a_femur_in_the_middle_is_no_skull() -> None:
    hu = body(150, 150, skull=0)
    hu[ellipse(50, 50)] = 900
    assert said(hu) is Anatomy.NO_SKULL


@pytest.mark.parametrize("part", ["chest", "abdomen", "pelvis"])
@pytest.mark.parametrize("person", PEOPLE)
@pytest.mark.parametrize("is_size_known", [True, False])
def test_no_slice_of_a_body_is_a_head(part: str, person: str, is_size_known: bool) -> None:
    for hu, spacing in body_slices(part, person, 5):
        assert said_of(hu, spacing if is_size_known else None) is not None


def test_a_thigh_is_no_head() -> None:
    for hu, spacing in body_slices("thigh", "adult", 3):
        assert said_of(hu, spacing) is Anatomy.NO_SKULL


@pytest.mark.parametrize(("spacing", "expected"), [(None, None), (1.0, Anatomy.NO_SKULL)])
def test_where_no_size_is_known_small_bodies_are_not_checked(
    spacing: float | None, expected: Anatomy | None
) -> None:
    assert anatomy.CHECKED_SHARE == 0.2
    assert said_of(body(150, 150, skull=0), spacing) is expected
    assert said_of(body(280, 260, skull=0), None) is Anatomy.NO_SKULL


@pytest.mark.parametrize("content", [-1000.0, -100.0, 130.0])
def test_a_skull_without_brain_is_no_head(content: float) -> None:
    hu = body(150, 190)
    hu[ellipse(150, 190, 10)] = content
    expected = Anatomy.AIR if content < -500 else Anatomy.NO_BRAIN
    assert said(hu) is expected


@pytest.mark.parametrize(("air", "expected"), [(0.45, None), (0.55, Anatomy.NO_BRAIN)])
def test_most_of_what_a_skull_holds_is_brain(air: float, expected: Anatomy | None) -> None:
    assert anatomy.LEAST_BRAIN == 0.5
    assert said(with_content(air, -200.0)) is expected


@pytest.mark.parametrize(("level", "expected"), [(-19, None), (-21, Anatomy.NO_BRAIN)])
@pytest.mark.parametrize("sign", [1, -1])
def test_fluid_brain_and_blood_are_brain(level: float, expected: Anatomy | None, sign: int) -> None:
    assert anatomy.BRAIN == (-20, 100)
    middle = 40.0
    hu = body(150, 190)
    hu[ellipse(150, 190, 10)] = middle + sign * (middle - level)
    assert said(hu) is expected


@pytest.mark.parametrize(("inset", "expected"), [(42, Anatomy.NO_BRAIN), (58, None)])
def test_a_sinus_is_no_skull(inset: float, expected: Anatomy | None) -> None:
    """Bone round fat that takes up more, or less, than ``HOLLOW`` of the body."""
    assert anatomy.HOLLOW == 0.1
    hu = body(200, 200)
    hu[ellipse(200, 200, inset - 10)] = 1000
    hu[ellipse(200, 200, inset)] = -100
    assert said(hu) is expected


def bones(seed: int, height: float) -> NDArray[np.float32]:
    return without_tissue(np.asarray(Head(seed).slice_at(height), dtype=np.float32))


@pytest.mark.parametrize("height", [0.1, 0.4, 0.7])
def test_the_bone_of_a_head_alone_is_no_head(height: float) -> None:
    assert said(bones(3, height), 0.45) is not None


@pytest.mark.parametrize(("tissue", "expected"), [(0.15, Anatomy.NO_TISSUE), (0.3, None)])
def test_a_head_has_soft_tissue(tissue: float, expected: Anatomy | None) -> None:
    assert anatomy.LEAST_TISSUE == 0.2
    hu = np.where(ellipse(220, 220), 1000.0, -1000.0)
    hu[ellipse(220, 220) & ~ellipse(220, 220, 110 * (1 - np.sqrt(1 - tissue)))] = 40.0
    assert said(hu.astype(np.float32)) is expected


@pytest.mark.parametrize(("area", "expected"), [(90, None), (110, Anatomy.NO_SKULL)])
def test_a_small_body_may_be_the_vertex(area: float, expected: Anatomy | None) -> None:
    assert anatomy.CHECKED_FOR_SKULL == 100
    across = 2 * np.sqrt(area * 100 / np.pi)
    assert said(body(across, across, skull=0)) is expected


def test_air_alone_is_no_other_body() -> None:
    assert said(np.full((SIZE, SIZE), -1000, dtype=np.float32)) is None


def test_the_real_study_passes(real_study: list[Path]) -> None:
    for path in real_study:
        assert prepare(path, 0, InputRecipe(size=32)).refusal is None


@pytest.mark.parametrize(("bone", "expected"), [(110.0, Anatomy.NO_SKULL), (260.0, None)])
def test_a_skull_is_bone(bone: float, expected: Anatomy | None) -> None:
    hu = body(150, 190, skull=9)
    hu[hu == 1000] = bone
    assert said(hu) is expected


@pytest.mark.parametrize(("area", "expected"), [(38, None), (43, Anatomy.NO_TISSUE)])
def test_a_very_small_body_need_not_show_soft_tissue(area: float, expected: Anatomy | None) -> None:
    across = 2 * np.sqrt(area * 100 / np.pi)
    hu = np.where(ellipse(across, across), 1000.0, -1000.0)
    assert said(hu.astype(np.float32)) is expected


@pytest.mark.parametrize(("level", "expected"), [(-495, None), (-505, Anatomy.AIR)])
def test_lung_begins_where_documented(level: float, expected: Anatomy | None) -> None:
    hu = body(220, 180)
    inner = np.sqrt(0.3)
    hu[ellipse(220 * inner, 180 * inner)] = level
    assert said(hu) is expected


@pytest.mark.parametrize(("bone", "expected"), [(148, Anatomy.NO_SKULL), (152, None)])
def test_thin_bone_begins_where_documented(bone: float, expected: Anatomy | None) -> None:
    assert said(with_bone(36, bone=bone)) is expected


@pytest.mark.parametrize(("area", "expected"), [(38, None), (42, Anatomy.NO_TISSUE)])
def test_a_body_of_forty_square_centimetres_has_soft_tissue(
    area: float, expected: Anatomy | None
) -> None:
    across = 2 * np.sqrt(area * 100 / np.pi)
    hu = np.where(ellipse(across, across), 1000.0, -1000.0).astype(np.float32)
    assert said(hu) is expected


# -- at the bound itself: bodies of so many pixels of 5 mm, a quarter of a square centimetre each


def rectangle(
    columns: int, rows: int, level: float = 40.0, *, skull: int = 2, side: int = 96
) -> NDArray[np.float32]:
    """A body in air, bone round it, small enough to be examined pixel by pixel."""
    hu = np.full((side, side), -1000, dtype=np.float32)
    hu[4 : 4 + rows, 4 : 4 + columns] = 1000
    hu[4 + skull : 4 + rows - skull, 4 + skull : 4 + columns - skull] = level
    return hu


@pytest.mark.parametrize(
    ("columns", "rows", "is_too_large"), [(60, 28, False), (61, 20, True), (60, 29, True)]
)
def test_a_head_has_the_largest_width_and_area_at_most(
    columns: int, rows: int, is_too_large: bool
) -> None:
    assert (anatomy.WIDEST, anatomy.LARGEST) == (300, 420)
    found = said_of(rectangle(columns, rows), 5.0)
    assert (found is Anatomy.TOO_LARGE_A_BODY) is is_too_large


@pytest.mark.parametrize(("rows", "has_air"), [(16, False), (17, True)])
def test_a_fifth_of_a_head_may_be_air(rows: int, has_air: bool) -> None:
    assert anatomy.MOST_AIR == 0.2
    hu = rectangle(60, 28)
    hu[8 : 8 + rows, 10:31] = -900  # 336 of 1,680 pixels, or one row more
    assert (said_of(hu, 5.0) is Anatomy.AIR) is has_air


@pytest.mark.parametrize(("rows", "expected"), [(20, Anatomy.NO_SKULL), (19, None)])
def test_a_body_of_a_hundred_square_centimetres_has_a_skull(
    rows: int, expected: Anatomy | None
) -> None:
    assert said_of(rectangle(20, rows, skull=0), 5.0) is expected


@pytest.mark.parametrize(("columns", "expected"), [(40, Anatomy.NO_SKULL), (39, None)])
def test_a_body_in_a_fifth_of_the_image_has_a_skull(columns: int, expected: Anatomy | None) -> None:
    assert said_of(rectangle(columns, 32, skull=0, side=80), None) is expected


@pytest.mark.parametrize(("missing", "expected"), [(0, Anatomy.NO_TISSUE), (1, None)])
def test_from_so_large_on_a_body_has_soft_tissue(missing: int, expected: Anatomy | None) -> None:
    hu = rectangle(16, 10, 1000)
    hu[4, 4 : 4 + missing] = -1000
    assert said_of(hu, 5.0) is expected


@pytest.mark.parametrize(("tissue", "expected"), [(80, None), (79, Anatomy.NO_TISSUE)])
def test_a_fifth_of_a_head_is_soft_tissue(tissue: int, expected: Anatomy | None) -> None:
    hu = rectangle(20, 20, 1000)
    inner = np.argwhere(rectangle(20, 20, skull=4) == 40)[:tissue]
    hu[tuple(inner.T)] = 40
    assert said_of(hu, 5.0) is expected


@pytest.mark.parametrize(("bone", "expected"), [(34, None), (33, Anatomy.NO_SKULL)])
def test_so_much_of_a_head_is_bone(bone: int, expected: Anatomy | None) -> None:
    """Two sides of a square of 400 pixels."""
    hu = rectangle(20, 20, skull=0)
    hu[4:24, 4] = 1000
    hu[4, 5 : 5 + bone - 20] = 1000
    assert said_of(hu, 5.0) is expected


@pytest.mark.parametrize(
    ("others", "level", "share", "expected"),
    [
        (50, 300.0, 0.1, None),
        (51, 300.0, 0.1, Anatomy.NO_BRAIN),
        (51, 300.0, 0.0999, None),
        (51, -20.0, 0.1, Anatomy.NO_BRAIN),
        (51, -19.0, 0.1, None),
        (51, 100.0, 0.1, Anatomy.NO_BRAIN),
        (51, 99.0, 0.1, None),
    ],
)
def test_half_of_what_a_skull_encloses_is_brain(
    others: int, level: float, share: float, expected: Anatomy | None
) -> None:
    small = Reduced(np.zeros((1, 1), dtype=np.float32))
    values = np.array([level] * others + [40.0] * (100 - others), dtype=np.float32)
    small.__dict__["inside"] = Inside(values, share)
    found = anatomy._hollow(small)
    assert (None if found is None else found.code) is expected
