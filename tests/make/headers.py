"""Headers of CT slices, as they are read from DICOM files."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

from imaging.image import Geometry, Identity, ImageHeader, Unit

AXIAL = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0)
_PLACING = {field.name for field in fields(Geometry)}


def slice_header(
    place: float | None, identity: Identity, side: int = 64, **more: Any
) -> ImageHeader:
    """Of an axial slice of ``side`` pixels that lies ``place`` mm up the patient (None: nowhere).

    ``more`` replaces fields of the header or of its geometry.
    """
    position = None if place is None else (0.0, 0.0, place)
    geometry = replace(
        Geometry(position, AXIAL), **{name: more[name] for name in more if name in _PLACING}
    )
    header = ImageHeader(
        Unit.HOUNSFIELD, side, side, kind="DICOM", identity=identity, geometry=geometry
    )
    return replace(header, **{name: more[name] for name in more if name not in _PLACING})


def png_header(frame: int = 0, frames: int = 1) -> ImageHeader:
    """Of a grey image file, or of one of its frames."""
    return ImageHeader(Unit.GREY, 512, 512, frame, frames, "PNG")
