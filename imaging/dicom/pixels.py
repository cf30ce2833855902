"""Stored pixel values of one DICOM frame, checked against header and size before and after."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, replace
from functools import lru_cache
from io import BytesIO
from typing import Any

import imagecodecs
import numpy as np
from numpy.typing import NDArray
from pydicom import uid
from pydicom.encaps import get_frame, parse_basic_offsets, parse_fragments

from imaging.details import Detail
from imaging.dicom.attributes import Attributes, name_of
from imaging.dicom.codestream import announced, decoded
from imaging.dicom.file import DicomFile
from imaging.dicom.messages import Value
from imaging.errors import Code, ImageError, Problem, as_image_error
from imaging.files.limits import MAX_FRAMES
from imaging.formats.image_file import MAX_PIXELS
from imaging.messages import Message

_SAMPLES = {
    1: {"MONOCHROME1", "MONOCHROME2", "PALETTE COLOR"},
    3: {"RGB", "YBR_FULL", "YBR_FULL_422", "YBR_RCT", "YBR_ICT"},
}
"""The photometric interpretations that are read, by Samples per Pixel."""
_NATIVE = {
    "",
    uid.ImplicitVRLittleEndian,
    uid.ExplicitVRLittleEndian,
    uid.ExplicitVRBigEndian,
    uid.DeflatedExplicitVRLittleEndian,
}
_CODESTREAMS = {
    *uid.JPEGTransferSyntaxes,
    *uid.JPEGLSTransferSyntaxes,
    uid.JPEG2000Lossless,
    uid.JPEG2000,
    uid.HTJ2KLossless,
    uid.HTJ2KLosslessRPCL,
    uid.HTJ2K,
}
_COMPRESSED = {*_CODESTREAMS, uid.RLELossless}
_DEFLATED_FRAMES = "1.2.840.10008.1.2.8.1"
_FLOATS: dict[str, np.dtype[Any]] = {
    "FloatPixelData": np.dtype("<f4"),
    "DoubleFloatPixelData": np.dtype("<f8"),
}
PIXEL_DATA = ("PixelData", *_FLOATS)
_ITEM = b"\xfe\xff\x00\xe0"
_RLE_HEADER = 64
"""Bytes before the first segment of a frame in RLE."""
LOSSY_SYNTAXES = {uid.JPEGBaseline8Bit, uid.JPEGExtended12Bit, uid.JPEGLSNearLossless}
LOSSY_SYNTAXES |= {uid.JPEG2000, uid.HTJ2K}
"""Transfer syntaxes that may have lost something, unless the header says otherwise."""


@dataclass(frozen=True)
class Layout:
    """The attributes that say how pixels are stored (DICOM PS3.3 C.7.6.3)."""

    rows: int
    columns: int
    frames: int
    samples: int
    photometric: str
    allocated: int
    stored: int
    high_bit: int
    signed: bool
    planar: bool


def layout_of(attributes: Attributes) -> Layout:
    """Read and check the layout. Raises ImageError, naming the attribute."""
    integer = attributes.integer
    allocated = integer("BitsAllocated", 1, 64)
    stored = integer("BitsStored", 1, allocated, allocated)
    layout = Layout(
        rows=integer("Rows", 1, 65535),
        columns=integer("Columns", 1, 65535),
        frames=integer("NumberOfFrames", 1, 2**31 - 1, 1),
        samples=integer("SamplesPerPixel", 1, 4, 1),
        photometric=attributes.text("PhotometricInterpretation") or "MONOCHROME2",
        allocated=allocated,
        stored=stored,
        high_bit=integer("HighBit", stored - 1, allocated - 1, stored - 1),
        signed=integer("PixelRepresentation", 0, 1, 0) == 1,
        planar=integer("PlanarConfiguration", 0, 1, 0) == 1,
    )
    if layout.frames > MAX_FRAMES:
        raise ImageError(Code.TOO_LARGE, Message(Detail.FRAMES, count=layout.frames))
    if layout.rows * layout.columns > MAX_PIXELS:
        raise ImageError(
            Code.TOO_LARGE, Message(Detail.PIXELS, columns=layout.columns, rows=layout.rows)
        )
    if layout.allocated not in (1, 8, 16, 32, 64):
        raise ImageError(Code.UNSUPPORTED_PIXELS, f"{name_of('BitsAllocated')}: {allocated}")
    if layout.photometric not in _SAMPLES.get(layout.samples, ()):
        said = Message(
            Detail.SAMPLES,
            name=name_of("PhotometricInterpretation"),
            said=layout.photometric,
            samples=layout.samples,
        )
        raise ImageError(Code.UNSUPPORTED_PIXELS, said)
    return layout


@dataclass(frozen=True, eq=False)
class Stored:
    """The values of one frame as they were stored, before anything is made of them."""

    values: NDArray[Any]
    """(rows, columns), or (rows, columns, 3): all bits of a sample, or floats."""
    layout: Layout
    """The header's, with the precision and sign of the codestream where there is one."""
    notes: tuple[Problem, ...] = ()
    """What had to be read in another way than the header says."""


def stored_values(file: DicomFile, layout: Layout, frame: int) -> Stored:
    """One frame of the pixel data; no other is decoded. Raises ImageError.

    Colours that were compressed are RGB, others as the photometric interpretation says.
    """
    if frame >= layout.frames:
        raise ImageError(
            Code.DAMAGED, Message(Detail.NO_FRAME, frame=frame + 1, frames=layout.frames)
        )
    syntax = file.transfer_syntax
    for keyword, kind in _FLOATS.items():
        if keyword in file.dataset:
            return Stored(_native(_whole(file, keyword), kind, layout, frame), layout)
    data = _whole(file, "PixelData")
    if syntax not in _NATIVE:
        data = _with_table(data)
    actual = _actual_syntax(data, syntax, layout)
    notes: tuple[Problem, ...] = ()
    if actual != syntax:
        notes = (Problem(Code.REPAIRED, Message(Value.OTHER_SYNTAX, said=syntax.name)),)
    syntax = actual
    if syntax in _NATIVE:
        kind = np.dtype(f"{'>' if file.big_endian else '<'}u{max(8, layout.allocated) // 8}")
        if file.big_endian and layout.allocated <= 8 and file.dataset["PixelData"].VR == "OW":
            data = np.frombuffer(data[: len(data) // 2 * 2], "u2").byteswap().tobytes()
        return Stored(_native(data, kind, layout, frame), layout, notes)
    if syntax not in {*_COMPRESSED, _DEFLATED_FRAMES}:
        name = "" if syntax.name == syntax else f" {syntax.name}"
        raise ImageError(Code.UNSUPPORTED_TRANSFER_SYNTAX, f"{syntax}{name}"[:120])
    compressed = _frame_bytes(file, data, layout, frame)
    try:
        stored = _compressed(compressed, syntax, layout)
    except Exception as error:  # of this frame; others may be whole
        raise as_image_error(error, layout.frames) from error
    expected = (layout.rows, layout.columns, layout.samples)[: 2 if layout.samples == 1 else 3]
    if stored.values.shape != expected:
        said = Message(Detail.OTHER_DECODED, decoded=str(stored.values.shape), said=str(expected))
        raise ImageError(Code.INCONSISTENT_HEADER, said)
    return replace(stored, notes=(*notes, *stored.notes))


def _actual_syntax(data: bytes, said: uid.UID, layout: Layout) -> uid.UID:
    """The transfer syntax that the pixel data are in, where their form contradicts what is said."""
    wide = 2 if layout.photometric == "YBR_FULL_422" else layout.samples
    native = (layout.rows * layout.columns * wide * layout.allocated * layout.frames + 7) // 8
    fragmented = data.startswith(_ITEM)
    if said in _NATIVE and fragmented and not native <= len(data) <= native + 1:
        return _syntax_of(_first_bytes(data)) or said
    if said in _COMPRESSED and not fragmented:
        return uid.ExplicitVRLittleEndian if native <= len(data) <= native + 1 else said
    if said in _COMPRESSED:
        found = _syntax_of(_first_bytes(data))
        return found if found and (found == uid.RLELossless) != (said == uid.RLELossless) else said
    return said


def _first_bytes(data: bytes) -> bytes:
    """How the first fragment that is not empty begins."""
    starts = (data[at + 8 : at + 72] for at in _items(data)[1] if data[at + 4 : at + 8] != bytes(4))
    return next(starts, b"")


def _syntax_of(frame: bytes) -> uid.UID | None:
    """What a compressed frame is, by how it begins."""
    if frame.startswith(b"\xff\xd8"):
        return uid.JPEGExtended12Bit
    if frame.startswith((b"\xff\x4f\xff\x51", b"\0\0\0\x0cjP")):
        return uid.JPEG2000
    segments, first = (int.from_bytes(frame[at : at + 4], "little") for at in (0, 4))
    return uid.RLELossless if 0 < segments < 16 and first == _RLE_HEADER else None


def _whole(file: DicomFile, keyword: str) -> bytes:
    """An element's bytes. Raises ImageError where the file ends before they do."""
    element = file.dataset.get_item(keyword)
    if element is None:
        raise ImageError(Code.DAMAGED, Message(Detail.NO_PIXEL_DATA))
    value = element.value
    data = value if isinstance(value, bytes) else b""
    declared = getattr(element, "length", len(data))
    if len(data) < declared != 0xFFFFFFFF:
        raise ImageError(
            Code.DAMAGED, Message(Detail.CUT_PIXEL_DATA, there=len(data), declared=declared)
        )
    return data


def _native(data: bytes, kind: np.dtype[Any], layout: Layout, frame: int) -> NDArray[Any]:
    samples = 2 if layout.photometric == "YBR_FULL_422" else layout.samples
    count = layout.rows * layout.columns * samples
    bits = 1 if layout.allocated == 1 else kind.itemsize * 8
    expected = (count * bits * layout.frames + 7) // 8
    a_row = max(2, layout.columns * samples * bits // 8)
    padded = len(data) >= expected + a_row and not any(data[expected:])
    if len(data) < expected or (len(data) >= expected + a_row and not padded):
        # Extra bytes that are no zeros: rows, columns or frames in the header are wrong.
        raise ImageError(
            Code.INCONSISTENT_HEADER,
            Message(Detail.OTHER_PIXEL_DATA, there=len(data), expected=expected),
        )
    if bits == 1:
        first = frame * count
        packed = np.frombuffer(data, np.uint8)[first // 8 : (first + count + 7) // 8]
        values = np.unpackbits(packed, bitorder="little")[first % 8 :][:count]
    else:
        values = np.frombuffer(data, kind, count, frame * count * kind.itemsize)
    if samples == 2:  # luma, luma, and the two chroma of both: the chroma are not used
        return _luma_of_422(values, layout)
    return _in_shape(values, layout, layout.planar)


def _luma_of_422(values: NDArray[Any], layout: Layout) -> NDArray[Any]:
    luma = values.reshape(-1, 4)[:, :2].reshape(layout.rows, layout.columns)
    return np.stack([luma, np.full_like(luma, 128), np.full_like(luma, 128)], axis=-1)


def _in_shape(values: NDArray[Any], layout: Layout, planar: bool) -> NDArray[Any]:
    rows, columns = layout.rows, layout.columns
    if layout.samples == 1:
        return values.reshape(rows, columns)
    if planar:
        return values.reshape(layout.samples, rows, columns).transpose(1, 2, 0)
    return values.reshape(rows, columns, layout.samples)


def _frame_bytes(file: DicomFile, data: bytes, layout: Layout, frame: int) -> bytes:
    """The compressed bytes of one frame, and a check that there are as many as the header says."""
    offsets, fragments = _items(data)
    if len(fragments) == layout.frames:  # no table of offsets is needed, whatever is in it
        start = fragments[frame] + 8
        return data[start : start + int.from_bytes(data[start - 4 : start], "little")]
    if len(fragments) < layout.frames or offsets > max(1, layout.frames):
        found = max(offsets, len(fragments))
        said = Message(Detail.OTHER_FRAMES, said=layout.frames, there=found)
        raise ImageError(Code.INCONSISTENT_HEADER, said)
    extended = None
    if "ExtendedOffsetTable" in file.dataset and "ExtendedOffsetTableLengths" in file.dataset:
        extended = (file.dataset.ExtendedOffsetTable, file.dataset.ExtendedOffsetTableLengths)
    return get_frame(data, frame, extended_offsets=extended, number_of_frames=layout.frames)


@lru_cache(maxsize=1)
def _with_table(data: bytes) -> bytes:
    """Fragments with an empty table of offsets where theirs is none, or a frame is in its place.

    Kept for the next frame.
    """
    if not data.startswith(_ITEM):
        return data
    length = int.from_bytes(data[4:8], "little")
    if _syntax_of(data[8:72]) is not None:
        return _ITEM + bytes(4) + data
    return data if length % 4 == 0 else _ITEM + bytes(4) + data[8 + length :]


@lru_cache(maxsize=1)
def _items(data: bytes) -> tuple[int, tuple[int, ...]]:
    """How many offsets the table has, and where each fragment's item begins.

    Kept for the next frame: many frames of a file are asked for one by one.
    """
    buffer = BytesIO(data)
    offsets = parse_basic_offsets(buffer)
    _, fragments = parse_fragments(buffer)
    return len(offsets), tuple(fragments)


def _compressed(data: bytes, syntax: uid.UID, layout: Layout) -> Stored:
    kind = np.dtype(f"<u{max(8, layout.allocated) // 8}")
    size = layout.rows * layout.columns * layout.samples * kind.itemsize
    if syntax == uid.RLELossless:
        return Stored(_in_shape(_run_lengths(data, kind, layout), layout, planar=True), layout)
    if syntax == _DEFLATED_FRAMES:
        inflated = zlib.decompressobj(-zlib.MAX_WBITS).decompress(data, size + 2)
        values = _native(inflated, kind, replace(layout, frames=1), 0)
        return Stored(values, replace(layout, high_bit=layout.stored - 1))
    stream = announced(data)
    if (stream.rows, stream.columns, stream.samples) != (
        layout.rows,
        layout.columns,
        layout.samples,
    ):
        raise ImageError(
            Code.INCONSISTENT_HEADER,
            Message(
                Detail.OTHER_COMPRESSED,
                compressed=f"{stream.columns}×{stream.rows}×{stream.samples}",
                said=f"{layout.columns}×{layout.rows}×{layout.samples}",
            ),
        )
    stored = min(layout.stored, stream.bits)
    own = replace(layout, stored=stored, high_bit=stored - 1, signed=layout.signed or stream.signed)
    notes = (Problem(Code.LOSSY),) if stream.lossy else ()
    return Stored(decoded(data, stream, layout.photometric == "RGB"), own, notes)


def _run_lengths(data: bytes, kind: np.dtype[Any], layout: Layout) -> NDArray[Any]:
    """Samples of one frame in RLE (PS3.5 Annex G), plane by plane; what follows them is ignored."""
    count = int.from_bytes(data[:4], "little")
    planes = layout.samples * kind.itemsize
    if count != planes:
        raise ImageError(Code.DAMAGED, Message(Detail.SEGMENTS, count=count, planes=planes))
    starts = [int.from_bytes(data[4 + 4 * at : 8 + 4 * at], "little") for at in range(count)]
    pixels = layout.rows * layout.columns
    decoded_planes = []
    for start, end in zip(starts, [*starts[1:], len(data)], strict=True):
        plane = imagecodecs.packbits_decode(data[start:end])[:pixels]
        if not _RLE_HEADER <= start < end or len(plane) < pixels:
            raise ImageError(Code.DAMAGED, Message(Detail.FRAME_CUT_SHORT))
        decoded_planes.append(np.frombuffer(plane, np.uint8))
    # Of each sample the most significant byte comes first.
    samples = np.stack(decoded_planes).reshape(layout.samples, kind.itemsize, pixels)[:, ::-1]
    values: NDArray[Any] = np.ascontiguousarray(samples.transpose(0, 2, 1)).view(kind)
    return values.ravel()


def as_numbers(stored: Stored) -> NDArray[Any]:
    """Integers cut to Bits Stored below the High Bit, with their sign; floats as they are.

    The bits around may hold overlays.
    """
    values, layout = stored.values, stored.layout
    if values.dtype.kind == "f":
        return values
    if values.dtype.itemsize * 8 < layout.allocated:  # a decoder's narrower type
        values = values.astype(f"{values.dtype.kind}{layout.allocated // 8}")
    width = values.dtype.itemsize * 8
    native = values.astype(values.dtype.newbyteorder("="), copy=False)
    if layout.stored >= width:
        return native.view(f"{'i' if layout.signed else 'u'}{width // 8}")
    unsigned = native.view(f"u{width // 8}")
    if not layout.signed and layout.high_bit == layout.stored - 1:
        mask = (1 << layout.stored) - 1
        return unsigned if int(unsigned.max()) <= mask else unsigned & mask
    shifted = unsigned << (width - 1 - layout.high_bit)
    return shifted.view(f"{'i' if layout.signed else 'u'}{width // 8}") >> (width - layout.stored)
