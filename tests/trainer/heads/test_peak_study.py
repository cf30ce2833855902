"""Who learns from whom in a study of peak heads, what is kept of it, and when it is too little."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import onnx
import pytest
import torch
from numpy.typing import NDArray

from model.card import HELD_OUT, LEARNT, TEST
from tests.make.graphs import pooled_model, staged_model
from tests.make.hospital import boxed_hospital
from trainer.__main__ import main
from trainer.arguments import ArgumentsError
from trainer.data.labels import read_labels
from trainer.data.provenance import sha256_of
from trainer.heads.backbone import Backbone
from trainer.heads.peak_study import FOLDS, PeakStudy
from trainer.learning import peak_material, peaks
from trainer.learning.fresh_views import FreshViews
from trainer.learning.kept_steps import KeptSteps
from trainer.learning.last_stages import LastStages
from trainer.learning.peak_head import PeakHead
from trainer.learning.peak_material import Source
from trainer.reports import external
from trainer.settings import AugmentationSettings, PeakSettings

QUICK = PeakSettings(steps=2, views=1)


def studied(
    folder: Path, data: Sequence[Path], used: Mapping[str, Sequence[str]], mean: bool = False
) -> PeakStudy:
    """A study with hardly a step of learning; ``used``: names of images by their use."""
    paths = {path.stem: path for each in data for path in (each / "images").iterdir()}
    hashes = {u: "".join(sha256_of(paths[n])[:12] for n in names) for u, names in used.items()}
    path = pooled_model(folder / "m.onnx", hashes)
    model = external.open_model(path)
    backbone = Backbone.of(onnx.load(path), 0)
    grid, sources, parts = backbone.grid(model.card), [], []
    for each in data:
        cache = folder / "out" / each.name
        sources.append(Source.of(each, read_labels(each), model.card.recipe, cache))
        parts.append(
            peak_material.gather(
                sources[-1], backbone.ask, grid, AugmentationSettings(), cache / "maps", QUICK
            )
        )
    material = peak_material.joined(parts)
    return PeakStudy(model.card, sources, material, backbone, QUICK, folder / "out", mean)


def test_nobody_learns_from_a_patient_of_whom_one_image_is_test_or_held_out(
    tmp_path: Path,
) -> None:
    """The strictest use of any image counts for all of its patient's."""
    data = boxed_hospital(tmp_path / "ct", "N", 6, 2)
    used = {TEST: ["N0_0", "N1_1"], HELD_OUT: ["N0_1", "N2_0", "N3_0"], LEARNT: ["N2_1", "N4_0"]}
    study = studied(tmp_path, [data], used)
    plain = ~study.material.views
    use = dict(zip(study.material.groups[plain].tolist(), study._use[plain].tolist(), strict=True))
    assert use == {
        "ct/0": TEST,
        "ct/1": TEST,
        "ct/2": HELD_OUT,
        "ct/3": HELD_OUT,
        "ct/4": LEARNT,
        "ct/5": "",
    }
    learnt = set(study.material.groups[study._may_learn].tolist())
    assert learnt == {"ct/4", "ct/5"}
    assert np.isfinite(study.logits[plain & ~study._may_learn]).all()
    assert np.isnan(study.logits[study._may_learn]).all()  # one new patient makes no folds
    evidence = study.evidence()
    assert evidence.test is not None
    assert (len(evidence.chosen_by.labels), len(evidence.test.labels)) == (4, 4)
    # Of new patients alone: the network had learnt from patient 4 before.
    assert evidence.learnt == [sha256_of(data / "images" / f"N5_{place}.png") for place in (0, 1)]


def test_new_images_are_assessed_by_heads_that_knew_nobody_of_their_patient(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    learnt_from: dict[str, set[str]] = {}
    learn = PeakStudy._learn

    def noted(study: PeakStudy, name: str, may: NDArray[np.bool_], after: None) -> Any:
        learnt_from[name] = set(study.material.groups[may].tolist())
        return learn(study, name, may, after)

    monkeypatch.setattr(PeakStudy, "_learn", noted)
    study = studied(tmp_path, [boxed_hospital(tmp_path / "ct", "N", 8, 2)], {})
    every = {f"ct/{patient}" for patient in range(8)}
    away = [every - learnt_from[f"fold-{number}"] for number in range(1, FOLDS + 1)]
    assert learnt_from["all"] == every
    assert sorted(group for part in away for group in part) == sorted(every)  # each once
    assert np.isfinite(study.logits[~study.material.views]).all()
    assert np.isnan(study.logits[study.material.views]).all()


@dataclass(frozen=True, eq=False)
class Labelled:
    """Of a material, what is asked here."""

    labels: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.labels)


def assessed(held_out: NDArray[np.int64]) -> tuple[NDArray[np.float64], list[tuple[float, int]]]:
    """Logits of 40 images, the first 20 held out, and which network was asked about how many.

    The best network gives image i the logit i % 20 - 9.5, that of the only fold three more.
    """
    asked: list[tuple[float, int]] = []

    def scores(more: float, rows: NDArray[np.int64]) -> NDArray[np.float64]:
        asked.append((more, len(rows)))
        return (rows % 20 - 9.5 + more).astype(np.float64)

    study: Any = object.__new__(PeakStudy)
    study.material = Labelled(np.append(held_out, [0, 1] * 10))
    study._plain, study.best, study._scores = np.ones(40, np.bool_), 0.0, scores
    study._use = np.repeat([HELD_OUT, ""], 20)
    study._may_learn = study._use == ""
    return study._assessed([(np.arange(20, 40), 3.0)]), asked


def test_a_fold_whose_network_says_more_of_everything_is_brought_to_the_same_scale() -> None:
    logits, asked = assessed(np.array([0] * 7 + [1, 0, 0, 1, 1, 0] + [1] * 7))
    assert logits[:20].tolist() == [each - 9.5 for each in range(20)]
    assert np.abs(logits[20:] - logits[:20]).max() < 0.3
    assert asked == [(0.0, 20), (3.0, 20), (3.0, 20)]  # the best network once


def test_without_held_out_images_of_both_labels_there_is_no_common_scale() -> None:
    logits, asked = assessed(np.zeros(20, np.int64))
    assert (logits[20:] - logits[:20]).tolist() == [3.0] * 20
    assert asked == [(0.0, 20), (3.0, 20)]


def test_the_network_as_it_was_is_asked_about_images_as_they_came_alone(tmp_path: Path) -> None:
    data = boxed_hospital(tmp_path / "ct", "N", FOLDS, 4)
    study = studied(tmp_path, [data], {})
    before = study._before()
    assert np.isnan(before[study.material.views]).all()
    whole = peaks.score(study._untouched(), study.material.features)[0]
    plain = ~study.material.views
    assert before[plain] == pytest.approx(whole[plain], abs=1e-6)


@pytest.mark.parametrize(("patients", "images"), [(FOLDS - 1, 4), (FOLDS, 1)])
def test_too_few_new_patients_make_no_folds_and_no_threshold(
    tmp_path: Path, patients: int, images: int
) -> None:
    """One patient too few; as many as folds, but of no label an image for each fold."""
    data = boxed_hospital(tmp_path / "ct", "N", patients, images)
    study = studied(tmp_path, [data], {})
    assert np.isnan(study.logits).all()
    for alike in (False, True):
        with pytest.raises(ArgumentsError, match="No threshold can be chosen on 0 images"):
            study.evidence(alike)
    with pytest.raises(ArgumentsError, match=f"at least {FOLDS} patients"):
        studied(tmp_path, [data], {}, mean=True)


def test_so_many_new_patients_make_folds(tmp_path: Path) -> None:
    study = studied(tmp_path, [boxed_hospital(tmp_path / "ct", "N", FOLDS, 4)], {})
    assert np.isfinite(study.logits[~study.material.views]).all()
    assert len(study.evidence().chosen_by.labels) == 4 * FOLDS


@pytest.mark.parametrize("use", [TEST, HELD_OUT])
def test_without_anything_to_learn_from_the_command_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], use: str
) -> None:
    data = boxed_hospital(tmp_path / "ct", "N", 4, 2)
    hashes = "".join(sha256_of(path)[:12] for path in sorted((data / "images").iterdir()))
    model = pooled_model(tmp_path / "m.onnx", {use: hashes})
    assert main(["peaks", str(model), str(data), "--out", str(tmp_path / "out")]) == 2
    assert "Nothing can be learnt from the 0 images" in capsys.readouterr().err


def test_a_corrected_label_is_learnt_anew(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """As many of either label as before: every row and every image is the same."""
    data = boxed_hospital(tmp_path / "ct", "N", 3, 4)
    (data / "boxes.csv").unlink()
    before = studied(tmp_path, [data], {})
    assert "Learning: all" in capsys.readouterr().out
    again = studied(tmp_path, [data], {})
    assert "Learning" not in capsys.readouterr().out
    assert torch.equal(of(again), of(before))
    table = data / "labels.csv"
    text = table.read_text("utf-8").replace("N1_3,1,", "N1_3,0,").replace("N0_0,0,", "N0_0,1,")
    table.write_text(text, "utf-8")
    corrected = studied(tmp_path, [data], {})
    assert "Learning: all" in capsys.readouterr().out
    assert not torch.equal(of(corrected), of(before))


def of(study: PeakStudy) -> torch.Tensor:
    weight: torch.Tensor = study.best.state_dict()["cell.weight"]
    return weight


@pytest.mark.parametrize("fresh", [False, True])
def test_tuning_shows_the_images_of_its_own_patients_alone(tmp_path: Path, fresh: bool) -> None:
    """Kept views or fresh ones: of each image that may be learnt from, and of no other."""
    here = boxed_hospital(tmp_path / "here", "H", 4, 2)
    there = boxed_hospital(tmp_path / "there", "TT", 4, 2)
    study = studied(tmp_path, [here, there], {TEST: ["H1_0"], HELD_OUT: ["TT0_0"]})
    study._settings = replace(QUICK, fresh_views=fresh)
    may = study._may_learn & (study.material.groups != "there/3")
    shown = study._shown(np.flatnonzero(may))
    numbers = np.concatenate([each for each, _ in shown.kinds()])
    if isinstance(shown, FreshViews):
        groups = np.concatenate([source.groups for source in shown.sources])
        numbers %= len(groups)
    else:
        groups = study.material.groups
    wanted = {"here/0", "here/2", "here/3", "there/1", "there/2"}
    assert set(groups[numbers].tolist()) == wanted


@pytest.mark.parametrize(("count", "steps", "first"), [(1, 3, False), (2, 0, False), (2, 3, True)])
def test_of_several_stages_the_last_one_learns_alone_first(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, count: int, steps: int, first: bool
) -> None:
    """The last stage goes on from the head, all of them from the last stage."""
    settings = PeakSettings(last_stage_steps=steps)
    tuned: list[tuple[str, Any, str]] = []

    def tune(_shown: Any, start: Any, _s: Any, kept: KeptSteps, *, last_alone: bool = False) -> Any:
        name = "tune_last" if last_alone else "tune"
        tuned.append((name, start, kept.path.name))
        return name

    monkeypatch.setattr("trainer.heads.peak_study.tuning.tune", tune)
    head = PeakHead(torch.zeros(1, 5), torch.zeros(1))
    monkeypatch.setattr("trainer.heads.peak_study.peaks.learn", lambda *_: head)
    study: Any = object.__new__(PeakStudy)
    study._settings, study.material, study._with_last = settings, None, None
    study._backbone = SimpleNamespace(stages=LastStages(staged_model(), count), start=None)
    kept = KeptSteps(tmp_path / "all.steps", "these")
    assert study._learn_anew(np.arange(3), kept, None) == "tune"
    assert [(name, file) for name, _, file in tuned] == [
        *([("tune_last", "all-last.steps")] if first else []),
        ("tune", "all.steps"),
    ]
    assert (tuned[-1][1] == "tune_last") == first
