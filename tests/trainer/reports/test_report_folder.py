"""A report's folder holds page, summary, figures and numbers that belong together."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest

from model.probability import UNCALIBRATED
from trainer.reports import report_folder
from trainer.reports.document import Block, Figure, Heading, Paragraph
from trainer.reports.report_folder import DECISION, METRICS, PAGE, SUMMARY, write_report
from trainer.results.decision_curve import DecisionCurve, decision_curve
from trainer.results.predictions import Predictions

PNG = b"\x89PNG not really"


def curve(groups: int) -> DecisionCurve:
    """Of forty images in so many groups, two classes in turn."""
    names = tuple(str(n) for n in range(40))
    owners = tuple(str(n % groups) for n in range(40))
    labels = np.arange(40) % 2
    logits = labels - 0.5 + np.arange(40) / 99
    made = Predictions(names, owners, np.ones(40, np.int64), labels, logits)
    return decision_curve(made, UNCALIBRATED)


def test_all_parts_of_a_report_are_written_under_their_names(tmp_path: Path) -> None:
    blocks: list[Block] = [
        Heading("One"),
        Figure("drawn.png", PNG, "A figure."),
        Paragraph("Text <b>."),
    ]
    write_report(tmp_path, "Title & more", blocks, {"auc": 0.5}, curve(40))
    assert {path.name for path in tmp_path.iterdir()} == {
        *("drawn.png", PAGE, SUMMARY, METRICS, DECISION)
    }
    assert (tmp_path / "drawn.png").read_bytes() == PNG
    assert json.loads((tmp_path / METRICS).read_text("utf-8")) == {"auc": 0.5}
    page, summary = ((tmp_path / name).read_text("utf-8") for name in (PAGE, SUMMARY))
    assert "Title &amp; more" in page
    assert summary == "# Title & more\n\n## One\n\nText <b>.\n"


def test_numbers_that_are_none_leave_the_whole_report_before(tmp_path: Path) -> None:
    """Or an old table would lie beside a new page."""
    write_report(tmp_path, "Old", [Paragraph("Old.")], {"auc": 0.5})
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert before.keys() == {PAGE, SUMMARY, METRICS}  # without a curve there is no table of one
    with pytest.raises(ValueError, match="JSON"):
        write_report(tmp_path, "New", [Figure("n.png", PNG, "")], {"auc": math.nan}, curve(40))
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_folder_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        write_report(tmp_path / "none", "Title", [], {})


@pytest.mark.parametrize(
    ("groups", "told"),
    [
        (40, "20 of 40 in 40 groups; 95 % CI from a bootstrap that draws groups"),
        (20, "20 of 40 in 20 groups; 95 % CI from a bootstrap that draws groups"),
        (18, "20 of 40 in 18 groups; no CI, as a class is in fewer than 10 groups"),
    ],
)
def test_the_decision_curve_says_of_what_it_is_and_whether_it_has_a_ci(
    groups: int, told: str
) -> None:
    figure = report_folder.decision(curve(groups), 0.5, "held out")
    assert f"Decision curve, held out: net benefit at the prevalence of these images, {told}" in (
        figure.caption
    )
    assert figure.name == "decision.png"
