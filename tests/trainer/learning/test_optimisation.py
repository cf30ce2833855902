"""Rates, sizes and weights take the course that the settings describe."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from trainer.choices import Optimiser, Schedule
from trainer.learning.network import Network
from trainer.learning.optimisation import growing_side, make_optimiser, positive_weight, rate_course
from trainer.settings import OptimisationSettings, ScheduleSettings


@pytest.mark.parametrize(
    ("shape", "expected"),
    [
        # After steps 0, 1 (rising), 3 (the peak is passed), 7 and 11 of 12.
        (Schedule.CONSTANT, (0.25, 0.5, 1.0, 1.0, 1.0)),
        (Schedule.COSINE, (0.25, 0.5, 1.0, 0.5868, 0.0302)),
        (Schedule.ONE_CYCLE, (0.1464, 0.5, 1.0, 0.5868, 0.0302)),
    ],
)
def test_the_rate_rises_and_falls(shape: Schedule, expected: tuple[float, ...]) -> None:
    course = rate_course(ScheduleSettings(shape=shape, warm_up=0.25), total=12)
    found = [course(step) for step in (0, 1, 3, 7, 11)]
    assert found == pytest.approx(expected, abs=1e-3)


@pytest.mark.parametrize(
    ("first", "expected"), [(0, [160] * 6), (96, [96, 112, 128, 144, 160, 160])]
)
def test_images_grow_in_steps_of_sixteen(first: int, expected: list[int]) -> None:
    schedule = ScheduleSettings(epochs=6, first_size=first, growth=0.67)
    assert [growing_side(schedule, 160, epoch) for epoch in range(6)] == expected


@pytest.mark.parametrize(
    ("positives", "wanted", "expected"), [(25, True, 3.0), (25, False, 1.0), (1, True, 10.0)]
)
def test_a_rare_positive_counts_more_up_to_ten(
    positives: int, wanted: bool, expected: float
) -> None:
    labels = torch.zeros(100)
    labels[:positives] = 1
    assert positive_weight(labels, wanted) == expected


@pytest.mark.parametrize("rule", list(Optimiser))
def test_the_backbone_has_a_rate_of_its_own_and_norms_no_decay(rule: Optimiser) -> None:
    settings = OptimisationSettings(
        optimiser=rule, learning_rate=1e-2, backbone_factor=0.1, weight_decay=0.3
    )
    groups = make_optimiser(Network(), settings).param_groups
    found = [(group["lr"], group["weight_decay"]) for group in groups]
    assert found == [
        (pytest.approx(1e-3), 0.3),
        (pytest.approx(1e-3), 0.0),
        (1e-2, 0.3),
        (1e-2, 0.0),
    ]
    assert all(p.ndim > 1 for p in groups[0]["params"])
    assert all(p.ndim == 1 for p in groups[1]["params"])


def test_a_frozen_backbone_is_left_out() -> None:
    network = Network()
    network.freeze()
    optimiser = make_optimiser(network, replace(OptimisationSettings(), backbone_factor=0.0))
    assert sum(len(group["params"]) for group in optimiser.param_groups) == 2
