"""Rows of the images table, built by hand: what waits, results, and what is seen of them."""

from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from desktop.tables.images_order import ImagesOrder
from desktop.tables.images_table import ImagesTable
from desktop.tables.row import Column
from imaging.errors import Code, Problem, Status
from imaging.image import ImageHeader, Unit
from model.image_result import ImageResult
from model.series_result import PendingImage

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)


def image_result(
    name: str, probability: float | None = None, *codes: Code, frame: int = 0, frames: int = 1
) -> ImageResult:
    """One with a small thumbnail; without codes it is assessed."""
    problems = tuple(Problem(code) for code in codes)
    status = problems[0].status if problems else Status.OK
    thumbnail = np.full((4, 6), 200, dtype=np.uint8)
    return ImageResult(
        Path("/images") / name,
        frame,
        frames,
        status,
        problems,
        NOON,
        header=ImageHeader(Unit.GREY, 4, 6, frame, frames, "PNG"),
        thumbnail=thumbnail,
        logit=probability,
        probability=probability,
    )


def waiting(name: str, frame: int = 0, frames: int = 1) -> PendingImage:
    """The same image before it has a result."""
    header = ImageHeader(Unit.GREY, 4, 6, frame, frames, "PNG")
    return PendingImage(Path("/images") / name, frame, header)


def text(model: ImagesTable | ImagesOrder, row: int, column: Column) -> str:
    """What stands in a cell."""
    return str(model.index(row, column).data())


def names(order: ImagesOrder) -> list[str]:
    """What images are shown, from top to bottom."""
    return [text(order, row, Column.NAME) for row in range(order.rowCount())]


def filled(table: ImagesTable, *results: ImageResult) -> ImagesOrder:
    """Fill a table with images and then with their results."""
    order = ImagesOrder(table)
    table.add_images([waiting(found.path.name, found.frame, found.frames) for found in results])
    table.add_results(enumerate(results))
    return order


SUSPICIONS = [
    image_result("a.png", 0.2),
    image_result("b.png", 0.9),
    image_result("c.png", None, Code.DAMAGED),
    image_result("d10.png", 0.5, Code.LOSSY),
    image_result("d9.png", 0.5),
]
