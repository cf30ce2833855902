"""Every message that the program can say is complete in every language."""

from __future__ import annotations

import importlib
import pkgutil
import string
from collections.abc import Iterator

import pytest

import desktop
import imaging
import model
from desktop.text.chinese import ZH_CN
from desktop.text.language import text_of
from imaging.errors import Code, Problem
from imaging.messages import Message, MessageCode
from tests.make.chinese import ascii_beside_chinese

QT_ROOMS = ("window", "viewer", "state", "tables", "jobs", "app", "screenshot", "__main__")


def every_code() -> list[MessageCode]:
    """The members of every subclass of MessageCode in imaging, model and the engine."""
    for package in (imaging, model, desktop):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if package is not desktop or module.name.split(".")[1] not in QT_ROOMS:
                importlib.import_module(module.name)
    kinds = [kind for kind in _below(MessageCode) if not kind.__module__.startswith("tests")]
    return [member for kind in kinds for member in kind]


def _below(kind: type[MessageCode]) -> Iterator[type[MessageCode]]:
    for below in kind.__subclasses__():
        yield below
        yield from _below(below)


def fields(template: str) -> list[tuple[str, str]]:
    return sorted(
        (name, form or "")
        for _, name, form, _ in string.Formatter().parse(template)
        if name is not None
    )


def test_every_code_has_a_chinese_template() -> None:
    assert sorted(set(every_code()) - ZH_CN.keys()) == []


def test_no_chinese_template_is_left_over() -> None:
    assert sorted(ZH_CN.keys() - set(every_code())) == []


def test_chinese_templates_take_the_values_of_the_english_ones() -> None:
    codes = every_code()
    assert [code for code in codes if fields(ZH_CN[code]) != fields(code.template)] == []


def test_no_two_rooms_use_one_code_for_two_things() -> None:
    codes = every_code()
    assert len(set(map(str, codes))) == len(codes)


def test_no_chinese_template_has_ascii_punctuation_beside_chinese() -> None:
    assert [text for text in ZH_CN.values() if ascii_beside_chinese(text)] == []


class Said(MessageCode):
    """What the tests say."""

    WHOLE = "whole", "{name} is whole."
    PART = "part", "{count:.1f} of {whole}"


def test_a_message_is_formatted_with_its_values() -> None:
    message = Message(Said.PART, count=2.0, whole=Message(Said.WHOLE, name="{x}"))
    assert str(message) == "2.0 of {x} is whole."


def test_a_message_within_a_message_is_put_into_the_same_language() -> None:
    message = Message(Said.PART, count=2.0, whole=Message(Said.WHOLE, name="a"))
    german: dict[MessageCode, str] = {Said.PART: "{whole} {count:.0f}", Said.WHOLE: "{name} ganz"}
    assert message.text(german.__getitem__) == "a ganz 2"


@pytest.mark.usefixtures("chinese")
def test_a_problem_is_told_in_the_chosen_language_with_its_detail_before_the_full_stop() -> None:
    assert text_of(Problem(Code.TILT, "18.5°")) == "机架倾斜 (18.5°)。"
