from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydicom import uid
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from imaging.dicom.messages import Value
from imaging.eligibility import refusal
from imaging.errors import Code, Problem
from imaging.image import Acquisition, Unit, Window
from imaging.messages import Message
from imaging.reading import read_image
from tests.make.dicom import HU, change, compressed, ct, save
from tests.make.outcomes import codes, hu, refused

AGENT = "ContrastBolusAgent"


def test_header(path: Path) -> None:
    image = ct(WindowCenter=[40, 600], WindowWidth=[80, 2800], GantryDetectorTilt=-12.5, KVP=120)
    image.FrameOfReferenceUID = "1.2.9"
    header = read_image(save(image, path)).header
    assert (header.kind, header.unit, header.rows, header.columns) == (
        "DICOM",
        Unit.HOUNSFIELD,
        *HU.shape,
    )
    assert header.sop_class == uid.CTImageStorage
    assert header.image_type == ("ORIGINAL", "PRIMARY", "AXIAL")
    assert header.body_part == "HEAD"
    assert header.window == Window(80, 40)
    who, where = header.identity, header.geometry
    assert (who.patient_id, who.patient_name, header.instance_number) == ("P1", "Test^Patient", 7)
    assert (who.study_uid, who.series_uid, header.sop_uid) == ("1.2", "1.2.1", "1.2.3")
    assert (where.position, where.spacing, where.thickness) == ((-10, -12, 35), (0.5, 0.25), 5)
    assert where.orientation == (1, 0, 0, 0, 1, 0)
    assert (where.tilt, where.kvp, where.frame_of_reference) == (-12.5, 120, "1.2.9")
    assert [problem.sentence for problem in header.warnings] == ["Gantry tilt (-12.5°)."]


@pytest.mark.parametrize(
    ("syntax", "said", "lossy"),
    [
        (uid.JPEGLSNearLossless, "01", True),
        (uid.JPEGLSNearLossless, None, True),
        (uid.JPEG2000, "00", False),
        (uid.JPEG2000, None, True),
        (uid.JPEG2000Lossless, "01", True),
        (uid.HTJ2K, None, True),
    ],
)
def test_lossy_compression_is_a_warning(
    path: Path, syntax: uid.UID, said: str | None, lossy: bool
) -> None:
    image = compressed(ct(), syntax)
    if said is not None:
        image.LossyImageCompression = said
    read = read_image(save(image, path, syntax))
    assert codes(read) == ([Code.LOSSY] if lossy else [])
    assert np.array_equal(hu(read), HU)


@pytest.mark.parametrize(
    ("attributes", "spacing", "aspect"),
    [
        ({}, (0.5, 0.25), None),
        ({"PixelSpacing": None, "ImagerPixelSpacing": [0.4, 0.8]}, (0.4, 0.8), None),
        ({"PixelSpacing": None, "NominalScannedPixelSpacing": [0.4, 0.8]}, (0.4, 0.8), None),
        ({"PixelSpacing": None, "PixelAspectRatio": [1, 2]}, None, 0.5),
        ({"PixelSpacing": [0, 0], "PixelAspectRatio": [2, 1]}, None, 2.0),
        ({"PixelSpacing": None, "PixelAspectRatio": [0, 2]}, None, None),
        ({"PixelSpacing": [0.5, 0.5], "PixelAspectRatio": [2, 1]}, (0.5, 0.5), None),
        ({"PixelSpacing": [1e300, 1e300]}, None, None),
    ],
)
def test_the_shape_of_a_pixel(
    path: Path,
    attributes: dict[str, Any],
    spacing: tuple[float, float] | None,
    aspect: float | None,
) -> None:
    geometry = read_image(save(ct(**attributes), path)).header.geometry
    assert (geometry.spacing, geometry.aspect) == (spacing, aspect)
    assert geometry.pixel == (spacing or (aspect or 1.0, 1.0))


@pytest.mark.parametrize(("far", "believed"), [(1e5, True), (1.1e5, False), (1e308, False)])
def test_positions_beyond_any_scanner_are_none(path: Path, far: float, believed: bool) -> None:
    image = ct(ImagePositionPatient=[0, 0, far], SliceLocation=far)
    read = read_image(save(image, path))
    assert (read.header.geometry.position is not None) is believed
    assert (read.header.geometry.slice_location is not None) is believed
    assert codes(read) == ([] if believed else [Code.NO_POSITION])


def test_what_tells_acquisitions_apart_is_read(path: Path) -> None:
    image = ct(AcquisitionNumber=3, AcquisitionDate="20260102", AcquisitionTime="120001.5")
    change(image, ConvolutionKernel=["H30f", "2"], ContentTime="120002", TemporalPositionIndex=2)
    assert read_image(save(image, path)).header.acquisition == Acquisition(
        3, 2, "20260102120001.5", "120002", "H30f/2"
    )


def test_ct_without_a_position_is_a_warning(path: Path) -> None:
    assert codes(read_image(save(ct(ImagePositionPatient=None), path))) == [Code.NO_POSITION]


@pytest.mark.parametrize("senseless", [[0, 0, 0, 0, 0, 0], [1, 0, 0, 1, 0, 0], [9, 0, 0, 0, 9, 0]])
def test_a_senseless_orientation_is_none(path: Path, senseless: list[float]) -> None:
    image = save(ct(ImageOrientationPatient=senseless), path)
    assert read_image(image).header.geometry.orientation is None


@pytest.mark.parametrize(
    ("sop_class", "word"),
    [
        ("1.2.840.10008.5.1.4.1.1.88.33", "Comprehensive SR"),
        ("1.2.840.10008.5.1.4.1.1.481.3", "RT Structure Set"),
        ("1.2.840.10008.5.1.4.1.1.104.1", "Encapsulated PDF"),
        ("1.2.840.10008.5.1.4.1.1.66.4", "Segmentation"),
        ("1.2.840.10008.5.1.4.1.1.11.1", "Presentation State"),
        ("1.2.840.10008.5.1.4.1.1.9.1.1", "Waveform"),
        ("1.2.840.10008.1.3.10", "DICOMDIR"),
    ],
)
def test_objects_without_an_image_are_named(path: Path, sop_class: str, word: str) -> None:
    code, detail = refused(save(ct(SOPClassUID=sop_class), path))
    assert code is Code.NOT_AN_IMAGE_OBJECT
    assert word in str(detail)


def test_the_issuer_of_an_id_tells_patients_apart(path: Path) -> None:
    one = read_image(save(ct(IssuerOfPatientID="North"), path)).header.identity
    other = read_image(save(ct(IssuerOfPatientID="South"), path)).header.identity
    assert (one.patient_id, one.issuer) == ("P1", "North")
    assert one.patient_key != other.patient_key


def test_age_sex_and_study_time_are_read_as_the_file_has_them(path: Path) -> None:
    image = ct(PatientAge="067Y", PatientSex="F", StudyTime="051500")
    who = read_image(save(image, path)).header.identity
    assert (who.patient_age, who.patient_sex, who.study_time) == ("067Y", "F", "051500")


@pytest.mark.parametrize(
    ("attributes", "said"),
    [
        ({AGENT: "Iohexol"}, "Iohexol"),
        ({"ContrastBolusVolume": 80}, "ContrastBolusVolume (0018,1041): 80"),
        ({"SeriesDescription": "CTA Head"}, "CTA Head"),
        ({"SeriesDescription": "Brain_with_contrast"}, "Brain_with_contrast"),
        ({"SeriesDescription": "Kopf mit KM"}, "Kopf mit KM"),
        ({"SeriesDescription": "Head +C"}, "Head +C"),
        ({"SeriesDescription": "头颅增强"}, "头颅增强"),
        ({}, None),
        ({AGENT: "Non-ionic 300"}, "Non-ionic 300"),
        ({AGENT: "NONE"}, None),
        ({AGENT: "无"}, None),
        ({AGENT: "-"}, None),
        ({AGENT: "NO", "SeriesDescription": "CTA"}, None),
        ({"ContrastBolusVolume": 0}, None),
        ({"SeriesDescription": "Head without contrast"}, None),
        ({"SeriesDescription": "Non-contrast head"}, None),
        ({"SeriesDescription": "Kopf ohne KM"}, None),
        ({"SeriesDescription": "sin contraste"}, None),
        ({"SeriesDescription": "Head 5mm"}, None),
        ({AGENT: "Gd", "Modality": "MR"}, None),
    ],
)
def test_a_contrast_agent_is_a_warning(
    path: Path, attributes: dict[str, Any], said: str | None
) -> None:
    image = ct(SpecificCharacterSet="ISO_IR 192", **attributes)
    warnings = read_image(save(image, path)).header.warnings
    found = [problem.detail for problem in warnings if problem.code is Code.CONTRAST]
    assert found == ([] if said is None else [said])


def test_a_contrast_agent_in_a_sequence_is_a_warning(path: Path) -> None:
    item = change(Dataset(), CodeMeaning="Iodixanol")
    read = read_image(save(ct(ContrastBolusAgentSequence=Sequence([item])), path))
    assert [problem.detail for problem in read.header.warnings] == ["Iodixanol"]


@pytest.mark.parametrize(
    ("attributes", "kind"),
    [
        ({"ImageType": ["DERIVED", "PRIMARY", "AXIAL", "VMI"]}, "VMI"),
        ({"SeriesDescription": "Head Mono+ 40 keV"}, "Head Mono+ 40 keV"),
        ({"SeriesDescription": "Virtual non contrast"}, "Virtual non contrast"),
        ({"SeriesDescription": "Head 120 kV"}, None),
    ],
)
def test_images_computed_from_two_energies_are_told(
    path: Path, attributes: dict[str, Any], kind: str | None
) -> None:
    warnings = read_image(save(ct(**attributes), path)).header.warnings
    told = [] if kind is None else [Problem(Code.UNUSUAL_VALUES, Message(Value.VIRTUAL, kind=kind))]
    assert [each for each in warnings if each.code is Code.UNUSUAL_VALUES] == told


def test_colours_in_a_ct_are_no_slice(path: Path) -> None:
    image = ct(SamplesPerPixel=3, PhotometricInterpretation="RGB", PlanarConfiguration=0)
    change(image, BitsAllocated=8, BitsStored=8, HighBit=7, PixelData=bytes(3 * HU.size))
    header = read_image(save(image, path)).header
    assert header.colour
    problem = refusal(header)
    assert problem is not None
    assert problem.code is Code.WRONG_MODALITY


@pytest.mark.parametrize(("tilt", "said"), [(0.49, False), (0.5, True), (-0.5, True)])
def test_a_gantry_counts_as_tilted_from_half_a_degree_on(
    path: Path, tilt: float, said: bool
) -> None:
    found = codes(read_image(save(ct(GantryDetectorTilt=tilt), path)))
    assert found == ([Code.TILT] if said else [])


@pytest.mark.parametrize(
    ("cosines", "believed"),
    [
        ([1, 0, 0, 0.0199, 1, 0], True),
        ([1, 0, 0, 0.0201, 1, 0], False),
        ([0.949, 0, 0, 0, 1, 0], True),
        ([0.948, 0, 0, 0, 1, 0], False),
        ([1, 0, 0, 0, 1.048, 0], True),
        ([1, 0, 0, 0, 1.049, 0], False),
    ],
)
def test_direction_cosines_are_believed_up_to_rounding(
    path: Path, cosines: list[float], believed: bool
) -> None:
    image = save(ct(ImageOrientationPatient=cosines), path)
    assert (read_image(image).header.geometry.orientation is not None) is believed


@pytest.mark.parametrize(
    ("attributes", "believed"),
    [
        ({"ImagePositionPatient": [0, 0, -100_000]}, True),
        ({"ImagePositionPatient": [0, 0, -100_001]}, False),
        ({"SliceLocation": 100_000}, True),
        ({"SliceLocation": 100_001}, False),
        ({"PixelSpacing": [100_000, 100_000]}, True),
        ({"PixelSpacing": [100_001, 100_000]}, False),
    ],
)
def test_no_place_is_believed_beyond_a_hundred_metres(
    path: Path, attributes: dict[str, object], believed: bool
) -> None:
    where = read_image(save(ct(**attributes), path)).header.geometry
    told = {
        "ImagePositionPatient": where.position,
        "SliceLocation": where.slice_location,
        "PixelSpacing": where.spacing,
    }
    assert (told[next(iter(attributes))] is not None) is believed


@pytest.mark.parametrize(("said", "expected"), [("YES", [Code.BURNED_IN]), ("NO", []), (None, [])])
def test_text_in_the_pixels_is_a_warning(
    path: Path, said: str | None, expected: list[Code]
) -> None:
    image = ct() if said is None else ct(BurnedInAnnotation=said)
    assert codes(read_image(save(image, path))) == expected
