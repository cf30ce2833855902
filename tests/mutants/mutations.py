"""What is changed in a module, one thing at a time.

A documented number, where a bound lies, ``and`` or ``or``, a bound of a range or slice, and what a
field is without a value.
"""

from __future__ import annotations

import ast
import itertools
from collections.abc import Callable, Iterator
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
    LOGIC = "logic"
    """``and`` becomes ``or``, and the other way round."""
    RANGES = "ranges"
    """A bound of a range or a slice is one further on."""
    DEFAULTS = "defaults"
    """The number, or yes and no, that a field of a class has without a value."""


@dataclass(frozen=True)
class Mutant:
    """One change of one module: bytes ``start`` to ``end`` become ``after``."""

    module: Path
    """Relative to the root of the tree."""
    kind: Kind
    line: int
    name: str
    """The constant's or field's name, or the expression as it stands in the code."""
    start: int
    end: int
    before: str
    after: str

    @property
    def mark(self) -> str:
        """Where it is, in a word."""
        return f"{self.module}:{self.start}"

    def applied(self, source: bytes) -> bytes:
        """The module's source with the change."""
        return source[: self.start] + self.after.encode() + source[self.end :]

    def __str__(self) -> str:
        return f"{self.module}:{self.line}: {self.name}: {self.before} -> {self.after}"


class _Source:
    """A module's bytes, and where in them its expressions lie."""

    def __init__(self, module: Path, source: bytes, kind: Kind) -> None:
        self.module, self.source, self.kind = module, source, kind
        self.tree = ast.parse(source)
        self._starts = [0]
        for line in source.splitlines(keepends=True):
            self._starts.append(self._starts[-1] + len(line))

    def begin(self, node: ast.expr) -> int:
        return self._starts[node.lineno - 1] + node.col_offset

    def end(self, node: ast.expr) -> int:
        return self._starts[(node.end_lineno or node.lineno) - 1] + (node.end_col_offset or 0)

    def between(self, one: ast.expr, other: ast.expr, name: str, old: bytes, new: str) -> Mutant:
        """Another operator between two expressions."""
        at = self.source.index(old, self.end(one), self.begin(other))
        return self._made(one, name, at, at + len(old), new)

    def instead(self, node: ast.expr, name: str, new: str) -> Mutant:
        """Something else in place of an expression."""
        return self._made(node, name, self.begin(node), self.end(node), new)

    def _made(self, node: ast.expr, name: str, start: int, end: int, after: str) -> Mutant:
        before = self.source[start:end].decode()
        return Mutant(self.module, self.kind, node.lineno, name, start, end, before, after)


def mutants(module: Path, source: bytes, kind: Kind) -> list[Mutant]:
    """Every mutant of one kind, in the order of the code."""
    return list(_MADE[kind](_Source(module, source, kind)))


def _constants(source: _Source) -> Iterator[Mutant]:
    for name, value in _documented(source.tree):
        for node, number in _numbers(value):
            for after in _steps(number):
                yield source.instead(node, name, after)


def _comparisons(source: _Source) -> Iterator[Mutant]:
    for node, place, operator in comparisons(source.tree):
        left, right = [node.left, *node.comparators][place : place + 2]
        before, after = _OPERATORS[type(operator)]
        yield source.between(left, right, ast.unparse(node), before, after.decode())


def _logic(source: _Source) -> Iterator[Mutant]:
    for node in ast.walk(source.tree):
        if isinstance(node, ast.BoolOp):
            old, new = (b"and", "or") if isinstance(node.op, ast.And) else (b"or", "and")
            for one, other in itertools.pairwise(node.values):
                yield source.between(one, other, ast.unparse(node), old, new)


def _ranges(source: _Source) -> Iterator[Mutant]:
    for node in ast.walk(source.tree):
        bounds: list[ast.expr | None] = []
        if isinstance(node, ast.Slice):
            bounds = [node.lower, node.upper]
        elif isinstance(node, ast.Call) and ast.unparse(node.func) in ("range", "np.arange"):
            bounds = [*node.args[:2]]
        for bound in bounds:
            if bound is not None and not isinstance(bound, ast.Starred):
                text = ast.unparse(bound)
                yield source.instead(bound, f"bound {text}", f"(({text}) + 1)")


def _defaults(source: _Source) -> Iterator[Mutant]:
    classes = (node for node in ast.walk(source.tree) if isinstance(node, ast.ClassDef))
    for node in classes:
        for field in node.body:
            if isinstance(field, ast.AnnAssign) and field.value is not None:
                name = f"{node.name}.{ast.unparse(field.target)}"
                if isinstance(field.value, ast.Constant) and isinstance(field.value.value, bool):
                    yield source.instead(field.value, name, str(not field.value.value))
                elif _is_arithmetic(field.value):
                    [(_, number)] = _numbers(field.value)
                    for after in _steps(number):
                        yield source.instead(field.value, name, after)


_MADE: dict[Kind, Callable[[_Source], Iterator[Mutant]]] = {
    Kind.CONSTANTS: _constants,
    Kind.COMPARISONS: _comparisons,
    Kind.LOGIC: _logic,
    Kind.RANGES: _ranges,
    Kind.DEFAULTS: _defaults,
}


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


def comparisons(tree: ast.AST) -> Iterator[tuple[ast.Compare, int, ast.cmpop]]:
    """Each ordering comparison, and which one of its node; ``a < b < c`` has two."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare):
            for place, operator in enumerate(node.ops):
                if type(operator) in _OPERATORS:
                    yield node, place, operator
