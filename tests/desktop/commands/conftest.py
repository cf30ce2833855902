"""What tests of the commands share: a home of their own, a tiny model, no child processes."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest

from tests.make.called import called
from tests.make.tiny_model import tiny_model


@pytest.fixture
def own_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A home without anything in it, on a system that speaks English."""
    for name in ("HOME", "XDG_STATE_HOME", "LOCALAPPDATA"):
        monkeypatch.setenv(name, str(tmp_path / "home"))
    monkeypatch.setenv("LC_ALL", "C")


class _InThisProcess:
    """Stands for the sandbox where starting children would take all the time of a test."""

    def __enter__(self) -> _InThisProcess:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def start(self) -> None:
        pass

    def submit(self, function: Callable[..., Any], *arguments: object) -> Future[Any]:
        return called(function, *arguments)


@pytest.fixture
def no_children(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are read in this process."""
    monkeypatch.setattr("imaging.sandbox.sandbox.Sandbox", _InThisProcess)


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model file that answers by the mean grey."""
    return tiny_model(tmp_path_factory.mktemp("model") / "tiny.onnx", novelty_cut=1000.0)
