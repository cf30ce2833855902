"""Colours: what is written can be read, and nothing is green."""

from dataclasses import asdict

import pytest
from PySide6.QtGui import QColor

from desktop.window.theme import DARK, LIGHT, Colours
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
