"""Nothing leaves the computer: onnxruntime's telemetry is off before it is imported."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.mark.parametrize(
    "module", ["model.providers", "trainer.reports.external", "export.quantize"]
)
def test_no_device_id_and_no_queue_of_events_is_left(module: str, tmp_path: Path) -> None:
    clean = {k: v for k, v in os.environ.items() if k not in ("ORT_DISABLE_TELEMETRY",)}
    places = {"HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / ".cache")}
    program = (
        f"import {module}, onnxruntime, os\n"
        "from model.providers import CPU, _RELU, open_session\n"
        "open_session(_RELU, CPU)\n"
        "print(os.environ['ORT_DISABLE_TELEMETRY'])\n"
    )
    said = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env=clean | places,
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout == "1\n"
    assert list(tmp_path.rglob("*onnxruntime*")) == []
