"""The documents of runs are what today's code makes of their figures, and agree with the cards."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from model.evidence import at_threshold
from setup.pages import cards
from trainer.reports.report import Results, write_summary
from trainer.reports.report_folder import METRICS, SUMMARY

RUNS = Path(__file__).resolve().parents[2] / "docs" / "runs"
NAMES = sorted(path.parent.name for path in RUNS.glob(f"*/{METRICS}"))


@pytest.mark.parametrize("name", NAMES)
def test_a_summary_is_what_its_figures_give(name: str, tmp_path: Path) -> None:
    """``cranioscope-train report docs/runs/NAME`` writes it anew."""
    shutil.copy(RUNS / name / METRICS, tmp_path)
    written = write_summary(tmp_path).read_text(encoding="utf-8")
    assert written == (RUNS / name / SUMMARY).read_text(encoding="utf-8")


def test_the_run_behind_the_model_that_ships_has_the_figures_of_its_card() -> None:
    values = json.loads((RUNS / "travel-fine" / METRICS).read_text(encoding="utf-8"))
    found = Results.from_dict(values).evaluation
    card = next(card for card in cards().values() if card.precision == "fp16")
    assert card.test is not None
    assert found.threshold == card.threshold
    assert found.pooled.default.counts == at_threshold(card, card.threshold).counts
    assert found.tests[card.fold].default.counts == card.test.counts
    assert found.fit.calibration.temperature == card.temperature
