"""Another task than heads, from the generated folder to a score: in colour, and without a head."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from export import __main__ as export
from imaging.input.prepare import prepare
from imaging.input.recipe import Channels, Subject
from model.card import ModelCard
from model.onnx_file import read_onnx
from model.session import Session
from trainer import __main__ as trainer
from trainer.results.run_folder import RunFolder

OF_HEADS = re.compile(
    r"\bheads?\b|skull|brain|ha?emorrhag|bleed|\bCT\b|patients? |anatomy|examination",
    re.IGNORECASE,
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with ``plates``, the ``run`` on them and the exported ``own.onnx``."""
    folder = tmp_path_factory.mktemp("objects")
    assert trainer.main(["generate", str(folder / "plates"), "--parts", "64"]) == 0
    command = [str(folder / "plates"), "--recipe", "objects", "--out", str(folder / "run")]
    command += ["--init", "none", "--input-size", "32", "--epochs", "1", "--folds", "2"]
    command += ["--device", "cpu", "--set", "data.only_first_fold=true"]
    assert trainer.main(command) == 0
    assert export.main([str(folder / "run"), "--out", str(folder / "own.onnx")]) == 0
    return folder


def test_the_run_keeps_colour_and_crops_to_no_head(made: Path) -> None:
    settings = RunFolder(made / "run").settings
    assert settings.class_name == "rust"
    assert settings.recipe.channels is Channels.RGB
    assert settings.recipe.subject is Subject.OTHER
    assert not settings.recipe.crop_to_head
    (kept,) = (made / "run" / "cache").glob("inputs-*.npy")
    assert np.load(kept).shape == (64, 32, 32, 3)


def test_report_and_card_have_no_word_of_heads(made: Path) -> None:
    summary = (made / "run" / "summary.md").read_text(encoding="utf-8")
    assert "in colour" in summary
    assert OF_HEADS.findall(summary) == []
    card = ModelCard.from_metadata(read_onnx((made / "own.onnx").read_bytes()).metadata)
    told = (card.name, card.class_name, card.intended_use, card.novelty_rule, card.fold_reason)
    assert OF_HEADS.findall(" ".join((*told, *card.sources))) == []


def test_the_program_opens_the_model_and_scores_a_plate(made: Path) -> None:
    session = Session.open(made / "own.onnx", "cpu")
    prepared = prepare(made / "plates" / "images" / "0001.png", 0, session.card.recipe)
    assert prepared.refusal is None
    assert prepared.network_input is not None
    scores = session.score(prepared.network_input[None])
    assert 0.0 <= float(scores.probability[0]) <= 1.0
    assert session.heat_map(prepared.network_input).ndim == 2


def test_a_report_on_other_images_has_no_examinations(made: Path) -> None:
    out = made / "external"
    command = ["evaluate", str(made / "own.onnx"), str(made / "plates"), "--out", str(out)]
    assert trainer.main(command) == 0
    summary = (out / "summary.md").read_text(encoding="utf-8")
    assert "file and grey values alone" in summary
    assert OF_HEADS.findall(summary) == []
