"""The cells of a report: figures with counts and CI, and what stands there without them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import binomtest
from sklearn.metrics import roc_auc_score

from model.probability import UNCALIBRATED
from model.proportion import Interval, Proportion
from trainer.data.labels import LabelledImage
from trainer.reports import chapters
from trainer.reports.document import to_markdown
from trainer.results.calibration import Fit
from trainer.results.evaluation import evaluate, performance
from trainer.results.predictions import Predictions
from trainer.results.record import LearningRow


def predictions(logits: list[float], labels: list[int], fold: int = 1) -> Predictions:
    names = tuple(str(i) for i in range(len(labels)))
    return Predictions(
        names, names, np.full(len(labels), fold), np.array(labels), np.array(logits, dtype=float)
    )


def told_of_thresholds(held: Predictions) -> str:
    return to_markdown("", chapters.thresholds(evaluate("x", held, held.rows(np.arange(0)))))


def test_every_operating_point_has_the_counts_of_the_images_it_was_chosen_on() -> None:
    random = np.random.default_rng(1)
    labels = np.arange(60) % 2
    held = predictions((labels + random.normal(scale=0.7, size=60)).tolist(), labels.tolist())
    results = evaluate("x", held, held.rows(np.arange(0)))
    told = told_of_thresholds(held)
    given = results.fit.calibration.probabilities(held.logits)
    for point in results.points:
        found = Proportion.of(int((given[labels == 1] >= point.threshold).sum()), 30)
        spared = Proportion.of(int((given[labels == 0] < point.threshold).sum()), 30)
        row = next(line for line in told.splitlines() if line.startswith(f"| {point.name} |"))
        assert (
            f"| {point.threshold:.4f} | {chapters.share(found)} | {chapters.share(spared)} |" in row
        )
    assert "so they are optimistic" in told
    assert "both are reached" not in told


def of_folds(*logits: list[float], labels: list[int]) -> Predictions:
    names = tuple(f"{fold}-{at}" for fold in range(len(logits)) for at in range(len(labels)))
    folds = np.repeat(np.arange(len(logits)), len(labels))
    return Predictions(names, names, folds, np.tile(labels, len(logits)), np.concatenate(logits))


def told_of_pooling(*logits: list[float], labels: list[int]) -> str:
    held = of_folds(*logits, labels=labels)
    results = evaluate("x", held, held.rows(np.arange(0)))
    return to_markdown("", chapters.pooled_networks(results)).strip()


def test_the_pooled_figure_says_that_networks_may_differ_in_scale() -> None:
    labels, logits = [0, 0, 0, 1, 1, 1], [-3.0, -2.0, -1.0, 1.0, 2.0, 3.0]
    farther = [8 + each for each in logits]  # the same order, on another scale
    held = of_folds(logits, farther, labels=labels)
    assert evaluate("x", held, held.rows(np.arange(0))).pooled.auc.value == 0.75
    told = told_of_pooling(logits, farther, labels=labels)
    assert "logits of 2 networks as if they had one scale" in told
    assert told.endswith("The mean AUC of the folds, each by itself, is 1.000.")
    assert "Pooled" not in told_of_pooling(logits, labels=labels)


def test_points_whose_order_is_turned_are_explained() -> None:
    held = predictions([-3, -2, -1, 1, 2, 3], [0, 0, 0, 1, 1, 1])
    assert "sensitivity_95 lies above specificity_95" not in told_of_thresholds(held)
    many = [*range(-40, 0), *range(1, 41)]
    held = predictions(many, [0] * 40 + [1] * 40)
    assert "sensitivity_95 lies above specificity_95" in told_of_thresholds(held)


def test_points_of_which_only_thresholds_were_kept_say_so() -> None:
    held = predictions([-2, -1, -0.5, 0.5, 1, 2], [0, 0, 1, 0, 1, 1])
    results = replace(evaluate("x", held, held.rows(np.arange(0))), at_points={})
    told = to_markdown("", chapters.thresholds(results))
    assert told.count("not kept | not kept") == 3
    assert chapters.share(results.pooled.default.sensitivity) in told


@pytest.mark.parametrize(
    ("count", "total", "text"),
    [(38, 40, "95.0 % (38/40; 95 % CI 83.5–98.6)"), (0, 0, "no images")],
)
def test_a_share_shows_its_counts(count: int, total: int, text: str) -> None:
    assert chapters.share(Proportion.of(count, total)) == text


@pytest.mark.parametrize(
    ("estimate", "text"),
    [
        (Interval(0.9, 0.8, 0.95), "0.900 (0.800–0.950)"),
        (Interval(1.0, 1.0, 1.0), "1.000 (CI not estimable)"),
        (Interval(0.99991, 0.99962, 1.0), "1.000 (CI not estimable)"),
        (Interval(0.9991, 0.9974, 1.0), "0.999 (0.997–1.000)"),
        (Interval(0.9, np.nan, np.nan), "0.900 (no CI)"),
        (Interval(np.nan, np.nan, np.nan), "none: one class only"),
    ],
)
def test_an_interval_that_collapsed_is_not_shown(estimate: Interval, text: str) -> None:
    assert chapters.number(estimate) == text


def test_figures_below_zero_have_a_minus_and_zero_has_none() -> None:
    """Logits mirrored about zero: the intercept is 0, with limits on both sides."""
    labels = [0, 1] * 20
    logits = [(2 * y - 1) * (1.0 if n % 5 else -1.0) for n, y in enumerate(labels)]
    results = evaluate("x", predictions(logits, labels), predictions([], []))
    told = to_markdown("", chapters.calibration({"all": results.pooled}, results.fit.calibration))
    row = next(line for line in told.splitlines() if line.startswith("| all |"))
    assert "| 0.00 (−" in row
    assert "-" not in row


@pytest.mark.parametrize(("count", "total"), [(0, 7), (3, 7), (7, 7), (86, 102), (1, 1)])
def test_a_shares_ci_is_wilsons_as_scipy_computes_it(count: int, total: int) -> None:
    ci = binomtest(count, total).proportion_ci(method="wilson")
    limits = f"95 % CI {100 * ci.low:.1f}–{100 * ci.high:.1f}"
    assert chapters.share(Proportion.of(count, total)).endswith(f"({count}/{total}; {limits})")


def test_a_row_has_images_positives_groups_auc_and_rates() -> None:
    """Forty images, two of a group; four of them are on the wrong side."""
    labels = np.arange(40) // 2 % 2
    logits = np.where(labels == 1, 1.0, -1.0) + np.linspace(0, 0.5, 40)
    logits[[3, 11]] -= 2.5
    logits[[4, 12]] += 2.2
    names = tuple(str(n) for n in range(40))
    groups = tuple(str(n // 2) for n in range(40))
    made = Predictions(names, groups, np.ones(40, dtype=np.int64), labels, logits)
    found = performance(made, UNCALIBRATED, 0.5)
    name, size, area, *rates = chapters.result_row("all", found, found.half)
    assert (name, size) == ("all", "40 (20 +) in 20 groups")
    assert area.startswith(f"{roc_auc_score(labels, logits):.3f} (")
    right = [int(((logits >= 0) == (labels == 1))[labels == k].sum()) for k in (1, 0)]
    expected = [(right[0], 20), (right[1], 20), (sum(right), 40)]
    assert rates == [chapters.share(Proportion.of(*each)) for each in expected]
    assert right == [18, 18]


def test_of_one_class_there_is_no_auc_and_no_rate_of_the_other() -> None:
    names = ("a", "b", "c")
    made = Predictions(names, names, np.ones(3, int), np.ones(3, int), np.arange(3.0))
    found = performance(made, UNCALIBRATED, 0.5)
    cells = chapters.result_row("x", found, found.half)
    assert cells[2] == "none: one class only"
    assert cells[4] == "no images"
    told = to_markdown("", chapters.calibration({"x": found}, UNCALIBRATED))
    assert "| x | 3 (3 +) in 3 groups | 0.112 (no CI) | none | none | none | none |" in told


@pytest.mark.parametrize(
    ("share", "images", "text"),
    [
        ((0.59375, 0.96875), 32, "19/32 → 31/32"),
        ((1 / 3, 2 / 3), 3, "1/3 → 2/3"),
        ((0.0, 1.0), 7, "0/7 → 7/7"),
        ((0.5, 0.75), None, "50.0 → 75.0 %"),
    ],
)
def test_accuracies_of_the_tuning_set_are_counts_where_its_size_is_known(
    share: tuple[float, float], images: int | None, text: str
) -> None:
    row = LearningRow(1, 3, 2, (1.0, 0.5), (1.0, 0.5), share)
    assert chapters._right(row, images) == text


def test_groups_are_counted_by_the_classes_that_they_hold() -> None:
    """One group holds both classes, and counts for either."""
    rows = [("a", 1), ("a", 0), ("b", 1), ("b", 1), ("c", 0)]
    images = [LabelledImage(str(n), Path("x"), y, g) for n, (g, y) in enumerate(rows)]
    assert chapters.groups_of(images) == "3; 2 with a positive, 2 with a negative"


@pytest.mark.parametrize(
    ("before", "intercept", "told"),
    [
        (np.nan, np.nan, "The log loss was not kept."),
        (0.6, np.nan, "Too few images to try an intercept."),
        (0.6, 0.5, "In cross-validation 0.5500 with a temperature alone, 0.5000 with an intercept"),
    ],
)
def test_losses_are_told_as_far_as_they_are_known(
    before: float, intercept: float, told: str
) -> None:
    fit = Fit(UNCALIBRATED, before, 0.58, 0.55, intercept)
    assert told in chapters._losses(fit)
