"""Archive: the files in a ZIP as if it were a folder, read where they are and never unpacked.

A copy in a temporary folder would be patients' data that someone has to remember to delete.
"""

from __future__ import annotations

import os
import re
import zipfile
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from imaging.errors import Code, ImageError, Problem

SUFFIX = ".zip"
MAX_MEMBERS = 100_000
"""A ZIP of more files is refused: listing it would take longer than anyone waits."""
_ENCRYPTED = 0x1
_ELSEWHERE = Problem(Code.CANNOT_READ, "its name in the archive leads elsewhere")
_TWICE = Problem(Code.CANNOT_READ, "the archive holds another one of this name")


def has_zip_suffix(path: Path) -> bool:
    """Whether a name is that of a ZIP; what is in the file decides later."""
    return path.name.lower().endswith(SUFFIX)


def members(path: Path) -> Iterator[tuple[Path, Problem | None]]:
    """The files in a ZIP, as paths below its own, each with what stands in the way of reading it.

    Raises ScanError where it is none or cannot be read.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            infos = archive.infolist()
    except OSError as error:
        raise ImageError(Code.CANNOT_READ, error.strerror or "") from error
    except Exception as error:  # zipfile raises anything on damaged files
        raise ImageError(Code.UNKNOWN_CONTENT) from error
    files = [info for info in infos if not info.filename.endswith("/")]
    if len(files) > MAX_MEMBERS:
        raise ImageError(Code.TOO_LARGE, f"a ZIP archive of {len(files)} files")
    seen: set[str] = set()
    for info in files:
        name = _inside(info.filename)
        if name is None:
            yield path / (re.sub(r"[/\\:\0]+", "_", info.filename).strip(".") or "_"), _ELSEWHERE
            continue
        encrypted = Problem(Code.CANNOT_READ, "encrypted") if info.flag_bits & _ENCRYPTED else None
        yield path / name, _TWICE if name in seen else encrypted
        seen.add(name)


def _inside(name: str) -> str | None:
    """A member's name without empty steps; None where it could lead out, on any system."""
    parts = [part for part in name.split("/") if part not in ("", ".")]
    odd = any(part == ".." or re.search(r"[\\:\0]", part) for part in parts)
    return None if name.startswith("/") or odd or not parts else "/".join(parts)


def home_of(path: Path) -> Path | None:
    """The ZIP that a path leads into; None where it leads into none."""
    for parent in path.parents:
        if has_zip_suffix(parent) and os.path.isfile(parent):  # noqa: PTH113  never raises
            return parent
    return None


@lru_cache(maxsize=1)
def _opened(
    home: Path, _state: tuple[int, ...]
) -> tuple[zipfile.ZipFile, dict[str, zipfile.ZipInfo]]:
    """The last ZIP stays open: its directory is long, and its files are asked for one by one."""
    archive = zipfile.ZipFile(home)
    files: dict[str, zipfile.ZipInfo] = {}
    for info in archive.infolist():
        name = _inside(info.filename)
        if name is not None and not info.filename.endswith("/"):
            files.setdefault(name, info)
    return archive, files


def read(home: Path, path: Path, state: tuple[int, ...], most: int) -> bytes:
    """The content of one file in the ZIP ``home``, up to ``most`` bytes. Raises ScanError.

    ``state``: of the ZIP; another one means that it has changed.
    """
    try:
        archive, files = _opened(home, state)
        info = files.get(path.relative_to(home).as_posix())
        if info is None:
            raise ImageError(Code.VANISHED)
        if info.file_size <= most:  # as it says of itself; reading trusts nothing
            with archive.open(info) as file:
                data = file.read(most + 1)
            if len(data) <= most:
                return data
        raise ImageError(Code.TOO_LARGE, f"{info.file_size / 1e9:.1f} GB")
    except (ImageError, MemoryError):
        raise
    except OSError as error:
        raise ImageError(Code.CANNOT_READ, error.strerror or "") from error
    except Exception as error:  # decompressors raise anything on damaged files
        raise ImageError(Code.DAMAGED, "in the archive") from error
