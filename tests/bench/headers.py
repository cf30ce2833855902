"""How long patients and series take to be known: ``python -m tests.bench.headers [FILES]``.

The program's pass over all headers, from the folder to the series, beside a plain loop in one
process that reads what grouping needs with pydicom. Both in one run: the ratio carries over.
Children import this module when they start: its top level stays light.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from imaging.sandbox.sandbox import Sandbox

SLICES = 32
"""Files of one series."""
READ = (
    *("PatientID", "PatientName", "StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID"),
    *("InstanceNumber", "Modality", "SeriesDescription", "Rows", "Columns", "PixelSpacing"),
    *("ImagePositionPatient", "ImageOrientationPatient", "ImageType", "SliceThickness"),
)


def make(folder: Path, files: int) -> Path:
    """A folder of small CT slices, 32 to a series and one series to a patient."""
    from tests.make.dicom import ct, save

    for number in range(files):
        patient, slice_ = divmod(number, SLICES)
        image = ct(
            PatientID=f"P{patient}",
            StudyInstanceUID=f"1.2.{patient}",
            SeriesInstanceUID=f"1.2.{patient}.1",
            SOPInstanceUID=f"1.2.{patient}.1.{slice_}",
            InstanceNumber=slice_ + 1,
            ImagePositionPatient=[0.0, 0.0, 5.0 * slice_],
        )
        save(image, folder / f"{number:06}.dcm")
    return folder


def grouped(folder: Path, sandbox: Sandbox) -> dict[str, float]:
    """The program's way: seconds to the first header and to all series, and what came of it."""
    from desktop.engine.run import Run

    began = time.perf_counter()
    run = Run([folder], sandbox)
    first = 0.0
    for _ in run.read_headers():
        first = first or time.perf_counter() - began
    run.group()
    seconds = time.perf_counter() - began
    return {
        "seconds_to_first_header": round(first, 3),
        "seconds_to_series": round(seconds, 2),
        "images": len(run.images),
        "series": len(run.series),
    }


def plain_loop(folder: Path) -> float:
    """Seconds of a plain loop over the same files that reads what grouping needs."""
    import pydicom

    began = time.perf_counter()
    for path in sorted(folder.iterdir()):
        dataset = pydicom.dcmread(path, stop_before_pixels=True)
        for keyword in READ:
            dataset.get(keyword)
    return time.perf_counter() - began


def measure(files: int) -> dict[str, float]:
    """Both on a fresh folder of so many files."""
    from imaging.sandbox.sandbox import Sandbox

    with tempfile.TemporaryDirectory() as place, Sandbox() as sandbox:
        sandbox.start_children()  # as when a window is open
        folder = make(Path(place), files)
        found = grouped(folder, sandbox)
        plain = plain_loop(folder)
    return {
        **found,
        "plain_loop_seconds": round(plain, 2),
        "of_plain_loop": round(found["seconds_to_series"] / plain, 2),
    }


if __name__ == "__main__":
    print(json.dumps(measure(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000), indent=2))
