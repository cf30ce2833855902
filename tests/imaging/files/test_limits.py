"""The page for hospital IT says the limits that hold."""

from __future__ import annotations

from pathlib import Path

import pytest

from imaging.files.limits import FILE_SECONDS, MAX_BYTES, MAX_FRAMES
from imaging.files.zip_archive import MAX_MEMBERS
from imaging.formats.image_file import MAX_PIXELS
from imaging.sandbox.sandbox import MEMORY_BYTES, SECONDS

PAGE = Path(__file__).resolve().parents[3] / "docs" / "it.md"


@pytest.mark.parametrize(
    ("what", "value"),
    [
        ("size of a file", f"{MAX_BYTES >> 30} GiB"),
        ("frames of a file", f"{MAX_FRAMES:,}"),
        ("files in a ZIP", f"{MAX_MEMBERS:,}"),
        ("pixels of an image file", f"{MAX_PIXELS // 1_000_000} million"),
        ("time for a file", f"{FILE_SECONDS:.0f} s"),
        ("time for an image", f"{SECONDS:.0f} s"),
        ("memory of a child process", f"{MEMORY_BYTES >> 30} GiB"),
    ],
)
def test_the_page_says_the_limit(what: str, value: str) -> None:
    assert f"| {what} | {value} |" in PAGE.read_text("utf-8")
