"""Archive: the files in a ZIP as if it were a folder, read where they are and never unpacked.

A copy in a temporary folder would be patients' data that someone has to remember to delete.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from scans.errors import Code, Problem, ScanError

SUFFIX = ".zip"
MAX_MEMBERS = 100_000
"""A ZIP of more files is refused: listing it would take longer than anyone waits."""
_ENCRYPTED = 0x1
_FAULTS = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError)
"""What zipfile raises on damaged files, unknown methods and passwords."""


def is_named_so(path: Path) -> bool:
    """Whether a name is that of a ZIP; what is in the file decides later."""
    return path.name.lower().endswith(SUFFIX)


def members(path: Path) -> Iterator[tuple[Path, Problem | None]]:
    """The files in a ZIP, as paths below its own, each with what stands in the way of reading it.

    Raises ScanError where it is none or cannot be read.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            files = [info for info in archive.infolist() if not info.is_dir()]
    except OSError as error:
        raise ScanError(Code.CANNOT_READ, error.strerror or "") from error
    except _FAULTS as error:
        raise ScanError(Code.UNKNOWN_CONTENT) from error
    if len(files) > MAX_MEMBERS:
        raise ScanError(Code.TOO_LARGE, f"a ZIP archive of {len(files)} files")
    seen: set[str] = set()
    for info in files:
        name = PurePosixPath(info.filename)
        problem = None
        if str(name) != info.filename or ".." in name.parts or name.is_absolute():
            problem = Problem(Code.CANNOT_READ, "its name in the archive leads elsewhere")
            name = PurePosixPath(*(part for part in name.parts if part not in ("/", "..")))
        elif info.filename in seen:
            problem = Problem(Code.CANNOT_READ, "the archive holds another one of this name")
        elif info.flag_bits & _ENCRYPTED:
            problem = Problem(Code.CANNOT_READ, "encrypted")
        seen.add(info.filename)
        yield path.joinpath(*name.parts), problem


def home_of(path: Path) -> Path | None:
    """The ZIP that a path leads into; None where it leads into none."""
    for parent in path.parents:
        if is_named_so(parent) and parent.is_file():
            return parent
    return None


def read(home: Path, path: Path, most: int) -> bytes:
    """The content of one file in the ZIP ``home``, up to ``most`` bytes. Raises ScanError."""
    try:
        with zipfile.ZipFile(home) as archive:
            info = archive.getinfo(path.relative_to(home).as_posix())
            if info.file_size <= most:  # as it says of itself; reading trusts nothing
                with archive.open(info) as file:
                    data = file.read(most + 1)
                if len(data) <= most:
                    return data
            raise ScanError(Code.TOO_LARGE, f"{info.file_size / 1e9:.1f} GB")
    except KeyError as error:
        raise ScanError(Code.VANISHED) from error
    except OSError as error:
        raise ScanError(Code.CANNOT_READ, error.strerror or "") from error
    except _FAULTS as error:
        raise ScanError(Code.DAMAGED, "in the archive") from error
