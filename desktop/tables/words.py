"""Words: what codes, verdicts and statuses are called in the reader's language, as plain text."""

from __future__ import annotations

import html
import os
import unicodedata
from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import QCoreApplication

from desktop.engine.reader_labels import Label
from desktop.text.language import text_of
from imaging.errors import Problem, Status
from imaging.series import Order
from model.card import DEFAULT, SENSITIVE, SPECIFIC, YOUDEN
from model.image_result import ImageResult, Zone

translate = QCoreApplication.translate


def status_word(status: Status | None) -> str:
    """One word for the state of a row; None: not screened yet."""
    match status:
        case None:
            return translate("Words", "Waiting")
        case Status.OK:
            return translate("Words", "OK")
        case Status.WARNING:
            return translate("Words", "Warning")
        case Status.REFUSED:
            return translate("Words", "Refused")
        case Status.FAILED:
            return translate("Words", "Failed")
        case Status.SKIPPED:
            return translate("Words", "Skipped")


def read_word(label: Label) -> str:
    """What the reader said of a scan, in a word."""
    match label:
        case Label.PRESENT:
            return translate("Words", "Present")
        case Label.ABSENT:
            return translate("Words", "Absent")
        case Label.UNSURE:
            return translate("Words", "Unsure")


def zone_word(zone: Zone) -> str:
    """What the zone of a probability is called."""
    match zone:
        case Zone.ABOVE:
            return translate("Words", "Above")
        case Zone.UNCERTAIN:
            return translate("Words", "Uncertain")
        case Zone.BELOW:
            return translate("Words", "Below")


def verdict_word(above: bool) -> str:
    """On which side of the threshold a probability lies."""
    return translate("Words", "Above") if above else translate("Words", "Below")


def order_word(order: Order | None) -> str:
    """Which rule put a series in order; None: nothing could."""
    match order:
        case None:
            return translate("Words", "not in any order")
        case Order.POSITION:
            return translate("Words", "ordered by position")
        case Order.SLICE_LOCATION:
            return translate("Words", "ordered by slice location")
        case Order.INSTANCE_NUMBER:
            return translate("Words", "ordered by instance number")
        case Order.FILE_NAME:
            return translate("Words", "ordered by file name")


def point_word(name: str) -> str:
    """What a named operating point is called; a name that is not known stays as it is."""
    words = {
        DEFAULT: translate("Words", "Frozen"),
        SENSITIVE: translate("Words", "Sensitivity ≥ 95 %"),
        SPECIFIC: translate("Words", "Specificity ≥ 95 %"),
        YOUDEN: translate("Words", "Youden"),
    }
    return words.get(name, name)


def sentence(problem: Problem) -> str:
    """The problem's sentence in the reader's language, with its detail as the file gave it."""
    return text_of(problem)


def reason(problems: Iterable[Problem]) -> str:
    """All sentences of a row, joined to one line of plain text."""
    return " ".join(plain(sentence(problem)) for problem in problems)


def percent(probability: float | None) -> str:
    """A probability for the eye: 7.3 %, and never rounded to 0 or 100; empty without one."""
    if probability is None:
        return ""
    if probability >= 0.9995:
        return "> 99.9 %"
    if probability < 0.0005:
        return "< 0.1 %"
    return f"{100 * probability:.1f} %"


def file_name(path: Path) -> str:
    """The last part of a path, fit for a table cell."""
    return plain(path.name or str(path))


def frame_name(result: ImageResult) -> str:
    """Which frame of its file a finding is; empty where the file has but one."""
    if result.frames <= 1:
        return ""
    text = translate("Words", "frame {0} of {1}")
    return text.format(result.frame + 1, result.frames)


def plain(text: str) -> str:
    """One line of text in which nothing can hide: control and direction marks become visible."""
    readable = os.fsencode(text).decode("utf-8", "backslashreplace") if _broken(text) else text
    return "".join(
        "\N{REPLACEMENT CHARACTER}" if unicodedata.category(sign) in ("Cc", "Cf", "Cs") else sign
        for sign in readable
    )


def tooltip(*lines: str) -> str:
    """Lines of plain text for a tooltip, which Qt would otherwise read as markup."""
    escaped = "<br>".join(html.escape(line) for line in lines if line)
    return f"<span>{escaped}</span>" if escaped else ""


def _broken(text: str) -> bool:
    return any("\ud800" <= sign <= "\udfff" for sign in text)
