"""What is familiar to a model that is there, chosen anew by today's rules; all else stays."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import pytest

from export.__main__ import main
from model.card import HELD_OUT, LEARNT, TEST, ModelCard
from model.session import HEAT_MAP, LOGIT, NOVELTY
from tests.make.graphs import pooled_model
from tests.make.hospital import boxed_hospital
from trainer.data.inputs import network_inputs
from trainer.data.provenance import sha256_of
from trainer.reports import external
from trainer.results import novelty
from trainer.results.model_graph import PROFILE, outputs, with_outputs

FOLDERS = ("D", "EE")
LEARN, TESTED = 25, 2


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model and two hospitals of 50 images each: 25 learnt, 2 tested on, 23 held out."""
    folder = tmp_path_factory.mktemp("familiar")
    used: dict[str, list[str]] = {LEARNT: [], TEST: [], HELD_OUT: []}
    for name in FOLDERS:
        images = sorted((boxed_hospital(folder / name, name, 50, 1) / "images").iterdir())
        hashes = [sha256_of(path)[:12] for path in images]
        used[LEARNT] += hashes[:LEARN]
        used[TEST] += hashes[LEARN : LEARN + TESTED]
        used[HELD_OUT] += hashes[LEARN + TESTED :]
    pooled_model(folder / "m.onnx", {use: "".join(each) for use, each in used.items()})
    return folder


def given(made: Path, use: str, card: ModelCard) -> tuple[np.ndarray, np.ndarray]:
    """Inputs and sources of the images of one use."""
    paths = [path for name in FOLDERS for path in sorted((made / name / "images").iterdir())]
    kept = [path for path in paths if card.use_of(sha256_of(path)) == use]
    inputs = network_inputs(kept, card.recipe, made / f"inputs-{use}")
    return inputs, np.array([path.parent.parent.name for path in kept])


@pytest.fixture(scope="module")
def renewed(made: Path) -> Path:
    target = made / "new.onnx"
    folders = [str(made / name) for name in FOLDERS]
    assert main(["novelty", str(made / "m.onnx"), *folders, "--out", str(target)]) == 0
    return target


def test_the_gaussian_is_of_learnt_images_and_the_cut_of_held_out_ones(
    made: Path, renewed: Path
) -> None:
    before = external.open_model(made / "m.onnx").card
    learnt, held_out = (given(made, use, before) for use in (LEARNT, HELD_OUT))
    assert (len(learnt[0]), len(held_out[0])) == (50, 46)
    whole = with_outputs(onnx.load(made / "m.onnx"), (PROFILE,))
    profiles, others = (outputs(whole, (PROFILE,))(each[0])[0] for each in (learnt, held_out))
    gaussian = novelty.fit(profiles.astype(float), learnt[1])
    expected = gaussian.distance(others.astype(float))
    [distances] = outputs(onnx.load(renewed), (NOVELTY,))(held_out[0])
    assert np.allclose(distances, expected, rtol=1e-3)
    cut = external.open_model(renewed).card.novelty_cut
    assert cut == pytest.approx(novelty.cut(expected, held_out[1]), rel=1e-3)


def test_scores_and_heat_maps_stay_and_so_does_the_rest_of_the_card(
    made: Path, renewed: Path
) -> None:
    before, after = (external.open_model(path).card for path in (made / "m.onnx", renewed))
    inputs = given(made, TEST, before)[0]
    names = (LOGIT, HEAT_MAP)
    old, new = (outputs(onnx.load(path), names)(inputs) for path in (made / "m.onnx", renewed))
    assert all(np.array_equal(*pair) for pair in zip(old, new, strict=True))
    assert after.novelty_rule == novelty.RULE
    assert after.known_answer.logit == before.known_answer.logit
    same = {each: getattr(before, each) for each in ("novelty_cut", "novelty_rule", "known_answer")}
    assert replace(after, **same) == before


def test_the_model_itself_is_not_written_over(
    made: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model = made / "m.onnx"
    before = model.read_bytes()
    assert main(["novelty", str(model), str(made / "D"), "--out", str(model)]) == 2
    assert "are one file" in capsys.readouterr().err
    assert model.read_bytes() == before


def test_a_model_without_profiles_is_told_in_a_sentence(
    made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model = onnx.load(made / "m.onnx")
    for node in model.graph.node:
        for names in (node.input, node.output):
            for at, name in enumerate(names):
                names[at] = "other" if name == PROFILE else name
    onnx.save(model, tmp_path / "old.onnx")
    folders = [str(made / name) for name in FOLDERS]
    target = tmp_path / "new.onnx"
    assert main(["novelty", str(tmp_path / "old.onnx"), *folders, "--out", str(target)]) == 2
    assert "has no map called profile" in capsys.readouterr().err
    assert not target.exists()


@pytest.mark.parametrize(
    ("kept", "said"), [(slice(20, None), "10 learnt images"), (slice(36), "18 out-of-fold images")]
)
def test_too_few_images_of_either_use_are_told(
    made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], kept: slice, said: str
) -> None:
    folders = [boxed_hospital(tmp_path / name, name, 50, 1) for name in FOLDERS]
    for folder in folders:
        there = {path.stem for path in sorted((folder / "images").iterdir())[kept]}
        for path in (folder / "images").iterdir():
            if path.stem not in there:
                path.unlink()
        head, *lines = (folder / "labels.csv").read_text(encoding="utf-8").splitlines()
        rows = [line for line in lines if line.partition(",")[0] in there]
        (folder / "labels.csv").write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    target = tmp_path / "few.onnx"
    assert main(["novelty", str(made / "m.onnx"), *map(str, folders), "--out", str(target)]) == 2
    assert f"{said} are too few" in capsys.readouterr().err
    assert not target.exists()
