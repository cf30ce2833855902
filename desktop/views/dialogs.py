"""The two dialogs that only tell: keys and mouse, and what this program and its weights are."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QFrame,
    QGridLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from desktop.tables import words
from desktop.views.text import Text, notice
from desktop.views.viewer_overlay import window_name
from desktop.workspace import Workspace
from scans.model_card import Confusion, ModelCard
from scans.window import NAMED_WINDOWS

_translate = QCoreApplication.translate


class Telling(QDialog):
    """A dialog with a scrolled page and Close."""

    def __init__(self, title: str, page: QWidget, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(page)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        buttons.rejected.connect(self.close)
        layout = QVBoxLayout(self)
        layout.addWidget(area, 1)
        layout.addWidget(buttons)
        self.resize(640, 620)


def keys_dialog(parent: QWidget) -> Telling:
    """Every key and mouse gesture that does something."""
    page = QWidget()
    grid = QGridLayout(page)
    grid.setColumnStretch(1, 1)
    grid.setHorizontalSpacing(24)
    for line, (key, meaning) in enumerate(_keys()):
        if not meaning:
            grid.addWidget(_told(key, heading=True), line, 0, 1, 2)
            continue
        grid.addWidget(_told(key), line, 0)
        grid.addWidget(_told(meaning), line, 1)
    grid.setRowStretch(grid.rowCount(), 1)
    return Telling(_translate("Keys", "Keys and mouse"), page, parent)


def about_dialog(workspace: Workspace, version: str, parent: QWidget) -> Telling:
    """The program, its notice, and the card of the weights in use."""
    page = QWidget()
    column = QVBoxLayout(page)
    title = Text("title")
    title.setText(f"Cranioscope {version}")
    warning = Text("heading")
    warning.setText(notice())
    licence = _told(_translate("About", "Licence of the program: Apache-2.0."))
    for widget in (title, warning, licence):
        column.addWidget(widget)
    card = workspace.table.card
    form = QFormLayout()
    form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
    if card is None:
        refusal = workspace.weights.refusal if workspace.weights else ""
        form.addRow(_told(_translate("About", "No weights are in use.") + " " + refusal))
    else:
        for name, value in _card_lines(card, workspace):
            form.addRow(_told(name, heading=True), _told(words.plain(value)))
    column.addSpacing(8)
    column.addLayout(form)
    column.addStretch(1)
    return Telling(_translate("About", "About Cranioscope"), page, parent)


def _told(text: str, *, heading: bool = False) -> Text:
    label = Text("heading" if heading else "")
    label.setText(text)
    flags = Qt.TextInteractionFlag
    label.setTextInteractionFlags(flags.TextSelectableByMouse)
    label.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
    return label


def _card_lines(card: ModelCard, workspace: Workspace) -> list[tuple[str, str]]:
    labels = card.out_of_fold.labels
    positive = sum(labels)
    classifier = workspace.weights.classifier if workspace.weights else None
    points = [
        f"{words.point_word(point.name)} {100 * point.threshold:.2f} %: {point.rule}"
        for point in card.operating_points
    ]
    lines = [
        (_translate("About", "Weights"), f"{card.name} ({card.precision})"),
        (_translate("About", "Finding"), card.class_name),
        (_translate("About", "Intended use"), card.intended_use),
        (_translate("About", "Trained on"), "; ".join(card.sources)),
        (
            _translate("About", "Judged out of fold"),
            _translate("About", "{0} scans, {1} with the finding, {2} without").format(
                len(labels), positive, len(labels) - positive
            ),
        ),
        (_translate("About", "Held-out test"), _test_counts(card.test)),
        *((_translate("About", "Operating point"), point) for point in points),
        (_translate("About", "Fold"), f"{card.fold}: {card.fold_reason}"),
        (_translate("About", "Licence of the data"), card.licence),
        (_translate("About", "SHA-256"), classifier.sha256 if classifier else ""),
        (
            _translate("About", "Runs on"),
            f"{classifier.provider}. {classifier.provider_reason}" if classifier else "",
        ),
    ]
    return [(name, value) for name, value in lines if value]


def _test_counts(test: Confusion | None) -> str:
    if test is None:
        return _translate("About", "none")
    counts = _translate(
        "About", "{0} true positive, {1} false positive, {2} true negative, {3} false negative"
    ).format(test.true_positive, test.false_positive, test.true_negative, test.false_negative)
    return f"{counts}. {test.note}" if test.note else counts


def _keys() -> list[tuple[str, str]]:
    """Key and meaning; a heading has no meaning."""
    windows = [
        (each.key, f"{window_name(each.name)} {each.window.width:g}/{each.window.level:g}")
        for each in NAMED_WINDOWS
    ]
    return [
        (_translate("Keys", "Moving"), ""),
        ("↑ ↓", _translate("Keys", "Picture before, picture after")),
        ("Shift+↑ Shift+↓", _translate("Keys", "Ten pictures on")),
        ("Home End", _translate("Keys", "First and last picture")),
        ("PgUp PgDn ← →", _translate("Keys", "Series before, series after")),
        ("N Shift+N", _translate("Keys", "Next and previous above the threshold")),
        (_translate("Keys", "Threshold and answers"), ""),
        ("[ ]", _translate("Keys", "Lower and raise the threshold")),
        ("X", _translate("Keys", "Heat map")),
        (_translate("Keys", "Windows of the viewer (never the network's)"), ""),
        ("0", _translate("Keys", "Full range")),
        ("1", _translate("Keys", "The file's own")),
        *windows,
        (_translate("Keys", "Viewer"), ""),
        (_translate("Keys", "Left drag"), _translate("Keys", "Window: width and level")),
        (_translate("Keys", "Middle drag"), _translate("Keys", "Move the picture")),
        (_translate("Keys", "Right drag"), _translate("Keys", "Zoom")),
        (_translate("Keys", "Right click"), _translate("Keys", "Menu of the viewer")),
        (_translate("Keys", "Wheel"), _translate("Keys", "Picture before or after")),
        (_translate("Keys", "Ctrl+wheel"), _translate("Keys", "Zoom")),
        (_translate("Keys", "Double click"), _translate("Keys", "Picture only, and back")),
        ("W T Z S", _translate("Keys", "Left button: window, move, zoom, slice")),
        ("D A E", _translate("Keys", "Measure a distance, an angle, an oval region")),
        ("I", _translate("Keys", "Words over the picture: all, few, none")),
        ("+ −", _translate("Keys", "Zoom")),
        ("Ctrl+Enter", _translate("Keys", "Fit the picture to the view")),
        ("Esc", _translate("Keys", "Reset the view")),
        (_translate("Keys", "Program"), ""),
        ("Ctrl+O, Ctrl+Shift+O", _translate("Keys", "Open a folder, open files")),
        ("Ctrl+E", _translate("Keys", "Export the tables")),
        ("Ctrl+F", _translate("Keys", "Search")),
        ("F11", _translate("Keys", "Full screen")),
        ("F1 ?", _translate("Keys", "This list")),
    ]
