"""What the left button does in a view."""

from __future__ import annotations

from enum import Enum

from PySide6.QtCore import QCoreApplication

translate = QCoreApplication.translate


class Tool(Enum):
    """What the left button does; the value is its key."""

    WINDOW = "W"
    PAN = "T"
    ZOOM = "Z"
    SCROLL = "S"
    DISTANCE = "D"
    ANGLE = "A"
    ELLIPSE = "E"

    @property
    def measures(self) -> bool:
        """Whether the tool leaves a measurement on the image."""
        return self in (Tool.DISTANCE, Tool.ANGLE, Tool.ELLIPSE)


def tool_name(tool: Tool) -> str:
    """The tool's name in the reader's language."""
    return {
        Tool.WINDOW: translate("Viewer", "Window"),
        Tool.PAN: translate("Viewer", "Pan"),
        Tool.ZOOM: translate("Viewer", "Zoom"),
        Tool.SCROLL: translate("Viewer", "Scroll"),
        Tool.DISTANCE: translate("Viewer", "Distance"),
        Tool.ANGLE: translate("Viewer", "Angle"),
        Tool.ELLIPSE: translate("Viewer", "Ellipse ROI"),
    }[tool]


def tool_button(tool: Tool) -> str:
    """The tool's name where there is little room."""
    return translate("Viewer", "Ellipse") if tool is Tool.ELLIPSE else tool_name(tool)


def tool_hint(tool: Tool) -> str:
    """What the view says while the tool is chosen; empty for the window, the usual one."""
    if tool is Tool.WINDOW:
        return ""
    if tool is Tool.ANGLE:
        return translate("Viewer", "Angle: drag one arm, click the other")
    return tool_name(tool)
