"""All that the program can say, found by looking."""

from __future__ import annotations

import importlib
import pkgutil
import string
from collections.abc import Iterator

import desktop
import imaging
import model
from imaging.messages import MessageCode

QT_ROOMS = ("window", "viewer", "state", "tables", "jobs", "app", "screenshot", "__main__")


def every_code() -> list[MessageCode]:
    """The members of every subclass of MessageCode in imaging, model and the engine."""
    for package in (imaging, model, desktop):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if package is not desktop or module.name.split(".")[1] not in QT_ROOMS:
                importlib.import_module(module.name)
    kinds = [kind for kind in _below(MessageCode) if not kind.__module__.startswith("tests")]
    return [member for kind in kinds for member in kind]


def _below(kind: type[MessageCode]) -> Iterator[type[MessageCode]]:
    for below in kind.__subclasses__():
        yield below
        yield from _below(below)


def fields(template: str) -> list[tuple[str, str]]:
    """The names of a template's values, each with its format."""
    return sorted(
        (name, form or "")
        for _, name, form, _ in string.Formatter().parse(template)
        if name is not None
    )
