"""Notes which ordering comparisons ever meet two equal sides, and in which tests.

Only these tests can see a comparison change its mind at equality. One run of all tests tells them
for every comparison, where a trial of each by all tests would take hours.
"""

from __future__ import annotations

import ast
import contextlib
import os
import threading
from pathlib import Path
from typing import Any

import numpy as np

from tests.mutants.mutations import Kind, comparisons, mutants

NOTES = "CRANIOSCOPE_NOTES_OF_EQUALITY"
"""The environment variable that names the file of notes, for child processes too."""
MOST = 8
"""Tests that are noted of one comparison."""
_sides = threading.local()
_known: dict[str, set[str]] = {}


def watched(module: Path, source: bytes) -> bytes:
    """The module, made to note the marks of its comparisons whose sides are equal."""
    tree = ast.parse(source)
    known = mutants(module, source, Kind.COMPARISONS)
    for mutant, (node, place, _) in zip(known, list(comparisons(tree)), strict=True):
        if place == 0:
            node.left = _call("left", mutant.mark, node.left)
        else:
            node.comparators[place - 1] = _call("left", mutant.mark, node.comparators[place - 1])
        node.comparators[place] = _call("right", mutant.mark, node.comparators[place])
    [own] = ast.parse(f"from {__name__.rpartition('.')[0]} import equality as _equality").body
    first = tree.body[0]  # a docstring, or what may stand before an import from __future__
    begin = isinstance(first, ast.Expr) + any(
        isinstance(each, ast.ImportFrom) and each.module == "__future__" for each in tree.body
    )
    tree.body.insert(begin, own)
    return ast.unparse(ast.fix_missing_locations(tree)).encode()


def _call(name: str, mark: str, value: ast.expr) -> ast.expr:
    of = ast.Attribute(ast.Name("_equality", ast.Load()), name, ast.Load())
    return ast.Call(of, [ast.Constant(mark), value], [])


def left(mark: str, value: Any) -> Any:
    """Keep a comparison's left side until its right side is there."""
    _sides.__dict__[mark] = value
    return value


def right(mark: str, value: Any) -> Any:
    """Note the comparison and the test where its sides, or any of their items, are equal."""
    tests = _known.setdefault(mark, set())
    test = os.environ.get("PYTEST_CURRENT_TEST", "").rpartition(" ")[0]
    if len(tests) == MOST or test in tests:
        return value
    if bool(np.any(_sides.__dict__.pop(mark, None) == value)):
        tests.add(test)
        with contextlib.suppress(OSError), Path(os.environ[NOTES]).open("a") as notes:
            notes.write(f"{mark} {test}\n")
    return value
