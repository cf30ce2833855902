"""A small model of the contract is given a peak head, and assessed where it has not learnt."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from model.card import HELD_OUT, LEARNT, TEST, ModelCard
from tests.make.graphs import pooled_model
from tests.make.hospital import boxed_hospital
from tests.make.tiny_model import SIZE, WHOLE, tiny_model
from trainer.__main__ import main
from trainer.data.provenance import sha256_of
from trainer.heads.peaks import parser
from trainer.reports import external


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, ModelCard]:
    """The folder, the new model's file and the old card, of one run for all tests."""
    folder = tmp_path_factory.mktemp("peaks")
    old = boxed_hospital(folder / "old", "O", 60, 1)
    new = boxed_hospital(folder / "new", "N", 12, 10)
    hashes = [sha256_of(path)[:12] for path in sorted((old / "images").iterdir())]
    used = {LEARNT: hashes[:20], HELD_OUT: hashes[20:40], TEST: hashes[40:]}
    model = pooled_model(folder / "m.onnx", {use: "".join(each) for use, each in used.items()})
    out, whole = folder / "out", folder / "whole.onnx"
    arguments = ["peaks", str(model), str(old), str(new), "--out", str(out), "--steps", "60"]
    assert main([*arguments, "--model-out", str(whole)]) == 0
    return folder, whole, external.open_model(model).card


def test_the_report_tells_what_was_not_learnt_from(study: tuple[Path, Path, ModelCard]) -> None:
    summary = (study[0] / "out" / "summary.md").read_text("utf-8")
    assert "old, held_out | 20 (" in summary
    assert "old, test | 20 (" in summary
    assert "new, by patient out of fold | 120 (30 +)" in summary
    assert "new, left out of the learning | 120 (30 +)" in summary


def test_no_network_is_learnt_for_the_report_alone_where_none_is_wanted(
    study: tuple[Path, Path, ModelCard],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    folder = study[0]
    arguments = ["peaks", str(folder / "m.onnx"), str(folder / "old"), str(folder / "new")]
    arguments += ["--out", str(tmp_path), "--steps", "2", "--no-left-out"]
    assert main(arguments) == 0
    assert "Learning: without" not in capsys.readouterr().out
    assert not list((tmp_path / "learnt").glob("without-*"))
    summary = (tmp_path / "summary.md").read_text("utf-8")
    assert "new, by patient out of fold | 120 (30 +)" in summary
    assert "left out of the learning" not in summary


def test_the_new_model_opens_with_a_card_of_its_own(study: tuple[Path, Path, ModelCard]) -> None:
    folder, whole, before = study
    card = external.open_model(whole).card
    assert len(card.out_of_fold.labels) == 20
    assert card.test is not None
    assert sum(card.test.counts) == 20
    assert card.series_head is not None
    assert len(card.series_head.evidence.labels) == 12
    assert card.series_head.context is not None
    assert card.series_head.context.evidence.n_examinations == 12
    assert card.novelty_cut == before.novelty_cut
    assert card.sources == (*before.sources, "new")
    image = next((folder / "new" / "images").iterdir())
    assert (card.use_of(sha256_of(image)), before.use_of(sha256_of(image))) == (LEARNT, "")


def test_the_cards_logits_are_the_files_own(study: tuple[Path, Path, ModelCard]) -> None:
    folder, whole, _ = study
    model = external.open_model(whole)
    used = model.card
    held_out = [
        path
        for path in sorted((folder / "old" / "images").iterdir())
        if used.use_of(sha256_of(path)) == HELD_OUT
    ]
    inputs = np.stack([np.asarray(Image.open(path)) for path in held_out])
    given = model.session.score(inputs)
    assert np.allclose(np.sort(given.logit), np.sort(used.out_of_fold.logits), atol=2e-2)
    assert used.series_head is not None
    assert used.series_head.weight > 0


def test_maps_are_computed_once(study: tuple[Path, Path, ModelCard]) -> None:
    folder = study[0]
    kept = {path.name for path in (folder / "out" / "new").glob("features-*/*.npy")}
    assert {"moved-maps.npy", "plain-maps.npy"} <= kept


def test_thresholds_may_be_of_every_source(study: tuple[Path, Path, ModelCard]) -> None:
    folder, whole, _ = study
    model, other = folder / "m.onnx", folder / "alike.onnx"
    arguments = ["peaks", str(model), str(folder / "old"), str(folder / "new"), "--steps", "60"]
    arguments += ["--out", str(folder / "out"), "--thresholds", "every_source"]
    assert main([*arguments, "--model-out", str(other)]) == 0
    card, before = (external.open_model(each).card for each in (other, whole))
    assert len(card.out_of_fold.labels) == 20 + 120
    assert all(point.rule.endswith("Every source counts alike.") for point in card.operating_points)
    assert not any("alike" in point.rule for point in before.operating_points)
    assert (card.novelty_cut, card.used) == (before.novelty_cut, before.used)


@pytest.fixture(scope="module")
def tuned(study: tuple[Path, Path, ModelCard]) -> Path:
    """The same study with its last stage tuned; it goes on from what the folder holds."""
    folder = study[0]
    arguments = ["peaks", str(folder / "m.onnx"), str(folder / "old"), str(folder / "new")]
    arguments += ["--out", str(folder / "tuning"), "--steps", "60", "--tune", "--tuning-steps", "9"]
    assert main([*arguments, "--model-out", str(folder / "tuned.onnx")]) == 0
    return folder


def test_a_tuned_model_knows_what_is_familiar_to_it(tuned: Path) -> None:
    before, model = (external.open_model(tuned / name) for name in ("m.onnx", "tuned.onnx"))
    images = sorted((tuned / "old" / "images").iterdir())
    inputs = np.stack([np.asarray(Image.open(path)) for path in images])
    held_out = [before.card.use_of(sha256_of(path)) == HELD_OUT for path in images]
    given = model.session.score(inputs)
    assert model.card.novelty_cut != before.card.novelty_cut
    assert int((given.novelty[held_out] > model.card.novelty_cut * 1.01).sum()) <= 1
    dark = model.session.score(np.zeros((1, SIZE, SIZE), np.uint8)).novelty[0]
    assert dark > model.card.novelty_cut
    assert np.allclose(
        np.sort(given.logit[held_out]), np.sort(model.card.out_of_fold.logits), atol=2e-2
    )


def test_what_was_learnt_is_not_learnt_again(
    tuned: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["peaks", str(tuned / "m.onnx"), str(tuned / "old"), str(tuned / "new")]
    arguments += ["--out", str(tuned / "tuning"), "--steps", "60", "--tune", "--tuning-steps", "9"]
    learnt = tuned / "tuning" / "learnt"
    assert not list(learnt.glob("*.steps"))
    (learnt / "fold-2.pt").unlink()
    assert main([*arguments, "--model-out", str(tuned / "again.onnx")]) == 0
    learning = [line for line in capsys.readouterr().out.splitlines() if "Learning" in line]
    assert learning == ["Learning: fold-2 ..."]
    assert (tuned / "again.onnx").read_bytes() == (tuned / "tuned.onnx").read_bytes()


def test_fresh_views_teach_another_network_from_the_same_images(
    tuned: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["peaks", str(tuned / "m.onnx"), str(tuned / "old"), str(tuned / "new")]
    arguments += ["--out", str(tuned / "tuning"), "--steps", "2", "--no-left-out", "--fresh-views"]
    assert main(arguments) == 2
    assert "--fresh-views needs --tune-stages" in capsys.readouterr().err
    arguments += ["--tune", "--tuning-steps", "2"]
    kept = tuned / "tuning" / "learnt" / "fold-1.pt"
    before = kept.read_bytes()
    assert main(arguments) == 0
    assert "Learning: fold-1" in capsys.readouterr().out
    assert kept.read_bytes() != before
    assert main(arguments) == 0
    assert "Learning" not in capsys.readouterr().out


def test_the_mean_of_the_folds_may_be_kept(tuned: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["peaks", str(tuned / "m.onnx"), str(tuned / "old"), str(tuned / "new")]
    arguments += ["--out", str(tuned / "tuning"), "--steps", "60", "--tune", "--tuning-steps", "9"]
    (tuned / "tuning" / "learnt" / "all.pt").unlink()
    assert main([*arguments, "--mean", "--model-out", str(tuned / "mean.onnx")]) == 0
    assert "Learning: all" not in capsys.readouterr().out
    mean, one = (external.open_model(tuned / name) for name in ("mean.onnx", "tuned.onnx"))
    assert "the mean of 4 networks" in mean.card.fold_reason
    assert "the mean of" not in one.card.fold_reason
    # Out of fold, and so the series head's evidence, are the folds' either way.
    assert mean.card.series_head is not None
    assert one.card.series_head is not None
    assert mean.card.series_head.evidence.labels == one.card.series_head.evidence.labels
    inputs = np.stack(
        [np.asarray(Image.open(path)) for path in sorted((tuned / "old" / "images").iterdir())]
    )
    given, other = (model.session.score(inputs).logit for model in (mean, one))
    assert not np.array_equal(given, other)
    assert np.corrcoef(given, other)[0, 1] > 0.9


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--steps", "0"),
        ("--tuning-steps", "0"),
        ("--views", "-1"),
        ("--tuning-rate", "0"),
        ("--tuning-rate", "1.01"),
        ("--tuning-rate", "nan"),
    ],
)
def test_settings_out_of_bounds_are_refused(option: str, value: str) -> None:
    with pytest.raises(SystemExit):
        parser().parse_args(["m.onnx", "data", "--out", "out", f"{option}={value}"])


@pytest.mark.parametrize(("option", "value"), [("--views", "0"), ("--tuning-rate", "1")])
def test_settings_at_their_bounds_are_taken(option: str, value: str) -> None:
    parser().parse_args(["m.onnx", "data", "--out", "out", f"{option}={value}"])


def test_a_mean_needs_folds(
    study: tuple[Path, Path, ModelCard], capsys: pytest.CaptureFixture[str]
) -> None:
    folder = study[0]
    arguments = ["peaks", str(folder / "m.onnx"), str(folder / "old"), "--mean", "--steps", "2"]
    assert main([*arguments, "--out", str(folder / "without")]) == 2
    assert "at least 4 patients" in capsys.readouterr().err


def test_a_hospital_left_out_first_is_where_every_division_goes_on_from(
    study: tuple[Path, Path, ModelCard], capsys: pytest.CaptureFixture[str]
) -> None:
    folder = study[0]
    arguments = ["peaks", str(folder / "m.onnx"), str(folder / "old"), str(folder / "new")]
    arguments += ["--out", str(folder / "first"), "--steps", "9", "--tune", "--tuning-steps", "9"]
    arguments += ["--first-without", "new", "--further-steps", "3", "--mean"]
    assert main([*arguments, "--model-out", str(folder / "first.onnx")]) == 0
    learning = [line for line in capsys.readouterr().out.splitlines() if "Learning" in line]
    assert learning == [
        f"Learning: {n} ..." for n in ("without-new", *(f"fold-{k}" for k in "1234"))
    ]
    summary = (folder / "first" / "summary.md").read_text("utf-8")
    assert "new, left out of the learning | 120 (30 +)" in summary
    assert "new, by patient out of fold | 120 (30 +)" in summary
    learnt = folder / "first" / "learnt"
    first, fold = (torch.load(learnt / f"{n}.pt") for n in ("without-new", "fold-1"))
    far = [
        (first["state_dict"][name] - fold["state_dict"][name]).abs().max().item()
        for name in first["state_dict"]
    ]
    assert 0 < max(far) < 0.05  # three steps away from it


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--first-without", "new"], "needs --tune-stages"),
        (["--first-without", "elsewhere", "--tune"], "the folders are old, new"),
        (["--first-without", "old", "--tune"], "at least 4 patients"),
    ],
)
def test_a_folder_to_leave_out_first_must_be_there_and_have_new_patients(
    study: tuple[Path, Path, ModelCard],
    capsys: pytest.CaptureFixture[str],
    options: list[str],
    said: str,
) -> None:
    folder = study[0]
    arguments = ["peaks", str(folder / "m.onnx"), str(folder / "old"), str(folder / "new")]
    arguments += ["--out", str(folder / "refused"), "--steps", "2", "--tuning-steps", "2"]
    assert main([*arguments, "--mean", *options]) == 2
    assert said in capsys.readouterr().err


def test_stages_that_the_novelty_looks_into_are_not_tuned(
    study: tuple[Path, Path, ModelCard], capsys: pytest.CaptureFixture[str]
) -> None:
    folder = study[0]
    arguments = ["peaks", str(folder / "m.onnx"), str(folder / "new"), "--tune-stages", "2"]
    assert main([*arguments, "--out", str(folder / "deeper")]) == 2
    assert "novelty" in capsys.readouterr().err
    assert not (folder / "deeper").exists()


def test_a_model_of_another_kind_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = boxed_hospital(tmp_path / "data", "D", 4, 2)
    model = tiny_model(tmp_path / "tiny.onnx", recipe=WHOLE)
    assert main(["peaks", str(model), str(data), "--out", str(tmp_path / "out")]) == 2
    assert "head is not one linear layer" in capsys.readouterr().err
    assert json.dumps(sorted(p.name for p in tmp_path.iterdir())) == '["data", "tiny.onnx"]'
