"""DICOM files for tests, built attribute by attribute."""

from pathlib import Path
from typing import Any

import imagecodecs
import numpy as np
from numpy.typing import NDArray
from pydicom import uid
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.pixels.encoders.base import RLELosslessEncoder

HU = np.linspace(-1024, 2000, 24 * 20).astype(np.int16).reshape(24, 20)
"""What ``ct()`` shows."""


def ct(**attributes: Any) -> Dataset:
    """A CT slice of 24×20 pixels that shows ``HU``; ``attributes`` replace or remove (None)."""
    scan = Dataset()
    scan.SOPClassUID = uid.CTImageStorage
    scan.SOPInstanceUID, scan.StudyInstanceUID, scan.SeriesInstanceUID = "1.2.3", "1.2", "1.2.1"
    scan.PatientID, scan.PatientName = "P1", "Test^Patient"
    scan.Modality, scan.BodyPartExamined = "CT", "HEAD"
    scan.ImageType = ["ORIGINAL", "PRIMARY", "AXIAL"]
    scan.InstanceNumber = 7
    scan.ImagePositionPatient = [-10.0, -12.0, 35.0]
    scan.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
    scan.PixelSpacing, scan.SliceThickness = [0.5, 0.25], 5
    scan.Rows, scan.Columns = HU.shape
    scan.SamplesPerPixel, scan.PhotometricInterpretation = 1, "MONOCHROME2"
    scan.BitsAllocated, scan.BitsStored, scan.HighBit, scan.PixelRepresentation = 16, 16, 15, 0
    scan.RescaleSlope, scan.RescaleIntercept = 1, -1024
    scan.PixelData = (HU + 1024).astype("<u2").tobytes()
    change(scan, **attributes)
    return scan


def change(scan: Dataset, **attributes: Any) -> Dataset:
    """Replace attributes, or remove those given as None."""
    for keyword, value in attributes.items():
        if value is None:
            delattr(scan, keyword)
        else:
            setattr(scan, keyword, value)
    return scan


def save(scan: Dataset, path: Path, syntax: str = uid.ExplicitVRLittleEndian) -> Path:
    """Write a file with preamble and File Meta Information."""
    scan.file_meta = FileMetaDataset()
    scan.file_meta.TransferSyntaxUID = uid.UID(syntax)
    scan.file_meta.MediaStorageSOPClassUID = scan.get("SOPClassUID", "")
    scan.file_meta.MediaStorageSOPInstanceUID = scan.get("SOPInstanceUID", "1.2.9")
    scan["PixelData"].VR = "OW" if "PixelData" in scan and scan.BitsAllocated > 8 else "OB"
    scan.save_as(path, enforce_file_format=True)
    return path


def compressed(scan: Dataset, syntax: str) -> Dataset:
    """The same slice with its pixels in a lossless transfer syntax."""
    pixels = np.frombuffer(scan.PixelData, "<u2").reshape(scan.Rows, scan.Columns)
    scan.PixelData = encapsulate([encoded(pixels, syntax)])
    scan["PixelData"].is_undefined_length = True
    return scan


def encoded(pixels: NDArray[Any], syntax: str) -> bytes:
    """One frame in a lossless transfer syntax."""
    if syntax == uid.RLELossless:
        rows, columns = pixels.shape
        return RLELosslessEncoder.encode(
            pixels,
            encoding_plugin="pydicom",
            rows=rows,
            columns=columns,
            number_of_frames=1,
            samples_per_pixel=1,
            photometric_interpretation="MONOCHROME2",
            bits_allocated=16,
            bits_stored=16,
            pixel_representation=0,
        )
    if syntax in (uid.JPEGLossless, uid.JPEGLosslessSV1):
        return bytes(imagecodecs.jpeg8_encode(pixels, lossless=True, bitspersample=16))
    if syntax in (uid.JPEGLSLossless, uid.JPEGLSNearLossless):
        return bytes(imagecodecs.jpegls_encode(pixels))
    if syntax in (uid.HTJ2K, uid.HTJ2KLossless, uid.HTJ2KLosslessRPCL):
        return bytes(imagecodecs.htj2k_encode(pixels))
    return bytes(imagecodecs.jpeg2k_encode(pixels, reversible=True, codecformat="j2k"))
