"""Runs the tests of a module with one mutant, in a copy of the tree, each in a child of its own."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterable, Sequence
from enum import Enum
from pathlib import Path

from tests.mutants import equality
from tests.mutants.mutations import Mutant

_HEAVY = ("PySide6.QtWidgets", "imagecodecs", "nibabel", "onnxruntime", "pydicom")
"""Libraries that are imported once, before the children fork."""
_UNKNOWN = 4
"""What pytest ends with where it does not find a test by its name."""


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

    def meeting(self, modules: Iterable[Path]) -> dict[str, list[str]]:
        """Tests in which comparisons of these modules are at equality, by the comparisons' marks.

        Of each comparison, so many as ``equality.MOST``. Raises RuntimeError where a test fails.
        """
        sources = {module: (self.root / module).read_bytes() for module in modules}
        tests = sorted({str(test) for module in sources for test in self.tests_of(module)})
        notes = self.root / "equal.txt"
        notes.touch()
        known = {**os.environ, "PYTHONPATH": str(self.root), equality.NOTES: str(notes)}
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *tests]
        try:
            for module, source in sources.items():
                self._write(module, equality.watched(module, source))
            run = subprocess.run(
                command, cwd=self.root, env=known, capture_output=True, check=False
            )
        finally:
            for module, source in sources.items():
                self._write(module, source)
        if run.returncode:
            raise RuntimeError(run.stdout.decode(errors="replace"))
        found: dict[str, list[str]] = {}
        for line in notes.read_text("utf-8").splitlines():
            mark, _, test = line.partition(" ")
            found.setdefault(mark, []).append(test)
        return found

    def trial(self, mutant: Mutant, limit: float, seen_by: Sequence[str] = ()) -> Outcome:
        """Whether a test fails, or the tests take longer than ``limit`` seconds.

        ``seen_by``: the tests that can see the mutant, where they are known; else all that mirror
        its module.
        """
        source = (self.root / mutant.module).read_bytes()
        tests = [str(test) for test in self.tests_of(mutant.module)]
        near = [test for test in seen_by if test.partition("::")[0] in tests]
        try:
            self._write(mutant.module, mutant.applied(source))
            code = self._code(near, limit) if near else _UNKNOWN
            if code == _UNKNOWN or (code == 0 and len(seen_by) == equality.MOST):
                code = self._code(tests, limit)
        finally:
            self._write(mutant.module, source)
        return Outcome.KILLED if code else Outcome.SURVIVED

    def passes(self, tests: Iterable[Path], limit: float) -> bool:
        """Whether all these tests pass within ``limit`` seconds."""
        return self._code([str(test) for test in tests], limit) == 0

    def _code(self, tests: list[str], limit: float) -> int:
        """What pytest ends with; below zero where it took too long."""
        child = self._context.Process(target=_run, args=(self.root, tests))
        child.start()
        child.join(limit)
        if child.exitcode is None:
            os.killpg(child.pid or 0, signal.SIGKILL)
            child.join()
        return child.exitcode or 0

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
