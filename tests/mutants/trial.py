"""Runs the tests of a module with one mutant, in a copy of the tree, each in a child of its own."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterable
from enum import Enum
from pathlib import Path

from tests.mutants.mutations import Mutant

_HEAVY = ("PySide6.QtWidgets", "imagecodecs", "nibabel", "onnxruntime", "pydicom")
"""Libraries that are imported once, before the children fork."""


class Outcome(Enum):
    """What the tests said of a mutant."""

    KILLED = "killed"
    SURVIVED = "survived"


class Tree:
    """A tree in which a module may be changed: never the one that is worked in."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._writes = 0
        self._context = multiprocessing.get_context("fork")
        for library in _HEAVY:
            __import__(library)

    @classmethod
    def copied(cls, root: Path, copy: Path) -> Tree:
        """The files that git knows below ``root``, copied into the folder ``copy``."""
        listed = subprocess.run(
            ["git", "ls-files", "-z"], cwd=root, capture_output=True, check=True
        )
        for name in filter(None, listed.stdout.decode().split("\0")):
            if (root / name).is_file():
                (copy / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(root / name, copy / name)
        return cls(copy)

    def tests_of(self, module: Path) -> list[Path]:
        """The test file that mirrors a module, then those beside it that import it.

        Without any, those of the whole package that import it; else all beside where it would be:
        such a module is tested through the others of its room.
        """
        room, package = Path("tests") / module.parent, Path("tests") / module.parts[0]
        beside = sorted((self.root / room).glob("test_*.py"))
        dotted = ".".join(module.with_suffix("").parts)

        def importing(files: Iterable[Path]) -> list[Path]:
            return [file for file in files if dotted in file.read_text("utf-8")]

        mirror = [file for file in beside if file.name == f"test_{module.name}"]
        near = [*mirror, *(file for file in importing(beside) if file not in mirror)]
        far = importing(sorted((self.root / package).rglob("test_*.py")))
        return [file.relative_to(self.root) for file in near or far or beside]

    def trial(self, mutant: Mutant, limit: float) -> Outcome:
        """Whether a test fails, or the tests take longer than ``limit`` seconds."""
        source = (self.root / mutant.module).read_bytes()
        try:
            self._write(mutant.module, mutant.applied(source))
            passed = self.passes(self.tests_of(mutant.module), limit)
        finally:
            self._write(mutant.module, source)
        return Outcome.SURVIVED if passed else Outcome.KILLED

    def passes(self, tests: list[Path], limit: float) -> bool:
        """Whether all these tests pass within ``limit`` seconds."""
        child = self._context.Process(target=_run, args=(self.root, [str(test) for test in tests]))
        child.start()
        child.join(limit)
        if child.exitcode is None:
            os.killpg(child.pid or 0, signal.SIGKILL)
            child.join()
        return child.exitcode == 0

    def _write(self, module: Path, source: bytes) -> None:
        """Write a module so that no compiled file of an earlier state passes for it."""
        path = self.root / module
        path.write_bytes(source)
        self._writes += 1
        os.utime(path, (self._writes, self._writes))


def _run(root: Path, tests: list[str]) -> None:
    """Run tests in silence up to the first that fails; what they start ends with this group."""
    import pytest

    os.setsid()
    os.chdir(root)
    os.environ["PYTHONPATH"] = str(root)
    sys.path.insert(0, str(root))
    for name in [name for name in sys.modules if name.partition(".")[0] == "tests"]:
        del sys.modules[name]
    with Path(os.devnull).open("w") as nowhere:
        os.dup2(nowhere.fileno(), 1)
        os.dup2(nowhere.fileno(), 2)
    os._exit(pytest.main(["-q", "-x", "-p", "no:cacheprovider", *tests]))
