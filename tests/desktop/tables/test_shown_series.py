from __future__ import annotations

from dataclasses import replace

import pytest

from desktop.tables.shown_series import ShownSeries
from model.listed_image import ListedImage
from model.series_decision import Rank, suspicion_of
from model.series_group import group_images
from model.series_result import series_result
from tests.make.worklists import of_patient


@pytest.mark.parametrize("probability", [0.9, None])
def test_a_blinded_series_tells_nothing_of_its_result(probability: float | None) -> None:
    images: list[ListedImage] = [
        replace(each, sha256="1") for each in of_patient("A", probability, 0.1)
    ]
    [only] = group_images(images)
    series = ShownSeries.of(only, series_result(only, images), is_blinded=True)
    known = series.result
    assert series.is_blinded
    assert (known.probabilities, known.highest, series.top) == ((), None, ())
    assert (known.n_without_score, known.reasons, known.n_assessed) == (0, (), 2)
    assert suspicion_of(known, None, 0.5, hidden=True)[0] is Rank.PENDING
