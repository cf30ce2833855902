"""``python -m tests.before_and_after REVISION PATH...``: the same images through two programs.

An earlier revision of the program, taken from git, and the one at hand score the same paths with
the same model file, without ``--model`` the CPU model of that revision. Printed: how many rows of
``images.csv`` have a score in both with every number equal, which rows differ, and why a row has a
score in one of them alone. Exit code 1 where a number differs.
"""

from __future__ import annotations

import argparse
import csv
import os
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MODEL = Path("resources") / "weights" / "head-ct-int8.onnx"
COMMANDS = ("desktop/commands/cli.py", "desktop/cli.py")
"""Where the command line stands, today and in 0.1."""
NUMBERS = ("logit", "threshold", "prediction")
Row = dict[str, str]


@dataclass
class Found:
    """What the two tables say of the same rows."""

    equal: int = 0
    without: int = 0
    """Rows without a score in both."""
    other: list[str] = field(default_factory=list)
    """Rows with a score in both of which a number differs."""
    alone: list[str] = field(default_factory=list)
    """Rows with a score in one table alone, with the other's reason."""


def compare(before: list[Row], after: list[Row]) -> Found:
    """Compare the rows of two tables of images; a row that one of them lacks counts as other."""
    found = Found()
    one, two = ({(row["file_path"], row["frame"]): row for row in rows} for rows in (before, after))
    for key in sorted(one.keys() | two.keys()):
        name = " #".join(key)
        if key not in one or key not in two:
            found.other.append(f"{name}: in one table alone")
        elif _score(one[key]) and _score(two[key]):
            changed = [
                f"{column} {one[key][column]} -> {two[key][column]}"
                for column in (*NUMBERS, _probability(one[key]))
                if one[key][column] != two[key][column]
            ]
            found.equal += not changed
            found.other += [f"{name}: {', '.join(changed)}"] if changed else []
        elif _score(one[key]):
            found.alone.append(f"{name}: no score any more: {two[key]['status_reason']}")
        elif _score(two[key]):
            found.alone.append(f"{name}: has a score now; before: {one[key]['status_reason']}")
        else:
            found.without += 1
    return found


def _probability(row: Row) -> str:
    return next(column for column in row if column.startswith("probability_"))


def _score(row: Row) -> str:
    return row[_probability(row)]


def scored(program: Path, paths: list[Path], model: Path, table: Path) -> list[Row]:
    """The table of images that a program in a folder writes."""
    command = next(each for each in COMMANDS if (program / each).is_file())
    module = command.removesuffix(".py").replace("/", ".")
    arguments = ["screen", *map(str, paths), "--csv", str(table), "--model", str(model)]
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments, "--device", "cpu", "--no-progress"],
        cwd=program,
        env={**os.environ, "PYTHONPATH": str(program)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode not in (0, 1):
        sys.exit(f"{program}: {done.stderr or done.stdout}")
    with table.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def main() -> int:
    """Score with both programs and compare."""
    parser = argparse.ArgumentParser(prog="python -m tests.before_and_after", description=__doc__)
    parser.add_argument("revision", help="of the program before, such as a tag or a commit")
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH")
    parser.add_argument("--model", type=Path, help="an .onnx file that both can read")
    chosen = parser.parse_args()
    paths = [path.absolute() for path in chosen.paths]
    with tempfile.TemporaryDirectory() as folder:
        earlier = Path(folder) / "before"
        packed = subprocess.run(
            ["git", "archive", chosen.revision], cwd=ROOT, capture_output=True, check=True
        )
        with tarfile.open(fileobj=BytesIO(packed.stdout)) as tree:
            tree.extractall(earlier, filter="data")
        model = chosen.model.absolute() if chosen.model else earlier / MODEL
        before = scored(earlier, paths, model, Path(folder) / "before.csv")
        after = scored(ROOT, paths, model, Path(folder) / "after.csv")
    found = compare(before, after)
    print("\n".join(found.other + found.alone))
    print(
        f"{found.equal} rows with every number equal, {len(found.other)} with another, "
        f"{len(found.alone)} with a score in one alone, {found.without} without one in both."
    )
    return int(bool(found.other))


if __name__ == "__main__":
    sys.exit(main())
