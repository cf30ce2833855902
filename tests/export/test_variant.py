"""Two variants are compared by what each decides at its own threshold."""

from __future__ import annotations

import numpy as np
import pytest

from export.check import MOST_IMAGES
from export.evidence import HeldOut
from export.variant import agreement_of, some
from model.operating_point import DEFAULT, OperatingPoint
from model.probability import UNCALIBRATED

LABELS = np.array([0, 0, 1, 1])
LOGITS = np.array([-2.0, -1.0, 0.0, 1.0])


def held_out(threshold: float, shift: float = 0.0) -> HeldOut:
    return HeldOut(
        LABELS, LOGITS + shift, UNCALIBRATED, (OperatingPoint(DEFAULT, threshold, "By hand."),)
    )


@pytest.mark.parametrize(("threshold", "changed"), [(0.5, 0), (np.nextafter(0.5, 1.0), 1)])
def test_a_probability_at_its_threshold_is_flagged(threshold: float, changed: int) -> None:
    found = agreement_of(held_out(0.4), held_out(float(threshold)))
    assert (found.images, found.changed) == (4, changed)


def test_each_variant_has_its_own_threshold() -> None:
    shifted = held_out(float(UNCALIBRATED.probabilities(np.array([4.5]))[0]), 5.0)
    found = agreement_of(held_out(0.4), shifted)
    assert (found.changed, found.auc_full, found.auc_int8) == (0, 1.0, 1.0)


@pytest.mark.parametrize(
    "count", [0, 1, MOST_IMAGES, MOST_IMAGES + 1, 2 * MOST_IMAGES - 1, 10 * MOST_IMAGES]
)
def test_some_images_are_different_ones_from_first_to_last(count: int) -> None:
    found = some(count)
    assert len(set(found)) == len(found) == min(count, MOST_IMAGES)
    assert not count or (found[0], found[-1]) == (0, max(found))
    assert count < 2 or found[-1] == count - 1
