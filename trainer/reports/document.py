"""A report as a list of blocks, written as one self-contained HTML page or as Markdown."""

from __future__ import annotations

import base64
import html
from collections.abc import Sequence
from dataclasses import dataclass

STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; color: #1c1c1c; background: #fff;
       max-width: 72rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.2rem; margin-top: 2.2rem; }
p { max-width: 54rem; }
table { border-collapse: collapse; font-size: .9rem; margin: 1rem 0; }
caption { text-align: left; color: #555; padding-bottom: .3rem; }
th, td { padding: .25rem .8rem .25rem 0; border-bottom: 1px solid #ddd; text-align: left;
         font-variant-numeric: tabular-nums; vertical-align: top; white-space: nowrap; }
td.long { white-space: normal; }
img { max-width: 100%; } figure { margin: 1rem 0; } figcaption { color: #555; }
.warning { border-left: 4px solid #b35900; padding: .3rem .8rem; background: #fff6ec; }
"""
LONG = 40
"""Letters from which a cell is prose, that may be broken; a number with its interval may not."""


@dataclass(frozen=True)
class Heading:
    """The title of a section."""

    text: str


@dataclass(frozen=True)
class Paragraph:
    """Sentences; a warning is set apart."""

    text: str
    warning: bool = False


@dataclass(frozen=True)
class Table:
    """Rows of text under column names."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Figure:
    """An image that lies beside the page under that name; Markdown leaves it out."""

    name: str
    png: bytes
    caption: str


Block = Heading | Paragraph | Table | Figure


def to_html(title: str, blocks: Sequence[Block]) -> str:
    """One page that needs no other file."""
    body = "\n".join(_html(block) for block in blocks)
    return (
        f'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{html.escape(title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n"
        f"<h1>{html.escape(title)}</h1>\n{body}\n</body>\n</html>\n"
    )


def to_markdown(title: str, blocks: Sequence[Block]) -> str:
    """Headings, paragraphs and tables, without the figures."""
    parts = [f"# {title}", *(_markdown(b) for b in blocks if not isinstance(b, Figure))]
    return "\n\n".join(parts) + "\n"


def _html(block: Block) -> str:
    if isinstance(block, Heading):
        return f"<h2>{html.escape(block.text)}</h2>"
    if isinstance(block, Paragraph):
        mark = ' class="warning"' if block.warning else ""
        return f"<p{mark}>{html.escape(block.text)}</p>"
    if isinstance(block, Figure):
        data = base64.b64encode(block.png).decode("ascii")
        caption = html.escape(block.caption)
        return (
            f'<figure><img src="data:image/png;base64,{data}" alt="{caption}">'
            f"<figcaption>{caption}</figcaption></figure>"
        )
    rows = [_cells("th", block.columns), *(_cells("td", row) for row in block.rows)]
    caption = f"<caption>{html.escape(block.caption)}</caption>"
    return f"<table>{caption}\n" + "\n".join(rows) + "\n</table>"


def _cells(tag: str, texts: Sequence[str]) -> str:
    cells = []
    for text in texts:
        mark = ' class="long"' if len(text) > LONG else ""
        cells.append(f"<{tag}{mark}>{html.escape(text)}</{tag}>")
    return f"<tr>{''.join(cells)}</tr>"


def _markdown(block: Heading | Paragraph | Table) -> str:
    if isinstance(block, Heading):
        return f"## {block.text}"
    if isinstance(block, Paragraph):
        return f"> {block.text}" if block.warning else block.text
    lines = [block.columns, ("---",) * len(block.columns), *block.rows]
    table = "\n".join("| " + " | ".join(_escaped(cell) for cell in line) + " |" for line in lines)
    return f"{block.caption}\n\n{table}"


def _escaped(cell: str) -> str:
    return cell.replace("|", "\\|").replace("\n", " ")
