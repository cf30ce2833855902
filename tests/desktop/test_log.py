from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.log import log, start, stop


@pytest.fixture
def written(tmp_path: Path) -> Iterator[Path]:
    start(tmp_path / "state")
    yield tmp_path / "state" / "cranioscope.log"
    stop()


def test_lines_are_written_with_time_and_level(written: Path) -> None:
    log.info("screened %d rows", 12)
    assert written.read_text("utf-8").endswith(" INFO screened 12 rows\n")


def test_an_exception_leaves_type_and_place_and_no_message(written: Path) -> None:
    try:
        try:
            raise OSError("cannot open /home/jane_doe_1951/image.dcm")
        except OSError as error:
            raise ValueError("Doe^Jane") from error
    except ValueError:
        log.exception("an image could not be shown")
    text = written.read_text("utf-8")
    assert "Doe" not in text
    assert "jane" not in text
    assert "ValueError\n    test_log.py:" in text
    assert "OSError\n    test_log.py:" in text


def test_what_ends_the_program_is_noted_and_shown(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    shown: list[object] = []
    monkeypatch.setattr(sys, "excepthook", lambda *told: shown.extend(told))
    start(tmp_path)
    error = RuntimeError("Doe^Jane")
    sys.excepthook(RuntimeError, error, None)
    stop()
    written = tmp_path / "cranioscope.log"
    assert "CRITICAL ended unexpectedly\nRuntimeError" in written.read_text("utf-8")
    assert "Doe" not in written.read_text("utf-8")
    assert shown == [RuntimeError, error, None]


def test_a_full_file_makes_room(written: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log.handlers[0], "maxBytes", 200)
    for _ in range(50):
        log.info("one line")
    files = sorted(path.name for path in written.parent.iterdir())
    assert files == ["cranioscope.log", "cranioscope.log.1"]
    assert all(path.stat().st_size <= 200 for path in written.parent.iterdir())


def test_without_a_folder_the_program_goes_on(tmp_path: Path) -> None:
    hook = sys.excepthook
    (tmp_path / "file").touch()
    start(tmp_path / "file" / "state")
    log.info("nobody hears this")
    stop()
    assert sys.excepthook is hook


def test_starting_twice_writes_each_line_once(written: Path) -> None:
    start(written.parent)
    log.info("once")
    assert written.read_text("utf-8").count("once") == 1
