"""The command trains, goes on, and tells of mistakes in sentences."""

from __future__ import annotations

import errno
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as PilImage

from trainer.__main__ import COMMANDS, main
from trainer.learning.network import load
from trainer.reports import report
from trainer.results.run_folder import RunFolder

SMALL = (
    *("--init", "none", "--device", "cpu", "--folds", "2", "--epochs", "1"),
    *("--input-size", "32", "--batch-size", "8", "--test-share", "0.25"),
)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Sixteen discs, each of its own grain, half of them with a crack."""
    folder = tmp_path / "chips"
    (folder / "images").mkdir(parents=True)
    lines = ["image_id,crack_label"]
    across = np.hypot(*np.mgrid[-24:24, -24:24])
    random = np.random.default_rng(2)
    for i in range(16):
        grain = random.integers(-50, 50, across.shape)
        image = np.where(across < 20, 120 + i + grain, 0).astype(np.uint8)
        if i % 2:
            image[20:28, 18:30] = 250
        PilImage.fromarray(image).save(folder / "images" / f"{i:03}.png")
        lines.append(f"{i},{i % 2}")
    (folder / "labels.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def test_a_folder_of_chips_becomes_a_run(
    data: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """In one test, for the training takes seconds; another seed then finds the folder taken."""
    # The report has tests of its own, and its figures take longer than this training.
    monkeypatch.setattr(report, "write", lambda run: f"Reported on {run.path.name}.")
    command = [str(data), "--out", str(tmp_path / "run"), *SMALL]
    assert main(command) == 0
    run = RunFolder(tmp_path / "run")
    said = capsys.readouterr().out
    assert run.class_name == "crack"
    assert len(run.out_of_fold()) == 12
    assert len(run.test_predictions()) == 8
    assert all(run.fold_weights(fold).is_file() for fold in (1, 2))
    assert said.endswith("Reported on run.\n")
    assert "16 images, 8 with crack, in 16 groups; 4 set aside for the test" in said
    assert main([*command, "--seed", "1"]) == 2
    assert "other settings (seed 0 there, 1 asked for)" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--init", "/nowhere.pt"), "/nowhere.pt: there is no such file of weights, nor a run.\n"),
        (
            ("--labels", "/nowhere.csv"),
            "/nowhere.csv: there is no such table, neither here nor in ",
        ),
        (("--folds", "9"), "There are too few images or groups"),
        (
            ("--label-column", "chip"),
            'there is no column "chip"; its columns are image_id, crack_label.',
        ),
    ],
)
def test_a_mistake_is_a_sentence_and_ends_with_two(
    data: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    options: tuple[str, ...],
    sentence: str,
) -> None:
    assert main([str(data), "--out", str(tmp_path / "run"), *SMALL, *options]) == 2
    assert sentence in capsys.readouterr().err
    assert not (tmp_path / "run").exists()


def test_repeats_are_looked_for_and_said_where_no_patient_is_given(
    data: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Two of the images are one, saved anew; the split keeps them together."""
    PilImage.open(data / "images" / "000.png").save(data / "images" / "002.png", optimize=True)

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("trainer.learning.cross_validation.run", stop)
    command = [str(data), "--out", str(tmp_path / "run"), *SMALL]
    assert main(command) == 130
    said = capsys.readouterr().out
    assert "1 repeats by their pixels (2 images); 14 images, each by itself" in said
    first, third = (RunFolder(tmp_path / "run").images()[row] for row in (0, 2))
    assert first.group == third.group
    assert main([*command[:-1], "0.25", "--set", "data.find_repeats=false"]) == 130
    assert "16 images, each by itself" in capsys.readouterr().out


def test_a_full_disk_is_told_with_the_way_on(
    data: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", "run.json")

    monkeypatch.setattr(RunFolder, "begin", full)
    assert main([str(data), "--out", str(tmp_path / "run"), *SMALL]) == 2
    told = capsys.readouterr().err
    assert told == "run.json: No space left on device. The same command goes on from here.\n"


def test_damaged_weights_of_a_finished_run_are_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The report of a run needs them for its heat maps."""

    def damaged(run: Path) -> None:
        load(run / "weights.pt")

    (tmp_path / "weights.pt").write_bytes(b"not weights")
    monkeypatch.setattr(report, "write_summary", damaged)
    (tmp_path / "metrics.json").touch()
    assert main(["report", str(tmp_path)]) == 2
    assert "weights.pt: this is no file of weights.\n" in capsys.readouterr().err


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_every_command_has_help_of_its_own(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main([command, "--help"])
    assert ended.value.code == 0
    assert capsys.readouterr().out.startswith(f"usage: cranioscope-train {command} ")


@pytest.mark.parametrize(
    ("command", "told"),
    [("report", "Stopped.\n"), (None, "Stopped. The same command goes on from here.\n")],
)
def test_only_what_goes_on_when_stopped_says_so(
    command: str | None,
    told: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("trainer.__main__.train", stop)
    monkeypatch.setattr(report, "main", stop)
    assert main([command] if command else [str(tmp_path), "--out", "run"]) == 130
    assert capsys.readouterr().err == told


def test_a_run_inside_its_data_is_refused(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(data), "--out", str(data / "run"), *SMALL]) == 2
    assert "RUN must lie outside DATA" in capsys.readouterr().err
    assert not (data / "run").exists()


def test_weights_that_are_none_are_a_sentence(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    weights = tmp_path / "weights.pt"
    weights.write_bytes(b"not weights")
    assert main([str(data), "--out", str(tmp_path / "run"), *SMALL, "--init", str(weights)]) == 2
    error = capsys.readouterr().err
    assert "weights.pt: this is no file of weights" in error
    assert "Traceback" not in error


def test_an_image_that_cannot_be_read_is_named(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (data / "images" / "005.png").write_bytes(b"")
    assert main([str(data), "--out", str(tmp_path / "run"), *SMALL]) == 2
    assert "005.png: The file is empty." in capsys.readouterr().err
