from pathlib import Path

from desktop.engine.shipped_models import FOR_CPU
from desktop.jobs.opened_model import open_model
from model.messages import ModelCode
from tests.make.tiny_model import tiny_model


def stopping() -> bool:
    return False


def test_without_a_file_the_shipped_model_is_opened(model_folder: Path) -> None:
    opened = open_model(None, model_folder, "cpu", stopping)
    assert opened.session is not None
    assert (opened.file, opened.refusal) == (model_folder / FOR_CPU, None)


def test_the_file_that_was_asked_for_is_opened(model_folder: Path, tmp_path: Path) -> None:
    own = tmp_path / "own.onnx"
    tiny_model(own)
    opened = open_model(own, model_folder, "cpu", stopping)
    assert opened.session is not None
    assert opened.file == own


def test_a_file_that_is_no_model_is_never_replaced_by_the_shipped_one(
    model_folder: Path, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.onnx"
    broken.write_bytes(b"not a model")
    for file in (broken, tmp_path / "absent.onnx", tmp_path):
        opened = open_model(file, model_folder, "cpu", stopping)
        assert opened.session is None
        assert opened.refusal is not None
        assert opened.file == file


def test_a_program_that_came_without_a_model_says_so(tmp_path: Path) -> None:
    opened = open_model(None, tmp_path, "cpu", stopping)
    assert (opened.session, opened.file) == (None, None)
    assert opened.refusal is not None
    assert opened.refusal.code is ModelCode.NOT_SHIPPED
