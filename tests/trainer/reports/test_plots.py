"""What is drawn are the figures' own numbers, and no curve where there is none."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from sklearn.metrics import precision_recall_curve, roc_curve

from model.confusion import Confusion
from model.probability import UNCALIBRATED
from model.proportion import Interval, Proportion
from trainer.reports import plots
from trainer.reports.plots import COLOURS, POOLED, Panel
from trainer.results.decision_curve import decision_curve
from trainer.results.evaluation import performance
from trainer.results.metrics import THRESHOLDS
from trainer.results.predictions import Predictions

Drawn = list[Figure]
Draw = Callable[[Sequence[Panel]], bytes]


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> Drawn:
    """The figures, in place of their bytes."""
    figures: Drawn = []

    def kept(figure: Figure) -> bytes:
        figure.canvas.draw()
        figures.append(figure)
        return b""

    monkeypatch.setattr(plots, "_png", kept)
    return figures


def predictions(labels: list[int], folds: list[int]) -> Predictions:
    names = tuple(str(n) for n in range(len(labels)))
    logits = np.random.default_rng(0).normal(size=len(labels)) + np.array(labels)
    return Predictions(
        names, names, np.array(folds, np.int64), np.array(labels, np.int64), logits.astype(float)
    )


def lines(axis: Axes) -> dict[str, np.ndarray]:
    """Named lines: float (2, n)."""
    named = {str(line.get_label()): np.array(line.get_data()) for line in axis.get_lines()}
    return {name: data for name, data in named.items() if not name.startswith("_")}


def test_each_fold_has_its_own_roc_and_all_together_one_with_its_ci(drawn: Drawn) -> None:
    some = predictions([0, 1] * 12, [1] * 10 + [2] * 14)
    plots.roc([Panel("x", some, together="pooled", auc=Interval(0.7, 0.61, 0.79))])
    (axis,) = drawn[0].axes
    found = lines(axis)
    (pooled,) = (name for name in found if name.startswith("pooled, AUC"))
    assert pooled.endswith(" (0.610–0.790)")
    assert sorted(name[:6] for name in found) == ["fold 1", "fold 2", "pooled"]
    for name, data in found.items():
        part = some if name == pooled else some.of_fold(int(name[5]))
        wrong, right, _ = roc_curve(part.labels, part.logits)
        assert np.allclose(data, [wrong, right])


def test_precision_and_recall_are_sklearns_and_prevalence_is_dotted(drawn: Drawn) -> None:
    some = predictions([0, 1, 0, 0] * 5, [1] * 20)
    plots.precision_recall([Panel("x", some, by_fold=False, together="all")])
    (axis,) = drawn[0].axes
    precision, recall, _ = precision_recall_curve(some.labels, some.logits)
    assert np.allclose(lines(axis)["all"], [recall, precision])
    dotted = [line for line in axis.get_lines() if line.get_linestyle() == ":"]
    assert [set(np.asarray(line.get_ydata())) for line in dotted] == [{0.25}]


@pytest.mark.parametrize("draw", [plots.roc, plots.precision_recall])
@pytest.mark.parametrize("label", [0, 1])
def test_of_one_class_no_curve_is_drawn_and_the_legend_says_so(
    draw: Draw, label: int, drawn: Drawn
) -> None:
    draw([Panel("x", predictions([label] * 3 + [0, 1], [1] * 3 + [2] * 2), together="all")])
    found = lines(drawn[0].axes[0])
    assert found["fold 1: one class only"].shape == (2, 0)
    assert sum(data.size > 0 for data in found.values()) == 2  # fold 2 and all


@pytest.mark.parametrize("draw", [plots.roc, plots.precision_recall])
def test_of_no_images_there_is_no_curve(draw: Draw, drawn: Drawn) -> None:
    draw([Panel("Internal test set", predictions([], []))])
    (axis,) = drawn[0].axes
    assert lines(axis) == {}
    assert [text.get_text() for text in axis.texts] == ["no test set"]


def test_colours_of_folds_start_anew_after_the_last(drawn: Drawn) -> None:
    many = len(COLOURS) + 1
    table = pd.DataFrame({"epoch": [1, 2], "train_loss": 1.0, "val_loss": 2.0, "val_accuracy": 0.5})
    plots.learning_curves(dict.fromkeys(range(1, many + 1), table))
    for axis, value in zip(drawn[0].axes, (1.0, 2.0, 0.5), strict=True):
        colours = [line.get_color() for line in axis.get_lines()]
        assert colours == [*COLOURS, COLOURS[0]]
        assert POOLED not in colours
        assert {float(y) for line in axis.get_lines() for y in np.asarray(line.get_ydata())} == {
            value
        }


def test_a_reliability_plot_has_wilsons_bars_and_the_number_of_images(drawn: Drawn) -> None:
    some = predictions([0, 1] * 30, [1] * 60)
    found = performance(some, UNCALIBRATED, 0.5)
    plots.reliability({"x": found})
    (axis,) = drawn[0].axes
    assert [text.get_text() for text in axis.texts] == [str(each.count) for each in found.bins]
    assert sum(each.count for each in found.bins) == 60
    (drawn_bars,) = axis.collections
    assert isinstance(drawn_bars, LineCollection)
    bars = drawn_bars.get_segments()
    for bar, each in zip(bars, found.bins, strict=True):
        observed = Proportion.of(each.positives, each.count)
        assert bar[:, 0].tolist() == [each.probability] * 2
        assert bar[:, 1].tolist() == pytest.approx([observed.low, observed.high])


def test_a_confusion_matrix_has_the_finding_above_and_flagged_on_the_left(drawn: Drawn) -> None:
    plots.confusion({"x": Confusion(5, 7, 11, 13), "nothing": Confusion(0, 0, 0, 0)}, "bleed")
    first, second = drawn[0].axes
    places = {text.get_text(): text.get_position() for text in first.texts}
    # tp, fp, tn, fn by column (flagged, not) and row (finding, none).
    assert places == {"5": (0, 0), "13": (1, 0), "7": (0, 1), "11": (1, 1)}
    assert [tick.get_text() for tick in first.get_xticklabels()] == ["flagged", "not flagged"]
    assert [tick.get_text() for tick in first.get_yticklabels()] == ["bleed", "none"]
    assert [text.get_text() for text in second.texts] == ["0"] * 4


def test_the_decision_curve_stands_beside_flagging_all_and_none(drawn: Drawn) -> None:
    some = predictions([0, 1] * 20, [1] * 40)
    curve = decision_curve(some, UNCALIBRATED)
    plots.decision(curve, 0.3)
    (axis,) = drawn[0].axes
    found = lines(axis)
    assert np.allclose(found["network"], [THRESHOLDS, curve.network])
    # Flagging all of which half are positive: 0.5 - 0.5 t / (1 - t).
    wanted = 0.5 - 0.5 * THRESHOLDS / (1 - THRESHOLDS)
    assert np.allclose(found["flag every image"], [THRESHOLDS, wanted])
    assert set(found["flag none"][1]) == {0.0}
    assert set(found["default threshold"][0]) == {0.3}
    assert len(axis.collections) == 1
    few = decision_curve(some.rows(np.arange(6)), UNCALIBRATED)
    plots.decision(few, 0.3)
    assert len(drawn[1].axes[0].collections) == 0  # too few groups for a CI
