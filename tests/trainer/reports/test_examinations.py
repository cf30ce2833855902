"""Whole examinations in an external validation: the same as the program and the series command."""

from __future__ import annotations

import csv
import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from desktop.engine.run import Run
from imaging import json_values
from imaging.errors import Code, Problem
from imaging.sandbox.sandbox import Sandbox
from model.card import LEARNT
from model.series_decision import SeriesRule, SeriesRules
from model.series_head import SeriesHead
from tests.make.hospital import hospital
from tests.make.tiny_model import WHOLE, tiny_model
from trainer.__main__ import main
from trainer.data.labels import read_labels
from trainer.heads import series
from trainer.reports import examinations, external
from trainer.reports.document import to_markdown


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A hospital's examinations, and a model whose series head was fitted to them."""
    made = tmp_path_factory.mktemp("examinations")
    data = hospital(made / "hospital")
    for path in (data / "images").iterdir():
        own = PngInfo()  # or some files would be copies of others, which count once
        own.add_text("name", path.name)
        with Image.open(path) as image:
            image.load()
        image.save(path, pnginfo=own)
    model = tiny_model(made / "tiny.onnx", recipe=WHOLE)
    head = ["--out", str(made / "fitted"), "--model-out", str(made / "model.onnx")]
    assert main(["series", str(model), str(data), *head]) == 0
    return made


def evaluated(folder: Path) -> external.Assessed:
    return external.assess(
        external.open_model(folder / "model.onnx"), read_labels(folder / "hospital")
    )


def test_evaluation_flags_the_examinations_that_the_program_flags(folder: Path) -> None:
    assessed = evaluated(folder)
    patients = folder / "patients"
    for image in assessed.images:
        (patients / image.group).mkdir(parents=True, exist_ok=True)
        shutil.copy(image.path, patients / image.group)
    session = assessed.model.session
    with Sandbox(workers=1) as sandbox:
        run = Run([patients], sandbox)
        list(run.read_headers())
        run.group()
        list(run.score(session))
    rules = SeriesRules(session.card, session.card.threshold)
    program = {each.name: rules.of(each) for each in run.series_results()}
    found = examinations.assessed_examinations(assessed)
    assert {each.group: each.decision for each in found} == program
    assert {each.decision and each.decision.rule for each in found} == {SeriesRule.HEAD}


def test_the_program_gives_what_the_series_command_has_computed(folder: Path) -> None:
    head = json_values.read(
        SeriesHead, json.loads((folder / "fitted" / series.HEAD).read_text("utf-8"))
    )
    found = examinations.assessed_examinations(evaluated(folder))
    expected = sorted(head.evidence.probabilities)
    # Kept with six digits in the card, and made of logits with five.
    given = sorted(each.decision.probability for each in found if each.decision)
    assert given == pytest.approx(expected, abs=1e-5)
    assert examinations.counts(found).counts == (6, 0, 6, 0)


def test_groups_of_few_images_are_no_examinations(folder: Path) -> None:
    whole = evaluated(folder)
    kept = [at for at, image in enumerate(whole.images) if image.image_id[-1] in "0123456"]
    short = external.Assessed(
        whole.model,
        tuple(whole.images[at] for at in kept),
        tuple(whole.results[at] for at in kept),
        whole.fingerprint,
        tuple(whole.uses[at] for at in kept),
    )
    assert examinations.assessed_examinations(short) == []
    assert examinations.chapter([]) == []


def test_an_examination_that_could_not_be_assessed_counts_as_not_flagged(folder: Path) -> None:
    whole = evaluated(folder)
    refused = [
        replace(each, logit=None, probability=None, problems=(Problem(Code.BLANK),))
        for each in whole.results
    ]
    found = examinations.assessed_examinations(replace(whole, results=tuple(refused)))
    assert examinations.counts(found).counts == (0, 0, 6, 6)
    assert examinations.numbers(found)["by_rule"] == {"none": 12}
    told = "".join(str(block) for block in examinations.chapter(found))
    assert "In 12 (6 +) no series has 8 assessed images" in told


def test_examinations_that_are_none_of_the_runs_have_a_row_of_their_own(folder: Path) -> None:
    """One image that the network learnt from makes its examination one of the run's."""
    whole = evaluated(folder)
    learnt = whole.images[0].group
    first = [at for at, image in enumerate(whole.images) if image.group == learnt][3]
    uses = tuple(LEARNT if at == first else "" for at in range(len(whole.images)))
    found = examinations.assessed_examinations(replace(whole, uses=uses))
    assert [each.group for each in found if not each.is_fresh] == [learnt]
    told = to_markdown("", examinations.chapter(found))
    assert "| none of the run's | 11 (" in told
    assert "none of the run's" not in to_markdown(
        "", examinations.chapter([each for each in found if each.is_fresh])
    )


def test_the_report_counts_examinations(folder: Path) -> None:
    out = folder / "evaluated"
    model, data = folder / "model.onnx", folder / "hospital"
    assert main(["evaluate", str(model), str(data), "--out", str(out)]) == 0
    numbers = json.loads((out / "metrics.json").read_text("utf-8"))["examinations"]
    assert numbers["by_rule"] == {"series_head": 12}
    assert numbers["calibration"]["hospital"]["examinations"] == 12
    with (out / "examinations.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert [row["prediction"] for row in rows] == [row["label"] for row in rows]
    summary = (out / "summary.md").read_text("utf-8")
    assert "| hospital | 12 (6 +) |" in summary
    assert "## Calibration of series" in summary


def test_calibration_is_of_what_the_series_head_gave_alone(folder: Path) -> None:
    found = examinations.assessed_examinations(evaluated(folder))
    given = [each.decision.probability for each in found if each.decision]
    labels = [each.label for each in found]
    brier = sum((p - label) ** 2 for p, label in zip(given, labels, strict=True)) / 12
    one = examinations.calibrations(found)["hospital"]
    assert (one.examinations, one.positives) == (12, 6)
    assert one.brier.value == pytest.approx(brier)
    first = found[0]
    assert first.decision is not None
    by_images = replace(first, decision=replace(first.decision, rule=SeriesRule.IMAGES))
    undecided = replace(found[1], decision=None)
    assert examinations.calibrations([by_images, undecided]) == {}
    assert examinations.calibrations([by_images, *found[1:]])["hospital"].examinations == 11
