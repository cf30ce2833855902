"""Header rules: which readable pictures are no axial slice of a head and get no probability."""

from __future__ import annotations

import re

from scans.errors import Code, Problem
from scans.scan import ScanHeader

_SECONDARY_CAPTURE = "1.2.840.10008.5.1.4.1.1.7"
_LOCALISER = {"LOCALIZER", "LOCALISER", "SCOUT", "TOPOGRAM", "SURVIEW", "SCANOGRAM", "PLANNING"}
_LOCALISER_TITLE = re.compile(r"\b(scouts?|topograms?|locali[sz]ers?|surview|scanograms?)\b", re.I)
_PAGE = {"DOSE", "DOSE_INFO", "DOSEREPORT", "DOSE REPORT", "SCREEN SAVE", "PROTOCOL", "POSDISP"}

_HEAD = re.compile(
    r"HEAD|BRAIN|SKULL|CRANI|CEREB|ORBIT|SINUS|FACE|FACIAL|TEMPORAL|PETROUS|SELLA|NEURO|NECK|\bEARS?\b"
)
"""A neck is let through: such series often begin in the head, and pictures far from it are judged
by their features, not by their header."""
_OTHER = re.compile(
    "CHEST|THORA|LUNG|HEART|CARDIAC|CORONARY|BREAST|ABDO|PELVI|LIVER|KIDNEY|COLON|BLADDER"
    "|PROSTATE|UTERUS|SPINE|SACR|EXTREMIT|SHOULDER|CLAVICLE|HUMERUS|ELBOW|FOREARM|WRIST|HAND"
    r"|FINGER|FEMUR|KNEE|TIBIA|ANKLE|FOOT|PHANTOM|\bABD\b|\bARM\b|\bLEG\b|\bHIP\b|\bTOE\b"
)


def refusal(header: ScanHeader) -> Problem | None:
    """Why the header rules the picture out, or None. What a header leaves empty says nothing.

    Pictures (PNG and the like) have no such header and are never refused here.
    """
    modality = header.identity.modality
    if header.sop_class.startswith(_SECONDARY_CAPTURE):
        return Problem(Code.WRONG_MODALITY, "secondary capture")
    if modality and modality != "CT":
        return Problem(Code.WRONG_MODALITY, modality)
    types = {value.upper() for value in header.image_type}
    if types & _PAGE:
        return Problem(Code.WRONG_MODALITY, f"a page: {min(types & _PAGE)}")
    if types & _LOCALISER:
        return Problem(Code.LOCALISER)
    if _LOCALISER_TITLE.search(header.identity.series_description):
        return Problem(Code.LOCALISER, header.identity.series_description)
    part = header.body_part.upper().replace("_", " ")
    if _OTHER.search(part) and not _HEAD.search(part):
        return Problem(Code.OTHER_BODY_PART, header.body_part)
    return None
