"""A file's bytes are those that it has now, all of them, or a reason is given."""

from __future__ import annotations

import hashlib
import os
import time
from pathlib import Path

import pytest

from imaging.errors import Code, ImageError
from imaging.files import source
from imaging.files.source import read_source, read_start


def test_the_whole_content_comes_with_its_checksum(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"one")
    assert read_source(path).data == b"one"
    assert read_source(path).sha256 == hashlib.sha256(b"one").hexdigest()


def test_a_file_written_over_with_its_old_time_is_read_anew(tmp_path: Path) -> None:
    """As a copying program does that keeps times: another patient's file of the same size."""
    path = tmp_path / "a"
    path.write_bytes(b"one")
    before = path.stat()
    assert read_source(path).data == b"one"
    time.sleep(0.05)  # longer than a tick of the clock that files are dated by
    path.write_bytes(b"two")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    told = os.name != "nt"  # Windows keeps no time of change
    assert read_source(path).data == (b"two" if told else b"one")


def test_an_unchanged_file_is_read_once(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"one")
    assert read_source(path) is read_source(path)


@pytest.mark.parametrize(("most", "whole"), [(2, False), (3, True), (4, True)])
def test_a_start_says_whether_it_is_all(tmp_path: Path, most: int, whole: bool) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"one")
    assert read_start(path, most) == (b"one"[:most], whole)


@pytest.mark.parametrize(("size", "read"), [(8, True), (9, False)])
def test_the_largest_file_is_read_and_none_larger(
    tmp_path: Path, size: int, read: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(source, "MAX_BYTES", 8)
    path = tmp_path / "a"
    path.write_bytes(bytes(size))
    if read:
        assert len(read_source(path).data) == size
        return
    with pytest.raises(ImageError) as caught:
        read_source(path)
    assert caught.value.problem.code is Code.TOO_LARGE
