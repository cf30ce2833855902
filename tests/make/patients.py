"""A morning's list of made-up patients: CT series of generated heads, some with a bleed."""

from __future__ import annotations

from pathlib import Path

from imaging.samples.phantom import Bleed, Head
from imaging.samples.samples import phantom_slice

SLICES = 4
BLEEDS = (
    *(Bleed.NONE, Bleed.INTRAPARENCHYMAL, Bleed.NONE, Bleed.SUBDURAL),
    *(Bleed.NONE, Bleed.NONE, Bleed.EPIDURAL, Bleed.NONE),
)
"""Of the first, second, ... patient, and round."""
FAMILY = ("Adler", "Bauer", "Conti", "Dupont", "Eriksen", "Fischer", "Garcia", "Horvat")
LOWEST, OF = 5, 12
"""The first of the slices, and how many a whole head has: those that show the brain."""


STUDIES = (("20260304", "0710", Bleed.INTRAPARENCHYMAL), ("20250102", "0930", Bleed.NONE))
"""Date, time and bleed of one patient's two studies: today's and the prior."""
WHOLE = 10
"""Slices of each, as planes need some."""


def write_studies(folder: Path) -> Path:
    """Write two CT studies of one patient, today's with a bleed; the same ones every time."""
    for number, (date, time, bleed) in enumerate(STUDIES, 1):
        study = folder / f"{number}"
        study.mkdir(parents=True)
        head = Head(101, bleed, 256)
        for place in range(1, WHOLE + 1):
            made = phantom_slice(head, place, OF)
            made.PatientID, made.PatientName = "P0002", "Bauer^A"
            made.PatientAge, made.PatientSex = "033Y", "F"
            made.StudyDescription, made.SeriesDescription = "Head CT", "Head 5.0"
            made.StudyDate, made.StudyTime = date, f"{time}00"
            made.StudyInstanceUID = f"1.2.826.0.1.3680043.8.498.{number}"
            made.SeriesInstanceUID = f"{made.StudyInstanceUID}.1"
            made.SOPInstanceUID = f"{made.SeriesInstanceUID}.{place}"
            made.save_as(study / f"{place:03d}.dcm", enforce_file_format=True)
    return folder


def write_patients(folder: Path, count: int, lowest: int = LOWEST, slices: int = SLICES) -> Path:
    """Write one CT series a patient into folders of their own; the same ones every time."""
    for number in range(count):
        patient = folder / f"{number + 1:02d}"
        patient.mkdir(parents=True)
        head = Head(100 + number, BLEEDS[number % len(BLEEDS)], 256)
        for place in range(slices):
            made = phantom_slice(head, lowest + place, OF)
            made.PatientID = f"P{number + 1:04d}"
            made.PatientName = f"{FAMILY[number % len(FAMILY)]}^{'AB'[number // len(FAMILY) % 2]}"
            made.PatientAge, made.PatientSex = f"{30 + 3 * number:03d}Y", "MF"[number % 2]
            made.StudyDescription, made.SeriesDescription = "Head CT", "Head 5.0"
            made.StudyDate = "20260304"
            made.StudyTime = f"{7 + number // 6:02d}{number % 6}000"
            made.save_as(patient / f"{place + 1:03d}.dcm", enforce_file_format=True)
    return folder
