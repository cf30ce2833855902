"""The sample images: generated heads as PNG and DICOM, real test slices, one broken file.

They ship as code, not as files: written on request, the same bytes every time.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import numpy as np
import pydicom.data
from PIL import Image as PilImage
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import UID, CTImageStorage, ExplicitVRLittleEndian, generate_uid

from imaging.samples.phantom import Bleed, Head

PYDICOM_SLICES = (
    "J2K_pixelrep_mismatch.dcm",
    "693_J2KI.dcm",
    "CT_small.dcm",
    "MR_small.dcm",
)
"""Real slices inside the pydicom package (MIT): two heads in JPEG 2000, one CT, one MR."""

SLICES = 12
SPACING, THICKNESS = 0.45, 9.0
"""Millimetres: between pixels of a 512 slice, and between slices of the generated series."""
IMAGES = (
    ("01 no bleed.png", Head(seed=1), 0.40),
    ("02 intraparenchymal.png", Head(2, Bleed.INTRAPARENCHYMAL), 0.50),
    ("03 subdural.png", Head(3, Bleed.SUBDURAL), 0.45),
    ("04 epidural.png", Head(4, Bleed.EPIDURAL), 0.50),
    ("05 no bleed.png", Head(seed=5), 0.60),
)
BROKEN = "interrupted copy.dcm"
FOLDER_NAME = "Cranioscope samples 2"
"""What callers should name the folder; the number rises whenever the written bytes change."""


def write_samples(folder: Path) -> Path:
    """Write the sample images into ``folder`` unless they are already there; return it.

    Written beside the folder and moved into place, so that an interrupted run leaves nothing half.
    Raises OSError where the place cannot be written or holds something else.
    """
    if (folder / BROKEN).exists():
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=folder.name, dir=folder.parent))
    try:
        _write_images(fresh / "generated images")
        _write_series(fresh / "generated series with bleed", Head(11, Bleed.INTRAPARENCHYMAL))
        _write_series(fresh / "generated series without bleed", Head(12))
        _copy_real_slices(fresh / "real test slices")
        _write_broken(fresh)
        fresh.chmod(0o755)
        if folder.is_dir():
            folder.rmdir()
        fresh.replace(folder)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return folder


def _write_images(folder: Path) -> None:
    folder.mkdir()
    for name, head, height in IMAGES:
        grey = np.clip(np.rint(head.slice_at(height) * (255 / 80)), 0, 255).astype(np.uint8)
        PilImage.fromarray(grey).save(folder / name)


def _write_series(folder: Path, head: Head) -> None:
    folder.mkdir()
    for number in range(1, SLICES + 1):
        phantom_slice(head, number).save_as(folder / f"{number:03d}.dcm", enforce_file_format=True)


def phantom_slice(head: Head, number: int, slices: int = SLICES) -> Dataset:
    """Slice ``number`` (from 1, the lowest) of a generated head as a CT Image Storage object."""
    hu = head.slice_at((number - 0.5) / slices)
    name = f"{head.seed} {head.bleed.value}"
    image = Dataset()
    image.file_meta = FileMetaDataset()
    image.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    image.file_meta.MediaStorageSOPClassUID = image.SOPClassUID = CTImageStorage
    image.file_meta.MediaStorageSOPInstanceUID = image.SOPInstanceUID = _uid(f"{name} {number}")
    image.file_meta.ImplementationClassUID = _uid("samples")
    image.ImageType = ["ORIGINAL", "PRIMARY", "AXIAL"]
    image.StudyDate = image.StudyTime = image.AccessionNumber = ""
    image.Modality = "CT"
    image.Manufacturer = "Cranioscope"
    image.StudyDescription = "Generated: no patient, no test"
    image.SeriesDescription = f"Generated head, bleed: {head.bleed.value}"
    image.PatientName = f"Phantom^{head.bleed.value.title()}"
    image.PatientID = f"PHANTOM-{head.seed:03d}"
    image.BodyPartExamined = "HEAD"
    image.SliceThickness = THICKNESS
    image.KVP = 120
    image.PatientPosition = "HFS"
    image.StudyInstanceUID, image.SeriesInstanceUID = _uid(f"{name} study"), _uid(f"{name} series")
    image.FrameOfReferenceUID = _uid(f"{name} frame of reference")
    image.SeriesNumber, image.InstanceNumber = 1, number
    side = SPACING * 512 / 2
    image.ImagePositionPatient = [-side, -side, round((number - 1) * THICKNESS, 3)]
    image.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
    image.PixelSpacing = [SPACING * 512 / head.size] * 2
    image.SamplesPerPixel, image.PhotometricInterpretation = 1, "MONOCHROME2"
    image.Rows = image.Columns = head.size
    image.BitsAllocated = image.BitsStored = 16
    image.HighBit, image.PixelRepresentation = 15, 1
    image.RescaleSlope, image.RescaleIntercept, image.RescaleType = 1, -1024, "HU"
    image.WindowWidth, image.WindowCenter = 80, 40
    image.PixelData = (hu + 1024).astype("<i2").tobytes()
    return image


def _uid(name: str) -> UID:
    return generate_uid(entropy_srcs=["cranioscope sample", name])


def pydicom_folder() -> Path:
    """Where the pydicom package keeps its test files; nothing is ever downloaded."""
    return Path(pydicom.data.__file__).parent / "test_files"


def _copy_real_slices(folder: Path) -> None:
    folder.mkdir()
    for name in PYDICOM_SLICES:
        shutil.copyfile(pydicom_folder() / name, folder / name)


def _write_broken(folder: Path) -> None:
    whole = (folder / "generated series without bleed" / "006.dcm").read_bytes()
    (folder / BROKEN).write_bytes(whole[: len(whole) // 2])
