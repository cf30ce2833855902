"""A reader's waits in the real window: wheel, first flagged patient, Stop."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PySide6.QtCore import QEventLoop
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop.app import Program
from desktop.engine.reader_labels import ReaderLabels
from desktop.pauses import shorten_pauses
from desktop.screenshot import passing_settings
from desktop.state.workspace import State
from imaging.reading import read_image
from model.series_decision import Rank
from tests.bench.hands import notch
from tests.make.dicom import HU, ct, save
from tests.make.patients import OF, write_patients

SLICES = 300
SIDE = 512
KEPT = 120
"""Images back, of those that the viewer keeps."""
WAIT = QEventLoop.ProcessEventsFlag.WaitForMoreEvents
PATIENTS = 16
PATIENCE = 600
"""Seconds that any wait may take."""


def until(reached: Callable[[], bool]) -> float:
    """Seconds until something is so. Raises SystemExit where it does not come about."""
    began = time.perf_counter()
    while not reached():
        if time.perf_counter() - began > PATIENCE:
            raise SystemExit("the window did not get there in time")
        QTest.qWait(1)
    return time.perf_counter() - began


def write_series(folder: Path) -> Path:
    """One series of 512 × 512, uncompressed: a head in HU, in noise that differs from slice to
    slice."""
    folder.mkdir()
    random = np.random.default_rng(0)
    rows, columns = (np.arange(SIDE) * count // SIDE for count in HU.shape)
    head = HU[np.ix_(rows, columns)] + 1024
    for number in range(SLICES):
        noisy = head + random.integers(-9, 10, head.shape)
        image = ct(
            Rows=SIDE,
            Columns=SIDE,
            PixelData=np.clip(noisy, 0, 4095).astype("<u2").tobytes(),
            SOPInstanceUID=f"1.2.3.{number + 1}",
            SeriesInstanceUID="1.2.3",
            InstanceNumber=number + 1,
            ImagePositionPatient=[0.0, 0.0, 1.0 * number],
        )
        save(image, folder / f"{number:04}.dcm")
    return folder


def turn(program: Program, notches: int) -> float:
    """Images a second while the wheel turns so far, each notch as soon as all is painted."""
    viewer, selection = program.window.viewer, program.selection
    began = time.perf_counter()
    for _ in range(abs(notches)):
        notch(viewer, down=notches > 0)
        while selection.shown is None:
            QApplication.processEvents(WAIT)
        viewer.repaint()
        QApplication.processEvents()
    return abs(notches) / (time.perf_counter() - began)


def wheel(program: Program, folder: Path) -> dict[str, float]:
    """Images a second from one end of a series to the other, and those of a plain loop.

    Also on the way back, as far as images are kept.
    """
    program.open([folder], remember=False)
    until(lambda: program.workspace.state is State.DONE and program.selection.shown is not None)
    selection = program.selection
    selection.select(selection.members()[0])
    until(lambda: selection.shown is not None)
    rate = turn(program, SLICES - 1)
    back = turn(program, -KEPT)
    began = time.perf_counter()
    for path in sorted(folder.iterdir()):
        read_image(path)
    plain = SLICES / (time.perf_counter() - began)
    return {
        "wheel_images_per_second": round(rate, 1),
        "wheel_back_images_per_second": round(back, 1),
        "wheel_of_plain_loop": round(rate / plain, 2),
    }


def first_flagged(program: Program, folder: Path) -> dict[str, float]:
    """Seconds from opening 16 patients to the first flagged one; and to the end of them all.

    A patient is flagged when a series is wholly seen. So the least is what one series takes at the
    pace of this run, besides the headers.
    """
    series, table = program.workspace.series, program.workspace.table
    began = time.perf_counter()
    program.open([folder], remember=False)

    def passed(reached: Callable[[], bool]) -> float:
        until(reached)
        return time.perf_counter() - began

    headers = passed(lambda: program.workspace.state is State.SCORING)
    image = passed(lambda: any(table.is_flagged(row) for row in table.rows))
    first = passed(lambda: any(series.rank(at) is Rank.FLAGGED for at in range(len(series))))
    every = passed(lambda: program.workspace.state is State.DONE)
    least = headers + (every - headers) / PATIENTS
    return {
        "headers_of_16_patients_seconds": round(headers, 2),
        "first_flagged_image_seconds": round(image, 2),
        "first_flagged_patient_seconds": round(first, 2),
        "least_for_one_patient_seconds": round(least, 2),
        "all_patients_seconds": round(every, 2),
        "first_flagged_of_all": round(first / every, 2),
    }


def stop(program: Program, folder: Path) -> dict[str, float]:
    """Seconds from Stop to its end, in the middle of scoring."""
    program.open([folder], remember=False)
    rows = program.workspace.table.rows
    until(lambda: sum(row.known is not None for row in program.workspace.table.rows) > 8)
    program.workspace.stop()
    took = until(lambda: program.workspace.state is State.STOPPED)
    done = sum(row.known is not None and row.known.is_screened for row in rows)
    return {"stop_seconds": round(took, 3), "stopped_at": done, "stopped_of": len(rows)}


def measure(models: Path) -> dict[str, float]:
    """All three, each on a folder of its own, without scores kept from before."""
    app = QApplication([])
    with passing_settings("dark", "en") as settings, tempfile.TemporaryDirectory() as place:
        patients = write_patients(Path(place, "patients"), PATIENTS, lowest=1, slices=OF)
        series = write_series(Path(place, "series"))
        program = Program(app, settings, shipped=models, device="cpu", reader_labels=ReaderLabels())
        shorten_pauses()
        program.show()
        until(lambda: program.workspace.opened_model is not None)
        found = first_flagged(program, patients)
        found |= stop(program, series)
        found |= wheel(program, series)
        program.close()
    return found
