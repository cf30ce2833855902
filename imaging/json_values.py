"""The values that JSON can hold, read back as frozen dataclasses with every type checked."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from types import UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

Kind = TypeVar("Kind")
_NUMBERS = (int, float)


def read(kind: type[Kind], value: Any, *, whole: bool = False, nan: bool = False) -> Kind:
    """``value``, as ``dataclasses.asdict`` and JSON give it, as the dataclass ``kind``.

    ``whole``: not even fields with a default may be missing. ``nan``: None stands for what is no
    number, where a float is wanted. Raises ValueError, naming the field, for what is missing,
    unknown or of another type; a number must be finite.
    """
    if whole and isinstance(value, dict):
        missing = {each.name for each in fields(kind)} - value.keys()  # type: ignore[arg-type]
        if missing:
            raise ValueError(f"{', '.join(sorted(missing))} is missing")
    made: Kind = _read(kind, value, "", nan)
    return made


def _read(kind: Any, value: Any, name: str, nan: bool) -> Any:
    origin, parts = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):  # with None, the only one in use
        [other] = [part for part in parts if part is not type(None)]
        return None if value is None else _read(other, value, name, nan)
    if origin is tuple:
        return _items(parts, value, name, nan)
    if origin in (dict, Mapping):
        pairs = _checked(dict, value, name).items()
        return {_key(parts[0], k, name): _read(parts[1], v, f"{name}.{k}", nan) for k, v in pairs}
    if is_dataclass(kind):
        return _record(kind, value, name, nan)
    if issubclass(kind, Enum):
        return kind(value)
    if nan and kind is float and value is None:
        return math.nan
    single = scalar(kind, value, name)
    if kind is float and not math.isfinite(single):
        raise ValueError(f"{name} is {single}")
    return single


def _key(kind: Any, key: Any, name: str) -> Any:
    """JSON's keys are text, also those of whole numbers."""
    if kind is not int:
        return _checked(kind, key, name)
    try:
        return int(key)
    except ValueError as error:
        raise ValueError(f"a key of {name} is no whole number") from error


def scalar(kind: Any, value: Any, name: str) -> Any:
    """A value that is of the type ``kind``; a whole number is a float, too, where one is wanted.

    Raises ValueError, with ``name``, for a value of another type and a number too large for a
    float; a truth value is no number.
    """
    if kind is not float:
        return _checked(kind, value, name)
    try:
        return float(_checked((int, float), value, name))
    except OverflowError as error:  # a whole number of more than 308 digits
        raise ValueError(f"{name} is too large") from error


def _items(parts: tuple[Any, ...], value: Any, name: str, nan: bool) -> tuple[Any, ...]:
    items = _checked((list, tuple), value, name)
    if _are_numbers(parts, items):  # not one by one: a card has one for each of many images
        return tuple(items)
    kinds = [parts[0]] * len(items) if parts[-1] is Ellipsis else list(parts)
    if len(items) != len(kinds):
        raise ValueError(f"{name} has {len(items)} items")
    return tuple(_read(kind, item, name, nan) for kind, item in zip(kinds, items, strict=True))


def _are_numbers(parts: tuple[Any, ...], items: Any) -> bool:
    """Whether all items are whole numbers, or finite ones, as they are to be."""
    kind = parts[0]
    if kind not in _NUMBERS or parts[-1] is not Ellipsis or not set(map(type, items)) <= {kind}:
        return False
    return kind is int or all(map(math.isfinite, items))


def _record(kind: Any, value: Any, name: str, nan: bool) -> Any:
    kinds = get_type_hints(kind)
    unknown = _checked(dict, value, name or kind.__name__).keys() - {f.name for f in fields(kind)}
    if unknown:
        raise ValueError(f"{', '.join(sorted(map(str, unknown)))} is not known")
    inner = f"{name}." if name else ""
    found = {key: _read(kinds[key], each, f"{inner}{key}", nan) for key, each in value.items()}
    try:
        return kind(**found)
    except TypeError as error:  # a field without a default is missing
        raise ValueError(str(error)) from error


def _checked(kinds: Any, value: Any, name: str) -> Any:
    """The value, if it is of that type and not a truth value in place of a number."""
    if not isinstance(value, kinds) or (isinstance(value, bool) and kinds is not bool):
        raise ValueError(f"{name} is {type(value).__name__}")
    return value
