"""Worklists of results built by hand, without a window."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex
from PySide6.QtTest import QAbstractItemModelTester

from desktop.tables.images_table import ImagesTable
from desktop.tables.row import DETAIL_ROLE
from desktop.tables.series_list import SeriesList
from desktop.tables.series_readings import SeriesReadings
from desktop.tables.worklist import Worklist
from desktop.tables.worklist_cells import WorklistColumn
from imaging.errors import Code, Problem
from imaging.image import Identity
from model.card import ModelCard
from model.image_result import ImageResult
from model.listed_image import ListedImage, PendingImage
from model.series_group import group_images
from tests.make.results import result
from tests.make.tiny_model import tiny_card

FOLDERS = [
    result("/one/1.png", 0.2),
    result("/one/2.png", 0.9),
    result("/one/3.png", None, Problem(Code.BLANK)),
    result("/two/1.png", 0.1),
]
TWO_SERIES = [
    result("/one/1.png", 0.6),
    result("/one/2.png", 0.1),
    result("/two/1.png", 0.9),
    result("/two/2.png", 0.1),
    result("/two/3.png", 0.1),
]
"""All assessed; in both series the first image is the most suspicious one."""


def of_patient(who: str, *probabilities: float | None, series: str = "1") -> list[ImageResult]:
    """A series of one patient, an image for each probability; None: not assessable."""
    identity = Identity(patient_id=who, study_uid=f"s{who}", series_uid=f"{who}.{series}")
    return [
        result(
            f"/flat/{who}-{series}-{at}.dcm",
            probability,
            *([] if probability is not None else [Problem(Code.BLANK)]),
            identity=identity,
            sop_uid=f"{who}.{series}.{at}",
        )
        for at, probability in enumerate(probabilities)
    ]


def waiting(images: Sequence[ImageResult]) -> list[ListedImage]:
    """The images before they have results."""
    return [PendingImage(each.folder, each.name, each.frame, each.header) for each in images]


MIXED: list[ListedImage] = [
    *of_patient("low", 0.1),
    *of_patient("refused", None),
    *of_patient("high", 0.99),
    *waiting(of_patient("pending", 0.5)),
    *of_patient("unsure", 0.6),
    *of_patient("higher", 0.999),
]
"""A patient of each rank, and two that are flagged."""


def series_of(
    images: Sequence[ListedImage], *, trusted: bool = True, card: ModelCard | None = None
) -> SeriesList:
    """The series of these images under a card, that of a tiny model without one.

    ``trusted``: the reader says that each folder of images is one series of one patient.
    """
    table = ImagesTable()
    table.set_card(card or tiny_card())
    table.add_images(images)
    series = SeriesList(table, table)
    series.set_groups(group_images(images))
    series.trust_folders(trusted)
    return series


def worklist_of(
    images: Sequence[ListedImage], *, trusted: bool = True, card: ModelCard | None = None
) -> Worklist:
    """The same as a worklist, on which Qt's own tester fails for whatever it does wrong."""
    series = series_of((), card=card)
    worklist = Worklist(series, SeriesReadings(series, series.table))
    series.table.setParent(worklist)
    fatal = QAbstractItemModelTester.FailureReportingMode.Fatal
    QAbstractItemModelTester(worklist, fatal, worklist)
    series.table.add_images(images)
    series.set_groups(group_images(images))
    series.trust_folders(trusted)
    return worklist


def cells(worklist: Worklist, row: int, parent: QModelIndex | None = None) -> list[str]:
    """The texts of a line, from left to right."""
    above = parent or QModelIndex()
    return [str(worklist.index(row, column, above).data()) for column in WorklistColumn]


def names(worklist: Worklist) -> list[str]:
    """Who stands in the list, from top to bottom."""
    return [cells(worklist, row)[WorklistColumn.NAME] for row in range(worklist.rowCount())]


def told(worklist: Worklist, row: int) -> tuple[str, str]:
    """The result of a line, and what it rests on."""
    index = worklist.index(row, WorklistColumn.RESULT)
    return index.data(), index.data(DETAIL_ROLE)
