from pathlib import Path

import imagecodecs
import numpy as np
import pytest
from pydicom import uid
from pydicom.encaps import encapsulate

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
