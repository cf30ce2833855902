"""The dialogs show all that they promise, in both languages, and nothing of it is cut off."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from desktop.app import Program
from desktop.jobs.opened_model import OpenedModel
from desktop.state.workspace import Workspace
from desktop.text.language import text_of
from desktop.window.actions import ACTIONS
from desktop.window.dialogs import Telling, about_dialog, keys_dialog, shown_key
from imaging.messages import Message
from model.messages import ModelCode
from tests.make.tiny_model import tiny_card


def texts(dialog: QWidget) -> list[str]:
    return [label.text() for label in dialog.findChildren(QLabel)]


def about(qtbot: QtBot, workspace: Workspace, window: QWidget) -> Telling:
    made = about_dialog(workspace, "1.2.3", window)
    made.show()
    qtbot.wait(1)
    return made


@pytest.mark.parametrize(
    ("key", "shown"),
    [
        ("Up", "↑"),
        ("Shift+Down", "Shift+↓"),
        ("Ctrl+Shift+Left", "Ctrl+Shift+←"),
        ("Right", "→"),
        ("PgUp", "PgUp"),
        ("PgDown", "PgDown"),
        ("+", "+"),
        ("Ctrl++", "Ctrl++"),
        ("U", "U"),
    ],
)
def test_a_key_is_written_as_on_the_keyboard(key: str, shown: str) -> None:
    assert shown_key(key) == shown


def test_the_help_shows_every_key_with_what_it_does(program: Program) -> None:
    dialog = keys_dialog(program.actions, program.window)
    texts = [label.text() for label in dialog.findChildren(QLabel)]
    shown = {(key, name) for keys, name in pairwise(texts) for key in keys.split("  ")}
    for action in ACTIONS:
        name = program.actions[action.id].text()
        keys = (*action.keys, *action.shared_keys)
        assert {(shown_key(key), name) for key in keys} <= shown, action.id
    dialog.close()


@pytest.mark.parametrize(
    ("images_in_front", "keys"),
    [(False, ["Ctrl+1  Ctrl+Shift+1"]), (True, ["Ctrl+Shift+1", "Ctrl+1"])],
)
def test_the_help_puts_keys_together_that_do_the_same(
    program: Program, images_in_front: bool, keys: list[str]
) -> None:
    program.window.tabs.setCurrentIndex(int(images_in_front))
    dialog = keys_dialog(program.actions, program.window)
    texts = [label.text() for label in dialog.findChildren(QLabel)]
    assert [key for key, meaning in pairwise(texts) if meaning.endswith("present")] == keys
    dialog.close()


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_menus_are_named_without_the_marks_of_their_keys(
    qtbot: QtBot, program: Program, language: str
) -> None:
    program.appearance.set_language(language)
    qtbot.wait(1)
    dialog = keys_dialog(program.actions, program.window)
    headings = [
        label.text() for label in dialog.findChildren(QLabel) if label.property("role") == "heading"
    ]
    dialog.close()
    assert len(headings) > 5
    assert not any(each in text for text in headings for each in "&()")
    assert all(text.isascii() for text in headings) is (language == "en")


def test_about_tells_the_card_whole_as_text(
    qtbot: QtBot, workspace: Workspace, window: QWidget
) -> None:
    """Foreign text neither hides nor steers; a hash wraps, at 32 digits and not at 31."""
    card = tiny_card()
    assert card.test is not None
    odd = replace(
        card,
        licence="<b>Free</b>\u202e\nfor all \ud800",
        intended_use=f"{'a' * 31} {'b' * 32} {'C' * 32}",
        test=replace(card.test, note="Seen \u2028 twice."),
    )
    workspace.table.set_card(odd)
    told = texts(about(qtbot, workspace, window))
    assert "Cranioscope 1.2.3" in told
    assert odd.title in told
    assert "<b>Free</b>\ufffd\ufffdfor all \ufffd" in told
    assert f"{'a' * 31} {'b' * 16} {'b' * 16} {'C' * 32}" in told
    assert "40 images, 20 with the finding, 20 without" in told
    assert any(each.endswith("2 false negative. Seen \ufffd twice.") for each in told)
    assert sum("%: Set by hand" in each for each in told) == len(odd.operating_points)
    formats = {label.textFormat() for label in window.findChildren(QLabel)}
    assert formats == {Qt.TextFormat.PlainText}


@pytest.mark.parametrize(("length", "turns"), [(20, False), (200, True)])
def test_what_is_wider_than_the_dialog_can_be_scrolled_to(
    qtbot: QtBot, workspace: Workspace, window: QWidget, length: int, turns: bool
) -> None:
    workspace.table.set_card(tiny_card(name="W" * length))
    dialog = about(qtbot, workspace, window)
    [area] = dialog.findChildren(QScrollArea)
    assert (area.horizontalScrollBar().maximum() > 0) is turns
    assert area.horizontalScrollBar().isVisible() is turns


@pytest.mark.usefixtures("chinese_window")
def test_without_a_model_the_reason_is_told(
    qtbot: QtBot, workspace: Workspace, window: QWidget
) -> None:
    refusal = Message(ModelCode.NO_MODEL_FILE, name="a\u202eb.onnx")
    workspace.opened_model = OpenedModel(refusal=refusal)
    workspace.table.set_card(None)
    told = texts(about(qtbot, workspace, window))
    [why] = [each for each in told if "onnx" in each]
    assert why.endswith(text_of(refusal).replace("\u202e", "\ufffd"))
    assert not why.isascii()


def test_escape_closes_a_dialog_and_it_is_gone(
    qtbot: QtBot, workspace: Workspace, window: QWidget
) -> None:
    dialog = about(qtbot, workspace, window)
    with qtbot.waitSignal(dialog.destroyed):
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
