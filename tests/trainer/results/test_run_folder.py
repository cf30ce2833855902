"""A run folder says all about its run, goes on with the same one, and refuses another."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from trainer.data.changes import Changes
from trainer.data.folds import split, validation
from trainer.data.labels import LabelledImage
from trainer.results.run_folder import RunError, RunFolder
from trainer.settings import DataSettings, HardwareSettings, NetworkSettings, Settings

SETTINGS = Settings(
    class_name="crack",
    seed=4,
    data=DataSettings(test_share=0.2, folds=2, licence="CC0", sources=("a bench",)),
    network=NetworkSettings(init="none"),
)


def images_in(folder: Path) -> list[LabelledImage]:
    folder.mkdir(exist_ok=True)
    images = []
    for i in range(20):
        path = folder / f"{i:03}.png"
        path.write_bytes(b"image %d" % i)
        images.append(LabelledImage(f"{i:03}", path, i % 2, f"00{i // 2 * 2}"))
    return images


def begin(tmp_path: Path, settings: Settings = SETTINGS) -> RunFolder:
    images = images_in(tmp_path / "data")
    mixed = [replace(image, group=image.image_id) for image in images]
    parts = split(mixed, settings.data.test_share, settings.data.folds, 0, grouped=True)
    return RunFolder.begin(tmp_path / "run", settings, mixed, parts)


def test_a_run_is_read_back(tmp_path: Path) -> None:
    begun = begin(tmp_path)
    again = RunFolder(tmp_path / "run")
    assert again.settings == SETTINGS
    assert again.class_name == "crack"
    assert again.images() == begun.images()
    assert again.images()[7].image_id == again.images()[7].group == "007"
    assert again.parts() == begun.parts()
    assert list(again.fold_numbers) == [1, 2]


def test_the_run_says_what_it_stands_on(tmp_path: Path) -> None:
    run = begin(tmp_path).run
    assert (run["class_name"], run["seed"], run["licence"]) == ("crack", 4, "CC0")
    assert (run["images"], run["positives"], run["init"]) == (20, 10, {"name": "none"})
    assert len(run["data_fingerprint"]) == 64
    assert set(run["versions"]) > {"python", "torch", "numpy"}


def test_the_same_run_is_gone_on_with_on_another_machine(tmp_path: Path) -> None:
    begin(tmp_path).fold_folder(1)
    moved = replace(SETTINGS, hardware=HardwareSettings(device="cuda", devices=4))
    assert begin(tmp_path, moved).settings == SETTINGS


def test_a_run_that_learnt_nothing_is_replaced(tmp_path: Path) -> None:
    begin(tmp_path)
    other = replace(SETTINGS, network=NetworkSettings(hidden=(8,)))
    assert begin(tmp_path, other).settings == other


def test_a_folder_of_other_files_is_no_place_for_a_run(tmp_path: Path) -> None:
    start = begin(tmp_path)
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / ".DS_Store").touch()
    (docs / "report.html").write_text("another report", encoding="utf-8")
    with pytest.raises(RunError, match=r"docs holds other files \(report.html\) and no run"):
        RunFolder.begin(docs, SETTINGS, start.images(), start.parts())
    assert {path.name for path in docs.iterdir()} == {".DS_Store", "report.html"}
    (docs / "report.html").unlink()
    assert RunFolder.begin(docs, SETTINGS, start.images(), start.parts()).path == docs
    with pytest.raises(RunError, match="is a file"):
        RunFolder.begin(docs / ".DS_Store", SETTINGS, start.images(), start.parts())


def test_other_settings_are_refused_by_name(tmp_path: Path) -> None:
    begin(tmp_path).fold_folder(1)
    with pytest.raises(RunError, match=r"other settings \(seed \d+ there, \d+ asked for\)"):
        begin(tmp_path, replace(SETTINGS, seed=5))


def test_changed_images_are_refused_by_name(tmp_path: Path) -> None:
    run = begin(tmp_path)
    run.fold_folder(1)
    (tmp_path / "data" / "003.png").write_bytes(b"another image")
    with pytest.raises(RunError, match=r"Of 20 .* 1 with another content \(003\)\. Put them back"):
        RunFolder.begin(run.path, SETTINGS, run.images(), run.parts())
    assert run.changes() == Changes(20, ("003",))
    assert run.changes(["004", "005"]) == Changes(2)


def test_two_images_that_were_swapped_are_changed_images(tmp_path: Path) -> None:
    """Of one label, so that the fingerprint of all images is the same."""
    run = begin(tmp_path)
    run.fold_folder(1)
    one, other = (tmp_path / "data" / f"{name}.png" for name in ("003", "005"))
    before = one.read_bytes()
    one.write_bytes(other.read_bytes())
    other.write_bytes(before)
    with pytest.raises(RunError, match=r"2 with another content \(003, 005\)"):
        RunFolder.begin(run.path, SETTINGS, run.images(), run.parts())


def test_a_run_of_an_earlier_version_knows_no_hashes(tmp_path: Path) -> None:
    run = begin(tmp_path)
    run.fold_folder(1)
    table = pd.read_csv(run.path / "split.csv", dtype=str).drop(columns="sha256")
    table.to_csv(run.path / "split.csv", index=False)
    (tmp_path / "data" / "003.png").write_bytes(b"another image")
    earlier = RunFolder(run.path)
    assert earlier.changes() == Changes(0)
    with pytest.raises(RunError, match="images or labels"):
        RunFolder.begin(run.path, SETTINGS, earlier.images(), earlier.parts())


def test_changed_groups_are_refused(tmp_path: Path) -> None:
    run = begin(tmp_path)
    run.fold_folder(1)
    other = [replace(image, group="one") for image in run.images()]
    with pytest.raises(RunError, match="groups"):
        RunFolder.begin(run.path, SETTINGS, other, run.parts())


def test_changed_weights_to_start_from_are_refused(tmp_path: Path) -> None:
    weights = tmp_path / "start.pt"
    weights.write_bytes(b"one")
    settings = replace(SETTINGS, network=NetworkSettings(init=str(weights)))
    begin(tmp_path, settings).fold_folder(1)
    weights.write_bytes(b"two")
    with pytest.raises(RunError, match="weights to start from"):
        begin(tmp_path, settings)


def test_only_a_run_that_divides_alike_can_be_gone_on_from(tmp_path: Path) -> None:
    start = begin(tmp_path)
    images, later = start.images(), replace(SETTINGS, network=NetworkSettings(init=str(start.path)))
    with pytest.raises(RunError, match="no weights of fold 1"):
        RunFolder.begin(tmp_path / "early", later, images, start.parts())
    for fold in (1, 2):
        (start.fold_folder(fold) / "weights.pt").touch()
    run = RunFolder.begin(tmp_path / "later", later, images, start.parts())
    assert run.run["init"]["name"] == "run"
    other = split(images, 0.2, 2, 1, grouped=True)
    with pytest.raises(RunError, match="assessed on what it has learnt"):
        RunFolder.begin(tmp_path / "other", later, images, other)
    images[3].path.write_bytes(b"another image")
    with pytest.raises(RunError, match="has other images"):
        RunFolder.begin(tmp_path / "changed", later, images, start.parts())
    nowhere = replace(SETTINGS, network=NetworkSettings(init=str(tmp_path / "data")))
    with pytest.raises(RunError, match="no training run"):
        RunFolder.begin(tmp_path / "nowhere", nowhere, images, start.parts())


def test_a_folds_predictions_come_back_pooled(tmp_path: Path) -> None:
    run = begin(tmp_path)
    for fold in run.fold_numbers:
        count = len(validation(run.parts(), fold))
        assert not run.fold_done(fold)
        run.write_fold(fold, np.arange(count) + 0.1 * fold, np.full(4, fold))
        assert run.fold_done(fold)
    run.pool()
    pooled = run.out_of_fold()
    labels = {image.image_id: image.label for image in run.images()}
    first = [run.images()[i].image_id for i in validation(run.parts(), 1)]
    assert len(pooled) == 16
    assert pooled.of_fold(1).image_ids == tuple(first)
    assert pooled.of_fold(2).logits.tolist() == [i + 0.2 for i in range(8)]
    assert [labels[i] for i in pooled.image_ids] == pooled.labels.tolist()
    assert run.test_predictions().of_fold(2).logits.tolist() == [2.0] * 4


def test_without_a_test_set_there_are_no_test_predictions(tmp_path: Path) -> None:
    data = DataSettings(test_share=0.0, folds=2, only_first_fold=True)
    run = begin(tmp_path, replace(SETTINGS, data=data))
    run.write_fold(1, np.zeros(10), np.zeros(0))
    run.pool()
    assert len(run.test_predictions()) == 0
    assert len(run.out_of_fold()) == 10


def test_epochs_come_back(tmp_path: Path) -> None:
    run = begin(tmp_path)
    run.write_epochs(1, [{"epoch": 0, "train_loss": 0.5}, {"epoch": 1, "train_loss": 0.25}])
    assert run.epochs(1)["train_loss"].tolist() == [0.5, 0.25]


def test_an_unfinished_run_says_so(tmp_path: Path) -> None:
    with pytest.raises(RunError, match="has not finished"):
        begin(tmp_path).out_of_fold()


def test_no_temporary_file_is_left(tmp_path: Path) -> None:
    run = begin(tmp_path)
    assert sorted(path.name for path in run.path.iterdir()) == [
        "run.json",
        "settings.json",
        "split.csv",
    ]


def test_a_folder_without_a_run_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RunError, match="no training run"):
        RunFolder(tmp_path)


@pytest.mark.parametrize("name", ["settings.json", "run.json"])
def test_a_damaged_run_is_refused(tmp_path: Path, name: str) -> None:
    run = begin(tmp_path)
    (run.path / name).write_text(json.dumps([1]), encoding="utf-8")
    with pytest.raises(RunError, match="damaged"):
        RunFolder(run.path)


def test_what_a_run_lacks_is_named(tmp_path: Path) -> None:
    run = begin(tmp_path)
    (run.path / "out_of_fold.csv").write_text("image_id,logit\n1,x\n", encoding="utf-8")
    with pytest.raises(RunError, match=r"out_of_fold.csv is damaged"):
        run.out_of_fold()
    whole = (run.path / "split.csv").read_text("utf-8")
    (run.path / "split.csv").write_text(whole.replace("group", "other", 1), encoding="utf-8")
    with pytest.raises(RunError, match=r"split\.csv lacks group"):
        RunFolder(run.path)
    (run.path / "run.json").write_text("{}", encoding="utf-8")
    with pytest.raises(RunError, match=r"run\.json lacks class_name"):
        RunFolder(run.path)
