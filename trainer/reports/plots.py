"""The report's figures, as PNG files in memory."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from model.confusion import Confusion
from model.proportion import Interval
from trainer.reports.lettering import use_letters
from trainer.results import metrics
from trainer.results.decision_curve import DecisionCurve
from trainer.results.evaluation import Performance
from trainer.results.metrics import THRESHOLDS, Curve
from trainer.results.predictions import Predictions

COLOURS = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#999933", "#882255")
"""Okabe and Ito's, that the colour-blind tell apart; they start anew after eight folds."""
POOLED, CHANCE = "#1c1c1c", "#aaaaaa"
DOTS_PER_INCH = 110
Corner = Literal["lower right", "lower left"]
CURVES = (
    ("train_loss", "Training loss"),
    ("val_loss", "Tuning loss"),
    ("val_accuracy", "Tuning accuracy"),
)


@dataclass(frozen=True, eq=False)
class Panel:
    """Predictions that share a pair of axes."""

    title: str
    predictions: Predictions
    by_fold: bool = True
    """Whether each fold has a line of its own."""
    together: str = ""
    """The name of the line of all of them; empty: no such line."""
    auc: Interval | None = None
    """Of all of them."""


def learning_curves(epochs: Mapping[int, pd.DataFrame]) -> bytes:
    """Training loss, tuning loss and tuning accuracy of each fold over its epochs."""
    figure, axes = _figure(1, 3, 12.0, 3.8)
    for axis, (column, title) in zip(axes, CURVES, strict=True):
        for fold, table in epochs.items():
            axis.plot(
                table["epoch"], table[column], color=_colour(fold), label=f"fold {fold}", lw=1.3
            )
        axis.set(title=title, xlabel="epoch")
        axis.xaxis.set_major_locator(MaxNLocator(integer=True))
        if column == "val_accuracy":
            axis.set_ylim(None, 1.0)
    axes[0].legend(frameon=False, fontsize=8)
    return _png(figure)


def roc(panels: Sequence[Panel]) -> bytes:
    """ROC of each fold and of all together, with their areas."""

    def line(part: Predictions, known: Interval | None) -> tuple[Curve, str]:
        area = f", AUC {metrics.auc(part.labels, part.logits):.3f}"
        limits = f" ({known.limits})" if known else ""
        return metrics.roc(part.labels, part.logits), area + limits

    figure, axes = _panels(panels, line, "lower right")
    for axis in axes:
        axis.plot([0, 1], [0, 1], color=CHANCE, lw=1, ls=":")
        axis.set(xlabel="1 − specificity", ylabel="sensitivity", aspect="equal")
    return _png(figure)


def precision_recall(panels: Sequence[Panel]) -> bytes:
    """Precision over sensitivity of each fold and of all together; prevalence dotted."""

    def line(part: Predictions, _: Interval | None) -> tuple[Curve, str]:
        return metrics.precision_recall(part.labels, part.logits), ""

    figure, axes = _panels(panels, line, "lower left")
    for axis, panel in zip(axes, panels, strict=True):
        if len(panel.predictions):
            axis.axhline(panel.predictions.labels.mean(), color=CHANCE, lw=1, ls=":")
        axis.set(xlabel="sensitivity", ylabel="precision", ylim=(0, 1.03))
    return _png(figure)


def _panels(
    panels: Sequence[Panel],
    line: Callable[[Predictions, Interval | None], tuple[Curve, str]],
    place: Corner,
) -> tuple[Figure, Sequence[Axes]]:
    """Axes beside each other with the lines of each panel, each with what ``line`` adds."""
    figure, axes = _figure(1, len(panels), 5.0 * len(panels), 4.8)

    def draw(axis: Axes, name: str, part: Predictions, known: Interval | None, colour: str) -> None:
        if len(np.unique(part.labels)) < 2:  # there is no curve of one class
            axis.plot([], [], color=colour, label=f"{name}: one class only")
            return
        curve, addition = line(part, known)
        width = 2 if colour == POOLED else 1.2
        axis.plot(curve.x, curve.y, color=colour, lw=width, label=f"{name}{addition}")

    for axis, panel in zip(axes, panels, strict=True):
        axis.set_title(panel.title)
        for fold in np.unique(panel.predictions.folds) if panel.by_fold else ():
            part = panel.predictions.of_fold(int(fold))
            draw(axis, f"fold {fold}", part, None, _colour(int(fold)))
        if panel.together:
            draw(axis, panel.together, panel.predictions, panel.auc, POOLED)
        _legend(axis, len(panel.predictions), place)
    return figure, axes


def reliability(panels: Mapping[str, Performance]) -> bytes:
    """Observed share over given probability with Wilson bars, and how many images lie where."""
    figure, axes = _figure(1, len(panels), 3.4 * len(panels) + 1.0, 4.0)
    for axis, (title, found) in zip(axes, panels.items(), strict=True):
        _reliability(axis, found)
        axis.set_title(title, fontsize=10)
    return _png(figure)


def _reliability(axis: Axes, found: Performance) -> None:
    given = np.array([group.probability for group in found.bins])
    shares = np.array([group.observed.value for group in found.bins])
    low = shares - [group.observed.low for group in found.bins]
    high = [group.observed.high for group in found.bins] - shares
    axis.plot([0, 1], [0, 1], color=CHANCE, lw=1, ls=":")
    axis.errorbar(
        given, shares, yerr=np.maximum([low, high], 0), fmt="o", ms=4, capsize=2, color=COLOURS[0]
    )
    for group in found.bins:
        axis.annotate(
            str(group.count), (group.probability, -0.09), ha="center", fontsize=7, color="#555555"
        )
    axis.set(xlabel="probability", ylabel="share with the finding", ylim=(-0.12, 1.04))


def confusion(panels: Mapping[str, Confusion], class_name: str) -> bytes:
    """Counts at the default threshold."""
    figure, axes = _figure(1, len(panels), 2.2 * len(panels) + 0.8, 2.8)
    for axis, (title, counts) in zip(axes, panels.items(), strict=True):
        _confusion(axis, counts, class_name)
        axis.set_title(title, fontsize=9)
    return _png(figure)


def _confusion(axis: Axes, counts: Confusion, class_name: str) -> None:
    cells = np.array(
        [
            [counts.true_positive, counts.false_negative],
            [counts.false_positive, counts.true_negative],
        ]
    )
    shares = cells / np.maximum(cells.sum(axis=1, keepdims=True), 1)
    axis.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    for (row, column), count in np.ndenumerate(cells):
        colour = "white" if shares[row, column] > 0.6 else "black"
        axis.text(column, row, str(count), ha="center", va="center", color=colour)
    axis.set_xticks([0, 1], ["flagged", "not flagged"], fontsize=8)
    axis.set_yticks([0, 1], [class_name, "none"], fontsize=8, rotation=90, va="center")


def decision(curve: DecisionCurve, threshold: float) -> bytes:
    """Net benefit over the threshold, against flagging all images or none."""
    figure, (axis,) = _figure(1, 1, 6.5, 4.2)
    axis.plot(THRESHOLDS, curve.network, color=COLOURS[0], label="network")
    if curve.has_interval:
        axis.fill_between(
            THRESHOLDS, curve.low, curve.high, color=COLOURS[0], alpha=0.15, label="95 % CI"
        )
    axis.plot(THRESHOLDS, curve.everyone, color=COLOURS[1], ls="--", label="flag every image")
    axis.axhline(0, color=CHANCE, lw=1, label="flag none")
    axis.axvline(threshold, color=POOLED, lw=0.8, ls=":", label="default threshold")
    top = max(float(curve.network.max()), 0.05)
    axis.set(xlabel="threshold probability", ylabel="net benefit", ylim=(-0.5 * top, 1.1 * top))
    _legend(axis, curve.images, "lower left")
    return _png(figure)


def _figure(rows: int, columns: int, width: float, height: float) -> tuple[Figure, Sequence[Axes]]:
    use_letters()
    figure = Figure(figsize=(width, height), layout="constrained")
    axes = figure.subplots(rows, columns, squeeze=False).ravel().tolist()
    for axis in axes:
        axis.spines[["top", "right"]].set_visible(False)
    return figure, axes


def _colour(fold: int) -> str:
    return COLOURS[(fold - 1) % len(COLOURS)]


def _legend(axis: Axes, images: int, place: Corner) -> None:
    if images:
        axis.legend(frameon=False, fontsize=8, loc=place)
    else:
        axis.text(0.5, 0.5, "no test set", ha="center", va="center", color="#555555")


def _png(figure: Figure) -> bytes:
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=DOTS_PER_INCH, metadata={"Software": None})
    return buffer.getvalue()
