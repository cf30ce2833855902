"""Labels of plain text."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from desktop.window.text import NameLine


def test_a_name_without_room_is_cut_in_its_middle_and_says_so(qtbot: QtBot) -> None:
    name = NameLine()
    qtbot.addWidget(name)
    name.setText("Phantom Intraparenchymal PHANTOM-011")
    name.resize(120, 20)
    assert "…" in name.shown
    assert name.shown.endswith("011")
    name.resize(1000, 20)
    assert name.shown == name.text()
