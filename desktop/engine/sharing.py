"""Sharing: what thousands of images of a folder say alike is kept once."""

from __future__ import annotations

from copy import copy
from dataclasses import fields, is_dataclass
from typing import Any, TypeVar

Part = TypeVar("Part")


def sharing(new: Part, before: object) -> Part:
    """``new``, equal to what it was, made of the objects of ``before`` where the two are equal.

    Headers come from a child process, each with objects of its own; those of one series differ in
    a place and a number. Without this they take most of the memory of a large folder.
    """
    if type(new) is not type(before):
        return new
    return before if new == before else _of_shared_parts(new, before)


def _of_shared_parts(new: Any, before: Any) -> Any:
    if type(new) is tuple and len(new) == len(before):
        return tuple(map(sharing, new, before))
    if not is_dataclass(new) or isinstance(new, type):
        return new
    parts: dict[str, Any] = {
        each.name: sharing(getattr(new, each.name), getattr(before, each.name))
        for each in fields(new)
    }
    made = copy(new)  # by its own fields: what makes a Message takes other arguments than those
    for name, part in parts.items():
        object.__setattr__(made, name, part)
    return made
