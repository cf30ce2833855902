"""Takes who an image belongs to out of results, for exports while identity is hidden."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from desktop.engine.readings import Reading, SeriesReading
from imaging.image import MODALITIES, Identity
from model.image_result import ImageResult
from model.series_result import SeriesResult

R = TypeVar("R", Reading, SeriesReading)


class Anonymous:
    """Numbers in place of names and ids, the same for the same one: tables can still be joined."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[str, ...], str] = {}
        self._counts: Counter[str] = Counter()

    def results(self, results: Sequence[ImageResult]) -> list[ImageResult]:
        """The same results, in order, with numbers for names and ids.

        Defined modalities and instance numbers stay; problems lose their details, which may quote
        the header.
        """
        return [self._result(result, number) for number, result in enumerate(results, start=1)]

    def series(self, series: Sequence[SeriesResult]) -> list[SeriesResult]:
        """The same series with numbers for names and ids."""
        return [
            replace(each, name=f"series-{number}", identity=self._identity(each.identity))
            for number, each in enumerate(series, start=1)
        ]

    def _result(self, result: ImageResult, number: int) -> ImageResult:
        header = result.header
        if header is not None:
            header = replace(header, identity=self._identity(header.identity), sop_uid="")
        return replace(
            result,
            folder=Path(),
            name=f"image-{number:05d}",
            problems=tuple(replace(problem, detail="") for problem in result.problems),
            header=header,
            sha256="",
        )

    def _identity(self, of: Identity) -> Identity:
        whose = "\0".join(of.patient_key) if of.names_patient else ""
        return Identity(
            patient_id=self._number("patient", whose),
            study_uid=self._number("study", of.study_uid, whose),
            series_uid=self._number("series", of.series_uid, whose),
            modality=of.modality if of.modality in MODALITIES else "",
        )

    def _number(self, kind: str, name: str, *within: str) -> str:
        if not name:
            return ""
        key = (kind, name, *within)
        if key not in self._numbers:
            self._counts[kind] += 1
            self._numbers[key] = f"{kind}-{self._counts[kind]}"
        return self._numbers[key]


def anonymous_reading(read: R | None) -> R | None:
    """The same reading without the reader's name, and without the comment."""
    return None if read is None else replace(read, comment="", reader="")
