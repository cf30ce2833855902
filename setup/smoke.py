"""Tries the packaged program on the sample images: python -m setup.smoke FOLDER.

Runs where the same project is installed unpackaged, for that is what the package must equal.
"""

from __future__ import annotations

import csv
import os
import re
import subprocess
import sys
from pathlib import Path

from PyInstaller.archive.readers import CArchiveReader

from imaging.samples.samples import pydicom_folder, write_samples
from setup.screen import virtual_screen

ROOT = Path(__file__).resolve().parent.parent
FORBIDDEN = {
    *("torch", "torchvision", "lightning", "sklearn", "scipy", "pandas", "matplotlib", "onnx"),
    *("onnxscript", "trainer", "export", "mkdocs", "material"),
}
PROGRAMS = ("cranioscope", "cranioscope-window")
COMPARED = ("file_path", "frame", "status", "status_reason", "probability_hemorrhage", "prediction")
PATIENCE = 600.0
"""Seconds that one trial may take on a busy machine."""
SUFFIX = ".exe" if sys.platform == "win32" else ""


def forbidden_modules(folder: Path) -> list[str]:
    """Modules of training that got into the programs or beside them."""
    found = {path.name for path in (folder / "_internal").iterdir()}
    for name in PROGRAMS:
        archive = CArchiveReader(str(folder / (name + SUFFIX)))
        modules = archive.open_embedded_archive("PYZ.pyz").toc
        found |= {module.split(".")[0] for module in modules}
    return sorted(found & FORBIDDEN)


def screen(program: Path, images: Path, table: Path) -> list[dict[str, str]]:
    """The rows that `PROGRAM screen` writes for a folder; the compared columns alone."""
    table.unlink(missing_ok=True)
    command = [str(program), "screen", str(images), "--csv", str(table)]
    answer = subprocess.run(command, capture_output=True, text=True, check=False, timeout=PATIENCE)
    if answer.returncode not in (0, 1):
        raise SystemExit(f"{' '.join(command)} ended with {answer.returncode}:\n{answer.stderr}")
    with table.open(encoding="utf-8-sig", newline="") as lines:
        return [{name: row[name] for name in COMPARED} for row in csv.DictReader(lines)]


def compare(packaged: Path, images: Path) -> int:
    """Screen a folder packaged and unpackaged; the number of rows, which must be the same rows."""
    plain = Path(sys.executable).with_name("cranioscope" + SUFFIX)
    tables = ROOT / "build" / "smoke"
    tables.mkdir(parents=True, exist_ok=True)
    want = screen(plain, images, tables / "plain.csv")
    have = screen(packaged, images, tables / "packaged.csv")
    if not want or have != want:
        wrong = [
            f"{row}\n    not {other}"
            for row, other in zip(have, want, strict=False)
            if row != other
        ]
        raise SystemExit(f"{len(have)} rows of {images}, not {len(want)}:\n" + "\n".join(wrong[:5]))
    return len(have)


def open_window(program: Path, images: Path, screenshot: Path) -> int:
    """Screen a folder in a real window and keep an image of it; the number of rows it shows.

    The program itself ends with 0 only where every file found has its row.
    """
    screenshot.unlink(missing_ok=True)
    command = [str(program), "--screenshot", str(screenshot), str(images)]
    with virtual_screen() as display:
        environment = {**os.environ, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb"}
        answer = subprocess.run(
            command, env=environment, capture_output=True, text=True, check=False, timeout=PATIENCE
        )
    rows = re.search(r"(\d+) rows", answer.stdout)
    if answer.returncode or not rows or not screenshot.is_file():
        said = answer.stdout + answer.stderr
        raise SystemExit(f"{' '.join(command)} ended with {answer.returncode}:\n{said}")
    return int(rows[1])


def weight(folder: Path) -> int:
    """Bytes of all files below a folder, each counted once."""
    return sum(path.lstat().st_size for path in folder.rglob("*") if not path.is_dir())


def main() -> None:
    """Run every trial; ends with a sentence at the first that fails."""
    folder = Path(sys.argv[1]).resolve()
    if found := forbidden_modules(folder):
        raise SystemExit(f"The package holds what it must not: {', '.join(found)}.")
    samples = write_samples(ROOT / "build" / "samples")
    console, window = (folder / (name + SUFFIX) for name in PROGRAMS)
    rows = compare(console, samples)
    print(f"console program: {rows} rows of the sample images, as unpackaged")
    print(f"console program: {compare(console, pydicom_folder())} rows of pydicom's own test files")
    screenshot = folder.parent / "cranioscope-window.png"
    shown = open_window(window, samples, screenshot)
    if shown != rows:
        raise SystemExit(f"The window shows {shown} rows, not {rows}.")
    print(f"window program: {shown} rows, shown in {screenshot.relative_to(ROOT)}")
    print(f"{folder.relative_to(ROOT)}: {weight(folder) / 1e6:.0f} MB")


if __name__ == "__main__":
    main()
