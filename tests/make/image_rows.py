"""Rows of the images table, built by hand: what waits, results, and what is seen of them."""

from pathlib import Path

from desktop.tables.images_order import ImagesOrder
from desktop.tables.images_table import ImagesTable
from desktop.tables.row import Column
from imaging.errors import Code, Problem
from model.image_result import ImageResult
from model.listed_image import PendingImage
from tests.make.headers import png_header
from tests.make.results import result


def image_result(
    name: str, probability: float | None = None, *codes: Code, frame: int = 0, frames: int = 1
) -> ImageResult:
    """Of a PNG file; without codes it is assessed."""
    path, problems = Path("/images") / name, map(Problem, codes)
    return result(path, probability, *problems, frame=frame, frames=frames)


def waiting(name: str, frame: int = 0, frames: int = 1) -> PendingImage:
    """The same image before it has a result."""
    return PendingImage(Path("/images"), name, frame, png_header(frame, frames))


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
