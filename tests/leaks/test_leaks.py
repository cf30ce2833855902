"""What a session leaves of a patient; ``python -m tests.leaks`` prints where."""

import os
from pathlib import Path

import pytest

from tests.leaks.campaign import session

on_posix = pytest.mark.skipif(os.name != "posix", reason="the home folder is that of POSIX")


@on_posix
def test_a_session_with_hidden_identity_leaves_nothing_of_the_patient(tmp_path: Path) -> None:
    found = session(tmp_path, is_hidden=True)
    assert found.traces == ()
    assert found.files > 5


@on_posix
def test_the_search_finds_a_session_that_hides_nothing(tmp_path: Path) -> None:
    found = session(tmp_path, is_hidden=False)
    assert {"name in out/images.csv", "id in out/series.csv"} <= set(found.traces)
