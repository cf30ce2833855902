from pathlib import Path

import pytest


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where a DICOM file is written."""
    return tmp_path / "image.jpg"  # the suffix says nothing
