"""One frame of a DICOM file as a Scan."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from pydicom import uid

from imaging.dicom.attributes import Attributes
from imaging.dicom.file import parse
from imaging.dicom.header import check_is_picture, image_header, is_ct
from imaging.dicom.pixels import layout_of, stored_values
from imaging.dicom.values import to_grey_picture, to_hounsfield
from imaging.files.source import Source
from imaging.image import Image, Unit

_DECODED_TO_RGB = {uid.JPEGBaseline8Bit, uid.JPEGExtended12Bit}
"""Their decoder undoes luma and chroma; lossless ones give what was stored."""


def read_dicom(source: Source, frame: int = 0) -> Image:
    """One frame: HU where it is a CT image, else 8-bit grey. Raises ScanError, or pydicom's errors.

    Only this frame is decoded. What has no picture, or contradicts itself, is an error.
    """
    file = parse(source)
    check_is_picture(file)
    attributes = Attributes(file.dataset, frame)
    layout = layout_of(attributes)
    stored = stored_values(file, layout, frame)
    if is_ct(file, attributes, layout):
        header = image_header(file, attributes, layout, frame, Unit.HOUNSFIELD)
        return Image(header, to_hounsfield(stored, attributes, layout))
    if layout.photometric.startswith("YBR_FULL") and file.transfer_syntax not in _DECODED_TO_RGB:
        stored = np.repeat(stored[..., :1], 3, axis=-1)  # the first channel is the luma already
    grey, warnings = to_grey_picture(stored, attributes, layout)
    header = image_header(file, attributes, layout, frame, Unit.GREY)
    return Image(replace(header, warnings=(*header.warnings, *warnings)), grey)
