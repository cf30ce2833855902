"""The reporting checklist answers what a run knows and says what is not given."""

from __future__ import annotations

from dataclasses import fields, replace
from enum import Enum

import numpy as np
import pytest

from tests.make.reporting_items import CLAIM, TRIPOD
from trainer.choices import Optimiser
from trainer.recipes import RECIPES
from trainer.reports.checklist import NOT_GIVEN, QUESTIONS, checklist
from trainer.reports.document import Table
from trainer.results.evaluation import Evaluation, evaluate
from trainer.results.predictions import Predictions
from trainer.results.record import ALL, INTERNAL_TEST, Part, RunRecord, tuning_set
from trainer.settings import Settings

PARTS = (
    Part(ALL, 100, 40, 60),
    Part(tuning_set(1), 40, 15, 25),
    Part(tuning_set(2), 40, 17, 25),
    Part(INTERNAL_TEST, 20, 8, 10),
)


def record(settings: Settings, **others: object) -> RunRecord:
    made = RunRecord(
        class_name="crack",
        settings=settings,
        folds_trained=(1, 2),
        parts=PARTS,
        divided_by="",
        start="imagenet",
        data_fingerprint="0" * 64,
        versions={"torch": "2"},
        hardware={},
        started="",
        learning=(),
    )
    return replace(made, **others)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def results() -> Evaluation:
    labels = np.array([0, 1] * 20)
    names = tuple(map(str, range(40)))
    logits = labels + np.linspace(-1.5, 1.5, 40)
    held = Predictions(names, names, np.ones(40, dtype=np.int64), labels, logits)
    return evaluate("crack", held, held.rows(np.arange(0)))


def rows(record: RunRecord, results: Evaluation) -> tuple[tuple[str, ...], ...]:
    return next(b for b in checklist(record, results, (), 1) if isinstance(b, Table)).rows


def answers(record: RunRecord, results: Evaluation) -> dict[str, str]:
    return {row[0]: row[3] for row in rows(record, results)}


def test_every_item_on_methods_and_results_is_asked(results: Evaluation) -> None:
    found = rows(record(Settings()), results)
    tripod, claim = ({n for row in found for n in row[at].split(", ") if n} for at in (1, 2))
    assert tripod == TRIPOD
    assert claim == CLAIM


def test_what_only_a_person_can_tell_is_not_given_until_told(results: Evaluation) -> None:
    told = answers(record(Settings()), results)
    assert {told[question] for question in QUESTIONS.values()} == {NOT_GIVEN}
    told = answers(record(Settings(), described={"labelled_by": "two readers"}), results)
    assert told[QUESTIONS["labelled_by"]] == "two readers"


def test_a_licence_and_hardware_that_nobody_noted_are_not_given(results: Evaluation) -> None:
    told = answers(record(Settings()), results)
    assert told["licence of the data"] == told["hardware"] == told["data sources"] == NOT_GIVEN
    told = answers(record(Settings(), hardware={"cores": "2"}), results)
    assert told["hardware"] == "cores 2"


def test_classes_are_counted_in_each_part(results: Evaluation) -> None:
    told = answers(record(Settings()), results)
    assert told["images and positives"] == "100 images, 40 positive"
    assert told["images and positives of each part"] == (
        "tuning set of fold 1 40 (15 +); tuning set of fold 2 40 (17 +); internal test set 20 (8 +)"
    )
    assert told["internal test"] == "20 images, 8 positive"


@pytest.mark.parametrize(("recipe", "level"), [("article", "image"), ("careful", "group")])
def test_the_level_of_the_split_is_that_of_the_recipe(
    recipe: str, level: str, results: Evaluation
) -> None:
    told = answers(record(RECIPES[recipe]), results)
    assert told["level at which parts are disjoint"].startswith(level)


def test_hyperparameters_are_those_of_the_settings(results: Evaluation) -> None:
    told = answers(record(RECIPES["article"]), results)
    assert told["training and hyperparameters"].startswith("adam; learning rate 0.001, ")
    assert "batch-norm statistics frozen" in told["model"]
    assert "internal test set" in told["choice of the final model"]


@pytest.mark.parametrize(
    ("section", "on"),
    [
        ("augmentation", {"drawn_bleeds": 0.5}),
        ("sampling", {}),
        ("optimisation", {"optimiser": Optimiser.SGD}),
        ("schedule", {"first_size": 64}),
        ("distillation", {"teacher": "radio"}),
    ],
)
def test_every_setting_that_shapes_the_training_is_told(
    section: str, on: dict[str, object], results: Evaluation
) -> None:
    """``on`` switches on what another setting belongs to."""
    made = replace(getattr(Settings(), section), **on)
    before = answers(record(replace(Settings(), **{section: made})), results)
    untold = []
    for each in fields(made):
        value = getattr(made, each.name)
        changed = replace(made, **{each.name: _other(value)})
        if answers(record(replace(Settings(), **{section: changed})), results) == before:
            untold.append(each.name)
    assert untold == []


def _other(value: object) -> object:
    """Another valid value of a setting."""
    match value:
        case bool():
            return not value
        case Enum():
            return next(each for each in type(value) if each is not value)
        case int() | float():
            return value + 1
        case None:
            return (0.5, 1.0)
        case (float(low), high):
            return (low / 2, high)
        case _:
            return ""
