import hashlib
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image as PilImage
from pydicom import uid

import imaging.input.prepare as module
from imaging.errors import Code, ImageError, Problem
from imaging.image import Image, ImageHeader, Unit
from imaging.input.head import TISSUE
from imaging.input.prepare import (
    THUMBNAIL,
    Prepared,
    Sheet,
    is_blank,
    panels,
    prepare,
    prepare_run,
    read_thumbnail,
    reduced,
)
from imaging.input.recipe import InputRecipe, network_input
from imaging.messages import Message
from imaging.reading import read_image
from imaging.regions import grown
from imaging.skull import Reduced
from tests.make.dicom import change, ct, save

RECIPE = InputRecipe(size=48)


def head_slice(height: int = 160, width: int = 128) -> NDArray[np.int16]:
    """A disc of 40 HU in air."""
    rows, columns = np.mgrid[:height, :width]
    inside = np.hypot(rows - height / 2, columns - width / 2) < 50
    return np.where(inside, 40 + rows % 20, -1000).astype(np.int16)


def head_file(path: Path, **attributes: object) -> Path:
    pixels = head_slice()
    rows, columns = pixels.shape
    data = (pixels + 1024).astype("<u2").tobytes()
    return save(change(ct(Rows=rows, Columns=columns, PixelData=data), **attributes), path)


def test_everything_of_one_frame(tmp_path: Path) -> None:
    path = head_file(tmp_path / "a")
    prepared = prepare(path, 0, RECIPE)
    image = read_image(path)
    assert prepared.header == image.header
    assert prepared.refusal is None
    assert prepared.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert prepared.network_input is not None
    assert np.array_equal(prepared.network_input, network_input(image, RECIPE).pixels)
    assert prepared.thumbnail.shape == (80, 64)


def test_what_bone_encloses_is_searched_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    searched = []

    def seen(mask: NDArray[np.bool_], steps: int) -> NDArray[np.bool_]:
        searched.append(steps)
        return grown(mask, steps)

    monkeypatch.setattr("imaging.skull.grown", seen)
    assert prepare(head_file(tmp_path / "a"), 0, RECIPE).refusal is None
    assert len(searched) == 1


@pytest.mark.parametrize(
    ("orientation", "is_turned"), [([1, 0, 0, 0, 1, 0], False), ([-1, 0, 0, 0, 1, 0], True)]
)
def test_what_was_examined_is_the_image_as_it_stands(
    tmp_path: Path, orientation: list[int], is_turned: bool
) -> None:
    image = read_image(head_file(tmp_path / "a", ImageOrientationPatient=orientation))
    assert (image.small is None) == is_turned
    if image.small is not None:
        assert np.array_equal(image.small.hu, Reduced.of(image.pixels.astype(np.float32)).hu)


@pytest.mark.parametrize(
    ("attributes", "code"),
    [
        ({"Modality": "MR", "SOPClassUID": uid.MRImageStorage}, Code.WRONG_MODALITY),
        ({"ImageType": ["ORIGINAL", "PRIMARY", "LOCALIZER"]}, Code.LOCALISER),
        ({"BodyPartExamined": "CHEST"}, Code.OTHER_BODY_PART),
    ],
)
def test_refused_images_can_be_viewed(
    tmp_path: Path, attributes: dict[str, object], code: Code
) -> None:
    prepared = prepare(head_file(tmp_path / "a", **attributes), 0, RECIPE)
    assert prepared.refusal is not None
    assert prepared.refusal.code is code
    assert prepared.network_input is None
    assert prepared.thumbnail.max() > 0


@pytest.mark.parametrize("level", [-1000, 0, 40, 3000])
def test_blank_slices_are_refused(tmp_path: Path, level: int) -> None:
    noise = np.random.default_rng(1).normal(level, 1, (160, 128))
    data = (noise + 1024).clip(0).astype("<u2").tobytes()
    path = save(ct(Rows=160, Columns=128, PixelData=data), tmp_path / "a")
    prepared = prepare(path, 0, RECIPE)
    assert prepared.refusal is not None
    assert prepared.refusal.code is Code.BLANK
    assert prepared.network_input is None


def test_unreadable_files_raise(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"")
    with pytest.raises(ImageError, match="empty"):
        prepare(tmp_path / "a", 0, RECIPE)


@pytest.mark.parametrize(
    ("others", "blank"), [(0, True), (10, True), (49, True), (50, False), (5000, False)]
)
def test_blank_means_nearly_all_of_one_value(others: int, blank: bool) -> None:
    grey = np.full(10_000, 100, dtype=np.uint8)
    grey[:others] = 109
    grey[others : others + 1000] = 104  # noise
    assert is_blank(grey.reshape(100, 100)) is blank


@pytest.mark.parametrize(
    ("shape", "expected"),
    [((512, 512), (86, 86)), ((96, 96), (96, 96)), ((97, 50), (49, 25)), ((1, 960), (1, 96))],
)
def test_thumbnails_are_small(shape: tuple[int, int], expected: tuple[int, int]) -> None:
    small = reduced(Image(ImageHeader(Unit.GREY, *shape), np.full(shape, 9, dtype=np.uint8))).pixels
    assert small.shape == expected
    assert max(small.shape) <= THUMBNAIL
    assert small.dtype == np.uint8
    assert (small == 9).all()


@pytest.mark.parametrize(
    ("window", "grey"), [({}, 128), ({"WindowWidth": 100, "WindowCenter": 60}, 76)]
)
def test_thumbnails_have_the_window_a_viewer_opens_with(
    tmp_path: Path, window: dict[str, object], grey: int
) -> None:
    data = np.full((64, 64), 40 + 1024, dtype="<u2").tobytes()
    path = save(ct(Rows=64, Columns=64, PixelData=data, **window), tmp_path / "a")
    prepared = prepare(path, 0, RECIPE)
    assert set(prepared.thumbnail.ravel().tolist()) == {grey}
    sha256, again = read_thumbnail(path, 0)
    assert sha256 == prepared.sha256
    assert np.array_equal(again, prepared.thumbnail)


def test_name_folder_and_time_change_nothing(tmp_path: Path) -> None:
    path = head_file(tmp_path / "a")
    other = tmp_path / "folder" / "=cmd <img> 扫描.png"
    other.parent.mkdir()
    other.write_bytes(path.read_bytes())
    one, two = prepare(path, 0, RECIPE), prepare(other, 0, RECIPE)
    assert (one.header, one.sha256) == (two.header, two.sha256)
    assert np.array_equal(one.network_input, two.network_input)  # type: ignore[arg-type]


def test_lossless_formats_of_an_image_give_the_same_input(tmp_path: Path) -> None:
    grey = np.clip((head_slice() + 0) * 3, 0, 255).astype(np.uint8)
    inputs = []
    for kind in ("PNG", "TIFF", "BMP", "GIF"):
        PilImage.fromarray(grey).save(tmp_path / kind, format=kind)
        inputs.append(prepare(tmp_path / kind, 0, RECIPE).network_input)
    for other in inputs[1:]:
        assert np.array_equal(inputs[0], other)  # type: ignore[arg-type]


def test_all_real_images_get_an_input(shared_data: Path, real_study: list[Path]) -> None:
    images = sorted((shared_data / "head-ct-200" / "images").iterdir())[::10]
    paths = (*images, *real_study[::3])
    prepared: list[Prepared] = [prepare(path, 0, RECIPE) for path in paths]
    assert [one.refusal for one in prepared] == [None] * len(prepared)
    assert all(one.network_input is not None for one in prepared)


def stack(path: Path, frames: int) -> Path:
    pages = [PilImage.fromarray(np.full((40, 40), grey, np.uint8)) for grey in range(frames)]
    pages[0].save(path, "TIFF", save_all=True, append_images=pages[1:])
    return path


def test_a_run_holds_the_frames_asked_for_in_order(tmp_path: Path) -> None:
    run = prepare_run(stack(tmp_path / "a", 9), 3, 4, RECIPE)
    assert [frame.header.frame for frame in run.frames if isinstance(frame, Prepared)] == [
        *range(3, 7)
    ]
    assert run.seconds > 0


def test_a_frame_that_is_not_there_is_an_error_beside_the_others(tmp_path: Path) -> None:
    run = prepare_run(stack(tmp_path / "a", 3), 2, 2, RECIPE)
    assert [type(frame) for frame in run.frames] == [Prepared, ImageError]


def test_a_run_ends_when_its_time_is_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert module.RUN_SECONDS == 2
    monkeypatch.setattr(module, "RUN_SECONDS", 0.0)
    assert len(prepare_run(stack(tmp_path / "a", 3), 0, 3, RECIPE).frames) == 1


def test_thumbnails_of_a_file_that_shows_low_values_white_are_inverted(tmp_path: Path) -> None:
    plain = prepare(head_file(tmp_path / "a"), 0, RECIPE)
    inverted = prepare(
        head_file(tmp_path / "b", PhotometricInterpretation="MONOCHROME1"), 0, RECIPE
    )
    assert np.array_equal(inverted.thumbnail, 255 - plain.thumbnail)
    assert np.array_equal(inverted.network_input, plain.network_input)  # type: ignore[arg-type]


def sheet(rows: int, columns: int, side: int = 128) -> NDArray[np.uint8]:
    """So many discs with some structure, each on a black square."""
    y, x = np.mgrid[:side, :side]
    disc = np.where(np.hypot(y - side / 2, x - side / 2) < 0.4 * side, 90 + y % 40, 0)
    return np.tile(disc.astype(np.uint8), (rows, columns))


@pytest.mark.parametrize(("rows", "columns"), [(1, 2), (2, 2), (3, 3), (5, 4)])
def test_a_contact_sheet_is_not_assessed(tmp_path: Path, rows: int, columns: int) -> None:
    PilImage.fromarray(sheet(rows, columns)).save(tmp_path / "a", "PNG")
    prepared = prepare(tmp_path / "a", 0, RECIPE)
    assert prepared.refusal == Problem(
        Code.NOT_ASSESSABLE, Message(Sheet.CONTACT_SHEET, count=rows * columns)
    )
    assert prepared.network_input is None


@pytest.mark.parametrize(
    ("height", "width", "ratio"), [(200, 15_000, 75), (4_010, 1_000, 4.01), (1_000, 4_000, None)]
)
def test_a_strip_is_not_assessed(
    tmp_path: Path, height: int, width: int, ratio: float | None
) -> None:
    """It was "Not flagged": of a strip the network sees a few lines on black."""
    ramp = np.linspace(0, 255, width).astype(np.uint8)
    PilImage.fromarray(np.tile(ramp, (height, 1))).save(tmp_path / "a", "PNG")
    found = prepare(tmp_path / "a", 0, RECIPE)
    strip = Problem(Code.NOT_ASSESSABLE, Message(Sheet.STRIP, ratio=ratio or 0))
    assert found.refusal == (strip if ratio else None)
    assert (found.network_input is None) is bool(ratio)


@pytest.mark.parametrize(("spacing", "is_strip"), [([2.0, 0.6], True), ([0.6, 2.0], False)])
def test_a_strip_is_one_in_true_proportions(
    tmp_path: Path, spacing: list[float], is_strip: bool
) -> None:
    refusal = prepare(head_file(tmp_path / "a", PixelSpacing=spacing), 0, RECIPE).refusal
    told = None if refusal is None else refusal.detail
    assert (isinstance(told, Message) and told.code is Sheet.STRIP) is is_strip


def test_one_head_with_a_holder_beside_it_is_no_sheet() -> None:
    grey = sheet(1, 1)
    grey[2:8, :100] = 120
    assert panels(grey) == 1


@pytest.mark.parametrize(("radius", "count"), [(45, 2), (40, 1)])
def test_a_body_much_smaller_than_the_other_makes_no_sheet(radius: int, count: int) -> None:
    grey = sheet(1, 2)
    y, x = np.mgrid[:128, :128]
    grey[:, 128:] = np.where(np.hypot(y - 64, x - 64) < radius, 100, 0)
    assert panels(grey) == count


@pytest.mark.parametrize(("level", "blank"), [(92, True), (108, True), (91, False), (109, False)])
def test_levels_up_to_eight_from_the_most_frequent_count_as_it(level: int, blank: bool) -> None:
    grey = np.full((100, 100), 100, dtype=np.uint8)
    grey[:40] = level
    assert is_blank(grey) is blank


@pytest.mark.parametrize(("radius", "count"), [(24.5, 1), (25.4, 2)])
def test_two_bodies_are_panels_from_six_hundredths_of_the_image_on(
    radius: float, count: int
) -> None:
    rows, columns = np.mgrid[:128, :128] - 63.5
    one = np.where(np.hypot(rows, columns) < radius, 100, 0).astype(np.uint8)
    assert panels(np.hstack([one, one])) == count


def squares(*sides: int, shape: tuple[int, int]) -> NDArray[np.uint8]:
    """An image with bright squares, each in its own quarter from the top left on."""
    grey = np.zeros(shape, np.uint8)
    corners = [(0, 0), (0, shape[1] // 2), (shape[0] // 2, 0), (shape[0] // 2, shape[1] // 2)]
    for (row, column), side in zip(corners, sides, strict=False):
        grey[row : row + side, column : column + side] = 100
    return grey


@pytest.mark.parametrize(("sides", "count"), [((90,) * 4, 4), ((90,) * 3, 1)])
def test_in_a_square_image_four_bodies_are_panels(sides: tuple[int, ...], count: int) -> None:
    assert panels(squares(*sides, shape=(200, 200))) == count


@pytest.mark.parametrize(("side", "count"), [(64, 4), (63, 1)])  # 0.506 and 0.490 of the largest
def test_four_panels_are_each_at_least_half_of_the_largest(side: int, count: int) -> None:
    assert panels(squares(90, side, side, side, shape=(200, 200))) == count


@pytest.mark.parametrize(("side", "count"), [(21, 4), (20, 1)])  # 0.0105 and 0.0095 of the image
def test_four_bodies_are_panels_from_a_hundredth_of_the_image_on(side: int, count: int) -> None:
    assert panels(squares(*(side,) * 4, shape=(210, 200))) == count


@pytest.mark.parametrize(("side", "count"), [(81, 2), (79, 1)])  # 0.717 and 0.682 of the other
def test_two_panels_are_each_at_least_seven_tenths_of_the_other(side: int, count: int) -> None:
    assert panels(squares(96, side, shape=(100, 200))) == count


@pytest.mark.parametrize(("columns", "count"), [(282, 2), (278, 1)])
def test_two_bodies_are_panels_in_an_image_that_is_longer_than_broad(
    columns: int, count: int
) -> None:
    assert panels(squares(90, 90, shape=(200, columns))) == count
    assert panels(squares(90, 90, shape=(200, columns)).T) == count


@pytest.mark.parametrize(("grey", "count"), [(TISSUE, 2), (TISSUE - 1, 1)])
def test_a_panel_is_as_bright_as_tissue(grey: int, count: int) -> None:
    bright = squares(90, 90, shape=(100, 200))
    bright[bright > 0] = grey
    assert panels(bright) == count


@pytest.mark.parametrize(
    ("others", "largest", "count"), [(50, 100, 4), (49, 100, 1), (100, 99, 1), (99, 99, 1)]
)
def test_four_bodies_are_panels_from_the_documented_sizes_on(
    others: int, largest: int, count: int
) -> None:
    """Of 10,000 pixels the largest has a hundredth, the others half of that."""
    grey = np.zeros((100, 100), np.uint8)
    for at, size in zip(range(0, 80, 20), (largest, others, others, others), strict=True):
        body = np.zeros(100, np.uint8)
        body[: min(size, largest)] = 200
        grey[at : at + 10, :10] = body.reshape(10, 10)
    assert panels(grey) == count
