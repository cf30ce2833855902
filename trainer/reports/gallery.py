"""The most confident errors: which they are, and their images with heat maps."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Sheet
from numpy.typing import NDArray
from PIL import Image as PilImage

from model.probability import Calibration
from trainer.data.labels import LabelledImage
from trainer.reports.document import Block, Figure, Heading, Paragraph
from trainer.reports.lettering import use_letters
from trainer.results.predictions import Predictions

MOST = 6
"""Of each kind."""
PAIRS = 3
"""In one row of the sheet."""
INCHES, TITLE_INCHES, DOTS_PER_INCH = 2.0, 0.7, 110
LONGEST = 22
"""Letters of an id that find room above a pair."""


@dataclass(frozen=True)
class Mistake:
    """One image on the wrong side of the threshold."""

    image_id: str
    source: str
    label: int
    fold: int
    """Whose network erred."""
    probability: float


@dataclass(frozen=True, eq=False)
class InputWithHeatMap:
    """The input of the network and its Grad-CAM heat map."""

    input: NDArray[np.uint8]
    """(S, S), or (S, S, 3) in colour."""
    heat_map: NDArray[np.float32]
    """(h, w), in the unit of the logit."""


def worst(
    predictions: Predictions,
    images: Sequence[LabelledImage],
    calibration: Calibration,
    threshold: float,
) -> tuple[Mistake, ...]:
    """Up to MOST missed positives, the least probable first, then as many false alarms.

    Raises KeyError for a prediction of no image.
    """
    source_of = {image.image_id: image.source for image in images}
    given = calibration.probabilities(predictions.logits)
    positive, called = predictions.labels == 1, given >= threshold
    missed, alarms = np.flatnonzero(positive & ~called), np.flatnonzero(~positive & called)
    rows = (
        *missed[np.argsort(given[missed], kind="stable")][:MOST],
        *alarms[np.argsort(-given[alarms], kind="stable")][:MOST],
    )
    return tuple(
        Mistake(
            predictions.image_ids[row],
            source_of[predictions.image_ids[row]],
            int(predictions.labels[row]),
            int(predictions.folds[row]),
            float(given[row]),
        )
        for row in rows
    )


def chapter(mistakes: Sequence[Mistake], inputs: Mapping[str, InputWithHeatMap]) -> list[Block]:
    """The errors whose image, by id, is there; figures stay out of Markdown."""
    blocks: list[Block] = [
        Heading("Worst errors"),
        Paragraph(
            f"Up to {MOST} missed positives with the lowest score, and up to {MOST} false alarms "
            "with the highest. Each is shown as the network's input, and under its heat map. "
            "All heat maps of a sheet share one scale. Images are in the HTML report alone."
        ),
    ]
    for label, name, caption in (
        (1, "missed.png", "Missed: label 1, called negative."),
        (0, "false_alarms.png", "False alarms: label 0, called positive."),
    ):
        kind = [mistake for mistake in mistakes if mistake.label == label]
        shown = [mistake for mistake in kind if mistake.image_id in inputs]
        if shown:
            blocks.append(Figure(name, sheet(shown, inputs), caption))
        else:
            why = "no network or no image is there to show" if kind else "there is none"
            blocks.append(Paragraph(f"{caption.partition(':')[0]}: {why}."))
    return blocks


def sheet(mistakes: Sequence[Mistake], inputs: Mapping[str, InputWithHeatMap]) -> bytes:
    """A PNG of pairs: input, and input under its heat map."""
    use_letters()
    rows = -(-len(mistakes) // PAIRS)
    size = (2 * PAIRS * INCHES, rows * (INCHES + TITLE_INCHES))
    figure = Sheet(figsize=size, layout="constrained")
    axes = figure.subplots(rows, 2 * PAIRS, squeeze=False).ravel()
    for axis in axes:
        axis.set_axis_off()
    top = max(float(inputs[mistake.image_id].heat_map.max()) for mistake in mistakes)
    for place, mistake in enumerate(mistakes):
        shown_input = inputs[mistake.image_id]
        plain, heated = axes[2 * place], axes[2 * place + 1]
        for axis in (plain, heated):
            axis.imshow(shown_input.input, cmap="gray", vmin=0, vmax=255)
        _lay_over(heated, shown_input, top)
        plain.set_title(_title(mistake), fontsize=8, loc="left", parse_math=False)
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=DOTS_PER_INCH, metadata={"Software": None})
    return buffer.getvalue()


def _lay_over(axis: Axes, shown_input: InputWithHeatMap, top: float) -> None:
    rows, columns = shown_input.input.shape[:2]
    heat = PilImage.fromarray(shown_input.heat_map.astype(np.float32))
    share = np.asarray(heat.resize((columns, rows), PilImage.Resampling.BILINEAR)) / max(top, 1e-12)
    axis.imshow(share, cmap="inferno", vmin=0, vmax=1, alpha=np.clip(1.6 * share, 0, 0.7))


def _title(mistake: Mistake) -> str:
    name = mistake.image_id.removeprefix(f"{mistake.source}/")
    short = name if len(name) <= LONGEST else f"…{name[-LONGEST + 1 :]}"
    lines = (short, mistake.source[:LONGEST], f"probability {mistake.probability:.3f}")
    return "\n".join(filter(None, lines))
