"""Runs end, go on where they were stopped, and give the same numbers for the same seed."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch
from lightning.pytorch import Trainer
from PIL import Image as PilImage

from trainer.data import folds
from trainer.data.folds import split
from trainer.data.inputs import network_inputs
from trainer.data.labels import LabelledImage, read_labels
from trainer.learning import cross_validation, engine
from trainer.learning.material import Sources, gather
from trainer.learning.network import WeightsError, load
from trainer.recipes import ARTICLE, CAREFUL
from trainer.results.run_folder import RunFolder
from trainer.settings import Settings

ALONE = {"OMP_NUM_THREADS": "1", "PYTHONPATH": str(Path(__file__).resolve().parents[3])}
COMMAND_WITHOUT_REPORT = """
import sys
from trainer import __main__
from trainer.reports import report
report.write = lambda run: "Reported."
if __name__ == "__main__":
    sys.exit(__main__.main())
"""
"""Its figures have tests of their own, and take longer than this training."""


def _tiny(settings: Settings, epochs: int = 2) -> Settings:
    """The recipe on so few and small images that a run takes seconds."""
    return replace(
        settings,
        class_name="crack",
        data=replace(settings.data, folds=2, test_share=0.25),
        recipe=replace(settings.recipe, size=32),
        network=replace(settings.network, init="none"),
        optimisation=replace(settings.optimisation, batch_size=8),
        schedule=replace(settings.schedule, epochs=epochs),
        hardware=replace(settings.hardware, device="cpu"),
    )


@pytest.fixture(scope="module")
def chips(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twenty-four discs, half of them with a crack."""
    folder = tmp_path_factory.mktemp("chips")
    across = np.hypot(*np.mgrid[-32:32, -32:32])
    lines = ["image_id,crack_label"]
    for i in range(24):
        grey = np.where(across < 26, 90 + i, 0).astype(np.uint8)
        if i % 2:
            grey[28:36, 20:44] = 250
        PilImage.fromarray(grey).save(folder / f"{i:02}.png")
        lines.append(f"{i},{i % 2}")
    (folder / "labels.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def labelled(chips: Path) -> list[LabelledImage]:
    return read_labels(chips)


def _begin(path: Path, settings: Settings, labelled: list[LabelledImage]) -> RunFolder:
    data = settings.data
    parts = split(labelled, data.test_share, data.folds, settings.seed, data.grouped)
    return RunFolder.begin(path, settings, labelled, parts)


class _Stopper:
    """Hears the lines of a run, and stops it as Ctrl+C does after some of them."""

    def __init__(self, lines: int) -> None:
        self.left, self.heard = lines, list[str]()

    def __call__(self, line: str) -> None:
        self.heard.append(line)
        self.left -= 1
        if self.left == 0:
            raise KeyboardInterrupt


def test_a_stopped_run_goes_on_to_the_same_numbers(
    labelled: list[LabelledImage], tmp_path: Path
) -> None:
    """Stopped as the second of two epochs ends, then begun again as a new command would."""
    settings = _tiny(CAREFUL)
    settings = replace(
        settings,
        seed=4,
        data=replace(settings.data, only_first_fold=True),
        optimisation=replace(settings.optimisation, averaging=0.9),
    )
    straight = _begin(tmp_path / "straight", settings, labelled)
    lines: list[str] = []
    cross_validation.run(labelled, settings, straight, lines.append)
    stopped = _begin(tmp_path / "stopped", settings, labelled)
    with pytest.raises(KeyboardInterrupt):
        cross_validation.run(labelled, settings, stopped, _Stopper(3))
    assert not stopped.fold_done(1)
    again = _begin(tmp_path / "stopped", settings, labelled)
    rest: list[str] = []
    cross_validation.run(labelled, settings, again, rest.append)

    assert [line.split(":")[0] for line in rest] == ["Fold 1", "Fold 1, epoch 2 of 2"]
    assert rest[1].rpartition(";")[0] == lines[2].rpartition(";")[0]
    assert np.array_equal(again.out_of_fold().logits, straight.out_of_fold().logits)
    assert np.array_equal(again.test_predictions().logits, straight.test_predictions().logits)
    pd.testing.assert_frame_equal(again.epochs(1), straight.epochs(1))
    assert not list(tmp_path.rglob("*.ckpt"))
    # The only fold's weights are the run's, for others to start from, and carry their recipe.
    loaded = load(tmp_path / "straight" / "weights.pt")
    assert (loaded.class_name, loaded.recipe) == ("crack", settings.recipe)
    rows = folds.validation(straight.parts(), 1)
    inputs = network_inputs([labelled[row].path for row in rows], loaded.recipe, tmp_path)
    logits = engine.predict(loaded.network, torch.from_numpy(inputs), torch.device("cpu"))
    assert np.allclose(logits, straight.out_of_fold().logits, atol=1e-6)


def test_a_run_goes_on_after_a_full_disk(
    labelled: list[LabelledImage], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The state after the third epoch finds no room; the one after the second is still whole."""
    settings = _tiny(CAREFUL, epochs=4)
    settings = replace(
        settings,
        data=replace(settings.data, only_first_fold=True),
        hardware=replace(settings.hardware, save_pause=0.0),
    )
    straight = _begin(tmp_path / "straight", settings, labelled)
    cross_validation.run(labelled, settings, straight, lambda _: None)
    full = _begin(tmp_path / "full", settings, labelled)
    flush, writes = os.fsync, [0]

    def without_room(descriptor: int) -> None:
        written = str(Path(f"/proc/self/fd/{descriptor}").readlink())
        writes[0] += "last.ckpt" in written
        if writes[0] == 3 and "last.ckpt" in written:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), written)
        flush(descriptor)

    monkeypatch.setattr(os, "fsync", without_room)
    with pytest.raises(OSError, match="No space left"):
        cross_validation.run(labelled, settings, full, lambda _: None)
    monkeypatch.setattr(os, "fsync", flush)
    assert [path.name for path in full.fold_folder(1).iterdir() if "ckpt" in path.name] == [
        "last.ckpt"
    ]
    rest: list[str] = []
    cross_validation.run(labelled, settings, _begin(full.path, settings, labelled), rest.append)
    assert rest[1].startswith("Fold 1, epoch 3 of 4")
    assert np.array_equal(full.out_of_fold().logits, straight.out_of_fold().logits)


def test_folds_that_are_trained_apart_make_one_run(
    labelled: list[LabelledImage], tmp_path: Path
) -> None:
    settings = _tiny(CAREFUL, epochs=1)
    together = _begin(tmp_path / "together", settings, labelled)
    cross_validation.run(labelled, settings, together, lambda _: None)
    apart = tmp_path / "apart"
    for fold in (2, 1):
        alone = replace(settings, hardware=replace(settings.hardware, fold=fold))
        run = _begin(apart, alone, labelled)
        cross_validation.run(labelled, alone, run, lambda _: None)
        assert run.finished == ([1, 2] if fold == 1 else [2])
        assert set(run.out_of_fold().folds) == set(run.finished)
    assert np.array_equal(run.out_of_fold().logits, together.out_of_fold().logits)


def test_the_state_is_written_after_the_first_epoch_then_after_a_pause(
    labelled: list[LabelledImage], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = _tiny(CAREFUL, epochs=4)
    settings = replace(settings, data=replace(settings.data, only_first_fold=True))
    written: dict[str, int] = {}
    for name, pause in (("rarely", 1000.0), ("always", 0.0)):
        counted: list[object] = []
        save = Trainer.save_checkpoint

        def counting(
            trainer: Trainer,
            path: Path,
            counted: list[object] = counted,
            save: Callable[[Trainer, Path], None] = save,
        ) -> None:
            counted.append(path)
            save(trainer, path)

        monkeypatch.setattr(Trainer, "save_checkpoint", counting)
        paused = replace(settings, hardware=replace(settings.hardware, save_pause=pause))
        cross_validation.run(
            labelled, paused, _begin(tmp_path / name, paused, labelled), lambda _: None
        )
        monkeypatch.setattr(Trainer, "save_checkpoint", save)
        written[name] = len(counted)
    assert written == {"rarely": 2, "always": 4}  # the first and the last; each


def test_the_article_learns_the_head_on_features_kept_once(
    labelled: list[LabelledImage], tmp_path: Path
) -> None:
    settings = _tiny(ARTICLE, epochs=3)
    settings = replace(settings, augmentation=replace(settings.augmentation, cached_views=2))
    run = _begin(tmp_path / "run", settings, labelled)
    lines: list[str] = []
    cross_validation.run(labelled, settings, run, lines.append)
    assert lines[:2] == ["Features of view 1 of 2 stand.", "Features of view 2 of 2 stand."]
    assert lines[2] == "Fold 1: on cpu, 32-true"
    assert len(lines) == 2 + 2 * (1 + 3)

    first, second = (load(run.fold_weights(fold)).network.state_dict() for fold in (1, 2))
    start = cross_validation.new_network(settings, 1).state_dict()
    for name, value in start.items():
        kept = "head" not in name
        assert torch.equal(first[name], value) is kept, name
        assert torch.equal(second[name], value) is kept, name

    # The whole network on the images answers as the head did on the features.
    rows = folds.internal_test(run.parts())
    inputs = network_inputs([labelled[row].path for row in rows], settings.recipe, tmp_path)
    network = load(run.fold_weights(2)).network
    logits = engine.predict(network, torch.from_numpy(inputs), torch.device("cpu"))
    assert np.allclose(logits, run.test_predictions().of_fold(2).logits, atol=1e-5)


def test_the_article_learns_from_a_new_view_in_every_epoch(
    labelled: list[LabelledImage], tmp_path: Path
) -> None:
    settings = _tiny(ARTICLE)
    network = cross_validation.new_network(settings, 1)
    material = gather(Sources(labelled, range(20), tmp_path), network, settings, print)
    rows = np.arange(20)
    once, again = material.learnt(rows), material.learnt(rows)
    assert once.shape == (20, 32, 32)
    assert sum(bool(torch.equal(a, b)) for a, b in zip(once, again, strict=True)) <= 1


def test_each_fold_goes_on_from_the_same_fold_of_another_run(
    labelled: list[LabelledImage], tmp_path: Path
) -> None:
    settings = _tiny(CAREFUL, epochs=1)
    start = _begin(tmp_path / "start", settings, labelled)
    cross_validation.run(labelled, settings, start, lambda _: None)
    later = replace(settings, network=replace(settings.network, init=str(start.path)))
    for fold in (1, 2):
        kept = load(start.fold_weights(fold)).network.state_dict()
        fresh = cross_validation.new_network(later, fold).state_dict()
        assert all(torch.equal(fresh[name], value) for name, value in kept.items())
    run = _begin(tmp_path / "later", later, labelled)
    cross_validation.run(labelled, later, run, lambda _: None)
    assert run.finished == [1, 2]
    shared = replace(later, augmentation=replace(ARTICLE.augmentation, cached_views=2))
    with pytest.raises(WeightsError, match="one file of weights for all folds"):
        cross_validation.new_network(shared, 1)


def test_features_in_the_cache_are_not_computed_again(
    labelled: list[LabelledImage], tmp_path: Path
) -> None:
    settings = _tiny(ARTICLE)
    settings = replace(settings, augmentation=replace(settings.augmentation, cached_views=1))
    learnt = range(20)
    sources = Sources(labelled, learnt, tmp_path)
    network = cross_validation.new_network(settings, 1)
    said: list[str] = []
    first = gather(sources, network, settings, said.append)
    again = gather(sources, network, settings, said.append)
    assert len(said) == 1
    assert torch.equal(first.assessed, again.assessed)
    rows = np.arange(24)
    assert torch.isfinite(first.learnt(rows[:20])).all()
    assert torch.isnan(again.learnt(rows[20:])).all()  # of the test set no view was made
    gather(sources, network, replace(settings, seed=9), said.append)
    assert len(said) == 2


def test_two_processes_train_one_run_together(chips: Path, tmp_path: Path) -> None:
    """DDP over gloo, started as a person starts it; both ranks end and one writes."""
    changes = tmp_path / "changes.json"
    changes.write_text('{"augmentation": {"cached_views": 1}}', encoding="utf-8")
    script = tmp_path / "train.py"
    script.write_text(COMMAND_WITHOUT_REPORT, encoding="utf-8")
    out = tmp_path / "run"
    command = [
        *(sys.executable, "-W", "error", str(script), str(chips), "--out", str(out)),
        *("--recipe", "article", "--init", "none", "--input-size", "32", "--epochs", "2"),
        *("--folds", "2", "--batch-size", "8", "--device", "cpu", "--devices", "2"),
        *("--settings", str(changes)),
    ]
    ended = subprocess.run(
        command, capture_output=True, text=True, timeout=900, env={**os.environ, **ALONE}
    )
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.count("epoch 2 of 2") == 2
    run = RunFolder(out)
    assert len(run.out_of_fold()) == 19
    assert np.isfinite(run.out_of_fold().logits).all()
