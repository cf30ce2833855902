import contextlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom import uid
from pydicom.dataelem import DataElement, RawDataElement
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence
from pydicom.tag import BaseTag, Tag

from imaging.details import Detail
from imaging.dicom.attributes import Attributes
from imaging.errors import ImageError
from imaging.image import Window
from imaging.messages import Message
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


TEXT = st.text(st.sampled_from("aZ 0.5,-+^=\\~\0\x7f"), max_size=12)
DECIMALS = st.text(st.sampled_from("019.,-+eE \\\0"), max_size=14)


def both_ways(**values: tuple[str, bytes]) -> tuple[Attributes, Attributes]:
    """Attributes of a dataset as it was stored, and of the same after pydicom has read it all."""
    made = []
    for is_read in (False, True):
        elements: dict[BaseTag, DataElement | RawDataElement] = {
            Tag(keyword): RawDataElement(Tag(keyword), vr, len(value), value, 0, False, True)
            for keyword, (vr, value) in values.items()
        }
        dataset = Dataset(elements)
        for tag in elements if is_read else ():
            with contextlib.suppress(ValueError, TypeError, LookupError, OverflowError):
                dataset[tag]
        made.append(Attributes(dataset, 0))
    return made[0], made[1]


@given(
    value=TEXT.map(lambda text: text.encode("ascii")),
    vr=st.sampled_from(["AE", "AS", "CS", "DA", "DT", "LO", "SH", "TM", "UI", "PN", "ST"]),
    declared=st.sampled_from([b"", b"ISO_IR 13", b"ISO_IR 100", b"ISO_IR 192"]),
)
def test_a_stored_text_is_read_as_pydicom_reads_it(value: bytes, vr: str, declared: bytes) -> None:
    stored, read = both_ways(SpecificCharacterSet=("CS", declared), StudyDescription=(vr, value))
    assert isinstance(read.dataset.get_item(Tag("StudyDescription")), DataElement)
    assert isinstance(stored.dataset.get_item(Tag("StudyDescription")), RawDataElement)
    assert stored.text("StudyDescription") == read.text("StudyDescription")


@given(
    value=DECIMALS.map(lambda text: text.encode("ascii")),
    vr=st.sampled_from(["DS", "IS"]),
    count=st.integers(1, 3),
)
def test_stored_numbers_are_read_as_pydicom_reads_them(value: bytes, vr: str, count: int) -> None:
    stored, read = both_ways(PixelSpacing=(vr, value))
    assert stored.numbers("PixelSpacing", count) == read.numbers("PixelSpacing", count)


@given(value=st.binary(max_size=4).filter(lambda value: len(value) % 2 == 0))
def test_a_stored_integer_is_read_as_pydicom_reads_it(value: bytes) -> None:
    found: list[object] = []
    for attributes in both_ways(Rows=("US", value)):
        try:
            found.append(attributes.integer("Rows", 1, 65535))
        except ImageError as error:
            found.append(error.problem.code)
    assert found[0] == found[1]


@pytest.mark.parametrize(
    ("value", "vr", "numbers"),
    [
        (b"0.5\\0.25 ", "DS", (0.5, 0.25)),
        (b"-7", "IS", None),
        (b"1e-2\\2", "DS", (0.01, 2.0)),
        (b"0,5\\1", "DS", (0.5, 1.0)),
        (b"0.5", "DS", None),
    ],
)
def test_two_numbers(value: bytes, vr: str, numbers: tuple[float, float] | None) -> None:
    for attributes in both_ways(PixelSpacing=(vr, value)):
        assert attributes.numbers("PixelSpacing", 2) == numbers


@pytest.mark.parametrize(("frame", "is_there"), [(1, True), (2, False)])
def test_a_frame_without_groups_of_its_own_is_named(frame: int, is_there: bool) -> None:
    image = ct()
    image.PerFrameFunctionalGroupsSequence = Sequence([group(), group()])
    if is_there:
        assert Attributes(image, frame).text("Modality") == "CT"
        return
    with pytest.raises(ImageError) as caught:
        Attributes(image, frame)
    assert caught.value.problem.detail == Message(Detail.NO_GROUPS, frame=3)
