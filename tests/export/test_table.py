from __future__ import annotations

from pathlib import Path

import pytest

from export.table import WIDTH, table
from model.card import ModelCard, OutOfFold, PooledEvidence
from model.confusion import Confusion
from tests.make.tiny_model import tiny_card


def rows(card: ModelCard, size: int = 0) -> dict[str, str]:
    """The lines by their names; all values stand below each other."""
    title, *lines = table(card, Path("m.onnx"), size).splitlines()
    assert title == card.name
    assert all(line[2 + WIDTH] == " " != line[3 + WIDTH] for line in lines)
    return {line[:WIDTH].strip(): line[3 + WIDTH :] for line in lines}


@pytest.mark.parametrize(
    ("size", "told"), [(0, "0.0 MB"), (1_049_999, "1.0 MB"), (1_050_001, "1.1 MB")]
)
def test_a_size_is_told_in_millions_of_bytes(size: int, told: str) -> None:
    assert rows(tiny_card(), size)["size"] == told


def test_every_result_stands_with_its_counts() -> None:
    told = rows(tiny_card())
    assert told["out-of-fold sensitivity"] == "80.0 % (16/20; 95 % CI 58.4–91.9)"
    assert told["out-of-fold AUC"] == "0.9300 (40 images)"
    assert told["test specificity"] == "88.9 % (8/9; 95 % CI 56.5–98.0)"
    assert told["threshold sensitivity_95"] == "0.3000"
    assert not any("pooled" in name for name in told)


def test_other_evidence_is_named_for_what_it_is_of() -> None:
    pooled = PooledEvidence(4, 0.5, Confusion(1, 2, 3, 4), 0.75)
    told = rows(tiny_card(pooled=pooled, test=None, checks={"against torch/logit": 1.23456e-7}))
    assert told["4 networks pooled sensitivity"].startswith("20.0 % (1/5;")
    assert told["against torch/logit"] == "1.23e-07"
    assert not any(name.startswith("test") for name in told)


@pytest.mark.parametrize("labels", [(0, 0), (1, 1), ()])
def test_what_cannot_be_measured_is_unknown(labels: tuple[int, ...]) -> None:
    card = tiny_card(out_of_fold=OutOfFold(labels, (0.5,) * len(labels)), test=None)
    told = rows(card)
    assert told["out-of-fold AUC"] == f"unknown ({len(labels)} images)"
    without = {0: "sensitivity", 1: "specificity"}[labels[0]] if labels else "sensitivity"
    assert told[f"out-of-fold {without}"].startswith("unknown")
    assert not any("nan" in each for each in told.values())
