"""Files to mutate, generated or from pydicom's package, and seeded ways to damage them."""

from __future__ import annotations

import gzip
import random
import zipfile
from io import BytesIO
from pathlib import Path

import numpy as np
from nibabel.nifti1 import Nifti1Image
from PIL import Image as PilImage
from pydicom import uid
from pydicom.data import get_testdata_file

from tests.make.dicom import compressed, ct, save

PACKAGED = (
    "CT_small.dcm",
    "693_J2KI.dcm",
    "MR_small_RLE.dcm",
    "MR_small_jpeg_ls_lossless.dcm",
    "MR_small_bigendian.dcm",
    "JPGExtended.dcm",
    "SC_rgb_jpeg_gdcm.dcm",
    "image_dfl.dcm",
    "examples_palette.dcm",
    "rtdose_rle.dcm",
)
_LOSSLESS = (uid.JPEGLSLossless, uid.JPEGLosslessSV1, uid.HTJ2KLossless)
_HEADER = 1500
"""Bytes from the start within which half of the changes lie: what steers the decoders."""


def originals(place: Path) -> list[bytes]:
    """One file of each kind that is read. ``place``: a folder for what must be written first."""
    place.mkdir(parents=True, exist_ok=True)
    found = [get_testdata_file(name, download=False) for name in PACKAGED]
    data = [Path(str(path)).read_bytes() for path in found]
    data += [save(compressed(ct(), s), place / "a", s).read_bytes() for s in _LOSSLESS]
    ramp = PilImage.fromarray(np.add.outer(np.arange(64), np.arange(72)).astype(np.uint8))
    several = {"save_all": True, "append_images": [ramp.rotate(90), ramp.rotate(180)]}
    for kind, options in (
        ("PNG", {}),
        ("PNG", several),
        ("JPEG", {}),
        ("TIFF", {"compression": "tiff_lzw", **several}),
        ("BMP", {}),
        ("GIF", several),
        ("WEBP", {}),
        ("JPEG2000", {}),
    ):
        file = BytesIO()
        ramp.save(file, kind, **options)
        data.append(file.getvalue())
    volume = np.random.default_rng(1).integers(-1000, 100, (24, 24, 3)).astype(np.int16)
    image = Nifti1Image(volume, np.diag([1.0, 1.0, 5.0, 1.0]))  # type: ignore[no-untyped-call]
    data += [image.to_bytes(), gzip.compress(image.to_bytes())]
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in (0, len(PACKAGED)):
            archive.writestr(f"s/{number}", data[number])
    return [*data, packed.getvalue()]


def mutated(data: bytes, chance: random.Random) -> bytes:
    """The file with some bytes flipped, overwritten, cut out, repeated, or its end missing."""
    changed = bytearray(data)
    for _ in range(chance.choice((1, 1, 1, 2, 4, 16, 64))):
        limit = len(changed) if chance.random() < 0.5 else min(len(changed), _HEADER)
        at, length = chance.randrange(max(1, limit)), chance.choice((1, 2, 4, 8))
        kind = chance.randrange(7)
        if kind < 2 and at < len(changed):
            changed[at] ^= 1 << chance.randrange(8)
        elif kind == 2:
            changed[at : at + length] = chance.randbytes(length)
        elif kind == 3:
            changed[at : at + length] = chance.choice((b"\0", b"\xff", b"\x7f")) * length
        elif kind == 4:
            del changed[at : at + length]
        elif kind == 5:
            changed[at:at] = changed[at : at + chance.randrange(64)]
        else:
            other = chance.randrange(max(1, len(changed)))
            changed[at : at + length] = changed[other : other + length]
    return bytes(
        changed[: chance.randrange(len(changed) + 1)] if chance.random() < 0.1 else changed
    )
