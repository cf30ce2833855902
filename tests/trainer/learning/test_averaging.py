"""Averages of weights: of one network while it learns, and of several that started alike."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from trainer.learning.averaging import follow, mean_of


def linear(weight: float) -> nn.Linear:
    network = nn.Linear(2, 1)
    nn.init.constant_(network.weight, weight)
    nn.init.constant_(network.bias, -weight)
    return network


@pytest.mark.parametrize(("step", "moved"), [(0, 0.9), (1_000_000, 0.25)])
def test_a_young_average_follows_faster_than_a_grown_one(step: int, moved: float) -> None:
    average = linear(0.0)
    follow(average, linear(1.0), 0.75, step)
    assert average.weight.tolist() == [pytest.approx([moved, moved])]


def test_the_mean_has_each_weight_s_mean_and_changes_no_network() -> None:
    networks = [linear(weight) for weight in (1.0, 2.0, 6.0)]
    mean = mean_of(networks)
    assert (mean.weight.tolist(), mean.bias.tolist()) == ([[3.0, 3.0]], [-3.0])
    assert [network.bias.item() for network in networks] == [-1.0, -2.0, -6.0]


def test_the_mean_of_one_network_is_that_network() -> None:
    assert torch.equal(mean_of([linear(0.3)]).weight, linear(0.3).weight)


def test_there_is_no_mean_of_no_networks() -> None:
    with pytest.raises(ValueError, match="no networks"):
        mean_of([])
