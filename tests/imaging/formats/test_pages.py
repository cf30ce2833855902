"""Pages are counted in the bytes: what a file announces costs nothing to write."""

import struct
import time
import zlib
from io import BytesIO
from typing import Any

import pytest
from PIL import Image as PilImage

from imaging.details import Detail
from imaging.errors import Code, ImageError
from imaging.files.limits import MAX_FRAMES
from imaging.formats import image_file
from imaging.formats.image_file import read_image_file
from imaging.formats.pages import PNG_SIGNATURE, count_pages
from imaging.messages import Message


def pages(kind: str, count: int, **options: Any) -> bytes:
    images = [PilImage.new("L", (4, 4), grey % 251) for grey in range(count)]
    file = BytesIO()
    images[0].save(file, kind, save_all=True, append_images=images[1:], **options)
    return file.getvalue()


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def animation(announced: int, held: int = 1) -> bytes:
    """An APNG of 1×1 pixel."""
    control = struct.pack(">IIIIIHHBB", 0, 1, 1, 0, 0, 1, 10, 0, 0)
    return b"".join(
        [
            PNG_SIGNATURE,
            chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)),
            chunk(b"acTL", struct.pack(">II", announced, 0)),
            *[chunk(b"fcTL", control)] * held,
            chunk(b"IDAT", zlib.compress(b"\0\x80")),
            chunk(b"IEND", b""),
        ]
    )


def tiny_gif(count: int) -> bytes:
    """A GIF of 15 bytes an image."""
    image = b"\x2c" + struct.pack("<HHHHB", 0, 0, 1, 1, 0) + b"\x02\x02\x44\x01\x00"
    return b"GIF89a" + struct.pack("<HHBBB", 1, 1, 0x80, 0, 0) + bytes(6) + image * count + b";"


def tiny_tiff(count: int) -> bytes:
    """A TIFF whose directories have no entries."""
    offsets = [8 + 6 * page for page in range(count)]
    following = [*offsets[1:], 0]
    return b"II*\0" + struct.pack("<I", 8) + b"".join(struct.pack("<HI", 0, at) for at in following)


def problem(data: bytes, kind: str) -> tuple[Code, str | Message]:
    with pytest.raises(ImageError) as caught:
        read_image_file(data, kind)
    return caught.value.problem.code, caught.value.problem.detail


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("PNG", {}),
        ("GIF", {}),
        ("TIFF", {}),
        ("TIFF", {"compression": "tiff_lzw"}),
        ("TIFF", {"big_tiff": True}),
    ],
)
@pytest.mark.parametrize("count", [1, 2, 5])
def test_as_many_as_the_decoder_finds(kind: str, options: dict[str, Any], count: int) -> None:
    data = pages(kind, count, **options)
    with PilImage.open(BytesIO(data)) as opened:
        assert count_pages(data, kind) == getattr(opened, "n_frames", 1) == count


def test_a_default_image_that_is_no_frame_is_one_more_page() -> None:
    data = pages("PNG", 3, default_image=True)
    with PilImage.open(BytesIO(data)) as opened:
        assert count_pages(data, "PNG") == getattr(opened, "n_frames", 1) == 3


def test_frames_that_are_only_announced_are_no_frames() -> None:
    code, detail = problem(animation(announced=2**31 - 1), "PNG")
    assert code is Code.DAMAGED
    assert detail == Message(Detail.OTHER_PAGES, announced=2**31 - 1, there=1)


@pytest.mark.parametrize("make", [tiny_gif, tiny_tiff])
def test_the_most_frames_are_counted_and_one_more_is_enough_to_know(make: Any) -> None:
    kind = "GIF" if make is tiny_gif else "TIFF"
    assert count_pages(make(2000), kind) == 2000
    assert count_pages(make(2001), kind) == 2001
    assert count_pages(make(MAX_FRAMES + 500), kind) == MAX_FRAMES + 1


@pytest.mark.parametrize("make", [tiny_gif, tiny_tiff])
def test_a_file_of_more_frames_is_refused_at_once(make: Any) -> None:
    kind = "GIF" if make is tiny_gif else "TIFF"
    began = time.process_time()
    assert problem(make(60_000), kind)[0] is Code.TOO_LARGE
    assert time.process_time() - began < 1.0


def test_a_file_of_the_most_frames_is_read() -> None:
    assert read_image_file(tiny_gif(MAX_FRAMES), "GIF").header.frames == MAX_FRAMES


def test_a_directory_that_leads_back_ends_the_pages() -> None:
    data = bytearray(tiny_tiff(3))
    data[-4:] = struct.pack("<I", 14)  # the last one leads to the second
    assert count_pages(bytes(data), "TIFF") == 3


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("GIF", {}),
        ("PNG", {}),
        ("WEBP", {"lossless": True}),
        *(("TIFF", {"compression": name}) for name in ("raw", "tiff_lzw", "tiff_deflate")),
    ],
)
def test_pages_in_any_order_are_those_of_a_file_opened_anew(
    kind: str, options: dict[str, Any]
) -> None:
    data = pages(kind, 6, **options)
    one_by_one = [int(read_image_file(data, kind, page).pixels[0, 0]) for page in range(6)]
    assert one_by_one == list(range(6))
    for page in (4, 2, 5, 0, 3, 3):
        assert read_image_file(data, kind, page).pixels[0, 0] == page


def test_reading_all_frames_is_linear_in_them(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[bytes] = []
    original = image_file._open

    def remember(data: bytes, kind: str) -> PilImage.Image:
        opened.append(data)
        return original(data, kind)

    monkeypatch.setattr(image_file, "_open", remember)
    data = tiny_gif(300)
    image_file._opened.cache_clear()
    for frame in range(300):
        read_image_file(data, "GIF", frame)
    assert len(opened) == 1
