"""A screenshot ends by itself, whatever became of what was to be opened, and leaves nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from desktop import screenshot
from desktop.app import Program
from desktop.engine.scoring import Scored
from desktop.screenshot import Screenshot, passing_settings
from tests.make.program import PATIENCE, boxes

ImageFolder = Callable[..., Path]
PNG = b"\x89PNG"


def test_settings_for_a_screenshot_leave_nothing_behind() -> None:
    with passing_settings("dark", "zh_CN") as settings:
        settings.add_recent(Path("/images/MUSTERMANN"))
        folder = Path(settings._store.fileName()).parent
        assert (settings.theme, settings.language, settings.recent) == ("dark", "zh_CN", [])
        assert folder.is_dir()
    del settings
    assert not folder.exists()


@pytest.fixture
def codes(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The exit codes with which the program was to end; nothing is waited for."""
    ended: list[int] = []

    class _Application:
        exit = staticmethod(ended.append)

    monkeypatch.setattr(screenshot, "QApplication", _Application)
    monkeypatch.setattr(screenshot, "SETTLE", 1)
    return ended


def taken(qtbot: QtBot, program: Program, codes: list[int], target: Path, *paths: Path) -> int:
    """The exit code of a screenshot of what is opened."""
    Screenshot(program, target, with_heat_map=False)
    program.show()
    if paths:
        program.open(paths, remember=False)
    else:
        program.opening.open_samples()
    qtbot.waitUntil(lambda: bool(codes), timeout=PATIENCE)
    for box in boxes():
        box.close()
    return codes[0]


def test_it_is_of_the_most_suspicious_image_and_a_png_whatever_its_name(
    qtbot: QtBot,
    program: Program,
    image_folder: ImageFolder,
    codes: list[int],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    folder = image_folder(a=60, b=220)
    (folder / "c.dcm").write_bytes(b"")
    assert taken(qtbot, program, codes, tmp_path / "window.jpg", folder) == 0
    assert (tmp_path / "window.jpg").read_bytes().startswith(PNG)
    assert program.selection.row is not None
    assert program.selection.row.path.name == "b.png"
    assert capsys.readouterr().out == "3 found, 3 rows, image saved\n"


def test_one_that_cannot_be_saved_is_told_by_the_exit_code(
    qtbot: QtBot, program: Program, image_folder: ImageFolder, codes: list[int], tmp_path: Path
) -> None:
    assert taken(qtbot, program, codes, tmp_path / "no" / "w.png", image_folder(a=60)) == 1


def test_a_run_that_breaks_off_ends_it(
    qtbot: QtBot,
    program: Program,
    image_folder: ImageFolder,
    codes: list[int],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(*_: object) -> Iterator[Scored]:
        raise LookupError
        yield

    monkeypatch.setattr("desktop.state.workspace.score_images", broken)
    target = tmp_path / "window.png"
    assert taken(qtbot, program, codes, target, image_folder(a=60)) == 1
    assert target.read_bytes().startswith(PNG)


def test_samples_that_cannot_be_written_end_it(
    qtbot: QtBot,
    program: Program,
    codes: list[int],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def full(_base: Path) -> Path:
        raise OSError("No space left on device")

    monkeypatch.setattr("desktop.window.opening.sample_folder", full)
    assert taken(qtbot, program, codes, tmp_path / "window.png") == 1
