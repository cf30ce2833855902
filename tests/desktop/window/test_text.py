"""Labels of plain text."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QWidget
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
