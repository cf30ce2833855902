"""Text for the screen in which no line ends between a number and what belongs to it."""

from __future__ import annotations

import re
from functools import lru_cache

NO_BREAK, JOINER = "\N{NO-BREAK SPACE}", "\N{WORD JOINER}"
_TOGETHER = re.compile(
    r"(?<=\d) (?=(?:[%°]|[^\W\d_]{1,3}²?)(?!\w))"  # 78.9 %, 12 mm, 3 s, 14 of
    r"|(?<=\d of) (?=\d)"
    r"|(?<=\d %) (?=CI\b)"
    r"|(?<=[≥≤<>=:]) (?=\d)"
    r"|(?<=\bn) (?== \d)"
    r"|(?<=\b[APRLW]) (?=\d)"  # A 7.5 mm, W 80
    r"|(?<=\d) (?=[\u4e00-\u9fff])"
    r"|(?<=第) (?=\d)"
)
"""Spaces at which a line is not to end: a unit is a word of three letters at most, a side one."""
_RANGE = re.compile(r"(?<=\d)–(?=\d)")


@lru_cache(maxsize=1024)
def unbroken(text: str, *, selectable: bool = False) -> str:
    """The same text with its numbers, units, counts and ranges each kept on one line.

    For what is shown in lines of its own making, and for nothing else: what is exported, copied or
    compared keeps its plain spaces. Of a ``selectable`` text ranges stay as they are: Qt copies a
    no-break space as a plain one, but a word joiner as it is, which nobody sees where it is pasted.
    """
    together = _TOGETHER.sub(NO_BREAK, text)
    return together if selectable else _RANGE.sub(f"–{JOINER}", together)
