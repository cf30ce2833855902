from __future__ import annotations

import pytest

from model.card import OutOfFold
from model.evidence import Evidence, Proportion, at_prevalence, at_threshold
from tests.make.tiny_model import tiny_card


@pytest.mark.parametrize(
    ("count", "total", "low", "high"),
    [
        (38, 40, 0.8350, 0.9862),  # the two examples of any reader's table of Wilson intervals
        (40, 40, 0.9124, 1.0),
        (0, 40, 0.0, 0.0876),
        (5, 10, 0.2366, 0.7634),
    ],
)
def test_wilson_interval(count: int, total: int, low: float, high: float) -> None:
    proportion = Proportion.of(count, total)
    assert proportion.low == pytest.approx(low, abs=1e-4)
    assert proportion.high == pytest.approx(high, abs=1e-4)


def test_of_nothing_nothing_is_known() -> None:
    nothing = Proportion.of(0, 0)
    assert (nothing.rate, nothing.low, nothing.high) == (None, 0.0, 1.0)
    assert str(nothing) == "unknown (no such scans)"


def test_a_proportion_is_shown_with_counts_and_interval() -> None:
    assert str(Proportion.of(38, 40)) == "95.0 % (38/40; 83.5 to 98.6 %)"


def test_counts_at_a_threshold_use_the_temperature() -> None:
    # At temperature 2 a logit of 2 is a probability of 0.731, of 1 it is 0.622.
    table = OutOfFold(labels=(0, 0, 1, 1, 1), logits=(-3.0, 2.0, 2.0, 1.0, 4.0))
    evidence = at_threshold(tiny_card(out_of_fold=table, temperature=2.0), 0.7)
    assert evidence == Evidence(0.7, 2, 1, 1, 1)
    assert (evidence.sensitivity.count, evidence.sensitivity.total) == (2, 3)
    assert (evidence.specificity.count, evidence.specificity.total) == (1, 2)


@pytest.mark.parametrize(("threshold", "above"), [(0.0, 3), (0.5, 2), (1.0, 0)])
def test_a_scan_at_the_threshold_is_above_it(threshold: float, above: int) -> None:
    card = tiny_card(out_of_fold=OutOfFold((0, 1, 1), (-1.0, 0.0, 1.0)))
    evidence = at_threshold(card, threshold)
    assert evidence.true_positive + evidence.false_positive == above


def test_rates_at_a_prevalence_follow_bayes() -> None:
    rates = at_prevalence(Evidence(0.5, 90, 20, 80, 10), 0.1)
    assert rates is not None
    assert rates.false_discovery is not None
    assert rates.false_omission is not None
    assert rates.false_discovery.value == pytest.approx(0.9 * 0.2 / (0.9 * 0.2 + 0.1 * 0.9))
    assert rates.false_omission.value == pytest.approx(0.1 * 0.1 / (0.1 * 0.1 + 0.9 * 0.8))
    # At both lower Wilson limits, 82.6 % and 71.1 %, and at both upper ones, 94.5 % and 86.7 %.
    assert rates.false_discovery.high == pytest.approx(0.759, abs=1e-3)
    assert rates.false_discovery.low == pytest.approx(0.560, abs=1e-3)
    assert rates.false_omission.high == pytest.approx(0.0265, abs=1e-3)
    assert rates.false_omission.low == pytest.approx(0.0070, abs=1e-3)


def test_no_rate_is_given_where_nothing_falls_on_that_side() -> None:
    rates = at_prevalence(Evidence(0.0, 10, 10, 0, 0), 0.5)
    assert rates is not None
    assert rates.false_discovery is not None
    assert rates.false_discovery.value == pytest.approx(0.5)
    assert rates.false_omission is None


def test_rates_are_unknown_without_scans_of_both_kinds() -> None:
    assert at_prevalence(Evidence(0.5, 10, 0, 0, 2), 0.5) is None


@pytest.mark.parametrize("prevalence", [-0.1, 1.1, float("nan")])
def test_a_prevalence_is_a_share(prevalence: float) -> None:
    with pytest.raises(ValueError, match="prevalence"):
        at_prevalence(Evidence(0.5, 1, 1, 1, 1), prevalence)
