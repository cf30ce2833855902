"""The tiny model that other tests stand on keeps the contract itself."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest

from model.card import ModelCard
from tests.make.tiny_model import OUTPUTS, SIZE, tiny_card, tiny_logit, tiny_model, tiny_novelty


def run(path: Path, images: np.ndarray) -> dict[str, np.ndarray]:
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    return dict(zip(OUTPUTS, session.run(list(OUTPUTS), {"scan": images}), strict=True))


def test_is_valid_and_carries_its_card(tmp_path: Path) -> None:
    path = tiny_model(tmp_path / "tiny.onnx", temperature=2.0)
    model = onnx.load(str(path))
    onnx.checker.check_model(model, full_check=True)
    card = ModelCard.from_metadata({entry.key: entry.value for entry in model.metadata_props})
    assert card == tiny_card(temperature=2.0)


def test_answers_as_its_functions_say(tmp_path: Path) -> None:
    images = np.random.default_rng(1).integers(0, 256, (3, SIZE, SIZE), dtype=np.uint8)
    images[1] = 255
    answers = run(tiny_model(tmp_path / "tiny.onnx", temperature=2.0), images)
    logit = [tiny_logit(image) for image in images]
    np.testing.assert_allclose(answers["logit"], logit, rtol=1e-4, atol=1e-4)
    np.testing.assert_allclose(answers["probability"], 1 / (1 + np.exp(-np.array(logit) / 2)), 1e-4)
    np.testing.assert_allclose(answers["novelty"], [tiny_novelty(image) for image in images], 1e-4)
    np.testing.assert_allclose(answers["heat_map"][1], np.ones((4, 4)), 1e-5)


def test_knows_its_known_answer(tmp_path: Path) -> None:
    known = tiny_card().known_answer
    answers = run(tiny_model(tmp_path / "tiny.onnx"), known.input(SIZE, SIZE)[None])
    assert answers["logit"][0] == pytest.approx(known.logit, abs=known.tolerance)
    assert answers["novelty"][0] == pytest.approx(known.novelty, abs=known.tolerance)


def test_can_answer_nan_for_bright_images_only(tmp_path: Path) -> None:
    images = np.stack([np.full((SIZE, SIZE), grey, dtype=np.uint8) for grey in (0, 255)])
    answers = run(tiny_model(tmp_path / "tiny.onnx", nan_above=250), images)
    assert np.isnan(answers["logit"]).tolist() == [False, True]
