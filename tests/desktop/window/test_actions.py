import re
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView, QApplication, QDialog, QFileDialog, QLabel, QMenu
from pytestqt.qtbot import QtBot

from desktop.app import Program
from desktop.engine.readings import Label
from desktop.viewer.tools import Tool
from desktop.window.action import Menu
from desktop.window.actions import ACTIONS, Desk
from desktop.window.dialogs import keys_dialog
from imaging.image import Window
from tests.make.program import screened
from tests.make.viewing import ct

ImageFolder = Callable[..., Path]
KEYS = [(action.id, key) for action in ACTIONS for key in (*action.keys, *action.shared_keys)]
ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def reading(
    qtbot: QtBot, program: Program, image_folder: ImageFolder, monkeypatch: pytest.MonkeyPatch
) -> Program:
    """A program with two series of scored images, the viewer in focus, and dialogs that answer."""
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: "")
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: ([], ""))
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, **__: ("", ""))
    screened(qtbot, program, image_folder("one", a=220, b=60, c=200), image_folder("two", d=210))
    program.selection.select(0)
    qtbot.waitUntil(lambda: not program.selection.busy)
    program.window.activateWindow()
    program.window.viewer.setFocus()
    qtbot.waitUntil(program.window.viewer.hasFocus)
    return program


def press(program: Program, key: str) -> None:
    """Press a key where the focus is."""
    QTest.keySequence(QApplication.focusWidget() or program.window, QKeySequence(key))


def prepare(program: Program, name: str) -> None:
    """Leave something to undo on the image, or to redo."""
    display = program.window.centre.front.display
    measurements, placement = display.content.measurements, display.placement
    measurements.press(Tool.DISTANCE, (5.0, 5.0), placement)
    measurements.move((40.0, 40.0))
    measurements.release(placement)
    if name == "redo":
        measurements.undo()
    program.actions.show_now()


def test_every_key_of_the_table_works_from_the_viewer(reading: Program) -> None:
    pressed: list[str] = []
    for action in ACTIONS:
        reading.actions[action.id].triggered.connect(
            lambda _on=False, name=action.id: pressed.append(name)
        )
    silent = []
    for name, key in sorted(KEYS, key=lambda each: each[0] == "quit"):  # which comes last
        reading.window.centre.front.setFocus()
        prepare(reading, name)
        pressed.clear()
        press(reading, key)
        if pressed != [name]:
            silent.append((name, key, list(pressed)))
        for dialog in reading.window.findChildren(QDialog):
            dialog.close()
    assert silent == []


def test_no_key_has_two_actions() -> None:
    keys = [QKeySequence(key).toString() for _, key in KEYS]
    assert sorted(set(keys)) == sorted(keys)


def test_ids_are_unique() -> None:
    assert len({action.id for action in ACTIONS}) == len(ACTIONS)


@pytest.mark.parametrize("images_in_front", [False, True])
def test_in_a_list_the_keys_do_what_the_help_says(reading: Program, images_in_front: bool) -> None:
    dialog = keys_dialog(reading.actions, reading.window)
    texts = [label.text() for label in dialog.findChildren(QLabel)]
    said = dict(pairwise(texts[texts.index("In a list") + 1 :]))
    dialog.close()
    assert said["Home  End"] == "First or last line to be seen"
    reading.window.tabs.setCurrentIndex(int(images_in_front))
    view = reading.window._front_list.view
    view.setFocus()
    ends, way = [], QAbstractItemView.CursorAction
    for key, further in (("End", way.MoveDown), ("Home", way.MoveUp)):
        press(reading, key)
        here = view.currentIndex()
        beyond = view.moveCursor(further, Qt.KeyboardModifier.NoModifier)
        ends.append(here.isValid() and beyond == here)
    assert ends == [True, True]


def test_every_action_stands_in_its_menu(reading: Program) -> None:
    for action in ACTIONS:
        assert reading.actions[action.id] in reading.window.menus[action.menu].actions(), action.id


def test_the_reading_menu_shows_each_entry_once(reading: Program) -> None:
    window, menu = reading.window, reading.window.menus[Menu.READING]

    def entries() -> list[str]:
        reading.actions.show_now()
        menu.aboutToShow.emit()
        return [entry.text() for entry in menu.actions() if not entry.isSeparator()]

    window.tabs.setCurrentWidget(window.results)
    beside_images = entries()
    window.tabs.setCurrentWidget(window.worklist)
    beside_worklist = entries()
    assert len(set(beside_images)) == len(beside_images)
    assert beside_worklist == beside_images[:3] + beside_images[6:]
    for label in Label:
        press(reading, f"Ctrl+Shift+{list(Label).index(label) + 1}")
        assert window.series_reading.label is label
    window.tabs.setCurrentWidget(window.results)
    assert entries() == beside_images


def test_keys_are_handled_by_the_table_alone() -> None:
    handling = re.compile(
        r"keyPressEvent|keyReleaseEvent|QShortcut|setShortcut|Qt\.Key\.|Key_[A-Z]"
    )
    found = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "desktop").rglob("*.py")
        if handling.search(path.read_text(encoding="utf-8"))
    }
    # Both lists move their own line; the window gives the table of actions what nobody wanted.
    assert found == {
        "desktop/window/action.py",
        "desktop/window/images_view.py",
        "desktop/window/worklist_view.py",
        "desktop/window/main_window.py",
    }


def test_enter_and_escape_give_the_keys_back_to_the_viewer(reading: Program) -> None:
    window = reading.window
    places = {
        "search": window.results.search,
        "table": window.results.view,
        "threshold": window.threshold.number,
        "prevalence": window.threshold.evidence.prevalence,
        "comment": window.reading.comment,
        "opacity": window.heat.opacity,
        "label": window.reading.buttons[Label.PRESENT],
    }
    kept = []
    for name, widget in places.items():
        for key in ("Return", "Enter", "Esc"):
            widget.setFocus()
            press(reading, key)
            if not window.viewer.hasFocus():
                kept.append((name, key))
    assert kept == []


def test_escape_leaves_one_thing_at_a_time(reading: Program, qtbot: QtBot) -> None:
    window, display = reading.window, reading.window.viewer.display
    display.zoom(2.0)
    window.set_full_screen(True)
    reading.actions["image_only"].trigger()
    reading.cine.play(True)
    display.content.measurements.press(Tool.DISTANCE, (1.0, 1.0), display.placement)

    def state() -> tuple[bool, ...]:
        return (
            display.content.measurements.drawing,
            reading.cine.is_playing,
            window.image_only,
            window.isFullScreen(),
            not display.fitted,
        )

    seen = [state()]
    for _ in range(5):
        press(reading, "Esc")
        seen.append(state())
    assert seen == [tuple(place >= left for place in range(5)) for left in range(6)]


def test_letters_typed_into_a_field_are_no_keys(reading: Program) -> None:
    search = reading.window.results.search
    search.setFocus()
    QTest.keyClicks(search, "wx3k[")
    assert search.text() == "wx3k["
    assert not reading.options.heat_map_shown
    assert reading.workspace.table.threshold == 0.5


def test_a_table_moves_its_own_row_by_the_arrow_keys(reading: Program) -> None:
    view = reading.window.results.view
    view.setFocus()
    press(reading, "Home")
    first = view.currentIndex().row()
    press(reading, "Down")
    assert (first, view.currentIndex().row()) == (0, 1)


def test_check_marks_follow_what_is_on(reading: Program) -> None:
    reading.options.heat_map_shown = True
    reading.options.tool = Tool.PAN
    reading.options.hide_identity = True
    for name in ("heat_map", "tool_pan", "hide_identity"):
        assert reading.actions[name].isChecked(), name
    assert not reading.actions["tool_window"].isChecked()


def test_a_check_mark_cannot_be_clicked_away(reading: Program) -> None:
    reading.actions["tool_window"].trigger()
    assert reading.actions["tool_window"].isChecked()


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_the_right_click_menu_is_the_image_menu(reading: Program) -> None:
    menu: QMenu = reading.window.menus[Menu.IMAGE]
    reading.window.viewer.menu_requested.emit(reading.window.viewer.mapToGlobal(menu.pos()))
    assert menu.isVisible()
    menu.close()


def test_only_a_window_in_hounsfield_can_be_kept(reading: Program) -> None:
    assert not reading.actions["keep_window_9"].isEnabled()
    reading.window.centre.content.show(ct(), "1/1", "another series")
    reading.actions.refresh()
    reading.window.viewer.display.set_window(Window(150, 55))
    reading.actions["keep_window_9"].trigger()
    assert reading.settings.own_windows == {"9": Window(150, 55)}


def refreshes(program: Program, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """One for each time that all actions are shown anew."""
    counted: list[int] = []
    first, *rest = program.actions.table

    def can(_desk: Desk) -> bool:
        counted.append(1)
        return True

    monkeypatch.setattr(program.actions, "table", (replace(first, can=can), *rest))
    return counted


def test_a_notch_of_the_wheel_shows_the_actions_anew_once(
    qtbot: QtBot, reading: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = reading.selection._images._kept
    qtbot.waitUntil(lambda: len(kept) >= len(reading.selection.members()))
    qtbot.wait(5)
    counted = refreshes(reading, monkeypatch)
    before = reading.selection.image
    reading.window.viewer.step_requested.emit(1)
    assert reading.selection.image != before
    assert not counted
    qtbot.wait(5)
    assert counted == [1]


def test_an_action_that_is_asked_for_is_up_to_date(reading: Program) -> None:
    was_on = reading.actions["mark_read"].isChecked()
    reading.selection.mark_read()
    assert reading.actions["mark_read"].isChecked() != was_on


def test_an_action_does_nothing_where_it_cannot_be_done_whatever_its_button_shows(
    reading: Program,
) -> None:
    mark = reading.actions["mark_read"]
    assert mark.isEnabled()
    series = reading.selection.series
    assert series is not None
    reading.selection.select(None)
    mark.trigger()  # before the button is shown anew
    assert not reading.workspace.readings.is_read(series)
