"""The novelty cut of a model that is there, by today's rule; all else stays."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import pytest

from export.__main__ import main
from model.card import HELD_OUT, LEARNT, TEST
from model.session import NOVELTY
from tests.make.graphs import pooled_model
from tests.make.hospital import boxed_hospital
from trainer.data.inputs import network_inputs
from trainer.data.provenance import sha256_of
from trainer.reports import external
from trainer.results import novelty
from trainer.results.model_graph import outputs


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model, two hospitals of 30 held-out images, one more image learnt and one tested on."""
    folder = tmp_path_factory.mktemp("recut")
    hashes = [
        sha256_of(path)[:12]
        for name in ("D", "EE")
        for path in sorted((boxed_hospital(folder / name, name, 31, 1) / "images").iterdir())
    ]
    used = {LEARNT: hashes[:1], TEST: hashes[31:32], HELD_OUT: hashes[1:31] + hashes[32:]}
    pooled_model(folder / "m.onnx", {use: "".join(each) for use, each in used.items()})
    return folder


def test_the_cut_is_chosen_on_held_out_images_alone_and_nothing_else_changes(made: Path) -> None:
    whole, target = made / "m.onnx", made / "cut.onnx"
    folders = [made / "D", made / "EE"]
    assert main(["cut", str(whole), *map(str, folders), "--out", str(target)]) == 0
    before, after = (external.open_model(path).card for path in (whole, target))
    paths = [path for each in folders for path in sorted((each / "images").iterdir())]
    kept = [path for path in paths if before.use_of(sha256_of(path)) == HELD_OUT]
    inputs = network_inputs(kept, before.recipe, made / "inputs")
    [distances] = outputs(onnx.load(whole), (NOVELTY,))(inputs)
    sources = np.array([path.parent.parent.name for path in kept])
    assert len(kept) == 60
    assert after.novelty_cut == pytest.approx(novelty.cut(distances.astype(float), sources))
    assert after.novelty_rule == novelty.RULE
    cut, rule = before.novelty_cut, before.novelty_rule
    assert replace(after, novelty_cut=cut, novelty_rule=rule) == before
    assert onnx.load(target).graph == onnx.load(whole).graph


def test_too_few_held_out_images_are_told(made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    few = boxed_hospital(made / "few", "D", 31, 1)
    for path in sorted((few / "images").iterdir())[12:]:
        path.unlink()
    lines = (few / "labels.csv").read_text(encoding="utf-8").splitlines()
    there = {path.stem for path in (few / "images").iterdir()}
    kept = [lines[0], *(line for line in lines[1:] if line.partition(",")[0] in there)]
    (few / "labels.csv").write_text("\n".join(kept) + "\n", encoding="utf-8")
    target = made / "few.onnx"
    assert main(["cut", str(made / "m.onnx"), str(few), "--out", str(target)]) == 2
    assert "11 out-of-fold images are too few" in capsys.readouterr().err
    assert not target.exists()
