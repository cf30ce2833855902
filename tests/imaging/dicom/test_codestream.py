from collections.abc import Callable
from pathlib import Path
from typing import Any

import imagecodecs
import numpy as np
import pytest
from numpy.typing import NDArray
from pydicom import uid
from pydicom.encaps import encapsulate

from imaging.dicom.codestream import announced
from imaging.dicom.messages import Value
from imaging.errors import Code
from imaging.reading import read_image
from tests.make.dicom import HU, ct, save
from tests.make.outcomes import codes, hu, saying


@pytest.mark.parametrize(
    ("syntax", "bits"),
    [(uid.JPEG2000Lossless, 12), (uid.JPEG2000Lossless, 13), (uid.JPEGLosslessSV1, 12)],
)
def test_the_codestreams_precision_wins_over_the_headers(
    path: Path, syntax: uid.UID, bits: int
) -> None:
    stored = (HU.astype(np.int32) & ((1 << bits) - 1)).astype(np.uint16)
    if syntax == uid.JPEG2000Lossless:
        frame = imagecodecs.jpeg2k_encode(
            stored, reversible=True, codecformat="j2k", bitspersample=bits
        )
    else:
        frame = imagecodecs.jpeg8_encode(stored, lossless=True, bitspersample=bits)
    image = ct(PixelRepresentation=1, RescaleIntercept=0, PixelData=encapsulate([bytes(frame)]))
    image["PixelData"].is_undefined_length = True
    read = read_image(save(image, path, syntax))
    assert np.array_equal(hu(read), HU)
    assert saying(read) == [Value.FEWER_BITS]


def test_the_codestreams_sign_wins_over_the_headers(path: Path) -> None:
    frame = imagecodecs.jpeg2k_encode(HU, reversible=True, codecformat="j2k")
    image = ct(RescaleIntercept=0, PixelData=encapsulate([bytes(frame)]))
    image["PixelData"].is_undefined_length = True
    read = read_image(save(image, path, uid.JPEG2000Lossless))
    assert np.array_equal(hu(read), HU)
    assert saying(read) == [Value.SIGNED_SAID_UNSIGNED]


def test_twelve_bit_jpeg_is_read(path: Path) -> None:
    values = np.clip(HU + 1024, 0, 4095).astype(np.uint16)
    frame = bytes(imagecodecs.jpeg8_encode(values, level=98, bitspersample=12))
    image = ct(BitsStored=12, HighBit=11, PixelData=encapsulate([frame]))
    image["PixelData"].is_undefined_length = True
    read = read_image(save(image, path, uid.JPEGExtended12Bit))
    assert np.abs(hu(read) - HU).max() < 40
    assert codes(read) == [Code.LOSSY]


def segment(marker: int, rows: int) -> bytes:
    """A frame header of 8 bits, one component and 5 columns under a marker."""
    return bytes([0xFF, marker, 0, 11, 8]) + rows.to_bytes(2) + bytes([0, 5, 1, 1, 0x11, 0])


@pytest.mark.parametrize(
    "marker", [*range(0xC0, 0xC4), *range(0xC5, 0xC8), *range(0xC9, 0xCC), 0xCD, 0xCE, 0xCF, 0xF7]
)
def test_frame_headers_are_those_of_jpeg_and_jpeg_ls(marker: int) -> None:
    found = announced(b"\xff\xd8" + segment(marker, 7) + segment(0xC0, 9))
    assert (found.rows, found.columns, found.samples, found.bits) == (7, 5, 1, 8)
    assert found.process == marker


@pytest.mark.parametrize("marker", [0xBF, 0xC4, 0xC8, 0xCC, 0xD0, 0xF6, 0xF8])
def test_tables_and_other_segments_are_no_frame_headers(marker: int) -> None:
    assert announced(b"\xff\xd8" + segment(marker, 7) + segment(0xC0, 9)).rows == 9


def _jpeg_2000(stored: NDArray[Any], *, reversible: bool) -> bytes:
    return bytes(imagecodecs.jpeg2k_encode(stored, reversible=reversible, codecformat="j2k"))


@pytest.mark.parametrize(
    ("syntax", "encode", "lossy"),
    [
        (uid.JPEGLSLossless, lambda stored: imagecodecs.jpegls_encode(stored, level=3), True),
        (uid.JPEGLSLossless, lambda stored: imagecodecs.jpegls_encode(stored, level=0), False),
        (uid.JPEG2000Lossless, lambda stored: _jpeg_2000(stored, reversible=False), True),
        (uid.JPEG2000Lossless, lambda stored: _jpeg_2000(stored, reversible=True), False),
    ],
)
def test_the_codestream_tells_of_loss_whatever_the_header_says(
    path: Path, syntax: uid.UID, encode: Callable[[NDArray[Any]], bytes], lossy: bool
) -> None:
    frame = bytes(encode((HU + 1024).astype("<u2")))
    image = ct(PixelData=encapsulate([frame]), LossyImageCompression="00")
    image["PixelData"].is_undefined_length = True
    read = read_image(save(image, path, syntax))
    assert (Code.LOSSY in codes(read)) is lossy
    assert np.abs(hu(read) - HU).max() <= (3 if lossy else 0)
