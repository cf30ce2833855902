"""Writes a file so that its name always holds the old content whole or the new content whole."""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Iterable
from pathlib import Path


def write_atomically(target: Path, chunks: Iterable[bytes]) -> None:
    """Write beside the target, flush to the disk, move into place. Raises OSError.

    Killed at any moment it leaves the old file as it was (and perhaps ``.NAME.xxxx.part`` beside
    it). A target that is a link keeps being one.
    """
    real = Path(os.path.realpath(target))
    beside = _beside(real)
    try:
        with beside.open("xb") as file:
            for chunk in chunks:
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(real)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    _flush_folder(real.parent)


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
