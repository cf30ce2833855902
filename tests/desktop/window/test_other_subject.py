"""With a model for anything else than heads, the screen has no word of heads."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget
from pytestqt.qtbot import QtBot

from desktop.app import Program
from desktop.engine.report_rows import image_columns, series_columns
from imaging.input.recipe import InputRecipe, Subject
from tests.make.program import PATIENCE, screened
from tests.make.tiny_model import SIZE, tiny_card, tiny_model

OF_HEADS = re.compile(r"\bheads?\b|skull|brain|ha?emorrhag|bleed|\bCT\b", re.IGNORECASE)


def _said(window: QWidget) -> list[str]:
    labels = [label.text() for label in window.findChildren(QLabel)]
    return labels + [button.text() for button in window.findChildren(QAbstractButton)]


def test_a_model_for_rust_speaks_of_rust_alone(
    qtbot: QtBot, program: Program, image_folder: Callable[..., Path], tmp_path: Path
) -> None:
    recipe = InputRecipe(size=SIZE, crop_to_head=False, subject=Subject.OTHER)
    card = tiny_card(recipe=recipe, class_name="rust", intended_use="Research use.")
    tiny_model(tmp_path / "rust.onnx", metadata=card.to_metadata())
    program.show()
    qtbot.waitUntil(lambda: program.workspace.table.card is not None, timeout=PATIENCE)
    assert any(OF_HEADS.search(text) for text in _said(program.window.start))

    program.workspace.open_model(tmp_path / "rust.onnx")
    qtbot.waitUntil(
        lambda: getattr(program.workspace.table.card, "class_name", "") == "rust", timeout=PATIENCE
    )
    screened(qtbot, program, image_folder(**{str(at): 60 + at for at in range(8)}))
    assert program.workspace.series.result_words(0)[0] == "No series result"
    said = _said(program.window)
    assert [text for text in said if OF_HEADS.search(text)] == []
    assert any("rust" in text for text in said)


def test_the_tables_headers_have_the_name_of_the_class() -> None:
    assert "probability_rust" in image_columns("rust")
    assert not any(
        "hemorrhage" in name for name in (*image_columns("rust"), *series_columns("rust"))
    )
