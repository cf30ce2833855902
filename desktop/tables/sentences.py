"""The engine's sentences in the reader's language; the engine itself speaks English and no Qt.

``{0}`` stands for what a sentence says of the file at hand; the first that fits is taken. A test
compares the list with the code.
"""

from __future__ import annotations

import re
from functools import cache

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

SENTENCES = (
    # desktop/engine/series_sentences: what says more before what says less
    QT_TRANSLATE_NOOP(
        "Sentence",
        "Judged pictures: {0}, of which {1} must reach the threshold of the series: {2}, that of "
        "single pictures.",
    ),
    QT_TRANSLATE_NOOP(
        "Sentence",
        "Judged pictures: {0}, of which {1} must reach the threshold of the series: {2}.",
    ),
    QT_TRANSLATE_NOOP("Sentence", "A series of one judged picture counts as that picture."),
    QT_TRANSLATE_NOOP(
        "Sentence",
        "Of series with so many pictures and without the finding, at most {0} are expected to "
        "reach it, however much their pictures resemble each other, if they are like those it was "
        "worked out on.",
    ),
    QT_TRANSLATE_NOOP(
        "Sentence",
        "Too few negatives to say whether at most {0} of series without the finding reach it: "
        "{1}, where {2} are needed; it is just above the highest of them.",
    ),
    QT_TRANSLATE_NOOP(
        "Sentence",
        "Too few negatives to say whether at most {0} of series without the finding reach it: "
        "{1}, where {2} are needed.",
    ),
    QT_TRANSLATE_NOOP(
        "Sentence",
        "Expected false alarms: at most {0} % of series without the finding (95 % interval {1} to "
        "{2} %; {3} of {4} held-out scans without it reach the threshold).",
    ),
    QT_TRANSLATE_NOOP(
        "Sentence",
        "Of single pictures with the finding, {0} of {1} reach it: {2} % "
        "(95 % interval {3} to {4} %).",
    ),
    QT_TRANSLATE_NOOP(
        "Sentence", "How many single pictures with the finding reach it is not known."
    ),
    QT_TRANSLATE_NOOP(
        "Sentence",
        "There are no labelled series: how many series with the finding reach their threshold "
        "is not known.",
    ),
    # scans/sandbox
    QT_TRANSLATE_NOOP("Sentence", "No process can be started that reads the files: {0}."),
    QT_TRANSLATE_NOOP("Sentence", "It needs a /dev/shm that may be written to."),
)


def spoken(sentence: str) -> str:
    """A sentence of the engine in the reader's language; as it is where it is not in the list."""
    for template, pattern in _patterns():
        match = pattern.fullmatch(sentence)
        if match is not None:
            translated = QCoreApplication.translate("Sentence", template)
            parts = [spoken(part) if part != sentence else part for part in match.groups()]
            return translated.format(*parts) if parts else translated
    return sentence


@cache
def _patterns() -> list[tuple[str, re.Pattern[str]]]:
    return [(str(each), _pattern(str(each))) for each in SENTENCES]


def _pattern(template: str) -> re.Pattern[str]:
    pieces = re.split(r"\{\d\}", template)
    return re.compile("(.+?)".join(map(re.escape, pieces)), re.DOTALL)
