"""Files are assessed as the program assesses them, in their order, whatever is among them."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as PilImage

from desktop.engine.run import Run
from imaging.errors import Code
from imaging.sandbox.sandbox import Sandbox
from model.image_result import ImageResult
from model.lanes import BATCH
from model.session import Session
from tests.make.clinic import clinic
from tests.make.dicom import ct, save
from tests.make.heads import with_bone
from tests.make.tiny_model import SIZE, WHOLE, tiny_logit, tiny_model
from trainer.data import reading_pool
from trainer.data.provenance import sha256_of
from trainer.results.assessment import assess_files


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A folder of its own, to be changed."""
    return clinic(tmp_path / "clinic")


def test_evaluation_gives_exactly_what_the_program_gives(tmp_path: Path, data: Path) -> None:
    """Every number and every refusal, of the same folder: blank, by header, novel, damaged, NaN."""
    folder = data / "images"
    PilImage.new("L", (SIZE, SIZE), 90).save(folder / "blank.png")
    save(ct(Modality="MR"), folder / "mr.dcm")
    save(ct(), folder / "ct.dcm")
    (folder / "damaged.png").write_bytes((folder / "1.png").read_bytes()[:60])
    (folder / "note.txt").write_text("nothing to see", encoding="utf-8")
    session = Session.open(tiny_model(tmp_path / "tiny.onnx", recipe=WHOLE, nan_above=165.0), "cpu")
    with Sandbox(workers=1) as sandbox:
        run = Run([folder], sandbox)
        assert len(list(run.read_headers())) == len(list(folder.iterdir()))
        run.group()
        assert list(run.score(session))
        shown = [each for each in run.images if isinstance(each, ImageResult)]
    assert len(shown) == len(run.images)
    evaluated = list(assess_files([each.path for each in shown], session))
    assert [_told(each) for each in evaluated] == [_told(each) for each in shown]
    codes = {problem.code for each in shown for problem in each.problems}
    assert codes >= {
        Code.BLANK,
        Code.WRONG_MODALITY,
        Code.NOT_ASSESSABLE,
        Code.CLASSIFIER_FAILED,
    }


def _told(result: ImageResult) -> tuple[object, ...]:
    """All but the time, the thumbnail and the pixels."""
    numbers = (result.probability, result.logit, str(result.novelty))
    return (result.path, result.status, result.problems, *numbers, result.sha256, result.provider)


def mixed(folder: Path, count: int) -> list[Path]:
    """Images of known means in an order of their own; every fifth one is damaged, or blank."""
    folder.mkdir()
    paths = []
    for number in range(count):
        path = folder / f"{(7 * number) % count:03}.png"
        pixels = np.full((SIZE, SIZE), 60 + number, dtype=np.uint8)
        pixels[:, ::2] += 40
        PilImage.fromarray(with_bone(pixels) if number % 10 else pixels * 0).save(path)
        if number % 10 == 5:
            path.write_bytes(b"no image")
        paths.append(path)
    return paths


@pytest.mark.parametrize("few", [500, 1])
def test_every_result_is_that_of_its_file_in_more_than_two_batches(
    few: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In this process, and read by children where there are many."""
    monkeypatch.setattr(reading_pool, "FEW", few)
    count = 2 * BATCH + 5
    paths = mixed(tmp_path / "images", count)
    session = Session.open(tiny_model(tmp_path / "tiny.onnx", recipe=WHOLE), "cpu")
    results = assess_files(paths, session)
    assert [result.path for result in results] == paths
    for number, result in enumerate(results):
        if number % 5:
            expected = tiny_logit(np.asarray(PilImage.open(paths[number])))
            assert result.logit == pytest.approx(expected, abs=1e-4)
            assert result.sha256 == sha256_of(paths[number])
        else:
            assert (result.logit, result.probability) == (None, None)
            assert result.problems
    reasons = Counter(result.problems[0].code for result in results if result.logit is None)
    assert reasons.pop(Code.BLANK) == 4
    assert [*reasons.values()] == [4]  # the damaged ones


def test_of_no_files_there_are_no_results(tmp_path: Path) -> None:
    session = Session.open(tiny_model(tmp_path / "tiny.onnx", recipe=WHOLE), "cpu")
    assert assess_files([], session) == []


def test_a_file_that_is_given_twice_has_two_results(tmp_path: Path) -> None:
    paths = mixed(tmp_path / "images", 2)
    session = Session.open(tiny_model(tmp_path / "tiny.onnx", recipe=WHOLE), "cpu")
    results = assess_files([paths[1], paths[0], paths[1]], session)
    assert [result.path for result in results] == [paths[1], paths[0], paths[1]]
    assert results[0].logit == results[2].logit
