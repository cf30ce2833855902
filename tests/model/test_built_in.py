from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from imaging.messages import Message
from model.built_in import BUILT_IN
from model.messages import ModelCode
from model.session import Session
from tests.make.tiny_model import tiny_model

WEIGHTS = Path(__file__).resolve().parents[2] / "resources" / "weights"


def test_the_pinned_hashes_are_those_of_the_models_that_ship() -> None:
    shipped = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in WEIGHTS.glob("*.onnx")
    }
    assert shipped == BUILT_IN


def test_a_built_in_model_is_known_by_its_content_wherever_it_lies(tmp_path: Path) -> None:
    content = (WEIGHTS / "head-ct-int8.onnx").read_bytes()
    (tmp_path / "other name.onnx").write_bytes(content)
    session = Session.open(tmp_path / "other name.onnx", "cpu")
    assert (session.is_built_in, session.notice) == (True, None)


@pytest.mark.parametrize("name", BUILT_IN)
def test_another_model_is_not_built_in_whatever_it_is_called(tmp_path: Path, name: str) -> None:
    session = Session.open(tiny_model(tmp_path / name), "cpu")
    assert not session.is_built_in
    assert session.notice == Message(ModelCode.NOT_BUILT_IN, sha256=session.sha256)
