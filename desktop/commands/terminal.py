"""What the commands share: exit codes, printing, and opening the weights that are asked for."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from model.session import Session

ALL_READ, SOME_WITHOUT_RESULT, NOTHING_DONE = 0, 1, 2


def say(*lines: str) -> None:
    """Print, and be content where the reader has gone, as ``head`` does."""
    try:
        print("\n".join(lines), flush=True)
    except BrokenPipeError:
        sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115  until the end


def refuse(sentence: str) -> int:
    """Say why nothing is done, and with which exit code."""
    print(f"cranioscope: {sentence}", file=sys.stderr)
    return NOTHING_DONE


def open_session_of(chosen: argparse.Namespace) -> Session:
    """The classifier asked for. Raises ClassifierError."""
    from desktop.engine.weights import shipped_weights
    from desktop.resources import WEIGHTS, resource
    from model.session import Session

    model = chosen.model or shipped_weights(resource(WEIGHTS), chosen.device)
    return Session.open(model, chosen.device)
