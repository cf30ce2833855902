"""Made-up axial series: slices that sample a function of the patient's millimetres."""

from __future__ import annotations

import math
from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from imaging.image import Geometry, Identity, ImageHeader
from imaging.series import Entry
from imaging.stack import Stack, stack_of
from imaging.volume import Volume
from tests.make.dicom import ct, save
from tests.make.headers import slice_header

Field = Callable[
    [NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]], NDArray[np.float64]
]
"""HU at x, y, z."""
ROWS, COLUMNS = 40, 48
SPACING = (0.5, 0.4)
CORNER = (-9.0, -7.0)
"""x and y of every slice's first pixel."""


def header(
    z: float, tilt: float = 0.0, rows: int = ROWS, columns: int = COLUMNS, thickness: float = 2.0
) -> ImageHeader:
    """Of a slice whose first pixel lies at a height; a table moves it along z, as scanners do."""
    radians = math.radians(tilt)
    down = (0.0, math.cos(radians), -math.sin(radians))
    return slice_header(
        z,
        Identity(patient_id="P1", study_uid="1.2", series_uid="1.2.1", modality="CT"),
        rows=rows,
        columns=columns,
        position=(*CORNER, z),
        orientation=(1.0, 0.0, 0.0, *down),
        spacing=SPACING,
        thickness=thickness,
        tilt=tilt or None,
        frame_of_reference="1.2.9",
    )


def listed(heights: Sequence[float], tilt: float = 0.0, thickness: float = 2.0) -> list[Entry]:
    """One file a slice."""
    return [
        (Path(f"{number}.dcm"), header(z, tilt, thickness=thickness))
        for number, z in enumerate(heights)
    ]


def with_geometry(entry: Entry, **changes: object) -> Entry:
    """An entry whose header places it otherwise."""
    path, known = entry
    return path, replace(known, geometry=replace(known.geometry, **changes))  # type: ignore[arg-type]


def points(geometry: Geometry, shape: tuple[int, ...]) -> list[NDArray[np.float64]]:
    """x, y and z of the middle of each pixel, as PS3.3 C.7.6.2.1.1 puts them."""
    assert geometry.position is not None
    assert geometry.orientation is not None
    assert geometry.spacing is not None
    rows, columns = np.mgrid[: shape[0], : shape[1]]
    return [
        geometry.position[axis]
        + columns * geometry.spacing[1] * geometry.orientation[axis]
        + rows * geometry.spacing[0] * geometry.orientation[3 + axis]
        for axis in range(3)
    ]


def sampled(stack: Stack, field: Field) -> Volume:
    """A volume whose slices show the field where they lie."""
    values = [
        np.rint(field(*points(each.geometry, (each.rows, each.columns)))).astype(np.int16)
        for each in stack.headers
    ]
    return Volume(stack, np.stack(values))


def volume(heights: Sequence[float], field: Field, tilt: float = 0.0) -> Volume:
    """Slices at these heights that show a field."""
    return sampled(stack_of(listed(heights, tilt)), field)


def save_studies(
    folder: Path,
    heights: Sequence[float],
    studies: Iterable[tuple[str, str, str]],
    common_frame: Container[str] = (),
) -> Path:
    """A folder of studies of one series each: (Series Instance UID, patient, date).

    Each has a frame of reference of its own, but those of ``common_frame``, which share one.
    """
    for uid, patient, date in studies:
        save_series(
            folder / uid,
            heights,
            series=uid,
            patient=patient,
            StudyInstanceUID=f"{uid}.9",
            StudyDate=date,
            FrameOfReferenceUID="1.2.9" if uid in common_frame else f"{uid}.8",
        )
    return folder


def save_series(
    folder: Path,
    heights: Sequence[float],
    *,
    series: str = "1.2.1",
    patient: str = "P1",
    **attributes: Any,
) -> Path:
    """A folder of DICOM slices of one series, as many as heights."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, z in enumerate(heights):
        image = ct(
            ImagePositionPatient=[-10.0, -12.0, z],
            SliceThickness=2,
            PatientID=patient,
            SeriesInstanceUID=series,
            SOPInstanceUID=f"{series}.{number + 1}",
            InstanceNumber=number + 1,
            **attributes,
        )
        save(image, folder / f"{number:03}.dcm")
    return folder
