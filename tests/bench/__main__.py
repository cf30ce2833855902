"""``make bench``: how fast, as ratios within one run; printed as a table, written as JSON.

A machine's noise hits all parts of a run alike, so the ratios carry over and the speeds do not.
Nothing heavy is imported before it is needed: child processes import this module again.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import platform
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.resources import MODELS, resource

if TYPE_CHECKING:
    from tests.bench.throughput import Speed

STUDY = Path("../shared/data/dicom-head-ge")
SLICES = 300
"""Of the series that planes are cut through."""
PLAIN_FILES = 60
"""The plain script is slow; its speed does not depend on how many files it reads."""


def main() -> int:
    """Measure everything, or what the options leave."""
    from desktop.engine.shipped_models import FOR_CPU, FOR_GPU
    from tests.bench import aims, headers, material, planes

    options = _options()
    folder = options.work / "material"
    images = material.images(folder, options.images)
    slices = material.slices(folder, STUDY, options.images)
    models = {"full precision": options.models / FOR_GPU, "INT8": options.models / FOR_CPU}
    report: dict[str, object] = {"machine": _machine(), "images": options.images}
    for name, model in models.items():
        report[name] = _compare(name, model, images, slices, options)
    if options.files:
        for name, count in (("few_in_window", options.files // 4), ("window", options.files)):
            many = material.images(folder, count, side=128)
            window = _child("tests.bench.window", str(many), str(options.models))
            report[name] = window
        print(f"\nWindow on {options.files} files (INT8)")
        for key, value in window.items():
            print(f"  {key:28} {value}")
        report["headers"] = known = headers.measure(options.files)
        print(f"\nHeaders of {options.files} DICOM files, grouped")
        for key, figure in known.items():
            print(f"  {key:28} {figure}")
    report["planes"] = cut = planes.measure(SLICES)
    print(f"\nPlanes of 512 × 512 × {SLICES}")
    for name, plane in cut.items():
        print(f"  {name:36}{plane['planes_per_second']:8}{plane['of_bare_copy']:8}")
    report["reader"] = waits = _child("tests.bench.reader", str(options.models))
    print("\nA reader's waits")
    for key, wait in waits.items():
        print(f"  {key:36} {wait}")
    report["aims"] = rows = aims.rows(report)
    print(f"\n{'Aim':46}{'measured':>10}{'aim':>8}{'of aim':>8}  (1 and more: held)")
    for row in rows:
        print(f"{row.name:46}{row.measured:10g}{row.aim:8g}{row.of_aim:8.2f}")
    target = options.work / "bench.json"
    target.write_text(json.dumps(report, indent=2, default=asdict) + "\n", encoding="utf-8")
    print(f"\nWritten: {target}")
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--images", type=int, default=500)
    parser.add_argument(
        "--files", type=int, default=10_000, help="for window and headers; 0: not at all"
    )
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--models", type=Path, default=resource(MODELS))
    parser.add_argument("--work", type=Path, default=Path("build/bench"))
    return parser.parse_args()


def _compare(
    name: str, model: Path, images: Path, slices: Path, options: argparse.Namespace
) -> dict[str, object]:
    from model.providers import usable_cores
    from tests.bench import throughput

    recipe, cores = throughput.classifier_size(model), usable_cores()
    inputs = throughput.tensors(images, recipe)
    works = {
        "one session, all cores": throughput.one_session(model, inputs, cores),
        "one worker a core": throughput.workers(model, inputs, cores),
        "program, images": throughput.program(model, images, len(inputs)),
        "program, DICOM": throughput.program(model, slices, len(list(slices.iterdir()))),
        "plain script": throughput.plain_script(images, recipe.size, PLAIN_FILES),
    }
    with Path(os.devnull).open("w") as nowhere, contextlib.redirect_stdout(nowhere):
        speeds = throughput.measure(works, options.rounds)
    bare = max(("one session, all cores", "one worker a core"), key=lambda w: speeds[w].median)
    print(f"\n{name} models, {recipe.size} pixels, {cores} cores (bare: {bare})")
    print(f"  {'':26}{'images/s':>9}{'of bare':>9}{'of plain':>10}")
    return {work: _row(work, speeds, bare) for work in works}


def _row(work: str, speeds: dict[str, Speed], bare: str) -> dict[str, float]:
    from tests.bench.throughput import ratio

    row = {
        "images_per_second": round(speeds[work].median, 2),
        "of_bare": round(ratio(speeds, work, bare), 3),
        "of_plain_script": round(ratio(speeds, work, "plain script"), 2),
    }
    speed, of_bare, of_plain = row.values()
    print(f"  {work:26}{speed:9.1f}{of_bare:9.2f}{of_plain:10.2f}")
    return row


def _child(module: str, *arguments: str) -> dict[str, object]:
    """What a program of its own measures and prints as its last line."""
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        stdout=subprocess.PIPE,
        check=True,
    )
    found: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    return found


def _machine() -> dict[str, object]:
    from model.providers import usable_cores

    return {
        "system": platform.system(),
        "machine": platform.machine(),
        "python": platform.python_version(),
        "cores": usable_cores(),
    }


if __name__ == "__main__":
    sys.exit(main())
