from __future__ import annotations

import sys

import pytest

from desktop.engine.terminal_text import terminal_text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("颅脑 🧠.png", "颅脑 🧠.png"),
        ("a\x1b[2Jb", "a\\x1b[2Jb"),
        ("a\nb", "a\\nb"),
        ("\u202egnp", "\\u202egnp"),
        ("\udcff", "\\udcff"),
        ("a\u2028b\u2029", "a\\u2028b\\u2029"),
    ],
)
def test_text_cannot_steer_the_terminal(text: str, shown: str) -> None:
    assert terminal_text(text) == shown


def test_no_character_at_all_breaks_the_line_or_has_no_bytes() -> None:
    every = (chr(number) for number in range(sys.maxunicode + 1))
    doubtful = [sign for sign in every if not sign.isprintable()]
    shown = terminal_text("".join(doubtful))
    assert len(doubtful) > 2000
    assert len(shown.splitlines()) == 1
    assert shown.encode("utf-8").decode("utf-8") == shown
    assert set(shown) - set("\\unrtxU0123456789abcdef") <= set(
        "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
    )
