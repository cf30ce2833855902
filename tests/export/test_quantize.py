"""What is quantised, on which images it is calibrated, and when INT8 is refused."""

from __future__ import annotations

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from export import quantize
from export.quantize import Int8Agreement


@pytest.mark.parametrize(
    ("agreement", "reason"),
    [
        (Int8Agreement(200, 0, 0.95, 0.95), None),
        (Int8Agreement(200, 2, 0.95, 0.95), None),
        (Int8Agreement(200, 3, 0.95, 0.95), "changes the decision on 3 of 200"),
        (Int8Agreement(160, 1, 0.95, 0.945), None),
        (Int8Agreement(160, 0, 0.95, 0.9449), "lowers the out-of-fold AUC from 0.9500 to 0.9449"),
        (Int8Agreement(160, 0, 0.95, 0.99), None),
        (Int8Agreement(160, 0, 0.95, float("nan")), "lowers the out-of-fold AUC"),
    ],
    ids=["same", "1 %", "more", "AUC at limit", "AUC below", "AUC better", "no AUC"],
)
def test_int8_is_refused_where_it_is_too_unlike_the_full_model(
    agreement: Int8Agreement, reason: str | None
) -> None:
    refused = quantize.refusal(agreement)
    assert refused == reason if reason is None else reason in str(refused)


def test_the_card_gets_the_numbers_of_the_agreement() -> None:
    measured = Int8Agreement(200, 3, 0.95, 0.94).measured()
    assert list(measured.values()) == [3.0, 0.015, 0.95, 0.94]


def test_calibration_takes_both_classes_alike() -> None:
    labels = np.array([0] * 500 + [1] * 40, dtype=np.int64)
    images = np.broadcast_to(labels.astype(np.uint8)[:, None, None], (540, 2, 2))
    chosen = quantize.calibration_images(images, labels)
    assert len(chosen) == 64
    assert int(chosen[:, 0, 0].sum()) == 32


def test_calibration_takes_all_of_a_small_class() -> None:
    labels = np.array([0, 1, 1, 0, 0], dtype=np.int64)
    images = np.arange(5, dtype=np.uint8)[:, None, None] + np.zeros((1, 2, 2), dtype=np.uint8)
    assert quantize.calibration_images(images, labels)[:, 0, 0].tolist() == [0, 1, 2, 3, 4]


def small_model() -> onnx.ModelProto:
    """Two convolutions to ``features``, and a third after them, as the heat map might have."""
    node = helper.make_node
    weights = {
        name: np.array([[1, value], [value, -1]], np.float32).reshape(2, 2, 1, 1)
        for name, value in (("a", 0.2), ("b", 0.3), ("c", 0.4))
    }
    graph = helper.make_graph(
        [
            node("Cast", ["scan"], ["grey"], "cast", to=TensorProto.FLOAT),
            node("Unsqueeze", ["grey", "axis"], ["plane"], "plane"),
            node("Concat", ["plane", "plane"], ["planes"], "planes", axis=1),
            node("Conv", ["planes", "a"], ["first"], "first"),
            node("Relu", ["first"], ["positive"], "relu"),
            node("Conv", ["positive", "b"], ["features"], "second"),
            node("Conv", ["features", "c"], ["after"], "third"),
        ],
        "small",
        [helper.make_tensor_value_info("scan", TensorProto.UINT8, ["batch", 4, 4])],
        [
            helper.make_tensor_value_info(name, TensorProto.FLOAT, ["batch", 2, 4, 4])
            for name in ("features", "after")
        ],
        [numpy_helper.from_array(value, name) for name, value in weights.items()]
        + [numpy_helper.from_array(np.array([1]), "axis")],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=10)


@pytest.mark.parametrize("calibration", quantize.RANGE_CALIBRATIONS, ids=lambda one: one.name)
def test_only_the_backbone_is_quantised(calibration: quantize.RangeCalibration) -> None:
    images = np.arange(64, dtype=np.uint8).reshape(4, 4, 4)
    model = quantize.quantized(small_model(), images, calibration)
    stored = {tensor.name: tensor.data_type for tensor in model.graph.initializer}
    assert stored["a_quantized"] == TensorProto.INT8
    assert stored["b_quantized"] == TensorProto.INT8
    assert stored["c"] == TensorProto.FLOAT


def test_weights_stay_within_seven_bits() -> None:
    images = np.arange(64, dtype=np.uint8).reshape(4, 4, 4)
    model = quantize.quantized(small_model(), images, quantize.RANGE_CALIBRATIONS[0])
    (weights,) = [t for t in model.graph.initializer if t.name == "a_quantized"]
    assert int(np.abs(numpy_helper.to_array(weights)).max()) == 64


def test_fewer_changed_decisions_are_better_then_a_higher_auc() -> None:
    few, many = Int8Agreement(200, 1, 0.95, 0.946), Int8Agreement(200, 2, 0.95, 0.96)
    higher = Int8Agreement(200, 1, 0.95, 0.948)
    assert min([many, few, higher], key=Int8Agreement.distance) is higher


def test_an_allowed_calibration_is_better_than_a_refused_one() -> None:
    allowed, refused = Int8Agreement(200, 2, 0.95, 0.95), Int8Agreement(200, 0, 0.95, 0.90)
    assert min([refused, allowed], key=Int8Agreement.distance) is allowed
