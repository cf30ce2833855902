"""Header rules: which readable images are no axial slice of a head and get no probability."""

from __future__ import annotations

import re

from imaging import titles
from imaging.details import Detail
from imaging.errors import Code, Problem
from imaging.image import SECONDARY_CAPTURE, ImageHeader
from imaging.messages import Message, MessageCode
from imaging.orientation import LEAST_AXIAL, upwards

MOST_STRETCHED = 4.0
"""Long side of a pixel over its short side up to which an image is resampled to true proportions.
"""
LEAST_FIELD = 80.0
"""Millimetres of an image's longer side below which no head is in it; one at birth is 95 wide."""


class Ineligible(MessageCode):
    """What in a header rules an image out."""

    PAGE = "page", "a page: {kind}"
    MAP = "computed_map", "a computed map: {kind}"
    PROJECTION = "projection", "a projection: {kind}"
    SUBTRACTION = "subtraction", "a subtraction: {kind}"
    RENDERING = "rendering", "a rendering: {kind}"
    SMALL_FIELD = "small_field", "{width:.0f} mm wide"
    STRETCHED = "stretched", "pixels {ratio:.3g} times as long as wide"


_LOCALISER = {"LOCALIZER", "LOCALISER", "SCOUT", "TOPOGRAM", "SURVIEW", "SCANOGRAM", "PLANNING"}
_MAPS = {
    *("CBF", "RCBF", "CBV", "RCBV", "MTT", "TTP", "TMAX", "TTD", "TTS", "PERMEABILITY", "QUANTITY"),
    *(
        "MAT_SPECIFIC",
        "MAT_FRACTIONAL",
        "EFF_ATOMIC_NUM",
        "ELECTRON_DENSITY",
        "IODINE",
        "IODINE_MAP",
    ),
    *("IODINE MAP", "MATERIAL", "Z_EFF", "ZEFF", "RHO_Z", "CALCIUM", "DE_IODINE", "PERFUSION_MAP"),
}
"""Image Types of maps computed from CT: flow, times and materials in place of Hounsfield units.
PERFUSION alone is none: the images from which such maps are computed say so too."""
_PROJECTIONS = {
    *("MIP", "MINIP", "MIN_IP", "MAX_IP", "MAXIP", "AIP", "PROJECTION IMAGE", "PROJECTION_IMAGE"),
    *("MAXIMUM", "MINIMUM", "MAX", "MIN", "RAYSUM", "RAY_SUM"),
}
_SUBTRACTIONS = {"SUBTRACTION", "SUBTRACTED", "SUB", "DSA", "BONE_REMOVAL", "DIFFERENCE"}
_RENDERINGS = {"3D", "VRT", "VR", "SSD", "VOLREND", "VOLUME_RENDER", "RENDERED", "MPR3D", "SURFACE"}
_PLANES = {"coronal": Detail.CORONAL, "sagittal": Detail.SAGITTAL}
_PAGE = {"DOSE", "DOSE_INFO", "DOSEREPORT", "DOSE REPORT", "SCREEN SAVE", "PROTOCOL", "POSDISP"}

_HEAD = re.compile(
    "HEAD|BRAIN|SKULL|CR[AÂ]N|CEREB|ORBIT|SINUS|FACE|FACIAL|TEMPORAL|PETROUS|SELLA|NEURO|NECK"
    "|ENCEPH|ENCEFAL|KOPF|SCH(Ä|AE?)DEL|HALS|CABE[CZÇ]A|HOOFD|WHOLE.?BODY|TRAUMA"
    r"|\bT[EÊ]TE\b|\bTESTA\b|\bEARS?\b"
)
"""A neck is let through: such series often begin in the head, and images far from it are assessed
by their features, not by their header. So is what may hold a head among other parts."""
_PARTS = (
    "CHEST|THORA|LUNG|HEART|CARDIAC|CORONARY|BREAST|ABDO|PELVI|LIVER|HEPATIC|KIDNEY|RENAL|PANCREA"
    "|SPLEEN|SPLENIC|STOMACH|GALL.?BLADDER|BILIARY|COLON|RECTUM|BOWEL|INTESTIN|DUODEN|JEJUN|ILEUM"
    "|APPENDIX|URETER|BLADDER|PROSTATE|UTERUS|OVAR(Y|IES)|TESTI(S|CLE)|[CTL]?.?SPINE|LUMB|SACR"
    "|COCCYX|STERNUM|SCAPULA|EXTREMIT|LIMB|SHOULDER|CLAVICLE|HUMERUS|ELBOW|FOREARM|WRIST|HAND"
    "|FINGER|THUMB|FEMUR|THIGH|KNEE|PATELLA|TIBIA|FIBULA|ANKLE|CALCANE|FOOT(?!.FIRST)|PHANTOM"
    r"|\bABD\b|\bRIBS?\b|\bARM\b|\bLEG\b|\bHIPS?\b|\bCALF\b|\bTOES?\b"
)
_OTHER, _OTHER_TITLE = re.compile(_PARTS), re.compile(rf"\b({_PARTS})")
"""Codes run words together (LTKNEE); a title's words merely hold such letters (DARSTELLUNG)."""


def refusal(header: ImageHeader) -> Problem | None:
    """Why the header rules the image out, or None. What a header leaves empty says nothing.

    Image files (PNG and the like) have no such header and are never refused here.
    """
    modality = header.identity.modality
    if header.sop_class.startswith(SECONDARY_CAPTURE):
        return Problem(Code.WRONG_MODALITY, Message(Detail.SECONDARY_CAPTURE))
    if modality and modality != "CT":
        return Problem(Code.WRONG_MODALITY, modality)
    if header.colour:
        return Problem(Code.WRONG_MODALITY, Message(Ineligible.RENDERING, kind="RGB"))
    made = _made_from_slices(header)
    if made is not None:
        return Problem(Code.WRONG_MODALITY, made)
    title = header.identity.series_description
    if {value.upper() for value in header.image_type} & _LOCALISER:
        return Problem(Code.LOCALISER)
    if titles.is_localiser(title):
        return Problem(Code.LOCALISER, title)
    plane = _other_plane(header)
    if plane is not None:
        return Problem(Code.NOT_AXIAL, plane)
    part = _other_part(header)
    if part is not None:
        return Problem(Code.OTHER_BODY_PART, part)
    return header.not_hounsfield or _stretched(header) or _too_small(header)


def _made_from_slices(header: ImageHeader) -> Message | None:
    """What was computed from slices and is none: a page, a map, a projection and the like."""
    types = {value.upper() for value in header.image_type}
    for code, kinds in (
        (Ineligible.PAGE, _PAGE),
        (Ineligible.MAP, _MAPS),
        (Ineligible.PROJECTION, _PROJECTIONS),
        (Ineligible.SUBTRACTION, _SUBTRACTIONS),
        (Ineligible.RENDERING, _RENDERINGS),
    ):
        if types & kinds:
            return Message(code, kind=min(types & kinds))
    title = header.identity.series_description
    made = titles.made_from_slices(title)
    return None if made is None else Message(Ineligible[made], kind=title)


def _stretched(header: ImageHeader) -> Problem | None:
    """Pixels of a shape that no scanner makes: the header is wrong, or it is no plain slice."""
    height, width = header.geometry.pixel
    ratio = max(height / width, width / height)
    if ratio <= MOST_STRETCHED:
        return None
    return Problem(Code.INCONSISTENT_HEADER, Message(Ineligible.STRETCHED, ratio=ratio))


def _too_small(header: ImageHeader) -> Problem | None:
    """An image that no head fits into: its spacing is wrong, or it shows something else."""
    if header.geometry.spacing is None:
        return None
    row, column = header.geometry.spacing
    width = max(row * header.rows, column * header.columns)
    if width >= LEAST_FIELD:
        return None
    return Problem(Code.INCONSISTENT_HEADER, Message(Ineligible.SMALL_FIELD, width=width))


def _other_plane(header: ImageHeader) -> Message | None:
    """Coronal or sagittal: by the orientation, and without one by the title of the series."""
    if header.geometry.orientation is None:
        named = titles.plane(header.identity.series_description)
        return Message(_PLANES[named]) if named else None
    a, b, c, d, e, f = header.geometry.orientation
    to_side, to_front = abs(b * f - c * e), abs(c * d - a * f)
    if upwards(header.geometry.orientation) >= LEAST_AXIAL:
        return None
    return Message(Detail.SAGITTAL if to_side > to_front else Detail.CORONAL)


def _other_part(header: ImageHeader) -> str | None:
    """The body part that the header names, if it is none near the head.

    Where Body Part Examined is empty, the title of the series stands for it, unless a head is
    named there or in that of the study.
    """
    part = header.body_part.upper().replace("_", " ").strip()
    if part:
        return header.body_part if _OTHER.search(part) and not _HEAD.search(part) else None
    title = header.identity.series_description
    words = f"{title} / {header.identity.study_description}".upper().replace("_", " ")
    other = _OTHER_TITLE.search(words, 0, len(title))
    return title if other and not _HEAD.search(words) else None
