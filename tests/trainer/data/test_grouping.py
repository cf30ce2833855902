"""What a split divides is said, and loudly where that may be a patient."""

from __future__ import annotations

from pathlib import Path

from trainer.data.grouping import divided_by
from trainer.data.labels import LabelledImage


def image(number: int, grouped_by: str) -> LabelledImage:
    return LabelledImage(str(number), Path(f"{number}.png"), 0, "g", grouped_by=grouped_by)


def test_patients_that_are_all_known_are_named_by_what_gave_them() -> None:
    told = divided_by([image(1, "a"), image(2, "a"), image(3, "b")], grouped=True)
    assert told == "The split keeps patients together: 2 by a; 1 by b."


def test_images_without_a_patient_are_warned_of_and_counted() -> None:
    told = divided_by([image(1, "a"), image(2, ""), image(3, "")], grouped=True)
    assert told.startswith("WARNING")
    assert "2 images stand alone (1 by a)" in told


def test_a_recipe_that_divides_at_random_is_warned_of() -> None:
    assert divided_by([image(1, "a")], grouped=False).startswith("WARNING")
