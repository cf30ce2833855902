from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from imaging import hounsfield
from imaging.hounsfield import (
    CHECKED_FOR_SOFT,
    CLIPPED,
    ENOUGH_STEPS,
    HIGHEST,
    LEAST_AIR,
    LEAST_BODY,
    LEAST_BONE,
    LEAST_HAIR,
    LEAST_SOFT,
    LEAST_TISSUE,
    LEAST_TISSUE_TO_LOWER,
    LEAST_UNEVEN,
    MOST_ABOVE,
    MOST_AIR_ABOVE,
    MOST_BELOW,
    MOST_BONE_AT_BORDER,
    MOST_OF_BRAIN,
    MOSTLY_SOFT,
    SOFT_BAND,
    TISSUE_BAND,
    WELL_FILLED,
    Doubt,
    bright_padding,
    doubt,
    shows_body,
    unusual,
)
from imaging.messages import Message, MessageCode
from imaging.reading import read_image
from imaging.skull import BODY, Inside, Reduced

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
        (-1050, None),
        (-1051, Doubt.AIR_ELSEWHERE),
        (-950, None),
        (-949, Doubt.AIR_ELSEWHERE),
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


@pytest.mark.parametrize(("share", "expected"), [(0.0019, Doubt.NO_AIR), (0.002, None)])
def test_some_air_must_be_there(share: float, expected: Doubt | None) -> None:
    assert LEAST_AIR == 0.002
    assert said(image((1 - share, 40))) is expected


@pytest.mark.parametrize(("share", "expected"), [(0.0199, None), (0.02, Doubt.NO_TISSUE)])
def test_too_little_of_a_body_is_not_checked(share: float, expected: Doubt | None) -> None:
    assert LEAST_BODY == 0.02
    assert said(image((share, 900))) is expected


@pytest.mark.parametrize(("share", "expected"), [(0.0599, None), (0.06, Doubt.NO_TISSUE)])
def test_hair_is_not_checked_and_values_that_all_lie_low_are(
    share: float, expected: Doubt | None
) -> None:
    assert LEAST_HAIR == 0.06
    assert said(image((share, -500))) is expected


@pytest.mark.parametrize(("tissue", "expected"), [(0.0049, Doubt.NO_TISSUE), (0.005, None)])
def test_soft_tissue_is_part_of_every_body(tissue: float, expected: Doubt | None) -> None:
    assert LEAST_TISSUE == 0.05
    assert said(image((tissue, 40), (0.1 - tissue, 900))) is expected


@pytest.mark.parametrize(
    ("level", "expected"),
    [
        (-150, None),
        (-151, Doubt.NO_TISSUE),
        (150, None),
        (151, Doubt.NO_TISSUE),
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


@pytest.mark.parametrize(("tissue", "expected"), [(0.0499, Doubt.NO_TISSUE), (0.05, None)])
def test_half_as_much_tissue_is_enough(tissue: float, expected: Doubt | None) -> None:
    assert said(image((tissue, 40), (0.1 - tissue, 900), (0.1, -500))) is expected


@pytest.mark.parametrize(("share", "expected"), [(0.015, None), (0.0151, Doubt.TOO_HIGH)])
def test_metal_is_small(share: float, expected: Doubt | None) -> None:
    assert MOST_ABOVE == 0.05
    assert said(image((0.3 - share, 40), (share, 4001))) is expected
    assert said(image((0.3 - share, 40), (share, 4000))) is None


@pytest.mark.parametrize(("pixels", "expected"), [(198, None), (199, Doubt.BRIGHT_BORDER)])
def test_no_bone_runs_round_the_border(pixels: int, expected: Doubt | None) -> None:
    assert MOST_BONE_AT_BORDER == 0.5
    for level in (300, 301):
        values = image((0.3, 40))
        border = np.ones(values.shape, dtype=np.bool_)
        border[1:-1, 1:-1] = False
        edge = tuple(index[:pixels] for index in np.nonzero(border))
        values[edge] = level - np.linspace(0, 0.5, pixels)
        assert said(values) is (expected if level > 300 else None)


def scattered(share: float, values: NDArray[np.float32]) -> NDArray[np.float32]:
    """The image with different low values in so much of its field of view."""
    y, x = np.ogrid[-1 : 1 : SIZE * 1j, -1 : 1 : SIZE * 1j]
    inside = np.flatnonzero((x * x + y * y < 0.8).ravel())
    count = round(share * inside.size)
    changed = values.ravel().copy()
    changed[inside[:count]] = -1501 - 3 * np.arange(count)
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


@pytest.mark.parametrize(("spread", "expected"), [(2.0, None), (2.1, Doubt.NO_AIR)])
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


def rare(values: NDArray[np.float32]) -> MessageCode | None:
    found = unusual(values)
    return None if found is None else found.code


def head(*brain: tuple[float, float], across: float = 0.8) -> NDArray[np.float32]:
    """A ring of bone with parts of (share, HU) in it, from above down, and no air but around it."""
    y, x = np.mgrid[-1 : 1 : SIZE * 1j, -1 : 1 : SIZE * 1j]
    radius = np.hypot(x, y)
    hu = np.where(radius < across, 1000.0, -1000.0)
    inner = radius < across - 0.12
    rows = np.cumsum(inner.sum(axis=1)) / inner.sum()
    begun = 0.0
    for share, level in brain:
        part = (rows > begun) & (rows <= begun + share + 1e-6)
        hu[inner & part[:, None]] = level
        begun += share
    return hu.astype(np.float32)


@pytest.mark.parametrize(
    ("level", "expected"),
    [
        (17, None),
        (16, Doubt.BRAIN_ELSEWHERE),
        (48, None),
        (49, Doubt.BRAIN_ELSEWHERE),
    ],
)
def test_brain_lies_where_scanners_put_it(level: float, expected: Doubt | None) -> None:
    assert said(head((1, level))) is expected


@pytest.mark.parametrize(("fluid", "expected"), [(0.77, None), (0.93, Doubt.BRAIN_ELSEWHERE)])
def test_a_head_full_of_fluid_has_some_brain(fluid: float, expected: Doubt | None) -> None:
    assert said(head((fluid, 8), (1 - fluid, 30))) is expected


@pytest.mark.parametrize(("blood", "expected"), [(0.7, None), (0.9, Doubt.BRAIN_ELSEWHERE)])
def test_a_head_full_of_blood_has_some_brain(blood: float, expected: Doubt | None) -> None:
    assert said(head((1 - blood, 30), (blood, 65))) is expected


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (37, 61, Doubt.BRAIN_ELSEWHERE),
        (36, 61, None),
        (37, 60, None),
    ],
)
def test_brain_is_not_bright_and_of_high_contrast(
    low: float, high: float, expected: Doubt | None
) -> None:
    assert said(head((0.7, low), (0.3, high))) is expected


@pytest.mark.parametrize(("across", "expected"), [(0.25, None), (0.8, Doubt.BRAIN_ELSEWHERE)])
def test_only_what_a_skull_encloses_is_brain(across: float, expected: Doubt | None) -> None:
    assert MOST_OF_BRAIN == 0.3
    assert said(head((1, 66), across=across)) is expected


def test_an_empty_skull_tells_nothing_of_the_values() -> None:
    values = head((1, -1000))
    values[:20] = 40
    assert said(values) is None


@pytest.mark.parametrize(
    ("level", "expected"),
    [
        (7, None),
        (3, Doubt.SOFT_ELSEWHERE),
        (68, None),
        (72, Doubt.SOFT_ELSEWHERE),
    ],
)
def test_soft_tissue_lies_where_scanners_put_it(level: float, expected: Doubt | None) -> None:
    assert said(image((0.2, level), (0.06, 900))) is expected


@pytest.mark.parametrize(("bone", "expected"), [(0.015, None), (0.04, Doubt.SOFT_ELSEWHERE)])
def test_a_body_with_little_bone_may_hold_contrast_agent(
    bone: float, expected: Doubt | None
) -> None:
    assert LEAST_BONE == 0.1
    assert said(image((0.3 - bone, 82), (bone, 900))) is expected


@pytest.mark.parametrize(("soft", "expected"), [(0.12, None), (0.15, Doubt.SOFT_ELSEWHERE)])
def test_the_peak_of_little_soft_tissue_is_not_checked(soft: float, expected: Doubt | None) -> None:
    assert MOSTLY_SOFT == 0.45
    assert said(image((soft, 82), (0.3 - soft, 900))) is expected


@pytest.mark.parametrize(("soft", "expected"), [(0.02, Doubt.NO_SOFT_TISSUE), (0.035, None)])
def test_some_of_a_body_is_between_water_and_blood(soft: float, expected: Doubt | None) -> None:
    assert (LEAST_SOFT, SOFT_BAND) == (0.1, (0, 90))
    assert said(image((soft, 40), (0.05, 140), (0.2, 900))) is expected


@pytest.mark.parametrize(("share", "expected"), [(0.09, None), (0.14, Doubt.NO_SOFT_TISSUE)])
def test_a_small_body_is_not_checked_by_its_soft_tissue(
    share: float, expected: Doubt | None
) -> None:
    assert CHECKED_FOR_SOFT == 0.12
    assert said(image((0.02, 140), (share - 0.02, 900))) is expected


@pytest.mark.parametrize(
    ("levels", "step", "expected"),
    [
        (12, 4, Doubt.STEPS),
        (11, 4, None),
        (12, 3.9, None),
    ],
)
def test_values_in_wide_steps_are_no_scanners(
    levels: int, step: float, expected: Doubt | None
) -> None:
    values = image((0.25, 40), (0.06, 900))
    soft = (values > 0) & (values < 100)
    values[soft] = 10 + step * (np.arange(soft.sum()) % levels)
    assert said(values) is expected


def stretched(
    factor: float, levels: int = 61, *, pixels: int = WELL_FILLED, pitch: float = 1.0
) -> NDArray[np.float32]:
    """A body whose soft tissue has so many whole numbers around 35, times a factor and rounded."""
    values = image((0.25, 35), (0.06, 900))
    at = np.flatnonzero((values > 0) & (values < 100))
    numbers = np.rint((np.arange(levels) - levels // 2) * factor) * pitch + 35
    values.ravel()[at] = 35
    values.ravel()[at[: levels * pixels]] = np.repeat(numbers, pixels)
    return values


@pytest.mark.parametrize(
    ("factor", "refused", "told"),
    [
        (1.0, None, None),
        (1.08, None, None),
        (1.12, None, Doubt.UNEVEN_STEPS),
        (1.18, None, Doubt.UNEVEN_STEPS),
        (1.22, Doubt.UNEVEN_STEPS, Doubt.UNEVEN_STEPS),
        (2.05, Doubt.UNEVEN_STEPS, Doubt.UNEVEN_STEPS),
        (2.73, Doubt.UNEVEN_STEPS, Doubt.UNEVEN_STEPS),
        (2.0, None, Doubt.STEPS),
    ],
)
def test_a_window_stretched_over_more_values_leaves_some_out(
    factor: float, refused: Doubt | None, told: Doubt | None
) -> None:
    assert (said(stretched(factor)), rare(stretched(factor))) == (refused, told)


@pytest.mark.parametrize(("pitch", "expected"), [(1.9, None), (2.0, Doubt.STEPS)])
def test_even_steps_of_two_are_told(pitch: float, expected: Doubt | None) -> None:
    assert said(stretched(1, pitch=pitch)) is None
    assert rare(stretched(1, pitch=pitch)) is expected


@pytest.mark.parametrize(("pixels", "expected"), [(7, None), (8, Doubt.UNEVEN_STEPS)])
def test_values_that_few_pixels_have_may_be_missing_by_chance(
    pixels: int, expected: Doubt | None
) -> None:
    assert WELL_FILLED == 8
    assert said(stretched(1.5, pixels=pixels)) is expected


@pytest.mark.parametrize(("levels", "expected"), [(30, None), (31, Doubt.UNEVEN_STEPS)])
def test_few_steps_tell_nothing(levels: int, expected: Doubt | None) -> None:
    assert ENOUGH_STEPS == 30
    assert said(stretched(1.5, levels)) is expected


@pytest.mark.parametrize(("missing", "expected"), [(2, None), (3, Doubt.UNEVEN_STEPS)])
def test_hardly_any_uneven_step_is_none(missing: int, expected: Doubt | None) -> None:
    """Of 91 steps; they are of two thirds of a unit, or 30 of them would tell nothing."""
    assert LEAST_UNEVEN == 0.03
    values = stretched(1, 92, pitch=1.2)
    for number in range(missing):
        values[values > 36 + 6 * number] += 1.2 * (values[values > 36 + 6 * number] < 200)
    assert said(values) is expected


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize(("level", "expected"), [(199, None), (201, Doubt.STEPS)])
def test_steps_are_looked_for_within_two_hundred_units(
    sign: int, level: float, expected: Doubt | None
) -> None:
    values = image((0.25, 40), (0.06, 900))
    soft = (values > 0) & (values < 100)
    values[soft] = 10 + 4 * (np.arange(soft.sum()) % 12)
    close = np.argwhere(soft)[:2]
    values[tuple(close.T)] = sign * level, sign * (level - 0.5)
    assert said(values) is expected


@pytest.mark.parametrize(("side", "seen"), [(511, 511), (512, 256)])
def test_of_a_large_image_two_hundred_and_fifty_six_pixels_a_side_are_looked_at(
    side: int, seen: int
) -> None:
    pixels = np.arange(side * side).reshape(side, side)
    assert hounsfield._some(pixels).shape == (seen, seen)


@pytest.mark.parametrize(
    ("level", "expected"),
    [
        (22, None),
        (21, Doubt.BRAIN_ELSEWHERE),
        (42, None),
        (43, Doubt.BRAIN_ELSEWHERE),
    ],
)
def test_brain_at_the_edge_of_what_is_real_is_told(level: float, expected: Doubt | None) -> None:
    assert said(head((1, level))) is None
    assert rare(head((1, level))) is expected


@pytest.mark.parametrize(
    ("level", "expected"),
    [
        (17, None),
        (11, Doubt.SOFT_ELSEWHERE),
        (51, None),
        (57, Doubt.SOFT_ELSEWHERE),
    ],
)
def test_soft_tissue_at_the_edge_of_what_is_real_is_told(
    level: float, expected: Doubt | None
) -> None:
    assert rare(image((0.2, level), (0.06, 900))) is expected


@pytest.mark.parametrize(
    ("level", "expected"),
    [
        (-1010, None),
        (-1011, Doubt.AIR_ELSEWHERE),
        (-990, None),
        (-989, Doubt.AIR_ELSEWHERE),
        (-1021, None),
        (-1020, Doubt.AIR_ELSEWHERE),
        (-1027, None),
        (-1028, Doubt.AIR_ELSEWHERE),
    ],
)
def test_air_at_the_edge_of_what_is_real_is_told(level: float, expected: Doubt | None) -> None:
    assert rare(with_noise(image((0.2, 40), (0.06, 900), air=level), level)) is expected


def with_noise(values: NDArray[np.float32], air: float) -> NDArray[np.float32]:
    """Three of four pixels of the air somewhat higher or lower, the commonest as it was."""
    at = np.flatnonzero(values == air)
    values.ravel()[at[at % 4 > 0]] += (at[at % 4 > 0] % 31 - 15).astype(np.float32)
    return values


@pytest.mark.parametrize("usual", [-1024.0, -1000.0])
@pytest.mark.parametrize(
    ("beside", "expected"), [(0, None), (1, None), (-1, None), (2, True), (-2, True)]
)
def test_a_floor_is_that_of_a_scanner_or_told(
    usual: float, beside: int, expected: bool | None
) -> None:
    values = image((0.2, 40), (0.06, 900), air=usual + beside)
    assert rare(values) is (Doubt.AIR_ELSEWHERE if expected else None)


@pytest.mark.parametrize(("share", "expected"), [(0.3, True), (0.29, None)])
def test_air_is_a_floor_where_much_of_it_has_its_lowest_value(
    share: float, expected: bool | None
) -> None:
    values = image((0.2, 40), (0.06, 900), air=-997.0)
    air = np.flatnonzero(values == -997)
    values.ravel()[air[: round(share * air.size)]] = -1005
    assert rare(values) is (Doubt.AIR_ELSEWHERE if expected else None)


def test_nothing_is_told_of_an_image_that_is_all_padding() -> None:
    assert rare(np.full((SIZE, SIZE), -1000, dtype=np.float32)) is None
    values = image((0.3, 40), (0.05, 900))
    assert unusual(values, np.ones(values.shape, dtype=np.bool_)) is None


def test_padding_says_nothing_of_the_air() -> None:
    values = with_noise(image((0.2, 40), (0.06, 900), air=-980.0), -980.0)
    outside = np.zeros(values.shape, dtype=np.bool_)
    outside[:20] = True
    values[outside] = -1000
    found = unusual(values, outside)
    assert found is not None
    assert found.code is Doubt.AIR_ELSEWHERE


def test_nothing_is_told_of_an_image_without_air() -> None:
    assert rare(np.full((SIZE, SIZE), 40, dtype=np.float32)) is None


@pytest.mark.parametrize(
    ("at_high", "above_low", "high", "expected"),
    [
        (2, 60, 3071, Doubt.CLIPPED),
        (1, 60, 3071, None),
        (2, 90, 3071, None),
        (2, 60, 2999, None),
    ],
)
def test_values_clipped_at_both_ends_are_told(
    at_high: int, above_low: int, high: float, expected: Doubt | None
) -> None:
    assert (CLIPPED, MOST_AIR_ABOVE) == (0.003, 0.01)
    values = image((0.2, 40), (0.06, 900))  # 600 pixels of bone, 7,400 of air
    values[tuple(index[:at_high] for index in np.nonzero(values > 300))] = high
    values[tuple(index[:above_low] for index in np.nonzero(values < -900))] = -990
    assert rare(values) is expected


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
    "a window of 120 over 12 bits": lambda hu: np.clip((hu + 20) / 120, 0, 1) * 4095 - 1024,
    "a window of 400 over 12 bits": lambda hu: np.clip((hu + 160) / 400, 0, 1) * 4095 - 1024,
    "a bone window of 2000 over 12 bits": lambda hu: (
        np.rint(np.clip((hu + 485) / 2000, 0, 1) * 4095) - 1024
    ),
    "a bone window of 3000 over 12 bits": lambda hu: (
        np.rint(np.clip((hu + 742) / 3000, 0, 1) * 4095) - 1024
    ),
    "a window of 80 over 16 bits": lambda hu: np.clip(hu / 80, 0, 1) * 65535 - 1024,
    "all values in 256 steps": lambda hu: np.rint((hu + 1024) / 16) * 16 - 1024,
    "turned round": lambda hu: -hu,
}


@pytest.mark.parametrize("name", CHANGES)
def test_changed_values_of_the_real_study_are_doubted(real_study: list[Path], name: str) -> None:
    for path in real_study:
        hu = read_image(path).pixels
        assert said(hu.astype(np.float32)) is None
        assert said(CHANGES[name](hu).astype(np.float32)) is not None, path.name


@pytest.mark.parametrize(
    ("change", "least_refused", "least_told"),
    [
        *[(50, 27, 28), (-50, 23, 28), (30, 14, 28), (-30, 16, 28)],
        *[(20, 0, 28), (-20, 9, 24), (15, 0, 28), (-15, 0, 28), (12, 0, 28)],
    ],
)
def test_a_wrong_intercept_is_refused_or_told(
    real_study: list[Path], change: float, least_refused: int, least_told: int
) -> None:
    refused = told = 0
    for path in real_study:
        hu = (read_image(path).pixels + change).astype(np.float32)
        refused += doubt(hu) is not None
        told += doubt(hu) is not None or unusual(hu) is not None
    assert refused >= least_refused
    assert told >= least_told


def test_nothing_in_the_real_study_is_unusual(real_study: list[Path]) -> None:
    for path in real_study:
        assert unusual(read_image(path).pixels.astype(np.float32)) is None, path.name


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


@pytest.mark.parametrize(("level", "expected"), [(-805, None), (-795, Doubt.NO_TISSUE)])
def test_a_body_begins_where_documented(level: float, expected: Doubt | None) -> None:
    """Half of it is tissue enough of its own, too little to tell by where the rest is air."""
    assert said(image((0.08, level))) is expected


def test_what_lies_just_above_the_lowest_value_is_no_doubt() -> None:
    values = scattered(0.02, image((0.3, 40)))
    low = values < -1400
    values[low] = -1499 + 60 * np.linspace(0, 1, low.sum())
    assert said(values) is None


@pytest.mark.parametrize(
    ("inner", "outer", "is_padding"), [(0.72, 0.79, False), (0.81, 0.88, True)]
)
def test_a_value_that_lies_within_the_field_of_view_is_no_padding(
    inner: float, outer: float, is_padding: bool
) -> None:
    y, x = np.ogrid[-1:1:201j, -1:1:201j]
    squared = x * x + y * y
    ring = (squared > inner) & (squared < outer)
    values = np.where(ring | (squared > 1.5), -2000, 40).astype(np.float32)
    assert bool(hounsfield._corner_padding(values).any()) is is_padding


@pytest.mark.parametrize("level", TISSUE_BAND)
def test_the_ends_of_the_band_are_tissue(level: float) -> None:
    values = image((0.3, 40))
    body = values > -500
    values[body] = level
    assert said(values) is not Doubt.NO_TISSUE
    values[body] = level + np.sign(level)
    assert said(values) is Doubt.NO_TISSUE


@pytest.mark.parametrize(("level", "expected"), [(HIGHEST, False), (HIGHEST + 1, True)])
def test_metal_begins_above_the_highest_bone(level: float, expected: bool) -> None:
    values = image((0.3, 40), (0.05, 900))
    values[values > 300] = level
    assert (said(values) is Doubt.TOO_HIGH) is expected


# -- at the bound itself


def reduced(
    body: int = 1200, bone: int = 120, soft: int = 1000, *, air: float = -1000.0
) -> Reduced:
    """100 × 100 pixels: so many of a body, of these so many of bone, of 40 HU, and of fat."""
    hu = np.full(100 * 100, air, dtype=np.float32)
    hu[:body] = -100
    hu[: bone + soft] = 40
    hu[:bone] = 900
    return Reduced(hu.reshape(100, 100))


def enclosing(values: list[float], share: float = 0.5) -> Reduced:
    """A reduced slice whose skull encloses these values, in so much of its body."""
    small = Reduced(np.zeros((1, 1), dtype=np.float32))
    small.__dict__["inside"] = Inside(np.array(values, dtype=np.float32), share)
    return small


@pytest.mark.parametrize(("pixels", "is_shown"), [(199, False), (200, True)])
def test_a_fiftieth_of_the_image_shows_a_body(pixels: int, is_shown: bool) -> None:
    values = np.full(SIZE * SIZE, BODY, dtype=np.float32)
    values[:pixels] += 1
    assert shows_body(values.reshape(SIZE, SIZE)) is is_shown


@pytest.mark.parametrize(("level", "is_padding"), [(300, False), (301, True)])
def test_padding_is_bright_above_bone(level: float, is_padding: bool) -> None:
    values = image((0.3, 40))
    y, x = np.ogrid[-1 : 1 : SIZE * 1j, -1 : 1 : SIZE * 1j]
    values[x * x + y * y > 1] = level
    assert (bright_padding(values) is not None) is is_padding


@pytest.mark.parametrize(("first", "expected"), [(-1500, None), (-1501, Doubt.TOO_LOW)])
def test_so_many_pixels_may_lie_far_below_air(first: float, expected: Doubt | None) -> None:
    """Of 6,000 pixels 30, and one more that is of the most common value."""
    values = image((0.3, 40))
    field = np.flatnonzero(hounsfield._field(values).ravel())[:6000]
    inside = np.zeros(values.size, dtype=np.bool_)
    inside[field] = True
    values.ravel()[field[:32]] = first - 3 * np.arange(32)
    found = hounsfield._doubt_about_lows(values, inside.reshape(values.shape))
    assert (None if found is None else found.code) is expected


@pytest.mark.parametrize(
    ("values", "share", "is_brain"),
    [
        ([40.0], 0.3, True),
        ([40.0], 0.2999, False),
        ([-300.0], 0.3, False),
        ([-299.0], 0.3, True),
        ([199.0], 0.3, True),
        ([200.0], 0.3, False),
    ],
)
def test_what_a_skull_encloses_is_brain_by_its_share_and_its_values(
    values: list[float], share: float, is_brain: bool
) -> None:
    assert (hounsfield._brain(enclosing(values, share)) is not None) is is_brain


@pytest.mark.parametrize(
    ("small", "is_checked"),
    [
        (reduced(1200, 120), True),
        (reduced(1200, 119), False),
        (reduced(1199, 120), False),
        (reduced(1200, 120, air=-300.0), True),
        (reduced(1200, 120, air=-299.0), False),  # a body that is large, with little bone
        (reduced(10_000, 1000), True),
    ],
)
def test_a_body_is_checked_by_its_size_and_its_bone(small: Reduced, is_checked: bool) -> None:
    assert (hounsfield._body(small).size > 0) is is_checked


@pytest.mark.parametrize(("level", "is_checked"), [(200, False), (201, True)])
def test_bone_begins_above_the_documented_value(level: float, is_checked: bool) -> None:
    small = reduced()
    small.hu[small.hu == 900] = level
    assert (hounsfield._body(small).size > 0) is is_checked


@pytest.mark.parametrize(
    ("soft", "level", "has_peak"),
    [(45, 40, True), (44, 40, False), (45, -60, False), (45, 150, False), (45, 149, True)],
)
def test_a_peak_is_sought_where_enough_is_soft(soft: int, level: float, has_peak: bool) -> None:
    body = np.full(100, 900, dtype=np.float32)
    body[:soft] = level
    assert (hounsfield._soft_peak(body) is not None) is has_peak


@pytest.mark.parametrize(
    ("soft", "level", "expected"),
    [
        (120, 40, None),
        (119, 40, Doubt.NO_SOFT_TISSUE),
        (120, 0, None),
        (120, -1, Doubt.NO_SOFT_TISSUE),
        (120, 90, None),
        (120, 91, Doubt.NO_SOFT_TISSUE),
    ],
)
def test_a_tenth_of_a_body_is_soft_tissue(soft: int, level: float, expected: Doubt | None) -> None:
    small = reduced(1200, 1080, soft)
    small.hu[small.hu == 40] = level
    found = hounsfield._doubt_about_soft_tissue(small)
    assert (None if found is None else found.code) is expected


@pytest.mark.parametrize(
    ("at_high", "above_low", "high", "expected"),
    [
        (3, 1, 3000, Doubt.CLIPPED),
        (2, 1, 3000, None),
        (3, 2, 3000, None),
        (3, 1, 2999, None),
    ],
)
def test_a_window_clips_so_much_of_bone_and_air(
    at_high: int, above_low: int, high: float, expected: Doubt | None
) -> None:
    bone = np.full(1000, 900, dtype=np.float32)
    bone[:at_high] = high
    air = np.full(100, -1000, dtype=np.float32)
    air[:above_low] = -990
    found = hounsfield._clipped(np.concatenate([bone, air]))
    assert (None if found is None else found.code) is expected


@pytest.mark.parametrize(
    ("uneven", "step", "is_even"), [(2, 2.0, True), (3, 2.0, False), (3, 1.25, True)]
)
def test_steps_are_uneven_from_a_share_and_a_size_on(
    uneven: int, step: float, is_even: bool
) -> None:
    """Of a hundred steps of 1 HU."""
    steps = np.ones(100, dtype=np.float32)
    steps[:uneven] = step
    levels = np.concatenate([[np.float32(0)], np.cumsum(steps)])
    counts = np.full(levels.size, WELL_FILLED)
    assert hounsfield._mean_step(levels, counts)[1] is is_even
