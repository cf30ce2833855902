"""The program's own files lie where the system keeps such things, and where 0.1 kept them."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import platformdirs
import pytest
from PySide6.QtCore import QCoreApplication, QStandardPaths
from PySide6.QtWidgets import QApplication

from desktop.folders import NoHomeError, data_folder, log_folder


@pytest.fixture
def named(qapp: QApplication) -> Iterator[None]:
    before = QCoreApplication.organizationName(), QCoreApplication.applicationName()
    QCoreApplication.setOrganizationName("Cranioscope")
    QCoreApplication.setApplicationName("Cranioscope")
    yield
    QCoreApplication.setOrganizationName(before[0])
    QCoreApplication.setApplicationName(before[1])


@pytest.mark.usefixtures("named")
def test_readings_lie_where_version_0_1_kept_them() -> None:
    place = QStandardPaths.StandardLocation.AppLocalDataLocation
    assert data_folder() == Path(QStandardPaths.writableLocation(place))


@pytest.mark.skipif(sys.platform != "linux", reason="the place differs by system")
def test_the_log_lies_with_the_state_of_programs(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    assert log_folder() == tmp_path / "cranioscope" / "log"


def test_without_a_home_there_is_no_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platformdirs, "user_log_path", lambda *_, **__: Path("~/state"))
    with pytest.raises(NoHomeError):
        log_folder()


@pytest.mark.parametrize("name", ["user_data_path", "user_log_path"])
def test_a_home_that_nobody_knows_is_one_error(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    def unknown(*_: object, **__: object) -> Path:
        raise RuntimeError("could not determine the home directory")

    monkeypatch.setattr(platformdirs, name, unknown)
    with pytest.raises(NoHomeError, match="no home folder"):
        data_folder() if name == "user_data_path" else log_folder()
