"""Whatever the program says, it says with the values that the sentence asks for."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.messages import Summary
from desktop.text.language import LANGUAGES, choose_language, text_of
from imaging.errors import Code
from imaging.messages import Message, MessageCode
from tests.make.messages import every_code, fields

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("imaging", "model", "desktop")
WITH_VALUES = ("Message", "CardError", "OnnxFileError", "SessionError.of")
"""What is called with a code and the values of its template."""
KINDS = {type(code).__name__: type(code) for code in every_code()}


def _calls() -> Iterator[tuple[str, ast.Call, MessageCode]]:
    """Every call whose first argument is a code, as in ``Message(Code.TILT)``, by its place."""
    for path in (path for room in ROOMS for path in (ROOT / room).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Attribute):
                kind, _, name = ast.unparse(node.args[0]).rpartition(".")
                if kind in KINDS:
                    yield f"{path.relative_to(ROOT)}:{node.lineno}", node, KINDS[kind][name]


def test_every_message_is_made_with_the_values_of_its_sentence() -> None:
    """Without one of them, showing it would end in an error; one too many would not be told."""
    wrong, looked_at = [], 0
    for place, call, code in _calls():
        if ast.unparse(call.func) not in WITH_VALUES:
            continue
        given = {each.arg for each in call.keywords}
        wanted = {name for name, _ in fields(code.template)}
        looked_at += 1
        if not (given - {None} <= wanted if None in given else given == wanted):
            wrong.append(f"{place} {code} takes {sorted(wanted)}")
    assert wrong == []
    assert looked_at > 200


def test_no_two_rooms_use_one_code_for_two_things() -> None:
    codes = every_code()
    assert len(set(map(str, codes))) == len(codes)
    assert len(KINDS) == len({type(code) for code in codes})


def test_every_message_is_said_somewhere() -> None:
    paths = [path for room in ROOMS for path in (ROOT / room).rglob("*.py")]
    said = "\n".join(path.read_text(encoding="utf-8") for path in paths if path.stem != "chinese")
    names = [f"{type(code).__name__}.{code.name}" for code in every_code()]
    assert [name for name in names if name not in said] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_reason_repeats_the_word_that_stands_before_it(language: str) -> None:
    """The word cost the narrow list the room for the reason."""
    choose_language(language)
    try:
        word = text_of(Message(Summary.NOT_ASSESSABLE)).casefold()
        assert [code for code in Code if code.template.casefold().startswith(word)] == []
        said = [text_of(Message(code)) for code in Code if not list(fields(code.template))]
        assert [each for each in said if each.casefold().startswith(word)] == []
        assert len(said) > 20
    finally:
        choose_language("en")
