"""A head's command begins with folders that can be told apart and a model that opens."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.make.hospital import boxed_hospital
from tests.make.tiny_model import WHOLE, tiny_model
from trainer.__main__ import main
from trainer.arguments import model_parser
from trainer.heads.opening import opened


@pytest.mark.parametrize("command", ["fine-map", "peaks", "series"])
def test_two_folders_of_one_name_are_refused(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Their patients 0 and 1 would be one each, and images of one id have one label."""
    folders = [boxed_hospital(tmp_path / site / "ct", site, 2, 2) for site in ("a", "b")]
    model = tiny_model(tmp_path / "tiny.onnx", recipe=WHOLE)
    out = tmp_path / "out"
    assert main([command, str(model), *map(str, folders), "--out", str(out)]) == 2
    assert "Two folders have the same name" in capsys.readouterr().err
    assert not out.exists()


def test_folders_come_in_their_order_and_another_finding_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folders = [boxed_hospital(tmp_path / name, name, 2, 1) for name in ("south", "north")]
    table = folders[1] / "labels.csv"
    table.write_text(table.read_text("utf-8").replace("hemorrhage", "fracture"), "utf-8")
    model = tiny_model(tmp_path / "tiny.onnx", recipe=WHOLE)
    arguments = model_parser("peaks", "", "", "").parse_args(
        [str(model), *map(str, folders), "--out", str(tmp_path / "out")]
    )
    found = opened(arguments)
    assert [(folder, [i.source for i in images]) for folder, images in found.folders.items()] == [
        (folders[0], ["south"] * 2),
        (folders[1], ["north"] * 2),
    ]
    assert capsys.readouterr().out.splitlines() == [
        "WARNING: the labels of north are about fracture, but the model predicts hemorrhage."
    ]
