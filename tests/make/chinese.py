"""What is wrong with a Chinese text."""

from __future__ import annotations

import re

_CHINESE = r"[\u3000-\u9fff\uff00-\uffef]"
_ASCII = re.compile(rf"{_CHINESE}\s?[,.;:]|[,.;:]\s?{_CHINESE}")


def ascii_beside_chinese(text: str) -> list[str]:
    """Where an ASCII comma, full stop, semicolon or colon stands beside a Chinese character."""
    return _ASCII.findall(text)
