"""The lock files: the same versions everywhere, hashes for all, and no place named."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

REQUIREMENTS = Path(__file__).resolve().parent.parent / "requirements"
LOCKS = ("run-cpu", "run-gpu", "package", "test", "docs")
TRAINING = {"torch", "torchvision", "lightning", "scikit-learn", "pandas", "onnx", "onnxscript"}
SITE = {"mkdocs", "mkdocs-material"}
"""What builds the documentation; see ``make docs``."""


def _text(lock: str) -> str:
    return (REQUIREMENTS / f"{lock}.txt").read_text(encoding="utf-8")


def _pins(lock: str) -> dict[str, str]:
    return dict(re.findall(r"^([\w.-]+)==([^\s;]+)", _text(lock), re.MULTILINE))


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_place(lock: str) -> None:
    assert not re.search(r"://|--index|--extra-index|--find-links|^/", _text(lock), re.MULTILINE)


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_of_a_lock_has_hashes(lock: str) -> None:
    entries = re.split(r"^(?=[\w.-]+==)", _text(lock), flags=re.MULTILINE)[1:]
    assert len(entries) == len(_pins(lock)) > 10
    assert all("--hash=sha256:" in entry for entry in entries)


@pytest.mark.parametrize("lock", ["run-cpu", "run-gpu", "package"])
def test_what_is_tested_is_what_runs(lock: str) -> None:
    tested = _pins("test")
    differing = {
        name: (version, tested[name])
        for name, version in _pins(lock).items()
        if name in tested and tested[name] != version
    }
    assert not differing


@pytest.mark.parametrize("lock", ["run-cpu", "run-gpu", "package"])
def test_the_program_installs_nothing_of_the_training(lock: str) -> None:
    assert not _pins(lock).keys() & TRAINING


@pytest.mark.parametrize("lock", ["run-cpu", "run-gpu", "package", "test"])
def test_the_documentation_alone_installs_what_builds_its_site(lock: str) -> None:
    assert not _pins(lock).keys() & SITE
    assert _pins("docs").keys() >= SITE


def test_only_one_onnxruntime_is_installed_at_a_time() -> None:
    runtimes = [_pins(lock).keys() & {"onnxruntime", "onnxruntime-gpu"} for lock in LOCKS]
    assert runtimes == [
        *({"onnxruntime"}, {"onnxruntime-gpu"}, {"onnxruntime"}, {"onnxruntime"}),
        set(),
    ]


@pytest.mark.parametrize("lock", ["run-cpu", "run-gpu", "package"])
def test_nothing_of_a_cluster_is_in_the_program(lock: str) -> None:
    assert not {"ray", "pyarrow"} & _pins(lock).keys()
