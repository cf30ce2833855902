"""What a network gives to learn from, and the model with what was tuned of it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import pytest
import torch
from onnx import TensorProto, helper

from tests.make.graphs import CHANNELS, pooled_model
from tests.make.tiny_model import CELL, SIZE
from trainer.heads.backbone import Backbone
from trainer.learning.peak_head import PeakHead
from trainer.learning.tuning import Tuned
from trainer.reports import external
from trainer.results.model_graph import FEATURES, GraphError, outputs, with_outputs

CELLS = SIZE // CELL


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return pooled_model(tmp_path_factory.mktemp("backbone") / "m.onnx", {})


@pytest.fixture(scope="module")
def inputs() -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, (3, SIZE, SIZE), dtype=np.uint8)


@pytest.mark.parametrize(("count", "cells"), [(0, CELLS), (1, 2 * CELLS)])
def test_maps_and_profiles_are_those_of_the_file(
    file: Path, inputs: np.ndarray, count: int, cells: int
) -> None:
    """Its last maps, or with a stage that learns on those that this stage is given."""
    model = onnx.load(file)
    backbone = Backbone.of(model, count)
    maps, profiles = backbone.ask(inputs)
    assert maps.shape == (3, CHANNELS, cells, cells)
    names = (backbone.maps, "profile", "logit")
    expected, profile, logit = outputs(with_outputs(model, names[:2]), names)(inputs)
    assert np.array_equal(maps, expected)
    assert np.array_equal(profiles, profile if count else np.empty((3, 0)))
    if count == 0:
        weight, bias = backbone.start
        assert (weight.shape, bias.shape) == ((1, CHANNELS), (1,))
        assert np.allclose(maps.mean(axis=(2, 3)) @ weight[0] + bias, logit, atol=1e-5)


@pytest.mark.parametrize("count", [0, 1])
def test_the_grid_is_that_of_the_last_map_whatever_is_learnt_from(file: Path, count: int) -> None:
    grid = Backbone.of(onnx.load(file), count).grid(external.open_model(file).card)
    assert grid.count == CELLS


def test_a_model_is_changed_by_tuned_stages_alone_and_by_as_much(
    file: Path, inputs: np.ndarray
) -> None:
    model = onnx.load(file)
    backbone = Backbone.of(model, 1)
    assert backbone.stages is not None
    weight, bias = (torch.from_numpy(each) for each in backbone.start)
    head = PeakHead(weight, bias)
    assert backbone.with_stages(head) is model

    def last_maps(of: onnx.ModelProto) -> np.ndarray:
        return np.asarray(outputs(with_outputs(of, (FEATURES,)), (FEATURES,))(inputs)[0])

    before = last_maps(model)
    same = backbone.with_stages(Tuned(backbone.stages, head))
    assert np.allclose(last_maps(same), before, atol=1e-5)
    with torch.no_grad():
        for kernel in backbone.stages.kernels.values():
            kernel.mul_(2)
        wanted = backbone.stages(torch.from_numpy(backbone.ask(inputs)[0])).numpy()
    twice = backbone.with_stages(Tuned(backbone.stages, head))
    assert np.allclose(last_maps(twice), wanted, atol=1e-4)
    assert not np.allclose(wanted, before)
    assert np.array_equal(last_maps(model), before)  # the one that was given is left alone


@pytest.mark.parametrize("count", [0, 1])
def test_a_network_of_another_kind_is_refused(count: int) -> None:
    shape = helper.make_tensor_value_info("scan", TensorProto.FLOAT, ["N"])
    out = helper.make_tensor_value_info("logit", TensorProto.FLOAT, ["N"])
    graph = helper.make_graph([helper.make_node("Relu", ["scan"], ["logit"])], "x", [shape], [out])
    with pytest.raises(GraphError):
        Backbone.of(helper.make_model(graph), count)
