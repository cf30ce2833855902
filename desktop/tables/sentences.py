"""The engine's sentences in the reader's language; the engine itself speaks English and no Qt.

``{0}`` stands for what a sentence says of the file at hand; the first that fits is taken. A test
compares the list with the code.
"""

from __future__ import annotations

import re
from functools import cache

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

SENTENCES = (
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
