"""What a split keeps together, in words: for the terminal and for a run's report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from trainer.data.labels import LabelledImage


def divided_by(images: Sequence[LabelledImage], grouped: bool) -> str:
    """What a split of these images keeps whole, and a warning where it may divide a patient.

    ``grouped``: whether the recipe keeps groups on one side of every split.
    """
    if not grouped:
        return (
            "WARNING: this recipe divides images at random, whatever patients they are of. "
            "Its figures may be too good."
        )
    known = Counter(image.grouped_by for image in images)
    alone = known.pop("", 0)
    told = "; ".join(f"{count} by {source}" for source, count in known.most_common())
    if not alone:
        return f"The split keeps patients together: {told}."
    rest = f"{alone} images stand alone" + (f" ({told})" if told else "")
    return (
        f"WARNING: no patient is given for all images: {rest}. The split may divide a patient, and "
        "its figures may be too good. Add a column patient_id, or look for repeats with "
        "cranioscope-train audit."
    )
