"""Numbers stay on one line with what belongs to them."""

from __future__ import annotations

import pytest

from desktop.text.unbroken import JOINER, NO_BREAK, unbroken


@pytest.mark.parametrize(
    "told",
    [
        "sensitivity 78.9_%, specificity 88.9_%",
        "84.3_% (86/102; 95_%_CI 76.0–~90.1)",
        "needs 1_of_5 images ≥_62.5_%",
        "series probability >_99.9_%",
        "images (n_=_580; also used to choose",
        "about 3_s left · Slices:_10",
        "Thickness 12_mm, area 323_mm², 120_kVp, 34_HU",
        "Series of 8_or more images",
        "Sagittal 129/256 · R_0.0_mm",
        "W_80_L_40 (Brain)",
        "已评估的 172_幅图像中，已标记 64_幅",
        "第_1/29_层，灵敏度 78.9_%",
    ],
)
def test_no_line_ends_between_a_number_and_what_belongs_to_it(told: str) -> None:
    given = told.replace("_", " ").replace("~", "")
    assert unbroken(given) == told.replace("_", NO_BREAK).replace("~", JOINER)


@pytest.mark.parametrize("told", ["Bauer A P0002", "14 slices flagged", "Head 5.0 · 2026-03-04"])
def test_other_spaces_stay_as_they_are(told: str) -> None:
    assert unbroken(told) == told


def test_a_range_that_can_be_selected_has_nothing_invisible() -> None:
    assert unbroken("95 % CI 76.0–90.1", selectable=True) == "95_%_CI 76.0–90.1".replace(
        "_", NO_BREAK
    )
