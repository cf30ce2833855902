"""How a head's command begins: the model that it is for, and the folders that it is learnt on."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import NamedTuple

from trainer.arguments import refuse_inside
from trainer.data.labels import LabelledImage, read_labels
from trainer.data.sources import class_name_of, refuse_ambiguous
from trainer.reports import external
from trainer.reports.external import ExportedModel


class Opened(NamedTuple):
    """A model, and labelled images by folder, in the order given."""

    model: ExportedModel
    folders: dict[Path, list[LabelledImage]]
    """Not joined by content as for training: blank images would make two patients one."""


def opened(arguments: argparse.Namespace) -> Opened:
    """What ``model_parser``'s ``model``, ``data``, ``labels`` and ``out`` name; writes nothing.

    Says where labels are about another finding than the model. Raises ArgumentsError for a model
    that cannot be used and for an ``out`` inside the data; LabelError for a folder that cannot be
    read, for two of one name and for one table for several; OSError.
    """
    refuse_inside(arguments.out, arguments.data, "FOLDER")
    refuse_ambiguous(arguments.data, arguments.labels)
    model = external.open_model(arguments.model)
    folders = {folder: read_labels(folder, arguments.labels) for folder in arguments.data}
    for folder in folders:
        finding = class_name_of([folder], arguments.labels)
        if finding != model.card.class_name:
            print(
                f"WARNING: the labels of {folder.resolve().name} are about {finding}, but the "
                f"model predicts {model.card.class_name}.",
                flush=True,
            )
    return Opened(model, folders)
