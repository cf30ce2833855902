"""``cranioscope-train context MODEL.onnx DATA [DATA ...] --logits FILE.csv --out FOLDER``.

Gives the model's series head scores of slices in context, learnt from what networks trained like it
gave slices of patients that they had not learnt from. For a model whose own folds' networks are not
there. The card says that the evidence is of others. Needs no torch.
"""

from __future__ import annotations

import argparse
import csv
import io
import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path

from model.card import HASH_DIGITS, ModelCard
from model.series_head import SeriesHead
from trainer.arguments import ArgumentsError, model_parser
from trainer.data.labels import LabelledImage
from trainer.data.provenance import sha256_of
from trainer.heads import series
from trainer.heads.opening import opened
from trainer.reports import external, series_chapters
from trainer.reports.document import Paragraph
from trainer.reports.external import ExportedModel
from trainer.reports.report_folder import PAGE, write_report
from trainer.results import series_fit, slice_fit
from trainer.results.series_fit import Examination, ScoredImage

COLUMNS = ("source", "image_id", "logit")
ALSO = "the same for another file of this network, INT8 for example; may be repeated"
LOGITS = (
    f"table of {', '.join(COLUMNS)}: what networks trained like this one gave, each image by one "
    "that had not learnt from its patient; log-odds as calibrated, empty where not assessable"
)
SOURCE = "where the examinations come from, for the card; default: the folders' names"
TOLD = (
    "The logits are of networks trained like that of the model, not of it. The series head stays "
    "as it is: its evidence is of other networks, and may be of other examinations."
)


def parser() -> argparse.ArgumentParser:
    """The options of ``cranioscope-train context``."""
    made = model_parser(
        "context",
        "Give a model's series head scores of slices in context, learnt from logits of networks "
        "trained like it. Its scores stay as they are.",
        data="folder of whole, labelled examinations",
        out="where report and scores go",
    )
    add = made.add_argument
    add("--logits", type=Path, required=True, metavar="FILE.csv", help=LOGITS)
    add("--source", metavar="NAME", help=SOURCE)
    add("--model-out", type=Path, metavar="FILE.onnx", help="the model with these scores")
    pair = ("OTHER.onnx", "FILE.onnx")
    add("--also", type=Path, nargs=2, action="append", default=[], metavar=pair, help=ALSO)
    return made


def main(argv: Sequence[str]) -> None:
    """Fit, assess and write as the arguments say. Raises what a person can mend, with sentences."""
    arguments = parser().parse_args(argv)
    out: Path = arguments.out
    model, folders = opened(arguments)
    others = [(external.open_model(path), path, after) for path, after in arguments.also]
    head, images = _head_of(model), [*chain(*folders.values())]
    scored = _scored(images, read_logits(arguments.logits), model.card)
    found = series_fit.of_both_labels(series_fit.examinations(scored, head.least))
    try:
        taught = slice_fit.with_context_of_others(head, _named(found, arguments.source))
    except ValueError as error:
        raise ArgumentsError(f"No scores in context can be fitted: {error}.") from error
    out.mkdir(parents=True, exist_ok=True)
    files = [(arguments.model, taught, arguments.model_out)] if arguments.model_out else []
    for other, path, after in others:
        files.append((path, _matched(taught, model, other, images, out), after))
    slices = series_chapters.slices(found)
    blocks = [Paragraph(TOLD), *slices, *series_chapters.of_context(taught.context)]
    write_report(out, f"Scores in context for {model.card.name}", blocks, series.numbers(taught))
    for before, own, after in files:
        series.with_head(before, own, after)
    print(f"The report is {out / PAGE}.")


def _head_of(model: ExportedModel) -> SeriesHead:
    if model.card.series_head is None:
        raise ArgumentsError("The model has no series head that scores in context could go with.")
    return model.card.series_head


def read_logits(path: Path) -> dict[tuple[str, str], float | None]:
    """Log-odds by source and image; None where not assessable.

    Raises ArgumentsError for a table without COLUMNS, of an image twice or of something other than
    numbers; OSError.
    """
    try:
        rows = list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"), newline="")))
        keys = [(row["source"], row["image_id"]) for row in rows]
        values = [float(row["logit"]) if row["logit"] else None for row in rows]
    except (KeyError, TypeError, ValueError) as error:
        wanted = ", ".join(COLUMNS)
        raise ArgumentsError(
            f"{path} is no table of {wanted} with a number in each row."
        ) from error
    if not all(each is None or math.isfinite(each) for each in values):
        raise ArgumentsError(f"{path} has logits that are not finite.")
    if len(set(keys)) < len(keys):
        raise ArgumentsError(f"{path} has an image twice.")
    return dict(zip(keys, values, strict=True))


def _scored(
    images: Sequence[LabelledImage],
    logits: Mapping[tuple[str, str], float | None],
    card: ModelCard,
) -> list[ScoredImage]:
    """The images with their logits on the scale of the model. Raises ArgumentsError."""
    keys = [(image.source, image.image_id) for image in images]
    if left := len(set(keys) ^ set(logits)):
        raise ArgumentsError(f"DATA and the table of logits differ in {left} images.")
    return [
        ScoredImage(image.image_id, image.source, image.group, image.label, _bare(logit, card))
        for image, logit in zip(images, map(logits.__getitem__, keys), strict=True)
    ]


def _named(found: Sequence[Examination], source: str | None) -> list[Examination]:
    return [each if source is None else replace(each, source=source) for each in found]


def _bare(calibrated: float | None, card: ModelCard) -> float | None:
    """The logit of which the card's calibration makes these log-odds."""
    return None if calibrated is None else (calibrated - card.intercept) * card.temperature


def _matched(
    taught: SeriesHead,
    model: ExportedModel,
    other: ExportedModel,
    images: Sequence[LabelledImage],
    out: Path,
) -> SeriesHead:
    """The other file's own head with the score in context, matched by its slices' logits.

    Raises ArgumentsError for a file without a series head, and InputError.
    """
    own, hashes = _head_of(other), [sha256_of(image.path) for image in images]
    full, small = (
        [each.logits for each in series_fit.examinations(scored, fewest=0)]
        for each in (model, other)
        for scored in [series.scores_of(each, images, hashes, _scores_of(each, out))]
    )
    pairs = [
        pair for pair in zip(full, small, strict=True) if None not in map(own.probability, pair)
    ]
    return replace(own, context=slice_fit.matched(taught, pairs))


def _scores_of(model: ExportedModel, out: Path) -> Path:
    return out / f"scores-{model.sha256[:HASH_DIGITS]}.csv"
