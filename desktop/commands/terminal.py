"""What the commands share: exit codes, streams that may be closed or full, the model."""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from desktop.commands.interrupt import NOTHING_DONE
from desktop.engine.terminal_text import terminal_text
from desktop.messages import CommandCode
from desktop.reasons import reason_of
from desktop.text.language import text_of
from imaging.messages import Message

if TYPE_CHECKING:
    from model.session import Session

ALL_READ, SOME_WITHOUT_RESULT = 0, 1


@contextlib.contextmanager
def sound_streams() -> Iterator[None]:
    """Have an output and an error stream that take any character and are flushed in the end.

    A closed stream is replaced by one that takes everything, so is one that fails in the end.
    """
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by who started the program
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115
        # A name that the terminal's encoding lacks must not end the program.
        getattr(sys, name).reconfigure(errors="backslashreplace")
    try:
        yield
    finally:
        for stream in (sys.stdout, sys.stderr):
            _written(stream, "")


def say(*lines: str | Message) -> bool:
    """Print lines, with what would steer the terminal escaped; messages in the chosen language.

    Whether they could be written. Where the reader has gone, as ``head`` does, that is no fault.
    """
    texts = [line if isinstance(line, str) else text_of(line) for line in lines]
    return _written(sys.stdout, "".join(f"{terminal_text(text)}\n" for text in texts))


def complain(message: Message) -> None:
    """Say something beside the output."""
    _written(sys.stderr, f"cranioscope: {terminal_text(text_of(message))}\n")


def refuse(message: Message) -> int:
    """Say why nothing is done, and with which exit code."""
    complain(message)
    return NOTHING_DONE


def _written(stream: TextIO, text: str) -> bool:
    """Write and flush; where that fails, everything further is dropped, also at the exit."""
    try:
        stream.write(text)
        stream.flush()
    except BrokenPipeError:
        _drop(stream)
    except OSError as error:
        _drop(stream)
        if stream is not sys.stderr:
            complain(Message(CommandCode.NO_OUTPUT, reason=reason_of(error)))
        return False
    return True


def _drop(stream: TextIO) -> None:
    """Lead a stream to where everything is lost, so that what it still holds can be flushed."""
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)


def open_session_of(chosen: argparse.Namespace) -> Session:
    """The model asked for, ready to use. Raises SessionError."""
    from desktop.engine.shipped_models import shipped_model
    from desktop.resources import MODELS, resource
    from model.session import Session

    model = chosen.model or shipped_model(resource(MODELS), chosen.device)
    return Session.open(model, chosen.device)
