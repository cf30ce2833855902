"""Writes files so that a name always holds the old content whole or the new content whole."""

from __future__ import annotations

import contextlib
import os
import platform
import re
import secrets
import time
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import IO

_A_DAY = 86400.0
"""Seconds after which a leftover of another computer, or of Windows, is taken for one."""
_LEFTOVER = re.compile(r"\.([0-9a-f]{8})-([0-9]+)-[0-9a-f]{8}\.part")


@dataclass(frozen=True)
class Pending:
    """A file that lies whole beside the place that it is meant for."""

    target: Path
    real: Path
    beside: Path

    def place(self) -> None:
        """Move it to where it belongs, over what was there. Raises OSError."""
        self.beside.replace(self.real)
        _flush_folder(self.real.parent)

    def drop(self) -> None:
        """Take it away, unless it is in its place by now."""
        self.beside.unlink(missing_ok=True)


def write_whole(target: Path, content: bytes | Callable[[IO[bytes]], object]) -> None:
    """Write a file so that its name holds the old or the new content whole. Raises OSError.

    ``content``: the bytes, or what writes them into a file.
    """
    written = (lambda file: file.write(content)) if isinstance(content, bytes) else content
    pending = _written_beside(target, written)
    try:
        pending.place()
    except BaseException:
        pending.drop()
        raise


def write_beside(target: Path, chunks: Iterable[bytes]) -> Pending:
    """Write beside the target and flush to the disk; what is there stays. Raises OSError.

    Killed at any moment it leaves the old file as it was (and perhaps ``.NAME.xxxx.part`` beside
    it, which the next one for this target takes away). A target that is a link keeps being one.
    """
    return _written_beside(target, lambda file: file.writelines(chunks))


def _written_beside(target: Path, write: Callable[[IO[bytes]], object]) -> Pending:
    real = Path(os.path.realpath(target))
    sweep(real)
    pending = Pending(target, real, _beside(real))
    try:
        with pending.beside.open("xb") as file:
            write(file)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        pending.drop()
        raise
    return pending


def sweep(real: Path) -> None:
    """Take away what killed processes left beside a file: it may name patients."""
    start = f".{real.name[:80]}"
    with contextlib.suppress(OSError), os.scandir(real.parent) as entries:
        for entry in entries:
            if not entry.name.startswith(start):
                continue
            said = _LEFTOVER.fullmatch(entry.name[len(start) :])
            if said is not None and _is_left(entry, said[1], int(said[2])):
                with contextlib.suppress(OSError):
                    os.unlink(entry.path)  # noqa: PTH108  of an entry, which is no Path


def _is_left(entry: os.DirEntry[str], computer: str, process: int) -> bool:
    """Whether the process that wrote a temporary file is gone."""
    if computer == _computer() and os.name != "nt":
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            return True
        except (OSError, OverflowError):
            return False
        return False
    return time.time() - entry.stat(follow_symlinks=False).st_mtime > _A_DAY


def _computer() -> str:
    return f"{zlib.crc32(platform.node().encode()):08x}"


def try_to_write(target: Path) -> None:
    """Raise the OSError that writing this file would meet now; changes nothing."""
    real = Path(os.path.realpath(target))
    if real.exists():
        with real.open("r+b"):  # fails where it is read-only, or locked by Excel on Windows
            pass
    beside = _beside(real)
    with beside.open("xb"):
        pass
    beside.unlink()


def _beside(real: Path) -> Path:
    mark = f"{_computer()}-{os.getpid()}-{secrets.token_hex(4)}"
    return real.with_name(f".{real.name[:80]}.{mark}.part")


def _flush_folder(folder: Path) -> None:
    """Make the new name survive a loss of power, where the system can (Windows cannot)."""
    if os.name == "nt":
        return
    # Some network folders cannot; the file itself is written and in its place by now.
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
