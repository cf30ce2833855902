"""Scan: one picture or one frame, with what its file says about it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from imaging.errors import Problem


class Unit(StrEnum):
    """What a pixel value means."""

    HOUNSFIELD = "HU"
    GREY = "grey"


@dataclass(frozen=True)
class Window:
    """Width and level in the unit of the scan: HU, or grey values 0 to 255."""

    width: float
    level: float

    def __post_init__(self) -> None:
        if not (np.isfinite(self.width) and np.isfinite(self.level) and self.width > 0):
            raise ValueError(f"not a window: width {self.width}, level {self.level}")


@dataclass(frozen=True)
class Identity:
    """Who and what the picture belongs to, as the DICOM header says; empty for pictures."""

    patient_id: str = ""
    patient_name: str = ""
    study_uid: str = ""
    series_uid: str = ""
    sop_uid: str = ""
    instance_number: int | None = None
    modality: str = ""
    study_date: str = ""
    study_description: str = ""
    series_description: str = ""

    @property
    def patient(self) -> str:
        """The patient's name and id as a person reads them; empty for pictures."""
        return " ".join(
            filter(None, [self.patient_name.replace("^", " ").strip(), self.patient_id])
        )


SECONDARY_CAPTURE = "1.2.840.10008.5.1.4.1.1.7"
"""The SOP Class UID with which those of screenshots and scanned pages begin."""
LEAST_TILT = 0.5
"""Degrees below which a gantry counts as upright."""


@dataclass(frozen=True)
class Geometry:
    """Where the slice lies, in millimetres of the patient (DICOM PS3.3 C.7.6.2)."""

    position: tuple[float, float, float] | None = None
    orientation: tuple[float, float, float, float, float, float] | None = None
    spacing: tuple[float, float] | None = None
    """Row and column spacing: distance between rows first, then between columns."""
    thickness: float | None = None
    tilt: float | None = None
    """Gantry tilt in degrees."""
    kvp: float | None = None


@dataclass(frozen=True)
class ImageHeader:
    """All that is known of a scan but its pixels."""

    unit: Unit
    rows: int
    columns: int
    frame: int = 0
    frames: int = 1
    """How many frames (pages) the file holds; ``frame`` counts from 0."""
    kind: str = ""
    """What the content is: PNG, JPEG, TIFF, BMP, GIF, WEBP or DICOM."""
    sop_class: str = ""
    """DICOM SOP Class UID: what sort of object the file says it is."""
    image_type: tuple[str, ...] = ()
    body_part: str = ""
    identity: Identity = Identity()
    geometry: Geometry = Geometry()
    window: Window | None = None
    """The file's own window, if it has one."""
    inverted: bool = False
    """Whether the file wants low values shown white (MONOCHROME1); grey images are turned already.
    """
    not_hounsfield: Problem | None = None
    """Why the values of a CT are no HU: it can be viewed as grey, and is never assessed."""
    warnings: tuple[Problem, ...] = ()


@dataclass(frozen=True, eq=False)
class Image:
    """One picture or one frame.

    ``pixels`` is (rows, columns): float32 in HU for CT, uint8 grey for pictures.
    """

    header: ImageHeader
    pixels: NDArray[np.float32] | NDArray[np.uint8]
