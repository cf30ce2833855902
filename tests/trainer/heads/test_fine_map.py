"""A small model of the contract is given a finer heat map, and its scores stay as they are."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from model.card import HELD_OUT, TEST
from tests.make.graphs import pooled_model
from tests.make.hospital import boxed_hospital
from tests.make.tiny_model import CELL, SIZE, WHOLE, tiny_model
from trainer.__main__ import main
from trainer.data.provenance import sha256_of
from trainer.heads import fine_study
from trainer.heads.fine_study import peaks_in
from trainer.reports import external


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One run for all tests: two hospitals, and half of the first is not to be learnt from."""
    folder = tmp_path_factory.mktemp("fine")
    one = boxed_hospital(folder / "one", "O", 8, 6)
    boxed_hospital(folder / "two", "T", 12, 4)
    hashes = {path.name: sha256_of(path)[:12] for path in (one / "images").iterdir()}
    used = {TEST: hashes["O1_5.png"], HELD_OUT: hashes["O3_5.png"]}
    pooled_model(folder / "m.onnx", used)
    pooled_model(folder / "small.onnx", {})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fine_study, "peaks_in", noted)
        assert main(arguments(folder, "--model-out", str(folder / "fine.onnx"))) == 0
    return folder


counted: list[tuple[int, int]] = []
"""How many maps were counted, and within how many pixels, each time that it was done."""


def noted(maps: NDArray[np.float32], outlines: NDArray[np.bool_], off: int) -> NDArray[np.bool_]:
    counted.append((len(maps), off))
    return peaks_in(maps, outlines, off)


def arguments(folder: Path, *more: str) -> list[str]:
    data = [str(folder / name) for name in ("one", "two")]
    also = ["--also", str(folder / "small.onnx"), str(folder / "small-fine.onnx")]
    made = ["fine-map", str(folder / "m.onnx"), *data, "--out", str(folder / "out"), *also]
    return [*made, "--steps", "30", "--drawn", "8", *more]


def inputs(folder: Path) -> NDArray[np.uint8]:
    return np.stack([np.asarray(Image.open(p)) for p in sorted((folder / "two/images").iterdir())])


def test_scores_stay_and_the_map_is_finer(study: Path) -> None:
    images = inputs(study)
    for before, after in (("m.onnx", "fine.onnx"), ("small.onnx", "small-fine.onnx")):
        old, new = (external.open_model(study / name).session for name in (before, after))
        assert np.array_equal(old.score(images).logit, new.score(images).logit)
        assert old.heat_map(images[0]).shape == (SIZE // CELL, SIZE // CELL)
        assert new.heat_map(images[0]).shape == (4 * SIZE // CELL, 4 * SIZE // CELL)


def test_what_may_not_be_learnt_from_is_not(study: Path) -> None:
    counts = json.loads((study / "out" / "metrics.json").read_text("utf-8"))
    # Four patients of the first hospital bleed on three images each; two of these are reserved.
    assert counts["one, by patient out of fold"]["all"]["fine, in a box"][1] == 12 - 2
    assert counts["two, by patient out of fold"]["all"]["coarse, in a box"][1] == 6 * 2
    assert counts["two, left out of the learning"]["all"]["fine, in a box"][1] == 6 * 2


@pytest.mark.usefixtures("study")
def test_peaks_are_counted_once_for_the_table_and_the_file() -> None:
    """Two hospitals, each out of fold and left out, flagged and all, at two distances, two maps."""
    assert len(counted) == 2 * 2 * 2 * 2 * 2


def test_the_card_says_what_the_map_was_learnt_on(study: Path) -> None:
    card = external.open_model(study / "fine.onnx").card
    assert "on 22 images with boxes and" in card.fold_reason
    assert card.known_answer == external.open_model(study / "m.onnx").card.known_answer
    assert "one, left out of the learning | flagged" in (study / "out/summary.md").read_text(
        "utf-8"
    )


def test_a_fine_map_is_given_once(study: Path, capsys: pytest.CaptureFixture[str]) -> None:
    again = arguments(study, "--model-out", str(study / "again.onnx"))
    again[1] = str(study / "fine.onnx")
    assert main(again) == 2
    assert "fine heat map already" in capsys.readouterr().err
    assert not (study / "again.onnx").exists()


def test_no_peak_head_is_learnt_that_could_not_be_put_in(
    study: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ["peaks", str(study / "fine.onnx"), str(study / "one"), "--out", str(study / "peaks")]
    assert main(given) == 2
    assert "already" in capsys.readouterr().err
    assert not (study / "peaks").exists()


def test_folders_without_boxes_are_refused(
    study: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plain = boxed_hospital(tmp_path / "plain", "P", 4, 2)
    (plain / "boxes.csv").unlink()
    given = ["fine-map", str(study / "m.onnx"), str(plain), "--out", str(tmp_path / "out")]
    assert main(given) == 2
    assert "has a box" in capsys.readouterr().err


def test_a_model_of_another_kind_is_refused(
    study: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model = tiny_model(tmp_path / "tiny.onnx", recipe=WHOLE)
    given = ["fine-map", str(model), str(study / "one"), "--out", str(tmp_path / "out")]
    assert main(given) == 2
    assert "residual stage" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("off", "found"), [(0, [True, False]), (3, [True, False]), (4, [True] * 2)]
)
def test_a_peak_counts_within_so_many_pixels(off: int, found: list[bool]) -> None:
    maps = np.zeros((2, 4, 4), np.float32)
    maps[:, 1, 2] = 1.0  # of 16 pixels a side: its middle is row 6, column 10
    outlines = np.zeros((2, 16, 16), dtype=np.bool_)
    outlines[0, 6, 10] = True
    outlines[1, 6, 14] = True
    assert peaks_in(maps, outlines, off).tolist() == found


def test_a_map_of_zeros_has_no_peak() -> None:
    assert not peaks_in(np.zeros((1, 4, 4), np.float32), np.ones((1, 8, 8), dtype=np.bool_), 8)[0]
