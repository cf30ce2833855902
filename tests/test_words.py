"""One word for each thing, the field's own: what the glossary does not know stays out of the tree.

A word that is another thing's proper name (a key in a file, a library's, DICOM's) is allowed on the
lines that a rule names. The lock files, which are generated, are not looked at.
"""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
TEXT = (".csv", ".json", ".md", ".py", ".qss", ".sh", ".spec", ".toml", ".ts", ".yml", "Makefile")
LEFT_OUT = ("requirements/", "tests/test_words.py")
ONNX_INPUT = r"""["']scan["']|名为 scan|(named|by the name of) scan"""


@dataclass(frozen=True)
class Rule:
    """A word that is not said, what is said in its place, and the lines where it may stand."""

    word: str
    """A regular expression; upper and lower case are one."""
    instead: str
    allowed: str = "(?!)"
    """A regular expression of lines."""
    within: tuple[str, ...] = ("",)
    """How the paths begin that the rule is for."""


RULES = (
    Rule("picture", "image", r"QPicture|\"(not_a_picture_object|hounsfield_picture)\""),
    Rule(
        r"(?<![a-z])scans?(?![a-z\[])|(?-i:Scan[A-Z])",
        "image, series or study",
        rf"{ONNX_INPUT}|\bscan: str|self\.scan\b|b\"\\xff\\xda\"|_SCAN\)|\bSCANS?\b",
    ),
    Rule("verdict", "result"),
    Rule(r"(?<![a-z])judg(e|ing)", "assess, or score"),
    Rule(r"(?<![a-z])stranger", "out of distribution; an image of another patient"),
    Rule(r"veil", "blinded"),
    Rule("screening", "run, or scoring", within=("desktop/", "imaging/", "model/", "tests/")),
    Rule(
        r"(?<![a-z])weights",
        "model",
        r"resources/weights|\"weights\"|/ \"weights\"",
        within=("desktop/",),
    ),
    Rule("frozen[_ ]threshold", "default threshold", r"0\.1|said\.pop\("),
    Rule("false discovery|false omission", "1 − PPV, 1 − NPV"),
    Rule(r"\bdrove\b", "raised the score"),
    Rule(r"folds\.held_out", "internal test; images are held out by one fold alone"),
    Rule(r"\b(grayscale|colored|behavior|recogniz|centered|labeled)", "British English"),
    Rule("热图", "热力图"),
    Rule("主要诊断", "首要诊断"),
    Rule("固定阈值", "默认阈值"),
)


@cache
def _lines() -> tuple[tuple[str, int, str], ...]:
    """Path, number and text of every line that is looked at."""
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True)
    names = [
        name
        for name in listed.stdout.splitlines()
        if name.endswith(TEXT) and not name.startswith(LEFT_OUT) and (ROOT / name).is_file()
    ]
    return tuple(
        (name, number, line)
        for name in names
        for number, line in enumerate((ROOT / name).read_text("utf-8").splitlines(), start=1)
    )


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.instead)
def test_no_other_word_is_said(rule: Rule) -> None:
    word, allowed = re.compile(rule.word, re.IGNORECASE), re.compile(rule.allowed)
    found = [
        f"{name}:{number}: {line.strip()}"
        for name, number, line in _lines()
        if name.startswith(rule.within) and word.search(line) and not allowed.search(line)
    ]
    assert not found, f'say "{rule.instead}":\n' + "\n".join(found)
