"""The window program starts, wherever the user's own files may or may not lie."""

from __future__ import annotations

import platformdirs
import pytest

from desktop.__main__ import _reader_labels, main
from desktop.engine.store import StoreCode
from desktop.resources import app_version


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
