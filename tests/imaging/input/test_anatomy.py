from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from imaging.errors import Code
from imaging.image import Geometry, Image, ImageHeader, Unit
from imaging.input import anatomy
from imaging.input.anatomy import Anatomy, other_body
from imaging.input.prepare import prepare
from imaging.input.recipe import InputRecipe
from imaging.messages import Message, MessageCode
from imaging.samples.phantom import Head

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


@pytest.mark.parametrize(("wide", "long"), [(150, 190), (185, 235), (90, 90)])
def test_heads_pass(wide: float, long: float) -> None:
    assert said(body(wide, long)) is None


@pytest.mark.parametrize("height", [0.05, 0.3, 0.6, 0.9])
def test_generated_heads_pass(height: float) -> None:
    assert said(Head(3).slice_at(height), 0.45) is None


@pytest.mark.parametrize(
    ("wide", "expected"),
    [(anatomy.WIDEST - 8, None), (anatomy.WIDEST + 8, Anatomy.TOO_LARGE_A_BODY)],
)
def test_no_head_is_so_wide(wide: float, expected: Anatomy | None) -> None:
    assert said(body(wide, 100)) is expected


@pytest.mark.parametrize(
    ("area", "expected"),
    [(anatomy.LARGEST - 10, None), (anatomy.LARGEST + 10, Anatomy.TOO_LARGE_A_BODY)],
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
    [(anatomy.MOST_LUNG - 0.02, None), (anatomy.MOST_LUNG + 0.02, Anatomy.LUNGS)],
)
def test_lungs_are_no_sinuses(share: float, expected: Anatomy | None) -> None:
    hu = body(220, 180)
    inner = np.sqrt(share)
    hu[ellipse(220 * inner, 180 * inner)] = -850
    assert said(hu) is expected


def with_bone(directions: int) -> NDArray[np.float32]:
    """A body with bone in so many of 36 directions from its middle."""
    hu = body(200, 150, skull=0)
    rows, columns = np.mgrid[:SIZE, :SIZE] - (SIZE - 1) / 2
    sector = np.floor((np.arctan2(rows, columns) / (2 * np.pi) + 0.5) * 36).astype(int)
    ring = ellipse(200, 150, 10) & ~ellipse(200, 150, 30)
    hu[ring & (sector < directions)] = 900
    return hu


@pytest.mark.parametrize(
    ("directions", "expected"), [(0, Anatomy.NO_SKULL), (10, Anatomy.NO_SKULL), (14, None)]
)
def test_bone_on_one_side_is_no_skull(directions: int, expected: Anatomy | None) -> None:
    assert anatomy.LEAST_SKULL == 0.35
    assert said(with_bone(directions)) is expected


@pytest.mark.parametrize(("area", "expected"), [(90, None), (110, Anatomy.NO_SKULL)])
def test_a_small_body_may_be_the_vertex(area: float, expected: Anatomy | None) -> None:
    assert anatomy.CHECKED_FOR_SKULL == 100
    across = 2 * np.sqrt(area * 100 / np.pi)
    assert said(body(across, across, skull=0)) is expected


def test_air_alone_is_no_other_body() -> None:
    assert said(np.full((SIZE, SIZE), -1000, dtype=np.float32)) is None


def test_the_real_study_passes(shared_data: Path) -> None:
    for path in sorted((shared_data / "dicom-head-ge").glob("*.dcm")):
        assert prepare(path, 0, InputRecipe(size=32)).refusal is None


@pytest.mark.parametrize(("bone", "expected"), [(300.0, Anatomy.NO_SKULL), (301.0, None)])
def test_a_skull_is_bone(bone: float, expected: Anatomy | None) -> None:
    hu = body(150, 190)
    hu[hu == 1000] = bone
    assert said(hu) is expected
