"""The rule of the selected series in one line, what it opens to, and when there is none."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtWidgets import QHBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from desktop.app import Program
from imaging.messages import Message
from model.confusion import Confusion
from model.listed_image import ListedImage, PendingImage
from model.messages import SeriesNote
from model.series_notes import head_evidence
from model.series_result import SeriesCode
from tests.make.program import open_by_hand
from tests.make.results import result
from tests.make.series_head import HEAD
from tests.make.tiny_model import tiny_card
from tests.make.worklists import TWO_SERIES


def test_the_rule_of_the_selected_series_stands_in_one_line(filled: Program) -> None:
    rule = filled.window.worklist.rule
    assert rule.told.text() == "one · flagged when at least 1 of 2 images score ≥ 73.1 %"
    assert rule.known.isHidden()
    rule.more.click()
    assert not rule.known.isHidden()
    assert str(Message(SeriesNote.NO_LABELLED_SERIES)) in rule.known.text()


def test_the_rule_follows_selection_and_threshold(filled: Program) -> None:
    rule = filled.window.worklist.rule
    filled.selection.select(2)
    assert rule.told.text().startswith("two · flagged when at least 1 of 3 images")
    filled.workspace.set_threshold(0.95)
    assert rule.told.text().startswith("two · flagged when at least 1 of 3 images score ≥ 95.0 %")


def test_a_series_that_is_not_flagged_says_at_which_sensitivity(filled: Program) -> None:
    images: list[ListedImage] = [result("/one/1.png", 0.1), result("/one/2.png", 0.2)]
    open_by_hand(filled, images, trusted=True)
    filled.selection.select(0)
    known = "Sensitivity for single validation images there (optimistic): "
    assert f"{known}65.0 % (13/20; 95 % CI 43.3–81.9)" in (filled.window.worklist.rule.told.text())


def test_a_series_head_is_told_with_its_evidence_per_examination(filled: Program) -> None:
    images: list[ListedImage] = [result(f"/one/{n}.png", 0.75) for n in range(9)]
    open_by_hand(filled, images, trusted=True)
    filled.workspace.table.set_card(tiny_card(series_head=HEAD))
    filled.workspace.set_threshold(0.9)
    filled.selection.select(0)
    rule, panel = filled.window.worklist.rule, filled.window.result
    assert rule.told.text() == (
        "one · flagged when the series scores ≥ 50.0 %. "
        "Per examination: sensitivity 1/2, specificity 2/2"
    )
    assert panel.series.summary.text().endswith(
        "Flagged · as a whole, 0 of 9 images · series probability 73.1 %"
    )
    for text in (rule.known.text(), panel.rule.text()):
        assert str(Message(SeriesNote.SERIES_ALONE, total=9)) in text
        assert str(head_evidence(HEAD)) in text


def test_what_a_repeat_of_the_training_gave_stands_in_the_same_line(filled: Program) -> None:
    images: list[ListedImage] = [result(f"/one/{n}.png", 0.1) for n in range(9)]
    open_by_hand(filled, images, trusted=True)
    head = replace(HEAD, evidence=replace(HEAD.evidence, repeat=Confusion(10, 3, 20, 6)))
    filled.workspace.table.set_card(tiny_card(series_head=head))
    filled.workspace.set_threshold(0.9)
    filled.selection.select(0)
    rule = filled.window.worklist.rule
    assert rule.told.text().endswith(
        "sensitivity 1/2, specificity 2/2; in a repeat of the training 10/16 and 20/23"
    )
    assert "62.5 % (10/16; 95 % CI 38.6–81.5)" in rule.known.text()


def test_why_a_folder_has_no_result_stands_in_place_of_the_rule(filled: Program) -> None:
    filled.workspace.trust_folders(False)
    filled.selection.select(1)
    rule = filled.window.worklist.rule
    assert rule.told.text() == str(Message(SeriesCode.PATIENTS_UNIDENTIFIED))
    assert not rule.told.isHidden()
    filled.actions["folders_are_series"].trigger()
    assert rule.told.text().startswith("one · flagged when")


def test_without_a_model_no_rule_is_told(filled: Program) -> None:
    filled.workspace.table.set_card(None)
    rule = filled.window.worklist.rule
    assert [text.isHidden() for text in (rule.told, rule.more, rule.known)] == [True] * 3


def test_beside_an_image_stands_how_far_its_series_is(filled: Program) -> None:
    images: list[ListedImage] = [
        *TWO_SERIES[:4],
        PendingImage(TWO_SERIES[4].folder, TWO_SERIES[4].name, 0, TWO_SERIES[4].header),
    ]
    open_by_hand(filled, images, trusted=True)
    filled.selection.select(2)
    assert filled.window.result.series.summary.text() == ("Series: Scoring 2 of 3 · no result yet")
    assert filled.window.worklist.rule.told.isHidden()


def test_where_height_is_short_the_rule_waits_for_a_click(filled: Program, qtbot: QtBot) -> None:
    """Its button stands elsewhere then, and comes back."""
    rule, other = filled.window.worklist.rule, QWidget()
    qtbot.addWidget(other)
    elsewhere = QHBoxLayout(other)
    rule.set_low(True, elsewhere)
    assert (rule.isHidden(), rule.told.isHidden(), rule.more.text()) == (True, True, "Rule")
    assert rule.more.parentWidget() is other
    rule.more.click()
    assert (rule.isHidden(), rule.told.isHidden(), rule.more.text()) == (False, False, "Less")
    rule.set_low(False, elsewhere)
    assert (rule.told.isHidden(), rule.known.isHidden(), rule.more.text()) == (False, True, "More")
    assert rule.more.parentWidget() is rule
