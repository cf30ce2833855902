"""The decision curve has Vickers' net benefit, and an interval where groups are many enough."""

from __future__ import annotations

import io

import numpy as np
import pandas as pd
import pytest

from model.probability import Calibration
from trainer.results.bootstrap import FEWEST_GROUPS
from trainer.results.decision_curve import decision_curve
from trainer.results.predictions import Predictions

AS_IT_IS = Calibration(1.0, 0.0)


def _predictions(
    labels: list[int], given: list[float], groups: list[str] | None = None
) -> Predictions:
    names = tuple(map(str, range(len(labels))))
    shares = np.array(given)
    logits = np.log(shares / (1 - shares))
    folds = np.ones(len(labels), dtype=np.int64)
    return Predictions(names, tuple(groups or names), folds, np.array(labels), logits)


def _many(groups_of_positives: int) -> Predictions:
    """Positives in so many groups, 30 negatives each in its own; half of both flagged."""
    labels = [1] * 20 + [0] * 30
    given = [0.9, 0.3] * 25
    groups = [f"p{i % groups_of_positives}" for i in range(20)] + [f"n{i}" for i in range(30)]
    return _predictions(labels, given, groups)


def test_net_benefit_is_that_of_vickers() -> None:
    """Two of three flagged are positive at 0.2; only the first is flagged at 0.5."""
    curve = decision_curve(_predictions([1, 0, 1, 0], [0.9, 0.4, 0.35, 0.1]), AS_IT_IS)
    table = pd.read_csv(io.StringIO(curve.to_csv())).set_index("threshold")
    assert table.loc[0.2, "net_benefit"] == pytest.approx((2 - 1 * 0.25) / 4)
    assert table.loc[0.5, "net_benefit"] == pytest.approx(1 / 4)
    assert table.loc[0.5, "net_benefit_flag_all"] == pytest.approx(0.0)
    assert table.loc[0.2, "net_benefit_flag_all"] == pytest.approx((2 - 2 * 0.25) / 4)
    assert list(table.index) == pytest.approx(np.linspace(0.01, 0.99, 99).tolist())


def test_the_interval_lies_around_the_curve_and_widens_with_fewer_groups() -> None:
    many, few = decision_curve(_many(20), AS_IT_IS), decision_curve(_many(10), AS_IT_IS)
    at = 49  # threshold 0.5
    assert many.low[at] < many.network[at] < many.high[at]
    np.testing.assert_array_equal(many.network, few.network)
    assert many.has_interval
    assert (many.images, many.positives, many.groups) == (50, 20, 50)


@pytest.mark.parametrize(
    ("groups", "has_interval"), [(FEWEST_GROUPS, True), (FEWEST_GROUPS - 1, False)]
)
def test_a_class_in_too_few_groups_gives_no_interval(groups: int, has_interval: bool) -> None:
    curve = decision_curve(_many(groups), AS_IT_IS)
    assert curve.has_interval is has_interval
    table = pd.read_csv(io.StringIO(curve.to_csv()))
    assert table["net_benefit_low"].isna().all() == (not has_interval)


def test_a_curve_repeats_itself() -> None:
    assert (
        decision_curve(_many(20), AS_IT_IS).to_csv() == decision_curve(_many(20), AS_IT_IS).to_csv()
    )
