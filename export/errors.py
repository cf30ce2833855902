"""What can go wrong in an export: one exception whose text is a sentence."""

from __future__ import annotations


class ExportError(Exception):
    """The weights are not exported; the text is a sentence for the person who asked for it."""
