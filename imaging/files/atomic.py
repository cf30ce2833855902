"""Writes files so that a name always holds the old content whole or the new content whole."""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


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


def write_beside(target: Path, chunks: Iterable[bytes]) -> Pending:
    """Write beside the target and flush to the disk; what is there stays. Raises OSError.

    Killed at any moment it leaves the old file as it was (and perhaps ``.NAME.xxxx.part`` beside
    it). A target that is a link keeps being one.
    """
    real = Path(os.path.realpath(target))
    pending = Pending(target, real, _beside(real))
    try:
        with pending.beside.open("xb") as file:
            for chunk in chunks:
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        pending.drop()
        raise
    return pending


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
    return real.with_name(f".{real.name[:80]}.{secrets.token_hex(4)}.part")


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
