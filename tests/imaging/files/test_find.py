import inspect
import os
import shutil
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from imaging.errors import Code, Status
from imaging.files.find import Found, find_files

linux = pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such names")


def touch(*paths: Path) -> None:
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")


def names(found: Iterator[Found], top: Path) -> list[str]:
    return [str(one.path.relative_to(top)) for one in found]


def problems(found: Iterator[Found]) -> dict[str, Code | None]:
    return {one.path.name: one.problem.code if one.problem else None for one in found}


def test_natural_order_through_folders(tmp_path: Path) -> None:
    touch(*(tmp_path / name for name in ("10.png", "2.png", "9/1", "1/b10", "1/b9", "A.png")))
    expected = ["1/b9", "1/b10", "2.png", "9/1", "10.png", "A.png"]
    assert names(find_files([tmp_path]), tmp_path) == expected


def test_every_suffix_and_hidden_file_is_found(tmp_path: Path) -> None:
    touch(*(tmp_path / name for name in (".hidden", "noise", "image.DCM", "Thumbs.db")))
    assert len(list(find_files([tmp_path]))) == 4


def test_files_come_in_the_order_given_and_once(tmp_path: Path) -> None:
    touch(tmp_path / "a", tmp_path / "b")
    given = [tmp_path / "b", tmp_path / "a", tmp_path / "b", tmp_path / "." / "a", tmp_path]
    assert names(find_files(given), tmp_path) == ["b", "a"]


def test_a_file_after_its_folder_comes_once(tmp_path: Path) -> None:
    touch(tmp_path / "one" / "a", tmp_path / "one" / "b")
    given = [tmp_path / "one", tmp_path / "one" / "a", tmp_path]
    assert names(find_files(given), tmp_path) == ["one/a", "one/b"]


def test_a_dicomdir_that_is_named_stands_for_its_folder(tmp_path: Path) -> None:
    touch(tmp_path / "DICOMDIR", tmp_path / "IMAGES" / "1", tmp_path / "IMAGES" / "2")
    expected = {"DICOMDIR": None, "1": None, "2": None}
    assert problems(find_files([tmp_path / "DICOMDIR"])) == expected
    assert len(list(find_files([tmp_path / "DICOMDIR", tmp_path]))) == 3


def test_a_path_that_does_not_exist_is_a_row(tmp_path: Path) -> None:
    (found,) = find_files([tmp_path / "gone"])
    assert found.problem is not None
    assert (found.problem.code, found.problem.status) == (Code.VANISHED, Status.FAILED)


def test_what_is_no_regular_file_is_named(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "socket"))
        (tmp_path / "dangling").symlink_to(tmp_path / "nothing")
        (tmp_path / "ring").symlink_to(tmp_path / "ring")
        (tmp_path / "device").symlink_to("/dev/null")
        found = {one.path.name: one.problem for one in find_files([tmp_path])}
    sentences = {name: problem.sentence for name, problem in found.items() if problem}
    assert sentences == {
        "dangling": "A link to something that does not exist.",
        "device": "Not a regular file (device).",
        "pipe": "Not a regular file (pipe).",
        "ring": "A link that leads back to itself.",
        "socket": "Not a regular file (socket).",
    }


def test_a_link_to_a_folder_above_is_a_loop(tmp_path: Path) -> None:
    touch(tmp_path / "sub" / "a")
    (tmp_path / "sub" / "up").symlink_to(tmp_path)
    assert problems(find_files([tmp_path])) == {"a": None, "up": Code.LINK_LOOP}


def test_a_linked_folder_is_entered_once(tmp_path: Path) -> None:
    touch(tmp_path / "elsewhere" / "a", tmp_path / "top" / "b")
    for name in ("one", "two"):
        (tmp_path / "top" / name).symlink_to(tmp_path / "elsewhere")
    assert names(find_files([tmp_path / "top"]), tmp_path) == ["top/b", "top/one/a"]


def test_a_linked_file_is_read(tmp_path: Path) -> None:
    touch(tmp_path / "elsewhere" / "a")
    (tmp_path / "top").mkdir()
    (tmp_path / "top" / "link").symlink_to(tmp_path / "elsewhere" / "a")
    assert problems(find_files([tmp_path / "top"])) == {"link": None}


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (PermissionError(13, "Permission denied"), Code.NO_PERMISSION),
        (OSError(5, "Input/output error"), Code.CANNOT_READ),
        (FileNotFoundError(2, "No such file or directory"), Code.VANISHED),
    ],
)
def test_a_folder_that_cannot_be_listed_is_a_row(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: OSError, code: Code
) -> None:
    touch(tmp_path / "a", tmp_path / "locked" / "b")
    scandir = os.scandir

    def refuse(path: Path) -> object:
        if Path(path).name == "locked":
            raise error
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    assert problems(find_files([tmp_path])) == {"a": None, "locked": code}
    # A file that was named itself is read all the same.
    named = [tmp_path, tmp_path / "locked" / "b", tmp_path / "a"]
    assert problems(find_files(named)) == {"a": None, "locked": code, "b": None}


@linux
def test_odd_names_are_found(tmp_path: Path) -> None:
    odd = [b"new\nline", "\u202egnp.1".encode(), b"\xff\xfe", b"=cmd()", b"<img>", b"y" * 255]
    for name in [*odd, "扫描 🧠".encode()]:
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name)).write_bytes(b"x")
    found = {os.fsencode(one.path.name) for one in find_files([tmp_path])}
    assert found == {*odd, "扫描 🧠".encode()}


def test_a_deep_tree_is_walked_without_recursion(tmp_path: Path) -> None:
    touch(tmp_path / "/".join("d" * 300) / "a")
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(len(inspect.stack()) + 150)
    try:
        found = list(find_files([tmp_path]))
    finally:
        sys.setrecursionlimit(limit)
    assert [one.path.name for one in found] == ["a"]


def test_folders_are_listed_lazily(tmp_path: Path) -> None:
    touch(tmp_path / "1" / "a", tmp_path / "2" / "b")
    found = find_files([tmp_path])
    assert next(found).path.name == "a"
    shutil.rmtree(tmp_path / "2")
    assert [one.problem.code for one in found if one.problem] == [Code.VANISHED]
