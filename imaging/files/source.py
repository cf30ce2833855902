"""Source: the bytes of one regular file, read once, and what they seem to be."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from imaging.errors import Code, ImageError
from imaging.files import zip_archive as archive
from imaging.files.companions import is_companion
from imaging.files.limits import MAX_BYTES

_NO_WAIT = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
State = tuple[int, int, int, int, int]
"""Device, inode, size, time of writing and of any change: copying can set the former, not both."""
_TRIES_TO_FOLLOW = {errno.ELOOP: Code.LINK_LOOP, errno.ENOENT: Code.VANISHED}


@dataclass(frozen=True, eq=False)
class Source:
    """A file's whole content, unchanged while it was read."""

    path: Path
    data: bytes
    state: State
    """Of the file, or of the ZIP that it is in: the same state means the same content."""

    @cached_property
    def sha256(self) -> str:
        """SHA-256 of the content, in hexadecimal."""
        return hashlib.sha256(self.data).hexdigest()


def read_start(path: Path, most: int) -> tuple[bytes, bool]:
    """The first bytes of a regular file, and whether they are all of it. Raises ImageError.

    A file in a ZIP comes whole: its start cannot be had for less.
    """
    if archive.home_of(path) is not None:
        return read_source(path).data, True
    with _opened(path) as file:
        size = _checked(file, path).st_size
        with os.fdopen(file, "rb", closefd=False) as reader:
            start = reader.read(most)
    if len(start) < min(size, most):
        raise ImageError(Code.CHANGED_WHILE_READ)
    return start, len(start) == size


def read_source(path: Path) -> Source:
    """Read a regular file, or one in a ZIP. Raises ImageError; never waits for a pipe or a device.

    The last file is kept, and given again while its state is the same: a file of many frames is
    asked for frame by frame.
    """
    try:
        state = _state((archive.home_of(path) or path).stat())
    except (OSError, ValueError):
        return _open_and_read(path)  # meets the same error and says why
    return _kept(path, state)


@lru_cache(maxsize=1)
def _kept(path: Path, _state_now: State) -> Source:
    return _open_and_read(path)


def _open_and_read(path: Path) -> Source:
    home = archive.home_of(path)
    if home is not None:
        return _out_of(home, path)
    with _opened(path) as file:
        return Source(path, *_read(file, path))


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[int]:
    """A descriptor of a file, opened without waiting. Raises ImageError, also for errors within."""
    try:
        file = os.open(path, os.O_RDONLY | _NO_WAIT)
    except OSError as error:
        raise _cannot_open(path, error) from error
    except ValueError as error:  # a name with a NUL
        raise ImageError(Code.VANISHED) from error
    try:
        yield file
    except OSError as error:
        raise ImageError(Code.CANNOT_READ, error.strerror or "") from error
    finally:
        os.close(file)


def _out_of(home: Path, path: Path) -> Source:
    """A file in a ZIP. Raises ImageError."""
    before = _state(home.stat())
    data = archive.read(home, path, before, MAX_BYTES)
    if _state(home.stat()) != before:
        raise ImageError(Code.CHANGED_WHILE_READ)
    if not data:
        raise _empty(path)
    return Source(path, data, before)


def _empty(path: Path) -> ImageError:
    return ImageError(Code.COMPANION if is_companion(path.name) else Code.EMPTY_FILE)


def _checked(file: int, path: Path) -> os.stat_result:
    """The state of a file that may be read. Raises ImageError for any other."""
    state = os.fstat(file)
    if not stat.S_ISREG(state.st_mode):
        raise ImageError(Code.NOT_A_REGULAR_FILE)
    if state.st_size == 0:
        raise _empty(path)
    if state.st_size > MAX_BYTES:
        raise ImageError(Code.TOO_LARGE, f"{state.st_size / 1e9:.1f} GB")
    return state


def _read(file: int, path: Path) -> tuple[bytes, State]:
    before = _checked(file, path)
    with os.fdopen(file, "rb", buffering=0, closefd=False) as reader:
        data = reader.readall()
    if len(data) != before.st_size or _state(os.fstat(file)) != _state(before):
        raise ImageError(Code.CHANGED_WHILE_READ)
    return data, _state(before)


def _state(of: os.stat_result) -> State:
    # ctime is the time of creation on Windows, and never changes there.
    return of.st_dev, of.st_ino, of.st_size, of.st_mtime_ns, of.st_ctime_ns


def _cannot_open(path: Path, error: OSError) -> ImageError:
    if error.errno == errno.ENOENT and path.is_symlink():
        return ImageError(Code.DANGLING_LINK)
    if isinstance(error, PermissionError) and not path.is_dir():  # Windows says so of a folder
        return ImageError(Code.NO_PERMISSION)
    if error.errno in _TRIES_TO_FOLLOW:
        return ImageError(_TRIES_TO_FOLLOW[error.errno])
    if error.errno in (errno.ENXIO, errno.EISDIR) or path.is_dir():
        return ImageError(Code.NOT_A_REGULAR_FILE)
    return ImageError(Code.CANNOT_READ, error.strerror or "")
