"""Columns of plain text, in which a Chinese character is as wide as two Latin ones."""

from __future__ import annotations

from unicodedata import east_asian_width


def width(text: str) -> int:
    """How many columns of a terminal a text takes."""
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)


def padded(text: str, columns: int, *, right: bool = False) -> str:
    """A text filled with spaces up to so many columns, to its left where it stands ``right``."""
    space = " " * (columns - width(text))
    return space + text if right else text + space


def cut(text: str, columns: int) -> str:
    """A text of at most so many columns: what does not fit is cut in front."""
    if width(text) <= columns:
        return text
    while width(text) >= columns:
        text = text[1:]
    return f"…{text}"
