"""Puts messages into the language that the reader has chosen."""

from __future__ import annotations

import locale
import os
from collections.abc import Mapping

from imaging.errors import Problem
from imaging.messages import Message, MessageCode

LANGUAGES = ("en", "zh_CN")
_chosen: Mapping[MessageCode, str] = {}
"""The templates of the chosen language; empty for English, whose stand beside the codes."""


def choose_language(code: str) -> None:
    """Speak this language from now on: ``zh_CN``, or English for any other code."""
    global _chosen
    if code == "zh_CN":
        from desktop.text.chinese import ZH_CN  # knows every room: only who needs it waits for it

        _chosen = ZH_CN
    else:
        _chosen = {}


def system_language() -> str:
    """The language of the system, without Qt: ``zh_CN`` for any Chinese, else ``en``.

    By the first of LC_ALL, LC_MESSAGES and LANG that is set, as gettext has it; on Windows, which
    has none of them, by the locale of the program.
    """
    said = [os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG")]
    name = next(filter(None, [*said, locale.getlocale()[0]]), "")
    return "zh_CN" if name.startswith(("zh", "Chinese")) else "en"


def template_of(code: MessageCode) -> str:
    """The template of a code in the chosen language."""
    return _chosen.get(code, code.template)


def text_of(what: Message | Problem) -> str:
    """A message, or a problem with its detail before the full stop, in the chosen language."""
    return what.text(template_of)
