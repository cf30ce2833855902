"""The overlay text: which lines stand in which corner of a view. Plain text, translated."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from PySide6.QtCore import QCoreApplication

from desktop.tables.words import age_and_sex, visible, when
from desktop.text.language import text_of
from desktop.viewer.options import Overlay
from desktop.viewer.orientation import slice_position
from desktop.viewer.placement import Point
from imaging.errors import Code
from imaging.image import MODALITIES, ImageHeader, Unit, Window

translate = QCoreApplication.translate

OWN = "Own"
"""What windows are called that the reader has put on a key."""


@dataclass(frozen=True)
class Shown:
    """What the overlay tells of."""

    header: ImageHeader
    place: str
    window: Window
    window_name: str
    inverted: bool
    zoom: float
    cursor: Point | None
    value: float | None
    """Under the cursor; None outside the image."""
    input_size: int | None
    """Set while the model input is shown in place of the image."""
    note: str
    tool: str
    """What the left button does, where that is not the window."""
    identity_hidden: bool


class Corners(NamedTuple):
    """Lines of plain text per corner."""

    top_left: tuple[str, ...] = ()
    top_right: tuple[str, ...] = ()
    bottom_left: tuple[str, ...] = ()
    bottom_right: tuple[str, ...] = ()


def corners(shown: Shown, overlay: Overlay) -> Corners:
    """The lines of each corner."""
    if overlay is Overlay.NONE:
        return Corners()
    if overlay is Overlay.MINIMAL:
        doubt = _not_hounsfield(shown.header)
        lines = (doubt, shown.tool, shown.place, _window(shown), _value(shown), shown.note)
        lossy = _filled(_lossy(shown.header))
        return Corners(_whose(shown), bottom_left=_filled(*lines), bottom_right=lossy)
    hidden = shown.identity_hidden
    return Corners(
        top_left=_whose(shown),
        top_right=_study(shown.header, hidden),
        bottom_left=_image(shown),
        bottom_right=_series(shown.header, hidden),
    )


def value_text(value: float, unit: Unit) -> str:
    """A pixel value with what it means: "34 HU" or "grey 34"."""
    if unit is Unit.HOUNSFIELD:
        return f"{round(value)} HU"
    return translate("Viewer", "grey {value}").format(value=round(value))


def window_name(name: str) -> str:
    """A named window in the reader's language."""
    known = {
        "Brain": translate("Viewer", "Brain"),
        "Subdural": translate("Viewer", "Subdural"),
        "Stroke": translate("Viewer", "Stroke"),
        "Bone": translate("Viewer", "Bone"),
        "Soft tissue": translate("Viewer", "Soft tissue"),
        "Posterior fossa": translate("Viewer", "Posterior fossa"),
        OWN: translate("Viewer", "My window"),
    }
    return known.get(name, name)


def _whose(shown: Shown) -> tuple[str, ...]:
    if shown.identity_hidden:
        return (translate("Viewer", "Identity hidden"),)
    who = shown.header.identity
    name = who.patient_name.replace("^", " ")
    return _filled(name, who.patient_id, age_and_sex(who.patient_age, who.patient_sex))


def _study(header: ImageHeader, hidden: bool) -> tuple[str, ...]:
    """Study, date and time; hidden, the modality alone, and that only where it is a known one."""
    who = header.identity
    if hidden:
        return (who.modality,) if who.modality in MODALITIES else ()
    study = when(who.study_date, who.study_time)
    return _filled(who.study_description, study, who.modality, _contrast(header))


def _contrast(header: ImageHeader) -> str:
    """Whether the header says that a contrast agent was given, and how it words that."""
    given = (problem for problem in header.warnings if problem.code is Code.CONTRAST)
    problem = next(given, None)
    return "" if problem is None else text_of(problem)


def _image(shown: Shown) -> tuple[str, ...]:
    position = slice_position(shown.header.geometry)
    where = "" if position is None else translate("Viewer", "Position {position} mm")
    return _filled(
        _not_hounsfield(shown.header),
        shown.note,
        shown.tool,
        shown.place,
        _window(shown),
        translate("Viewer", "Zoom {zoom} %").format(zoom=round(shown.zoom * 100)),
        _value(shown),
        where.format(position=f"{position:.1f}") if position is not None else "",
    )


def window_text(window: Window) -> str:
    """Width and level of a window."""
    width, level = round(window.width), round(window.level)
    return translate("Viewer", "W {width} L {level}").format(width=width, level=level)


def _window(shown: Shown) -> str:
    if shown.input_size is not None:
        return ""
    text = window_text(shown.window)
    if shown.window_name:
        text += f" ({shown.window_name})"
    if shown.inverted:
        text += " · " + translate("Viewer", "inverted")
    return text


def _value(shown: Shown) -> str:
    if shown.cursor is None or shown.value is None:
        return ""
    unit = shown.header.unit if shown.input_size is None else Unit.GREY
    x, y = int(shown.cursor[0]), int(shown.cursor[1])
    return f"x {x} y {y}: {value_text(shown.value, unit)}"


def _series(header: ImageHeader, hidden: bool) -> tuple[str, ...]:
    geometry = header.geometry
    thickness = translate("Viewer", "Thickness {millimetres} mm")
    tilt = translate("Viewer", "Gantry tilt {degrees}°")
    return _filled(
        _lossy(header),
        "" if hidden else header.identity.series_description,
        ""
        if geometry.thickness is None
        else thickness.format(millimetres=f"{geometry.thickness:g}"),
        "" if geometry.kvp is None else f"{geometry.kvp:g} kVp",
        tilt.format(degrees=f"{geometry.tilt:+g}") if geometry.tilt else "",
    )


def _not_hounsfield(header: ImageHeader) -> str:
    """Whether a CT has no HU; why not stands beside its result."""
    return translate("Viewer", "Values are not HU") if header.not_hounsfield is not None else ""


def is_lossy(header: ImageHeader) -> bool:
    """Whether the file says, or its format means, that compression lost something."""
    return any(problem.code is Code.LOSSY for problem in header.warnings)


def _lossy(header: ImageHeader) -> str:
    return translate("Viewer", "Lossy compression") if is_lossy(header) else ""


def _filled(*lines: str) -> tuple[str, ...]:
    """The lines that say something, each on one line whatever the file put into it."""
    return tuple(visible(" ".join(line.split())) for line in lines if line.strip())
