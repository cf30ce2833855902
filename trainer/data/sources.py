"""Several folders of labelled images as one list, with the name of its folder on each image."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from trainer.data import copies
from trainer.data.label_table import LabelError, read_rows
from trainer.data.labels import SOURCE_COLUMN, LabelledImage, read_labels, read_table


def read_sources(
    folders: Sequence[Path],
    table: Path | None = None,
    groups: Path | None = None,
    label_column: str | None = None,
    group_column: str | None = None,
) -> list[LabelledImage]:
    """``read_labels`` of several folders, one after the other; of one, just that.

    With several, ``table`` is the name that the table has in each of them.
    Ids and groups then carry the name of their folder; those of a ``groups`` table with a column
    ``source`` stand as they are, and may hold images of several folders together.
    Files of the same content are one group in any case (see ``copies``).
    Raises LabelError for folders of one name, and for a table that could mean any of them.
    """
    if len(folders) == 1:
        return copies.joined(read_labels(folders[0], table, groups, label_column, group_column))
    refuse_ambiguous(folders, table)
    if groups is not None and SOURCE_COLUMN not in read_rows(groups)[0].values:
        raise LabelError([f"{groups}: with several folders, it needs a column {SOURCE_COLUMN}."])
    together: list[LabelledImage] = []
    for folder in folders:
        grouped = groups if groups is not None and _names(groups, folder) else None
        for image in read_labels(folder, table, grouped, label_column, group_column):
            own = image.group if grouped else f"{image.source}/{image.group}"
            together.append(replace(image, image_id=f"{image.source}/{image.image_id}", group=own))
    return copies.joined(together)


def refuse_ambiguous(folders: Sequence[Path], table: Path | None) -> None:
    """Raises LabelError for several folders of one name, and for one ``table`` for several."""
    if len({folder.resolve().name for folder in folders}) < len(folders):
        raise LabelError(["Two folders have the same name; their images could not be told apart."])
    if len(folders) > 1 and table is not None and table.is_file():
        raise LabelError(
            [
                "With several folders, each holds its own table of labels, and --labels gives the "
                f"name that all of them have. {table} is one file."
            ]
        )


def _names(groups: Path, folder: Path) -> bool:
    """Whether the table of groups has a word on this folder's images."""
    source = folder.resolve().name
    return any(row.values.get(SOURCE_COLUMN, source) == source for row in read_rows(groups))


def class_name_of(
    folders: Sequence[Path], table: Path | None = None, label_column: str | None = None
) -> str:
    """What the labels are about, from the name of their column: hemorrhage_label -> hemorrhage.

    Raises LabelError where the folders do not agree.
    """
    names = {read_table(folder, table, label_column).class_name for folder in folders}
    if len(names) > 1:
        raise LabelError([f"The folders are labelled for different findings ({sorted(names)})."])
    return names.pop()


def columns_read(
    folders: Sequence[Path],
    table: Path | None = None,
    label_column: str | None = None,
    group_column: str | None = None,
) -> list[str]:
    """What each column of each folder's table was taken for, a sentence a table. LabelError."""
    tables = [read_table(folder, table, label_column, group_column) for folder in folders]
    return list(dict.fromkeys(each.read_from for each in tables if each.read_from))
