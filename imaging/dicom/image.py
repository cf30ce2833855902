"""One frame of a DICOM file as an Image."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from pydicom import uid
from pydicom.dataset import Dataset

from imaging.dicom.attributes import Attributes
from imaging.dicom.file import DicomFile, parse
from imaging.dicom.header import check_is_image, image_header, is_ct
from imaging.dicom.pixels import Layout, Stored, layout_of, stored_values
from imaging.dicom.values import Meaning, select_meaning, to_grey_image, to_hounsfield
from imaging.files.source import Source
from imaging.image import Image, ImageHeader, Turn, Unit
from imaging.orientation import turned
from imaging.skull import Reduced

_DECODED_TO_RGB = {uid.JPEGBaseline8Bit, uid.JPEGExtended12Bit}
"""Their decoder undoes luma and chroma; lossless ones give what was stored."""


@dataclass(frozen=True, eq=False)
class Selected:
    """All that is needed of a dataset to make an image of a frame's stored values."""

    header: ImageHeader
    """In HU where the frame is a CT image, else in grey."""
    layout: Layout
    meaning: Meaning
    luma_first: bool
    """Whether the first channel of the stored colours is the luma."""
    palette: Dataset
    """Where a palette's tables are."""


def read_dicom(source: Source, frame: int = 0) -> Image:
    """One frame: HU where it is a CT image, else 8-bit grey.

    Raises ImageError, or pydicom's errors. Only this frame is decoded. What has no image, or
    contradicts itself, is an error. A CT whose values are no HU is grey, and its header says why.
    """
    file = parse(source)
    selected = select(file, frame)
    return applied(selected, stored_values(file, selected.layout, frame))


def select(file: DicomFile, frame: int) -> Selected:
    """What a dataset says of a frame. Raises ImageError where there is no image in it."""
    check_is_image(file)
    attributes = Attributes(file.dataset, frame)
    layout = layout_of(attributes)
    unit = Unit.HOUNSFIELD if is_ct(file, attributes, layout) else Unit.GREY
    stored_as_ybr = layout.photometric.startswith("YBR_FULL")
    return Selected(
        header=image_header(file, attributes, layout, frame, unit),
        layout=layout,
        meaning=select_meaning(attributes, layout),
        luma_first=stored_as_ybr and file.transfer_syntax not in _DECODED_TO_RGB,
        palette=file.dataset,
    )


def applied(selected: Selected, stored: Stored) -> Image:
    """The image that stored values mean. Raises ImageError."""
    header, meaning = selected.header, selected.meaning
    told = {problem.code for problem in header.warnings}
    notes = tuple(each for each in stored.notes if each.code not in told)
    header = replace(header, warnings=(*header.warnings, *notes))
    if header.unit is Unit.HOUNSFIELD:
        units = to_hounsfield(stored, selected.layout, meaning)
        if units.pixels is not None:
            header = replace(header, warnings=(*header.warnings, *units.notes))
            return _standing(header, units.pixels, units.small)
        header = replace(
            header, unit=Unit.GREY, window=None, inverted=False, not_hounsfield=units.problem
        )
        meaning = replace(meaning, fault=units.problem)
    if selected.luma_first:
        stored = replace(stored, values=np.repeat(stored.values[..., :1], 3, axis=-1))
    grey, warnings = to_grey_image(stored, meaning, selected.palette)
    return _standing(replace(header, warnings=(*header.warnings, *warnings)), grey)


def _standing(
    header: ImageHeader,
    pixels: NDArray[np.float32] | NDArray[np.uint8],
    small: Reduced | None = None,
) -> Image:
    """The image in the standard orientation, which its header speaks of."""
    if header.turn == Turn():
        return Image(header, pixels, small=small)
    if pixels.dtype == np.uint8:
        return Image(header, turned(pixels.astype(np.uint8, copy=False), header.turn))
    return Image(header, turned(pixels.astype(np.float32, copy=False), header.turn))
