"""Ctrl+C is heard from the first import to the end, and never meets a half-ended program."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.commands import entry
from desktop.commands.interrupt import leave

ROOT = Path(__file__).resolve().parents[3]
on_posix = pytest.mark.skipif(os.name != "posix", reason="signals are those of POSIX")


@pytest.fixture
def _own_handler() -> Iterator[None]:
    """What Ctrl+C does in other tests stays as it was."""
    before = signal.getsignal(signal.SIGINT)
    yield
    signal.signal(signal.SIGINT, before)


@on_posix
@pytest.mark.parametrize("seconds", [0.6, 1.2, 2.0])
def test_an_interrupt_while_it_starts_is_a_sentence(tmp_path: Path, seconds: float) -> None:
    (tmp_path / "in").mkdir()
    command = [sys.executable, "-m", "desktop.commands.entry", "screen", str(tmp_path / "in")]
    begun = subprocess.Popen(
        [*command, "--csv", str(tmp_path / "out.csv")],
        cwd=ROOT,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    time.sleep(seconds)
    os.killpg(begun.pid, signal.SIGINT)
    _, said = begun.communicate(timeout=60)
    assert begun.returncode == 2
    assert said in ("cranioscope: stopped.\n", "cranioscope: No files were found.\n")


@pytest.mark.usefixtures("_own_handler")
@pytest.mark.parametrize("ended", [None, SystemExit(2), KeyboardInterrupt()])
def test_ctrl_c_ends_it_at_once_and_is_ignored_when_it_has_ended(
    monkeypatch: pytest.MonkeyPatch, ended: BaseException | None
) -> None:
    heard = []

    def main() -> int:
        heard.append(signal.getsignal(signal.SIGINT))
        if ended is not None:
            raise ended
        return 1

    monkeypatch.setattr("desktop.commands.cli.main", main)
    if ended is None:
        assert entry.command() == 1
    else:
        with pytest.raises(type(ended)):
            entry.command()
    assert heard == [leave]
    assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
