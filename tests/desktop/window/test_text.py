"""Labels of plain text."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from desktop.tables import words
from desktop.text.unbroken import NO_BREAK
from desktop.window.exporting import message
from desktop.window.text import NameLine, Text


def test_a_name_without_room_is_cut_in_its_middle_and_says_so(qtbot: QtBot) -> None:
    name = NameLine()
    qtbot.addWidget(name)
    name.setText("Phantom Intraparenchymal PHANTOM-011")
    name.resize(120, 20)
    assert "…" in name.shown
    assert name.shown.endswith("011")
    name.resize(1000, 20)
    assert name.shown == name.text()


def test_no_line_of_a_label_ends_between_a_number_and_its_unit(qtbot: QtBot) -> None:
    label = Text()
    qtbot.addWidget(label)
    label.setText("sensitivity 78.9 %")
    assert QLabel.text(label) == f"sensitivity 78.9{NO_BREAK}%"
    assert label.text() == "sensitivity 78.9 %"  # what is compared has plain spaces
    broken = QLabel("78.9 %")
    broken.setWordWrap(True)
    qtbot.addWidget(broken)
    label.setText("78.9 %")
    assert label.heightForWidth(1) < broken.heightForWidth(1)  # one line, not two


def test_no_line_of_a_tooltip_or_message_ends_there(qtbot: QtBot) -> None:
    assert f"95{NO_BREAK}%{NO_BREAK}CI" in words.tooltip("84.3 % (95 % CI)")
    parent = QWidget()
    qtbot.addWidget(parent)
    assert f"5{NO_BREAK}of{NO_BREAK}9" in message(parent, "5 of 9 written").text()


RANGE = "84.3 % (95 % CI 76.0–90.1)"


def selectable(parent: QWidget) -> QLabel:
    label = Text(parent=parent)
    label.setText(RANGE)  # before it can be selected, as in About
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label


def of_a_message(parent: QWidget) -> QLabel:
    box = message(parent, RANGE)
    return next(each for each in box.findChildren(QLabel) if each.text())


@pytest.mark.parametrize("made", [selectable, of_a_message])
def test_what_is_copied_is_the_text_without_invisible_characters(
    qtbot: QtBot, made: Callable[[QWidget], QLabel]
) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    label = made(parent)
    parent.show()
    label.window().show()
    label.setFocus()
    label.setSelection(0, len(QLabel.text(label)))
    QTest.keySequence(label, QKeySequence(QKeySequence.StandardKey.Copy))
    clipboard = QApplication.clipboard()
    assert clipboard.text() == RANGE
    assert not any(unicodedata.category(each) == "Cf" for each in clipboard.mimeData().html())


def test_the_text_of_a_label_is_what_it_shows(qtbot: QtBot) -> None:
    label = Text()
    qtbot.addWidget(label)
    label.setText(RANGE)
    assert label.text() == RANGE
    label.clear()
    assert label.text() == ""
    label.setText(RANGE)
    label.setNum(5)
    assert label.text() == "5"
