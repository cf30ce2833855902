"""The walls between the packages, and the ceiling that keeps functions small."""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("imaging", "model", "trainer", "export", "desktop")
FUNCTION_LINES = 40


def _modules(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def _functions(module: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            first = min([node.lineno, *(mark.lineno for mark in node.decorator_list)])
            yield node.name, (node.end_lineno or first) - first + 1


def test_import_contracts_hold() -> None:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stdout + answer.stderr


def test_every_room_of_the_program_has_its_layers_in_an_exhaustive_contract() -> None:
    """The trainer's rooms stand in one contract among themselves, without layers of their own."""
    told = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    layered = {
        container
        for contract in told["tool"]["importlinter"]["contracts"]
        if contract.get("exhaustive")
        for container in contract["containers"]
    }
    folders = {module.parent for module in _modules("imaging", "model", "export", "desktop")}
    rooms = {
        ".".join(folder.relative_to(ROOT).parts)
        for folder in folders
        if len(list(folder.glob("*.py"))) > 2  # besides __init__.py
    }
    assert rooms - layered == set()


@pytest.mark.parametrize("package", PACKAGES)
def test_functions_stay_below_their_ceiling(package: str) -> None:
    too_long = [
        f"{module.relative_to(ROOT)}: {name} has {length} lines"
        for module in _modules(package)
        for name, length in _functions(module)
        if length > FUNCTION_LINES
    ]
    assert not too_long, "\n".join(too_long)


def test_tests_have_no_init_modules() -> None:
    assert not list((ROOT / "tests").rglob("__init__.py"))


@pytest.mark.parametrize("package", PACKAGES)
def test_every_folder_of_modules_is_a_package(package: str) -> None:
    bare = {path.parent for path in _modules(package)} - {
        path.parent for path in (ROOT / package).rglob("__init__.py")
    }
    assert not bare, f"no __init__.py, so setup leaves it out: {sorted(map(str, bare))}"


def test_no_half_merged_text_is_left() -> None:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    names = [name for name in listed.stdout.decode().split("\0") if name]
    marks = (b"<" * 7 + b" ", b">" * 7 + b" ")
    left = [
        name
        for name in names
        if (ROOT / name).is_file()
        and not name.endswith((".onnx", ".png", ".ico", ".qm"))
        and any(line.startswith(marks) for line in (ROOT / name).read_bytes().splitlines())
    ]
    assert left == []
