from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from desktop.commands.interrupt import NOTHING_DONE, interrupt, on_interrupt

ROOT = Path(__file__).resolve().parents[3]


def test_an_interrupt_is_an_exception_only_where_it_is_wanted() -> None:
    before = signal.getsignal(signal.SIGINT)  # ignored, where the tests run in the background
    with on_interrupt(interrupt), pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)
    with on_interrupt(signal.SIG_IGN):
        signal.raise_signal(signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is before


def test_in_another_thread_nothing_changes() -> None:
    before, there = signal.getsignal(signal.SIGINT), []

    def look() -> None:
        with on_interrupt(interrupt):
            there.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    assert there == [before]


@pytest.mark.skipif(os.name != "posix", reason="streams are closed as POSIX has it")
@pytest.mark.parametrize("closed", ["", "2>&-", "2>/dev/full"])
def test_leaving_ends_at_once_whatever_becomes_of_the_sentence(closed: str) -> None:
    """``os._exit``: nothing that was to be done at the end is begun."""
    code = (
        "import atexit; from desktop.commands.interrupt import leave; "
        "atexit.register(print, 'begun'); leave()"
    )
    done = subprocess.run(
        ["/bin/sh", "-c", f'exec "{sys.executable}" -c "{code}" {closed}'],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    said = "" if closed else "cranioscope: stopped.\n"
    assert (done.returncode, done.stderr, done.stdout) == (NOTHING_DONE, said, "")
