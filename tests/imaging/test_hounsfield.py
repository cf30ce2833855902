from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from imaging.hounsfield import (
    AIR_BAND,
    BONE,
    FLAT,
    HIGHEST,
    LEAST_AIR,
    LEAST_BODY,
    LEAST_TISSUE,
    LEAST_TISSUE_TO_LOWER,
    LOWEST,
    MOST_ABOVE,
    MOST_BELOW,
    MOST_BONE_AT_BORDER,
    TISSUE_BAND,
    Doubt,
    doubt,
)
from imaging.messages import Message, MessageCode
from imaging.reading import read_image

SIZE = 100
FIELD = (SIZE // 2, SIZE // 2)
"""A pixel that surely lies within the field of view."""


def image(*parts: tuple[float, float], air: float = -1000.0) -> NDArray[np.float32]:
    """Air with parts of other values: (share of the pixels, HU), laid out from the middle down."""
    values = np.full(SIZE * SIZE, air, dtype=np.float32)
    at = 0
    for share, level in parts:
        count = round(share * values.size)
        values[at : at + count] = level
        if level > -800:  # no two pixels of a body are alike
            values[at : at + count] -= np.sign(level) * np.linspace(0, 0.5, count)
        at += count
    return np.roll(values.reshape(SIZE, SIZE), 30, axis=0)


def said(values: NDArray[np.float32]) -> MessageCode | None:
    found = doubt(values)
    return None if found is None else found.code


def test_a_body_in_air_is_not_doubted() -> None:
    assert said(image((0.3, 40), (0.05, 900))) is None


@pytest.mark.parametrize(
    ("level", "expected"),
    [
        (AIR_BAND[0], None),
        (AIR_BAND[0] - 1, Doubt.AIR_ELSEWHERE),
        (AIR_BAND[1], None),
        (AIR_BAND[1] + 1, Doubt.AIR_ELSEWHERE),
        (-1024, None),
        (-1200, Doubt.NO_AIR),
        (-510, Doubt.AIR_ELSEWHERE),
        (-500, Doubt.NO_AIR),
        (-1090, Doubt.AIR_ELSEWHERE),
        (-1100, Doubt.NO_AIR),
        (-400, Doubt.NO_AIR),
    ],
)
def test_air_lies_near_its_definition(level: float, expected: Doubt | None) -> None:
    assert said(image((0.3, 40), air=level)) is expected


@pytest.mark.parametrize(("share", "expected"), [(0.0019, Doubt.NO_AIR), (0.0021, None)])
def test_some_air_must_be_there(share: float, expected: Doubt | None) -> None:
    assert LEAST_AIR == 0.002
    assert said(image((1 - share, 40))) is expected


@pytest.mark.parametrize(("share", "expected"), [(0.0099, None), (0.0101, Doubt.NO_TISSUE)])
def test_too_little_of_a_body_tells_nothing(share: float, expected: Doubt | None) -> None:
    assert LEAST_BODY == 0.01
    assert said(image((share, 900))) is expected


@pytest.mark.parametrize(("tissue", "expected"), [(0.0098, Doubt.NO_TISSUE), (0.0102, None)])
def test_soft_tissue_is_part_of_every_body(tissue: float, expected: Doubt | None) -> None:
    assert LEAST_TISSUE == 0.05
    assert said(image((tissue, 40), (0.2 - tissue, 900))) is expected


@pytest.mark.parametrize(
    ("level", "expected"),
    [
        (TISSUE_BAND[0], None),
        (TISSUE_BAND[0] - 1, Doubt.NO_TISSUE),
        (TISSUE_BAND[1], None),
        (TISSUE_BAND[1] + 1, Doubt.NO_TISSUE),
    ],
)
def test_soft_tissue_lies_between_fat_and_blood(level: float, expected: Doubt | None) -> None:
    assert said(image((0.3, level))) is expected


@pytest.mark.parametrize(("tissue", "expected"), [(0.098, Doubt.NO_TISSUE), (0.102, None)])
def test_tissue_outweighs_what_lies_between_it_and_air(
    tissue: float, expected: Doubt | None
) -> None:
    assert LEAST_TISSUE_TO_LOWER == 0.5
    assert said(image((tissue, 40), (0.2, -500))) is expected


@pytest.mark.parametrize(("share", "expected"), [(0.0149, None), (0.0151, Doubt.TOO_HIGH)])
def test_metal_is_small(share: float, expected: Doubt | None) -> None:
    assert MOST_ABOVE == 0.05
    assert said(image((0.3 - share, 40), (share, HIGHEST + 1))) is expected
    assert said(image((0.3 - share, 40), (share, HIGHEST))) is None


@pytest.mark.parametrize(("pixels", "expected"), [(198, None), (199, Doubt.BRIGHT_BORDER)])
def test_no_bone_runs_round_the_border(pixels: int, expected: Doubt | None) -> None:
    assert MOST_BONE_AT_BORDER == 0.5
    for level in (BONE, BONE + 1):
        values = image((0.3, 40))
        border = np.ones(values.shape, dtype=np.bool_)
        border[1:-1, 1:-1] = False
        edge = tuple(index[:pixels] for index in np.nonzero(border))
        values[edge] = level - np.linspace(0, 0.5, pixels)
        assert said(values) is (expected if level > BONE else None)


def scattered(share: float, values: NDArray[np.float32]) -> NDArray[np.float32]:
    """The image with different low values in so much of its field of view."""
    y, x = np.ogrid[-1 : 1 : SIZE * 1j, -1 : 1 : SIZE * 1j]
    inside = np.flatnonzero((x * x + y * y < 0.8).ravel())
    count = round(share * inside.size)
    changed = values.ravel().copy()
    changed[inside[:count]] = LOWEST - 1 - 3 * np.arange(count)
    return changed.reshape(values.shape)


@pytest.mark.parametrize(("share", "expected"), [(0.004, None), (0.007, Doubt.TOO_LOW)])
def test_little_lies_far_below_air_within_the_field(share: float, expected: Doubt | None) -> None:
    assert MOST_BELOW == 0.005
    assert said(scattered(share, image((0.3, 40)))) is expected


def test_one_value_far_below_air_is_padding() -> None:
    assert said(image((0.3, 40), (0.2, -3024))) is None


def test_what_the_header_calls_padding_proves_no_air() -> None:
    values = image((0.3, 40), air=24)
    values[:10] = -1000
    padding = values == -1000
    assert doubt(values) is None
    found = doubt(values, padding)
    assert found is not None
    assert found.code is Doubt.NO_AIR


def test_the_value_of_the_corners_alone_proves_no_air() -> None:
    values = image((0.3, 40), air=24)
    y, x = np.ogrid[-1 : 1 : SIZE * 1j, -1 : 1 : SIZE * 1j]
    values[x * x + y * y > 1] = -976
    assert said(values) is Doubt.NO_AIR


@pytest.mark.parametrize(("spread", "expected"), [(FLAT - 0.01, None), (2.1, Doubt.NO_AIR)])
def test_an_image_of_one_value_says_nothing(spread: float, expected: Doubt | None) -> None:
    values = np.full((SIZE, SIZE), 40 - spread, dtype=np.float32)
    values[:, ::2] = 40 + spread
    assert said(values) is expected


def test_air_alone_says_nothing() -> None:
    noise = np.random.default_rng(1).normal(-1000, 20, (SIZE, SIZE))
    assert said(noise.astype(np.float32)) is None


def test_an_image_that_is_all_padding_says_nothing() -> None:
    values = image((0.3, 40))
    assert doubt(values, np.ones(values.shape, dtype=np.bool_)) is None


def test_large_images_are_examined_by_some_of_their_pixels() -> None:
    large = np.kron(image((0.3, 40), air=24), np.ones((11, 7), dtype=np.float32))
    assert said(large) is Doubt.NO_AIR


CHANGES = {
    "slope x10": lambda hu: (hu + 1024) * 10 - 1024,
    "all x10": lambda hu: hu * 10,
    "slope x2": lambda hu: (hu + 1024) * 2 - 1024,
    "slope x0.5": lambda hu: (hu + 1024) * 0.5 - 1024,
    "intercept lost": lambda hu: hu + 1024,
    "intercept +500": lambda hu: hu + 500,
    "intercept -500": lambda hu: hu - 500,
    "intercept +100": lambda hu: hu + 100,
    "intercept -100": lambda hu: hu - 100,
    "signed said unsigned": lambda hu: np.where(hu < 0, hu + 4096, hu),
    "a window baked in": lambda hu: np.clip(hu, 0, 80) * 3.1875,
    "a wide window baked in": lambda hu: np.clip(hu, -160, 240),
    "turned round": lambda hu: -hu,
}


@pytest.mark.parametrize("name", CHANGES)
def test_changed_values_of_the_real_study_are_doubted(shared_data: Path, name: str) -> None:
    for path in sorted((shared_data / "dicom-head-ge").glob("*.dcm")):
        hu = read_image(path).pixels
        assert said(hu.astype(np.float32)) is None
        assert said(CHANGES[name](hu).astype(np.float32)) is not None, path.name


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (image((0.3, 40), air=-700), Message(Doubt.AIR_ELSEWHERE, level=-700.0)),
        (image((0.01, 40), (0.39, 900)), Message(Doubt.NO_TISSUE, share=2.5)),
        (image((0.3, 40), (0.1, 5000)), Message(Doubt.TOO_HIGH, share=25.0)),
    ],
)
def test_a_doubt_says_how_much(values: NDArray[np.float32], expected: Message) -> None:
    found = doubt(values)
    assert found is not None
    assert found.code is expected.code
    assert dict(found.values) == pytest.approx(dict(expected.values))
