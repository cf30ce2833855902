"""Opens the weights in a job: checking a file and making a session takes about a second."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.jobs.job import Stopping
from imaging.messages import Message
from model.device import Device

if TYPE_CHECKING:
    from model.session import Session


@dataclass(frozen=True, eq=False)
class Weights:
    """What came of opening a model file: the session, or why there is none."""

    session: Session | None = None
    refusal: Message | None = None
    file: Path | None = None


def open_weights(model: Path | None, shipped: Path, device: Device, _stopping: Stopping) -> Weights:
    """Open ``model``, or without one the built-in model in the folder ``shipped``."""
    # Imported here, in the thread: onnxruntime takes longer than the first paint may.
    from desktop.engine.weights import shipped_weights
    from model.session import Session, SessionError

    file = model
    try:
        file = model or shipped_weights(shipped, device)
        return Weights(Session.open(file, device), file=file)
    except SessionError as error:
        return Weights(refusal=error.message, file=file)
