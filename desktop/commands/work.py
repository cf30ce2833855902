"""Work: what one run of the command is made of, on this computer or on a cluster."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from desktop.engine.report import ExportFiles
from desktop.engine.run import Run
from desktop.engine.scoring import Scored
from imaging.messages import Message
from model.session import Session


@dataclass(frozen=True)
class Work:
    """A run with the model that assesses it and the files that it ends in."""

    run: Run
    session: Session
    files: ExportFiles
    score: Callable[[], Iterator[Scored]]
    """Gives the result of each image of the run."""
    told: Callable[[], Sequence[Message]] = tuple
    """What to say of it in the end, beside its results."""
