"""Which key does what in the viewer."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from desktop.viewer.tools import Tool

if TYPE_CHECKING:
    from desktop.viewer.viewer import Viewer

KEY_ZOOM = 1.25
_TEN = 10

_STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
_TOOLS = {tool.value: tool for tool in Tool}


def press_key(viewer: Viewer, event: QKeyEvent) -> bool:
    """Do what the key stands for; False where it means nothing here."""
    keyboard = Qt.KeyboardModifier
    held = event.modifiers() & ~keyboard.KeypadModifier
    key, text = event.key(), event.text().upper()
    if held == keyboard.ControlModifier and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
        viewer.fit()
    elif held & keyboard.ControlModifier and key in (Qt.Key.Key_Z, Qt.Key.Key_Y):
        again = key == Qt.Key.Key_Y or bool(held & keyboard.ShiftModifier)
        measurements = viewer.display.measurements
        viewer.change(measurements.redo if again else measurements.undo)
    elif held & (keyboard.ControlModifier | keyboard.AltModifier | keyboard.MetaModifier):
        return False
    elif key in _STEPS:
        many = _TEN if held & keyboard.ShiftModifier else 1
        viewer.step_requested.emit(_STEPS[Qt.Key(key)] * many)
    elif text and text in "0123456789":
        viewer.apply_digit(text)
    elif text in _TOOLS and not held:
        viewer.set_tool(_TOOLS[text])
    else:
        return _press_other(viewer, key)
    return True


def _press_other(viewer: Viewer, key: int) -> bool:
    actions: dict[Qt.Key, Callable[[], object]] = {
        Qt.Key.Key_Home: viewer.home_requested.emit,
        Qt.Key.Key_End: viewer.end_requested.emit,
        Qt.Key.Key_I: viewer.cycle_overlay,
        Qt.Key.Key_X: viewer.toggle_heat_map,
        Qt.Key.Key_Escape: viewer.escape,
        Qt.Key.Key_Plus: lambda: viewer.zoom(KEY_ZOOM),
        Qt.Key.Key_Equal: lambda: viewer.zoom(KEY_ZOOM),
        Qt.Key.Key_Minus: lambda: viewer.zoom(1 / KEY_ZOOM),
        Qt.Key.Key_Delete: lambda: viewer.change(viewer.display.measurements.remove_last),
        Qt.Key.Key_Backspace: lambda: viewer.change(viewer.display.measurements.remove_last),
    }
    action = next((actions[known] for known in actions if known == key), None)
    if action is None:
        return False
    action()
    return True
