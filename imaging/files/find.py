"""find_files: every file below the given paths, in natural order, and what could not be entered."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from imaging.details import Detail
from imaging.errors import Code, ImageError, Problem
from imaging.files import zip_archive as archive
from imaging.files.natural_order import name_key, path_key
from imaging.messages import Message

_Identity = tuple[int, int]
"""Device and inode of a folder."""


@dataclass(frozen=True)
class Found:
    """One path that gets a row: a regular file, or something with the reason why it is none."""

    path: Path
    problem: Problem | None = None


def find_files(paths: Iterable[Path]) -> Iterator[Found]:
    """Yield every regular file at or below ``paths``, folder by folder, in natural order.

    A ZIP counts as a folder, and a DICOMDIR that is given itself stands for the folder that it is
    the table of contents of. What is no regular file, or cannot be entered, is yielded with its
    problem; nothing is left out in silence. A path given twice comes once, a folder is entered once
    even if links lead to it again. Folders are listed only when the caller gets to them.
    """
    search = _Search()
    for path in paths:
        yield from search.given(path)


class _Search:
    def __init__(self) -> None:
        self._entered: set[_Identity] = set()
        self._listed: set[_Identity] = set()
        """Those of them whose entries could be listed."""
        self._given: set[str] = set()

    def given(self, path: Path) -> Iterator[Found]:
        if path.name.upper() == "DICOMDIR" and os.path.isfile(path):  # noqa: PTH113  never raises
            path = path.absolute().parent
        name = _full_name(path)
        if name in self._given:
            return
        known = self._listed_with_its_folder(path)
        self._given.add(name)
        found = self._look(path)
        if isinstance(found, Found):
            if not known:
                yield from _opened(found)
            return
        if found not in self._entered:
            yield from self._walk(path, found)

    def _listed_with_its_folder(self, path: Path) -> bool:
        try:
            folder = path.parent.stat()
        except (OSError, ValueError):
            return False
        return (folder.st_dev, folder.st_ino) in self._listed

    def _look(self, path: Path) -> Found | _Identity:
        """The row that a path gets, or the identity of the folder that it is."""
        try:
            state = path.stat()
        except (OSError, ValueError) as error:
            return Found(path, _why(path, error))
        if stat.S_ISDIR(state.st_mode):
            return state.st_dev, state.st_ino
        if stat.S_ISREG(state.st_mode):
            return Found(path)
        return Found(path, Problem(Code.NOT_A_REGULAR_FILE, _sort_of(state.st_mode)))

    def _walk(self, folder: Path, identity: _Identity) -> Iterator[Found]:
        self._entered.add(identity)
        stack = [(identity, iter(self._entries(folder, identity)))]
        while stack:
            below = next(stack[-1][1], None)
            if below is None:
                stack.pop()
                continue
            if isinstance(below, Found):
                yield below
                continue
            path = Path(below.path)
            found = self._quick(below, path)
            if isinstance(found, Found):
                if _full_name(path) not in self._given:
                    yield from _opened(found)
            elif any(found == above for above, _ in stack):
                yield Found(path, Problem(Code.LINK_LOOP))
            elif found not in self._entered:
                self._entered.add(found)
                stack.append((found, iter(self._entries(path, found))))

    def _quick(self, entry: os.DirEntry[str], path: Path) -> Found | _Identity:
        """What ``_look`` says, for most files without asking the file system again."""
        try:
            if entry.is_file(follow_symlinks=False):
                return Found(path)
        except OSError:
            pass  # _look meets it again and says why
        return self._look(path)

    def _entries(self, folder: Path, identity: _Identity) -> list[os.DirEntry[str] | Found]:
        """A folder's entries in natural order, then what went wrong while it was listed."""
        entries: list[os.DirEntry[str]] = []
        faults: list[Found] = []
        try:
            with os.scandir(folder) as listing:
                entries.extend(listing)
            self._listed.add(identity)
        except OSError as error:
            faults.append(Found(folder, _why(folder, error)))
        return [*sorted(entries, key=lambda entry: name_key(entry.name)), *faults]


def _opened(found: Found) -> Iterator[Found]:
    """The files in a ZIP in place of the ZIP, in natural order; whatever else as it is."""
    if found.problem is not None or not archive.may_be_zip(found.path):
        yield found
        return
    try:
        inside = [Found(path, problem) for path, problem in archive.members(found.path)]
    except ImageError as error:
        # Something else by that name, such as an image file, is read as what it is.
        other = error.problem.code is Code.UNKNOWN_CONTENT
        inside = [found if other else Found(found.path, error.problem)]
    yield from sorted(inside or [found], key=lambda each: path_key(each.path.parts))


def _full_name(path: Path) -> str:
    return os.path.abspath(path)  # noqa: PTH100  resolve() would follow links


def _why(path: Path, error: OSError | ValueError) -> Problem:
    if isinstance(error, PermissionError):
        return Problem(Code.NO_PERMISSION)
    if isinstance(error, ValueError):  # a name that no file system takes
        return Problem(Code.VANISHED)
    if error.errno == errno.ELOOP:
        return Problem(Code.LINK_LOOP)
    if error.errno in (errno.ENOENT, errno.ENOTDIR):
        return Problem(Code.DANGLING_LINK if path.is_symlink() else Code.VANISHED)
    return Problem(Code.CANNOT_READ, error.strerror or "")


def _sort_of(mode: int) -> str | Message:
    sorts = {
        stat.S_IFIFO: Detail.PIPE,
        stat.S_IFSOCK: Detail.SOCKET,
        stat.S_IFCHR: Detail.DEVICE,
        stat.S_IFBLK: Detail.DEVICE,
    }
    sort = sorts.get(stat.S_IFMT(mode))
    return "" if sort is None else Message(sort)
