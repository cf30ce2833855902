"""The way of one DICOM file to the CSV, as docs/house.md tells it, is the way that a file goes."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop.commands.cli import main
from imaging.samples.phantom import Head
from imaging.samples.samples import phantom_slice
from tests.make.in_this_process import InThisProcess
from tests.make.tiny_model import tiny_model
from tests.make.walk import noting, steps

MILESTONES = (
    "desktop.engine.run.Run",
    "imaging.files.find.find_files",
    "imaging.headers.read_headers",
    "desktop.engine.run.Run.group",
    "desktop.engine.scoring.score",
    "imaging.input.prepare.prepare_run",
    "imaging.input.recipe.network_input",
    "model.session.Session.score",
    "model.assess.scored",
    "desktop.engine.run.Run.export",
    "model.series_result.series_result",
    "desktop.engine.report.write_export",
)


def test_a_file_goes_every_step_from_its_path_to_the_csv(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("imaging.sandbox.sandbox.Sandbox", InThisProcess)
    image, table = tmp_path / "a.dcm", tmp_path / "images.csv"
    phantom_slice(Head(1), 6, 12).save_as(image, enforce_file_format=True)
    model = str(tiny_model(tmp_path / "tiny.onnx", novelty_cut=1e9))
    told = steps("1. ", "2. ", "3. ", "4a. ")
    with noting(told) as went:
        arguments = ["screen", str(image), "--csv", str(table), "--model", model]
        assert main([*arguments, "--device", "cpu"]) == 0
    assert set(told) - set(went) == set()
    assert [each for each in went if each in MILESTONES] == list(MILESTONES)
    assert "a.dcm" in table.read_text(encoding="utf-8-sig")
