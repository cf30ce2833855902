import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from desktop.viewer.menu import build_menu
from desktop.viewer.overlay import Overlay
from desktop.viewer.tools import Tool
from desktop.viewer.viewer import Viewer
from imaging.image import Window
from tests.make.viewing import Modifier, ct, grey

Key = Qt.Key


@pytest.mark.parametrize(
    ("digit", "window"),
    [
        ("0", Window(1040, -480)),
        ("3", Window(200, 80)),
        ("4", Window(40, 40)),
        ("5", Window(2800, 600)),
        ("6", Window(375, 40)),
        ("7", Window(120, 40)),
    ],
)
def test_digits_are_windows(viewer: Viewer, digit: str, window: Window) -> None:
    QTest.keyClicks(viewer, digit)
    assert viewer.display.window == window


def test_one_is_the_files_own_window(viewer: Viewer) -> None:
    viewer.show_image(ct(own=Window(85, 35)), "1/2", "other")
    QTest.keyClicks(viewer, "51")
    assert viewer.display.window == Window(85, 35)


def test_users_windows_on_eight_and_nine(viewer: Viewer) -> None:
    viewer.set_own_windows({"8": Window(100, 60)})
    assert viewer.apply_digit("8")
    assert viewer.display.window == Window(100, 60)
    assert not viewer.apply_digit("9")
    assert "No window on key 9" in viewer.accessibleDescription()
    QTest.keyClicks(viewer, "28")
    assert "W 100 L 60 (My window)" in viewer.accessibleDescription()


def test_the_menu_keeps_the_window_on_screen_on_a_key(viewer: Viewer) -> None:
    kept: list[tuple[str, Window]] = []
    viewer.window_kept.connect(lambda key, window: kept.append((key, window)))
    viewer.set_window(Window(150, 55))
    [keeping] = [each for each in build_menu(viewer).findChildren(QMenu) if "Keep" in each.title()]
    keeping.actions()[1].trigger()
    assert kept == [("9", Window(150, 55))]


@pytest.mark.parametrize("digit", "23456789")
def test_hounsfield_windows_leave_a_grey_picture_and_say_so(viewer: Viewer, digit: str) -> None:
    viewer.show_image(grey(), "1/1", "pictures")
    QTest.keyClicks(viewer, digit)
    assert viewer.display.window == Window(255, 127.5)
    assert "windows in HU do not apply" in viewer.accessibleDescription()


def test_full_range_of_a_grey_picture(viewer: Viewer) -> None:
    viewer.show_image(grey(100), "1/1", "pictures")
    assert viewer.apply_digit("0")
    assert viewer.display.window == Window(1, 100)
    assert "do not apply" not in viewer.accessibleDescription()


@pytest.mark.parametrize(
    ("key", "modifier", "steps"),
    [
        (Key.Key_Up, Modifier.NoModifier, [-1]),
        (Key.Key_Down, Modifier.NoModifier, [1]),
        (Key.Key_Up, Modifier.ShiftModifier, [-10]),
        (Key.Key_Down, Modifier.ShiftModifier, [10]),
    ],
)
def test_arrows_step(viewer: Viewer, key: Qt.Key, modifier: Modifier, steps: list[int]) -> None:
    got: list[int] = []
    viewer.step_requested.connect(got.append)
    QTest.keyClick(viewer, key, modifier)
    assert got == steps


def test_home_and_end(viewer: Viewer, qtbot: QtBot) -> None:
    with qtbot.waitSignals([viewer.home_requested, viewer.end_requested]):
        QTest.keyClick(viewer, Key.Key_Home)
        QTest.keyClick(viewer, Key.Key_End)


@pytest.mark.parametrize("tool", list(Tool))
def test_letters_choose_the_tool(viewer: Viewer, tool: Tool) -> None:
    QTest.keyClicks(viewer, tool.value.lower())
    assert viewer.tool is tool


def test_i_cycles_the_overlay(viewer: Viewer) -> None:
    seen = []
    for _ in range(3):
        QTest.keyClick(viewer, Key.Key_I)
        seen.append(viewer.display.overlay)
    assert seen == [Overlay.MINIMAL, Overlay.NONE, Overlay.ALL]


def test_plus_and_minus_zoom_ctrl_enter_fits(viewer: Viewer) -> None:
    QTest.keyClick(viewer, Key.Key_Plus)
    assert viewer.display.placement.zoom == pytest.approx(3.75)
    QTest.keyClick(viewer, Key.Key_Minus)
    QTest.keyClick(viewer, Key.Key_Minus)
    assert viewer.display.placement.zoom == pytest.approx(2.4)
    viewer.set_window(Window(200, 80))
    QTest.keyClick(viewer, Key.Key_Return, Modifier.ControlModifier)
    assert viewer.display.placement.zoom == 3.0
    assert viewer.display.window == Window(200, 80)


def test_escape_resets(viewer: Viewer) -> None:
    viewer.set_window(Window(200, 80))
    viewer.zoom(2)
    viewer.set_inverted(True)
    QTest.keyClick(viewer, Key.Key_Escape)
    assert viewer.display.window == Window(80, 40)
    assert viewer.display.placement.zoom == 3.0
    assert not viewer.display.inverted


@pytest.mark.parametrize(
    ("key", "modifier"),
    [
        (Key.Key_N, Modifier.NoModifier),
        (Key.Key_PageDown, Modifier.NoModifier),
        (Key.Key_E, Modifier.ControlModifier),
        (Key.Key_2, Modifier.AltModifier),
    ],
)
def test_other_keys_go_on_to_the_window(viewer: Viewer, key: Qt.Key, modifier: Modifier) -> None:
    event = QKeyEvent(QEvent.Type.KeyPress, key, modifier)
    event.setAccepted(True)
    viewer.keyPressEvent(event)
    assert not event.isAccepted()
    assert viewer.tool is Tool.WINDOW


def test_nothing_on_screen_survives_every_key(qtbot: QtBot) -> None:
    empty = Viewer()
    qtbot.addWidget(empty)
    empty.show()
    QTest.keyClicks(empty, "0123456789wtzsdaeixIX+-")
    QTest.keyClick(empty, Key.Key_Escape)
    empty.grab()
    assert empty.accessibleDescription() == "No scan"


def entries(menu: QMenu) -> dict[str, QAction]:
    return {action.text().split("\t")[0]: action for action in menu.actions()}


def test_menu_windows(viewer: Viewer) -> None:
    entries(build_menu(viewer))["Bone (2800/600)"].trigger()
    assert viewer.display.window == Window(2800, 600)


def test_menu_offers_no_hounsfield_for_grey(viewer: Viewer) -> None:
    viewer.show_image(grey(), "1/1", "pictures")
    menu = entries(build_menu(viewer))
    assert not menu["Brain (80/40)"].isEnabled()
    assert menu["Full range"].isEnabled()


def test_menu_checks_say_what_is_on(viewer: Viewer) -> None:
    menu = entries(build_menu(viewer))
    assert not menu["Invert grey"].isChecked()
    menu["Invert grey"].trigger()
    menu["Heat map"].trigger()
    assert viewer.display.inverted
    assert viewer.display.heat_shown
    again = entries(build_menu(viewer))
    assert again["Invert grey"].isChecked()
    assert again["Heat map"].isChecked()


def test_network_view_needs_a_recipe(viewer: Viewer) -> None:
    assert not entries(build_menu(viewer))["As the network saw it"].isEnabled()
