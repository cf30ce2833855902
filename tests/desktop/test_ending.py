"""Signals close the window as the reader would."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from types import FrameType

import pytest
from PySide6.QtCore import QSettings
from pytestqt.qtbot import QtBot

from desktop.ending import Ending
from tests.make.program import PATIENCE

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.skipif(os.name != "posix", reason="Windows sends no such signals")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_closes_the_window_and_a_second_one_does_what_it_always_did(
    qtbot: QtBot, number: signal.Signals
) -> None:
    closed: list[object] = []
    outside = signal.signal(number, _as_always)  # tests that run in the background ignore some
    try:
        ending = Ending(lambda: closed.append(signal.getsignal(number)))
        os.kill(os.getpid(), number)
        qtbot.waitUntil(lambda: bool(closed), timeout=PATIENCE)
        assert closed == [_as_always]
        ending.restore()
        assert signal.getsignal(number) is _as_always
    finally:
        signal.signal(number, outside)


def _as_always(_number: int, _frame: FrameType | None) -> None:
    """What a signal did before."""


def test_what_is_ignored_stays_ignored() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    ending = Ending(lambda: None)
    try:
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    finally:
        ending.restore()
        signal.signal(signal.SIGHUP, before)


def test_the_layout_is_kept_when_the_system_ends_the_window(tmp_path: Path) -> None:
    homes = {name: str(tmp_path) for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME")}
    homes["XDG_STATE_HOME"] = homes["XDG_CACHE_HOME"] = str(tmp_path)
    said = (
        "import os, signal, sys\n"
        "from PySide6.QtCore import QTimer\n"
        "from desktop import __main__\n"
        "from desktop.app import Program\n"
        "show = Program.show\n"
        "def shown(self):\n"
        "    show(self)\n"
        "    QTimer.singleShot(0, lambda: os.kill(os.getpid(), signal.SIGTERM))\n"
        "Program.show = shown\n"
        "sys.exit(__main__.main(['--device', 'cpu']))\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", said], cwd=ROOT, env=os.environ | homes, timeout=300, check=False
    )
    assert ended.returncode == 0
    kept = QSettings(str(tmp_path / "Cranioscope/Cranioscope.ini"), QSettings.Format.IniFormat)
    assert not kept.value("layout/window").isEmpty()
