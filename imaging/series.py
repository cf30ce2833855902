"""Series: images that belong together, in order, with the rule that ordered them."""

from __future__ import annotations

import math
import os
from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from imaging.details import Detail
from imaging.errors import Code, Problem
from imaging.files.natural_order import path_key
from imaging.image import LEAST_TILT, Acquisition, Geometry, ImageHeader
from imaging.messages import Message

PARALLEL = 0.9997
"""Cosine of the angle (1.4 degrees) up to which two directions are one orientation."""
SAME_PLACE = 0.01
"""Millimetres along the normal within which two slices lie at one place."""
UNEVEN = 0.1
"""Share of the median distance by which a distance may differ before the series has gaps."""
LEAST_SHEAR = 1.0
"""Degrees between the slices' normal and the way from slice to slice from which a gantry was
tilted: positions are written with a tenth of a millimetre."""

Entry = tuple[Path, ImageHeader]


class Order(StrEnum):
    """Which rule put a series in order; shown on screen."""

    POSITION = "position"
    SLICE_LOCATION = "slice location"
    INSTANCE_NUMBER = "instance number"
    FILE_NAME = "file name"


@dataclass(frozen=True)
class Series:
    """An ordered stack of one patient's images of one orientation and size."""

    key: str
    """The same for the same series, different for any two of one call."""
    name: str
    members: tuple[int, ...]
    """Indices into what was grouped, in order."""
    order: Order
    warnings: tuple[Problem, ...] = ()


def group_series(headers: Sequence[Entry]) -> list[Series]:
    """Group images into series and order each, in the order in which they first appear.

    DICOM images belong together by patient, study and series, and are split by size, kernel,
    orientation and acquisition; without a Series Instance UID the folder takes its place. Of
    images, the folder is the series, whatever their sizes. Patients are never mixed.
    """
    groups: dict[tuple[Hashable, ...], list[int]] = {}
    for index, (path, header) in enumerate(headers):
        groups.setdefault(_belonging(path, header), []).append(index)
    series: list[Series] = []
    kernels = Counter(belonging[:-1] for belonging in groups)
    for belonging, members in groups.items():
        kernel = f" {belonging[-1]}" if kernels[belonging[:-1]] > 1 else ""
        for part, same in enumerate(_by_orientation(headers, members)):
            passes = _passes(headers, same)
            for at, one in enumerate(passes):
                key = "|".join((*map(str, belonging), str(part), *([str(at)] if at else ())))
                count = f" ({at + 1}/{len(passes)})" if len(passes) > 1 else ""
                series.append(_ordered(headers, one, key, f"{kernel}{count}"))
    return sorted(series, key=lambda one: min(one.members))


def duplicates(headers: Sequence[Entry]) -> set[int]:
    """Indices of images that repeat an earlier one's SOP Instance UID and frame."""
    seen: set[tuple[str, int]] = set()
    repeated: set[int] = set()
    for index, (_, header) in enumerate(headers):
        name = (header.sop_uid, header.frame)
        if name[0] and name in seen:
            repeated.add(index)
        seen.add(name)
    return repeated


def _belonging(path: Path, header: ImageHeader) -> tuple[Hashable, ...]:
    if header.kind == "NIfTI":
        return ("volume", str(path), "")
    if header.kind != "DICOM":
        return ("images", _folder(path), "")
    who = header.identity
    series = who.series_uid or _folder(path)
    kernel = header.acquisition.kernel
    return (*who.patient_key, who.study_uid, series, header.rows, header.columns, kernel)


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
    return min(cosines) > PARALLEL


def _passes(headers: Sequence[Entry], members: list[int]) -> list[list[int]]:
    """Members apart by acquisition, where several of them cover the same part of the patient.

    Acquisitions that follow each other, as of a table that moves from shot to shot, are one. Copies
    of an image stay with the first of them.
    """
    places = _places([headers[index][1] for index in members])
    if places is None:
        return [members]
    repeated = duplicates([headers[index] for index in members])
    passes = [[at for at in range(len(members)) if at not in repeated]]
    for key in _PASS_KEYS:
        passes = [part for one in passes for part in _split(headers, members, one, places, key)]
    number_of = {at: number for number, one in enumerate(passes) for at in one}
    first: dict[Hashable, int] = {}
    for at, index in enumerate(members):
        _, header = headers[index]
        name = (header.sop_uid, header.frame)
        number_of.setdefault(at, first.get(name, 0))
        first.setdefault(name, number_of[at])
    return [
        [members[at] for at in range(len(members)) if number_of[at] == number]
        for number in range(len(passes))
    ]


_PASS_KEYS: tuple[Callable[[Acquisition], Hashable], ...] = (
    lambda made: made.number,
    lambda made: made.phase,
    lambda made: made.time,
    lambda made: made.content_time,
)
"""What may tell acquisitions apart, the surest first."""


def _split(
    headers: Sequence[Entry],
    members: list[int],
    one: list[int],
    places: NDArray[np.float64],
    key: Callable[[Acquisition], Hashable],
) -> list[list[int]]:
    """A pass split by one attribute: each value joins the first pass that has room for it."""
    groups: dict[Hashable, list[int]] = {}
    for at in one:
        groups.setdefault(key(headers[members[at]][1].acquisition), []).append(at)
    extents_of = {
        value: (float(places[group].min()), float(places[group].max()))
        for value, group in groups.items()
    }
    if not _any_overlap(sorted(extents_of.values())):
        return [one]
    passes: list[tuple[list[int], list[tuple[float, float]]]] = []
    for value in sorted(groups, key=lambda value: (value is not None, value)):
        group = groups[value]
        extent = extents_of[value]
        for part, extents in passes:
            if not any(_overlap(extent, other) for other in extents):
                part.extend(group)
                extents.append(extent)
                break
        else:
            passes.append((group, [extent]))
    return [sorted(part) for part, _ in passes]


def _any_overlap(in_order: list[tuple[float, float]]) -> bool:
    furthest = in_order[0]
    for extent in in_order[1:]:
        if _overlap(furthest, extent):
            return True
        furthest = max(furthest, extent, key=lambda stretch: stretch[1])
    return False


def _overlap(one: tuple[float, float], other: tuple[float, float]) -> bool:
    """Whether two stretches share more than an end, or are one and the same place."""
    shared = min(one[1], other[1]) - max(one[0], other[0])
    at_one_place = max(one[1] - one[0], other[1] - other[0]) <= SAME_PLACE
    return shared > SAME_PLACE or (at_one_place and shared >= -SAME_PLACE)


def _ordered(headers: Sequence[Entry], members: list[int], key: str, suffix: str) -> Series:
    places = _places([headers[index][1] for index in members])
    numbers = [headers[index][1].instance_number for index in members]
    known = [(-1 if number is None else number) for number in numbers]
    if places is not None and len(set(places.round(2).tolist())) > 1:
        placed = _along_normal([headers[index][1].geometry for index in members])
        by_location = placed is None or np.ptp(placed) <= SAME_PLACE
        order = Order.SLICE_LOCATION if by_location else Order.POSITION
        ranks = list(zip(places.tolist(), known, strict=True))
    elif None not in numbers and len(set(numbers)) >= _count_files(headers, members):
        order, ranks = Order.INSTANCE_NUMBER, [(0.0, number) for number in known]
    else:
        order, ranks = Order.FILE_NAME, [(0.0, 0) for _ in members]
    by_rank = _sorted(range(len(members)), lambda at: (ranks[at], *_by_name(headers[members[at]])))
    in_order = tuple(members[at] for at in by_rank)
    name = _name(headers, in_order) + suffix
    return Series(key, name, in_order, order, _warnings(headers, members))


def _count_files(headers: Sequence[Entry], members: list[int]) -> int:
    """Several frames of one file share its number, and follow each other by frame."""
    return len({headers[index][0] for index in members})


def _sorted(places: Sequence[int], key: Callable[[int], Any]) -> Sequence[int]:
    """Sorted by a key. Files mostly come in their order: of these not all keys are kept at once."""
    if all(one <= other for one, other in pairwise(map(key, places))):
        return places
    return sorted(places, key=key)


def _by_name(entry: Entry) -> tuple[object, ...]:
    path, header = entry
    return (*path_key(path.parts), header.frame)


def _places(headers: Sequence[ImageHeader]) -> NDArray[np.float64] | None:
    """Millimetres along the first slice's normal, or None unless every slice has a place.

    Without an orientation they count along the patient. Without positions, or where all slices
    have one, they are those of Slice Location.
    """
    geometries = [header.geometry for header in headers]
    positions = _along_normal(geometries)
    if positions is not None and np.ptp(positions) > SAME_PLACE:
        return positions
    locations = [geometry.slice_location for geometry in geometries]
    return positions if None in locations else np.asarray(locations, dtype=np.float64)


def _along_normal(geometries: Sequence[Geometry]) -> NDArray[np.float64] | None:
    positions = [geometry.position for geometry in geometries]
    if None in positions:
        return None
    places: NDArray[np.float64] = np.asarray(positions, dtype=np.float64) @ _normal(geometries)
    return places


def _normal(geometries: Sequence[Geometry]) -> NDArray[np.float64]:
    orientation = geometries[0].orientation
    if orientation is None:
        return np.array([0.0, 0.0, 1.0])
    normal: NDArray[np.float64] = np.cross(orientation[:3], orientation[3:]).astype(np.float64)
    return normal


def _name(headers: Sequence[Entry], members: tuple[int, ...]) -> str:
    path, header = headers[members[0]]
    if header.kind == "NIfTI":
        return path.name
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
        found.append(
            Problem(
                Code.DUPLICATE_UID, Message(Detail.REPEATED, repeated=repeated, images=len(members))
            )
        )
    places = _places([headers[index][1] for index in members])
    if places is None:
        found.append(Problem(Code.NO_POSITION))
    else:
        found.extend(_gaps(places))
        found.extend(_crowds(places, len(members) - repeated))
    tilt = _tilt([headers[index][1].geometry for index in members], places)
    if tilt is not None:
        found.append(Problem(Code.TILT, f"{tilt:.3g}°"))
    return tuple(found)


def _crowds(places: NDArray[np.float64], images: int) -> list[Problem]:
    """Whether more images than there are places show the same part of the patient."""
    distances = np.diff(np.sort(places))
    distinct = 1 + int((distances > SAME_PLACE).sum())
    if images <= distinct:
        return []
    return [Problem(Code.SAME_PLACE, f"{images} / {distinct}")]


def _tilt(geometries: Sequence[Geometry], places: NDArray[np.float64] | None) -> float | None:
    """Degrees of gantry tilt: as the header says, or as the way from slice to slice shows."""
    steepest = max((geometry.tilt or 0.0 for geometry in geometries), key=abs)
    if abs(steepest) >= LEAST_TILT:
        return steepest
    first, last = geometries[0], geometries[0]
    if places is not None and geometries[0].orientation is not None:
        first, last = geometries[int(places.argmin())], geometries[int(places.argmax())]
    if first.position is None or last.position is None or first is last:
        return None
    way = np.subtract(last.position, first.position)
    length = float(np.linalg.norm(way))
    along = abs(float(way @ _normal(geometries)))
    if not length > SAME_PLACE:
        return None
    shear = math.degrees(math.acos(min(1.0, along / length)))
    return shear if shear >= LEAST_SHEAR else None


def _gaps(places: NDArray[np.float64]) -> list[Problem]:
    distances = np.diff(np.sort(places))
    distances = distances[distances > SAME_PLACE]
    if distances.size < 2:
        return []
    least, most = float(distances.min()), float(distances.max())
    if most - least <= UNEVEN * float(np.median(distances)):
        return []
    return [Problem(Code.GAPS, Message(Detail.DISTANCES, least=least, most=most))]
