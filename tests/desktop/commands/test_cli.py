from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from desktop.commands.cli import main

ROOT = Path(__file__).resolve().parents[3]
pytestmark = pytest.mark.usefixtures("own_home")


@pytest.mark.parametrize("others", [[], ["--folders-are-series"]])
def test_a_pattern_that_is_none_or_one_too_many_ways_is_refused(
    others: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    pattern = "{patient}_*" if others else "no pattern"
    with pytest.raises(SystemExit) as ended:
        main(["screen", ".", "--csv", "out.csv", "--group-by-name", pattern, *others])
    assert ended.value.code == 2
    assert "--group-by-name" in capsys.readouterr().err


@pytest.mark.parametrize("threshold", ["1.5", "-0.1", "much", "nan"])
def test_a_threshold_that_is_no_share_is_refused(
    capsys: pytest.CaptureFixture[str], threshold: str
) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["screen", "x", "--csv", "y", f"--threshold={threshold}"])
    assert caught.value.code == 2
    assert "--threshold" in capsys.readouterr().err


def test_a_fault_of_the_program_is_a_sentence_and_logged_without_its_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fault(folder: Path) -> None:
        raise LookupError("Doe^Jane")

    monkeypatch.setattr("imaging.samples.samples.write_samples", fault)
    assert main(["samples", str(tmp_path / "new")]) == 2
    assert capsys.readouterr().err == (
        "cranioscope: Ended unexpectedly (LookupError). The log says where.\n"
    )
    [log] = (tmp_path / "home").rglob("cranioscope.log")
    text = log.read_text("utf-8")
    assert "ended unexpectedly\nLookupError\n    cli.py:" in text
    assert "Doe" not in text


def test_the_card_is_printed(model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["card", "--model", str(model)]) == 0
    said = capsys.readouterr().out
    assert "tiny test model (fp32), SHA-256 " in said
    assert "Operating point sensitivity_95, 0.3000: Set by hand for tests." in said
    assert "sensitivity 95.0 % (19/20; 95 % CI 76.4–99.1)" in said


def test_the_samples_are_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("imaging.samples.samples.write_samples", lambda folder: folder / "written")
    assert main(["samples", str(tmp_path / "new")]) == 0
    assert capsys.readouterr().out == f"{tmp_path / 'new' / 'written'}\n"


def test_samples_that_cannot_be_written_are_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    assert main(["samples", str(tmp_path / "file" / "new")]) == 2
    assert "cannot be written" in capsys.readouterr().err


def test_the_version_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["--version"])
    assert caught.value.code == 0
    assert capsys.readouterr().out.startswith("cranioscope 0.")


def test_importing_the_command_line_is_light() -> None:
    """Every child process imports it once more."""
    look = "import sys, desktop.commands.cli; print(*sorted(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", look], cwd=ROOT, capture_output=True, text=True, check=True
    )
    loaded = set(done.stdout.split())
    assert loaded.isdisjoint(
        {"numpy", "onnxruntime", "pydicom", "PIL", "PySide6", "imaging.sandbox.sandbox"}
    )


def test_the_model_that_ships_is_the_default(
    tmp_path: Path, model: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "head-ct-int8.onnx").write_bytes(model.read_bytes())
    monkeypatch.setattr("desktop.resources.resource", lambda name: tmp_path)
    assert main(["card"]) == 0
    assert "tiny test model" in capsys.readouterr().out
