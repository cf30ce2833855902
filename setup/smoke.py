"""Tries the packaged program on the sample scans: python -m setup.smoke FOLDER.

Runs where the same project is installed unpackaged, for that is what the package must equal.
"""

from __future__ import annotations

import csv
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from PyInstaller.archive.readers import CArchiveReader

from scans.samples import pydicom_folder, write_samples
from setup.screen import photograph, virtual_screen

ROOT = Path(__file__).resolve().parent.parent
FORBIDDEN = {
    *("torch", "torchvision", "lightning", "sklearn", "scipy", "pandas", "matplotlib", "onnx"),
    *("onnxscript", "trainer", "export"),
}
PROGRAMS = ("cranioscope", "cranioscope-window")
COMPARED = ("file_path", "frame", "status", "status_reason", "probability_hemorrhage", "prediction")
FINISHED = re.compile(r"screened (\d+) rows")
"""What the window program logs when a folder is done."""
PATIENCE = 180.0
SETTLED = 1.5
"""Seconds to wait: for the log's line at most, and for the window to draw what came last."""
SUFFIX = ".exe" if sys.platform == "win32" else ""


def forbidden_modules(folder: Path) -> list[str]:
    """Modules of training that got into the programs or beside them."""
    found = {path.name for path in (folder / "_internal").iterdir()}
    for name in PROGRAMS:
        archive = CArchiveReader(str(folder / (name + SUFFIX)))
        modules = archive.open_embedded_archive("PYZ.pyz").toc
        found |= {module.split(".")[0] for module in modules}
    return sorted(found & FORBIDDEN)


def screen(program: Path, scans: Path, table: Path) -> list[dict[str, str]]:
    """The rows that `PROGRAM screen` writes for a folder; the compared columns alone."""
    table.unlink(missing_ok=True)
    command = [str(program), "screen", str(scans), "--csv", str(table)]
    answer = subprocess.run(command, capture_output=True, text=True, check=False, timeout=600)
    if answer.returncode not in (0, 1):
        raise SystemExit(f"{' '.join(command)} ended with {answer.returncode}:\n{answer.stderr}")
    with table.open(encoding="utf-8-sig", newline="") as lines:
        return [{name: row[name] for name in COMPARED} for row in csv.DictReader(lines)]


def compare(packaged: Path, scans: Path) -> int:
    """Screen a folder packaged and unpackaged; the number of rows, which must be the same rows."""
    plain = Path(sys.executable).with_name("cranioscope" + SUFFIX)
    tables = ROOT / "build" / "smoke"
    tables.mkdir(parents=True, exist_ok=True)
    want = screen(plain, scans, tables / "plain.csv")
    have = screen(packaged, scans, tables / "packaged.csv")
    if not want or have != want:
        wrong = [
            f"{row}\n    not {other}"
            for row, other in zip(have, want, strict=False)
            if row != other
        ]
        raise SystemExit(f"{len(have)} rows of {scans}, not {len(want)}:\n" + "\n".join(wrong[:5]))
    return len(have)


def open_window(program: Path, scans: Path, rows: int, picture: Path) -> None:
    """Open the window on a folder until its log counts the rows; keep a picture of it."""
    with virtual_screen() as display, tempfile.TemporaryDirectory() as home:
        places = {f"XDG_{name}_HOME": home for name in ("CONFIG", "STATE", "DATA", "CACHE")}
        environment = {**os.environ, **places, "HOME": home, "DISPLAY": display}
        environment["QT_QPA_PLATFORM"] = "xcb"
        with subprocess.Popen([str(program), str(scans)], env=environment) as window:
            try:
                said = _wait_for_log(Path(home), window)
                time.sleep(SETTLED)
                photograph(display, picture)
            finally:
                window.terminate()
    if said != rows:
        raise SystemExit(f"The window shows {said} rows, not {rows}.")


def _wait_for_log(home: Path, window: subprocess.Popen[bytes]) -> int:
    """How many rows the log says were screened."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if window.poll() is not None:
            raise SystemExit(f"The window program ended by itself with {window.returncode}.")
        for log in home.rglob("*.log"):
            if counted := FINISHED.search(log.read_text(encoding="utf-8", errors="replace")):
                return int(counted[1])
        time.sleep(0.2)
    raise SystemExit(f"The window did not finish screening within {PATIENCE:.0f} s.")


def weight(folder: Path) -> int:
    """Bytes of all files below a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def main() -> None:
    """Run every trial; ends with a sentence at the first that fails."""
    folder = Path(sys.argv[1]).resolve()
    if found := forbidden_modules(folder):
        raise SystemExit(f"The package holds what it must not: {', '.join(found)}.")
    samples = write_samples(ROOT / "build" / "samples")
    console, window = (folder / (name + SUFFIX) for name in PROGRAMS)
    rows = compare(console, samples)
    print(f"console program: {rows} rows of the sample scans, as unpackaged")
    print(f"console program: {compare(console, pydicom_folder())} rows of pydicom's own test files")
    picture = folder.parent / "cranioscope-window.png"
    open_window(window, samples, rows, picture)
    print(f"window program: {rows} rows, pictured in {picture.relative_to(ROOT)}")
    print(f"{folder.relative_to(ROOT)}: {weight(folder) / 1e6:.0f} MB")


if __name__ == "__main__":
    main()
