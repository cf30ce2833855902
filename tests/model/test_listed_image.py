"""What is listed: which files may be images, and which images are copies of one another."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from imaging.errors import Code, Problem
from imaging.image import Identity
from model.image_result import ImageResult
from model.listed_image import PendingImage, is_copy, may_be_an_image, waiting_again
from tests.make.results import result


def read(
    name: str, uid: str = "", sha256: str = "", digest: str = "p", frame: int = 0
) -> ImageResult:
    """An image of a file of two frames; with a UID it is a DICOM slice."""
    who = Identity(patient_id="A") if uid else None
    made = result(f"/s/{name}", 0.5, identity=who, sop_uid=uid, frame=frame, frames=2)
    return replace(made, sha256=sha256, pixels_digest=digest.encode())


def test_an_image_that_waits_again_is_the_same_image_without_its_result() -> None:
    before = read("1.dcm", uid="1.1", sha256="ab", frame=1)
    waiting = waiting_again(before)
    assert waiting == PendingImage(Path("/s"), "1.dcm", 1, before.header, "ab")
    assert waiting.path == before.path


@pytest.mark.parametrize(
    ("code", "may"),
    [
        (Code.DAMAGED, True),
        (Code.NOT_SCREENED, True),
        (Code.UNKNOWN_CONTENT, False),
        (Code.EMPTY_FILE, False),
        (Code.NOT_AN_IMAGE_OBJECT, False),
    ],
)
def test_a_file_without_a_header_may_be_an_image_unless_its_content_is_none(
    code: Code, may: bool
) -> None:
    assert may_be_an_image(result("/s/1", None, Problem(code), header=False)) is may
    assert may_be_an_image(PendingImage(Path("/s"), "1"))


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (read("2.dcm", uid="1.1"), True),
        (read("2.dcm", uid="1.1", digest="q"), False),  # other pixels under one UID
        (read("2.dcm", uid="1.1", frame=1), False),
        (read("2.dcm", uid="1.2"), False),
        (read("2.dcm", sha256="ab"), False),
        (PendingImage(Path("/s"), "2.dcm"), False),
    ],
)
def test_a_copy_has_the_same_uid_pixels_and_frame(
    other: ImageResult | PendingImage, same: bool
) -> None:
    assert is_copy(read("1.dcm", uid="1.1"), other) is same
    assert is_copy(other, read("1.dcm", uid="1.1")) is same


def test_without_a_uid_the_files_content_tells_and_pixels_that_were_not_read_tell_nothing() -> None:
    assert is_copy(read("1.png", sha256="ab"), read("2.png", sha256="ab"))
    assert not is_copy(read("1.png", sha256="ab"), read("2.png", sha256="cd"))
    assert not is_copy(read("1.png"), read("2.png"))
    assert not is_copy(read("1.png", sha256="ab", digest=""), read("2.png", sha256="ab", digest=""))
