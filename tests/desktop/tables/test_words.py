"""What a header says of the patient is for the eye only where it is what DICOM asks for."""

from __future__ import annotations

import pytest

from desktop.tables.words import age_and_sex, when


@pytest.mark.parametrize(
    ("age", "told"),
    [("067Y", "67 y"), ("000D", "0 days"), ("67Y", ""), ("0067Y", ""), ("067", ""), ("067X", "")],
)
def test_an_age_is_three_digits_and_a_unit(age: str, told: str) -> None:
    assert age_and_sex(age, "") == told


@pytest.mark.parametrize(
    ("date", "told"), [("20260304", "2026-03-04"), ("2026030", ""), ("202603040", "")]
)
def test_a_date_is_eight_digits(date: str, told: str) -> None:
    assert when(date, "") == told


@pytest.mark.parametrize(
    ("time", "told"), [("0506", "05:06"), ("050607.25", "05:06"), ("050", ""), ("05:06", "")]
)
def test_a_time_is_told_from_its_first_four_digits(time: str, told: str) -> None:
    assert when("", time) == told
