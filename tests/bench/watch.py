"""The real window on a large folder: memory, gaps of the event loop, the first image."""

from __future__ import annotations

import time
from pathlib import Path

import psutil
from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtWidgets import QApplication

from desktop.app import Program
from desktop.pauses import shorten_pauses
from desktop.screenshot import passing_settings
from desktop.state.workspace import State
from tests.bench.hands import Hands

BEAT = 5
"""Milliseconds between two beats of the event loop."""
IN_USE = 30_000
"""Milliseconds for which someone scrolls: what the viewer keeps of images is bounded by their
pixels, and of tiny ones it would be much of what is measured."""


class Watch(QObject):
    """Opens the folder once the model is there, and watches until all is screened."""

    def __init__(self, program: Program, folder: Path, *, is_still: bool) -> None:
        """``is_still``: nobody scrolls."""
        super().__init__(program)
        self._program, self._folder = program, folder
        self._process = psutil.Process()
        self._opened = self._beaten = time.perf_counter()
        self.first_image: float | None = None
        self.gaps: list[float] = []
        """While nobody touches the window, in seconds."""
        self.gaps_in_use: list[float] = []
        """While someone scrolls: in the second half of the scoring, for ``IN_USE``."""
        self._hands, self._is_in_use, self._was_in_use = Hands(program), False, is_still
        self.before = self.most = 0
        self._timer = QTimer(self, interval=BEAT)
        self._timer.timeout.connect(self._beat)
        program.workspace.model_changed.connect(self._open)
        program.workspace.state_changed.connect(self._follow)
        program.selection.image_read.connect(self._shown)

    @Slot()
    def _open(self) -> None:
        if self.before == 0:
            self.before = self.most = self._process.memory_info().rss
            self._opened = self._beaten = time.perf_counter()
            self._timer.start()
            self._program.open([self._folder], remember=False)

    @Slot()
    def _beat(self) -> None:
        now = time.perf_counter()
        gaps = self.gaps_in_use if self._is_in_use else self.gaps
        gaps.append(now - self._beaten - BEAT / 1000)
        self._beaten = now
        if len(gaps) % 100 == 0:
            self.most = max(self.most, self._process.memory_info().rss)
            self._use_at_half()

    def _use_at_half(self) -> None:
        workspace = self._program.workspace
        half = 2 * workspace.progress.done >= workspace.progress.found
        if not self._was_in_use and workspace.state is State.SCORING and half:
            self._was_in_use = self._is_in_use = True
            self._hands.begin()
            QTimer.singleShot(IN_USE, self, self._leave)

    @Slot()
    def _leave(self) -> None:
        self._hands.stop()
        self._is_in_use = False

    @Slot(object)
    def _shown(self, _image: object) -> None:
        if self.first_image is None:
            self.first_image = time.perf_counter() - self._opened

    @Slot()
    def _follow(self) -> None:
        if self._program.workspace.state is State.DONE:
            self._timer.stop()
            self._hands.stop()
            self.most = max(self.most, self._process.memory_info().rss)
            QApplication.exit(0)

    def found(self) -> dict[str, float | int | None]:
        """What was measured, in units that the names tell."""
        rows = len(self._program.workspace.results())
        growth = (self.most - self.before) / 2**20
        thumbnails = self._program.workspace.table.thumbnails.kept_bytes / 2**20
        return {
            "rows": rows,
            "seconds": round(time.perf_counter() - self._opened, 1),
            "memory_growth_MB": round(growth, 1),
            "thumbnails_MB": round(thumbnails, 1),
            **_of_gaps(self.gaps, ""),
            **_of_gaps(self.gaps_in_use, "_in_use"),
            "first_image_ms": None if self.first_image is None else round(1000 * self.first_image),
        }


def _of_gaps(seconds: list[float], when: str) -> dict[str, float]:
    """Their 99th percentile, the longest and how many are long; none of no gaps."""
    gaps = sorted(seconds)
    if not gaps:
        return {}
    return {
        f"gap_p99{when}_ms": round(1000 * gaps[len(gaps) * 99 // 100], 1),
        f"longest_gap{when}_ms": round(1000 * gaps[-1], 1),
        f"gaps_over_100{when}_ms": sum(gap > 0.1 for gap in gaps),
    }


def measure(folder: Path, models: Path, *, is_still: bool = False) -> dict[str, float | int | None]:
    """Watch the window on a folder, with the models of a folder like ``resources/weights``.

    ``is_still``: nobody scrolls.
    """
    app = QApplication([])
    with passing_settings("dark", "en") as settings:
        program = Program(app, settings, shipped=models, device="cpu")
        watch = Watch(program, folder, is_still=is_still)
        shorten_pauses()
        program.show()
        app.exec()
        found = watch.found()
        program.close()
    return found
