"""NIfTI volumes: each axial slice an image in HU, turned to the standard by the affine.

nibabel reads the header; the values are taken from the bytes at hand, slice by slice, so that a
header cannot have memory allocated for what it merely announces.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from imaging.details import Detail
from imaging.errors import Code, ImageError, Problem
from imaging.files.limits import MAX_FRAMES
from imaging.files.source import Source
from imaging.formats.image_file import MAX_PIXELS
from imaging.hounsfield import doubt, unusual
from imaging.image import Geometry, Image, ImageHeader, Unit
from imaging.messages import Message, MessageCode
from imaging.skull import Reduced

KIND = "NIfTI"
MAX_INFLATED = 512 << 20
"""A compressed volume that grows beyond this is refused; a thin head CT has a third of it."""
_GZIP = b"\x1f\x8b"
_PIECE = 1 << 16
"""Bytes that are inflated in one step."""
_SIZES = {348: b"n+1\0", 540: b"n+2\0"}
"""Length of the header by version, and what marks one with its values in the same file."""
_MAGIC_AT = {348: 344, 540: 4}
_EXTENSIONS = 4
"""Bytes after the header that tell whether more of it follows; values begin behind them."""
_MILLIMETRES = {1: 1000.0, 3: 0.001}
"""Of a metre and a micrometre, by their codes in the header; other codes mean millimetres."""
_RIGHT_ANGLE = 0.02
"""Cosine up to which a slice's two directions count as at right angles."""


class Nifti(MessageCode):
    """What keeps a NIfTI volume from being read, or is to be known of it."""

    DIMENSIONS = "nifti_dimensions", "NIfTI of {count} dimensions: {shape}"
    DATA_TYPE = "nifti_data_type", "NIfTI of data type {name}"
    NOT_FINITE = "nifti_not_finite", "NIfTI with values that are no numbers"
    NO_ORIENTATION = "nifti_no_orientation", "NIfTI without an orientation, shown as stored"
    AFFINE = "nifti_affine", "NIfTI affine"


@dataclass(frozen=True, eq=False)
class NiftiVolume:
    """A volume in the order of the standard: (slices, rows, columns) from the feet up.

    Rows run to the back and columns to the patient's left, as in DICOM (LPS).
    """

    stored: NDArray[Any]
    slope: float
    intercept: float
    affine: NDArray[np.float64] | None
    """From (column, row, slice) to LPS millimetres; None where the file has no orientation."""
    spacing: tuple[float, float, float]
    """Between slices, rows and columns, in millimetres; 0 where it is not known."""


def is_nifti(data: bytes) -> bool:
    """Whether the content is a NIfTI-1 or NIfTI-2 file, as it is or within gzip."""
    start = _inflated(data, 544) if data.startswith(_GZIP) else data
    return _header_size(start) != 0


def _header_size(start: bytes) -> int:
    for size, magic in _SIZES.items():
        at = _MAGIC_AT[size]
        numbers = int.from_bytes(start[:4], "little"), int.from_bytes(start[:4])
        if size in numbers and start[at : at + 4] == magic:
            return size
    return 0


def _inflated(data: bytes, most: int) -> bytes:
    try:
        return zlib.decompressobj(16 + zlib.MAX_WBITS).decompress(data, most)
    except zlib.error:
        return b""


def nifti_headers(source: Source) -> tuple[ImageHeader, ...]:
    """One header for each axial slice. Raises ImageError."""
    volume = _volume(source)
    return tuple(_header(volume, frame) for frame in range(len(volume.stored)))


def read_nifti(source: Source, frame: int = 0) -> Image:
    """One axial slice: HU, or grey with the reason in its header where the values are none.

    Raises ImageError.
    """
    volume = _volume(source)
    frames = len(volume.stored)
    if not 0 <= frame < frames:
        raise ImageError(Code.DAMAGED, Message(Detail.NO_SLICE, slice=frame + 1, slices=frames))
    values = volume.stored[frame].astype(np.float64) * volume.slope + volume.intercept
    if not np.isfinite(values).all() or np.abs(values).max() > 1e6:
        raise ImageError(Code.BAD_RESCALE, Message(Nifti.NOT_FINITE), frames)
    units = values.astype(np.float32)
    header = _header(volume, frame)
    small = Reduced.of(units)
    if (why := doubt(units, small=small)) is None:
        if (rare := unusual(units, small=small)) is not None:
            warnings = (*header.warnings, Problem(Code.UNUSUAL_VALUES, rare))
            header = replace(header, warnings=warnings)
        return Image(header, units, small=small)
    low, high = float(units.min()), float(units.max())
    grey = np.rint((units - low) * (255.0 / max(high - low, 1e-6))).astype(np.uint8)
    problem = Problem(Code.BAD_RESCALE, why)
    return Image(replace(header, unit=Unit.GREY, not_hounsfield=problem), grey)


@lru_cache(maxsize=1)
def _volume(source: Source) -> NiftiVolume:
    """The volume of a file; the last one is kept for its other slices."""
    data = _whole(source.data)
    from nibabel.nifti1 import Nifti1Header
    from nibabel.nifti2 import Nifti2Header

    size = _header_size(data)
    header = (Nifti1Header if size == 348 else Nifti2Header)(data[:size], check=False)  # type: ignore[no-untyped-call]
    stored = _stored(header, data)
    slope, intercept = (float(header[name]) for name in ("scl_slope", "scl_inter"))
    if slope == 0 or not np.isfinite(slope):  # as nibabel has it: there is no scale
        slope, intercept = 1.0, 0.0
    if not np.isfinite(intercept):
        raise ImageError(Code.BAD_RESCALE, Message(Nifti.NOT_FINITE))
    millimetres = _MILLIMETRES.get(int(header["xyzt_units"]) & 7, 1.0)
    affine = _affine(header)
    if affine is not None:
        to_millimetres = np.diag([millimetres, millimetres, millimetres, 1.0])
        volume = _turned(stored, to_millimetres @ affine, slope, intercept)
    else:
        column, row, between = (float(abs(each)) * millimetres for each in header["pixdim"][1:4])
        turned = stored.transpose(2, 1, 0)
        volume = NiftiVolume(turned, slope, intercept, None, (between, row, column))
    if len(volume.stored) > MAX_FRAMES:
        raise ImageError(Code.TOO_LARGE, Message(Detail.FRAMES, count=len(volume.stored)))
    return volume


def _affine(header: Any) -> NDArray[np.float64] | None:
    """From voxels to RAS, in the header's unit of length; None where it has no orientation.

    Raises ImageError.
    """
    try:
        if int(header["sform_code"]) > 0:
            return np.asarray(header.get_sform(), dtype=np.float64)
        if int(header["qform_code"]) > 0:
            return np.asarray(header.get_qform(), dtype=np.float64)
    except ValueError as error:  # a quaternion that is none
        raise ImageError(Code.INCONSISTENT_HEADER, Message(Nifti.AFFINE)) from error
    return None


def _whole(data: bytes) -> bytes:
    """The content as it is without gzip; members that follow each other, as bgzip writes, are one.

    What follows the last of them is ignored.
    """
    if not data.startswith(_GZIP):
        return data
    inflated, at = bytearray(), 0
    while data.startswith(_GZIP, at):
        stream = zlib.decompressobj(16 + zlib.MAX_WBITS)
        while not stream.eof:
            piece = data[at : at + _PIECE]
            if not piece:
                raise ImageError(Code.DAMAGED, "gzip")
            try:
                inflated += stream.decompress(piece, MAX_INFLATED + 1 - len(inflated))
            except zlib.error as error:
                raise ImageError(Code.DAMAGED, "gzip") from error
            if len(inflated) > MAX_INFLATED:
                raise ImageError(
                    Code.TOO_LARGE, Message(Detail.NIFTI, megabytes=MAX_INFLATED >> 20)
                )
            at += len(piece) - len(stream.unused_data)
    return bytes(inflated)


def _stored(header: Any, data: bytes) -> NDArray[Any]:
    """The values as stored, (i, j, k). Raises ImageError for what is no volume of numbers."""
    count = int(header["dim"][0])
    if not 1 <= count <= 7:
        raise ImageError(Code.INCONSISTENT_HEADER, Message(Nifti.DIMENSIONS, count=count, shape=""))
    shape = [int(length) for length in header["dim"][1 : count + 1]]
    if count < 2 or min(shape) < 1 or any(length > 1 for length in shape[3:]):
        said = "×".join(map(str, shape))
        raise ImageError(
            Code.UNSUPPORTED_PIXELS, Message(Nifti.DIMENSIONS, count=count, shape=said)
        )
    columns, rows, slices = (*shape, 1)[:3] if count == 2 else shape[:3]
    if max(columns * rows, rows * slices, columns * slices) > MAX_PIXELS or max(shape) > 65535:
        raise ImageError(Code.TOO_LARGE, "×".join(map(str, shape)))
    from nibabel.nifti1 import data_type_codes

    try:
        kind = np.dtype(header.get_data_dtype())
    except Exception as error:  # nibabel raises its own for codes that nobody knows
        name = str(int(header["datatype"]))
        raise ImageError(Code.UNSUPPORTED_PIXELS, Message(Nifti.DATA_TYPE, name=name)) from error
    if kind.kind not in "iuf" or kind.itemsize > 8:
        name = str(data_type_codes.niistring[int(header["datatype"])]).removeprefix("NIFTI_TYPE_")
        raise ImageError(Code.UNSUPPORTED_PIXELS, Message(Nifti.DATA_TYPE, name=name))
    offset = max(float(header["vox_offset"]), float(header["sizeof_hdr"]) + _EXTENSIONS)
    needed = columns * rows * slices * kind.itemsize
    if not offset + needed <= len(data):  # also of an offset that is no number
        length = Message(Detail.OTHER_LENGTH, there=len(data), needed=offset + needed)
        raise ImageError(Code.DAMAGED, length)
    values = np.frombuffer(data, kind, columns * rows * slices, int(offset))
    return values.reshape((columns, rows, slices), order="F")


def _turned(
    stored: NDArray[Any], affine: NDArray[np.float64], slope: float, intercept: float
) -> NiftiVolume:
    """The volume with its axes in the standard's order and direction."""
    from nibabel.orientations import io_orientation

    if not np.isfinite(affine).all() or abs(np.linalg.det(affine[:3, :3])) < 1e-9:
        raise ImageError(Code.INCONSISTENT_HEADER, Message(Nifti.AFFINE))
    to_lps = np.diag([-1.0, -1.0, 1.0, 1.0]) @ affine
    directions = io_orientation(to_lps)  # type: ignore[no-untyped-call]
    if np.isnan(directions).any():
        raise ImageError(Code.INCONSISTENT_HEADER, Message(Nifti.AFFINE))
    axes = np.argsort(directions[:, 0])  # which stored axis runs to the left, to the back, up
    placed = np.eye(4)
    turned = stored
    for to, axis in enumerate(axes.tolist()):
        forwards = directions[axis, 1] > 0
        placed[:3, to] = to_lps[:3, axis] * (1 if forwards else -1)
        if not forwards:
            to_lps[:3, 3] += to_lps[:3, axis] * (stored.shape[axis] - 1)
            turned = np.flip(turned, axis)
    placed[:3, 3] = to_lps[:3, 3]
    lengths = np.linalg.norm(placed[:3, :3], axis=0).tolist()
    column, row, slice_axis = axes.tolist()
    return NiftiVolume(
        turned.transpose(slice_axis, row, column),
        slope,
        intercept,
        placed,
        (lengths[2], lengths[1], lengths[0]),
    )


def _header(volume: NiftiVolume, frame: int) -> ImageHeader:
    slices, rows, columns = volume.stored.shape
    between, row, column = volume.spacing
    warnings: tuple[Problem, ...] = ()
    position = orientation = None
    if volume.affine is None:
        warnings = (Problem(Code.NO_POSITION, Message(Nifti.NO_ORIENTATION)),)
    else:
        x, y, z = (volume.affine[:3, 2] * frame + volume.affine[:3, 3]).tolist()
        position = (x, y, z)
        across, down = volume.affine[:3, 0] / column, volume.affine[:3, 1] / row
        if abs(float(across @ down)) < _RIGHT_ANGLE:
            a, b, c = across.tolist()
            d, e, f = down.tolist()
            orientation = (a, b, c, d, e, f)
    known = row > 0 and column > 0 and np.isfinite([row, column, between]).all()
    geometry = Geometry(
        position=position,
        orientation=orientation,
        spacing=(row, column) if known else None,
        thickness=between if known and between > 0 else None,
    )
    return ImageHeader(
        Unit.HOUNSFIELD, rows, columns, frame, slices, KIND, geometry=geometry, warnings=warnings
    )
