"""``cranioscope screen --ray``: the same run, with a crew on a Ray cluster to read and score."""

from __future__ import annotations

import argparse
import contextlib
from collections.abc import Iterator
from pathlib import Path

from desktop.commands.work import Work
from desktop.engine.crew import Crew
from desktop.engine.journal import Journal
from desktop.engine.pieces import score_in_pieces
from desktop.engine.ray_workers import CORES, Cluster, ModelFile
from desktop.engine.report import ExportFiles
from desktop.engine.run import Run
from desktop.engine.shipped_models import model_for
from desktop.messages import CommandCode
from desktop.resources import MODELS, resource
from imaging.messages import Message
from model.session import Session

SUFFIX = ".journal.jsonl"
"""Of the journal that lies beside the table of images, where no other is named."""


@contextlib.contextmanager
def on_ray(paths: list[Path], chosen: argparse.Namespace, files: ExportFiles) -> Iterator[Work]:
    """The work on these paths on the cluster that was chosen.

    This process finds files, groups and writes; workers read and score. Raises ClusterError,
    SessionError and JournalError.
    """
    with Cluster(chosen.ray, chosen.ray_cores or CORES) as cluster:
        on_gpu = cluster.has_gpus and chosen.device != "cpu"
        shipped = model_for(resource(MODELS), on_gpu=on_gpu)
        session = Session.open(chosen.model or shipped, "cpu")
        place = Path(shipped.name) if chosen.model is None else chosen.model.absolute()
        hire = cluster.hire(ModelFile(place, session.sha256, "auto" if on_gpu else "cpu"))
        journal_at = chosen.journal or files.images.with_suffix(SUFFIX)
        with (
            Journal(journal_at, session.sha256) as journal,
            Crew(hire, len(cluster.shares)) as crew,
        ):
            run = Run(paths, crew)
            yield Work(
                run,
                session,
                files,
                lambda: run.score_by(
                    lambda waiting, order: score_in_pieces(waiting, crew, order, journal),
                    session.card.threshold,
                ),
                lambda: (
                    Message(CommandCode.CLUSTER, workers=crew.count, machines=cluster.machines),
                    Message(CommandCode.KNOWN, count=journal.used, name=journal_at.name),
                ),
            )
