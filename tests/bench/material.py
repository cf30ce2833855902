"""What is measured on: generated images and slices, made once and kept.

``python -m tests.bench.material FOLDER COUNT`` writes so many slices of many patients there.
"""

from __future__ import annotations

import io
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image as PilImage

from imaging.samples.phantom import Bleed, Head
from imaging.samples.samples import SLICES, phantom_slice

DRAWN = 25
"""Slices that are drawn; the others are these, turned over, moved and made noisy."""
OF_PATIENT = 32
"""Slices of one patient."""
_NUMBER = "7150315"
"""In the slices that are drawn, in place of the patient's number."""


def images(folder: Path, count: int, side: int = 512) -> Path:
    """A folder with ``count`` different grey PNG files of (side, side), written where missing."""
    made = folder / f"{count} images {side}"
    if made.is_dir():
        return made
    fresh = _fresh(made)
    for number, grey in enumerate(_variants(count, side)):
        PilImage.fromarray(grey).save(fresh / f"{number:05d}.png", compress_level=1)
    return fresh.replace(made)


def _variants(count: int, side: int) -> Iterator[NDArray[np.uint8]]:
    random = np.random.default_rng(0)
    drawn = []
    for seed in range(min(DRAWN, count)):
        bleed = list(Bleed)[seed % len(Bleed)]
        hu = Head(seed, bleed, side).slice_at(0.1 + 0.8 * (seed % 7) / 7)
        drawn.append(np.clip(hu * (255 / 80), 0, 255))
    for number in range(count):
        grey = drawn[number % len(drawn)]
        grey = grey[:, :: -1 if number % 2 else 1]
        grey = np.roll(grey, (int(random.integers(-9, 10)), int(random.integers(-9, 10))), (0, 1))
        noisy = grey + random.normal(0, 2, grey.shape) * (grey > 0)
        yield np.clip(noisy, 0, 255).astype(np.uint8)


def slices(folder: Path, study: Path, count: int) -> Path:
    """A folder with ``count`` DICOM files: the study's slices, or generated ones, over and over."""
    made = folder / f"{count} slices of {study.name if study.is_dir() else 'a phantom'}"
    if made.is_dir():
        return made
    fresh = _fresh(made)
    sources = sorted(study.glob("*.dcm"))
    if not sources:
        sources = [fresh / f"drawn-{number:03d}.dcm" for number in range(1, SLICES + 1)]
        for number, path in enumerate(sources, 1):
            phantom_slice(Head(3, Bleed.SUBDURAL), number).save_as(path, enforce_file_format=True)
    have = len(list(fresh.iterdir()))
    for number in range(count - have):
        shutil.copyfile(sources[number % len(sources)], fresh / f"copy-{number:05d}.dcm")
    return fresh.replace(made)


def patients(folder: Path, count: int, side: int = 64) -> Path:
    """A folder with ``count`` CT slices of (side, side), OF_PATIENT of each patient.

    One patient's slices are drawn, with long UIDs and a time each; all others have the same pixels.
    """
    made = folder / f"{count} slices of patients"
    if made.is_dir():
        return made
    fresh = _fresh(made)
    drawn = [_drawn(place, side) for place in range(OF_PATIENT)]
    for number in range(count):
        patient, place = divmod(number, OF_PATIENT)
        slice_ = drawn[place].replace(_NUMBER.encode(), f"{1_000_000 + patient}".encode())
        (fresh / f"IM{number:06}.dcm").write_bytes(slice_)
    return fresh.replace(made)


def _drawn(place: int, side: int) -> bytes:
    """A slice of the middle of a head, as a file."""
    made = phantom_slice(Head(3, Bleed.SUBDURAL, side), place + OF_PATIENT // 2, 2 * OF_PATIENT)
    uid = f"1.2.840.113619.2.55.3.604688119.971.{_NUMBER}.467"
    made.PatientID, made.PatientName = f"P{_NUMBER}", f"Name^{_NUMBER}"
    made.StudyInstanceUID, made.SeriesInstanceUID = f"{uid}.1", f"{uid}.2"
    made.SOPInstanceUID, made.FrameOfReferenceUID = f"{uid}.3.{place + 1}", f"{uid}.4"
    made.InstanceNumber, made.SliceLocation = place + 1, f"{2.5 * place - 35.5:.2f}"
    made.AcquisitionNumber, made.AcquisitionDate = 1, "20260304"
    made.AcquisitionTime, made.ContentTime = f"1015{place:02}.250000", f"1017{place:02}.500000"
    made.ConvolutionKernel = "STD"
    file = io.BytesIO()
    made.save_as(file, enforce_file_format=True)
    return file.getvalue()


def _fresh(made: Path) -> Path:
    fresh = made.with_name(made.name + " (unfinished)")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    return fresh


if __name__ == "__main__":
    print(patients(Path(sys.argv[1]), int(sys.argv[2])))
