"""Writes the tables of docs/ that come from the code: python -m setup.pages docs.

A page holds such a table between ``<!-- from the code: NAME -->`` and ``<!-- end -->``. What lies
between is replaced; the rest is written by hand.
"""

from __future__ import annotations

import ast
import inspect
import json
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any

from model.card import ModelCard
from model.confusion import Confusion
from model.evidence import at_threshold
from model.onnx_file import read_onnx
from model.proportion import Interval
from model.series_point import SeriesPoints
from trainer import article
from trainer.recipes import RECIPES
from trainer.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
MODELS = {"INT8 (CPU)": "head-ct-int8.onnx", "fp16 (GPU)": "head-ct-fp16.onnx"}
"""The models that ship, by the name that the pages give them."""
BLOCK = re.compile(r"(<!-- from the code: ([\w -]+) -->\n).*?(\n<!-- end -->)", re.DOTALL)

Rows = Sequence[Sequence[str]]


def table(columns: Sequence[str], rows: Rows) -> str:
    """A table in Markdown."""
    lines = [columns, ["---"] * len(columns), *rows]
    return "\n".join(
        f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in lines
    )


def meanings(kind: type) -> dict[str, str]:
    """The docstring below each field of a dataclass, by the field's name; empty where none is."""
    body = ast.parse(inspect.getsource(kind)).body[0]
    assert isinstance(body, ast.ClassDef)
    found: dict[str, str] = {}
    for node, after in zip(body.body, [*body.body[1:], None], strict=True):
        if not (isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)):
            continue
        value = after.value if isinstance(after, ast.Expr) else None
        said = value.value if isinstance(value, ast.Constant) else ""
        found[node.target.id] = " ".join(str(said).replace("``", "`").split())
    return found


def shown(value: object) -> str:
    """A setting's value as JSON writes it, in code marks."""
    return f"`{json.dumps(_plain(value), ensure_ascii=False)}`"


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return {part.name: _plain(getattr(value, part.name)) for part in fields(value)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    return value


def knobs(settings: Settings) -> Iterator[tuple[str, object, str]]:
    """Every setting: its name as ``group.name``, its value, and what it means."""
    said = meanings(Settings)
    for part in fields(Settings):
        value = getattr(settings, part.name)
        if not is_dataclass(value):
            yield part.name, value, said[part.name]
            continue
        inner = meanings(type(value))
        for each in fields(value):
            yield f"{part.name}.{each.name}", getattr(value, each.name), inner[each.name]


def settings_table() -> str:
    """Every setting of training with its default."""
    rows = [(f"`{name}`", shown(value), said) for name, value, said in knobs(Settings())]
    return table(("setting", "default", "meaning"), rows)


def recipes_table() -> str:
    """What each recipe has in place of the defaults: a row a setting, a column a recipe."""
    named = sorted(RECIPES)
    values = {name: {knob: value for knob, value, _ in knobs(RECIPES[name])} for name in named}
    rows = []
    for knob, default, _ in knobs(Settings()):
        own = [shown(values[name][knob]) if values[name][knob] != default else "" for name in named]
        if any(own) and knob != "name":
            rows.append((f"`{knob}`", shown(default), *own))
    return table(("setting", "default", *(f"`{name}`" for name in named)), rows)


@cache
def cards() -> dict[str, ModelCard]:
    """The cards of the models that ship."""
    place = ROOT / "resources" / "weights"
    return {
        name: ModelCard.from_metadata(read_onnx((place / file).read_bytes()).metadata)
        for name, file in MODELS.items()
    }


def _rates(found: Confusion) -> tuple[str, str]:
    return str(found.sensitivity), str(found.specificity)


def _size(found: Confusion) -> str:
    return f"{found.total} ({found.true_positive + found.false_negative} +)"


def model_results_table() -> str:
    """Sensitivity and specificity at the default threshold, as the cards have them."""
    rows = []
    for name, card in cards().items():
        sets = {"tuning (optimistic)": at_threshold(card, card.threshold)}
        if card.test is not None:
            sets = {"internal test": card.test} | sets
        for part, found in sets.items():
            rows.append((name, part, _size(found), f"{card.threshold:.4f}", *_rates(found)))
    columns = ("model", "set", "images", "default threshold", "sensitivity", "specificity")
    return table(columns, rows)


def operating_points_table() -> str:
    """Every operating point of every card, with its rates on the tuning set."""
    rows = []
    for name, card in cards().items():
        for point in card.operating_points:
            rates = _rates(at_threshold(card, point.threshold))
            rows.append((name, f"`{point.name}`", f"{point.threshold:.4f}", point.rule, *rates))
    columns = ("model", "operating point", "threshold", "rule", "sensitivity", "specificity")
    return table(columns, rows)


def model_facts_table() -> str:
    """What the cards say of the models beside their results."""
    every = cards().values()
    rows = [
        ("name", *(card.name for card in every)),
        ("input", *(f"{card.recipe.size}×{card.recipe.size}, grey" for card in every)),
        ("fold", *(str(card.fold) for card in every)),
        ("temperature", *(f"{card.temperature:.4f}" for card in every)),
        ("novelty cut", *(f"{card.novelty_cut:.2f}" for card in every)),
        ("data fingerprint", *(f"`{card.data_fingerprint[:16]}`" for card in every)),
        ("made with", *(_versions(card) for card in every)),
    ]
    return table(("", *cards()), rows)


def _versions(card: ModelCard) -> str:
    return "; ".join(f"{name} {number}" for name, number in sorted(card.versions.items()))


def article_table() -> str:
    """What the article leaves open, and what its recipe does here."""
    return table(("choice", "in `article`", "why"), article.table(RECIPES[article.ARTICLE]))


def series_points_table() -> str:
    """What the rule of single images asks of a series and what that costs, by the INT8 card."""
    card = cards()["INT8 (CPU)"]
    points = SeriesPoints(card, card.threshold)
    rows = []
    for images in (5, 7, 10, 20, 28, 40, 100, 200):
        point = points.of(images)
        at_most = Interval(point.false_alarms, *point.false_alarms_interval).percent
        bleeds = str(point.evidence.sensitivity)
        rows.append((str(images), str(point.counted), f"{point.threshold:.3f}", at_most, bleeds))
    columns = ("images", "must reach it", "threshold", "false alarms, at most (95 % CI)")
    return table((*columns, "single bleeds that reach it"), rows)


BLOCKS: Mapping[str, Callable[[], str]] = {
    "article": article_table,
    "settings": settings_table,
    "recipes": recipes_table,
    "model facts": model_facts_table,
    "model results": model_results_table,
    "operating points": operating_points_table,
    "series points": series_points_table,
}
"""What makes each table."""


def filled(page: str) -> str:
    """A page with its tables made anew. Raises KeyError for a table that nothing makes."""
    return BLOCK.sub(lambda found: f"{found[1]}\n{BLOCKS[found[2]]()}\n{found[3]}", page)


def main() -> None:
    """Fill every page of a folder; says which of them changed."""
    for path in sorted(Path(sys.argv[1]).rglob("*.md")):
        before = path.read_text(encoding="utf-8")
        after = filled(before)
        if after != before:
            path.write_text(after, encoding="utf-8")
            print(f"{path}: made anew")


if __name__ == "__main__":
    main()
