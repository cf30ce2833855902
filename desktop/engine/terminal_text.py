"""Foreign text made safe for a terminal."""

from __future__ import annotations

from unicodedata import category


def terminal_text(text: str) -> str:
    """Foreign text that a terminal may show: what would steer it, or has no bytes, is escaped."""
    return "".join(
        character.encode("unicode_escape").decode("ascii")
        if category(character)[0] == "C"
        else character
        for character in text
    )
