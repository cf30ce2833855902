"""What is killed with SIGKILL, and what must hold afterwards."""

from __future__ import annotations

import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from desktop.engine.report import ExportFiles
from desktop.engine.store import Store
from imaging.samples.phantom import Head
from imaging.samples.samples import phantom_slice
from tests.kill.learner import DONE, EPOCHS, images
from tests.make.tiny_model import tiny_model

ROOT = Path(__file__).resolve().parents[2]
IMAGES = 12
PATIENCE = 120.0
"""Seconds that a command may take, and that orphans may live, on a machine that is busy."""
MOST_OF_AN_EPOCH = 0.5
"""Seconds after an epoch within which a training is killed: in the next one, or while it writes."""
MOST_READINGS = 25
"""A writer of readings is killed after one of so many."""


@dataclass
class Killed:
    """What was found after the kills of one kind."""

    kills: int = 0
    states: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)


def exports(folder: Path, kills: int, chance: random.Random) -> Killed:
    """Exports alone, each killed at one line of its writing."""
    command = [sys.executable, "-m", "tests.make.killed_export", str(folder), str(kills)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        return Killed(faults=[done.stderr[-300:]])
    said = json.loads(done.stdout)
    found = Killed(said["kills"], Counter(said["states"]))
    found.faults += [
        f"{state}: {found.states[state]}" for state in found.states if "broken" in state
    ]
    return found


def runs(folder: Path, kills: int, chance: random.Random) -> Killed:
    """``cranioscope screen`` as a whole: its process alone is killed, its children are orphans."""
    found = Killed()
    images = folder / "images"
    images.mkdir()
    for number in range(1, IMAGES + 1):
        image = phantom_slice(Head(3, size=128), number)
        image.save_as(images / f"IM{number:02}", enforce_file_format=True)
    command = _command(folder)
    an_hour_ago = time.time() - 3600
    began = time.monotonic()
    found.faults += _end_of_run(_started(command, folder), folder)
    whole = time.monotonic() - began
    for _ in range(kills):
        with _started(command, folder) as process:
            with suppress(subprocess.TimeoutExpired):
                process.wait(chance.uniform(0, whole))
            was_done = process.poll() is not None
            process.kill()
        found.kills += 1
        found.faults += _orphans(process.pid)
        found.states["done before" if was_done else _state(folder, found.faults)] += 1
    for each in (folder / "tmp").iterdir():
        # What is seconds old may be a server that is starting, and stays: the next start is later.
        os.utime(each, (an_hour_ago, an_hour_ago))
    found.faults += _end_of_run(_started(command, folder), folder)
    left = [each.name for each in folder.glob(".*.part")]
    left += [each.name for each in (folder / "tmp").iterdir()]
    found.faults += [f"left behind: {left}"] if left else []
    return found


def readings(folder: Path, kills: int, chance: random.Random) -> Killed:
    """A process that keeps readings and scores; what it said is kept must be there."""
    found, said = Killed(), 0
    path = folder / "readings.sqlite"
    for _ in range(kills):
        command = [sys.executable, "-m", "tests.kill.writer", str(path), str(said)]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as writer:
            assert writer.stdout is not None
            for _ in range(chance.randint(1, MOST_READINGS)):
                said = int(writer.stdout.readline())
            time.sleep(chance.uniform(0, 0.01))
            writer.kill()
            said = max([said, *map(int, writer.stdout.read().split("\n")[:-1])])
        found.kills += 1
        store = Store(path)
        kept = store.file.execute("SELECT count(*) FROM reads").fetchone()[0]
        whole = store.file.execute("PRAGMA integrity_check").fetchone()[0]
        if store.notice is not None or whole != "ok" or kept < said:
            found.faults.append(f"{said} readings said to be kept, {kept} kept; {whole}")
        store.close()
        found.states["store whole"] += 1
        said = kept
    return found


def trainings(folder: Path, kills: int, chance: random.Random) -> Killed:
    """A training that goes on after each kill must end in the numbers of one that nobody killed."""
    found = Killed()
    images(folder / "images")
    expected = _learnt(folder / "straight", None)
    if expected is None or not expected.startswith(DONE):
        return Killed(faults=[f"not learnt at all: {expected}"])
    number, epochs = 0, 1
    while found.kills < kills:
        run = folder / f"run{number}"
        was = _learnt(run, (chance.randint(1, epochs), chance.uniform(0, MOST_OF_AN_EPOCH)))
        if was is None:
            found.kills += 1
            found.states["went on"] += 1
            _check_leftovers(run, found.faults)
            epochs = EPOCHS
            continue
        number += 1  # it was done before its time had come: the next one begins anew
        if was != expected:
            found.faults.append(f"{run.name}: {was} instead of {expected}")
            return found
    if _learnt(folder / f"run{number}", None) != expected:
        found.faults.append(f"run{number}: other numbers")
    return found


def _learnt(run: Path, stop: tuple[int, float] | None) -> str | None:
    """The hash that a training ends in; None where it was killed, some seconds after a line."""
    command = [sys.executable, "-m", "tests.kill.learner", str(run)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as learner:
        assert learner.stdout is not None
        for count, line in enumerate(learner.stdout):
            if line.startswith(DONE):
                return line
            if stop is not None and count == stop[0]:
                time.sleep(stop[1])
                learner.kill()
                return None
    return f"exit code {learner.returncode}"


def _check_leftovers(run: Path, faults: list[str]) -> None:
    """Every checkpoint that a kill left under its own name can be read."""
    import torch

    for path in run.rglob("*.ckpt"):
        try:
            torch.load(path, weights_only=False)
        except (RuntimeError, EOFError, OSError) as error:
            faults.append(f"{path.name}: {type(error).__name__}")


KINDS: dict[str, Callable[[Path, int, random.Random], Killed]] = {
    "export": exports,
    "readings": readings,
    "run": runs,
    "training": trainings,
}


def _command(folder: Path) -> list[str]:
    model = tiny_model(folder / "tiny.onnx")
    entry = [sys.executable, "-m", "desktop.commands.entry", "screen", str(folder / "images")]
    return [*entry, "--csv", str(folder / "out.csv"), "--model", str(model), "--no-progress"]


def _started(command: list[str], folder: Path) -> subprocess.Popen[str]:
    """The command in a session of its own, with home and temporary folder of its own."""
    for name in ("home", "tmp"):
        (folder / name).mkdir(exist_ok=True)
    known = {"HOME": str(folder / "home"), "TMPDIR": str(folder / "tmp")}
    return subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, **known},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def _end_of_run(process: subprocess.Popen[str], folder: Path) -> list[str]:
    """What is wrong with a run that nobody killed."""
    _, told = process.communicate(timeout=PATIENCE)
    faults = [f"exit code {process.returncode}: {told[-300:]}"] if process.returncode else []
    sidecar = json.loads(ExportFiles.at(folder / "out.csv").sidecar.read_text())
    if not sidecar["finished"] or sidecar["rows_written"] != IMAGES:
        faults.append(f"not finished: {sidecar['rows_written']} rows")
    return faults


def _orphans(session: int) -> list[str]:
    """Children that outlive their parent; they have the time that a busy machine takes."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        try:
            os.killpg(session, 0)
        except ProcessLookupError:
            return []
        time.sleep(0.05)
    os.killpg(session, signal.SIGKILL)
    return ["children outlived their parent"]


def _state(folder: Path, faults: list[str]) -> str:
    """What a killed run left: each file is whole, and the sidecar vouches for what is there."""
    export = ExportFiles.at(folder / "out.csv")
    for table in (export.images, export.series):
        if not table.read_bytes().endswith(b"\r\n"):
            faults.append(f"{table.name} is half written")
    said = json.loads(export.sidecar.read_text())["tables"]["images"]["sha256"]
    is_of_table = said == hashlib.sha256(export.images.read_bytes()).hexdigest()
    return "an export whole" if is_of_table else "a sidecar older than its tables"
