"""Series: scans that belong together, in order, with the rule that ordered them."""

from __future__ import annotations

import os
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

import numpy as np
from natsort import natsort_keygen, ns
from numpy.typing import NDArray

from imaging.errors import Code, Problem
from imaging.image import LEAST_TILT, ImageHeader

# The window groups again while findings arrive, and names do not change in between.
_natural = lru_cache(maxsize=2**16)(natsort_keygen(alg=ns.INT | ns.IGNORECASE))
_PARALLEL = 0.9997
"""Cosine of the angle (1.4 degrees) up to which two directions are one orientation."""
_SAME_PLACE = 0.01
"""Millimetres along the normal within which two slices lie at one place."""
_UNEVEN = 0.1
"""Share of the median distance by which a distance may differ before the series has gaps."""

Entry = tuple[Path, ImageHeader]


class Order(StrEnum):
    """Which rule put a series in order; shown on screen."""

    POSITION = "position"
    INSTANCE_NUMBER = "instance number"
    FILE_NAME = "file name"


@dataclass(frozen=True)
class Series:
    """An ordered stack of one patient's scans of one orientation and size."""

    key: str
    """The same for the same series, different for any two of one call."""
    name: str
    members: tuple[int, ...]
    """Indices into what was grouped, in order."""
    order: Order
    warnings: tuple[Problem, ...] = ()


def group_series(headers: Sequence[Entry]) -> list[Series]:
    """Group scans into series and order each, in the order in which they first appear.

    DICOM images belong together by patient, study and series, and are split by orientation and
    size; without a Series Instance UID the folder takes its place. Of pictures, the folder is the
    series, whatever their sizes. Patients are never mixed.
    """
    groups: dict[tuple[Hashable, ...], list[int]] = {}
    for index, (path, header) in enumerate(headers):
        groups.setdefault(_belonging(path, header), []).append(index)
    series: list[Series] = []
    for belonging, members in groups.items():
        for part, same in enumerate(_by_orientation(headers, members)):
            key = "|".join((*map(str, belonging), str(part)))
            series.append(_ordered(headers, same, key))
    return sorted(series, key=lambda one: min(one.members))


def duplicates(headers: Sequence[Entry]) -> set[int]:
    """Indices of scans that repeat an earlier one's SOP Instance UID and frame."""
    seen: set[tuple[str, int]] = set()
    repeated: set[int] = set()
    for index, (_, header) in enumerate(headers):
        name = (header.identity.sop_uid, header.frame)
        if name[0] and name in seen:
            repeated.add(index)
        seen.add(name)
    return repeated


def _belonging(path: Path, header: ImageHeader) -> tuple[Hashable, ...]:
    if header.kind != "DICOM":
        return ("pictures", _folder(path))
    who = header.identity
    patient = who.patient_id or who.patient_name
    series = who.series_uid or _folder(path)
    return (patient, who.study_uid, series, header.rows, header.columns)


def _folder(path: Path) -> str:
    # What str(path.parent) is, without making a Path of each: the window groups while it paints.
    return os.path.dirname(path) or "."  # noqa: PTH120


def _by_orientation(headers: Sequence[Entry], members: list[int]) -> list[list[int]]:
    parts: list[tuple[tuple[float, ...] | None, list[int]]] = []
    for index in members:
        orientation = headers[index][1].geometry.orientation
        for first, part in parts:
            if _is_same(first, orientation):
                part.append(index)
                break
        else:
            parts.append((orientation, [index]))
    return [part for _, part in parts]


def _is_same(one: tuple[float, ...] | None, other: tuple[float, ...] | None) -> bool:
    if one is None or other is None:
        return one is other
    cosines = [
        sum(a * b for a, b in zip(one[at : at + 3], other[at : at + 3], strict=True))
        for at in (0, 3)
    ]
    return min(cosines) > _PARALLEL


def _ordered(headers: Sequence[Entry], members: list[int], key: str) -> Series:
    places = _places(headers, members)
    numbers = [headers[index][1].identity.instance_number for index in members]
    known = [(-1 if number is None else number) for number in numbers]
    # Several frames of one file share its number, and follow each other by frame.
    files = {headers[index][0] for index in members}
    if places is not None and len(set(places.round(2).tolist())) > 1:
        order, ranks = Order.POSITION, list(zip(places.tolist(), known, strict=True))
    elif None not in numbers and len(set(numbers)) >= len(files):
        order, ranks = Order.INSTANCE_NUMBER, [(0.0, number) for number in known]
    else:
        order, ranks = Order.FILE_NAME, [(0.0, 0) for _ in members]
    by_rank = sorted(
        range(len(members)), key=lambda at: (ranks[at], *_by_name(headers[members[at]]))
    )
    in_order = tuple(members[at] for at in by_rank)
    return Series(key, _name(headers, in_order), in_order, order, _warnings(headers, members))


def _by_name(entry: Entry) -> tuple[object, ...]:
    path, header = entry
    return (*map(_natural, path.parts), str(path), header.frame)


def _places(headers: Sequence[Entry], members: Iterable[int]) -> NDArray[np.float64] | None:
    """Millimetres along the first slice's normal, or None unless every slice has a position."""
    geometries = [headers[index][1].geometry for index in members]
    orientation = geometries[0].orientation
    positions = [geometry.position for geometry in geometries]
    if orientation is None or None in positions:
        return None
    normal = np.cross(orientation[:3], orientation[3:])
    places: NDArray[np.float64] = np.asarray(positions, dtype=np.float64) @ normal
    return places


def _name(headers: Sequence[Entry], members: tuple[int, ...]) -> str:
    path, header = headers[members[0]]
    if header.kind != "DICOM":
        return path.parent.name or str(path.parent)
    who = header.identity
    return who.series_description or who.study_description or path.parent.name


def _warnings(headers: Sequence[Entry], members: list[int]) -> tuple[Problem, ...]:
    if headers[members[0]][1].kind != "DICOM":
        return ()
    found: list[Problem] = []
    repeated = len(duplicates([headers[index] for index in members]))
    if repeated:
        found.append(Problem(Code.DUPLICATE_UID, f"{repeated} of {len(members)}"))
    places = _places(headers, members)
    if places is None:
        found.append(Problem(Code.NO_POSITION))
    else:
        found.extend(_gaps(places))
    tilts = {headers[index][1].geometry.tilt or 0.0 for index in members}
    steepest = max(tilts, key=abs)
    if abs(steepest) >= LEAST_TILT:
        found.append(Problem(Code.TILT, f"{steepest:g}°"))
    return tuple(found)


def _gaps(places: NDArray[np.float64]) -> list[Problem]:
    distances = np.diff(np.sort(places))
    distances = distances[distances > _SAME_PLACE]
    if distances.size < 2:
        return []
    least, most = float(distances.min()), float(distances.max())
    if most - least <= _UNEVEN * float(np.median(distances)):
        return []
    return [Problem(Code.GAPS, f"{least:.1f} to {most:.1f} mm")]
