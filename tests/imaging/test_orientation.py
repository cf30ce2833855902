import math
from dataclasses import replace
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from imaging.errors import Code
from imaging.image import Geometry, Turn, Unit
from imaging.input.recipe import InputRecipe, network_input
from imaging.orientation import (
    Orientation,
    standard_turn,
    turned,
    turned_geometry,
)
from imaging.reading import read_image
from tests.make.dicom import HU, ct, save

STANDARD: Orientation = (1, 0, 0, 0, 1, 0)
PIXELS = np.arange(12).reshape(3, 4)
STORED: dict[Orientation, Turn] = {
    (1, 0, 0, 0, 1, 0): Turn(),
    (-1, 0, 0, 0, 1, 0): Turn(mirrored=True),
    (1, 0, 0, 0, -1, 0): Turn(upside_down=True),
    (-1, 0, 0, 0, -1, 0): Turn(mirrored=True, upside_down=True),
    (0, 1, 0, 1, 0, 0): Turn(transposed=True),
    (0, -1, 0, 1, 0, 0): Turn(transposed=True, upside_down=True),
    (0, 1, 0, -1, 0, 0): Turn(transposed=True, mirrored=True),
    (0, -1, 0, -1, 0, 0): Turn(transposed=True, mirrored=True, upside_down=True),
}


@pytest.mark.parametrize("orientation", STORED)
def test_the_turn_of_each_axial_orientation(orientation: Orientation) -> None:
    assert standard_turn(orientation) == STORED[orientation]


@pytest.mark.parametrize(
    "orientation",
    [None, (1, 0, 0, 0, 0, -1), (0, -1, 0, 0, 0, -1), (0.9, 0.43589, 0, -0.43589, 0.9, 0)],
)
def test_other_planes_and_small_rotations_stay(orientation: Orientation | None) -> None:
    assert standard_turn(orientation) == Turn()


@pytest.mark.parametrize(("cosine", "stays"), [(0.5, False), (0.4999999, True)])
def test_axial_ends_where_documented(cosine: float, stays: bool) -> None:
    orientation = (-1.0, 0.0, 0.0, 0.0, cosine, math.sqrt(1 - cosine * cosine))
    assert (standard_turn(orientation) == Turn()) is stays


@pytest.mark.parametrize("orientation", STORED)
def test_every_pixel_keeps_its_place_in_the_patient(orientation: Orientation) -> None:
    geometry = Geometry((7.0, -3.0, 5.0), orientation, (0.5, 2.0))
    turn = standard_turn(orientation)
    values = turned(PIXELS, turn)
    after = turned_geometry(geometry, turn, *values.shape)
    assert after.orientation == STANDARD
    assert places(values, after) == places(PIXELS, geometry)


def places(pixels: np.ndarray, geometry: Geometry) -> dict[int, tuple[float, ...]]:
    assert geometry.orientation is not None
    assert geometry.spacing is not None
    assert geometry.position is not None
    across, down = np.array(geometry.orientation[:3]), np.array(geometry.orientation[3:])
    return {
        int(pixels[row, column]): tuple(
            (
                np.array(geometry.position)
                + across * column * geometry.spacing[1]
                + down * row * geometry.spacing[0]
            ).tolist()
        )
        for row, column in product(range(pixels.shape[0]), range(pixels.shape[1]))
    }


def test_without_a_spacing_the_position_stays() -> None:
    geometry = Geometry((7.0, -3.0, 5.0), (0, -1, 0, -1, 0, 0), None, aspect=2.0)
    after = turned_geometry(geometry, Turn(True, True, True), 4, 3)
    assert after == replace(geometry, orientation=STANDARD, aspect=0.5)


@pytest.mark.parametrize(
    ("orientation", "said"),
    [
        ((-1, 0, 0, 0, 1, 0), "stored_mirrored"),
        ((1, 0, 0, 0, -1, 0), "stored_mirrored"),
        ((-1, 0, 0, 0, -1, 0), "stored_upside_down"),
        ((0, 1, 0, -1, 0, 0), "stored_sideways"),
    ],
)
def test_reader_and_network_get_the_standard_orientation(
    tmp_path: Path, orientation: Orientation, said: str
) -> None:
    turn = standard_turn(orientation)
    # What is stored is what becomes HU by the turn: steps in reverse order.
    stored = HU[::-1] if turn.upside_down else HU
    stored = stored[:, ::-1] if turn.mirrored else stored
    stored = stored.T if turn.transposed else stored
    image = ct(ImageOrientationPatient=list(orientation), PixelSpacing=[0.5, 0.5])
    image.Rows, image.Columns = stored.shape
    image.PixelData = np.ascontiguousarray(stored + 1024).astype("<u2").tobytes()
    read = read_image(save(image, tmp_path / "a"))
    plain = read_image(save(ct(PixelSpacing=[0.5, 0.5]), tmp_path / "b"))
    assert read.header.unit is Unit.HOUNSFIELD
    assert np.array_equal(read.pixels, HU)
    assert (read.header.rows, read.header.columns) == HU.shape
    assert read.header.geometry.orientation == STANDARD
    assert np.array_equal(
        network_input(read, InputRecipe()).pixels, network_input(plain, InputRecipe()).pixels
    )
    (warning,) = read.header.warnings
    assert warning.code is Code.TURNED
    assert not isinstance(warning.detail, str)
    assert warning.detail.code == said
    assert plain.header.warnings == ()
