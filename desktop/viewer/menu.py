"""The viewer's right-click menu: windows, fit, reset, invert, heat map, the network's view."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu

from desktop.settings import OWN_KEYS
from desktop.viewer.overlay import window_name
from desktop.viewer.tools import Tool, tool_name
from imaging.image import Unit

if TYPE_CHECKING:
    from desktop.viewer.viewer import Viewer

translate = QCoreApplication.translate


def build_menu(viewer: Viewer) -> QMenu:
    """The menu for what is shown now; it deletes itself when closed."""
    menu = QMenu(viewer)
    menu.aboutToHide.connect(menu.deleteLater)
    _add_windows(menu, viewer)
    menu.addSeparator()
    _add(menu, translate("Viewer", "Fit to view"), "Ctrl+Enter", viewer.fit)
    _add(menu, translate("Viewer", "Reset"), "Esc", viewer.reset)
    _add_check(
        menu, translate("Viewer", "Invert grey"), "", viewer.display.inverted, viewer.set_inverted
    )
    menu.addSeparator()
    heat_map = translate("Viewer", "Heat map")
    _add_check(menu, heat_map, "X", viewer.display.heat_shown, viewer.set_heat_map_shown)
    network = translate("Viewer", "As the network saw it")
    shown = viewer.display.network_shown
    _add_check(
        menu, network, "", shown, viewer.set_network_view_shown, viewer.display.network is not None
    )
    menu.addSeparator()
    _add_tools(menu.addMenu(translate("Viewer", "Left button")), viewer)
    measurements = viewer.display.measurements
    _add(menu, translate("Viewer", "Undo"), "Ctrl+Z", lambda: viewer.change(measurements.undo))
    _add(menu, translate("Viewer", "Redo"), "Ctrl+Y", lambda: viewer.change(measurements.redo))
    removing = translate("Viewer", "Remove measurements")
    _add(menu, removing, "", viewer.remove_measurements)
    return menu


def _add_windows(menu: QMenu, viewer: Viewer) -> None:
    _add(menu, translate("Viewer", "Full range"), "0", lambda: viewer.apply_digit("0"))
    _add(menu, translate("Viewer", "The file's own window"), "1", lambda: viewer.apply_digit("1"))
    image = viewer.display.image
    for named in viewer.display.windows:
        text = f"{window_name(named.name)} ({named.window.width:g}/{named.window.level:g})"
        action = menu.addAction(f"{_plain(text)}\t{named.key}")
        action.setEnabled(image is not None and image.header.unit is Unit.HOUNSFIELD)
        action.triggered.connect(lambda _=False, key=named.key: viewer.apply_digit(key))
    if image is not None and image.header.unit is Unit.HOUNSFIELD:
        keeping = menu.addMenu(translate("Viewer", "Keep this window on key"))
        window = viewer.display.window
        for key in OWN_KEYS:
            _add(keeping, key, "", partial(viewer.window_kept.emit, key, window))


def _add_tools(menu: QMenu, viewer: Viewer) -> None:
    group = QActionGroup(menu)
    for tool in Tool:
        action = menu.addAction(f"{_plain(tool_name(tool))}\t{tool.value}")
        action.setCheckable(True)
        action.setChecked(viewer.tool is tool)
        action.triggered.connect(lambda _=False, tool=tool: viewer.set_tool(tool))
        group.addAction(action)


def _add(menu: QMenu, text: str, keys: str, do: Callable[[], object]) -> None:
    menu.addAction(_labelled(text, keys)).triggered.connect(lambda: do())


def _add_check(
    menu: QMenu, text: str, keys: str, on: bool, do: Callable[[bool], None], enabled: bool = True
) -> None:
    action = menu.addAction(_labelled(text, keys))
    action.setCheckable(True)
    action.setChecked(on)
    action.setEnabled(enabled)
    action.toggled.connect(do)


def _labelled(text: str, keys: str) -> str:
    return f"{_plain(text)}\t{keys}" if keys else _plain(text)


def _plain(text: str) -> str:
    """Without the meaning that Qt's menus give to the ampersand."""
    return text.replace("&", "&&")
