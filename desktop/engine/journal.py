"""Journal: results by content, kept in a file as they come, so that a stopped run can go on.

One line of JSON for each image. It holds hashes, numbers and reasons, and no name, id or path.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import IO

from desktop.engine.scoring import FileToScore, Scored
from desktop.reasons import reason_of
from desktop.resources import app_version
from imaging.errors import Code, Problem
from imaging.image import ImageHeader
from imaging.messages import Message, MessageCode, MessageError
from model.image_result import ImageResult, status_of

KIND = "cranioscope journal 1"
"""The first word of such a file."""
_BY_CHANCE = frozenset(
    {
        Code.VANISHED,
        Code.CHANGED_WHILE_READ,
        Code.NO_PERMISSION,
        Code.CANNOT_READ,
        Code.DECODER_DIED,
        Code.TIME_LIMIT,
        Code.OUT_OF_MEMORY,
        Code.CLASSIFIER_FAILED,
        Code.NOT_SCREENED,
    }
)
"""What another try may not meet again: such results are not kept."""

_CODES = {str(code): code for code in Code}


class JournalCode(MessageCode):
    """Why a journal cannot be used."""

    FOREIGN = "journal_foreign", "{name} exists and is no journal of this program."
    CANNOT_WRITE = "journal_cannot_write", "The journal {name} cannot be written: {reason}."


class JournalError(MessageError):
    """A journal cannot be used."""


class Journal:
    """Results of one model by this version of the program. Use it as a context manager."""

    def __init__(self, path: Path, model_sha256: str) -> None:
        """Read what is there; that of another model or version is left out and begun anew.

        A last line that was cut by a kill or a full disk is dropped. Raises JournalError where the
        file is something else, or cannot be read or written.
        """
        self._path = path
        self.used = 0
        """Images whose results were taken from it."""
        self._head: dict[str, object] = {
            "kind": KIND,
            "model": model_sha256,
            "program": app_version(),
        }
        self._known: dict[str, dict[int, dict[str, object]]] = defaultdict(dict)
        try:
            self._file = self._opened()
        except OSError as error:
            raise self._refused(error) from error

    def __enter__(self) -> Journal:
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(OSError):
            self._file.close()

    def __len__(self) -> int:
        """How many images it knows."""
        return sum(map(len, self._known.values()))

    def _opened(self) -> IO[bytes]:
        if self._path.exists() and not self._path.is_file():  # a device may never end
            raise JournalError(Message(JournalCode.FOREIGN, name=self._path.name))
        file = self._path.open("r+b" if self._path.exists() else "x+b")
        first, *lines = file.read().split(b"\n")
        head = _entry(first)
        if (first or lines) and (head is None or head.get("kind") != KIND):
            file.close()
            raise JournalError(Message(JournalCode.FOREIGN, name=self._path.name))
        if head != self._head or not lines:
            file.seek(0)
            file.truncate()
            file.write(_line(self._head))
        else:
            self._take(lines[:-1])
            file.seek(-len(lines[-1]), os.SEEK_END)
            file.truncate()
        file.flush()
        return file

    def _take(self, lines: Iterable[bytes]) -> None:
        for line in lines:
            entry = _entry(line)
            if entry is not None and isinstance(frame := entry.get("frame"), int):
                self._known[str(entry.get("sha256"))][frame] = entry

    def known(self, sha256: str, file: FileToScore) -> list[Scored] | None:
        """The results of all frames of a file with that content; None unless all are known."""
        entries = self._known.get(sha256, {})
        frames = range(file.first, len(file.headers))
        if not sha256 or not all(frame in entries for frame in frames):
            return None
        try:
            known = [
                Scored(file.images[frame], _result(file, frame, entries[frame])) for frame in frames
            ]
        except (KeyError, TypeError, ValueError):  # a line that was changed by someone
            return None
        self.used += len(known)
        return known

    def keep(self, results: Sequence[ImageResult]) -> None:
        """Write down results, and wait until the disk has them. Raises JournalError."""
        lines = [_line(_told(each)) for each in results if _is_lasting(each)]
        if not lines:
            return
        try:
            self._file.writelines(lines)
            self._file.flush()
            os.fsync(self._file.fileno())
        except OSError as error:
            raise self._refused(error) from error

    def _refused(self, error: OSError) -> JournalError:
        reason = reason_of(error)
        return JournalError(Message(JournalCode.CANNOT_WRITE, name=self._path.name, reason=reason))


def _is_lasting(result: ImageResult) -> bool:
    return result.sha256 != "" and not any(each.code in _BY_CHANCE for each in result.problems)


def _line(entry: dict[str, object]) -> bytes:
    return json.dumps(entry, allow_nan=False).encode("ascii") + b"\n"


def _entry(line: bytes) -> dict[str, object] | None:
    try:
        entry = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return entry if isinstance(entry, dict) else None


def _told(result: ImageResult) -> dict[str, object]:
    return {
        "sha256": result.sha256,
        "frame": result.frame,
        "frames": result.frames,
        "problems": [[str(each.code), str(each.detail)] for each in result.problems],
        "analysed_at": result.analysed_at.isoformat(),
        "logit": result.logit,
        "probability": result.probability,
        "novelty": result.novelty,
        "pixels": result.pixels_digest.hex(),
        "provider": result.provider,
    }


def _result(file: FileToScore, frame: int, entry: dict[str, object]) -> ImageResult:
    """The result of a frame as it was, under the path that its content has now."""
    told = entry["problems"]
    if not isinstance(told, list) or entry["frames"] != len(file.headers):
        raise ValueError("an entry of another shape")
    problems = tuple(Problem(_CODES[code], str(detail)) for code, detail in told)
    header: ImageHeader = replace(file.headers[frame], warnings=())
    return ImageResult(
        folder=file.path.parent,
        name=file.path.name,
        frame=frame,
        frames=len(file.headers),
        status=status_of(problems),
        problems=problems,
        analysed_at=datetime.fromisoformat(str(entry["analysed_at"])),
        header=header,
        logit=_number(entry["logit"]),
        probability=_number(entry["probability"]),
        novelty=_number(entry["novelty"]),
        sha256=str(entry["sha256"]),
        pixels_digest=bytes.fromhex(str(entry["pixels"])),
        provider=str(entry["provider"]),
    )


def _number(value: object) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError("no number")
    return float(value)
