from pathlib import Path

import pytest

from desktop.jobs.samples import sample_folder
from imaging.samples.samples import BROKEN, FOLDER_NAME


def test_samples_that_are_there_are_left_as_they_are(tmp_path: Path) -> None:
    there = tmp_path / FOLDER_NAME
    there.mkdir()
    (there / BROKEN).write_bytes(b"as it was")
    assert sample_folder(tmp_path) == there
    assert [each.read_bytes() for each in there.iterdir()] == [b"as it was"]


def test_where_there_is_no_room_nothing_is_left_and_the_reason_is_told(tmp_path: Path) -> None:
    (tmp_path / FOLDER_NAME).write_text("somebody's own file")
    with pytest.raises(OSError, match=FOLDER_NAME):
        sample_folder(tmp_path)
    assert [each.name for each in tmp_path.iterdir()] == [FOLDER_NAME]
