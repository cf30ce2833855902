"""What the commands share: exit codes, printing, and opening the weights that are asked for."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from desktop.engine.classifier import Classifier

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


def open_classifier(chosen: argparse.Namespace) -> Classifier:
    """The classifier asked for. Raises ClassifierError."""
    from desktop.engine.classifier import Classifier
    from desktop.engine.weights import shipped_weights
    from desktop.resources import WEIGHTS, resource

    model = chosen.model or shipped_weights(resource(WEIGHTS), chosen.device)
    return Classifier.open(model, chosen.device)
