from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydicom import uid
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from imaging.dicom.attributes import Attributes
from imaging.image import Window
from imaging.reading import read_image
from tests.make.dicom import HU, change, ct, save
from tests.make.outcomes import hu


def group(**sequences: dict[str, Any]) -> Dataset:
    item = Dataset()
    for name, values in sequences.items():
        setattr(item, name, Sequence([change(Dataset(), **values)]))
    return item


def test_enhanced_ct_by_its_functional_groups(path: Path) -> None:
    image = ct(
        SOPClassUID=uid.EnhancedCTImageStorage,
        NumberOfFrames=2,
        PixelData=2 * (HU + 1024).astype("<u2").tobytes(),
        **dict.fromkeys(
            ["RescaleSlope", "RescaleIntercept", "ImagePositionPatient", "PixelSpacing"]
        ),
    )
    image.SharedFunctionalGroupsSequence = Sequence(
        [group(PixelMeasuresSequence={"PixelSpacing": [0.4, 0.4], "SliceThickness": 3})]
    )
    image.PerFrameFunctionalGroupsSequence = Sequence(
        group(
            PixelValueTransformationSequence={
                "RescaleSlope": 1,
                "RescaleIntercept": -1024 - 10 * frame,
                "RescaleType": "HU",
            },
            PlanePositionSequence={"ImagePositionPatient": [0, 0, 10 * frame]},
            FrameVOILUTSequence={"WindowCenter": 40 + frame, "WindowWidth": 80},
            CTImageFrameTypeSequence={"FrameType": ["ORIGINAL", "PRIMARY", f"T{frame}", "NONE"]},
        )
        for frame in range(2)
    )
    save(image, path)
    for frame in range(2):
        read = read_image(path, frame)
        assert np.array_equal(hu(read), HU - 10 * frame)
        assert read.header.geometry.position == (0, 0, 10 * frame)
        assert read.header.geometry.spacing == (0.4, 0.4)
        assert read.header.window == Window(80, 40 + frame)
        assert read.header.image_type[2] == f"T{frame}"


def test_decimal_commas_are_read(path: Path) -> None:
    image = ct(
        PixelSpacing=["0.40", "0.80"],
        ImagePositionPatient=["-120.5", "-120.5", "10.5"],
        RescaleIntercept="-1024.0",
        SliceLocation="12.50",
    )
    data = save(image, path).read_bytes()
    for number in (b"0.40\\0.80", b"-120.5\\-120.5\\10.5", b"-1024.0", b"12.50"):
        assert data.count(number) == 1
        data = data.replace(number, number.replace(b".", b","))
    path.write_bytes(data)
    read = read_image(path)
    assert read.header.geometry.spacing == (0.4, 0.8)
    assert read.header.geometry.position == (-120.5, -120.5, 10.5)
    assert read.header.geometry.slice_location == 12.5
    assert np.array_equal(hu(read), HU)


@pytest.mark.parametrize("more", [0, 1])
def test_of_a_text_so_many_characters_are_kept(path: Path, more: int) -> None:
    dataset = Dataset()
    dataset.ImageComments = "a" * 256 + "b" * more
    assert Attributes(dataset, 0).text("ImageComments") == "a" * 256
    assert Attributes(dataset, 0).texts("ImageComments") == ("a" * 256,)
