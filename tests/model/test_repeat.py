from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from model.built_in import BUILT_IN
from model.confusion import Confusion
from model.repeat import REPEAT, with_repeat
from model.session import Session
from tests.make.series_head import HEAD
from tests.make.tiny_model import tiny_card, tiny_model

WEIGHTS = Path(__file__).resolve().parents[2] / "resources" / "weights"


@pytest.mark.parametrize("name", BUILT_IN)
def test_an_opened_built_in_model_has_what_the_repeat_gave(name: str) -> None:
    head = Session.open(WEIGHTS / name, "cpu").card.series_head
    assert head is not None
    assert head.evidence.repeat == REPEAT


def test_no_other_model_has_it(tmp_path: Path) -> None:
    session = Session.open(tiny_model(tmp_path / "own.onnx", series_head=HEAD), "cpu")
    head = session.card.series_head
    assert head is not None
    assert head.evidence.repeat is None


def test_what_a_card_says_of_a_repeat_itself_stands() -> None:
    [sha256, _] = BUILT_IN.values()
    own = Confusion(1, 0, 1, 0)
    head = replace(HEAD, evidence=replace(HEAD.evidence, repeat=own))
    kept = with_repeat(tiny_card(series_head=head), sha256).series_head
    assert kept is not None
    assert kept.evidence.repeat == own
    assert with_repeat(tiny_card(), sha256) == tiny_card()
