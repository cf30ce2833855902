from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, TiffImagePlugin

from scans.errors import Code, ScanError
from scans.reading import read_scan
from scans.scan import Scan, Unit

RAMP = np.add.outer(np.arange(48), 3 * np.arange(40)).astype(np.uint8)
COLOURS = np.stack([RAMP, RAMP[::-1], 255 - RAMP], axis=-1)

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write(image: Image.Image, kind: str, **options: Any) -> Path:
        path = tmp_path / "scan.txt"  # the suffix says nothing
        image.save(path, format=kind, **options)
        return path

    return write


def encoded(image: Image.Image, kind: str, **options: Any) -> bytes:
    file = BytesIO()
    image.save(file, format=kind, **options)
    return file.getvalue()


def codes(scan: Scan) -> tuple[Code, ...]:
    return tuple(problem.code for problem in scan.header.warnings)


def luma(colours: NDArray[np.uint8]) -> NDArray[np.float64]:
    weighted: NDArray[np.float64] = colours @ np.array([0.299, 0.587, 0.114])
    return np.rint(weighted)


@pytest.mark.parametrize("kind", ["PNG", "TIFF", "BMP", "GIF"])
def test_grey_values_are_kept(write: Write, kind: str) -> None:
    scan = read_scan(write(Image.fromarray(RAMP), kind))
    assert np.array_equal(scan.pixels, RAMP)
    assert (scan.header.unit, scan.header.kind) == (Unit.GREY, kind)
    assert (scan.header.rows, scan.header.columns, scan.header.frames) == (48, 40, 1)
    assert scan.header.warnings == ()


def test_lossless_webp_is_read(write: Write) -> None:
    assert np.array_equal(
        read_scan(write(Image.fromarray(RAMP), "WEBP", lossless=True)).pixels, RAMP
    )


def test_grey_jpeg_is_close_and_carries_no_warning(write: Write) -> None:
    scan = read_scan(write(Image.fromarray(RAMP), "JPEG", quality=95))
    assert np.abs(scan.pixels.astype(int) - RAMP).max() <= 8
    assert codes(scan) == ()


def test_colour_becomes_luma_with_a_warning(write: Write) -> None:
    scan = read_scan(write(Image.fromarray(COLOURS), "PNG"))
    assert np.abs(scan.pixels - luma(COLOURS)).max() <= 1
    assert codes(scan) == (Code.COLOUR,)


def test_grey_stored_as_colour_is_the_same_as_grey(write: Write) -> None:
    scan = read_scan(write(Image.fromarray(np.stack([RAMP] * 3, axis=-1)), "PNG"))
    assert np.array_equal(scan.pixels, RAMP)
    assert codes(scan) == ()


def test_a_faint_tint_is_no_colour(write: Write) -> None:
    tinted = np.stack([RAMP // 2, RAMP // 2, RAMP // 2 + 9], axis=-1)
    assert codes(read_scan(write(Image.fromarray(tinted), "PNG"))) == ()


def test_cmyk_becomes_luma(write: Write) -> None:
    scan = read_scan(write(Image.fromarray(COLOURS).convert("CMYK"), "TIFF"))
    assert np.abs(scan.pixels - luma(COLOURS)).max() <= 1
    assert codes(scan) == (Code.COLOUR,)


def test_palette_colours_are_looked_up(write: Write) -> None:
    image = Image.fromarray((RAMP % 2).astype(np.uint8), "P")
    image.putpalette([10, 10, 10, 200, 0, 0])
    scan = read_scan(write(image, "PNG"))
    assert np.array_equal(scan.pixels, np.where(RAMP % 2, 60, 10))
    assert codes(scan) == (Code.COLOUR,)


@pytest.mark.parametrize("alpha", [0, 128, 255])
def test_transparency_is_laid_over_black(write: Write, alpha: int) -> None:
    layers = np.stack([RAMP, np.full_like(RAMP, alpha)], axis=-1)
    scan = read_scan(write(Image.fromarray(layers, "LA"), "PNG"))
    assert np.abs(scan.pixels - RAMP * (alpha / 255)).max() <= 1
    assert codes(scan) == (() if alpha == 255 else (Code.ALPHA,))


def test_one_transparent_grey_is_black(write: Write) -> None:
    scan = read_scan(write(Image.fromarray(RAMP), "PNG", transparency=60))
    assert np.array_equal(scan.pixels, np.where(RAMP == 60, 0, RAMP))
    assert codes(scan) == (Code.ALPHA,)


def test_one_bit_is_black_and_white(write: Write) -> None:
    scan = read_scan(write(Image.fromarray(RAMP > 60), "PNG"))
    assert np.array_equal(scan.pixels, np.where(RAMP > 60, 255, 0))
    assert codes(scan) == (Code.REDUCED_DEPTH,)


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
@pytest.mark.parametrize(
    ("highest", "scale"), [(255, 255), (256, 4095), (4095, 4095), (4096, 65535), (65535, 65535)]
)
def test_sixteen_bits_keep_the_brightness_of_their_type(
    write: Write, kind: str, highest: int, scale: int
) -> None:
    values = np.linspace(0, highest, RAMP.size).astype(np.uint16).reshape(RAMP.shape)
    scan = read_scan(write(Image.fromarray(values), kind))
    assert np.array_equal(scan.pixels, np.rint(values * (255 / scale)))
    assert codes(scan) == (Code.REDUCED_DEPTH,)


@pytest.mark.parametrize("highest", [1.0, 255.0, 4095.0, 65535.0])
def test_float_tiff_is_scaled_like_integers(write: Write, highest: float) -> None:
    values = np.linspace(0, highest, RAMP.size, dtype=np.float32).reshape(RAMP.shape)
    scan = read_scan(write(Image.fromarray(values), "TIFF"))
    assert np.abs(scan.pixels - values * (255 / highest)).max() <= 0.51
    assert codes(scan) == (Code.REDUCED_DEPTH,)


@pytest.mark.parametrize("odd", [-1.0, 70000.0, np.nan, np.inf])
def test_values_without_a_known_scale_are_refused(write: Write, odd: float) -> None:
    values = np.full(RAMP.shape, 100, dtype=np.float32)
    values[0, 0] = odd
    with pytest.raises(ScanError) as caught:
        read_scan(write(Image.fromarray(values), "TIFF"))
    assert caught.value.problem.code is Code.UNSUPPORTED_PIXELS


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32])
def test_inverted_tiff_is_turned_back(write: Write, dtype: type) -> None:
    values: NDArray[Any] = RAMP.astype(dtype) * (257 if dtype is np.uint16 else 1)
    data = bytearray(write(Image.fromarray(values), "TIFF").read_bytes())
    entry = data.index(b"\x06\x01\x03\x00\x01\x00\x00\x00\x01\x00")  # 262, SHORT, 1 value, 1
    data[entry + 8] = 0
    path = write(Image.fromarray(values), "TIFF")
    path.write_bytes(data)
    expected = 255 - np.rint(values * (255 / 65535 if dtype is np.uint16 else 1))
    assert np.abs(read_scan(path).pixels - expected).max() <= 1


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF", "WEBP"])
@pytest.mark.parametrize(("orientation", "turns"), [(3, 2), (6, 3), (8, 1)])
def test_exif_turn_is_applied(write: Write, kind: str, orientation: int, turns: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    scan = read_scan(write(Image.fromarray(RAMP), kind, exif=exif))
    assert np.abs(scan.pixels.astype(int) - np.rot90(RAMP, turns)).max() <= 16
    assert codes(scan) == (Code.EXIF_ROTATED,)
    assert (scan.header.rows, scan.header.columns) == scan.pixels.shape


@pytest.mark.parametrize("kind", ["TIFF", "GIF", "PNG"])
def test_each_page_is_a_frame(write: Write, kind: str) -> None:
    pages = [Image.fromarray(np.roll(RAMP, 7 * page, axis=0)) for page in range(3)]
    path = write(pages[0], kind, save_all=True, append_images=pages[1:])
    for page, image in enumerate(pages):
        scan = read_scan(path, page)
        assert (scan.header.frame, scan.header.frames) == (page, 3)
        assert np.array_equal(scan.pixels, np.asarray(image))


def test_the_error_of_a_damaged_page_says_how_many_there_are(write: Write) -> None:
    first, *others = [Image.new("L", (64, 64), grey) for grey in (10, 20, 30)]
    path = write(first, "TIFF", save_all=True, append_images=others, compression="tiff_lzw")
    with Image.open(path) as image:
        assert isinstance(image, TiffImagePlugin.TiffImageFile)
        strip = image.tag_v2[TiffImagePlugin.STRIPOFFSETS][0]
    data = bytearray(path.read_bytes())
    data[strip : strip + 8] = b"\xff" * 8
    path.write_bytes(data)
    with pytest.raises(ScanError) as error:
        read_scan(path)
    assert (error.value.problem.code, error.value.frames) == (Code.DAMAGED, 3)
    assert read_scan(path, 1).pixels[0, 0] == 20


def test_a_page_that_is_not_there_is_an_error(write: Write) -> None:
    path = write(Image.fromarray(RAMP), "PNG")
    with pytest.raises(ScanError, match="no page 2 of 1"):
        read_scan(path, 1)


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
    data = encoded(Image.fromarray(RAMP), kind, **options)
    path = tmp_path / "cut"
    for length in {*range(1, len(data), max(1, len(data) // 40)), len(data) - 1}:
        path.write_bytes(data[:length])
        with pytest.raises(ScanError) as caught:
            read_scan(path)
        code = caught.value.problem.code
        assert code in (Code.DAMAGED, Code.UNKNOWN_CONTENT), f"{kind} cut at {length}"
        assert code is Code.DAMAGED or length < 32


def test_a_changed_byte_in_a_png_is_noticed(tmp_path: Path) -> None:
    data = bytearray(encoded(Image.fromarray(RAMP), "PNG"))
    data[len(data) // 2] ^= 1
    path = tmp_path / "flipped"
    path.write_bytes(data)
    with pytest.raises(ScanError, match="checksum"):
        read_scan(path)


def test_a_huge_picture_is_refused_before_it_is_decoded(tmp_path: Path) -> None:
    path = tmp_path / "bomb.png"
    Image.new("1", (13000, 13000)).save(path)
    with pytest.raises(ScanError) as caught:
        read_scan(path)
    assert caught.value.problem.code is Code.TOO_LARGE


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty."),
        (b"image_id,hemorrhage_label\n", "no picture and no DICOM"),
        (b"BMI,age\n" + b"31,70\n" * 20, "no picture and no DICOM"),
        (b"PK\x03\x04rest", "a ZIP archive"),
        (b"%PDF-1.7 rest", "a PDF document"),
        (bytes(range(256)) * 40, "no picture and no DICOM"),
    ],
)
def test_other_content_is_named(tmp_path: Path, content: bytes, sentence: str) -> None:
    path = tmp_path / "scan.png"
    path.write_bytes(content)
    with pytest.raises(ScanError, match=sentence):
        read_scan(path)


def test_real_pictures_are_read_as_their_luma(shared_data: Path) -> None:
    for path in sorted((shared_data / "head-ct-200" / "images").iterdir())[::5]:
        scan = read_scan(path)
        with Image.open(path) as image:
            assert np.abs(scan.pixels - np.asarray(image.convert("L")).astype(int)).max() <= 1
