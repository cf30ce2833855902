"""What a header says is for the eye only where it is what DICOM asks for; nothing hides in it."""

from __future__ import annotations

import pytest

from desktop.tables.words import age_and_sex, visible, when


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


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("颅脑 🧠\u00a0x", "颅脑 🧠\u00a0x"),
        ("Doe\nJane\u2028\u2029", "Doe\ufffdJane\ufffd\ufffd"),
        ("\u202egnp", "\ufffdgnp"),
        ("caf\udce9.png", "caf\\xe9.png"),
        ("\ud800 \udc7f \udd00 \udfff", "\ufffd \ufffd \ufffd \ufffd"),
        ("\udc80\udcff\ud800", "\\x80\\xff\ufffd"),
    ],
)
def test_in_one_line_nothing_hides(text: str, shown: str) -> None:
    """Bytes of a name that are no UTF-8 are told; what stands for no byte is replaced."""
    assert visible(text) == shown
