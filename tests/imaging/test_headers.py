"""Headers read before the pixels say what reading the whole image says."""

from __future__ import annotations

import hashlib
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as PilImage
from pydicom import uid
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from imaging import headers
from imaging.errors import Code, Problem
from imaging.headers import FileHeader, known_contents, read_header, read_headers
from imaging.image import Geometry, Identity, ImageHeader
from imaging.reading import read_image
from tests.make.dicom import change, compressed, ct, save


def _known_before(header: ImageHeader) -> ImageHeader:
    """A header without what only the pixels decide."""
    return replace(header, warnings=())


def _agree(path: Path) -> None:
    found = read_header(path)
    assert found.problem is None
    for frame, header in enumerate(found.frames):
        assert _known_before(header) == _known_before(read_image(path, frame).header)


@pytest.mark.parametrize(
    "syntax",
    [
        uid.ExplicitVRLittleEndian,
        uid.ImplicitVRLittleEndian,
        uid.DeflatedExplicitVRLittleEndian,
        uid.ExplicitVRBigEndian,
    ],
)
def test_a_dicom_header_is_that_of_the_whole_image(tmp_path: Path, syntax: str) -> None:
    image = ct()
    if syntax == uid.ExplicitVRBigEndian:
        image.PixelData = np.frombuffer(image.PixelData, "<u2").astype(">u2").tobytes()
    _agree(save(image, tmp_path / "a", syntax))


def test_a_compressed_image_is_not_decompressed_for_its_header(tmp_path: Path) -> None:
    path = save(compressed(ct(), uid.RLELossless), tmp_path / "a", uid.RLELossless)
    _agree(path)
    cut = path.read_bytes()[:-40]
    path.write_bytes(cut)
    assert read_header(path).problem is None


def test_a_header_longer_than_what_is_read_at_first_is_read_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = save(ct(), tmp_path / "a")
    for length in (200, 300, 500):
        monkeypatch.setattr(headers, "START", length)
        _agree(path)


@pytest.mark.parametrize("name", ["a.png", "a.jpg", "a.bmp", "a.tif"])
def test_an_image_is_not_decoded_for_its_header(tmp_path: Path, name: str) -> None:
    grey = np.arange(48, dtype=np.uint8).reshape(6, 8)
    PilImage.fromarray(grey).save(tmp_path / name)
    _agree(tmp_path / name)


def test_each_page_of_a_tiff_has_a_header(tmp_path: Path) -> None:
    pages = [PilImage.fromarray(np.full((6, 8), grey, np.uint8)) for grey in range(3)]
    pages[0].save(tmp_path / "a.tif", save_all=True, append_images=pages[1:])
    found = read_header(tmp_path / "a.tif")
    assert [(each.frame, each.frames) for each in found.frames] == [(0, 3), (1, 3), (2, 3)]


def _with_positions(*positions: float) -> Dataset:
    groups = []
    for position in positions:
        group, plane = Dataset(), Dataset()
        plane.ImagePositionPatient = [0.0, 0.0, position]
        group.PlanePositionSequence = Sequence([plane])
        groups.append(group)
    image = ct(NumberOfFrames=3, ImagePositionPatient=None)
    image.PixelData *= 3
    return change(image, PerFrameFunctionalGroupsSequence=Sequence(groups))


def test_each_frame_has_its_own_position(tmp_path: Path) -> None:
    path = save(_with_positions(1.0, 2.0, 3.0), tmp_path / "a")
    _agree(path)
    positions = [each.geometry.position for each in read_header(path).frames]
    assert positions == [(0.0, 0.0, 1.0), (0.0, 0.0, 2.0), (0.0, 0.0, 3.0)]


def test_a_frame_without_a_group_of_its_own_keeps_its_place_among_the_others(
    tmp_path: Path,
) -> None:
    found = read_header(save(_with_positions(1.0, 2.0), tmp_path / "a"))
    assert [each.frame for each in found.frames] == [0, 1, 2]
    assert found.frames[2].geometry == Geometry()


def test_a_frame_of_a_plain_multi_frame_file_differs_by_its_number(tmp_path: Path) -> None:
    image = ct(NumberOfFrames=3)
    image.PixelData *= 3
    _agree(save(image, tmp_path / "a"))


def test_a_file_in_a_zip_has_its_header(tmp_path: Path) -> None:
    save(ct(), tmp_path / "a")
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as archive:
        archive.write(tmp_path / "a", "folder/a")
    found = read_header(tmp_path / "b.zip" / "folder" / "a")
    assert found.frames == read_header(tmp_path / "a").frames


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", Code.EMPTY_FILE),
        (b"a note", Code.UNKNOWN_CONTENT),
        (b"\x89PNG\r\n\x1a\n", Code.DAMAGED),
        (b"\0" * 128 + b"DICM", Code.DAMAGED),
    ],
)
def test_a_file_that_is_no_image_has_a_problem_in_place_of_headers(
    tmp_path: Path, content: bytes, code: Code
) -> None:
    (tmp_path / "a").write_bytes(content)
    found = read_header(tmp_path / "a")
    assert found.frames == ()
    assert found.problem is not None
    assert found.problem.code is code


def test_a_dicom_object_without_an_image_is_named(tmp_path: Path) -> None:
    report = ct(SOPClassUID=uid.BasicTextSRStorage)
    found = read_header(save(report, tmp_path / "a"))
    assert found.problem == Problem(Code.NOT_AN_IMAGE_OBJECT, "Basic Text SR Storage")


def test_a_file_that_is_gone_has_a_problem(tmp_path: Path) -> None:
    assert (
        read_headers([tmp_path / "none"])
        == [FileHeader(tmp_path / "none", problem=Problem(Code.VANISHED))]
        or read_header(tmp_path / "none").problem is not None
    )


def test_many_files_are_answered_in_their_order(tmp_path: Path) -> None:
    paths = [save(ct(InstanceNumber=n), tmp_path / str(n)) for n in (3, 1, 2)]
    numbers = [each.frames[0].instance_number for each in read_headers(paths)]
    assert numbers == [3, 1, 2]


def test_an_image_is_known_by_its_content_from_its_header_on(tmp_path: Path) -> None:
    PilImage.new("L", (4, 4)).save(tmp_path / "a.png")
    digest = hashlib.sha256((tmp_path / "a.png").read_bytes()).hexdigest()
    assert read_header(tmp_path / "a.png").sha256 == digest
    assert read_header(save(ct(), tmp_path / "b")).sha256 == ""


def test_many_files_that_take_long_are_answered_in_part(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = [save(ct(InstanceNumber=n), tmp_path / str(n)) for n in (1, 2, 3)]
    assert headers.TOGETHER_SECONDS == 2
    monkeypatch.setattr(headers, "TOGETHER_SECONDS", 0.0)
    assert [each.path for each in read_headers(paths)] == paths[:1]


def test_a_content_is_known_while_its_headers_are_the_same(tmp_path: Path) -> None:
    path = save(ct(), tmp_path / "a")
    headers = read_header(path).frames
    other = (replace(headers[0], identity=Identity(patient_id="another")),)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    gone = tmp_path / "none"
    assert known_contents([(path, headers), (path, other), (gone, headers)]) == [digest, "", ""]
