"""Residual stages of a graph compute in torch as in onnxruntime, and are put back as learnt."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from tests.make.graphs import staged_inputs, staged_model
from trainer.learning.last_stages import LastStages
from trainer.results.model_graph import FEATURES, GraphError, outputs, with_outputs

STARTS = {1: "given", 2: "early"}
"""What the first of so many last stages is given."""


@pytest.mark.parametrize("half", [False, True])
@pytest.mark.parametrize("count", STARTS)
def test_they_compute_as_the_graph_does(half: bool, count: int) -> None:
    model = staged_model(half)
    stages = LastStages(model, count)
    assert stages.start == STARTS[count]
    names = [stages.start, FEATURES]
    given, wanted = outputs(with_outputs(model, names), names)(staged_inputs())
    found = stages(torch.from_numpy(given)).detach().numpy()
    assert found.shape == (2, 5, given.shape[2] // 2**count, given.shape[3] // 2**count)
    assert np.allclose(found, wanted, rtol=1e-4, atol=1e-3)


@pytest.mark.parametrize("half", [False, True])
@pytest.mark.parametrize("count", STARTS)
def test_what_they_learnt_is_put_back(half: bool, count: int) -> None:
    model = staged_model(half)
    stages = LastStages(model, count)
    with torch.no_grad():
        for kernel in stages.parameters():
            kernel.mul_(2.0)
    given = outputs(with_outputs(model, [stages.start]), [stages.start])(staged_inputs())[0]
    wanted = stages(torch.from_numpy(given)).detach().numpy()
    tuned = outputs(with_outputs(stages.put_into(model), [FEATURES]), [FEATURES])(staged_inputs())[
        0
    ]
    assert np.allclose(tuned, wanted, rtol=1e-3, atol=1e-2)
    kinds = {t.name: t.data_type for t in stages.put_into(model).graph.initializer}
    assert kinds == {t.name: t.data_type for t in model.graph.initializer}


def test_two_stages_hold_the_last_one_and_more() -> None:
    one, two = (set(LastStages(staged_model(), count).kernels) for count in (1, 2))
    assert one < two
    assert len(two) == len(one) + 3


def test_more_stages_than_there_are_are_refused() -> None:
    with pytest.raises(GraphError, match="residual stage"):
        LastStages(staged_model(), 3)


def test_a_network_that_ends_otherwise_is_refused() -> None:
    model = staged_model()
    for node in model.graph.node:
        if node.output[0] == "features_aside":
            node.input[0] = "early"
    with pytest.raises(GraphError, match="residual stage"):
        LastStages(model)


def test_stages_that_the_novelty_looks_into_are_refused() -> None:
    model = staged_model(seen=True)
    assert LastStages(model, 1).start == "given"
    with pytest.raises(GraphError, match="novelty"):
        LastStages(model, 2)
