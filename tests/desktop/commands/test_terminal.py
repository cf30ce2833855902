"""Commands end in a sentence and the right code, whatever becomes of their streams."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from desktop.commands.interrupt import NOTHING_DONE
from desktop.commands.terminal import ALL_READ, SOME_WITHOUT_RESULT, refuse, say
from desktop.messages import CommandCode
from imaging.messages import Message

ROOT = Path(__file__).resolve().parents[3]
FULL = Path("/dev/full")
on_posix = pytest.mark.skipif(os.name != "posix", reason="streams and signals are those of POSIX")


def _command(arguments: str, **environment: str | None) -> subprocess.CompletedProcess[str]:
    known = {**os.environ, **environment}
    return subprocess.run(
        ["/bin/sh", "-c", f'exec "{sys.executable}" -m desktop.commands.entry {arguments}'],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        env={name: value for name, value in known.items() if value is not None},
    )


@on_posix
@pytest.mark.skipif(not FULL.exists(), reason="this system has no full device")
@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ("--version >/dev/full", 2),
        ("--help >/dev/full", 0),
        ("screen /none --csv out.csv 2>/dev/full", 2),
        ("--version >/dev/full 2>/dev/full", 2),
    ],
)
def test_a_full_stream_is_no_traceback(arguments: str, code: int) -> None:
    done = _command(arguments)
    assert done.returncode == code
    assert done.stderr in (
        "",
        "cranioscope: The output cannot be written: the disk is full.\n",
    )


@on_posix
@pytest.mark.parametrize("arguments", ["--version >&-", "--version 2>&-", "--version | true"])
def test_a_closed_stream_is_no_fault(arguments: str) -> None:
    done = _command(arguments)
    assert (done.returncode, done.stderr) == (0, "")


@on_posix
@pytest.mark.parametrize("home", [None, "", "/dev/null", "/none"])
def test_a_home_that_is_not_there_is_no_fault(home: str | None) -> None:
    done = _command("--version", HOME=home, XDG_STATE_HOME=None)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("cranioscope ")


def test_what_would_steer_a_terminal_is_escaped(capsys: pytest.CaptureFixture[str]) -> None:
    say("a\x1b[31mred\u202e", "lone \udc80")
    refuse(Message(CommandCode.NO_SUCH_PATH, path="bad\rname"))
    told = capsys.readouterr()
    assert told.out == "a\\x1b[31mred\\u202e\nlone \\udc80\n"
    assert told.err == "cranioscope: bad\\rname does not exist.\n"


def test_codes_are_those_that_the_help_names() -> None:
    assert (ALL_READ, SOME_WITHOUT_RESULT, NOTHING_DONE) == (0, 1, 2)
