"""What the command that opens the window takes, and what it leaves as it was."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import get_args

import platformdirs
import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop.__main__ import _parser, _reader_labels, _run, main
from desktop.app import Program
from desktop.engine.store import StoreCode
from desktop.resources import app_version
from desktop.settings import Theme
from desktop.text.language import LANGUAGES
from model.device import Device

ROOT = Path(__file__).resolve().parents[2]


def test_its_top_level_is_light() -> None:
    """Every child process imports it once more."""
    look = "import sys, desktop.__main__; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", look], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert set(done.stdout.split()).isdisjoint(
        {"numpy", "onnxruntime", "pydicom", "PIL", "PySide6"}
    )


@pytest.mark.parametrize(
    ("option", "known"),
    [
        ("device", get_args(Device)),
        ("language", LANGUAGES),
        ("theme", sorted({*Theme} - {Theme.SYSTEM})),
    ],
)
def test_an_option_takes_what_the_program_knows(option: str, known: tuple[str, ...]) -> None:
    for value in known:
        assert getattr(_parser().parse_args([f"--{option}", value]), option) == value
    with pytest.raises(SystemExit) as ended:
        _parser().parse_args([f"--{option}", "other"])
    assert ended.value.code == 2


def test_how_it_looks_this_time_is_not_remembered(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    themes, tabs = [], []

    def closed_by_the_reader() -> int:
        QTest.qWait(1)
        tabs.append(program.window.tabs.tabText(1))
        return 7

    monkeypatch.setattr(QApplication, "exec", closed_by_the_reader)
    monkeypatch.setattr("desktop.window.theme.apply_theme", lambda _app, each: themes.append(each))
    before = program.settings.theme, program.settings.language
    chosen = _parser().parse_args(["--theme", "dark", "--language", "zh_CN", "--heat-map"])
    assert _run(program, chosen) == 7
    program.appearance.language.set_language("en")
    assert (themes, tabs) == ([Theme.DARK], ["图像"])
    assert program.options.heat_map_shown
    assert (program.settings.theme, program.settings.language) == before


def test_readings_are_kept_in_the_users_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(platformdirs, "user_data_path", lambda *_, **__: tmp_path / "new")
    readings = _reader_labels()
    readings.close()
    assert (readings.path, readings.fault) == (tmp_path / "new" / "reads.sqlite", None)


def test_without_a_home_readings_are_of_this_session_and_that_is_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise RuntimeError("could not determine the home directory")

    monkeypatch.setattr(platformdirs, "user_data_path", unknown)
    labels = _reader_labels()
    assert labels.path is None
    assert labels.fault is not None
    assert labels.fault.code is StoreCode.NOT_KEPT
    assert "no home folder" in str(labels.fault)


def test_the_window_program_says_its_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--version"])
    assert ended.value.code == 0
    assert capsys.readouterr().out == f"cranioscope {app_version()}\n"
