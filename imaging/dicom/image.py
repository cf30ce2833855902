"""One frame of a DICOM file as an Image."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from pydicom import uid

from imaging.dicom.attributes import Attributes
from imaging.dicom.file import parse
from imaging.dicom.header import check_is_picture, image_header, is_ct
from imaging.dicom.pixels import layout_of, stored_values
from imaging.dicom.values import select_meaning, to_grey_picture, to_hounsfield
from imaging.errors import Problem
from imaging.files.source import Source
from imaging.image import Image, ImageHeader, Turn, Unit
from imaging.orientation import turned

_DECODED_TO_RGB = {uid.JPEGBaseline8Bit, uid.JPEGExtended12Bit}
"""Their decoder undoes luma and chroma; lossless ones give what was stored."""


def read_dicom(source: Source, frame: int = 0) -> Image:
    """One frame: HU where it is a CT image, else 8-bit grey.

    Raises ImageError, or pydicom's errors. Only this frame is decoded. What has no image, or
    contradicts itself, is an error. A CT whose values are no HU is grey, and its header says why.
    """
    file = parse(source)
    check_is_picture(file)
    attributes = Attributes(file.dataset, frame)
    layout = layout_of(attributes)
    stored = stored_values(file, layout, frame)
    meaning = select_meaning(attributes, layout)
    problem: Problem | None = None
    if is_ct(file, attributes, layout):
        units = to_hounsfield(stored, layout, meaning)
        if units.pixels is not None:
            header = image_header(file, attributes, layout, frame, Unit.HOUNSFIELD)
            repairs = () if units.repair is None else (units.repair,)
            warnings = (*header.warnings, *stored.notes, *repairs)
            return _standing(replace(header, warnings=warnings), units.pixels)
        problem = units.problem
        meaning = replace(meaning, fault=problem)
    if layout.photometric.startswith("YBR_FULL") and file.transfer_syntax not in _DECODED_TO_RGB:
        luma = np.repeat(stored.values[..., :1], 3, axis=-1)  # the first channel already
        stored = replace(stored, values=luma)
    grey, warnings = to_grey_picture(stored, meaning, attributes.dataset)
    header = image_header(file, attributes, layout, frame, Unit.GREY)
    header = replace(
        header, warnings=(*header.warnings, *stored.notes, *warnings), not_hounsfield=problem
    )
    return _standing(header, grey)


def _standing(header: ImageHeader, pixels: NDArray[np.float32] | NDArray[np.uint8]) -> Image:
    """The image in the standard orientation, which its header speaks of."""
    if header.turn == Turn():
        return Image(header, pixels)
    if pixels.dtype == np.uint8:
        return Image(header, turned(pixels.astype(np.uint8, copy=False), header.turn))
    return Image(header, turned(pixels.astype(np.float32, copy=False), header.turn))
