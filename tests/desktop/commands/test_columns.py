from __future__ import annotations

import pytest

from desktop.commands.columns import cut, padded, width


def test_a_chinese_character_takes_two_columns() -> None:
    assert width("颅脑 CT") == 7
    assert padded("颅", 4) == "颅  "
    assert padded("颅", 4, right=True) == "  颅"


@pytest.mark.parametrize(
    ("text", "shown"), [("abcd", "abcd"), ("abcde", "…cde"), ("颅脑图", "…图")]
)
def test_what_does_not_fit_is_cut_in_front(text: str, shown: str) -> None:
    assert cut(text, 4) == shown
