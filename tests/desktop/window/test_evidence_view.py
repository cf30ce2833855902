"""Evidence is told with the images that it stands on, and nothing of it where there is none."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from desktop.settings import Settings
from desktop.state.workspace import Workspace
from desktop.window.evidence_view import EvidenceView
from model.card import OutOfFold
from model.confusion import Confusion
from tests.make.tiny_model import tiny_card


@pytest.fixture
def evidence(qtbot: QtBot, workspace: Workspace, settings: Settings) -> EvidenceView:
    """Of the tiny model, at its default threshold."""
    made = EvidenceView(workspace, settings)
    qtbot.addWidget(made)
    return made


def test_the_evidence_says_on_which_images_it_stands(
    workspace: Workspace, evidence: EvidenceView
) -> None:
    card, told = workspace.table.card, evidence
    assert card is not None
    assert told.source.text().startswith(f"Validation images (n = {len(card.out_of_fold.labels)};")
    assert "optimistic" in told.source.text()
    workspace.table.set_card(replace(card, test=None))
    told.prevalence.setValue(40.0)
    assert told.test.text() == "There is no internal test."
    workspace.table.set_card(replace(card, test=Confusion(45, 42, 224, 12)))
    told.prevalence.setValue(50.0)
    assert told.test.text().startswith("Internal test (323 images), default threshold")
    assert "(45/57; 95 % CI" in told.test.text()
    discovery = re.search(r"([\d.]+) % \(([\d.]+)–([\d.]+)\)", told.prediction.text())
    assert discovery is not None
    value, low, high = (float(each) for each in discovery.groups())
    assert low < value < high
    assert (
        value == 16.7
    )  # of sensitivity 45/57 and specificity 224/266, half of the images positive
    # The internal test speaks at the default threshold; elsewhere only validation images do.
    assert evidence_of(told) == (
        "Internal test, per image: sensitivity 78.9 %, specificity 84.2 %",
        "323",
    )
    workspace.set_threshold(0.3)
    assert evidence_of(told) == (
        "Validation (optimistic), per image: sensitivity 95.0 %, specificity 70.0 %",
        "",
    )


def evidence_of(view: EvidenceView) -> tuple[str, str]:
    """The summary, and the images of an internal test from which 1 − PPV and 1 − NPV come."""
    found = re.search(r"internal test \((\d+) images\)", view.prediction.text())
    return view.summary.text(), found[1] if found else ""


def test_it_is_a_line_that_opens(evidence: EvidenceView) -> None:
    assert (
        evidence.summary.text()
        == "Internal test, per image: sensitivity 81.8 %, specificity 88.9 %"
    )
    assert not evidence.is_open
    evidence.button.click()
    assert evidence.is_open


def test_without_a_model_nothing_is_told(workspace: Workspace, evidence: EvidenceView) -> None:
    evidence.button.click()
    workspace.table.set_card(None)
    workspace.model_changed.emit()
    assert evidence.summary.text() == "Without a model there is no evidence."
    assert not evidence.is_open
    evidence.prevalence.setValue(30.0)
    assert evidence.summary.text() == "Without a model there is no evidence."


@pytest.mark.parametrize("threshold", [0.0, 1.0])
def test_at_an_end_of_the_scale_what_cannot_be_known_is_unknown(
    workspace: Workspace, evidence: EvidenceView, threshold: float
) -> None:
    """Nothing lies below 0, and nothing at 1: no rate of what is not there."""
    evidence.prevalence.setValue(10.0)
    workspace.set_threshold(threshold)
    above, below, _ = evidence.prediction.text().split("\n")
    assert above.endswith("unknown") is (threshold == 1.0)
    assert below.endswith("unknown") is (threshold == 0.0)
    assert "nan" not in evidence.prediction.text()


def test_without_images_of_one_kind_its_rate_is_unknown(
    workspace: Workspace, evidence: EvidenceView
) -> None:
    one_kind = OutOfFold(labels=(0, 0), logits=(-1.0, 1.0))
    workspace.table.set_card(tiny_card(out_of_fold=one_kind, test=None))
    workspace.model_changed.emit()
    evidence.prevalence.setValue(10.0)
    assert (
        evidence.summary.text()
        == "Validation (optimistic), per image: sensitivity unknown, specificity 50.0 %"
    )
    assert evidence.prediction.text().count("unknown") == 2


@pytest.mark.parametrize(
    ("entered", "shown", "kept"),
    [(0.0, 0.0, None), (0.1, 0.1, 0.001), (99.9, 99.9, 0.999), (100.0, 99.9, 0.999)],
)
def test_a_prevalence_is_kept_and_nothing_is_told_at_one_that_nobody_gave(
    qtbot: QtBot,
    workspace: Workspace,
    settings: Settings,
    evidence: EvidenceView,
    entered: float,
    shown: float,
    kept: float | None,
) -> None:
    evidence.prevalence.setValue(50.0)
    evidence.prevalence.setValue(entered)
    assert evidence.prevalence.value() == pytest.approx(shown)
    assert settings.prevalence == (None if kept is None else pytest.approx(kept))
    assert (len(evidence.prediction.text().split("\n")) == 3) is (kept is not None)
    again = EvidenceView(workspace, settings)
    qtbot.addWidget(again)
    assert again.prevalence.value() == pytest.approx(shown)


def test_a_note_of_the_card_hides_nothing(workspace: Workspace, evidence: EvidenceView) -> None:
    test = Confusion(9, 1, 8, 2, "Seen\u202e\ntwice.")
    workspace.table.set_card(tiny_card(test=test))
    workspace.model_changed.emit()
    assert evidence.test.text().endswith("Seen\ufffd\ufffdtwice.")


def test_it_turns_to_another_language(
    qtbot: QtBot, evidence: EvidenceView, chinese_window: None
) -> None:
    qtbot.wait(1)
    evidence.prevalence.setValue(30.0)
    for text in (evidence.summary, evidence.source, evidence.test, evidence.prediction):
        assert not text.text().isascii()
        assert not re.search("[a-z]{4}", text.text().replace("Made up for tests.", ""))
