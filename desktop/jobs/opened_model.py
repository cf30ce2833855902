"""Opens a model in a job: checking a file and making a session takes about a second."""

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
class OpenedModel:
    """What came of opening a model file: the session, or why there is none."""

    session: Session | None = None
    refusal: Message | None = None
    file: Path | None = None


def open_model(
    model: Path | None, shipped: Path, device: Device, _stopping: Stopping
) -> OpenedModel:
    """Open ``model``, or without one the built-in model in the folder ``shipped``."""
    # Imported here, in the thread: onnxruntime takes longer than the first paint may.
    from desktop.engine.shipped_models import shipped_model
    from model.session import Session, SessionError

    file = model
    try:
        file = model or shipped_model(shipped, device)
        return OpenedModel(Session.open(file, device), file=file)
    except SessionError as error:
        return OpenedModel(refusal=error.message, file=file)
