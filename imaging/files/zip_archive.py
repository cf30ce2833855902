"""Archive: the files in a ZIP as if it were a folder, read where they are and never unpacked.

A copy in a temporary folder would be patients' data that someone has to remember to delete. A ZIP
in a ZIP is opened too, once; one within that is a file that is named.
"""

from __future__ import annotations

import binascii
import os
import re
import struct
import zipfile
from collections.abc import Iterator
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import IO

from imaging.errors import Code, ImageError, Problem
from imaging.messages import Message, MessageCode

SUFFIX = ".zip"
MAX_MEMBERS = 100_000
"""A ZIP of more files is refused: listing it would take longer than anyone waits."""
MAX_DIRECTORY = 32 << 20
"""Bytes of a directory that are read at most; one of ``MAX_MEMBERS`` files has a third of it."""
MAX_NESTED = 256 << 20
"""A ZIP in a ZIP that is larger is not opened: it is held in memory."""
_START = b"PK\x03\x04"
_ENCRYPTED, _NAME_IS_UTF8 = 0x1, 0x800
_DEFLATE64 = 9
"""What Windows Explorer packs large files by; Python's zipfile does not read it."""
_AT_ONCE = 1 << 10
"""Bytes that are inflated in one step: one match may be 65,538 bytes long, so that these may become
27 million."""
_METHODS = {
    1: "Shrink",
    6: "Implode",
    _DEFLATE64: "Deflate64",
    93: "Zstandard",
    95: "XZ",
    98: "PPMd",
}
_BY_ZIPFILE = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)
_READ = (*_BY_ZIPFILE, _DEFLATE64)
_DRIVE = re.compile(r"^/*[A-Za-z]:")
"""What some programs leave before the names of files: a drive of Windows."""
_UNICODE_PATH = 0x7075
"""The extra field in which Info-ZIP keeps a name in UTF-8 (APPNOTE 4.6.9)."""
_ENTRY, _END, _END_64 = b"PK\x01\x02", b"PK\x05\x06", b"PK\x06\x06"
_END_SIZE, _END_64_SIZE, _LOCATOR_SIZE, _ENTRY_SIZE, _LOCAL_SIZE = 22, 56, 20, 46, 30


class Archived(MessageCode):
    """What stands in the way of a file in a ZIP."""

    ELSEWHERE = "zip_elsewhere", "its name in the archive leads elsewhere"
    TWICE = "zip_twice", "the archive holds another one of this name"
    ENCRYPTED = "zip_encrypted", "encrypted; unpack it first"
    METHOD = "zip_method", "compressed by {name}, which is not supported; unpack it first"
    SPLIT = "zip_split", "one part of a split archive; join or unpack it first"
    CUT = "zip_cut", "a ZIP archive without an end"
    FILES = "zip_files", "a ZIP archive of {count} files"
    INSIDE = "zip_inside", "in the archive"


def has_zip_suffix(path: Path) -> bool:
    """Whether a name is that of a ZIP; what is in the file decides later."""
    return path.name.lower().endswith(SUFFIX)


def may_be_zip(path: Path) -> bool:
    """Whether to look for files in a file: by its name, or by its start where it has no suffix."""
    if has_zip_suffix(path):
        return True
    if "." in path.name:
        return False
    try:
        with path.open("rb") as file:
            return file.read(len(_START)) == _START
    except OSError:  # reading it meets the same error, and says why
        return False


def members(path: Path) -> Iterator[tuple[Path, Problem | None]]:
    """The files in a ZIP, and in ZIPs in it, as paths below its own, each with what stands in the
    way of reading it.

    Raises ImageError where it is none or cannot be read.
    """
    try:
        with path.open("rb") as file:
            check_directory(file)
        archive, files = _listed(path)
    except OSError as error:
        raise ImageError(Code.CANNOT_READ, error.strerror or "") from error
    except ImageError:
        raise
    except Exception as error:  # zipfile raises anything on damaged files
        raise ImageError(Code.UNKNOWN_CONTENT) from error
    with archive:
        for inside, info, problem in files:
            if problem is None and inside.lower().endswith(SUFFIX):
                if info.compress_type not in _BY_ZIPFILE:  # not where a fault would end us
                    yield path / inside, _unsupported(info)
                    continue
                yield from _nested(path / inside, archive, info)
            else:
                yield path / inside, problem


def _nested(
    path: Path, archive: zipfile.ZipFile, info: zipfile.ZipInfo
) -> Iterator[tuple[Path, Problem | None]]:
    """The files in a ZIP in a ZIP; itself where it is none."""
    try:
        inner = _inner(archive, info)
    except ImageError as error:
        other = error.problem.code is Code.UNKNOWN_CONTENT  # reading tells what it is
        yield path, None if other else error.problem
        return
    with inner:
        empty = True
        for name, _, problem in _files(inner):
            empty = False
            yield path / name, problem
        if empty:
            yield path, None


def check_directory(file: IO[bytes]) -> None:
    """Raise ImageError where a ZIP's directory is too long, before anything is made of it."""
    length = file.seek(0, os.SEEK_END)
    tail_at = max(0, length - _END_SIZE - 0xFFFF - _LOCATOR_SIZE - _END_64_SIZE)
    file.seek(tail_at)
    tail = file.read()
    end = tail.rfind(_END)
    if end < 0 or len(tail) < end + _END_SIZE:
        file.seek(0)
        is_cut = file.read(len(_START)) == _START
        raise ImageError(
            *((Code.DAMAGED, Message(Archived.CUT)) if is_cut else (Code.UNKNOWN_CONTENT,))
        )
    if 0 < struct.unpack("<H", tail[end + 4 : end + 6])[0] < 0xFFFF:
        raise ImageError(Code.CANNOT_READ, Message(Archived.SPLIT))
    count, size = struct.unpack("<HL", tail[end + 10 : end + 16])
    end_at = tail_at + end
    large = tail.rfind(_END_64, 0, end)
    if large >= 0 and (count == 0xFFFF or size == 0xFFFFFFFF):
        count, size = struct.unpack("<QQ", tail[large + 32 : large + 48])
        end_at = tail_at + large
    if count > MAX_MEMBERS or size > MAX_DIRECTORY:
        raise ImageError(Code.TOO_LARGE, Message(Archived.FILES, count=count))
    file.seek(max(0, end_at - size))
    held = _entries(file.read(size))
    if held > MAX_MEMBERS:
        raise ImageError(Code.TOO_LARGE, Message(Archived.FILES, count=held))


def _entries(directory: bytes) -> int:
    """How many files a directory lists, whatever the archive announces."""
    at = count = 0
    while directory[at : at + 4] == _ENTRY and at + _ENTRY_SIZE <= len(directory):
        count += 1
        at += _ENTRY_SIZE + sum(struct.unpack("<HHH", directory[at + 28 : at + 34]))
    return count


_File = tuple[str, zipfile.ZipInfo, Problem | None]


def _listed(path: Path) -> tuple[zipfile.ZipFile, list[_File]]:
    archive = zipfile.ZipFile(path)
    return archive, _files(archive)


def _files(archive: zipfile.ZipFile) -> list[_File]:
    """The files that an archive lists, by names that lead nowhere else."""
    found: list[_File] = []
    seen: set[str] = set()
    for info in archive.infolist():
        said = _name(info)
        if said.endswith("/"):
            continue
        name = _inside(said)
        if name is None:
            odd = re.sub(r"[/\\:\0]+", "_", said).strip(".") or "_"
            found.append((odd, info, _cannot(Archived.ELSEWHERE)))
            continue
        found.append((name, info, _cannot(Archived.TWICE) if name in seen else _obstacle(info)))
        seen.add(name)
    return found


def _cannot(code: Archived, **values: str | int) -> Problem:
    return Problem(Code.CANNOT_READ, Message(code, **values))


def _obstacle(info: zipfile.ZipInfo) -> Problem | None:
    if info.flag_bits & _ENCRYPTED:
        return _cannot(Archived.ENCRYPTED)
    return None if info.compress_type in _READ else _unsupported(info)


def _unsupported(info: zipfile.ZipInfo) -> Problem:
    name = _METHODS.get(info.compress_type, f"method {info.compress_type}")
    return _cannot(Archived.METHOD, name=name)


def _name(info: zipfile.ZipInfo) -> str:
    """A member's name with "/" between its steps, in the characters in which it was written.

    Without the flag for UTF-8 a name may be in anything: UTF-8 all the same, or Chinese (GB 2312)
    where all of it can be that; else in the code page of the first PCs, as the format has it.
    """
    name = info.orig_filename
    if not info.flag_bits & _NAME_IS_UTF8 and not name.isascii():
        name = _unflagged(name.encode("cp437"), info.extra) or name
    return name.replace("\\", "/")


def _unflagged(raw: bytes, extra: bytes) -> str | None:
    while len(extra) >= 4:
        kind, length = struct.unpack("<HH", extra[:4])
        field, extra = extra[4 : 4 + length], extra[4 + length :]
        if kind == _UNICODE_PATH and field[1:5] == struct.pack("<L", binascii.crc32(raw)):
            return field[5:].decode("utf-8", "replace")
    for encoding in ("utf-8", "gb2312"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _inside(name: str) -> str | None:
    """A member's name without root, drive and empty steps, as unpacking programs have it.

    None where it could lead out, on any system.
    """
    parts = [part for part in _DRIVE.sub("", name).split("/") if part not in ("", ".")]
    odd = any(part == ".." or re.search(r"[\\:\0]", part) for part in parts)
    return None if odd or not parts else "/".join(parts)


def home_of(path: Path) -> Path | None:
    """The ZIP that a path leads into; None where it leads into none."""
    for parent in path.parents:
        if os.path.isdir(parent):  # noqa: PTH112  never raises
            return None
        if os.path.isfile(parent):  # noqa: PTH113  never raises
            return parent
    return None


@lru_cache(maxsize=1)
def _opened(
    home: Path, _state: tuple[int, ...]
) -> tuple[zipfile.ZipFile, dict[str, zipfile.ZipInfo]]:
    """The last ZIP stays open: its directory is long, and its files are asked for one by one."""
    archive, files = _listed(home)
    return archive, _by_name(files)


@lru_cache(maxsize=1)
def _opened_inside(
    home: Path, state: tuple[int, ...], name: str
) -> tuple[zipfile.ZipFile, dict[str, zipfile.ZipInfo]]:
    archive, files = _opened(home, state)
    inner = _inner(archive, files[name])
    return inner, _by_name(_files(inner))


def _by_name(files: list[_File]) -> dict[str, zipfile.ZipInfo]:
    """The first file of each name; not those whose name leads elsewhere."""
    named: dict[str, zipfile.ZipInfo] = {}
    for name, info, problem in files:
        if problem != _cannot(Archived.ELSEWHERE):
            named.setdefault(name, info)
    return named


def _inner(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> zipfile.ZipFile:
    """A ZIP in a ZIP. Raises ImageError where it is none, too large or damaged."""
    data = _content(archive, info, MAX_NESTED)
    try:
        check_directory(BytesIO(data))
        return zipfile.ZipFile(BytesIO(data))
    except ImageError:
        raise
    except Exception as error:  # zipfile raises anything on damaged files
        raise ImageError(Code.UNKNOWN_CONTENT) from error


def read(home: Path, path: Path, state: tuple[int, ...], most: int) -> bytes:
    """The content of one file in the ZIP ``home``, up to ``most`` bytes. Raises ImageError.

    ``state``: of the ZIP; another one means that it has changed.
    """
    name = path.relative_to(home).as_posix()
    try:
        archive, files = _opened(home, state)
        if name not in files and (outer := _outer(name, files)) is not None:
            archive, files = _opened_inside(home, state, outer)
            name = name[len(outer) + 1 :]
    except (ImageError, MemoryError):
        raise
    except OSError as error:
        raise ImageError(Code.CANNOT_READ, error.strerror or "") from error
    except Exception as error:  # zipfile raises anything on damaged files
        raise ImageError(Code.DAMAGED, Message(Archived.INSIDE)) from error
    if name not in files:
        raise ImageError(Code.VANISHED)
    return _content(archive, files[name], most)


def _outer(name: str, files: dict[str, zipfile.ZipInfo]) -> str | None:
    """The ZIP in the ZIP that a name leads into."""
    steps = name.split("/")
    starts = ("/".join(steps[:length]) for length in range(1, len(steps)))
    return next((start for start in starts if start in files), None)


def _content(archive: zipfile.ZipFile, info: zipfile.ZipInfo, most: int) -> bytes:
    if (obstacle := _obstacle(info)) is not None:
        raise ImageError(obstacle.code, obstacle.detail)
    try:
        if info.file_size <= most:  # as it says of itself; reading trusts nothing
            if info.compress_type == _DEFLATE64:
                data = _inflated64(archive, info, most)
            else:
                with archive.open(info) as file:
                    data = file.read(most + 1)
            if len(data) <= most:
                return data
    except MemoryError:
        raise
    except OSError as error:
        raise ImageError(Code.CANNOT_READ, error.strerror or "") from error
    except Exception as error:  # decompressors raise anything on damaged files
        raise ImageError(Code.DAMAGED, Message(Archived.INSIDE)) from error
    raise ImageError(Code.TOO_LARGE, f"{info.file_size / 1e9:.1f} GB")


def _inflated64(archive: zipfile.ZipFile, info: zipfile.ZipInfo, most: int) -> bytes:
    """The content of a file in Deflate64; a little more than ``most`` bytes where it has more."""
    from inflate64 import Inflater

    assert archive.fp is not None  # it is open
    archive.fp.seek(info.header_offset)
    local = archive.fp.read(_LOCAL_SIZE)
    if local[:4] != _START or len(local) < _LOCAL_SIZE:
        raise zipfile.BadZipFile("no local header")
    archive.fp.seek(sum(struct.unpack("<HH", local[26:30])), os.SEEK_CUR)
    inflater, data, left = Inflater(), bytearray(), info.compress_size
    while left > 0 and len(data) <= most and not inflater.eof:
        packed = archive.fp.read(min(left, _AT_ONCE))
        if not packed:
            raise zipfile.BadZipFile("cut short")
        left -= len(packed)
        data += inflater.inflate(packed)
    whole = bytes(data)
    if len(whole) <= most and binascii.crc32(whole) != info.CRC:
        raise zipfile.BadZipFile("another checksum")
    return whole
