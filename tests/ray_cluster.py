"""``python -m tests.ray_cluster``: ``cranioscope screen --ray`` on a cluster made on this computer.

A head without cores and machines of one worker each, as Ray sees them, each pinned to a core of its
own. Shown: the rows of one worker, of two, of two of which one machine is killed on the way, and of
a run that was killed itself and goes on, are those of a run without Ray; how many images a second
each gives; and how many times those of one worker two give. Ray must be installed
(``pip install 'cranioscope[cluster]'``).
"""

from __future__ import annotations

import argparse
import contextlib
import csv
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from imaging.samples.phantom import Head
from imaging.samples.samples import phantom_slice
from tests.make.tiny_model import tiny_model

ROOT = Path(__file__).resolve().parents[1]
PATIENCE = 600.0
"""Seconds that a run may take on a busy computer."""
ALIKE = 1e-6
"""How much two probabilities of one image may differ."""
SLICES = 12
"""Of each generated patient."""
_MIDDLE = (0.1, 0.9)
"""Part of the results, in the order of their times, whose pace counts: every worker has begun, and
none is without work."""
Row = tuple[str, str, str, str]


def main() -> int:
    """Screen several times; print what came of it; 1 where rows differ."""
    parser = argparse.ArgumentParser(prog="python -m tests.ray_cluster", description=__doc__)
    parser.add_argument("--images", type=int, default=256)
    parser.add_argument("--size", type=int, default=256, help="side of an image in pixels")
    parser.add_argument("--model", type=Path, help="default: a tiny one")
    parser.add_argument(
        "--only", choices=("pace", "loss"), help="one worker and two; or a killed machine alone"
    )
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        model = chosen.model or tiny_model(folder / "tiny.onnx")
        trial = _Trial(folder, _images(folder, chosen.images, chosen.size), model.absolute())
        return _shown(trial, chosen.only)


def _shown(trial: _Trial, only: str | None) -> int:
    cores = sorted(os.sched_getaffinity(0))[:2]
    if len(cores) < 2:
        raise SystemExit("Two workers need two processor cores.")
    good = [trial.here()]
    with _cluster() as cluster:
        nodes = [_machine(cluster, cores[0])]
        if only != "loss":
            good.append(trial.on(cluster, "one worker"))
        nodes.append(_machine(cluster, cores[1]))
        if only != "loss":
            good.append(trial.on(cluster, "two workers"))
            ratio = trial.pace["two workers"] / trial.pace["one worker"]
            print(f"two workers give {ratio:.2f} times the images a second of one", flush=True)
        if only is None:
            good.append(trial.stopped(cluster))
        if only != "pace":
            good.append(trial.on(cluster, "two workers, one machine killed", kills=nodes.pop()))
    print("The same rows, none twice." if all(good) else "Rows differ.")
    return int(not all(good))


def _machine(cluster: Any, core: int) -> Any:
    """Another machine of the cluster; all its processes run on this core alone."""
    every = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        return cluster.add_node(num_cpus=1, **_agents())
    finally:
        os.sched_setaffinity(0, every)


@contextlib.contextmanager
def _cluster() -> Iterator[Any]:
    os.environ |= {"RAY_USAGE_STATS_ENABLED": "0", "RAY_AUTH_MODE": "disabled"}
    os.environ |= {"RAY_raylet_start_wait_time_s": "120", "PYTHONPATH": str(ROOT)}
    from ray.cluster_utils import Cluster

    cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 0, **_agents()})
    try:
        yield cluster
    finally:
        cluster.shutdown()


def _agents() -> dict[str, int]:
    """Ports for a node's agents: Ray waits 15 seconds, and no longer, for agents to choose some."""
    names = (
        *("runtime_env_agent_port", "metrics_agent_port"),
        *("metrics_export_port", "dashboard_agent_listen_port"),
    )
    with contextlib.ExitStack() as until_all_are_known:
        free = [until_all_are_known.enter_context(socket.socket()) for _ in names]
        for each in free:
            each.bind(("", 0))
        return {name: each.getsockname()[1] for name, each in zip(names, free, strict=True)}


def _images(folder: Path, count: int, size: int) -> Path:
    place = folder / "images"
    for number in range(count):
        patient, slice_number = divmod(number, SLICES)
        image = phantom_slice(Head(patient + 1, size=size), slice_number + 1)
        path = place / f"{patient:03}" / f"IM{slice_number:02}"
        path.parent.mkdir(parents=True, exist_ok=True)
        image.save_as(path, enforce_file_format=True)
    (place / "notes.txt").write_text("no image")
    (place / "damaged.dcm").write_bytes(path.read_bytes()[:2000])
    return place


class _Trial:
    """Screens one folder again and again, and compares with the first time."""

    def __init__(self, folder: Path, images: Path, model: Path) -> None:
        self._folder, self._images, self._model = folder, images, model
        self._expected: dict[Row, float | None] = {}
        self.pace: dict[str, float] = {}
        """Images a second of each run, by its name."""

    def here(self) -> bool:
        """Without Ray."""
        began = time.monotonic()
        self._started("here").wait(PATIENCE)
        self._expected = self._rows("here")
        print(
            f"without Ray: {len(self._expected)} rows{self._paced('here', 'here', began)}",
            flush=True,
        )
        return len(self._expected) > 0

    def on(self, cluster: Any, name: str, kills: Any = None) -> bool:
        """On the cluster; ``kills``: a machine that is killed when some results are there."""
        began = time.monotonic()
        stem = name.replace(" ", "-").replace(",", "")
        process = self._started(stem, cluster.address)
        if kills is not None:
            self._wait_for_results(process, stem)
            cluster.remove_node(kills, allow_graceful=False)
        process.wait(PATIENCE)
        return self._compared(name, stem, self._paced(name, stem, began))

    def stopped(self, cluster: Any) -> bool:
        """A run whose own process is killed when some results are there, and which goes on."""
        stem = "stopped"
        process = self._started(stem, cluster.address)
        self._wait_for_results(process, stem)
        process.kill()
        process.wait()
        known = len(self._journal(stem).read_bytes().splitlines()) - 1
        again = self._started(stem, cluster.address)
        said, _ = again.communicate(timeout=PATIENCE)
        told = next(line for line in said.splitlines() if "journal" in line and "known" in line)
        return self._compared(f"killed after {known} results, and again", stem, f"; {told}")

    def _compared(self, name: str, stem: str, pace: str) -> bool:
        rows = self._rows(stem)
        same = rows.keys() == self._expected.keys() and all(
            _alike(rows[each], self._expected[each]) for each in rows
        )
        is_whole = (self._folder / f"{stem}.parquet").is_file()
        print(f"{name}: {len(rows)} rows, {'the same' if same else 'OTHERS'}{pace}", flush=True)
        return same and is_whole

    def _started(self, stem: str, address: str = "") -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "desktop.commands.entry", "screen", str(self._images)]
        command += ["--csv", str(self._folder / f"{stem}.csv"), "--model", str(self._model)]
        command += ["--ray", address, "--ray-cores", "1"] if address else []
        return subprocess.Popen(
            command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )

    def _journal(self, stem: str) -> Path:
        return self._folder / f"{stem}.journal.jsonl"

    def _wait_for_results(self, process: subprocess.Popen[str], stem: str) -> None:
        journal = self._journal(stem)
        while process.poll() is None:
            if journal.exists() and journal.read_bytes().count(b"\n") > len(self._expected) // 4:
                return
            time.sleep(0.02)
        raise SystemExit(f"{stem} ended too early: {process.communicate()[0][-500:]}")

    def _rows(self, stem: str) -> dict[Row, float | None]:
        with (self._folder / f"{stem}.csv").open(encoding="utf-8-sig", newline="") as file:
            listed = list(csv.DictReader(file))
        rows: dict[Row, float | None] = {}
        for each in listed:
            name = next(key for key in each if key.startswith("probability_"))
            key = each["file_path"], each["frame"], each["status"], each["status_reason"]
            assert key not in rows, f"twice: {key}"
            rows[key] = float(each[name]) if each[name] else None
        return rows

    def _paced(self, name: str, stem: str, began: float) -> str:
        """Seconds of the whole command, and images a second in the middle of it."""
        whole = time.monotonic() - began
        with (self._folder / f"{stem}.csv").open(encoding="utf-8-sig", newline="") as file:
            times = sorted(
                datetime.fromisoformat(row["analysed_at"])
                for row in csv.DictReader(file)
                if row["logit"]
            )
        first, last = (int(part * (len(times) - 1)) for part in _MIDDLE)
        self.pace[name] = (last - first) / (times[last] - times[first]).total_seconds()
        return f"; {whole:.0f} seconds, {self.pace[name]:.1f} images a second"


def _alike(one: float | None, other: float | None) -> bool:
    return one is other if one is None or other is None else abs(one - other) <= ALIKE


if __name__ == "__main__":
    sys.exit(main())
