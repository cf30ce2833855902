"""The two dialogs that only tell: keys and mouse, and what this program and its model are."""

from __future__ import annotations

import re

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QKeySequence
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

from desktop.state.workspace import Workspace
from desktop.tables import words
from desktop.text.language import text_of
from desktop.viewer.mouse import gestures
from desktop.window.action import Actions, Menu
from desktop.window.text import Text, notice
from model.card import ModelCard
from model.confusion import Confusion

translate = QCoreApplication.translate


class Telling(QDialog):
    """A dialog with a scrolled page and Close."""

    def __init__(self, title: str, page: QWidget, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidget(page)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        buttons.rejected.connect(self.close)
        layout = QVBoxLayout(self)
        layout.addWidget(area, 1)
        layout.addWidget(buttons)
        self.resize(640, 620)


def keys_dialog(actions: Actions, parent: QWidget) -> Telling:
    """Every key of the table of actions, what they do in a list, and every mouse gesture."""
    page = QWidget()
    grid = QGridLayout(page)
    grid.setColumnStretch(1, 1)
    grid.setHorizontalSpacing(24)
    others = [
        (translate("Keys", "In a list"), _keys_of_lists()),
        (translate("Keys", "Mouse"), gestures()),
    ]
    for title, lines in (*_keys(actions), *others):
        grid.addWidget(_told(title, heading=True), grid.rowCount(), 0, 1, 2)
        for key, meaning in lines:
            line = grid.rowCount()
            grid.addWidget(_told(key), line, 0)
            grid.addWidget(_told(meaning), line, 1)
    grid.setRowStretch(grid.rowCount(), 1)
    return Telling(translate("Keys", "Keys and mouse"), page, parent)


def _keys_of_lists() -> list[tuple[str, str]]:
    """What ``WorklistView`` and ``ImagesView`` take for themselves while they have the focus."""
    return [
        ("↑  ↓", translate("Keys", "Previous or next line")),
        ("Shift+↑  Shift+↓", translate("Keys", "Ten lines back or forward")),
        ("Home  End", translate("Keys", "First or last line to be seen")),
        (shown_key("Space"), translate("Keys", "Worklist: open or close a patient")),
    ]


def shown_key(key: str) -> str:
    """A key as it is written on the keyboard: arrows for Up, Down, Left and Right."""
    text = QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)
    for name, arrow in (("Up", "↑"), ("Down", "↓"), ("Left", "←"), ("Right", "→")):
        if text == name or text.endswith(f"+{name}"):
            return text.removesuffix(name) + arrow
    return text


def _keys(actions: Actions) -> list[tuple[str, list[tuple[str, str]]]]:
    """Keys and what they do, by the title of their menu; keys that do the same stand together."""
    by_menu: dict[Menu, dict[str, list[str]]] = {}
    for action in actions.table:
        keys = (*action.keys, *action.shared_keys)
        if keys:
            lines = by_menu.setdefault(action.menu.parent or action.menu, {})
            name = actions[action.id].text().replace("&&", "&")
            lines.setdefault(name, []).extend(map(shown_key, keys))
    return [
        (_unmarked(menu.title), [(_together(keys), name) for name, keys in lines.items()])
        for menu, lines in by_menu.items()
    ]


def _together(keys: list[str]) -> str:
    """The simpler one first."""
    return "  ".join(sorted(keys, key=lambda key: "Shift+" in key))


def _unmarked(title: str) -> str:
    """A menu's title without the mark of its key, which Chinese puts in brackets behind it."""
    return re.sub(r"\(&\w\)", "", title).replace("&", "")


def about_dialog(workspace: Workspace, version: str, parent: QWidget) -> Telling:
    """The program, its notice, and the card of the model in use."""
    page = QWidget()
    column = QVBoxLayout(page)
    title = Text("title")
    title.setText(f"Cranioscope {version}")
    warning = Text("heading")
    warning.setText(notice())
    licence = _told(translate("About", "Licence of the program: Apache-2.0."))
    for widget in (title, warning, licence):
        column.addWidget(widget)
    card = workspace.table.card
    form = QFormLayout()
    form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
    if card is None:
        refusal = workspace.opened_model.refusal if workspace.opened_model else None
        why = words.visible(text_of(refusal)) if refusal else ""
        form.addRow(_told(translate("About", "No model is in use.") + " " + why))
    else:
        for name, value in _card_lines(card, workspace):
            form.addRow(_told(name, heading=True), _told(_wrapping(words.visible(value))))
    column.addSpacing(8)
    column.addLayout(form)
    column.addStretch(1)
    return Telling(translate("About", "About Cranioscope"), page, parent)


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
    session = workspace.opened_model.session if workspace.opened_model else None
    points = [
        f"{words.point_word(point.name)} {100 * point.threshold:.2f} %: {point.rule}"
        for point in card.operating_points
    ]
    lines = [
        (translate("About", "Model"), card.title),
        (translate("About", "Finding"), words.finding_name(card.class_name)),
        (translate("About", "Intended use"), card.intended_use),
        (translate("About", "Trained on"), "; ".join(card.sources)),
        (
            translate("About", "Out-of-fold validation"),
            translate("About", "{0} images, {1} with the finding, {2} without").format(
                len(labels), positive, len(labels) - positive
            ),
        ),
        (translate("About", "Internal test"), _test_counts(card.test)),
        *((translate("About", "Operating point"), point) for point in points),
        (translate("About", "Fold"), card.fold_reason),
        (translate("About", "Licence of the data"), card.licence),
        (translate("About", "SHA-256"), session.sha256 if session else ""),
        (
            translate("About", "Runs on"),
            f"{session.provider}. {text_of(session.provider_reason)}" if session else "",
        ),
    ]
    return [(name, value) for name, value in lines if value]


def _wrapping(text: str) -> str:
    """With long words, such as hashes, in groups: a label wraps between words alone."""
    return re.sub(r"[0-9a-f]{32,}", lambda found: " ".join(_groups(found.group())), text)


def _groups(text: str) -> list[str]:
    return [text[at : at + 16] for at in range(0, len(text), 16)]


def _test_counts(test: Confusion | None) -> str:
    if test is None:
        return translate("About", "none")
    counts = translate(
        "About", "{0} true positive, {1} false positive, {2} true negative, {3} false negative"
    ).format(test.true_positive, test.false_positive, test.true_negative, test.false_negative)
    return f"{counts}. {test.note}" if test.note else counts
