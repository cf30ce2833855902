"""What an export would replace, and whether it may: looked up before anything is written."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import stat
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from desktop.engine.report_rows import image_columns, series_columns

_LONGEST_HEADER = 4096
"""Bytes within which the header of a table of ours ends."""
_LARGEST_SIDECAR = 1 << 20
"""Bytes of the largest sidecar that is read; ours have some two thousand."""
_PROBABILITY = "probability_"
_SIDECAR_KEYS = {"use", "finished", "rows_written", "tables", "app_version"}
_MODEL_KEYS = {"model", "weights"}
"""What a sidecar calls the model: today, and in version 0.1."""


class Standing(StrEnum):
    """What lies where a file of an export is to be written."""

    FREE = "free"
    OURS = "ours"
    """A table or a sidecar that this program wrote."""
    FOREIGN = "foreign"
    """A file of someone else's."""
    LINK = "link"
    """A link: what would be replaced lies elsewhere."""
    INPUT = "input"
    """One of the opened files."""
    SPECIAL = "special"
    """A device, a pipe or a socket."""


@dataclass(frozen=True)
class Target:
    """One file of an export, and what lies there now."""

    path: Path
    standing: Standing

    @property
    def is_never_replaced(self) -> bool:
        """Whether no confirmation is enough."""
        return self.standing in (Standing.INPUT, Standing.SPECIAL)

    @property
    def needs_confirmation(self) -> bool:
        """Whether it is replaced only where the user has said so."""
        return self.standing in (Standing.FOREIGN, Standing.LINK)


def targets_of(
    series: Path,
    images: Path,
    sidecar: Path,
    opened: Sequence[Path] = (),
    found: Sequence[Path] = (),
) -> list[Target]:
    """What lies at the places of the table of series, the table of images and the sidecar.

    ``opened``: the paths that the user gave; ``found``: the files found in them, which are looked
    at only where something that is not ours would be replaced. A table is ours if its sidecar names
    its SHA-256, or its header is exactly ours. A file of ours in an opened folder stays ours; one
    that was itself opened is an input. Raises OSError for what exists and cannot be looked at.
    """
    hashes = _hashes_in(sidecar)
    ours: tuple[tuple[Path, Callable[[], bool]], ...] = (
        (series, lambda: _is_our_table(series, hashes)),
        (images, lambda: _is_our_table(images, hashes)),
        (sidecar, lambda: _sidecar_at(sidecar) is not None),
    )
    return [Target(path, standing(path, opened, found, is_ours)) for path, is_ours in ours]


def standing(
    path: Path, opened: Sequence[Path], found: Sequence[Path], is_ours: Callable[[], bool]
) -> Standing:
    """What lies at one place; ``is_ours`` is asked of a regular file. Raises OSError."""
    try:
        state = path.stat()
    except FileNotFoundError:
        return Standing.LINK if path.is_symlink() else Standing.FREE
    if stat.S_ISDIR(state.st_mode):
        return Standing.FREE  # nothing can replace a folder: writing says so
    if not stat.S_ISREG(state.st_mode):
        return Standing.SPECIAL
    if any(_is_file(each, state) for each in opened):
        return Standing.INPUT
    if not path.is_symlink() and is_ours():
        return Standing.OURS
    if _lies_in(path, opened) or any(_is_file(each, state) for each in found):
        return Standing.INPUT
    return Standing.LINK if path.is_symlink() else Standing.FOREIGN


def _is_file(path: Path, state: os.stat_result) -> bool:
    """Whether a path leads to the file of that state, under whatever name."""
    try:
        return os.path.samestat(path.stat(), state)
    except (OSError, ValueError):
        return False


def _lies_in(path: Path, opened: Sequence[Path]) -> bool:
    """Whether a path leads into an opened folder, or into that of an opened DICOMDIR."""
    real = Path(os.path.realpath(path))
    for each in opened:
        folder = each.absolute().parent if each.name.upper() == "DICOMDIR" else each
        if Path(os.path.realpath(folder)) in real.parents:
            return True
    return False


def _is_our_table(path: Path, hashes: set[str]) -> bool:
    try:
        with path.open("rb") as file:
            if _is_our_header(file.read(_LONGEST_HEADER)):
                return True
            if not hashes:
                return False
            file.seek(0)
            return hashlib.file_digest(file, "sha256").hexdigest() in hashes
    except OSError:  # what cannot be read cannot be known as ours
        return False


def _is_our_header(start: bytes) -> bool:
    """Whether a table begins with all columns of one of ours, for whatever class."""
    line, end, _ = start.decode("utf-8-sig", "replace").partition("\r\n")
    columns = next(csv.reader([line]), []) if end else []
    names = {each.removeprefix(_PROBABILITY) for each in columns if each.startswith(_PROBABILITY)}
    return any(
        tuple(columns) == expected(name)
        for name in names
        for expected in (image_columns, series_columns)
    )


def _hashes_in(sidecar: Path) -> set[str]:
    said = _sidecar_at(sidecar)
    tables = said["tables"] if said is not None else None
    entries = tables.values() if isinstance(tables, dict) else ()
    return {str(each["sha256"]) for each in entries if isinstance(each, dict) and "sha256" in each}


def _sidecar_at(path: Path) -> dict[str, object] | None:
    """What a sidecar of ours says; None where there is none, or something else."""
    try:
        if not stat.S_ISREG(path.stat().st_mode) or path.stat().st_size > _LARGEST_SIDECAR:
            return None
        said = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return None
    if not isinstance(said, dict) or not said.keys() >= _SIDECAR_KEYS:
        return None
    return said if said.keys() & _MODEL_KEYS else None
