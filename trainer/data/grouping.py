"""What a split keeps together, in words: for the terminal and for a run's report."""

from __future__ import annotations

from collections.abc import Sequence

from imaging.input.recipe import Subject
from trainer.data.labels import LabelledImage

LOOKED_ALIKE = "their pixels"
"""What gave the group of images that were found to be one image once more."""
PATIENTS, STUDIES, GROUPS, REPEATS, IMAGES = "patients", "studies", "groups", "repeats", "images"
_UNITS = {
    LOOKED_ALIKE: REPEATS,
    **dict.fromkeys(("study", "case", "series", "accession", "exam"), STUDIES),
    **dict.fromkeys(("检查", "就诊", "序列", "病例"), STUDIES),
    **dict.fromkeys(("patient", "subject", "患者", "病人", "受试者", "姓名"), PATIENTS),
}


def unit_of(grouped_by: str) -> str:
    """What a group is, by what gave it: patients, studies, repeats, groups of a table, or images.

    A column is known by its name; "group" and a table of groups say no more than that.
    """
    if not grouped_by:
        return IMAGES
    told = grouped_by.casefold()
    return next((unit for word, unit in _UNITS.items() if word in told), GROUPS)


def divided_by(
    images: Sequence[LabelledImage], grouped: bool, subject: Subject = Subject.HEAD_CT
) -> str:
    """What a split of these images divides, and a warning where it may divide a patient.

    ``grouped``: whether the recipe keeps groups on one side of every split. ``subject``: what the
    images show; other things than heads are of no patients.
    """
    if not grouped:
        whose = "patients they are of" if subject is Subject.HEAD_CT else "belongs together"
        return (
            f"WARNING: this recipe divides images at random, whatever {whose}. "
            "Its figures may be too good."
        )
    kept = dict.fromkeys(image.grouped_by for image in images)
    units = {unit_of(source) for source in kept}
    told = "; ".join(_kept_whole(images, source) for source in kept)
    if units <= {PATIENTS, GROUPS}:
        return f"The split keeps whole: {told}."
    if subject is not Subject.HEAD_CT:
        return (
            f"WARNING: the split keeps whole: {told}. What belongs together is not known for all, "
            "and its figures may be too good. Add a column group."
        )
    return (
        f"WARNING: the split keeps whole: {told}. {_what_may_be_divided(units)}, and its figures "
        "may be too good. Add a column patient_id, or look for neighbours in one head with "
        "cranioscope-train audit."
    )


def _kept_whole(images: Sequence[LabelledImage], source: str) -> str:
    """What one source gave: 14 repeats by their pixels (30 images)."""
    own = [image for image in images if image.grouped_by == source]
    if not source:
        return f"{len(own)} images, each by itself"
    groups = len({image.group for image in own})
    return f"{groups} {unit_of(source)} by {source} ({len(own)} images)"


def _what_may_be_divided(units: set[str]) -> str:
    if units & {REPEATS, IMAGES}:
        return "Whose images these are is not known for all, so a patient may be divided"
    return "A patient with several studies may be divided"
