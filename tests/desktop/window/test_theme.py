"""Colours: what is written can be read, and nothing is green."""

import re
from collections.abc import Iterator
from dataclasses import asdict

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication, QComboBox, QDoubleSpinBox, QLineEdit, QSpinBox, QWidget
from pytestqt.qtbot import QtBot

from desktop.settings import Theme
from desktop.window.theme import DARK, LIGHT, Colours, apply_theme
from model.image_result import Zone

LEAST_CONTRAST = 4.5
"""WCAG 2, level AA, for text."""
GREEN = range(80, 170)
"""Degrees of hue."""
THEMES = pytest.mark.parametrize("colours", [DARK, LIGHT])
WRITTEN = ("text", "quiet", "flagged", "uncertain", "not_flagged")


def luminance(name: str) -> float:
    """As WCAG 2 defines it."""
    colour = QColor(name)
    parts = colour.redF(), colour.greenF(), colour.blueF()
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@THEMES
@pytest.mark.parametrize("ground", ["window", "panel"])
@pytest.mark.parametrize("name", WRITTEN)
def test_text_can_be_read_on_its_ground(colours: Colours, name: str, ground: str) -> None:
    assert contrast(getattr(colours, name), getattr(colours, ground)) >= LEAST_CONTRAST


@THEMES
def test_the_word_on_a_pressed_button_can_be_read(colours: Colours) -> None:
    assert contrast(colours.on_accent, colours.accent) >= LEAST_CONTRAST


@THEMES
def test_no_colour_is_green_whatever_the_zone(colours: Colours) -> None:
    shown = [QColor(name) for name in asdict(colours).values()]
    shown += [colours.zone(zone) for zone in (*Zone, None)]
    assert not [each.name() for each in shown if each.saturation() > 60 and each.hue() in GREEN]


@THEMES
def test_zones_are_told_apart_by_colour_as_well(colours: Colours) -> None:
    assert len({colours.zone(zone).rgb() for zone in Zone}) == len(Zone)


@pytest.fixture
def look(qapp: QApplication) -> Iterator[QApplication]:
    """The program, which has its former look again after the test."""
    sheet, palette = qapp.styleSheet(), qapp.palette()
    yield qapp
    qapp.setStyleSheet(sheet)
    qapp.setPalette(palette)


@pytest.mark.parametrize(("theme", "colours"), [(Theme.DARK, DARK), (Theme.LIGHT, LIGHT)])
def test_every_field_of_a_row_has_a_border_and_its_height(
    qtbot: QtBot, look: QApplication, theme: Theme, colours: Colours
) -> None:
    apply_theme(look, theme)
    row = QWidget()
    qtbot.addWidget(row)
    searched = QLineEdit(row)
    searched.setProperty("role", "search")
    chosen = QComboBox(row)
    chosen.addItem("By suspicion")
    fields = [searched, QSpinBox(row), QDoubleSpinBox(row), chosen]
    for field in fields:
        field.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        field.resize(120, field.sizeHint().height())
    row.show()
    heights = [field.height() for field in fields]
    assert max(heights) - min(heights) <= 2
    edges = [QColor(field.grab().toImage().pixel(0, field.height() // 2)) for field in fields]
    assert {edge.name() for edge in edges} == {colours.line}


def test_every_arrow_of_the_style_is_there(look: QApplication) -> None:
    apply_theme(look, Theme.DARK)
    named = re.findall(r'url\("(.+?)"\)', look.styleSheet())
    assert named
    assert [name for name in named if QImage(name).isNull()] == []
