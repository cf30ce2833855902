"""The fine map is torch's own, sums to the coarse one, and changes no score."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import pytest
import torch
from numpy.typing import NDArray

from imaging.input.head import TISSUE
from model.session import HEAT_MAP, LOGIT, NOVELTY, PROBABILITY, Session
from tests.make.graphs import CHANNELS, pooled_model
from tests.make.tiny_model import CELL, SIZE
from trainer.learning.fine_map import FineMap, weights_of
from trainer.learning.peak_material import cells
from trainer.results.fine_graph import with_fine_map
from trainer.results.fine_places import Grid, Places
from trainer.results.model_graph import FEATURES, GraphError, outputs, with_outputs

MAPS = "given"
"""What the last stage of the pooled model is given."""
SCORES = (LOGIT, PROBABILITY, NOVELTY)
HALF = CELL // 2
FINE = 4 * SIZE // CELL


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> onnx.ModelProto:
    return onnx.load(pooled_model(tmp_path_factory.mktemp("fine") / "m.onnx", {}))


def places(model: onnx.ModelProto) -> Places:
    return Places.of(model, MAPS, FEATURES, SIZE // CELL, SIZE)


def some_map(model: onnx.ModelProto) -> FineMap:
    torch.manual_seed(0)
    module = FineMap(CHANNELS, places(model)).eval()
    torch.nn.init.normal_(module.cell.weight, std=3.0)
    return module


def inputs() -> NDArray[np.uint8]:
    """Grey images with air on their right."""
    grey = np.random.default_rng(0).integers(TISSUE, 255, (3, SIZE, SIZE)).astype(np.uint8)
    grey[:, :, SIZE - HALF :] = 0
    return grey


def fine_of(model: onnx.ModelProto) -> onnx.ModelProto:
    return with_fine_map(model, weights_of(some_map(model), MAPS, places(model)))


def test_the_map_is_torchs_own(model: onnx.ModelProto) -> None:
    images = inputs()
    maps, coarse = outputs(with_outputs(model, (MAPS,)), (MAPS, HEAT_MAP))(images)
    tissue = cells(images >= TISSUE, Grid.even(2 * SIZE // CELL, SIZE))
    given = (torch.from_numpy(np.array(each)) for each in (maps, coarse, tissue))
    expected = some_map(model)(*given).detach().numpy()
    found = outputs(fine_of(model), (HEAT_MAP,))(images)[0]
    assert found.shape == (3, FINE, FINE)
    assert np.allclose(found, expected, rtol=1e-5, atol=1e-7)


def test_cells_sum_to_the_one_that_they_are_of(model: onnx.ModelProto) -> None:
    images = inputs()
    coarse = outputs(model, (HEAT_MAP,))(images)[0]
    fine = outputs(fine_of(model), (HEAT_MAP,))(images)[0]
    count = SIZE // CELL
    summed = fine.reshape(3, count, 4, count, 4).sum((2, 4))
    assert coarse.max() > 0
    assert np.allclose(summed, coarse, rtol=1e-5)
    assert not np.allclose(fine[:, ::4, ::4], fine[:, 2::4, 2::4])


def test_no_score_changes_by_a_bit(model: onnx.ModelProto) -> None:
    images = inputs()
    before, after = (outputs(each, SCORES)(images) for each in (model, fine_of(model)))
    assert all(np.array_equal(one, other) for one, other in zip(before, after, strict=True))


def test_air_beside_the_head_gets_nothing_and_air_alone_keeps_what_it_has(
    model: onnx.ModelProto,
) -> None:
    images = inputs()
    images[0] = 0
    fine = outputs(fine_of(model), (HEAT_MAP,))(images)[0]
    assert fine[1:, :, -2:].max() < 1e-2 * fine[1:, :, -4:-2].min()
    coarse = outputs(model, (HEAT_MAP,))(images)[0]
    assert np.allclose(fine[0].sum(), coarse[0].sum())


def test_an_int8_file_is_seen_as_its_other_layers_see_it(model: onnx.ModelProto) -> None:
    rounded = onnx.ModelProto()
    rounded.CopyFrom(model)
    at = next(i for i, node in enumerate(rounded.graph.node) if MAPS in node.output)
    name = f"{MAPS}_DequantizeLinear_Output"
    rounded.graph.node.insert(at + 1, onnx.helper.make_node("Neg", [MAPS], [name]))
    found = fine_of(rounded)
    looked_at = next(node for node in found.graph.node if node.name == "fine.found_plane")
    assert looked_at.input[0] == name


def test_the_program_opens_it(tmp_path: Path) -> None:
    path = pooled_model(tmp_path / "m.onnx", {})
    onnx.save(fine_of(onnx.load(path)), str(path))
    heat = Session.open(path, "cpu").heat_map(inputs()[0])
    assert heat.shape == (FINE, FINE)


def test_other_graphs_are_refused(model: onnx.ModelProto) -> None:
    with pytest.raises(GraphError, match="already"):
        fine_of(fine_of(model))
    weights = weights_of(some_map(model), MAPS, places(model))
    with pytest.raises(GraphError, match="nowhere"):
        with_fine_map(model, replace(weights, maps="nowhere"))
    fewer = Places.of(model, MAPS, FEATURES, 2, SIZE)
    with pytest.raises(GraphError, match="number of cells"):
        with_fine_map(model, replace(weights, places=fewer))
