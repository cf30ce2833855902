"""Where a cell lies is what an image of one bright point shows."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import helper

from tests.make.graphs import SIDE, pooled_model, staged_inputs, staged_model
from tests.make.tiny_model import CELL, SIZE
from trainer.results.fine_places import Grid, Places, grid_of
from trainer.results.model_graph import FEATURES, GraphError, outputs, with_outputs


def test_cells_of_an_even_cut_are_squares(tmp_path: Path) -> None:
    model = onnx.load(pooled_model(tmp_path / "m.onnx", {}))
    assert grid_of(model, "given", 8) == Grid.even(8, SIZE)
    assert grid_of(model, FEATURES, SIZE // CELL) == Grid.even(SIZE // CELL, SIZE)
    found = Places.of(model, "given", FEATURES, SIZE // CELL, SIZE)
    assert np.array_equal(found.reach, np.kron(np.eye(4), np.ones((2, 1))))
    assert np.array_equal(found.drawn, np.kron(np.eye(8), np.full((2, 1), 0.5)))
    assert np.array_equal(found.seen, np.kron(np.eye(8), np.full((1, 4), 0.25)))


def test_padded_convolutions_look_around_corners() -> None:
    model = staged_model()
    assert grid_of(model, "given", SIDE // 2) == Grid(2, 0.5, SIDE // 2)
    assert grid_of(model, FEATURES, SIDE // 4) == Grid(4, 0.5, SIDE // 4)
    assert grid_of(staged_model(half=True), FEATURES, 2) == Grid(4, 0.5, 2)
    ask = outputs(with_outputs(model, ("given",)), ("given",))
    image = staged_inputs()[:1]
    changed = []
    for pixel in range(SIDE):
        other = image.copy()
        other[0, :, pixel] ^= 255
        changed.append(np.abs(ask(other)[0] - ask(image)[0]).max((0, 1, 2)) > 0)
    seen = np.array(changed)
    # Four pixels to each side of pixel 2 i: as far as the image reaches.
    assert np.flatnonzero(seen[:, 1]).max() == 2 + 4
    assert np.flatnonzero(seen[:, 3]).min() == 6 - 4


def test_what_lies_over_the_edge_is_drawn_at_the_edge() -> None:
    found = Places.of(staged_model(), "given", FEATURES, SIDE // 4, SIDE)
    assert np.allclose(found.drawn.sum(0), 1)
    assert np.allclose(found.seen.sum(1), 1)
    assert np.allclose(found.reach[:3], np.array([[1.0, 0.0], [0.5, 0.5], [0.0, 1.0]]))
    assert np.allclose(found.drawn[:3, 0], [2 / 3, 1 / 3, 0])


def test_places_that_are_not_known_are_refused() -> None:
    model = staged_model()
    with pytest.raises(GraphError, match="not made of the input"):
        grid_of(model, "nowhere", 2)
    with pytest.raises(GraphError, match="halve"):
        Places.of(model, "early", FEATURES, 2, SIDE)
    node = next(each for each in model.graph.node if each.output[0] == "given_first")
    del node.attribute[:]
    node.attribute.append(helper.make_attribute("strides", [2, 1]))
    with pytest.raises(GraphError, match="rows and columns"):
        grid_of(model, "given", 4)
