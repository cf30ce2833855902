"""Foreign text made safe for a terminal."""

from __future__ import annotations

from unicodedata import category


def terminal_text(text: str) -> str:
    """Foreign text that a terminal may show, in one line.

    What would steer it, break the line, or has no bytes, is escaped.
    """
    return "".join(
        character.encode("unicode_escape").decode("ascii")
        if category(character)[0] == "C" or category(character) in ("Zl", "Zp")
        else character
        for character in text
    )
