"""What every report is made of: its files and its figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from model.confusion import Confusion
from trainer.files import write_atomically, write_json
from trainer.reports import plots
from trainer.reports.document import Block, Figure, to_html, to_markdown
from trainer.reports.plots import Panel
from trainer.results.bootstrap import FEWEST_GROUPS
from trainer.results.decision_curve import DecisionCurve
from trainer.results.evaluation import Performance

DECISION = "decision.csv"
METRICS, PAGE, SUMMARY = "metrics.json", "report.html", "summary.md"


def write_report(
    folder: Path,
    title: str,
    blocks: Sequence[Block],
    metrics: Mapping[str, Any],
    curve: DecisionCurve | None = None,
) -> None:
    """The numbers, the page, its summary and figures, into an existing folder.

    Raises ValueError for numbers that JSON has not, before anything is written; OSError.
    """
    write_json(folder / METRICS, metrics)
    for block in blocks:
        if isinstance(block, Figure):
            write_atomically(folder / block.name, block.png)
    write_atomically(folder / PAGE, to_html(title, blocks))
    write_atomically(folder / SUMMARY, to_markdown(title, blocks))
    if curve is not None:
        write_atomically(folder / DECISION, curve.to_csv())


def curves(panels: Sequence[Panel]) -> list[Block]:
    """How well the classes are told apart at every threshold."""
    return [
        Figure("roc.png", plots.roc(panels), "ROC, with the areas."),
        Figure(
            "precision_recall.png",
            plots.precision_recall(panels),
            "Precision and sensitivity at the prevalence of these images (dotted).",
        ),
    ]


def counts(named: Mapping[str, Confusion], class_name: str) -> Figure:
    """Confusion matrices."""
    drawn = plots.confusion(named, class_name)
    return Figure("confusion.png", drawn, "Counts at the default threshold.")


def reliability(named: Mapping[str, Performance]) -> Figure:
    """Whether probabilities mean what they say."""
    return Figure(
        "reliability.png",
        plots.reliability(named),
        "Observed share over probability, with Wilson's 95 % CI; below, the number of images.",
    )


def decision(curve: DecisionCurve, threshold: float, which: str) -> Figure:
    """What acting on the scores of the images that ``which`` names would be worth."""
    interval = "95 % CI from a bootstrap that draws groups"
    if not curve.has_interval:
        interval = f"no CI, as a class is in fewer than {FEWEST_GROUPS} groups"
    caption = (
        f"Decision curve, {which}: net benefit at the prevalence of these images, "
        f"{curve.positives} of {curve.images} in {curve.groups} groups; {interval}. "
        f"Its values are in {DECISION}."
    )
    return Figure("decision.png", plots.decision(curve, threshold), caption)
