"""Cells of exported tables: nothing that a spreadsheet runs, nothing that cannot be read back."""

from __future__ import annotations

import re
from pathlib import Path

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "'", "−", "＝", "＋", "－", "＠")
"""What a spreadsheet may take for a formula, full-width signs too, and the mark against it."""
_INVISIBLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")

_READ_OTHERWISE = re.compile(
    r"0\d+(\.\d*)?|\d{16,}|\d+(\.\d*)?E\d+|\d+\.\d*0|\d{1,4}[-/:]\d{1,4}([-/:]\d{1,4})?|TRUE|FALSE",
    re.IGNORECASE,
)
"""Ids of which a spreadsheet would show something else: other digits, a date, a time."""


def text_cell(text: str) -> str:
    """Foreign text as a cell: an apostrophe in front of what could be taken for a formula.

    Read it back by taking one apostrophe off the front. What UTF-8 has no bytes for is escaped.
    """
    safe = text.encode("utf-8", "backslashreplace").decode("utf-8").replace("\0", "\\x00")
    return f"'{safe}" if safe.startswith(FORMULA_STARTS) else safe


def id_cell(text: str) -> str:
    """An id as a cell: also an apostrophe in front of what a spreadsheet would read as a number.

    "0012345" would lose its zeros, 16 digits their last ones, "12E5" would become 1200000 and
    "3-4" a day in April. Read it back as ``text_cell``: ``="0012345"`` would be a formula.
    """
    cell = text_cell(text)
    return f"'{cell}" if cell == text and _READ_OTHERWISE.fullmatch(text.strip()) else cell


def path_cell(path: Path) -> str:
    """A path as a cell: as it is, or as a file URI (RFC 8089) where that is not safe.

    A URI stands where a name is not valid UTF-8 or holds control or direction characters; its
    percent signs give back the very bytes.
    """
    return path.absolute().as_uri() if _INVISIBLE.search(str(path)) else text_cell(str(path))


def number_cell(value: float | None, digits: int = 9) -> str:
    """A number with a point, empty for None; 9 digits give back a float32 exactly, 17 a float."""
    return "" if value is None else f"{value:.{digits}g}"
