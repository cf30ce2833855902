"""One command brings texts up to the code, compiles them, and names what is left to translate."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QTranslator

from setup.translations import main, messages

SAYS = """
from PySide6.QtCore import QCoreApplication

QCoreApplication.translate("Greeting", "{text}")
"""


@pytest.fixture
def module(tmp_path: Path) -> Path:
    """A module that says one thing."""
    path = tmp_path / "greeting.py"
    path.write_text(SAYS.format(text="Good morning"), encoding="utf-8")
    return path


def translate(texts: Path) -> None:
    """As a person would do it in an editor."""
    unfinished = '<translation type="unfinished"></translation>'
    told = texts.read_text(encoding="utf-8")
    assert told.count(unfinished) == 1
    texts.write_text(told.replace(unfinished, "<translation>早上好</translation>"), "utf-8")


def test_what_the_code_says_anew_is_named_until_it_is_translated(
    tmp_path: Path, module: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    texts, key = tmp_path / "texts_zh_CN.ts", ("Greeting", "Good morning")
    assert main(texts, [module]) == 1
    assert capsys.readouterr().out == "not translated: Greeting: Good morning\n"
    assert messages(texts) == {key: None}
    translate(texts)
    assert messages(texts) == {key: "早上好"}
    assert main(texts, [module]) == 0
    assert capsys.readouterr().out == ""
    shown = QTranslator()
    assert shown.load(str(texts.with_suffix(".qm")))
    assert shown.translate(*key) == "早上好"


def test_what_the_code_no_longer_says_is_dropped(tmp_path: Path, module: Path) -> None:
    texts = tmp_path / "texts_zh_CN.ts"
    main(texts, [module])
    translate(texts)
    module.write_text(SAYS.format(text="Good night"), encoding="utf-8")
    assert main(texts, [module]) == 1
    assert messages(texts) == {("Greeting", "Good night"): None}
