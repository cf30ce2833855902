"""What is shown of images that are moved and drawn on anew in each step."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from tests.make.augmentation import STILL
from tests.make.peak_source import GRID, SIDE, SIZE, ask, peak_source
from trainer.learning.fresh_views import FreshViews
from trainer.learning.peak_head import BOX, EXACT, UNKNOWN
from trainer.learning.peaks import Batch
from trainer.settings import AugmentationSettings, PeakSettings

COUNT = 12


@pytest.fixture
def views() -> FreshViews:
    """Of two hospitals with six heads each; the last of the second is not to be shown.

    Image 0 has a box in its upper left cell; images 0, 1, 6 and 7 bleed.
    """
    here, there = peak_source("here"), peak_source("there")
    mask = np.zeros((SIZE, SIZE), np.uint8)
    mask[: SIZE // SIDE, : SIZE // SIDE] = 1
    here = replace(here, masks={"image0": mask})
    return FreshViews((here, there), np.arange(11), ask, GRID, STILL, PeakSettings())


def shown(views: FreshViews, *numbers: int, seed: int = 0) -> Batch:
    torch.manual_seed(seed)
    return views.batch(np.array(numbers))


def greys(batch: Batch) -> NDArray[np.float32]:
    """(N,) of the whole view."""
    means: NDArray[np.float32] = batch.maps.mean(dim=(1, 2, 3)).numpy()
    return means


def test_every_image_that_may_be_shown_is_of_one_kind_and_every_negative_is_drawn_on(
    views: FreshViews,
) -> None:
    kinds = [(numbers.tolist(), share) for numbers, share in views.kinds()]
    assert [numbers for numbers, _ in kinds] == [
        [14, 15, 16, 17, 20, 21, 22],
        [2, 3, 4, 5],
        [0, 1],
        [8, 9, 10],
        [6, 7],
    ]
    settings = views.settings
    assert sum(share for _, share in kinds) == pytest.approx(1.0)
    assert kinds[0][1] == pytest.approx(settings.drawn_share / (1 + settings.drawn_share))
    within = kinds[2][1] / (kinds[1][1] + kinds[2][1])
    assert within == pytest.approx(settings.positive_share)


def test_an_image_comes_with_its_own_label_mask_and_maps(views: FreshViews) -> None:
    batch = shown(views, 0, 1, 2, 9)
    assert batch.labels.tolist() == [1.0, 1.0, 0.0, 0.0]
    assert batch.worth.tolist() == [BOX, UNKNOWN, EXACT, EXACT]
    assert batch.masks.shape == (4, SIDE, SIDE)
    assert batch.masks[0, 0, 0] == pytest.approx(1.0, abs=0.05)
    assert batch.masks[0].sum() == pytest.approx(1.0, abs=0.1)
    assert not batch.masks[1:].any()
    inputs = np.stack([views.sources[at].inputs[n] for at, n in ((0, 0), (0, 1), (0, 2), (1, 3))])
    assert np.allclose(batch.maps.numpy(), ask(inputs)[0], atol=2.0)


def test_a_bleed_is_drawn_on_the_negative_itself_with_its_exact_mask(views: FreshViews) -> None:
    plain, drawn = shown(views, 4, 9), shown(views, 4 + COUNT, 9 + COUNT)
    assert drawn.labels.tolist() == [1.0, 1.0]
    assert drawn.worth.tolist() == [EXACT, EXACT]
    for brighter, mask in zip((drawn.maps - plain.maps)[:, 0], drawn.masks, strict=True):
        most, least = mask.argmax(), mask.argmin()
        assert brighter.flatten()[most] > 1 > abs(brighter.flatten()[least])


def test_where_no_bleed_finds_room_the_image_is_shown_free_of_it(views: FreshViews) -> None:
    here = views.sources[0]
    dark = replace(here, inputs=np.where(np.arange(6)[:, None, None] == 3, 0, here.inputs))
    batch = shown(replace(views, sources=(dark, views.sources[1])), 3 + COUNT, 4 + COUNT)
    assert batch.labels.tolist() == [0.0, 1.0]
    assert batch.worth.tolist() == [EXACT, EXACT]
    assert not batch.masks[0].any()


def test_nothing_is_shown_twice_and_a_seed_shows_the_same(views: FreshViews) -> None:
    moving = replace(views, augmentation=AugmentationSettings())
    torch.manual_seed(0)
    first, second = (moving.batch(np.array([0, 14])) for _ in range(2))
    assert not torch.equal(first.maps, second.maps)
    again = shown(moving, 0, 14)
    assert torch.equal(first.maps, again.maps)
    assert torch.equal(first.masks, again.masks)


def test_the_images_themselves_stay_as_they_are(views: FreshViews) -> None:
    before = [source.inputs.copy() for source in views.sources]
    shown(views, 2 + COUNT, 8 + COUNT, 3)
    assert all(
        np.array_equal(source.inputs, was)
        for source, was in zip(views.sources, before, strict=True)
    )
