"""Reader and threshold agree, disagree, or one of them says nothing."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from desktop.engine.readings import Label, Reading, agrees

WHEN = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    ("label", "prediction", "same"),
    [
        (Label.PRESENT, 1, True),
        (Label.PRESENT, 0, False),
        (Label.ABSENT, 0, True),
        (Label.ABSENT, 1, False),
        (Label.UNSURE, 1, None),
        (None, 1, None),
        (Label.PRESENT, None, None),
    ],
)
def test_agreement(label: Label | None, prediction: int | None, same: bool | None) -> None:
    assert agrees(Reading(label, "a comment", WHEN), prediction) is same


def test_no_reading_agrees_with_nothing() -> None:
    assert agrees(None, 1) is None
