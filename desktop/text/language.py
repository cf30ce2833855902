"""Puts messages into the language that the reader has chosen."""

from __future__ import annotations

from desktop.text.chinese import ZH_CN
from imaging.errors import Problem
from imaging.messages import Message, MessageCode

_TABLES: dict[str, dict[MessageCode, str]] = {"zh_CN": ZH_CN}
"""Templates by language; English ones stand beside the codes."""
_chosen = "en"


def choose_language(code: str) -> None:
    """Speak this language from now on: ``zh_CN``, or English for any other code."""
    global _chosen
    _chosen = code


def template_of(code: MessageCode) -> str:
    """The template of a code in the chosen language."""
    return _TABLES.get(_chosen, {}).get(code, code.template)


def text_of(what: Message | Problem) -> str:
    """A message, or a problem with its detail before the full stop, in the chosen language."""
    return what.text(template_of)
