"""Image: one image or one frame, with what its file says about it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from imaging.errors import Problem
from imaging.skull import Reduced

MODALITIES = frozenset(
    (
        *("AR", "BI", "BMD", "CR", "CT", "DG", "DOC", "DR", "DX", "ECG", "EEG", "EPS", "ES", "GM"),
        *("HD", "IO", "IVOCT", "IVUS", "KO", "LS", "MG", "MR", "NM", "OAM", "OCT", "OP", "OPT"),
        *("OT", "PR", "PT", "PX", "RF", "RG", "RTDOSE", "RTIMAGE", "RTPLAN", "RTRECORD"),
        *("RTSTRUCT", "SC", "SEG", "SM", "SR", "TG", "US", "XA", "XC"),
    )
)
"""Modalities that DICOM defines (PS3.3 C.7.3.1.1.1), and DR, which is retired.

The header's field takes free text, which may name someone: while identity is hidden, only these
are shown and exported.
"""


class Unit(StrEnum):
    """What a pixel value means."""

    HOUNSFIELD = "HU"
    GREY = "grey"


@dataclass(frozen=True)
class Window:
    """Width and level in the unit of the image: HU, or grey values 0 to 255."""

    width: float
    level: float

    def __post_init__(self) -> None:
        if not (np.isfinite(self.width) and np.isfinite(self.level) and self.width > 0):
            raise ValueError(f"not a window: width {self.width}, level {self.level}")


@dataclass(frozen=True, slots=True)
class Identity:
    """Whose image it is, and of which series, as the DICOM header says; empty without one.

    The same for all images of a series.
    """

    patient_id: str = ""
    patient_name: str = ""
    study_uid: str = ""
    series_uid: str = ""
    modality: str = ""
    study_date: str = ""
    study_description: str = ""
    series_description: str = ""
    study_time: str = ""
    patient_age: str = ""
    """As in DICOM: three digits and a unit, "067Y"."""
    patient_sex: str = ""
    """M, F or O."""
    patient_birth_date: str = ""
    """As in DICOM: YYYYMMDD."""
    issuer: str = ""
    """Who gave the id: two hospitals may give the same."""
    series_number: int | None = None

    @property
    def is_given(self) -> bool:
        """Whether a patient, a study or a series is named; else the image is unidentified."""
        return bool(self.study_uid or self.series_uid) or self.names_patient

    @property
    def names_patient(self) -> bool:
        """Whether there is a patient's id or name."""
        return any(self.patient_key)

    @property
    def patient_key(self) -> tuple[str, str, str, str]:
        """What tells one patient from another: id, name without punctuation, birth date and sex.

        All are empty where there is neither id nor name. The issuer of an id is part of it. Two
        names, birth dates or sexes under one id are two patients, and so is one that a header
        leaves out: better one patient in two places than two in one.
        """
        name = " ".join(self.patient_name.partition("=")[0].replace("^", " ").casefold().split())
        if not (self.patient_id or name):
            return "", "", "", ""
        whose = f"{self.patient_id} / {self.issuer}" if self.issuer else self.patient_id
        return whose, name, self.patient_birth_date.strip(), self.patient_sex.upper()

    @property
    def patient(self) -> str:
        """The patient's name and id as a person reads them; empty without a DICOM header."""
        return " ".join(
            filter(None, [self.patient_name.replace("^", " ").strip(), self.patient_id])
        )


SECONDARY_CAPTURE = "1.2.840.10008.5.1.4.1.1.7"
"""The SOP Class UID with which those of screenshots and scanned pages begin."""
LEAST_TILT = 0.5
"""Degrees below which a gantry counts as upright."""


@dataclass(frozen=True, slots=True)
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
    slice_location: float | None = None
    """Millimetres along the patient as the header counts them, where it gives no position."""
    aspect: float | None = None
    """Height of a pixel over its width, where the header gives no spacing."""
    frame_of_reference: str = ""
    """Frame of Reference UID: positions can be compared where it is the same, and not empty."""

    @property
    def pixel(self) -> tuple[float, float]:
        """Height and width of a pixel: in mm where they are known, else of the right proportion."""
        if self.spacing is not None:
            return self.spacing
        return (1.0 if self.aspect is None else self.aspect), 1.0


@dataclass(frozen=True, slots=True)
class Turn:
    """How stored pixels come to stand as a reader expects them: these steps, in this order."""

    transposed: bool = False
    mirrored: bool = False
    """Left and right change places."""
    upside_down: bool = False
    """Top and bottom change places."""


@dataclass(frozen=True, slots=True)
class Acquisition:
    """What tells apart images of one series that were not made together; empty where not said."""

    number: int | None = None
    phase: int | None = None
    """Temporal Position Identifier."""
    time: str = ""
    """Acquisition date and time, as text that sorts by time."""
    content_time: str = ""
    kernel: str = ""
    """Convolution kernel: how sharp the image was reconstructed."""


@dataclass(frozen=True, slots=True)
class ImageHeader:
    """All that is known of an image but its pixels."""

    unit: Unit
    rows: int
    columns: int
    frame: int = 0
    frames: int = 1
    """How many frames (pages) the file holds; ``frame`` counts from 0."""
    kind: str = ""
    """What the content is: PNG, JPEG, TIFF, BMP, GIF, WEBP, JPEG2000, NIfTI or DICOM."""
    sop_class: str = ""
    """DICOM SOP Class UID: what sort of object the file says it is."""
    image_type: tuple[str, ...] = ()
    body_part: str = ""
    identity: Identity = Identity()
    sop_uid: str = ""
    """SOP Instance UID: names the image, and with it all frames of its file."""
    instance_number: int | None = None
    geometry: Geometry = Geometry()
    """Of the pixels as they are here, in the standard orientation."""
    turn: Turn = Turn()
    """How they were brought into it."""
    acquisition: Acquisition = Acquisition()
    window: Window | None = None
    """The file's own window, if it has one."""
    inverted: bool = False
    """Whether the file wants low values shown white (MONOCHROME1); grey images are turned already.
    """
    colour: bool = False
    """Whether a CT object holds colours: a rendering or a map, and no slice."""
    not_hounsfield: Problem | None = None
    """Why the values of a CT are no HU: it can be viewed as grey, and is never assessed."""
    warnings: tuple[Problem, ...] = ()

    def is_same_image(self, other: ImageHeader) -> bool:
        """Whether both name the same image: patient, series and place; pixels may say more."""
        own = self.kind, self.frames, self.identity, self.sop_uid, self.instance_number
        others = other.kind, other.frames, other.identity, other.sop_uid, other.instance_number
        return (*own, self.geometry) == (*others, other.geometry)


@dataclass(frozen=True, eq=False)
class Image:
    """One image or one frame.

    ``pixels`` is (rows, columns): float32 in HU for CT, uint8 grey for others.
    """

    header: ImageHeader
    pixels: NDArray[np.float32] | NDArray[np.uint8]
    colour: NDArray[np.uint8] | None = None
    """(rows, columns, 3) red, green, blue of a coloured image file; None of all others."""
    small: Reduced | None = None
    """The HU reduced, where they were for an examination; those of the pixels as they are here."""
