"""A name holds the old or the new content whole; what kills left is swept by the next writer."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from imaging.files import atomic
from imaging.files.atomic import write_beside, write_whole

posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows cannot ask after a process")


def left(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_the_new_content_takes_the_place_of_the_old(tmp_path: Path) -> None:
    target = tmp_path / "a.csv"
    write_whole(target, b"old")
    write_whole(target, lambda file: file.write(b"new"))
    assert target.read_bytes() == b"new"
    assert left(tmp_path) == ["a.csv"]


def test_a_write_that_fails_leaves_the_old_content_and_nothing_else(tmp_path: Path) -> None:
    target = tmp_path / "a.csv"
    write_whole(target, b"old")

    def full(_: object) -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        write_whole(target, full)
    assert target.read_bytes() == b"old"
    assert left(tmp_path) == ["a.csv"]


def test_a_link_stays_one(tmp_path: Path) -> None:
    (tmp_path / "real").write_bytes(b"old")
    (tmp_path / "link").symlink_to("real")
    write_whole(tmp_path / "link", b"new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_bytes() == b"new"


@posix
def test_what_a_killed_writer_left_is_swept_by_the_next_one(tmp_path: Path) -> None:
    code = (
        "import os, sys; from pathlib import Path; from imaging.files.atomic import write_beside; "
        "write_beside(Path(sys.argv[1]), [b'Test^Patient']); os.kill(os.getpid(), 9)"
    )
    target = tmp_path / "a.csv"
    subprocess.run([sys.executable, "-c", code, str(target)], check=False)
    assert len(left(tmp_path)) == 1
    write_whole(target, b"new")
    assert left(tmp_path) == ["a.csv"]


def test_what_is_being_written_stays(tmp_path: Path) -> None:
    pending = write_beside(tmp_path / "a.csv", [b"first"])
    write_whole(tmp_path / "a.csv", b"second")
    pending.place()
    assert (tmp_path / "a.csv").read_bytes() == b"first"


@pytest.mark.parametrize(("age", "is_left"), [(90_000, False), (80_000, True)])
def test_that_of_another_computer_is_swept_after_a_day(
    tmp_path: Path, age: int, is_left: bool
) -> None:
    other = tmp_path / ".a.csv.00000000-1-12345678.part"
    other.write_bytes(b"x")
    then = other.stat().st_mtime - age
    os.utime(other, (then, then))
    write_whole(tmp_path / "a.csv", b"new")
    assert other.exists() == is_left


def test_files_of_other_names_are_left_alone(tmp_path: Path) -> None:
    names = [".a.csv.part", ".a.csv.old", ".b.csv.00000000-1-12345678.part"]
    for name in names:
        (tmp_path / name).write_bytes(b"x")
        os.utime(tmp_path / name, (0, 0))
    write_whole(tmp_path / "a.csv", b"new")
    assert left(tmp_path) == sorted([*names, "a.csv"])


@pytest.mark.parametrize(("younger", "kept"), [(60.0, True), (-60.0, False)])
def test_what_another_computer_left_is_swept_after_a_day(
    tmp_path: Path, younger: float, kept: bool
) -> None:
    target = tmp_path / "a.csv"
    pending = write_beside(target, [b"Test^Patient"])
    other = pending.beside.with_name(
        pending.beside.name.replace(f".{atomic._computer()}-", ".00000000-")
    )
    pending.beside.rename(other)
    written = time.time() - 86_400 + younger
    os.utime(other, (written, written))
    write_whole(target, b"new")
    assert left(tmp_path) == sorted(["a.csv", *([other.name] if kept else [])])
