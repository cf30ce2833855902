from pathlib import Path

import numpy as np
import pytest
from pydicom import uid
from pydicom.encaps import encapsulate

from imaging.errors import Code, ImageError
from imaging.reading import read_image
from tests.make.dicom import HU, ct, encoded, save
from tests.make.outcomes import hu, refused


def test_the_error_of_a_damaged_frame_says_how_many_there_are(path: Path) -> None:
    whole = encoded((HU + 1024).astype("<u2"), uid.JPEGLSLossless)
    damaged = whole[:40] + bytes(len(whole) - 40)
    image = ct(NumberOfFrames=2, PixelData=encapsulate([damaged, whole]))
    image["PixelData"].is_undefined_length = True
    save(image, path, uid.JPEGLSLossless)
    with pytest.raises(ImageError) as error:
        read_image(path)
    assert error.value.frames == 2
    assert np.array_equal(hu(read_image(path, 1)), HU)


@pytest.mark.parametrize("syntax", [uid.ExplicitVRLittleEndian, uid.JPEG2000Lossless])
def test_each_frame_is_decoded_alone(path: Path, syntax: uid.UID) -> None:
    frames = [(np.roll(HU, turn, axis=1) + 1024).astype("<u2") for turn in range(3)]
    image = ct(NumberOfFrames=3, PixelData=b"".join(frame.tobytes() for frame in frames))
    if syntax.is_compressed:
        image.PixelData = encapsulate([encoded(frame, syntax) for frame in frames])
        image["PixelData"].is_undefined_length = True
    save(image, path, syntax)
    for turn in range(3):
        read = read_image(path, turn)
        assert (read.header.frame, read.header.frames) == (turn, 3)
        assert np.array_equal(hu(read), np.roll(HU, turn, axis=1))
    assert refused(path, 3)[0] is Code.DAMAGED
