"""The way of one DICOM file to the screen, as docs/house.md tells it, is what a window does."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.app import Program
from desktop.settings import Settings
from imaging.samples.phantom import Head
from imaging.samples.samples import phantom_slice
from tests.make.in_this_process import InThisProcess
from tests.make.program import screened
from tests.make.walk import noting, steps


def test_a_file_goes_every_step_to_the_screen(
    qapp: QApplication, qtbot: QtBot, settings: Settings, model_folder: Path, tmp_path: Path
) -> None:
    image = tmp_path / "a.dcm"
    phantom_slice(Head(1), 6, 12).save_as(image, enforce_file_format=True)
    told = steps("4b. ")
    with noting(told) as went:
        program = Program(qapp, settings, shipped=model_folder, device="cpu", sandbox=InThisProcess)
        screened(qtbot, program, image)
    program.window.close()
    program.window.deleteLater()
    program.deleteLater()
    assert len(told) > 5
    assert set(told) - set(went) == set()
