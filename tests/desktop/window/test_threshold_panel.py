from __future__ import annotations

from dataclasses import replace

import pytest

from desktop.app import Program
from desktop.text.unbroken import unbroken
from desktop.window.text import Text
from imaging.image import Identity
from model.card import ModelCard
from model.listed_image import ListedImage
from tests.make.program import open_by_hand
from tests.make.results import result
from tests.make.series_head import HEAD
from tests.make.tiny_model import tiny_card


def line_with(program: Program, card: ModelCard | None) -> Text:
    """The line on series below the slider, with that card in use."""
    program.workspace.table.set_card(card)
    program.workspace.threshold_changed.emit(0.25)
    return program.window.threshold.series


def test_with_a_series_head_the_slider_says_that_series_do_not_follow_it(program: Program) -> None:
    line = line_with(program, tiny_card(series_head=HEAD))
    assert line.text() == "Series of 8 or more images keep their own threshold: 50.0 %"
    assert unbroken("fewer than 8 assessed images") in line.toolTip()


@pytest.mark.parametrize(
    ("images", "told"),
    [
        (8, "This series keeps its own threshold: 50.0 %"),
        (7, "This series needs 1 of 7 images ≥ 73.1 %, or ≥ this threshold if higher"),
        (1, "This series follows it: needs 1 of 1 images ≥ 50.0 %"),
    ],
)
def test_beside_a_series_stands_the_rule_that_decided_on_it(
    program: Program, images: int, told: str
) -> None:
    identity = Identity(patient_id="A", study_uid="A", series_uid="A")
    of_series = [result(f"/A/{at}.dcm", 0.1, identity=identity) for at in range(images)]
    listed: list[ListedImage] = [*of_series]
    open_by_hand(program, listed)
    program.selection.select(0)
    assert line_with(program, tiny_card(series_head=HEAD)).text() == told


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


@pytest.mark.parametrize(
    ("youden", "buttons"),
    [
        (0.5, ["Default · Youden index", "Sensitivity ≥ 95 %", "Specificity ≥ 95 %"]),
        (0.6, ["Default", "Sensitivity ≥ 95 %", "Specificity ≥ 95 %", "Youden index"]),
    ],
)
def test_operating_points_of_one_threshold_share_a_button(
    program: Program, youden: float, buttons: list[str]
) -> None:
    card = tiny_card()
    points = (*card.operating_points[:3], replace(card.operating_points[3], threshold=youden))
    program.workspace.table.set_card(replace(card, operating_points=points))
    program.workspace.model_changed.emit()
    shown = list(program.window.threshold.points.values())
    assert [button.text() for button in shown] == buttons
    assert all("on others it may reach less" in button.toolTip() for button in shown)


def test_scores_that_are_hidden_are_counted_as_hidden_and_not_as_none(program: Program) -> None:
    images: list[ListedImage] = [
        replace(result(f"/A/{at}.png", score), sha256=str(at))
        for at, score in enumerate((0.9, 0.1, 0.2))
    ]
    table, count = program.workspace.table, program.window.threshold.count
    open_by_hand(program, images)
    assert count.text() == "1 of 3 assessed images flagged"
    table.set_read_before_ai(True)
    assert count.text() == "Hidden until read: 3 images"
    table.set_series_read([0], True)
    assert count.text() == "1 of 1 shown images flagged · hidden until read: 2"
    table.set_read_before_ai(False)
    assert count.text() == "1 of 3 assessed images flagged"
