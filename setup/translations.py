"""Brings the window's Chinese texts up to the code and compiles them: python -m setup.translations.

What the code says anew is left unfinished in the ``.ts`` file and named. Translate it there, in any
editor or in Qt Linguist, and run this again: the window shows what the ``.qm`` file holds.
"""

from __future__ import annotations

import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TEXTS = ROOT / "resources" / "translations" / "cranioscope_zh_CN.ts"


def update(texts: Path, sources: Sequence[Path]) -> None:
    """Add to a ``.ts`` file what these modules say, and drop what none of them says any more."""
    _run("lupdate", "-no-obsolete", "-locations", "none", *sources, "-ts", texts)


def compiled(texts: Path) -> Path:
    """The ``.qm`` file of a ``.ts`` file, beside it; written anew, without what is unfinished."""
    target = texts.with_suffix(".qm")
    _run("lrelease", texts, "-qm", target)
    return target


def messages(texts: Path) -> dict[tuple[str, str], str | None]:
    """Translation by context and source of a ``.ts`` file; None where it is unfinished."""
    found: dict[tuple[str, str], str | None] = {}
    for context in ElementTree.parse(texts).getroot().iter("context"):
        for message in context.iter("message"):
            key = (context.findtext("name", ""), message.findtext("source", ""))
            translation = message.find("translation")
            is_finished = translation is not None and translation.get("type") is None
            found[key] = message.findtext("translation") or None if is_finished else None
    return found


def modules() -> list[Path]:
    """Those whose texts the window shows."""
    return sorted((ROOT / "desktop").rglob("*.py"))


def _run(tool: str, *arguments: object) -> None:
    program = Path(sys.executable).with_name(f"pyside6-{tool}")
    subprocess.run([program, *map(str, arguments)], cwd=ROOT, check=True, capture_output=True)


def main(texts: Path = TEXTS, sources: Sequence[Path] | None = None) -> int:
    """Update and compile; 1 where something is left to be translated, else 0."""
    update(texts, modules() if sources is None else sources)
    compiled(texts)
    left = [key for key, translation in messages(texts).items() if translation is None]
    for context, source in left:
        print(f"not translated: {context}: {source}")
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main())
