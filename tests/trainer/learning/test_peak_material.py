"""What a peak head learns from: images as they are, moved positives and drawn thin bleeds."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.make.peak_source import GRID, ask, peak_source
from trainer.learning.peak_head import EXACT, UNKNOWN
from trainer.learning.peak_material import Source, cells, gather
from trainer.results.fine_places import Grid
from trainer.settings import AugmentationSettings, PeakSettings


@pytest.fixture
def source() -> Source:
    return peak_source()


@pytest.mark.parametrize("views", [1, 3])
def test_positives_are_moved_as_often_as_asked_and_a_bleed_is_drawn_on_each_negative(
    source: Source, tmp_path: Path, views: int
) -> None:
    settings = PeakSettings(views=views)
    material = gather(source, ask, GRID, AugmentationSettings(), tmp_path, settings)
    moved = material.views & ~material.drawn
    assert material.labels[~material.views].tolist() == [1, 1, 0, 0, 0, 0]
    positives = moved & (material.labels == 1)
    assert material.groups[positives].tolist() == ["hospital/patient0", "hospital/patient1"] * views
    assert set(material.worth[positives].tolist()) == {UNKNOWN}
    drawn = material.drawn
    assert drawn.any()
    assert len(set(material.groups[drawn].tolist())) == drawn.sum() <= 4  # where there is room
    assert material.labels[drawn].all()
    assert set(material.worth[drawn].tolist()) == {EXACT}
    assert not set(material.groups[drawn].tolist()) & set(material.groups[positives].tolist())


def test_without_moved_views_nothing_is_drawn(source: Source, tmp_path: Path) -> None:
    settings = PeakSettings(views=0)
    material = gather(source, ask, GRID, AugmentationSettings(), tmp_path, settings)
    assert not material.views.any()


def test_that_a_view_was_moved_tells_nothing_of_blood(source: Source, tmp_path: Path) -> None:
    settings = PeakSettings(views=3)
    material = gather(source, ask, GRID, AugmentationSettings(), tmp_path, settings)
    moved = material.views & ~material.drawn
    assert material.labels[moved].tolist() == [1] * 6 + [0] * 6
    negatives = material.groups[moved & (material.labels == 0)]
    assert len(set(negatives.tolist())) == 4  # each before any comes twice


def test_images_that_are_only_assessed_are_not_moved(source: Source, tmp_path: Path) -> None:
    learnt = np.array([True, False, True, False, False, True])
    settings = PeakSettings(views=2)
    material = gather(source, ask, GRID, AugmentationSettings(), tmp_path, settings, learnt)
    assert (~material.views).sum() == 6
    of = {f"hospital/patient{n}" for n in np.flatnonzero(learnt)}
    assert set(material.groups[material.views].tolist()) <= of
    assert {"hospital/patient0", "hospital/patient2"} <= set(
        material.groups[material.views & ~material.drawn].tolist()
    )


def test_a_mask_is_shared_out_among_cells_where_they_lie() -> None:
    """A cell reaches half its width around its point; beyond the edge there is nothing to count."""
    mask = np.zeros((1, 8, 8), np.uint8)
    mask[0, 1, 5] = 1  # pixel 5 of 8 across, 1 down
    even = cells(mask, Grid.even(2, 8))[0]
    assert even.tolist() == [[0.0, 1 / 16], [0.0, 0.0]]
    corners = cells(mask, Grid(4.0, 0.5, 2))[0]  # from -1.5 to 2.5 and from 2.5 to 6.5
    assert np.allclose(corners, [[0.0, 1 / (2.5 * 4)], [0.0, 0.0]])
    assert np.allclose(cells(np.ones((1, 8, 8)), Grid(4.0, 0.5, 2)), 1.0)


def test_views_of_one_image_differ(source: Source, tmp_path: Path) -> None:
    settings = PeakSettings(views=2)
    material = gather(source, ask, GRID, AugmentationSettings(), tmp_path, settings)
    first, second = material.features[
        material.views & ~material.drawn & (material.groups == "hospital/patient0")
    ]
    assert np.abs(first.astype(np.float32) - second.astype(np.float32)).max() > 1.0


def test_maps_are_kept_for_the_same_inputs_alone(source: Source, tmp_path: Path) -> None:
    """As many images of other content, or the same in another order, are asked about anew."""
    asked: list[int] = []

    def counted(inputs: NDArray[np.uint8]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        asked.append(len(inputs))
        return ask(inputs)

    def gathered(given: Source) -> NDArray[np.float16]:
        settings = PeakSettings(views=0)
        return gather(given, counted, GRID, AugmentationSettings(), tmp_path, settings).features

    first = gathered(source)
    assert np.array_equal(gathered(source), first)
    assert asked == [6]
    turned = replace(source, images=source.images[::-1], inputs=source.inputs[::-1].copy())
    assert np.array_equal(gathered(turned), first[::-1])
    assert np.array_equal(gathered(source), first)
    assert asked == [6, 6, 6]
