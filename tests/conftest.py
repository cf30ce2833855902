"""What all tests share: data beside the repository, Qt without a screen, no thread left over."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest
from hypothesis import HealthCheck, settings
from PySide6.QtCore import QThread

# How long an example takes says how busy the computer is, and nothing of the program.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 5.0
"""Seconds in which a thread that was told to stop must be gone."""


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real images beside the repository; skips where it is absent."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the real images (../shared/data) are not on this machine")
    return folder


@pytest.fixture
def real_study(shared_data: Path) -> list[Path]:
    """The 28 slices of a real DICOM study, in order; a loop over them is never empty."""
    slices = sorted((shared_data / "dicom-head-ge").glob("*.dcm"))
    assert len(slices) == 28
    return slices


@pytest.fixture(autouse=True)
def _no_thread_outlives_its_test(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Fail a test that leaves a Python or Qt thread running, for the next one would pay for it."""
    before = set(threading.enumerate())
    started: list[QThread] = []
    start = QThread.start

    def remember(thread: QThread, *arguments: QThread.Priority) -> None:
        started.append(thread)
        start(thread, *arguments)

    monkeypatch.setattr(QThread, "start", remember)
    yield
    end = time.monotonic() + PATIENCE
    left = [_name(thread) for thread in started if not _qt_ends(thread, end)]
    for thread in set(threading.enumerate()) - before:
        # A dummy is Python's note of a thread that Qt or a library made; it never leaves the list.
        if not isinstance(thread, threading._DummyThread):
            thread.join(max(0.0, end - time.monotonic()))
            if thread.is_alive():
                left.append(thread.name)
    assert not left, f"threads outlive the test: {', '.join(left)}"


def _qt_ends(thread: QThread, end: float) -> bool:
    try:
        return thread.wait(max(0, round(1000 * (end - time.monotonic()))))
    except RuntimeError:  # its C++ half is deleted, so it had ended
        return True


def _name(thread: QThread) -> str:
    return thread.objectName() or type(thread).__name__
