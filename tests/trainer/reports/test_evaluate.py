"""An exported file on labelled images: its own thresholds, its refusals, and what it may claim."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from PIL import Image as PilImage

from imaging.errors import Code
from model.messages import ModelCode
from model.session import Session, SessionError
from tests.make.clinic import clinic
from tests.make.tiny_model import SIZE, WHOLE, tiny_model
from trainer.__main__ import main
from trainer.data.labels import read_labels
from trainer.reports.evaluate import parser

DOCS = Path(__file__).resolve().parents[3] / "docs" / "researcher"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A folder of its own, to be changed."""
    return clinic(tmp_path / "clinic")


def test_the_command_writes_a_report_with_images_in_the_page_alone(
    tmp_path: Path, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model = tiny_model(tmp_path / "tiny.onnx", recipe=WHOLE)
    out = tmp_path / "deep" / "report"
    command = ["evaluate", str(model), str(data), "--out", str(out), "--prevalence", "0.2"]
    assert main(command) == 0
    said = capsys.readouterr().out
    assert "46 of 48 images assessed" in said
    assert "a fingerprint cannot tell" in said
    assert {path.name for path in out.glob("*.png")} == {
        *("roc.png", "precision_recall.png", "confusion.png", "reliability.png", "decision.png"),
        *("missed.png", "false_alarms.png"),
    }
    assert (out / "report.html").read_text(encoding="utf-8").count("data:image/png") == 7
    summary = (out / "summary.md").read_text(encoding="utf-8")
    for told in (
        "| all images | 48 (24 +)",
        "| assessed images | 46 (23 +) in ",
        "| groups | 24; 12 with a positive, 12 with a negative |",
        "| without anatomy | 48 (24 +)",
        f"| clinic | 1 | {Code.NOT_ASSESSABLE.template} | 4.2 % (1/24; 95 % CI 0.7–20.2) |",
        "| clinic | deep | 20 | 100.0 % (20/20; 95 % CI 83.9–100.0) |",
        "predictive values at a prevalence of 20 %",
    ):
        assert told in summary
    assert "png" not in summary
    assert str(tmp_path) not in summary
    values = json.loads((out / "metrics.json").read_text(encoding="utf-8"))
    assert values["is_the_training_data"] is False
    assert values["assessed"]["points"]["youden"]["false_negative"] == 1
    assert values["assessed"]["predictive"]["default"].keys() == {"prevalence", "ppv", "npv"}
    assert [error["image_id"] for error in values["worst"]] == ["22", "46"]
    described = (DOCS / "files.md").read_text(encoding="utf-8")
    for table in ("images.csv", "examinations.csv", "decision.csv"):
        columns = pd.read_csv(out / table).columns
        assert f"| `{table}` | {', '.join(f'`{name}`' for name in columns)} |" in described


def test_results_are_given_by_age_and_by_a_column_that_is_named(
    tmp_path: Path, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = data / "labels.csv"
    first, *lines = table.read_text(encoding="utf-8").splitlines()
    ages = [f"{line},{70 if number % 2 else 5}" for number, line in enumerate(lines)]
    table.write_text("\n".join([f"{first},age", *ages]) + "\n", encoding="utf-8")
    model, out = tiny_model(tmp_path / "tiny.onnx", recipe=WHOLE), tmp_path / "out"
    command = ["evaluate", str(model), str(data), "--out", str(out)]
    assert main([*command, "--subgroup-column", "depth"]) == 2
    assert 'No table has a column "depth"' in capsys.readouterr().err
    assert main([*command, "--subgroup-column", "deep"]) == 0
    assert "Results are given by age, deep." in capsys.readouterr().out
    summary = (out / "summary.md").read_text(encoding="utf-8")
    assert "## Subgroups by age, deep" in summary
    assert "| age | under 18 | 24 (12 +) | 12 +, 12 − |" in summary
    assert "| deep | yes | 20 (20 +) | 10 +, 0 − | too few | 100.0 % (20/20; " in summary
    values = json.loads((out / "metrics.json").read_text(encoding="utf-8"))["by_column"]
    assert [(each["column"], each["value"]) for each in values["images"]] == [
        *(("age", "under 18"), ("age", "65 and older")),
        *(("deep", "no"), ("deep", "yes")),
    ]


@pytest.mark.parametrize(
    ("broken", "code"),
    [
        ({"metadata": {}}, ModelCode.NO_CARD),
        ({"without": "heat_map"}, ModelCode.WRONG_OUTPUTS),
        ({"nan_above": 0.0}, ModelCode.OTHER_ANSWER),
    ],
)
def test_a_model_that_is_not_ours_is_refused_as_the_program_refuses_it(
    broken: dict[str, Any],
    code: ModelCode,
    tmp_path: Path,
    data: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = tiny_model(tmp_path / "tiny.onnx", **{"recipe": WHOLE, **broken})
    with pytest.raises(SessionError) as caught:
        Session.open(path)
    assert caught.value.message.code is code
    assert main(["evaluate", str(path), str(data), "--out", str(tmp_path / "out")]) == 2
    assert capsys.readouterr().err.endswith(f"{caught.value}\n")
    assert not (tmp_path / "out").exists()


def test_a_set_of_which_nothing_is_assessable_is_refused_with_the_reason(
    tmp_path: Path, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tiny_model(tmp_path / "tiny.onnx", recipe=WHOLE, novelty_cut=1e-6)
    for image in read_labels(data):
        PilImage.new("L", (SIZE, SIZE)).save(image.path)
    assert main(["evaluate", str(path), str(data), "--out", str(tmp_path / "out")]) == 2
    assert "48 blank" in capsys.readouterr().err


def test_the_table_of_images_has_every_image_with_number_or_reason(
    tmp_path: Path, data: Path
) -> None:
    model = tiny_model(tmp_path / "tiny.onnx", recipe=WHOLE)
    assert main(["evaluate", str(model), str(data), "--out", str(tmp_path / "out")]) == 0
    table = pd.read_csv(tmp_path / "out" / "images.csv", dtype={"image_id": str})
    assert table["image_id"].tolist() == [str(n) for n in range(48)]
    known = table["probability"].notna()
    assert table["image_id"][~known].tolist() == ["23", "47"]
    assert set(table["status_reason"][~known]) == {"not_assessable"}
    assert ((table["probability"] >= 0.5) == table["prediction"])[known].all()


def test_other_mistakes_are_sentences_too(
    tmp_path: Path, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = tmp_path / "text.onnx"
    text.write_text("no model", encoding="utf-8")
    out = ["--out", str(tmp_path / "out")]
    assert main(["evaluate", str(text), str(data), *out]) == 2
    assert str(text) in capsys.readouterr().err
    assert main(["evaluate", str(tmp_path / "none.onnx"), str(data), *out]) == 2
    assert str(tmp_path / "none.onnx") in capsys.readouterr().err
    assert main(["evaluate", str(text), str(data), "--out", str(data / "report")]) == 2
    assert "FOLDER must lie outside DATA" in capsys.readouterr().err
    model = tiny_model(tmp_path / "tiny.onnx", recipe=WHOLE)
    table = data / "labels.csv"
    table.write_text(table.read_text(encoding="utf-8").replace(",0,g", ",1,g"), encoding="utf-8")
    assert main(["evaluate", str(model), str(data), *out]) == 2
    assert "All images have the same label" in capsys.readouterr().err


@pytest.mark.parametrize("text", ["0", "1", "-0.1", "5", "ten"])
def test_a_prevalence_lies_between_none_and_all(
    text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        parser().parse_args(["m", "d", "--out", "o", "--prevalence", text])
    assert f"{text} is no prevalence between 0 and 1" in capsys.readouterr().err
