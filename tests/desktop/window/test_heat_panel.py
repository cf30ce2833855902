from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from pytestqt.qtbot import QtBot

from desktop.app import Program
from tests.make.program import PATIENCE, screened

ImageFolder = Callable[..., Path]


def test_the_heat_map_is_off_at_the_start_and_its_opacity_waits_for_it(
    qtbot: QtBot, program: Program, image_folder: ImageFolder
) -> None:
    screened(qtbot, program, image_folder(bright=220))
    panel = program.window.heat
    assert not program.options.heat_map_shown
    assert not panel.shown.isChecked()
    assert not panel.opacity.isEnabled()
    with qtbot.waitSignal(program.selection.heat, timeout=PATIENCE):
        panel.shown.click()
    assert panel.opacity.isEnabled()


def test_without_a_model_there_is_no_heat_map_to_set(
    qtbot: QtBot, program: Program, image_folder: ImageFolder, model_folder: Path
) -> None:
    next(model_folder.iterdir()).unlink()
    program.options.heat_map_shown = True
    screened(qtbot, program, image_folder(bright=220))
    panel = program.window.heat
    assert not panel.opacity.isEnabled()
    assert not program.window.viewer.display.heat_map_visible


def test_the_opacity_is_that_of_the_slider_and_never_nothing(program: Program) -> None:
    slider = program.window.heat.opacity
    slider.setValue(70)
    seventy = program.options.heat_map_opacity
    slider.setValue(0)
    assert (seventy, program.options.heat_map_opacity) == (0.7, 0.1)


def test_a_heat_map_leaves_the_screen_with_its_image(
    qtbot: QtBot, program: Program, image_folder: ImageFolder
) -> None:
    screened(qtbot, program, image_folder(bright=220, dark=60))
    display = program.window.viewer.display
    with qtbot.waitSignal(program.selection.heat, timeout=PATIENCE):
        program.window.heat.shown.click()
    there = display.heat_map_visible
    program.selection.step(1)
    qtbot.waitUntil(lambda: program.selection.shown is not None, timeout=PATIENCE)
    between = display.heat_map_visible
    qtbot.waitUntil(lambda: display.heat_map_visible, timeout=PATIENCE)
    assert (there, between) == (True, False)
