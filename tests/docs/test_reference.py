"""The reference pages name every column and every option, and none that is not there."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from desktop import __main__ as window
from desktop.commands import cli
from desktop.engine.report_rows import image_columns, series_columns
from export import __main__ as export
from imaging.samples.samples import write_samples
from setup.pages import knobs, meanings
from trainer import __main__ as trainer
from trainer.settings import Settings

DOCS = Path(__file__).resolve().parents[2] / "docs" / "researcher"
PYTHON = "## Python in five lines"
OF_OTHERS = {
    "--also",
    "--describe",
    "--first-without",
    "--fresh-views",
    "--last-stage-steps",
    "--logits",
    "--mean",
    "--model-out",
    "--no-left-out",
    "--parts",
    "--subgroup-column",
    "--thresholds",
    "--tune",
    "--tune-stages",
    "--views",
}
"""Options of what stands in place of DATA."""
OPTION = re.compile(r"(?<![\w-])--[a-z][a-z0-9-]*")


def _section(page: str, heading: str) -> str:
    text = (DOCS / page).read_text(encoding="utf-8")
    return re.split(r"^#+ ", text.split(f"{heading}\n", 1)[1], maxsplit=1, flags=re.MULTILINE)[0]


@pytest.mark.parametrize(
    ("heading", "columns"),
    [("### images.csv", image_columns), ("### series.csv", series_columns)],
)
def test_the_columns_of_a_table_are_listed_in_order(
    heading: str, columns: Callable[[str], Sequence[str]]
) -> None:
    named = re.findall(r"^\| `([^`]+)` \|", _section("files.md", heading), re.MULTILINE)
    assert tuple(named) == tuple(columns("<class>"))


@pytest.mark.parametrize(
    ("heading", "command", "main"),
    [
        ("## cranioscope", ["screen"], cli.main),
        ("## cranioscope-window", [], window.main),
        ("## cranioscope-train", [], trainer.main),
        ("## cranioscope-export", [], export.main),
    ],
)
def test_the_options_of_a_command_are_listed(
    heading: str,
    command: list[str],
    main: Callable[[Sequence[str]], int],
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit):
        main([*command, "--help"])
    options = set(OPTION.findall(capsys.readouterr().out)) - {"--help"}
    assert set(OPTION.findall(_section("commands.md", heading))) - OF_OTHERS == options


def test_every_setting_says_what_it_means() -> None:
    assert [name for name, _, said in knobs(Settings()) if not said] == []


@dataclass
class _Undocumented:
    first: int = 1
    """Said
    on two lines."""
    second: int = 2


def test_a_meaning_is_the_docstring_below_its_field() -> None:
    assert meanings(_Undocumented) == {"first": "Said on two lines.", "second": ""}


def test_the_five_lines_of_python_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    series = next(path for path in write_samples(tmp_path).iterdir() if "with bleed" in path.name)
    (block,) = re.findall(r"```python\n(.*?)```", _section("commands.md", PYTHON), re.DOTALL)
    monkeypatch.chdir(DOCS.parent.parent)
    exec(block.replace("slice.dcm", str(sorted(series.iterdir())[6])), {})
    probability, novel = capsys.readouterr().out.split()
    assert 0.0 < float(probability) < 1.0
    assert novel == "False"
