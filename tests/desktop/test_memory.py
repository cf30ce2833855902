"""What a row of the tables takes, from the header to the result in the lists."""

from __future__ import annotations

import gc
import hashlib
import pickle
import sys
import tracemalloc
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication

from desktop.engine.run import Run
from desktop.engine.scoring import Scored
from desktop.engine.thumbnails import Thumbnails
from desktop.tables.images_order import ImagesOrder
from desktop.tables.images_table import ImagesTable
from desktop.tables.series_list import SeriesList
from desktop.tables.series_readings import SeriesReadings
from desktop.tables.worklist import Worklist
from imaging.files.natural_order import name_key
from imaging.headers import FileHeader, read_headers
from imaging.image import Acquisition, Identity, ImageHeader, Unit
from imaging.input.prepare import FrameRun, Prepared
from tests.make.headers import slice_header
from tests.make.stage import GreyNetwork, prepared

FEW, MANY = 500, 2500
"""Rows: what is there for any folder is in both, and their difference is that of the rows."""
SLICES = 32
"""Of each DICOM series."""
Header = Callable[[int], ImageHeader]


def png(_number: int) -> ImageHeader:
    return ImageHeader(Unit.GREY, 64, 64, kind="PNG")


def dicom(number: int) -> ImageHeader:
    """One of many series, with all that differs from slice to slice."""
    patient, slice_ = divmod(number, SLICES)
    uid = f"1.2.840.113619.2.55.3.604688119.971.{1000 + patient}"
    who = Identity(f"P{patient}", study_uid=uid, series_uid=f"{uid}.1", modality="CT")
    made = slice_header(5.0 * slice_, who, sop_uid=f"{uid}.1.{slice_ + 1}")
    geometry = replace(made.geometry, slice_location=5.0 * slice_, frame_of_reference=f"{uid}.2")
    acquisition = Acquisition(
        1, time=f"{20260304101500 + slice_}", content_time=f"{101500.5 + slice_}"
    )
    return replace(made, instance_number=slice_ + 1, geometry=geometry, acquisition=acquisition)


class Children:
    """A sandbox of such files: whatever it answers is an object of its own, as from a child."""

    def __init__(self, header: Header) -> None:
        self._of = header

    def submit(self, function: Callable[..., Any], *arguments: Any) -> Future[Any]:
        answer: Any
        if function is read_headers:
            answer = [self._header(path) for path in arguments[0]]
        else:
            answer = FrameRun((self._prepared(arguments[0]),), 0.01)
        future: Future[Any] = Future()
        future.set_result(pickle.loads(pickle.dumps(answer)))
        return future

    def _header(self, path: Path) -> FileHeader:
        known = self._of(int(path.stem))
        return FileHeader(path, (known,), sha256="" if known.kind == "DICOM" else _hash(path))

    def _prepared(self, path: Path) -> Prepared:
        made = prepared(self._of(int(path.stem)), int(path.stem) % 80)
        thumbnail = np.zeros((4, 4), dtype=np.uint8)
        return Prepared(
            made.header, None, made.network_input, thumbnail, _hash(path), _hash(path)[:16].encode()
        )


def _hash(path: Path) -> str:
    return hashlib.sha256(path.stem.encode()).hexdigest()


@pytest.mark.parametrize(("header", "most"), [(png, 1400), (dicom, 1400)])
def test_a_row_takes_few_bytes_while_files_are_listed_grouped_and_scored(
    qapp: QApplication, tmp_path: Path, header: Header, most: int
) -> None:
    _taken_by(header, FEW, tmp_path / "first")  # imports what is imported late
    few, many = (_taken_by(header, rows, tmp_path / str(rows)) for rows in (FEW, MANY))
    assert (many - few) / (MANY - FEW) < most


def _taken_by(header: Header, rows: int, folder: Path) -> int:
    """The most bytes that a folder of so many files takes at a time."""
    folder.mkdir()
    # Python's table of names, in which parts of paths are, grows in leaps of megabytes: before.
    names = [sys.intern(f"{number:06}.png") for number in range(rows)]
    for name in names:
        (folder / name).touch()
        name_key(name)  # in a cache of bounded size, which is no row's
    table = ImagesTable()
    order, series = ImagesOrder(table, table), SeriesList(table, table)
    worklist = Worklist(series, SeriesReadings(series, table), table)
    gc.freeze()  # of many old objects garbage is looked for so rarely that it would count
    gc.collect()
    tracemalloc.start(1)
    run = Run([folder], Children(header), thumbnails=Thumbnails(kept_bytes=0))
    for _ in run.read_headers():
        pass
    table.add_images(run.images)
    run.group()
    series.set_groups(run.series)
    _fill(table, run)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    gc.unfreeze()
    assert (order.rowCount(), worklist.rowCount()) == (rows, len(run.series))
    return most


def _fill(table: ImagesTable, run: Run) -> None:
    chunk: list[Scored] = []
    for scored in run.score(GreyNetwork()):
        chunk.append(scored)
        if len(chunk) == 100:
            table.add_results(chunk)
            chunk = []
    table.add_results(chunk)
