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


def test_the_model_that_ships_is_assessed_on_the_images_of_the_run_behind_it() -> None:
    """Blank images apart: the tuning set has six, the internal test set five, all negative."""
    values = json.loads((RUNS / "travel-fine" / METRICS).read_text(encoding="utf-8"))
    found = Results.from_dict(values).evaluation
    for card in cards().values():
        assert card.test is not None
        own, test = found.pooled.default.counts, found.tests[card.fold].default.counts
        counts = at_threshold(card, card.threshold).counts
        assert sum(counts) == sum(own) - 6
        assert sum(card.test.counts) == sum(test) - 5
        assert card.out_of_fold.labels.count(1) == sum(_with_the_finding(own))
        assert sum(_with_the_finding(card.test.counts)) == sum(_with_the_finding(test))


def _with_the_finding(counts: tuple[int, int, int, int]) -> tuple[int, int]:
    true_positive, _, _, false_negative = counts
    return true_positive, false_negative
