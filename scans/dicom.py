"""One frame of a DICOM file as a Scan."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from pydicom import uid

from scans.dicom_attributes import Attributes
from scans.dicom_file import parse
from scans.dicom_header import check_is_picture, is_ct, scan_header
from scans.dicom_pixels import layout_of, stored_values
from scans.dicom_values import to_grey_picture, to_hounsfield
from scans.scan import Scan, Unit
from scans.source import Source

_DECODED_TO_RGB = {uid.JPEGBaseline8Bit, uid.JPEGExtended12Bit}
"""Their decoder undoes luma and chroma; lossless ones give what was stored."""


def read_dicom(source: Source, frame: int = 0) -> Scan:
    """One frame: HU where it is a CT image, else 8-bit grey. Raises ScanError, or pydicom's errors.

    Only this frame is decoded. What has no picture, or contradicts itself, is an error.
    """
    file = parse(source)
    check_is_picture(file)
    attributes = Attributes(file.dataset, frame)
    layout = layout_of(attributes)
    stored = stored_values(file, layout, frame)
    if is_ct(file, attributes, layout):
        header = scan_header(file, attributes, layout, frame, Unit.HOUNSFIELD)
        return Scan(header, to_hounsfield(stored, attributes, layout))
    if layout.photometric.startswith("YBR_FULL") and file.transfer_syntax not in _DECODED_TO_RGB:
        stored = np.repeat(stored[..., :1], 3, axis=-1)  # the first channel is the luma already
    grey, warnings = to_grey_picture(stored, attributes, layout)
    header = scan_header(file, attributes, layout, frame, Unit.GREY)
    return Scan(replace(header, warnings=(*header.warnings, *warnings)), grey)
