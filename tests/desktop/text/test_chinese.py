"""Every message that the program can say is complete in Chinese."""

from __future__ import annotations

import string

from desktop.text.chinese import ZH_CN
from tests.make.chinese import ascii_beside_chinese
from tests.make.messages import every_code, fields


def test_every_code_has_a_chinese_template() -> None:
    assert sorted(set(every_code()) - ZH_CN.keys()) == []


def test_no_chinese_template_is_left_over() -> None:
    assert sorted(ZH_CN.keys() - set(every_code())) == []


def test_chinese_templates_take_the_values_of_the_english_ones() -> None:
    codes = every_code()
    assert [code for code in codes if fields(ZH_CN[code]) != fields(code.template)] == []


def test_no_value_is_converted_before_it_is_put_into_words() -> None:
    """``{name!r}`` would show a message as Python writes it."""
    every = [text for code in every_code() for text in (code.template, ZH_CN[code])]
    assert [t for t in every if any(each[3] for each in string.Formatter().parse(t))] == []


def test_what_is_a_sentence_in_one_language_is_one_in_the_other() -> None:
    """Details stand before the full stop, and lines below others keep their place."""
    for code in every_code():
        english, chinese = code.template, ZH_CN[code]
        assert english.endswith(".") is chinese.endswith("。"), code
        assert len(english) - len(english.lstrip()) == len(chinese) - len(chinese.lstrip()), code


def test_no_chinese_template_has_ascii_punctuation_beside_chinese() -> None:
    assert [text for text in ZH_CN.values() if ascii_beside_chinese(text)] == []
