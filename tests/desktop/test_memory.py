"""What a row of the tables takes, from the header to the result in the lists."""

from __future__ import annotations

import gc
import hashlib
import pickle
import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication

from desktop.engine.run import Run
from desktop.engine.thumbnails import KEPT_BYTES, Thumbnails
from desktop.tables.images_order import ImagesOrder
from desktop.tables.images_table import ImagesTable
from desktop.tables.series_list import SeriesList
from desktop.tables.series_readings import SeriesReadings
from desktop.tables.worklist import Worklist
from imaging.files.natural_order import name_key
from imaging.headers import FileHeader, read_headers
from imaging.image import ImageHeader, Unit
from imaging.input.prepare import THUMBNAIL, FrameRun, Prepared
from tests.make.stage import GreyNetwork, prepared

ROWS = 2000
MOST = 200 << 20
"""Bytes that 100,000 rows may take."""


class Children:
    """A sandbox of image files: whatever it answers is an object of its own, as from a child."""

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
        return FileHeader(path, (ImageHeader(Unit.GREY, 64, 64, kind="PNG"),), sha256=_hash(path))

    def _prepared(self, path: Path) -> Prepared:
        made = prepared(ImageHeader(Unit.GREY, 64, 64, kind="PNG"), int(path.stem) % 80)
        thumbnail = np.zeros((THUMBNAIL, THUMBNAIL), dtype=np.uint8)
        return Prepared(
            made.header, None, made.network_input, thumbnail, _hash(path), _hash(path)[:32]
        )


def _hash(path: Path) -> str:
    return hashlib.sha256(path.stem.encode()).hexdigest()


@pytest.fixture
def traced() -> Iterator[Callable[[], int]]:
    """How many bytes were taken since the test began."""
    tracemalloc.start(1)
    yield lambda: tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()


def test_a_hundred_thousand_rows_take_less_than_200_mb(
    qapp: QApplication, tmp_path: Path, traced: Callable[[], int]
) -> None:
    for number in range(ROWS):
        (tmp_path / f"{number:06}.png").touch()
        name_key(f"{number:06}.png")  # in a cache of bounded size, which is no row's
    table = ImagesTable()
    order, series = ImagesOrder(table, table), SeriesList(table, table)
    worklist = Worklist(series, SeriesReadings(series, table), table)
    thumbnails, before = Thumbnails(kept_bytes=0), traced()
    run = Run([tmp_path], Children(), thumbnails=thumbnails)
    list(run.read_headers())
    table.add_images(run.images)
    run.group()
    series.set_groups(run.series)
    _fill(table, run)
    gc.collect()
    taken = traced() - before
    assert (order.rowCount(), worklist.rowCount(), thumbnails.kept_bytes) == (ROWS, 1, 0)
    assert 100_000 / ROWS * taken + KEPT_BYTES < MOST


def _fill(table: ImagesTable, run: Run) -> None:
    chunk: list[Any] = []
    for scored in run.score(GreyNetwork()):
        chunk.append(scored)
        if len(chunk) == 100:
            table.add_results(_taken(chunk))
    table.add_results(_taken(chunk))


def _taken(chunk: list[Any]) -> Sequence[Any]:
    taken = list(chunk)
    chunk.clear()
    return taken
