"""Words: what codes, zones and statuses are called in the reader's language, as plain text."""

from __future__ import annotations

import html
import os
import re
import unicodedata
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QCoreApplication

from desktop.engine.readings import Label
from desktop.text.language import text_of
from desktop.text.unbroken import unbroken
from imaging.errors import Problem, Status
from imaging.series import Order
from model.image_result import ImageCall, Zone, image_call
from model.operating_point import DEFAULT, SENSITIVE, SPECIFIC, YOUDEN
from model.probability import percent as percent
from model.proportion import Proportion
from model.series_decision import SeriesCall, SeriesDecision, SeriesRule
from model.series_notes import share_text

translate = QCoreApplication.translate
_HIDDEN = ("Cc", "Cf", "Cs", "Zl", "Zp")
"""Unicode's categories of what has no sign of its own, or begins another line."""
_NO_BYTE = re.compile("[\ud800-\udc7f\udd00-\udfff]")
"""Halves of characters that stand for no byte of a file's name, as JSON may hold them."""


def status_word(status: Status | None) -> str:
    """One word for the state of an image; None: not assessed yet."""
    match status:
        case None:
            return translate("Words", "Waiting")
        case Status.OK:
            return translate("Words", "Done")
        case Status.WARNING:
            return translate("Words", "Warning")
        case Status.REFUSED:
            return translate("Words", "Not assessable")
        case Status.FAILED:
            return translate("Words", "Failed")
        case Status.SKIPPED:
            return translate("Words", "Skipped")


def read_word(label: Label) -> str:
    """The reader's label, in a word."""
    match label:
        case Label.PRESENT:
            return translate("Words", "Present")
        case Label.ABSENT:
            return translate("Words", "Absent")
        case Label.UNSURE:
            return translate("Words", "Unsure")


def finding_name(class_name: str) -> str:
    """The finding that a model was trained for; without a model, or by another name, as it is."""
    known = {"": translate("Words", "Finding"), "hemorrhage": translate("Words", "Haemorrhage")}
    return known.get(class_name, class_name)


def zone_word(zone: Zone) -> str:
    """What the zone of a score is called."""
    match zone:
        case Zone.FLAGGED:
            return translate("Words", "Flagged")
        case Zone.UNCERTAIN:
            return translate("Words", "Uncertain")
        case Zone.NOT_FLAGGED:
            return translate("Words", "Not flagged")


def series_result(decision: SeriesDecision, slices: bool) -> tuple[str, str]:
    """What a series is called, and what that rests on; short, so that no count is cut off.

    Where images and series say different things, the second part says so. ``slices``: whether the
    images are called slices.
    """
    counts = decision.n_flagged, decision.n_assessed
    flagged, counted = zone_word(Zone.FLAGGED), flagged_images(*counts, slices)
    match decision.call:
        case SeriesCall.FLAGGED:
            return flagged, counted
        case SeriesCall.AS_A_WHOLE if slices:
            return flagged, translate("Words", "as a whole, {0} of {1} slices").format(*counts)
        case SeriesCall.AS_A_WHOLE:
            return flagged, translate("Words", "as a whole, {0} of {1} images").format(*counts)
        case SeriesCall.FLAGGED_UNCERTAIN:
            return flagged, translate("Words", "uncertain, {0} of {1} flagged").format(*counts)
        case SeriesCall.NOT_FLAGGED:
            return zone_word(Zone.NOT_FLAGGED), counted
    return zone_word(Zone.UNCERTAIN), _why_uncertain(decision, slices)


def series_score(decision: SeriesDecision) -> str:
    """The number of a series with the word for it.

    It is a probability of the series by a series head alone; else the score of one of its images.
    """
    number = percent(decision.probability)
    if decision.rule is SeriesRule.HEAD:
        return translate("Words", "series probability {0}").format(number)
    return translate("Words", "series score {0}").format(number)


def _why_uncertain(decision: SeriesDecision, slices: bool) -> str:
    """Why a series that is not flagged is uncertain: itself, its images, or what was not read."""
    counts = decision.n_flagged, decision.n_assessed
    match decision.call:
        case SeriesCall.NEAR_WITH_IMAGES:
            return flagged_images(*counts, slices)
        case SeriesCall.IMAGES_ALONE if slices:
            return translate("Words", "slices only: {0} of {1}").format(*counts)
        case SeriesCall.IMAGES_ALONE:
            return translate("Words", "images only: {0} of {1}").format(*counts)
        case SeriesCall.UNREADABLE:
            return translate("Words", "images not read: {0}").format(decision.n_unreadable)
        case SeriesCall.UNCERTAIN_IMAGE if slices:
            return translate("Words", "a slice is uncertain")
        case SeriesCall.UNCERTAIN_IMAGE:
            return translate("Words", "an image is uncertain")
    return translate("Words", "near the threshold")


def flagged_images(flagged: int, assessed: int, slices: bool) -> str:
    """How many of the assessed images are flagged."""
    if slices:
        return translate("Words", "{0} of {1} slices flagged").format(flagged, assessed)
    return translate("Words", "{0} of {1} images flagged").format(flagged, assessed)


def slices(count: int) -> str:
    """How many slices a series has."""
    return translate("Worklist", "Slices: {0}").format(count)


def image_result(zone: Zone | None, flagged: bool) -> tuple[str, str]:
    """What an image with a score is called, and what more there is to say of it."""
    match image_call(zone, flagged):
        case ImageCall.FLAGGED:
            return zone_word(Zone.FLAGGED), ""
        case ImageCall.FLAGGED_UNCERTAIN:
            return zone_word(Zone.FLAGGED), translate("Words", "uncertain")
        case ImageCall.UNCERTAIN:
            return zone_word(Zone.UNCERTAIN), translate("Words", "below the threshold")
        case ImageCall.NOT_FLAGGED:
            return zone_word(Zone.NOT_FLAGGED), ""


def not_assessable() -> str:
    """The program abstains."""
    return translate("Words", "Not assessable")


def order_word(order: Order | None) -> str:
    """Which rule put a series in order; None: nothing could."""
    match order:
        case None:
            return translate("Words", "unordered")
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
        DEFAULT: translate("Words", "Default"),
        SENSITIVE: translate("Words", "Sensitivity ≥ 95 %"),
        SPECIFIC: translate("Words", "Specificity ≥ 95 %"),
        YOUDEN: translate("Words", "Youden index"),
    }
    return words.get(name, name)


def sentence(problem: Problem) -> str:
    """The problem's sentence in the reader's language, with its detail as the file gave it."""
    return text_of(problem)


def reason(problems: Iterable[Problem]) -> str:
    """All sentences of a row, joined to one line of plain text."""
    return " ".join(visible(sentence(problem)) for problem in problems)


def share(estimate: Proportion) -> str:
    """A share with its counts and 95 % CI, which read alike in every language."""
    told = share_text(estimate)
    return told if isinstance(told, str) else text_of(told)


def file_name(path: Path) -> str:
    """The last part of a path, fit for a table cell."""
    return visible(path.name or str(path))


def frame(number: int, frames: int) -> str:
    """Which frame (from 0) of its file an image is; empty where the file has but one."""
    if frames <= 1:
        return ""
    return translate("Words", "frame {0} of {1}").format(number + 1, frames)


def age_and_sex(age: str, sex: str) -> str:
    """The patient's age as DICOM has it ("067Y") and sex ("F") for the eye; empty where unknown."""
    years, unit = age[:3].lstrip("0") or "0", age[3:4].upper()
    units = {
        "Y": translate("Words", "{0} y"),
        "M": translate("Words", "{0} months"),
        "W": translate("Words", "{0} weeks"),
        "D": translate("Words", "{0} days"),
    }
    known = units[unit].format(years) if age[:3].isdigit() and unit in units else ""
    sexes = {"M": translate("Words", "M"), "F": translate("Words", "F")}
    return " ".join(filter(None, [known, sexes.get(sex.upper(), "")]))


def when(date: str, time: str) -> str:
    """A DICOM date ("20260304") and time ("0506") for the eye; what is neither is left out."""
    parts: list[str] = []
    if len(date) == 8 and date.isdigit():
        parts.append(f"{date[:4]}-{date[4:6]}-{date[6:]}")
    if len(time) >= 4 and time[:4].isdigit():
        parts.append(f"{time[:2]}:{time[2:4]}")
    return " ".join(parts)


def moment(time: datetime) -> str:
    """When something was said, to the minute, where the reader is."""
    return time.astimezone().strftime("%Y-%m-%d %H:%M")


def visible(text: str) -> str:
    """One line of text in which nothing can hide: control and direction marks become visible."""
    if text.isprintable():
        return text
    whole = _NO_BYTE.sub("\N{REPLACEMENT CHARACTER}", text)
    readable = os.fsencode(whole).decode("utf-8", "backslashreplace") if _broken(whole) else whole
    return "".join(
        "\N{REPLACEMENT CHARACTER}" if unicodedata.category(sign) in _HIDDEN else sign
        for sign in readable
    )


def clauses(*parts: str) -> str:
    """Parts of one sentence in a row, with the language's own comma; empty ones are left out."""
    return translate("Words", ", ").join(filter(None, parts))


def sentences(*parts: str) -> str:
    """Sentences without their full stops in a row, with the language's own stop between them."""
    return translate("Words", ". ").join(filter(None, parts))


def tooltip(*lines: str) -> str:
    """Lines of plain text for a tooltip, which Qt would otherwise read as markup."""
    escaped = "<br>".join(html.escape(unbroken(line)) for line in lines if line)
    return f"<span>{escaped}</span>" if escaped else ""


def _broken(text: str) -> bool:
    return any("\ud800" <= sign <= "\udfff" for sign in text)
