"""What every report is made of: its files and its figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from model.confusion import Confusion
from model.probability import Calibration
from trainer.files import write_atomically, write_json
from trainer.reports import plots
from trainer.reports.document import Block, Figure, to_html, to_markdown
from trainer.reports.plots import Panel
from trainer.results.evaluation import Performance
from trainer.results.predictions import Predictions

METRICS, PAGE, SUMMARY = "metrics.json", "report.html", "summary.md"


def write_report(
    folder: Path, title: str, blocks: Sequence[Block], metrics: Mapping[str, Any]
) -> None:
    """The page, its summary and figures, and the numbers, into an existing folder."""
    for block in blocks:
        if isinstance(block, Figure):
            write_atomically(folder / block.name, block.png)
    write_atomically(folder / PAGE, to_html(title, blocks))
    write_atomically(folder / SUMMARY, to_markdown(title, blocks))
    write_json(folder / METRICS, metrics)


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


def decision(
    predictions: Predictions, calibration: Calibration, threshold: float, which: str
) -> Figure:
    """What acting on the scores of the images that ``which`` names would be worth."""
    drawn = plots.decision(predictions, calibration, threshold)
    positives, images = int(predictions.labels.sum()), len(predictions)
    caption = (
        f"Decision curve, {which}: net benefit at the prevalence of these images, "
        f"{positives} of {images}; without a CI."
    )
    return Figure("decision.png", drawn, caption)
