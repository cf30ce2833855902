"""Light and dark: one palette each on the Fusion style, and a small style sheet on top."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from string import Template

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

from desktop.resources import resource
from desktop.settings import Theme
from model.image_result import Zone


@dataclass(frozen=True)
class Colours:
    """Every colour of one theme. Text on its ground has a contrast of 4.5 to 1 or better."""

    window: str
    panel: str
    line: str
    text: str
    quiet: str
    accent: str
    on_accent: str
    flagged: str
    uncertain: str
    not_flagged: str

    def zone(self, zone: Zone | None) -> QColor:
        """The colour of a zone, never green; a word always stands beside it."""
        name = {
            Zone.FLAGGED: self.flagged,
            Zone.UNCERTAIN: self.uncertain,
            Zone.NOT_FLAGGED: self.not_flagged,
            None: self.line,
        }[zone]
        return QColor(name)


DARK = Colours(
    window="#16191d",
    panel="#1e2227",
    line="#343a42",
    text="#e4e7eb",
    quiet="#9aa4b0",
    accent="#4f9fe6",
    on_accent="#0b1117",
    flagged="#ff8a7a",
    uncertain="#e6b85c",
    not_flagged="#aab4c0",
)
LIGHT = Colours(
    window="#f1f3f5",
    panel="#ffffff",
    line="#d3d8de",
    text="#1b2129",
    quiet="#59636e",
    accent="#1f6fb5",
    on_accent="#ffffff",
    flagged="#b3261e",
    uncertain="#8a5a00",
    not_flagged="#4d5863",
)


def colours_of(palette: QPalette) -> Colours:
    """The colours that go with a palette of this module."""
    return DARK if palette.window().color().lightness() < 128 else LIGHT


def apply_theme(app: QApplication, theme: Theme) -> None:
    """Give the whole program a theme; SYSTEM follows the system from now on."""
    hints = app.styleHints()
    colours = LIGHT
    if theme is Theme.DARK or (
        theme is Theme.SYSTEM and hints.colorScheme() == Qt.ColorScheme.Dark
    ):
        colours = DARK
    app.setStyle("Fusion")
    app.setPalette(_palette(colours))
    sheet = resource("style/cranioscope.qss")
    names = asdict(colours) | {"folder": sheet.parent.as_posix()}
    app.setStyleSheet(Template(sheet.read_text(encoding="utf-8")).substitute(names))


def _palette(colours: Colours) -> QPalette:
    palette = QPalette()
    role = QPalette.ColorRole
    for roles, name in (
        ((role.Window, role.ToolTipBase), colours.window),
        ((role.Base, role.Button, role.AlternateBase), colours.panel),
        ((role.WindowText, role.Text, role.ButtonText, role.ToolTipText), colours.text),
        ((role.PlaceholderText,), colours.quiet),
        ((role.Highlight, role.Link, role.LinkVisited, role.Accent), colours.accent),
        ((role.HighlightedText, role.BrightText), colours.on_accent),
    ):
        for each in roles:
            palette.setColor(each, QColor(name))
    faint = QColor(colours.quiet)
    faint.setAlpha(150)
    for each in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, each, faint)
    return palette
