"""Reads Markdown as a reader does: sentences, links, headings."""

from __future__ import annotations

import re
from collections.abc import Iterator

MOST_WORDS = 24
"""In a sentence of docs/."""

_FENCE = re.compile(r"^ *(```|~~~).*?^ *\1 *$", re.DOTALL | re.MULTILINE)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_LINK = re.compile(r"!?\[([^\]]*)\]\(([^)\s]+)\)")
_CODE = re.compile(r"`[^`\n]*`")
_SENTENCE_END = re.compile(r"(?<=[.!?:])[*\"”)]*\s+")
_HEADING = re.compile(r"^#+ +(.+?) *$", re.MULTILINE)


def sentences(page: str) -> Iterator[str]:
    """The sentences of a page, those in tables among them. Code counts as one word."""
    text = _COMMENT.sub("", _FENCE.sub("", page))
    text = _CODE.sub("code", _LINK.sub(r"\1", text))
    for paragraph in _paragraphs(text):
        for sentence in _SENTENCE_END.split(paragraph):
            if sentence.strip():
                yield sentence.strip()


def _paragraphs(text: str) -> Iterator[str]:
    """Lines that belong together; a list's item, a heading and a table's cell stand alone."""
    held: list[str] = []
    for line in [*text.splitlines(), ""]:
        bare = line.strip().lstrip("> ").strip()
        alone = not bare or bare.startswith(("#", "|", "!!!"))
        item = re.match(r"(?:[-*]|\d+\.) +(.*)", bare)
        if (alone or item) and held:
            yield " ".join(held)
            held = []
        if item:
            held = [item[1]]
        elif bare.startswith("|"):
            yield from re.split(r"(?<!\\)\||; ", bare.strip("|"))
        elif alone:
            yield bare.lstrip("#! ")
        else:
            held.append(bare)


def links(page: str) -> Iterator[str]:
    """Where links and images of a page lead, but for other servers."""
    text = _CODE.sub("", _FENCE.sub("", page))
    for _, target in _LINK.findall(text):
        if not re.match(r"[a-z]+:", target):
            yield target


def anchors(page: str) -> set[str]:
    """What a link can name after ``#``: the headings, spelled as in addresses."""
    found = _HEADING.findall(_FENCE.sub("", page))
    return {
        re.sub(r"[\s-]+", "-", re.sub(r"[^\w\s-]", "", _CODE_MARK.sub("", each)).strip().lower())
        for each in found
    }


_CODE_MARK = re.compile(r"`")
