"""Blur, what bone encloses, and noise, as their names say."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from scipy.ndimage import gaussian_filter

from trainer.learning.head_parts import enclosed, noise, smooth


def test_smoothing_keeps_the_sum_and_spreads_by_sigma() -> None:
    point = torch.zeros(1, 1, 41, 41)
    point[0, 0, 20, 20] = 1
    spread = smooth(point, 2.0)
    assert float(spread.sum()) == pytest.approx(1.0, abs=1e-4)
    distance = (torch.arange(41) - 20.0) ** 2
    assert float((spread[0, 0].sum(0) * distance).sum()) == pytest.approx(4.0, rel=0.15)


@pytest.mark.parametrize("sigma", [0.4, 1.0, 3.3])
def test_smoothing_is_a_gaussian_blur_with_black_around(sigma: float) -> None:
    """Beside scipy's, which is cut off at the same distance; images do not see each other."""
    greys = np.random.default_rng(0).uniform(0, 255, (2, 30, 30))
    found = smooth(torch.from_numpy(greys).unsqueeze(1), sigma)
    reach = max(1, int(2.5 * sigma))
    for image, grey in zip(found[:, 0].numpy(), greys, strict=True):
        wanted = gaussian_filter(grey, sigma, mode="constant", radius=reach)
        assert np.allclose(image, wanted, atol=1e-6)


def test_enclosed_is_what_bone_surrounds_on_all_four_sides() -> None:
    drawn = """
        ..###..
        .#...#.
        .#.....
        .#...#.
        ..###..
    """
    skull = torch.tensor([[char == "#" for char in line.strip()] for line in drawn.split()])
    found = enclosed(skull.float()[None, None])[0, 0]
    # Through the gap on the right, what lies behind it is open; bone on the edge encloses itself.
    assert ["".join(".#"[int(each)] for each in row) for row in found] == [
        "..###..",
        ".#####.",
        ".#.....",
        ".#####.",
        "..###..",
    ]


def test_noise_is_new_for_each_image_smooth_and_around_0() -> None:
    torch.manual_seed(0)
    found = noise(torch.zeros(300, 1, 64, 64), 8)
    assert found.shape == (300, 1, 64, 64)
    assert float(found.mean()) == pytest.approx(0.0, abs=0.03)
    assert float(found.std()) == pytest.approx(0.87, abs=0.03)
    steps = (found[:, :, 1:] - found[:, :, :-1]).abs()
    assert float(steps.mean()) < 0.2  # eight pixels from one cell to the next
    flat = found.flatten(1)
    assert abs(float(torch.corrcoef(flat[:2])[0, 1])) < 0.5
