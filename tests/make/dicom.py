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


def _head() -> NDArray[np.int16]:
    rows, columns = np.mgrid[-1:1:24j, -1:1:20j]
    radius = np.hypot(rows / 0.85, columns / 0.8)
    air = -1000 + 20 * rows * columns
    brain = 40 + 40 * rows + 10 * columns
    bone = 1000 + 1000 * columns
    head: NDArray[np.int16] = np.select([radius < 0.8, radius < 1], [brain, bone], air).astype(
        np.int16
    )
    return head


HU = _head()
"""What ``ct()`` shows: brain in a skull, in air; no two rows or columns alike."""


def ct(**attributes: Any) -> Dataset:
    """A CT slice of 24×20 pixels that shows ``HU``; ``attributes`` replace or remove (None)."""
    image = Dataset()
    image.SOPClassUID = uid.CTImageStorage
    image.SOPInstanceUID, image.StudyInstanceUID, image.SeriesInstanceUID = "1.2.3", "1.2", "1.2.1"
    image.PatientID, image.PatientName = "P1", "Test^Patient"
    image.Modality, image.BodyPartExamined = "CT", "HEAD"
    image.ImageType = ["ORIGINAL", "PRIMARY", "AXIAL"]
    image.InstanceNumber = 7
    image.ImagePositionPatient = [-10.0, -12.0, 35.0]
    image.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
    image.PixelSpacing, image.SliceThickness = [0.5, 0.25], 5
    image.Rows, image.Columns = HU.shape
    image.SamplesPerPixel, image.PhotometricInterpretation = 1, "MONOCHROME2"
    image.BitsAllocated, image.BitsStored, image.HighBit, image.PixelRepresentation = 16, 16, 15, 0
    image.RescaleSlope, image.RescaleIntercept = 1, -1024
    image.PixelData = (HU + 1024).astype("<u2").tobytes()
    change(image, **attributes)
    return image


def change(image: Dataset, **attributes: Any) -> Dataset:
    """Replace attributes, or remove those given as None."""
    for keyword, value in attributes.items():
        if value is None:
            delattr(image, keyword)
        else:
            setattr(image, keyword, value)
    return image


def save(image: Dataset, path: Path, syntax: str = uid.ExplicitVRLittleEndian) -> Path:
    """Write a file with preamble and File Meta Information."""
    image.file_meta = FileMetaDataset()
    image.file_meta.TransferSyntaxUID = uid.UID(syntax)
    image.file_meta.MediaStorageSOPClassUID = image.get("SOPClassUID", "")
    image.file_meta.MediaStorageSOPInstanceUID = image.get("SOPInstanceUID", "1.2.9")
    image["PixelData"].VR = "OW" if "PixelData" in image and image.BitsAllocated > 8 else "OB"
    image.save_as(path, enforce_file_format=True)
    return path


def compressed(image: Dataset, syntax: str) -> Dataset:
    """The same slice with its pixels in a lossless transfer syntax."""
    pixels = np.frombuffer(image.PixelData, "<u2").reshape(image.Rows, image.Columns)
    image.PixelData = encapsulate([encoded(pixels, syntax)])
    image["PixelData"].is_undefined_length = True
    return image


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
