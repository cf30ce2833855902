"""What is changed in a module, one thing at a time: a documented number, or where a bound lies."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

_OPERATORS: dict[type[ast.cmpop], tuple[bytes, bytes]] = {
    ast.Lt: (b"<", b"<="),
    ast.LtE: (b"<=", b"<"),
    ast.Gt: (b">", b">="),
    ast.GtE: (b">=", b">"),
}
SMALL = 1000
"""A whole number up to this goes up and down by one; any other number by a tenth of itself."""


class Kind(Enum):
    """What a mutant changes."""

    CONSTANTS = "constants"
    """A number of a constant of the module that has a docstring."""
    COMPARISONS = "comparisons"
    """Whether an ordering comparison holds at equality."""


@dataclass(frozen=True)
class Mutant:
    """One change of one module: bytes ``start`` to ``end`` become ``after``."""

    module: Path
    """Relative to the root of the tree."""
    kind: Kind
    line: int
    name: str
    """The constant's name, or the comparison as it stands in the code."""
    start: int
    end: int
    before: str
    after: str

    def applied(self, source: bytes) -> bytes:
        """The module's source with the change."""
        return source[: self.start] + self.after.encode() + source[self.end :]

    def __str__(self) -> str:
        return f"{self.module}:{self.line}: {self.name}: {self.before} -> {self.after}"


def mutants(module: Path, source: bytes, kind: Kind) -> list[Mutant]:
    """Every mutant of one kind, in the order of the code."""
    tree = ast.parse(source)
    starts = [0]
    for line in source.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))

    def made(node: ast.AST, name: str, start: int, end: int, after: str) -> Mutant:
        before = source[start:end].decode()
        return Mutant(module, kind, getattr(node, "lineno", 0), name, start, end, before, after)

    def begin(node: ast.expr) -> int:
        return starts[node.lineno - 1] + node.col_offset

    def end(node: ast.expr) -> int:
        return starts[(node.end_lineno or node.lineno) - 1] + (node.end_col_offset or 0)

    if kind is Kind.CONSTANTS:
        return [
            made(node, name, begin(node), end(node), after)
            for name, value in _documented(tree)
            for node, number in _numbers(value)
            for after in _steps(number)
        ]
    found = []
    for node, left, operator, right in _comparisons(tree):
        before, after = _OPERATORS[type(operator)]
        at = source.index(before, end(left), begin(right))
        found.append(made(left, ast.unparse(node), at, at + len(before), after.decode()))
    return found


def _documented(tree: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    """Names and values of the module's constants below which a docstring stands."""
    for statement, following in zip(tree.body, tree.body[1:], strict=False):
        is_text = isinstance(following, ast.Expr) and isinstance(following.value, ast.Constant)
        if is_text and isinstance(statement, ast.Assign):
            yield ast.unparse(statement.targets[0]), statement.value
        elif is_text and isinstance(statement, ast.AnnAssign) and statement.value is not None:
            yield ast.unparse(statement.target), statement.value


def _numbers(value: ast.AST) -> Iterator[tuple[ast.expr, int | float]]:
    """The numbers of a value; one that is written as ``1 << 30`` or ``-0.5`` is one number."""
    if isinstance(value, ast.expr) and _is_arithmetic(value):
        number = eval(compile(ast.Expression(value), "constant", "eval"), {"__builtins__": {}})
        yield value, number
        return
    for part in ast.iter_child_nodes(value):
        yield from _numbers(part)


def _is_arithmetic(value: ast.expr) -> bool:
    match value:
        case ast.Constant(value=number):
            return isinstance(number, int | float) and not isinstance(number, bool)
        case ast.UnaryOp(operand=operand):
            return _is_arithmetic(operand)
        case ast.BinOp(left=left, right=right):
            return _is_arithmetic(left) and _is_arithmetic(right)
    return False


def _steps(number: int | float) -> tuple[str, str]:
    """A step up and a step down."""
    if isinstance(number, int):
        step = 1 if abs(number) <= SMALL else abs(number) // 10
        return str(number + step), str(number - step)
    wide = abs(number) / 10 or 0.1
    return f"{number + wide:.12g}", f"{number - wide:.12g}"


def _comparisons(tree: ast.Module) -> Iterator[tuple[ast.Compare, ast.expr, ast.cmpop, ast.expr]]:
    """Each ordering comparison with its two sides; ``a < b < c`` has two."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
            for left, operator, right in zip(sides, node.ops, sides[1:], strict=False):
                if type(operator) in _OPERATORS:
                    yield node, left, operator, right
