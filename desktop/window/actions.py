"""The table of actions: menus, toolbar, keys and help are made from it, and from nothing else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QApplication

from desktop.engine.readings import Label
from desktop.resources import app_version
from desktop.settings import OWN_KEYS, Settings, Theme
from desktop.state.planes import Planes
from desktop.state.second import Second
from desktop.state.selection import Selection
from desktop.state.workspace import State, Workspace
from desktop.tables import words
from desktop.tables.images_table import KEY_IMAGE
from desktop.viewer.cine import Cine
from desktop.viewer.display import Display
from desktop.viewer.measurements import Measurements
from desktop.viewer.options import ViewerOptions
from desktop.viewer.overlay import window_name
from desktop.viewer.tools import Tool, tool_button, tool_name
from desktop.window.action import Action, Actions, Menu
from desktop.window.appearance import Appearance
from desktop.window.dialogs import about_dialog, keys_dialog
from desktop.window.exporting import Exporting
from desktop.window.group_dialog import GroupDialog
from desktop.window.key_images import KeyImages
from desktop.window.main_window import MainWindow
from desktop.window.opening import Opening
from imaging.image import Unit
from imaging.volume import Blend
from imaging.window import NAMED_WINDOWS, NamedWindow
from model.series_decision import Rank

translate = QCoreApplication.translate

THRESHOLD_STEP = 0.01
KEY_ZOOM = 1.25
TEN = 10
FURTHEST = 1 << 30
"""So many slices or planes on is the end."""


@dataclass(frozen=True)
class Desk:
    """What actions work on."""

    settings: Settings
    workspace: Workspace
    selection: Selection
    planes: Planes
    second: Second
    options: ViewerOptions
    actions: Actions
    window: MainWindow
    opening: Opening
    exporting: Exporting
    key_images: KeyImages
    appearance: Appearance
    cine: Cine

    @property
    def display(self) -> Display:
        """Of the view that keys go to."""
        return self.window.centre.front.display

    @property
    def measurements(self) -> Measurements:
        """Those of the image that keys go to."""
        return self.display.content.measurements


# What takes more than a call


def _move_threshold(desk: Desk, step: float) -> None:
    if desk.workspace.table.card is not None:
        desk.workspace.set_threshold(desk.workspace.table.threshold + step)


def _default_threshold(desk: Desk) -> None:
    card = desk.workspace.table.card
    if card is not None:
        desk.workspace.set_threshold(card.threshold)


def _step_flagged(desk: Desk, count: int) -> None:
    """To a flagged image; in the worklist to a flagged series that has not been read."""
    if desk.window.images_in_front:
        if not desk.selection.step_flagged_image(count):
            none = translate("Actions", "No other flagged image here")
            desk.window.tell(_none_left(none, _pending_images(desk), desk.workspace.order.hidden))
    elif not desk.selection.step_worklist(count):
        _tell_no_series(desk, translate("Actions", "No other flagged, unread series here"))


def _step_flagged_series(desk: Desk, count: int) -> None:
    if not desk.selection.step_flagged(count):
        none = translate("Actions", "No other flagged series here")
        _tell_no_series(desk, none, read_too=True)


def _step_unread(desk: Desk, count: int) -> None:
    if not desk.selection.step_unread(count):
        none = translate("Actions", "No other unread series here")
        desk.window.tell(_none_left(none, 0, desk.workspace.worklist.hidden))


def _tell_no_series(desk: Desk, none: str, read_too: bool = False) -> None:
    """That no series is left, and how many have no result yet: any of them may be flagged.

    ``read_too``: whether the step goes to series that the reader has read.
    """
    series, readings = desk.workspace.series, desk.workspace.readings
    within = [number for number in range(len(series)) if read_too or not readings.is_read(number)]
    pending = sum(series.rank(number) is Rank.PENDING for number in within)
    desk.window.tell(_none_left(none, pending, desk.workspace.worklist.hidden))


def _pending_images(desk: Desk) -> int:
    """How many images have no result yet, or none that may be shown."""
    rows = desk.workspace.table.rows
    return sum(row.result is None or row.is_blinded for row in rows)


def _none_left(none: str, pending: int, hidden: int) -> str:
    """What a key says that leads nowhere: what it did not find, and where that may still be."""
    told = [none]
    if pending:
        told.append(translate("Actions", "{0} without a result so far").format(pending))
    if hidden:
        told.append(translate("Actions", "hidden by the filter: {0}").format(hidden))
    return " · ".join(told)


def _flagged_name(desk: Desk, count: int) -> str:
    if desk.window.images_in_front:
        if count > 0:
            return translate("Actions", "Next flagged image")
        return translate("Actions", "Previous flagged image")
    if count > 0:
        return translate("Actions", "Next flagged, unread series")
    return translate("Actions", "Previous flagged, unread series")


def _to_end(desk: Desk, direction: int) -> None:
    desk.window.centre.step(direction * FURTHEST)


def _toggle_heat_map(desk: Desk) -> None:
    desk.options.heat_map_shown = not desk.options.heat_map_shown


def _toggle_model_input(desk: Desk) -> None:
    desk.options.model_input_shown = not desk.options.model_input_shown


def _toggle_identity(desk: Desk) -> None:
    desk.options.hide_identity = not desk.options.hide_identity


def _toggle_drag(desk: Desk) -> None:
    desk.options.down_is_brighter = not desk.options.down_is_brighter


def _cycle_overlay(desk: Desk) -> None:
    desk.options.overlay = desk.options.overlay.following()


def _keep_window(desk: Desk, key: str) -> None:
    desk.options.own_windows = {**desk.options.own_windows, key: desk.display.window}


def _shows_hounsfield(desk: Desk) -> bool:
    image = desk.display.image
    return image is not None and image.header.unit is Unit.HOUNSFIELD


def _toggle_full_screen(desk: Desk) -> None:
    desk.window.set_full_screen(not desk.window.isFullScreen())


def _focus_viewer(desk: Desk) -> None:
    desk.window.centre.front.setFocus()


# A reader who looks at a prior or a plane must not mark or read another image by a key.


def _can_read(desk: Desk) -> bool:
    return desk.window.centre.front_is_selected and desk.window.front_reading.can_read


def _can_read_series(desk: Desk) -> bool:
    return desk.window.centre.front_is_selected and desk.window.series_reading.can_read


def _can_mark_image(desk: Desk) -> bool:
    return desk.window.centre.front_is_selected and desk.window.reading.can_read


def _escape(desk: Desk) -> None:
    """Leave the innermost of what the reader is in; at the very last, reset the view."""
    if QApplication.focusWidget() not in desk.window.centre.views:
        _focus_viewer(desk)
    elif desk.measurements.cancel():
        pass
    elif desk.cine.is_playing:
        desk.cine.play(False)
    elif desk.window.centre.in_planes:
        desk.window.centre.show_planes(False)
    elif desk.window.centre.side_by_side:
        desk.window.centre.show_pair(False)
    elif desk.window.image_only:
        desk.window.show_only_image(False)
    elif desk.window.isFullScreen():
        desk.window.set_full_screen(False)
    else:
        desk.display.reset()


# The table


_FILE: tuple[Action[Desk], ...] = (
    Action(
        "open_folder",
        lambda: translate("Actions", "Open folder…"),
        Menu.FILE,
        lambda desk: desk.opening.ask_folder(),
        ("Ctrl+O",),
    ),
    Action(
        "open_files",
        lambda: translate("Actions", "Open files…"),
        Menu.FILE,
        lambda desk: desk.opening.ask_files(),
        ("Ctrl+Shift+O",),
    ),
    Action(
        "open_samples",
        lambda: translate("Actions", "Open sample images"),
        Menu.FILE,
        lambda desk: desk.opening.open_samples(),
    ),
    Action(
        "clear_recent",
        lambda: translate("Actions", "Clear this list"),
        Menu.RECENT,
        lambda desk: desk.opening.clear_recent(),
        separated=True,
    ),
    Action(
        "keep_recent",
        lambda: translate("Actions", "Remember opened folders"),
        Menu.RECENT,
        lambda desk: desk.opening.keep_recent(not desk.settings.keep_recent),
        is_on=lambda desk: desk.settings.keep_recent,
    ),
    Action(
        "open_model",
        lambda: translate("Actions", "Open model…"),
        Menu.FILE,
        lambda desk: desk.opening.ask_model(),
        separated=True,
    ),
    Action(
        "built_in_model",
        lambda: translate("Actions", "Use the built-in model"),
        Menu.FILE,
        lambda desk: desk.workspace.open_model(None),
    ),
    Action(
        "group_by_name",
        lambda: translate("Actions", "Group images by file name…"),
        Menu.FILE,
        lambda desk: GroupDialog(desk.workspace, desk.window).open(),
        can=lambda desk: desk.workspace.has_unidentified_images,
        separated=True,
    ),
    Action(
        "export",
        lambda: translate("Actions", "Export…"),
        Menu.FILE,
        lambda desk: desk.exporting.ask(),
        ("Ctrl+E",),
        separated=True,
    ),
    Action(
        "stop",
        lambda: translate("Actions", "Stop scoring"),
        Menu.FILE,
        lambda desk: desk.workspace.stop(),
        can=lambda desk: desk.workspace.state in (State.LISTING, State.SCORING),
    ),
    Action(
        "quit",
        lambda: translate("Actions", "Quit"),
        Menu.FILE,
        lambda desk: desk.window.close(),
        ("Ctrl+Q",),
        separated=True,
    ),
)


def _theme(theme: Theme) -> Action[Desk]:
    def text() -> str:
        return {
            Theme.SYSTEM: translate("Actions", "System"),
            Theme.LIGHT: translate("Actions", "Light"),
            Theme.DARK: translate("Actions", "Dark"),
        }[theme]

    return Action(
        f"theme_{theme}",
        text,
        Menu.THEME,
        lambda desk: desk.appearance.set_theme(theme),
        is_on=lambda desk: desk.settings.theme is theme,
        separated=theme is Theme.SYSTEM,
    )


def _language(code: str, name: str) -> Action[Desk]:
    return Action(
        f"language_{code or 'system'}",
        lambda: name or translate("Actions", "System"),
        Menu.LANGUAGE,
        lambda desk: desk.appearance.set_language(code),
        is_on=lambda desk: desk.settings.language == code,
    )


_VIEW: tuple[Action[Desk], ...] = (
    Action(
        "heat_map",
        lambda: translate("Actions", "Heat map"),
        Menu.VIEW,
        _toggle_heat_map,
        ("X",),
        is_on=lambda desk: desk.options.heat_map_shown,
    ),
    Action(
        "model_input",
        lambda: translate("Actions", "Model input"),
        Menu.VIEW,
        _toggle_model_input,
        is_on=lambda desk: desk.options.model_input_shown,
    ),
    Action(
        "four_windows",
        lambda: translate("Actions", "Four windows side by side"),
        Menu.VIEW,
        lambda desk: desk.window.centre.compare(not desk.window.centre.comparing),
        ("F",),
        is_on=lambda desk: desk.window.centre.comparing,
        short=lambda: translate("Actions", "4 windows"),
        on_toolbar=True,
    ),
    Action(
        "planes",
        lambda: translate("Actions", "Coronal and sagittal planes"),
        Menu.VIEW,
        lambda desk: desk.window.centre.show_planes(not desk.window.centre.in_planes),
        ("P",),
        is_on=lambda desk: desk.window.centre.in_planes,
        short=lambda: translate("Actions", "Planes"),
        on_toolbar=True,
    ),
    Action(
        "slab_thicker",
        lambda: translate("Actions", "Planes: thicker slab"),
        Menu.VIEW,
        lambda desk: desk.planes.change_slab(1),
        ("B",),
        can=lambda desk: desk.window.centre.in_planes,
    ),
    Action(
        "slab_thinner",
        lambda: translate("Actions", "Planes: thinner slab"),
        Menu.VIEW,
        lambda desk: desk.planes.change_slab(-1),
        ("Shift+B",),
        can=lambda desk: desk.window.centre.in_planes,
    ),
    Action(
        "slab_maximum",
        lambda: translate("Actions", "Planes: slab as maximum, not mean"),
        Menu.VIEW,
        lambda desk: desk.planes.change_blend(),
        ("M",),
        is_on=lambda desk: desk.planes.slab.blend is Blend.MAXIMUM,
        can=lambda desk: desk.window.centre.in_planes,
    ),
    Action(
        "side_by_side",
        lambda: translate("Actions", "Two series side by side"),
        Menu.VIEW,
        lambda desk: desk.window.centre.show_pair(not desk.window.centre.side_by_side),
        ("V",),
        is_on=lambda desk: desk.window.centre.side_by_side,
        short=lambda: translate("Actions", "2 series"),
        on_toolbar=True,
    ),
    Action(
        "next_second",
        lambda: translate("Actions", "Side by side: next series of the patient"),
        Menu.VIEW,
        lambda desk: desk.second.choose_next(),
        ("Shift+V",),
        can=lambda desk: desk.window.centre.side_by_side,
    ),
    Action(
        "link_scrolling",
        lambda: translate("Actions", "Side by side: scroll both together"),
        Menu.VIEW,
        lambda desk: desk.second.change_link(),
        ("L",),
        is_on=lambda desk: desk.second.is_linked,
        can=lambda desk: desk.window.centre.side_by_side,
    ),
    Action(
        "overlay",
        lambda: translate("Actions", "Overlay text: all, minimal, none"),
        Menu.VIEW,
        _cycle_overlay,
        ("I",),
    ),
    Action(
        "hide_identity",
        lambda: translate("Actions", "Hide identity"),
        Menu.VIEW,
        _toggle_identity,
        is_on=lambda desk: desk.options.hide_identity,
        separated=True,
    ),
    *(_theme(theme) for theme in Theme),
    *(_language(code, name) for code, name in (("", ""), ("en", "English"), ("zh_CN", "简体中文"))),
    Action(
        "image_only",
        lambda: translate("Actions", "Image only"),
        Menu.VIEW,
        lambda desk: desk.window.show_only_image(not desk.window.image_only),
        is_on=lambda desk: desk.window.image_only,
        separated=True,
    ),
    Action(
        "full_screen",
        lambda: translate("Actions", "Full screen"),
        Menu.VIEW,
        _toggle_full_screen,
        ("F11",),
        is_on=lambda desk: desk.window.isFullScreen(),
    ),
)


def _window(key: str, text: Callable[[], str]) -> Action[Desk]:
    return Action(
        f"window_{key}", text, Menu.WINDOW, lambda desk: desk.display.apply_digit(key), (key,)
    )


def _named_window(named: NamedWindow) -> Action[Desk]:
    size = f"{named.window.width:g}/{named.window.level:g}"
    return _window(named.key, lambda: f"{window_name(named.name)} {size}")


def _keep(key: str) -> Action[Desk]:
    return Action(
        f"keep_window_{key}",
        lambda: translate("Actions", "Save this window to key {0}").format(key),
        Menu.WINDOW,
        lambda desk: _keep_window(desk, key),
        can=_shows_hounsfield,
        separated=key == OWN_KEYS[0],
    )


def _own_window(key: str) -> Action[Desk]:
    return _window(key, lambda: translate("Actions", "Custom window on key {0}").format(key))


def _tool(tool: Tool) -> Action[Desk]:
    def choose(desk: Desk) -> None:
        desk.options.tool = tool

    return Action(
        f"tool_{tool.name.lower()}",
        lambda: tool_name(tool),
        Menu.TOOL,
        choose,
        (tool.value,),
        is_on=lambda desk: desk.options.tool is tool,
        short=lambda: tool_button(tool),
        separated=tool is Tool.DISTANCE,
        on_toolbar=True,
    )


_IMAGE: tuple[Action[Desk], ...] = (
    _window("0", lambda: translate("Actions", "Full range")),
    _window("1", lambda: translate("Actions", "Window from the file")),
    *(_named_window(named) for named in NAMED_WINDOWS),
    *(_own_window(key) for key in OWN_KEYS),
    *(_keep(key) for key in OWN_KEYS),
    *(_tool(tool) for tool in Tool),
    Action(
        "invert",
        lambda: translate("Actions", "Invert grey"),
        Menu.IMAGE,
        lambda desk: desk.display.invert(),
        is_on=lambda desk: desk.display.inverted,
    ),
    Action(
        "down_is_brighter",
        lambda: translate("Actions", "Drag down to brighten"),
        Menu.IMAGE,
        _toggle_drag,
        is_on=lambda desk: desk.options.down_is_brighter,
    ),
    Action(
        "zoom_in",
        lambda: translate("Actions", "Zoom in"),
        Menu.IMAGE,
        lambda desk: desk.display.zoom(KEY_ZOOM),
        ("+", "="),
        separated=True,
    ),
    Action(
        "zoom_out",
        lambda: translate("Actions", "Zoom out"),
        Menu.IMAGE,
        lambda desk: desk.display.zoom(1 / KEY_ZOOM),
        ("-",),
    ),
    Action(
        "fit",
        lambda: translate("Actions", "Fit to view"),
        Menu.IMAGE,
        lambda desk: desk.display.fit(),
        ("Ctrl+Return", "Ctrl+Enter"),
    ),
    Action(
        "escape",
        lambda: translate("Actions", "Exit this mode, or reset the view"),
        Menu.IMAGE,
        _escape,
        shared_keys=("Esc",),
    ),
    Action(
        "keys_to_viewer",
        lambda: translate("Actions", "Move the focus to the viewer"),
        Menu.IMAGE,
        _focus_viewer,
        shared_keys=("Return", "Enter"),
    ),
    Action(
        "undo",
        lambda: translate("Actions", "Undo measurement"),
        Menu.IMAGE,
        lambda desk: desk.measurements.undo(),
        ("Ctrl+Z",),
        can=lambda desk: desk.measurements.can_undo,
        separated=True,
    ),
    Action(
        "redo",
        lambda: translate("Actions", "Redo measurement"),
        Menu.IMAGE,
        lambda desk: desk.measurements.redo(),
        ("Ctrl+Y", "Ctrl+Shift+Z"),
        can=lambda desk: desk.measurements.can_redo,
    ),
    Action(
        "remove_last",
        lambda: translate("Actions", "Remove the last measurement"),
        Menu.IMAGE,
        lambda desk: desk.measurements.remove_last(),
        ("Del", "Backspace"),
    ),
    Action(
        "remove_all",
        lambda: translate("Actions", "Remove all measurements of this image"),
        Menu.IMAGE,
        lambda desk: desk.measurements.remove_all(),
    ),
)
_GO: tuple[Action[Desk], ...] = (
    Action(
        "previous_slice",
        lambda: translate("Actions", "Previous slice"),
        Menu.GO,
        lambda desk: desk.window.centre.step(-1),
        shared_keys=("Up",),
    ),
    Action(
        "next_slice",
        lambda: translate("Actions", "Next slice"),
        Menu.GO,
        lambda desk: desk.window.centre.step(1),
        shared_keys=("Down",),
    ),
    Action(
        "ten_back",
        lambda: translate("Actions", "Ten slices back"),
        Menu.GO,
        lambda desk: desk.window.centre.step(-TEN),
        shared_keys=("Shift+Up",),
    ),
    Action(
        "ten_on",
        lambda: translate("Actions", "Ten slices forward"),
        Menu.GO,
        lambda desk: desk.window.centre.step(TEN),
        shared_keys=("Shift+Down",),
    ),
    Action(
        "first_slice",
        lambda: translate("Actions", "First slice"),
        Menu.GO,
        lambda desk: _to_end(desk, -1),
        shared_keys=("Home",),
    ),
    Action(
        "last_slice",
        lambda: translate("Actions", "Last slice"),
        Menu.GO,
        lambda desk: _to_end(desk, 1),
        shared_keys=("End",),
    ),
    Action(
        "previous_series",
        lambda: translate("Actions", "Previous series"),
        Menu.GO,
        lambda desk: desk.selection.step_series(-1),
        ("PgUp",),
        shared_keys=("Left",),
        separated=True,
    ),
    Action(
        "next_series",
        lambda: translate("Actions", "Next series"),
        Menu.GO,
        lambda desk: desk.selection.step_series(1),
        ("PgDown",),
        shared_keys=("Right",),
    ),
    Action(
        "previous_flagged_series",
        lambda: translate("Actions", "Previous flagged series"),
        Menu.GO,
        lambda desk: _step_flagged_series(desk, -1),
        ("Ctrl+PgUp",),
    ),
    Action(
        "next_flagged_series",
        lambda: translate("Actions", "Next flagged series"),
        Menu.GO,
        lambda desk: _step_flagged_series(desk, 1),
        ("Ctrl+PgDown",),
    ),
    Action(
        "next_unread",
        lambda: translate("Actions", "Next unread series"),
        Menu.GO,
        lambda desk: _step_unread(desk, 1),
        ("U",),
    ),
    Action(
        "previous_unread",
        lambda: translate("Actions", "Previous unread series"),
        Menu.GO,
        lambda desk: _step_unread(desk, -1),
        ("Shift+U",),
    ),
    Action(
        "cine",
        lambda: translate("Actions", "Cine: play or stop"),
        Menu.GO,
        lambda desk: desk.cine.play(not desk.cine.is_playing),
        ("C",),
        is_on=lambda desk: desk.cine.is_playing,
        short=lambda: translate("Actions", "Cine"),
        on_toolbar=True,
    ),
    Action(
        "next_flagged",
        lambda: translate("Actions", "Next flagged image"),
        Menu.GO,
        lambda desk: _step_flagged(desk, 1),
        ("N",),
        named=lambda desk: _flagged_name(desk, 1),
        separated=True,
    ),
    Action(
        "previous_flagged",
        lambda: translate("Actions", "Previous flagged image"),
        Menu.GO,
        lambda desk: _step_flagged(desk, -1),
        ("Shift+N",),
        named=lambda desk: _flagged_name(desk, -1),
    ),
    Action(
        "search",
        lambda: translate("Actions", "Search"),
        Menu.GO,
        lambda desk: desk.window.focus_search(),
        ("Ctrl+F",),
        separated=True,
    ),
)
_THRESHOLD: tuple[Action[Desk], ...] = (
    Action(
        "threshold_down",
        lambda: translate("Actions", "Lower the threshold"),
        Menu.THRESHOLD,
        lambda desk: _move_threshold(desk, -THRESHOLD_STEP),
        ("[",),
    ),
    Action(
        "threshold_up",
        lambda: translate("Actions", "Raise the threshold"),
        Menu.THRESHOLD,
        lambda desk: _move_threshold(desk, THRESHOLD_STEP),
        ("]",),
    ),
    Action(
        "default_threshold",
        lambda: translate("Actions", "Default threshold"),
        Menu.THRESHOLD,
        _default_threshold,
        separated=True,
    ),
)


def _label_name(desk: Desk, label: Label) -> str:
    """The label with the name of the finding that the model was trained for."""
    card = desk.workspace.table.card
    finding = words.finding_name(card.class_name if card else "")
    return {
        Label.PRESENT: translate("Actions", "{0} present"),
        Label.ABSENT: translate("Actions", "{0} absent"),
        Label.UNSURE: translate("Actions", "Unsure"),
    }[label].format(finding)


def _label(label: Label, key: str) -> Action[Desk]:
    """Reads what the list in front is of: an image, or in the worklist a series."""

    def named(desk: Desk) -> str:
        name = _label_name(desk, label)
        return name if desk.window.images_in_front else _of_series(name)

    return Action(
        f"read_{label.value}",
        lambda: words.read_word(label),
        Menu.READING,
        lambda desk: desk.window.front_reading.choose(label),
        (key,),
        is_on=lambda desk: desk.window.front_reading.label is label,
        can=_can_read,
        named=named,
        short=lambda: words.read_word(label),
    )


def _of_series(name: str) -> str:
    return translate("Actions", "Series: {0}").format(name)


def _series_label(label: Label, key: str) -> Action[Desk]:
    """Reads the series, whichever list is in front; beside the worklist ``_label`` does as well."""
    return Action(
        f"read_series_{label.value}",
        lambda: words.read_word(label),
        Menu.READING,
        lambda desk: desk.window.series_reading.choose(label),
        (key,),
        is_on=lambda desk: desk.window.series_reading.label is label,
        can=_can_read_series,
        named=lambda desk: _of_series(_label_name(desk, label)),
        short=lambda: words.read_word(label),
        in_menu=lambda desk: desk.window.images_in_front,
    )


def _confidence(name: str, text: Callable[[], str], steps: int, key: str) -> Action[Desk]:
    return Action(
        name,
        text,
        Menu.READING,
        lambda desk: desk.window.series_reading.change_confidence(steps),
        (key,),
        can=_can_read_series,
    )


_READING: tuple[Action[Desk], ...] = (
    _series_label(Label.PRESENT, "Ctrl+Shift+1"),
    _series_label(Label.ABSENT, "Ctrl+Shift+2"),
    _series_label(Label.UNSURE, "Ctrl+Shift+3"),
    _label(Label.PRESENT, "Ctrl+1"),
    _label(Label.ABSENT, "Ctrl+2"),
    _label(Label.UNSURE, "Ctrl+3"),
    _confidence(
        "confidence_up", lambda: translate("Actions", "Raise confidence (series)"), 1, "Ctrl+]"
    ),
    _confidence(
        "confidence_down", lambda: translate("Actions", "Lower confidence (series)"), -1, "Ctrl+["
    ),
    Action(
        "comment",
        lambda: translate("Actions", "Write a comment"),
        Menu.READING,
        lambda desk: desk.window.front_reading.comment.setFocus(),
        ("Ctrl+M",),
        can=_can_read,
    ),
    Action(
        "mark_read",
        lambda: translate("Actions", "Mark or unmark series as read"),
        Menu.READING,
        lambda desk: desk.selection.mark_read(),
        ("R",),
        is_on=lambda desk: desk.selection.is_read,
        can=lambda desk: desk.window.centre.front_is_selected and desk.selection.series is not None,
        separated=True,
    ),
    Action(
        "key_image",
        lambda: translate("Actions", "Mark or unmark as key image"),
        Menu.READING,
        lambda desk: desk.window.reading.mark(not desk.window.reading.is_key),
        ("K",),
        is_on=lambda desk: desk.window.reading.is_key,
        can=_can_mark_image,
        short=lambda: KEY_IMAGE,
    ),
    Action(
        "next_key_image",
        lambda: translate("Actions", "Next key image of the series"),
        Menu.READING,
        lambda desk: desk.selection.step_key_image(1),
        ("Shift+K",),
        can=lambda desk: bool(desk.selection.key_images()),
    ),
    Action(
        "export_key_images",
        lambda: translate("Actions", "Export the key images of the series…"),
        Menu.READING,
        lambda desk: desk.key_images.export(),
        ("Ctrl+K",),
        can=lambda desk: bool(desk.selection.key_images()),
        short=lambda: translate("Actions", "Export…"),
    ),
    Action(
        "copy_image",
        lambda: translate("Actions", "Copy image with caption"),
        Menu.IMAGE,
        lambda desk: desk.key_images.copy(),
        ("Ctrl+C",),
        can=lambda desk: desk.window.centre.front_is_selected and desk.display.image is not None,
    ),
    Action(
        "read_before_ai",
        lambda: translate("Actions", "Read before AI (blinded)"),
        Menu.READING,
        lambda desk: desk.window.reading.set_read_before_ai(not desk.settings.read_before_ai),
        is_on=lambda desk: desk.settings.read_before_ai,
        separated=True,
    ),
    Action(
        "folders_are_series",
        lambda: translate("Actions", "Each folder of images is one series of one patient"),
        Menu.READING,
        lambda desk: desk.workspace.trust_folders(not desk.workspace.trusts_folders),
        can=lambda desk: desk.workspace.series.has_unidentified_folders,
        is_on=lambda desk: desk.workspace.trusts_folders,
    ),
)
_HELP: tuple[Action[Desk], ...] = (
    Action(
        "keys",
        lambda: translate("Actions", "Keys and mouse"),
        Menu.HELP,
        lambda desk: keys_dialog(desk.actions, desk.window).open(),
        ("F1", "?"),
    ),
    Action(
        "about",
        lambda: translate("Actions", "About Cranioscope"),
        Menu.HELP,
        lambda desk: about_dialog(desk.workspace, app_version(), desk.window).open(),
    ),
)
ACTIONS = (*_FILE, *_VIEW, *_IMAGE, *_GO, *_THRESHOLD, *_READING, *_HELP)
"""In the order in which the menus and the help show them."""
