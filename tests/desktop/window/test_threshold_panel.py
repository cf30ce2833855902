from __future__ import annotations

import pytest

from desktop.app import Program
from desktop.window.text import Text
from model.card import ModelCard
from tests.make.series_head import HEAD
from tests.make.tiny_model import tiny_card


def line_with(program: Program, card: ModelCard | None) -> Text:
    """The line on series below the slider, with that card in use."""
    program.workspace.table.set_card(card)
    program.workspace.threshold_changed.emit(0.25)
    return program.window.threshold.series


def test_with_a_series_head_the_slider_says_that_series_do_not_follow_it(program: Program) -> None:
    line = line_with(program, tiny_card(series_head=HEAD))
    assert line.text() == "Series keep their own threshold: 50.0 %"
    assert "fewer than 8 assessed images" in line.toolTip()


@pytest.mark.parametrize(
    ("card", "told"), [(tiny_card(), "Series follow this threshold"), (None, "")]
)
def test_without_one_it_says_that_they_do(
    program: Program, card: ModelCard | None, told: str
) -> None:
    assert line_with(program, card).text() == told


def test_nothing_is_told_at_a_prevalence_that_nobody_entered(program: Program) -> None:
    evidence = program.window.threshold.evidence
    line_with(program, tiny_card())
    assert evidence.prevalence.text() == "not entered"
    assert "%" not in evidence.prediction.text()
    evidence.prevalence.setValue(20.0)
    assert evidence.prediction.text().count("%") == 2
    evidence.prevalence.setValue(0.0)
    assert "%" not in evidence.prediction.text()
