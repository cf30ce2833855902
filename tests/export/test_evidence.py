"""What goes into the card comes from scans that the network in question never saw."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from export import novelty
from export.errors import ExportError
from export.evidence import Material, counts_on_test, gather, matched, settled
from export.graph import MEAN, TEMPERATURE, WHITENING
from model.card import FROZEN, OperatingPoint
from trainer.data.folds import Part
from trainer.results.session import Session

SIZE, CELL = 16, 8
WIDTH = (SIZE // CELL) ** 2


def linear_model(offset: float) -> onnx.ModelProto:
    """A network by hand: the profile is the picture's quarters, logit (mean grey - offset) / 16."""
    node = helper.make_node
    nodes = [
        node("Cast", ["scan"], ["grey"], to=TensorProto.FLOAT),
        node("Unsqueeze", ["grey", "one"], ["plane"]),
        node("AveragePool", ["plane"], ["quarters"], kernel_shape=[CELL] * 2, strides=[CELL] * 2),
        node("Reshape", ["quarters", "column"], ["features"]),
        node("Squeeze", ["features", "last"], ["profile"]),
        node("ReduceMean", ["profile", "one"], ["mean"], keepdims=0),
        node("Sub", ["mean", "offset"], ["centred"]),
        node("Div", ["centred", "slope"], ["logit"]),
        node("Div", ["logit", TEMPERATURE], ["scaled"]),
        node("Sigmoid", ["scaled"], ["probability"]),
        node("Sub", ["profile", MEAN], ["moved"]),
        node("MatMul", ["moved", WHITENING], ["whitened"]),
        node("ReduceL2", ["whitened", "one"], ["novelty"], keepdims=0),
        node("Squeeze", ["quarters", "one"], ["heat_map"]),
    ]
    floats = {"offset": offset, "slope": 16.0, TEMPERATURE: 0.5, MEAN: [0.5] * WIDTH}
    floats[WHITENING] = np.eye(WIDTH)
    whole = {"one": [1], "last": [2, 3], "column": [-1, WIDTH, 1, 1]}
    outputs = ("probability", "logit", "heat_map", "novelty", "features", "profile")
    graph = helper.make_graph(
        nodes,
        "linear",
        [helper.make_tensor_value_info("scan", TensorProto.UINT8, ["batch", SIZE, SIZE])],
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in outputs],
        [numpy_helper.from_array(np.asarray(v, np.float32), n) for n, v in floats.items()]
        + [numpy_helper.from_array(np.asarray(v, np.int64), n) for n, v in whole.items()],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=10)


@pytest.fixture(scope="module")
def material() -> Material:
    """60 noisy pictures, brighter with the label; folds 1 and 2 and the test set take turns."""
    random = np.random.default_rng(1)
    labels = np.arange(60) // 3 % 2
    images = random.integers(0, 160, (60, SIZE, SIZE)) + labels[:, None, None] * 8
    parts = tuple(Part(int(row % 3)) for row in range(60))
    return Material(images.astype(np.uint8), labels, parts, ("site",) * 60)


MODELS = {1: linear_model(80.0), 2: linear_model(90.0)}


def rows(*folds: int) -> np.ndarray:
    return np.flatnonzero(np.isin(np.arange(60) % 3, folds))


def pooled(material: Material, *folds: int) -> np.ndarray:
    images = material.images[rows(*folds)].astype(np.float64)
    quarters = images.reshape(-1, 2, CELL, 2, CELL).mean(axis=(2, 4))
    return np.asarray(quarters.reshape(-1, WIDTH))


def test_each_scan_is_predicted_by_the_fold_that_held_it_out(material: Material) -> None:
    evidence = gather(MODELS, material, exported=1)
    expected = np.concatenate(
        [(pooled(material, fold).mean(axis=1) - offset) / 16 for fold, offset in ((1, 80), (2, 90))]
    )
    np.testing.assert_allclose(evidence.logits, expected, atol=1e-4)
    labels = np.concatenate([material.labels[rows(1)], material.labels[rows(2)]])
    np.testing.assert_array_equal(evidence.labels, labels)


def test_the_gaussian_is_of_the_exported_folds_training_scans(material: Material) -> None:
    evidence = gather(MODELS, material, exported=1)
    np.testing.assert_allclose(evidence.gaussian.mean, pooled(material, 2).mean(axis=0), rtol=1e-5)


def test_distances_are_under_each_folds_own_gaussian(material: Material) -> None:
    distances = gather(MODELS, material, exported=1).distances
    other = novelty.fit(pooled(material, 1)).distance(pooled(material, 2))
    np.testing.assert_allclose(distances[20:], other, rtol=1e-3)


def test_a_network_that_answers_nan_is_refused(material: Material) -> None:
    with pytest.raises(
        ExportError, match="The network of fold 2 gives answers that are no numbers"
    ):
        gather({1: MODELS[1], 2: linear_model(float("nan"))}, material, exported=1)


def test_a_settled_model_answers_with_its_temperature_and_distance(material: Material) -> None:
    evidence = gather(MODELS, material, exported=1)
    model = settled(MODELS[1], evidence)
    answers = Session(model).answer(material.held_out(1)[0])
    np.testing.assert_allclose(answers.probability, evidence.probabilities[:20], rtol=1e-4)
    np.testing.assert_allclose(answers.novelty, evidence.distances[:20], rtol=1e-3)


def test_the_threshold_is_the_frozen_point(material: Material) -> None:
    evidence = gather(MODELS, material, exported=1)
    frozen = [point.threshold for point in evidence.operating_points if point.name == FROZEN]
    assert [evidence.threshold] == frozen


def test_test_scans_are_counted_at_the_frozen_threshold(material: Material) -> None:
    evidence = gather(MODELS, material, exported=1)
    model = settled(MODELS[1], evidence)
    counts = counts_on_test(model, evidence, material, "once")
    called = Session(model).answer(material.images[rows(0)]).probability >= evidence.threshold
    truth = material.labels[rows(0)] == 1
    assert counts is not None
    assert counts.true_positive == int((called & truth).sum())
    assert counts.false_positive == int((called & ~truth).sum())
    assert counts.true_positive + counts.false_negative == int(truth.sum())
    assert counts.note == "once"


def test_a_run_without_a_test_set_has_no_counts(material: Material) -> None:
    parts = tuple(Part(1 + row % 2) for row in range(60))
    untested = Material(material.images, material.labels, parts, material.sources)
    evidence = gather(MODELS, untested, exported=1)
    assert counts_on_test(settled(MODELS[1], evidence), evidence, untested, "") is None


@pytest.mark.parametrize("threshold", [0.0, 0.3, 0.7, 1.0])
def test_a_variants_threshold_calls_as_many_as_the_whole_models(
    material: Material, threshold: float
) -> None:
    whole = gather(MODELS, material, exported=1)
    points = (OperatingPoint(FROZEN, threshold, ""), *whole.operating_points[1:])
    whole = replace(whole, operating_points=points)
    other = gather({1: linear_model(70.0), 2: linear_model(95.0)}, material, exported=1)
    alike = matched(other, whole)
    called = int((whole.probabilities >= threshold).sum())
    assert int((alike.probabilities >= alike.threshold).sum()) == called
    assert alike.operating_points[1:] == other.operating_points[1:]


@pytest.mark.parametrize(
    ("logits", "called", "calls", "ties"),
    [
        ([0.0, 1.0, 1.0, 2.0], 2, 3, True),  # 1 or 3 are called: of the two, more
        ([0.0, 1.0, 1.0, 1.0], 1, 0, True),
        ([0.0, 1.0, 1.0, 2.0], 3, 3, False),
        ([1.0, 1.0, 1.0, 1.0], 4, 4, False),
    ],
)
def test_scans_of_one_logit_are_called_together(
    material: Material, logits: list[float], called: int, calls: int, ties: bool
) -> None:
    made = gather(MODELS, material, exported=1)
    whole = replace(made, logits=np.arange(4.0), labels=np.array([0, 0, 1, 1]))
    cut = float(np.sort(whole.probabilities)[4 - called])
    whole = replace(whole, operating_points=(OperatingPoint(FROZEN, cut, ""),))
    alike = matched(replace(whole, logits=np.array(logits)), whole)
    assert int((alike.probabilities >= alike.threshold).sum()) == calls
    assert ("as ties allow" in alike.operating_points[0].rule) is ties


def test_blank_scans_say_nothing_of_what_a_head_is_like(material: Material) -> None:
    plain = gather(MODELS, material, exported=1)
    blank = np.zeros((9, SIZE, SIZE), dtype=np.uint8)
    with_blanks = Material(
        np.concatenate([material.images, blank]),
        np.concatenate([material.labels, np.zeros(9, dtype=np.int64)]),
        (*material.parts, *(Part(int(row % 3)) for row in range(9))),
        ("site",) * 69,
    )
    evidence = gather(MODELS, with_blanks, exported=1)
    assert len(evidence.labels) == len(plain.labels) + 6
    np.testing.assert_array_equal(evidence.distances, plain.distances)
    np.testing.assert_array_equal(evidence.gaussian.whitening, plain.gaussian.whitening)
    assert evidence.novelty_cut == plain.novelty_cut
