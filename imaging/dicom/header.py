"""What a DICOM header says of one frame, as an ImageHeader."""

from __future__ import annotations

from pydicom import uid

from imaging import titles
from imaging.details import Detail
from imaging.dicom.attributes import Attributes, name_of
from imaging.dicom.file import DicomFile
from imaging.dicom.messages import Turned, Value
from imaging.dicom.pixels import LOSSY_SYNTAXES, PIXEL_DATA, Layout
from imaging.dicom.values import own_window
from imaging.errors import Code, ImageError, Problem
from imaging.image import (
    LEAST_TILT,
    SECONDARY_CAPTURE,
    Acquisition,
    Geometry,
    Identity,
    ImageHeader,
    Turn,
    Unit,
)
from imaging.messages import Message
from imaging.orientation import standard_turn, turned_geometry

_STORAGE = "1.2.840.10008.5.1.4.1.1."
_CT_CLASSES = {_STORAGE + "2", _STORAGE + "2.1", _STORAGE + "2.2"}
_WITH_IMAGES = {_STORAGE + "481.1", _STORAGE + "481.2"}
_WITHOUT_IMAGES = tuple(
    _STORAGE + family for family in ("9.", "11.", "66", "67", "68.", "88.", "104.", "481.")
)
"""Waveforms, presentation states, segmentations and raw data, value mappings, surfaces,
structured reports, encapsulated documents, radiotherapy other than its images and doses."""
_ALWAYS_LOSSY = {uid.JPEGBaseline8Bit, uid.JPEGExtended12Bit}
_VIRTUAL_TYPES = {"VMI", "MAT_REMOVED", "MAT_MODIFIED", "VNC", "MONOENERGETIC", "MONO_E"}
"""Image Types of images in HU that were computed from two energies (PS3.3 C.8.15.3.1)."""
_SPACINGS = ("PixelSpacing", "ImagerPixelSpacing", "NominalScannedPixelSpacing")
"""Attributes that tell the distance of pixels, the best first."""
FURTHEST = 1e5
"""Millimetres beyond which no position and no distance is believed."""
_MAYBE_LOSSY = LOSSY_SYNTAXES - _ALWAYS_LOSSY


def check_is_image(file: DicomFile) -> None:
    """Raise ImageError for objects that hold no image, naming what they are."""
    said = sop_class(file)
    name = uid.UID(said).name if said else ""
    if said == uid.MediaStorageDirectoryStorage or "DirectoryRecordSequence" in file.dataset:
        raise ImageError(Code.NOT_AN_IMAGE_OBJECT, "DICOMDIR")
    if said.startswith(_WITHOUT_IMAGES) and said not in _WITH_IMAGES:
        raise ImageError(Code.NOT_AN_IMAGE_OBJECT, name)
    if any(keyword in file.dataset for keyword in PIXEL_DATA):
        return
    if len(file.dataset) == 0:
        raise ImageError(Code.DAMAGED, Message(Detail.NO_ATTRIBUTES))
    if "Rows" in file.dataset or "Image Storage" in name:
        raise ImageError(Code.DAMAGED, Message(Detail.NO_PIXEL_DATA))
    raise ImageError(Code.NOT_AN_IMAGE_OBJECT, name or Message(Detail.NO_PIXEL_DATA))


def sop_class(file: DicomFile) -> str:
    """The SOP Class UID, from the File Meta Information where the dataset has none."""
    said = Attributes(file.dataset, 0).text("SOPClassUID") if "SOPClassUID" in file.dataset else ""
    meta = getattr(file.dataset, "file_meta", None)
    return said or (str(meta.get("MediaStorageSOPClassUID", "")) if meta is not None else "")


def is_ct(file: DicomFile, attributes: Attributes, layout: Layout) -> bool:
    """Whether the values are to be read as HU: a grey CT that is no screenshot of one."""
    said, modality = sop_class(file), attributes.text("Modality").upper()
    if said.startswith(SECONDARY_CAPTURE) or not layout.photometric.startswith("MONOCHROME"):
        return False
    return modality == "CT" or (modality == "" and said in _CT_CLASSES)


def image_header(
    file: DicomFile, attributes: Attributes, layout: Layout, frame: int, unit: Unit
) -> ImageHeader:
    """Everything that the header says of a frame; what cannot be read is left empty."""
    stored = _geometry(attributes)
    turn = standard_turn(stored.orientation)
    rows, columns = layout.rows, layout.columns
    if turn.transposed:
        rows, columns = columns, rows
    geometry = turned_geometry(stored, turn, rows, columns)
    number = attributes.number("InstanceNumber")
    return ImageHeader(
        unit,
        rows,
        columns,
        frame,
        layout.frames,
        "DICOM",
        sop_class=sop_class(file),
        image_type=attributes.texts("FrameType") or attributes.texts("ImageType"),
        body_part=attributes.text("BodyPartExamined"),
        identity=_identity(attributes),
        sop_uid=attributes.text("SOPInstanceUID"),
        instance_number=None if number is None else int(number),
        geometry=geometry,
        turn=turn,
        acquisition=_acquisition(attributes),
        window=own_window(attributes) if unit is Unit.HOUNSFIELD else None,
        warnings=_warnings(file, attributes, geometry, turn, unit),
        colour=not layout.photometric.startswith("MONOCHROME"),
        inverted=layout.photometric == "MONOCHROME1" and unit is Unit.HOUNSFIELD,
    )


def _identity(attributes: Attributes) -> Identity:
    series_number = attributes.number("SeriesNumber")
    return Identity(
        patient_id=attributes.text("PatientID"),
        patient_name=attributes.text("PatientName"),
        study_uid=attributes.text("StudyInstanceUID"),
        series_uid=attributes.text("SeriesInstanceUID"),
        modality=attributes.text("Modality").upper(),
        patient_age=attributes.text("PatientAge"),
        patient_sex=attributes.text("PatientSex"),
        patient_birth_date=attributes.text("PatientBirthDate"),
        issuer=attributes.text("IssuerOfPatientID"),
        study_date=attributes.text("StudyDate"),
        study_time=attributes.text("StudyTime"),
        study_description=attributes.text("StudyDescription"),
        series_description=attributes.text("SeriesDescription"),
        series_number=None if series_number is None else int(series_number),
    )


def _geometry(attributes: Attributes) -> Geometry:
    position = attributes.numbers("ImagePositionPatient", 3)
    if position is not None and max(map(abs, position)) > FURTHEST:
        position = None
    location = attributes.number("SliceLocation")
    if location is not None and abs(location) > FURTHEST:
        location = None
    spacing = _spacing(attributes)
    return Geometry(
        position=None if position is None else (position[0], position[1], position[2]),
        orientation=_orientation(attributes.numbers("ImageOrientationPatient", 6)),
        spacing=spacing,
        thickness=attributes.number("SliceThickness"),
        tilt=attributes.number("GantryDetectorTilt"),
        kvp=attributes.number("KVP"),
        slice_location=location,
        aspect=None if spacing is not None else _aspect(attributes),
        frame_of_reference=attributes.text("FrameOfReferenceUID"),
    )


def _spacing(attributes: Attributes) -> tuple[float, float] | None:
    """Distance between rows and between columns in mm, from the first attribute that tells it."""
    for keyword in _SPACINGS:
        spacing = attributes.numbers(keyword, 2)
        if spacing is not None and min(spacing) > 0 and max(spacing) <= FURTHEST:
            return spacing[0], spacing[1]
    return None


def _aspect(attributes: Attributes) -> float | None:
    """Height over width of a pixel by Pixel Aspect Ratio (PS3.3 C.7.6.3.1.7)."""
    ratio = attributes.numbers("PixelAspectRatio", 2)
    return None if ratio is None or min(ratio) <= 0 else ratio[0] / ratio[1]


def _acquisition(attributes: Attributes) -> Acquisition:
    number = attributes.number("FrameAcquisitionNumber")
    if number is None:
        number = attributes.number("AcquisitionNumber")
    phase = attributes.number("TemporalPositionIndex")
    if phase is None:
        phase = attributes.number("TemporalPositionIdentifier")
    time = attributes.text("FrameAcquisitionDateTime") or attributes.text("AcquisitionDateTime")
    return Acquisition(
        number=None if number is None else int(number),
        phase=None if phase is None else int(phase),
        time=time or attributes.text("AcquisitionDate") + attributes.text("AcquisitionTime"),
        content_time=attributes.text("ContentTime"),
        kernel="/".join(attributes.texts("ConvolutionKernel")),
    )


def _orientation(
    cosines: tuple[float, ...] | None,
) -> tuple[float, float, float, float, float, float] | None:
    """The direction cosines, if they are two unit vectors at right angles (PS3.3 C.7.6.2.1.1)."""
    if cosines is None:
        return None
    a, b, c, d, e, f = cosines
    lengths = a * a + b * b + c * c, d * d + e * e + f * f
    upright = abs(a * d + b * e + c * f) < 0.02
    return (a, b, c, d, e, f) if upright and all(0.9 < one < 1.1 for one in lengths) else None


def _warnings(
    file: DicomFile, attributes: Attributes, geometry: Geometry, turn: Turn, unit: Unit
) -> tuple[Problem, ...]:
    found: list[Problem] = []
    syntax, said = file.transfer_syntax, attributes.text("LossyImageCompression")
    if said == "01" or syntax in _ALWAYS_LOSSY or (syntax in _MAYBE_LOSSY and said != "00"):
        ratio = attributes.number("LossyImageCompressionRatio")
        found.append(
            Problem(Code.LOSSY, "" if ratio is None else Message(Detail.RATIO, ratio=ratio))
        )
    if geometry.tilt is not None and abs(geometry.tilt) >= LEAST_TILT:
        found.append(Problem(Code.TILT, f"{geometry.tilt:g}°"))
    contrast = _contrast(attributes) if unit is Unit.HOUNSFIELD else ""
    if contrast:
        found.append(Problem(Code.CONTRAST, contrast))
    virtual = _virtual(attributes) if unit is Unit.HOUNSFIELD else ""
    if virtual:
        found.append(Problem(Code.UNUSUAL_VALUES, Message(Value.VIRTUAL, kind=virtual)))
    if attributes.text("BurnedInAnnotation") == "YES":
        found.append(Problem(Code.BURNED_IN))
    if turn != Turn():
        found.append(Problem(Code.TURNED, Message(_named(turn))))
    if unit is Unit.HOUNSFIELD and (geometry.position is None or geometry.orientation is None):
        missing = "ImagePositionPatient" if geometry.position is None else "ImageOrientationPatient"
        found.append(Problem(Code.NO_POSITION, name_of(missing)))
    return tuple(found)


def _named(turn: Turn) -> Turned:
    if (turn.transposed + turn.mirrored + turn.upside_down) % 2:
        return Turned.MIRRORED
    return Turned.SIDEWAYS if turn.transposed else Turned.UPSIDE_DOWN


def _virtual(attributes: Attributes) -> str:
    """What says that the image was computed from two energies; empty where nothing does."""
    kinds = {kind.upper() for kind in attributes.texts("FrameType") + attributes.texts("ImageType")}
    if kinds & _VIRTUAL_TYPES:
        return min(kinds & _VIRTUAL_TYPES)
    title = attributes.text("SeriesDescription")
    return title if titles.is_virtual(title) else ""


def _contrast(attributes: Attributes) -> str:
    """What says that a contrast agent was given; empty where nothing does."""
    agent = attributes.text("ContrastBolusAgent")
    if agent:
        return "" if titles.is_no_agent(agent) else agent
    for item in attributes.items("ContrastBolusAgentSequence"):
        return Attributes(item, 0).text("CodeMeaning") or "ContrastBolusAgentSequence (0018,0012)"
    volume = attributes.number("ContrastBolusVolume")
    if volume is not None and volume > 0:
        return f"{name_of('ContrastBolusVolume')}: {volume:g}"
    title = attributes.text("SeriesDescription")
    return title if titles.tells_of_contrast(title) else ""
