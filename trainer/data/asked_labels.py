"""The labels that a command line asks for, whichever command it is of."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

from trainer.data.labels import LabelledImage
from trainer.data.sources import class_name_of, columns_read, read_sources


@dataclass(frozen=True)
class AskedLabels:
    """The labelled images that a command line asks for; each method raises LabelError."""

    folders: tuple[Path, ...]
    table: Path | None
    groups: Path | None
    label_column: str | None
    group_column: str | None

    @classmethod
    def of(cls, arguments: argparse.Namespace) -> AskedLabels:
        """What ``--labels``, ``--groups`` and the two options of columns say."""
        named = (arguments.labels, arguments.groups)
        return cls(tuple(arguments.data), *named, arguments.label_column, arguments.group_column)

    def images(self) -> list[LabelledImage]:
        """All images with their labels and groups."""
        columns = (self.label_column, self.group_column)
        return read_sources(self.folders, self.table, self.groups, *columns)

    def class_name(self) -> str:
        """What the labels are about."""
        return class_name_of(self.folders, self.table, self.label_column)

    def columns_read(self) -> list[str]:
        """What each column of the tables was taken for, a sentence a table."""
        columns = (self.label_column, self.group_column)
        return columns_read(self.folders, self.table, *columns)
