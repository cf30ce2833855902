"""Plants a patient, runs a session in a process of its own, and searches what it left."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from desktop.engine.shipped_models import FOR_CPU
from imaging.samples.phantom import Head
from imaging.samples.samples import phantom_slice
from tests.make.tiny_model import tiny_model

ROOT = Path(__file__).resolve().parents[2]
PLANTED = {
    "name": "Zyxwander",
    "id": "QX4711QX",
    "birth date": "19370214",
    "accession": "ACC8812X",
    "modality": "KLINIKUMX",
    "folder": "Ordnerhausen",
    "file": "Dateiheim",
    "series": "Reihenfeld",
}
"""What is planted where; none of these words is anywhere else."""
SLICES = 4
PATIENCE = 180.0
"""Seconds that a session may take on a busy machine."""


@dataclass(frozen=True)
class Found:
    """What was searched, and what of the patient was found, where."""

    files: int
    traces: tuple[str, ...]


def session(place: Path, *, is_hidden: bool) -> Found:
    """One session of a program, whose home, temporary folder and outputs lie in ``place``."""
    images = place / "in" / f"{PLANTED['folder']} {PLANTED['name']}"
    images.mkdir(parents=True)
    _plant(images)
    models = place / "models"
    models.mkdir()
    tiny_model(models / FOR_CPU)
    left = place / "left"
    for name in ("home", "tmp", "out"):
        (left / name).mkdir(parents=True)
    known = {name: value for name, value in os.environ.items() if not name.startswith("XDG_")}
    known |= {"HOME": str(left / "home"), "TMPDIR": str(left / "tmp")}
    command = [sys.executable, "-m", "tests.leaks.session", str(images), str(models)]
    command += [str(left / "out"), str(int(is_hidden))]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=known | {"QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"the session ended with {done.returncode}: {done.stderr[-500:]}")
    (left / "stdout").write_text(done.stdout)
    (left / "stderr").write_text(done.stderr)
    files = sorted(each for each in left.rglob("*") if each.is_file())
    return Found(len(files), tuple(trace for each in files for trace in _traces(each, left)))


def _plant(folder: Path) -> None:
    for number in range(1, SLICES + 1):
        image = phantom_slice(Head(3, size=128), number)
        image.PatientName = f"{PLANTED['name']}^Anna"
        image.PatientID = PLANTED["id"]
        image.PatientBirthDate = PLANTED["birth date"]
        image.AccessionNumber = PLANTED["accession"]
        image.SeriesDescription = PLANTED["series"]
        if number == SLICES:
            image.Modality = PLANTED["modality"]
        image.save_as(folder / f"{PLANTED['file']} {number}.dcm", enforce_file_format=True)
    (folder / f"{PLANTED['file']} broken.dcm").write_bytes(b"\0" * 128 + b"DICM" + b"\1" * 90)


def _traces(path: Path, left: Path) -> list[str]:
    """Which planted words are in a file or in its name, whatever way they are written."""
    data, name = path.read_bytes().lower(), str(path.relative_to(left))
    found = []
    for what, word in PLANTED.items():
        ways = [word.lower().encode(each) for each in ("utf-8", "utf-16-le", "utf-16-be")]
        ways.append(word.lower().encode().hex().encode())
        if word.lower() in name.lower() or any(each in data for each in ways):
            found.append(f"{what} in {name}")
    return found
