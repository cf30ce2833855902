import pytest

from desktop.tables.images_table import ImagesTable
from tests.make.tiny_model import tiny_card


@pytest.fixture
def table() -> ImagesTable:
    """An empty table under the card of a tiny model."""
    table = ImagesTable()
    table.set_card(tiny_card())
    return table
