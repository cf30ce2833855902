"""Mutated files go the program's own way, folder by folder, and what must hold is checked."""

from __future__ import annotations

import random
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from desktop.engine.run import Run
from imaging.files.limits import FILE_SECONDS
from imaging.sandbox.sandbox import SECONDS, Sandbox
from tests.fuzz.material import mutated
from tests.make.stderr import gathered_stderr

TOGETHER = 250
"""Files in one folder: a run of its own."""
SLOWEST = FILE_SECONDS + 3 * SECONDS
"""Seconds within which a folder gives its next row: one file's own time, and a child's death."""


@dataclass
class Found:
    """What became of the files: rows by their first code, and what must not have been."""

    rows: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    files: int = 0


def campaign(originals: list[bytes], count: int, seed: int, kept: Path | None = None) -> Found:
    """Mutate and screen so many files. Those of a folder with a fault are kept, where asked."""
    chance, found = random.Random(seed), Found()
    with Sandbox() as sandbox:
        for start in range(0, count, TOGETHER):
            with tempfile.TemporaryDirectory() as name:
                folder = Path(name)
                for number in range(start, min(count, start + TOGETHER)):
                    data = mutated(originals[number % len(originals)], chance)
                    (folder / f"IM{number}").write_bytes(data)
                faults = _screened(folder, sandbox, found)
                found.faults += [f"files {start} and after, seed {seed}: {each}" for each in faults]
                if faults and kept is not None:
                    _keep(folder, kept / str(start))
    return found


def _screened(folder: Path, sandbox: Sandbox, found: Found) -> list[str]:
    """Screen a folder without a model; what must not have been."""
    names = {path.name for path in folder.iterdir()}
    found.files += len(names)
    slowest, before = 0.0, time.monotonic()
    run = Run([folder], sandbox)
    with gathered_stderr() as told:
        try:
            for _ in run.read_headers():
                pass
            run.group()
            for _ in run.score(None):
                now = time.monotonic()
                slowest, before = max(slowest, now - before), now
            run.series_results()
        except Exception as error:  # noqa: BLE001  nothing that a file holds may end a run
            return [f"{type(error).__name__}: {error}"]
    results = run.results()
    faults: list[str] = []
    if rows_of := names ^ {each.path.relative_to(folder).parts[0] for each in results}:
        faults.append(f"files without a row, or rows without a file: {sorted(rows_of)[:5]}")
    for each in results:
        found.rows[each.problems[0].code if each.problems else each.status] += 1
        if each.probability is not None:
            faults.append(f"{each.path.name}: a probability without a model")
    if said := "".join(told):
        faults.append(f"stderr: {said[:300]!r}")
    if slowest > SLOWEST:
        faults.append(f"{slowest:.0f} seconds without a row")
    return faults


def _keep(folder: Path, place: Path) -> None:
    place.mkdir(parents=True, exist_ok=True)
    for path in folder.iterdir():
        path.rename(place / path.name)
