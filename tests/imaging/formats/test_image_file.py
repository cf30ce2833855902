import struct
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image as PilImage
from PIL import TiffImagePlugin

from imaging.details import Detail
from imaging.errors import Code, ImageError
from imaging.formats import image_file
from imaging.formats.image_file import image_file_headers
from imaging.image import Image, Unit
from imaging.messages import Message
from imaging.reading import read_image

RAMP = np.add.outer(np.arange(48), 3 * np.arange(40)).astype(np.uint8)
COLOURS = np.stack([RAMP, RAMP[::-1], 255 - RAMP], axis=-1)

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write(opened: PilImage.Image, kind: str, **options: Any) -> Path:
        path = tmp_path / "image.txt"  # the suffix says nothing
        opened.save(path, format=kind, **options)
        return path

    return write


def encoded(opened: PilImage.Image, kind: str, **options: Any) -> bytes:
    file = BytesIO()
    opened.save(file, format=kind, **options)
    return file.getvalue()


def codes(image: Image) -> tuple[Code, ...]:
    return tuple(problem.code for problem in image.header.warnings)


def luma(colours: NDArray[np.uint8]) -> NDArray[np.float64]:
    weighted: NDArray[np.float64] = colours @ np.array([0.299, 0.587, 0.114])
    return np.rint(weighted)


@pytest.mark.parametrize("kind", ["PNG", "TIFF", "BMP", "GIF"])
def test_grey_values_are_kept(write: Write, kind: str) -> None:
    image = read_image(write(PilImage.fromarray(RAMP), kind))
    assert np.array_equal(image.pixels, RAMP)
    assert (image.header.unit, image.header.kind) == (Unit.GREY, kind)
    assert (image.header.rows, image.header.columns, image.header.frames) == (48, 40, 1)
    assert image.header.warnings == ()


def test_lossless_webp_is_read(write: Write) -> None:
    assert np.array_equal(
        read_image(write(PilImage.fromarray(RAMP), "WEBP", lossless=True)).pixels, RAMP
    )


def test_grey_jpeg_is_close_and_carries_no_warning(write: Write) -> None:
    image = read_image(write(PilImage.fromarray(RAMP), "JPEG", quality=95))
    assert np.abs(image.pixels.astype(int) - RAMP).max() <= 8
    assert codes(image) == ()


def test_colour_becomes_luma_with_a_warning(write: Write) -> None:
    image = read_image(write(PilImage.fromarray(COLOURS), "PNG"))
    assert np.abs(image.pixels - luma(COLOURS)).max() <= 1
    assert codes(image) == (Code.COLOUR,)


def test_grey_stored_as_colour_is_the_same_as_grey(write: Write) -> None:
    image = read_image(write(PilImage.fromarray(np.stack([RAMP] * 3, axis=-1)), "PNG"))
    assert np.array_equal(image.pixels, RAMP)
    assert codes(image) == ()


def test_a_faint_tint_is_no_colour(write: Write) -> None:
    tinted = np.stack([RAMP // 2, RAMP // 2, RAMP // 2 + 9], axis=-1)
    assert codes(read_image(write(PilImage.fromarray(tinted), "PNG"))) == ()


def test_cmyk_becomes_luma(write: Write) -> None:
    image = read_image(write(PilImage.fromarray(COLOURS).convert("CMYK"), "TIFF"))
    assert np.abs(image.pixels - luma(COLOURS)).max() <= 1
    assert codes(image) == (Code.COLOUR,)


def test_palette_colours_are_looked_up(write: Write) -> None:
    opened = PilImage.fromarray((RAMP % 2).astype(np.uint8), "P")
    opened.putpalette([10, 10, 10, 200, 0, 0])
    image = read_image(write(opened, "PNG"))
    assert np.array_equal(image.pixels, np.where(RAMP % 2, 60, 10))
    assert codes(image) == (Code.COLOUR,)


@pytest.mark.parametrize("alpha", [0, 128, 255])
def test_transparency_is_laid_over_black(write: Write, alpha: int) -> None:
    layers = np.stack([RAMP, np.full_like(RAMP, alpha)], axis=-1)
    image = read_image(write(PilImage.fromarray(layers, "LA"), "PNG"))
    assert np.abs(image.pixels - RAMP * (alpha / 255)).max() <= 1
    assert codes(image) == (() if alpha == 255 else (Code.ALPHA,))


def test_one_transparent_grey_is_black(write: Write) -> None:
    image = read_image(write(PilImage.fromarray(RAMP), "PNG", transparency=60))
    assert np.array_equal(image.pixels, np.where(RAMP == 60, 0, RAMP))
    assert codes(image) == (Code.ALPHA,)


def test_one_bit_is_black_and_white(write: Write) -> None:
    image = read_image(write(PilImage.fromarray(RAMP > 60), "PNG"))
    assert np.array_equal(image.pixels, np.where(RAMP > 60, 255, 0))
    assert codes(image) == (Code.REDUCED_DEPTH,)


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
@pytest.mark.parametrize(
    ("highest", "scale"), [(255, 255), (256, 4095), (4095, 4095), (4096, 65535), (65535, 65535)]
)
def test_sixteen_bits_keep_the_brightness_of_their_type(
    write: Write, kind: str, highest: int, scale: int
) -> None:
    values = np.linspace(0, highest, RAMP.size).astype(np.uint16).reshape(RAMP.shape)
    image = read_image(write(PilImage.fromarray(values), kind))
    assert np.array_equal(image.pixels, np.rint(values * (255 / scale)))
    assert codes(image) == (Code.REDUCED_DEPTH,)


@pytest.mark.parametrize("highest", [1.0, 255.0, 4095.0, 65535.0])
def test_float_tiff_is_scaled_like_integers(write: Write, highest: float) -> None:
    values = np.linspace(0, highest, RAMP.size, dtype=np.float32).reshape(RAMP.shape)
    image = read_image(write(PilImage.fromarray(values), "TIFF"))
    assert np.abs(image.pixels - values * (255 / highest)).max() <= 0.51
    assert codes(image) == (Code.REDUCED_DEPTH,)


@pytest.mark.parametrize("odd", [-1.0, 70000.0, np.nan, np.inf])
def test_values_without_a_known_scale_are_refused(write: Write, odd: float) -> None:
    values = np.full(RAMP.shape, 100, dtype=np.float32)
    values[0, 0] = odd
    with pytest.raises(ImageError) as caught:
        read_image(write(PilImage.fromarray(values), "TIFF"))
    assert caught.value.problem.code is Code.UNSUPPORTED_PIXELS


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32])
def test_inverted_tiff_is_turned_back(write: Write, dtype: type) -> None:
    values: NDArray[Any] = RAMP.astype(dtype) * (257 if dtype is np.uint16 else 1)
    data = bytearray(write(PilImage.fromarray(values), "TIFF").read_bytes())
    entry = data.index(b"\x06\x01\x03\x00\x01\x00\x00\x00\x01\x00")  # 262, SHORT, 1 value, 1
    data[entry + 8] = 0
    path = write(PilImage.fromarray(values), "TIFF")
    path.write_bytes(data)
    expected = 255 - np.rint(values * (255 / 65535 if dtype is np.uint16 else 1))
    assert np.abs(read_image(path).pixels - expected).max() <= 1


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF", "WEBP"])
@pytest.mark.parametrize(("orientation", "turns"), [(3, 2), (6, 3), (8, 1)])
def test_exif_turn_is_applied(write: Write, kind: str, orientation: int, turns: int) -> None:
    exif = PilImage.Exif()
    exif[0x0112] = orientation
    image = read_image(write(PilImage.fromarray(RAMP), kind, exif=exif))
    assert np.abs(image.pixels.astype(int) - np.rot90(RAMP, turns)).max() <= 16
    assert codes(image) == (Code.EXIF_ROTATED,)
    assert (image.header.rows, image.header.columns) == image.pixels.shape


@pytest.mark.parametrize("kind", ["TIFF", "GIF", "PNG"])
def test_each_page_is_a_frame(write: Write, kind: str) -> None:
    pages = [PilImage.fromarray(np.roll(RAMP, 7 * page, axis=0)) for page in range(3)]
    path = write(pages[0], kind, save_all=True, append_images=pages[1:])
    for page, opened in enumerate(pages):
        image = read_image(path, page)
        assert (image.header.frame, image.header.frames) == (page, 3)
        assert np.array_equal(image.pixels, np.asarray(opened))


def test_the_error_of_a_damaged_page_says_how_many_there_are(write: Write) -> None:
    first, *others = [PilImage.new("L", (64, 64), grey) for grey in (10, 20, 30)]
    path = write(first, "TIFF", save_all=True, append_images=others, compression="tiff_lzw")
    with PilImage.open(path) as opened:
        assert isinstance(opened, TiffImagePlugin.TiffImageFile)
        strip = opened.tag_v2[TiffImagePlugin.STRIPOFFSETS][0]
    data = bytearray(path.read_bytes())
    data[strip : strip + 8] = b"\xff" * 8
    path.write_bytes(data)
    with pytest.raises(ImageError) as error:
        read_image(path)
    assert (error.value.problem.code, error.value.frames) == (Code.DAMAGED, 3)
    assert read_image(path, 1).pixels[0, 0] == 20


def test_a_page_that_is_not_there_is_an_error(write: Write) -> None:
    path = write(PilImage.fromarray(RAMP), "PNG")
    with pytest.raises(ImageError, match="no page 2 of 1"):
        read_image(path, 1)


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        *((kind, {}) for kind in ("PNG", "JPEG", "TIFF", "BMP", "GIF", "WEBP")),
        ("TIFF", {"compression": "tiff_lzw"}),
        ("PNG", {"save_all": True}),
    ],
)
def test_a_cut_file_fails_wherever_it_is_cut(
    tmp_path: Path, kind: str, options: dict[str, Any]
) -> None:
    data = encoded(PilImage.fromarray(RAMP), kind, **options)
    path = tmp_path / "cut"
    for length in {*range(1, len(data), max(1, len(data) // 40)), len(data) - 1}:
        path.write_bytes(data[:length])
        with pytest.raises(ImageError) as caught:
            read_image(path)
        code = caught.value.problem.code
        assert code in (Code.DAMAGED, Code.UNKNOWN_CONTENT), f"{kind} cut at {length}"
        assert code is Code.DAMAGED or length < 32


def test_a_changed_byte_in_a_png_is_noticed(tmp_path: Path) -> None:
    data = bytearray(encoded(PilImage.fromarray(RAMP), "PNG"))
    data[len(data) // 2] ^= 1
    path = tmp_path / "flipped"
    path.write_bytes(data)
    with pytest.raises(ImageError, match="checksum"):
        read_image(path)


def test_a_huge_image_is_refused_before_it_is_decoded(tmp_path: Path) -> None:
    path = tmp_path / "bomb.png"
    PilImage.new("1", (13000, 13000)).save(path)
    with pytest.raises(ImageError) as caught:
        read_image(path)
    assert caught.value.problem.code is Code.TOO_LARGE


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty."),
        (b"image_id,hemorrhage_label\n", "Neither an image file nor a DICOM"),
        (b"BMI,age\n" + b"31,70\n" * 20, "Neither an image file nor a DICOM"),
        (b"PK\x03\x04rest", "a ZIP archive"),
        (b"%PDF-1.7 rest", "a PDF document"),
        (bytes(range(256)) * 40, "Neither an image file nor a DICOM"),
    ],
)
def test_other_content_is_named(tmp_path: Path, content: bytes, sentence: str) -> None:
    path = tmp_path / "image.png"
    path.write_bytes(content)
    with pytest.raises(ImageError, match=sentence):
        read_image(path)


def test_real_images_are_read_as_their_luma(shared_data: Path) -> None:
    paths = sorted((shared_data / "head-ct-200" / "images").iterdir())[::5]
    assert len(paths) == 40
    for path in paths:
        image = read_image(path)
        with PilImage.open(path) as opened:
            assert np.abs(image.pixels - np.asarray(opened.convert("L")).astype(int)).max() <= 1


@pytest.mark.parametrize("more", [0, 1])
def test_a_tint_of_the_tolerance_is_no_colour_and_one_level_more_is(
    write: Write, more: int
) -> None:
    grey = np.full((32, 32), 90, np.uint8)
    tinted = np.stack([grey, grey, grey + 16 + more], axis=-1)
    image = read_image(write(PilImage.fromarray(tinted), "PNG"))
    assert codes(image) == ((Code.COLOUR,) if more else ())


@pytest.mark.parametrize("more", [0, 1])
def test_the_largest_image_is_read_and_one_pixel_more_is_not(
    write: Write, monkeypatch: pytest.MonkeyPatch, more: int
) -> None:
    assert image_file.MAX_PIXELS == 50_000_000
    monkeypatch.setattr(image_file, "MAX_PIXELS", RAMP.size - more)
    path = write(PilImage.fromarray(RAMP), "PNG")
    if more == 0:
        assert read_image(path).pixels.shape == RAMP.shape
        assert len(image_file_headers(path.read_bytes(), "PNG")) == 1
        return
    with pytest.raises(ImageError) as caught:
        read_image(path)
    assert caught.value.problem.code is Code.TOO_LARGE
    with pytest.raises(ImageError) as caught:
        image_file_headers(path.read_bytes(), "PNG")
    assert caught.value.problem.code is Code.TOO_LARGE


def test_a_tiff_may_end_with_its_directory(tmp_path: Path) -> None:
    entries = ((256, 4), (257, 3), (258, 8), (259, 1), (262, 1), (273, 8), (277, 1), (279, 12))
    listed = b"".join(struct.pack("<HHLL", tag, 4, 1, value) for tag, value in entries)
    pixels = bytes(range(0, 120, 10))
    start = struct.pack("<2sHL", b"II", 42, 8 + len(pixels))
    whole = start + pixels + struct.pack("<H", len(entries)) + listed + bytes(4)
    path = tmp_path / "a.tif"
    path.write_bytes(whole)
    assert read_image(path).pixels.ravel().tolist() == list(pixels)
    path.write_bytes(whole[:-1])
    with pytest.raises(ImageError) as caught:
        read_image(path)
    assert caught.value.problem.detail == Message(Detail.NO_END, kind="TIFF")
