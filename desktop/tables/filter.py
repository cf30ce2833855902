"""Filter: which rows of the findings table the reader asked to see."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Having(Enum):
    """What a row must have to be shown."""

    ANYTHING = "anything"
    RESULT = "result"
    NO_RESULT = "no_result"
    WARNING = "warning"
    UNREAD = "unread"
    KEY = "key"


@dataclass(frozen=True)
class Filter:
    """What the reader asked to see; the default hides nothing."""

    text: str = ""
    only_above: bool = False
    having: Having = Having.ANYTHING
