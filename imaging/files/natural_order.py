"""The one order of names, for files, series and tables: 2 before 10, whatever the case."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from natsort import natsort_keygen, ns

_key = lru_cache(maxsize=2**14)(natsort_keygen(alg=ns.INT | ns.IGNORECASE))

NameKey = tuple[object, str]


def name_key(name: str) -> NameKey:
    """What to sort one name by: numbers in it count as numbers; equal ones by their characters."""
    return _key(name), name


def path_key(parts: Iterable[str]) -> list[NameKey]:
    """What to sort a path by: step by step, each by ``name_key``."""
    return [name_key(part) for part in parts]
