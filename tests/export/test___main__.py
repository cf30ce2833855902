"""The whole export of a run that is small but real: ResNet-34, images on disk, one fold."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from numpy.typing import NDArray
from PIL import Image as PilImage

from export import quantize, variant
from export.__main__ import chosen, main
from export.errors import ExportError
from imaging.input.recipe import InputRecipe
from model.card import HELD_OUT, LEARNT, TEST, ModelCard
from model.operating_point import DEFAULT
from trainer.data import folds
from trainer.data.inputs import network_inputs
from trainer.data.labels import LabelledImage
from trainer.data.provenance import sha256_of
from trainer.learning.network import Network, save
from trainer.recipes import CAREFUL
from trainer.results.run_folder import RunFolder
from trainer.settings import RANDOM

SIZE, COUNT = 64, 56
OUTPUTS = ["probability", "logit", "heat_map", "novelty"]
SETTINGS = replace(
    CAREFUL,
    recipe=InputRecipe(size=SIZE, crop_to_head=False),
    class_name="crack",
    network=replace(CAREFUL.network, init=RANDOM),
    data=replace(
        CAREFUL.data, folds=2, test_share=0.15, only_first_fold=True, licence="CC0", sources=("x",)
    ),
)


def write_images(folder: Path) -> list[LabelledImage]:
    """Noisy discs, half of them with a bright spot."""
    random = np.random.default_rng(4)
    rows, columns = np.mgrid[:SIZE, :SIZE]
    labelled = []
    for number in range(COUNT):
        grey = (
            40 + 60 * (np.hypot(rows - 32, columns - 32) < 28) + random.normal(0, 6, (SIZE, SIZE))
        )
        label = number % 2
        if label:
            row, column = random.integers(20, 44, 2)
            grey += 110 * (np.hypot(rows - row, columns - column) < 9)
        path = folder / f"{number:02}.png"
        PilImage.fromarray(grey.clip(0, 255).astype(np.uint8)).save(path)
        labelled.append(LabelledImage(path.stem, path, label, path.stem))
    return labelled


def fitted(images: NDArray[np.uint8], labels: NDArray[np.int64]) -> Network:
    """Random convolutions, and a head that separates the images by ridge regression."""
    torch.manual_seed(11)
    network = Network().eval()
    with torch.inference_mode():
        pooled = network.pooled(torch.from_numpy(images)).numpy().astype(np.float64)
    middle = pooled.mean(axis=0)
    gram = (pooled - middle) @ (pooled - middle).T
    ridge = gram + 0.01 * np.trace(gram) / len(gram) * np.eye(len(gram))
    weight = (pooled - middle).T @ np.linalg.solve(ridge, 6.0 * (labels - 0.5))
    linear = network.head[-1]
    with torch.no_grad():
        linear.get_parameter("weight").copy_(torch.from_numpy(weight)[None])
        linear.get_parameter("bias").fill_(-float(weight @ middle))
    return network


def logits(network: Network, images: NDArray[np.uint8]) -> NDArray[np.float32]:
    with torch.inference_mode():
        return np.asarray(network(torch.from_numpy(images)).numpy())


@dataclass(frozen=True, eq=False)
class Exported:
    """A run, what was exported from it, and its parts."""

    run: RunFolder
    network: Network
    full: Path
    int8: Path
    training: NDArray[np.uint8]
    held_out: NDArray[np.uint8]
    code: int


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Exported:
    folder = tmp_path_factory.mktemp("run")
    labelled = write_images(folder)
    data = SETTINGS.data
    parts = folds.split(labelled, data.test_share, data.folds, 0, grouped=True)
    run = RunFolder.begin(folder / "run", SETTINGS, labelled, parts)
    images = network_inputs([image.path for image in labelled], SETTINGS.recipe, folder / "cache")
    labels = np.array([image.label for image in labelled])
    training, held_out = folds.training(parts, 1), folds.validation(parts, 1)
    network = fitted(images[training], labels[training])
    run.fold_folder(1)
    save(network, run.fold_weights(1), SETTINGS.recipe, SETTINGS.class_name)
    test = folds.internal_test(parts)
    run.write_fold(1, logits(network, images[held_out]), logits(network, images[test]))
    run.pool()
    full, int8 = folder / "out" / "full.onnx", folder / "out" / "int8.onnx"
    code = main([str(run.path), "--out", str(full), "--int8", str(int8)])
    return Exported(run, network, full, int8, images[training], images[held_out], code)


def card_of(path: Path) -> ModelCard:
    model = onnx.load(str(path))
    return ModelCard.from_metadata({entry.key: entry.value for entry in model.metadata_props})


def answer(path: Path, images: NDArray[np.uint8]) -> Mapping[str, NDArray[np.float32]]:
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    return dict(zip(OUTPUTS, session.run(OUTPUTS, {"scan": images}), strict=True))


def files(exported: Exported) -> dict[str, Path]:
    return {"full": exported.full, "int8": exported.int8}


both = pytest.mark.parametrize("which", ["full", "int8"])


def test_both_files_are_written_and_nothing_else(exported: Exported) -> None:
    assert exported.code == 0
    assert sorted(exported.full.parent.iterdir()) == sorted(files(exported).values())
    assert exported.full.stat().st_size < 45e6
    assert exported.int8.stat().st_size < 25e6


@both
def test_inputs_and_outputs_are_the_contracts(exported: Exported, which: str) -> None:
    session = onnxruntime.InferenceSession(
        str(files(exported)[which]), providers=["CPUExecutionProvider"]
    )
    (image,) = session.get_inputs()
    assert (image.name, image.type, image.shape[1:]) == ("scan", "tensor(uint8)", [SIZE, SIZE])
    shapes = {output.name: output.shape for output in session.get_outputs()}
    assert list(shapes) == OUTPUTS
    assert all(isinstance(shape[0], str) for shape in (image.shape, *shapes.values()))
    assert shapes["heat_map"][1:] == [2, 2]


def test_the_full_file_answers_as_torch_does(exported: Exported) -> None:
    answers = answer(exported.full, exported.held_out)
    expected = logits(exported.network, exported.held_out)
    np.testing.assert_allclose(answers["logit"], expected, atol=0.05)
    probability = card_of(exported.full).calibration.probabilities(answers["logit"])
    np.testing.assert_allclose(answers["probability"], probability, atol=1e-6)


@both
def test_the_card_says_what_it_is(exported: Exported, which: str) -> None:
    card = card_of(files(exported)[which])
    assert card.precision == {"full": "fp16", "int8": "int8"}[which]
    assert card.name == f"ResNet-34 careful crack fold 1 {card.precision}"
    assert (card.class_name, card.licence, card.fold) == ("crack", "CC0", 1)
    assert card.sources == ("x", "Weights started from: none")
    assert card.fold_reason.startswith("Fold 1, the only one that was trained: AUC ")
    assert card.data_fingerprint == exported.run.run["data_fingerprint"]
    assert {"torch", "onnx", "onnxruntime"} <= card.versions.keys()
    run = exported.run
    uses = [card.use_of(sha256_of(image.path)) for image in run.images()]
    wanted = {0: TEST, 1: HELD_OUT}
    assert uses == [wanted.get(part.fold, LEARNT) for part in run.parts()]
    assert {*uses} == {LEARNT, HELD_OUT, TEST}


@both
def test_out_of_fold_results_are_the_files_own(exported: Exported, which: str) -> None:
    path = files(exported)[which]
    own = answer(path, exported.held_out)["logit"]
    np.testing.assert_allclose(card_of(path).out_of_fold.logits, own, atol=1e-3)


@both
def test_the_known_answer_is_given_and_is_no_image_of_the_run(
    exported: Exported, which: str
) -> None:
    path = files(exported)[which]
    known = card_of(path).known_answer
    image = known.input(SIZE, SIZE)
    answers = answer(path, image[None])
    assert answers["logit"][0] == pytest.approx(known.logit, abs=1e-3)
    assert answers["novelty"][0] == pytest.approx(known.novelty, rel=1e-3)
    inputs = np.concatenate([exported.training, exported.held_out])
    assert not (inputs == image).all(axis=(1, 2)).any()


@both
def test_noise_lies_beyond_the_cut_and_held_out_images_do_not(
    exported: Exported, which: str
) -> None:
    path = files(exported)[which]
    noise = np.random.default_rng(0).integers(0, 256, (1, SIZE, SIZE), dtype=np.uint8)
    cut = card_of(path).novelty_cut
    assert answer(path, noise)["novelty"][0] > cut
    # Of fewer than 200 held-out images none lies beyond, but for the last digit of the farthest.
    assert (answer(path, exported.held_out)["novelty"] > 1.0001 * cut).sum() == 0


@both
def test_test_images_are_counted(exported: Exported, which: str) -> None:
    test = card_of(files(exported)[which]).test
    assert test is not None
    total = test.true_positive + test.false_positive + test.true_negative + test.false_negative
    assert total == round(0.15 * COUNT)
    assert test.note.startswith("No choice was made on these images, but repeats may lie")


def test_the_checks_stand_in_the_card(exported: Exported) -> None:
    checks = card_of(exported.full).checks
    for batch in (1, 3, 16):
        assert checks[f"against torch/batch {batch}/probability"] < 1e-4
    assert checks["heat_map_against_autograd_relative"] < 1e-5
    assert checks["logit_against_training"] < 1e-3
    assert card_of(exported.int8).checks["against full, out of fold/share_changed"] <= 0.01


def test_int8_has_thresholds_of_its_own(exported: Exported) -> None:
    full, int8 = card_of(exported.full), card_of(exported.int8)
    assert int8.out_of_fold.labels == full.out_of_fold.labels
    assert int8.out_of_fold.logits != full.out_of_fold.logits
    assert int8.point(DEFAULT).threshold != full.point(DEFAULT).threshold
    assert int8.novelty_cut != full.novelty_cut


def again(exported: Exported, folder: Path, **changes: str) -> Path:
    """A copy of the run with another run.json."""
    copy = folder / "copy"
    shutil.copytree(exported.run.path, copy)
    (copy / "run.json").write_text(json.dumps(dict(exported.run.run) | changes))
    return copy


def test_changed_images_are_refused(
    exported: Exported, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = again(exported, tmp_path, data_fingerprint="0" * 64)
    assert main([str(copy), "--out", str(tmp_path / "x.onnx")]) == 2
    assert "The images are not those that the run was trained on." in capsys.readouterr().err
    assert not (tmp_path / "x.onnx").exists()


def test_a_replaced_image_is_named_and_nothing_is_written(
    exported: Exported, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = exported.run.images()[5].path
    before = path.read_bytes()
    path.write_bytes(exported.run.images()[7].path.read_bytes())
    try:
        assert main([str(exported.run.path), "--out", str(tmp_path / "x.onnx")]) == 2
    finally:
        path.write_bytes(before)
    told = "Of 56 images, since the run began: 1 with another content (05)."
    assert told in capsys.readouterr().err
    assert not (tmp_path / "x.onnx").exists()


def test_weights_of_another_class_are_refused(
    exported: Exported, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = again(exported, tmp_path, class_name="dent")
    assert main([str(copy), "--out", str(tmp_path / "x.onnx")]) == 2
    assert "was trained for another input or class" in capsys.readouterr().err


def test_a_fold_that_is_not_there_is_refused(
    exported: Exported, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = [str(exported.run.path), "--out", str(tmp_path / "x.onnx"), "--fold", "9"]
    assert main(arguments) == 2
    assert "The run has no fold 9" in capsys.readouterr().err


def test_a_named_fold_may_say_why_and_the_best_one_has_its_own_reason(exported: Exported) -> None:
    assert chosen(exported.run, 1, "Fold 1, for a reason.").reason == "Fold 1, for a reason."
    assert chosen(exported.run, 1).reason == "Fold 1, named on the command line."
    with pytest.raises(ExportError, match="goes with --fold"):
        chosen(exported.run, None, "for a reason")


def test_the_two_models_need_two_files(
    exported: Exported, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = str(tmp_path / "x.onnx")
    assert main([str(exported.run.path), "--out", out, "--int8", out]) == 2
    assert "name the same file" in capsys.readouterr().err


def test_where_int8_is_refused_the_full_model_is_there_and_named(
    exported: Exported,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def refused(*_: object) -> None:
        raise ExportError("No INT8 file is written: too unlike.")

    monkeypatch.setattr(variant, "int8", refused)
    full, small = tmp_path / "x.onnx", tmp_path / "y.onnx"
    assert main([str(exported.run.path), "--out", str(full), "--int8", str(small)]) == 2
    assert f"too unlike. The full model is written: {full}." in capsys.readouterr().err
    assert full.exists()
    assert not small.exists()


@pytest.mark.parametrize("option", ["--out", "--int8"])
def test_a_place_that_takes_no_model_is_told_before_the_work(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], option: str
) -> None:
    """The run is not even looked for."""
    (tmp_path / "file").touch()
    others = ["--out", str(tmp_path / "x.onnx")] if option == "--int8" else []
    assert main([str(tmp_path), *others, option, str(tmp_path / "file" / "y.onnx")]) == 2
    assert "y.onnx could not be written: Not a directory." in capsys.readouterr().err


def test_a_folder_without_a_run_is_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(tmp_path), "--out", str(tmp_path / "x.onnx")]) == 2
    assert "there is no training run in this folder" in capsys.readouterr().err


def test_more_than_one_in_a_hundred_changed_is_the_limit() -> None:
    assert quantize.MOST_CHANGED == 0.01
    assert quantize.MOST_AUC_LOST == 0.005
