"""``cranioscope-train series MODEL.onnx DATA [DATA ...] --out FOLDER``: fit a series head.

The images of one group of a folder are one examination, in the natural order of their names. Needs
no torch. Goes on from the scores that an earlier run of the same model has written.
"""

from __future__ import annotations

import argparse
import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from itertools import chain
from pathlib import Path
from typing import Any

import onnx

from model.card import LEARNT, ModelCard
from model.image_result import ImageResult
from model.series_head import SeriesHead
from trainer.arguments import ArgumentsError, at_least, model_parser
from trainer.data.labels import LabelledImage
from trainer.data.provenance import sha256_of
from trainer.data.reading_pool import InputError
from trainer.files import write_atomically, write_json
from trainer.heads.opening import opened
from trainer.reports import series_chapters
from trainer.reports.document import Paragraph
from trainer.reports.external import ExportedModel
from trainer.reports.report_folder import PAGE, write_report
from trainer.results import series_fit, slice_fit
from trainer.results.assessment import assess_files
from trainer.results.evaluation import to_json
from trainer.results.series_fit import ScoredImage, Shape, examinations

SCORES, HEAD = "scores.csv", "series-head.json"
BATCH = 64
HASH = "sha256"
COLUMNS = ("image_id", "source", "group", "label", "logit", "refused", HASH)


def parser() -> argparse.ArgumentParser:
    """The options of ``cranioscope-train series``."""
    made = model_parser(
        "series",
        "Fit the rule that makes a series' probability of its images' logits, and assess it by "
        "cross-validation over patients.",
        data="folder of whole, labelled examinations",
        out="where head and report go",
    )
    add = made.add_argument
    add("--model-out", type=Path, metavar="FILE.onnx", help="the model, its card with the head in")
    least = Shape().least
    add("--fewest", type=at_least(1), default=least, metavar="N", help=f"default: {least} images")
    return made


def main(argv: Sequence[str]) -> None:
    """Fit and assess as the arguments say. Raises what a person can mend, with sentences."""
    arguments = parser().parse_args(argv)
    out: Path = arguments.out
    model, folders = opened(arguments)
    images = [*chain(*folders.values())]
    hashes = [sha256_of(image.path) for image in images]
    told = learnt_from(model.card, hashes)
    if told and arguments.model_out is not None:
        raise ArgumentsError(f"No model is written. {told}")
    if told:
        print(f"WARNING: {told}", flush=True)
    out.mkdir(parents=True, exist_ok=True)
    scored = scores_of(model, images, hashes, out / SCORES)
    every = examinations(scored, arguments.fewest)
    found = series_fit.of_both_labels(every)
    if len(found) < len(every):
        print(f"Left out: {len(every) - len(found)} examinations of folders with one label alone.")
    try:
        head = slice_fit.with_context(series_fit.fit(found), found)
        validated = series_fit.cross_validated(found, Shape())
    except ValueError as error:
        raise ArgumentsError(f"No series head can be fitted: {error}.") from error
    write_json(out / HEAD, asdict(head))
    if arguments.model_out is not None:
        with_head(arguments.model, head, arguments.model_out)
    blocks = [
        *([Paragraph(told, warning=True)] if told else []),
        *series_chapters.fares(found, validated),
        *series_chapters.calibration(found, validated),
        *series_chapters.robust(found, validated),
        *series_chapters.slices(found),
        *series_chapters.thresholds(head),
    ]
    calibrations = to_json(series_chapters.calibrations(found, validated))
    figures = numbers(head) | {"calibration": calibrations}
    write_report(out, f"Series head for {model.card.name}", blocks, figures)
    print(f"The head is {out / HEAD}, the report {out / PAGE}.")


def learnt_from(card: ModelCard, hashes: Sequence[str]) -> str:
    """That the network has learnt from some of the images, in sentences; empty where it has not.

    ``hashes``: SHA-256 of the images' files.
    """
    learnt = sum(card.use_of(sha256) == LEARNT for sha256 in hashes)
    if not learnt:
        return ""
    return (
        f"The network has learnt from {learnt} of these {len(hashes)} images, so every figure is "
        "optimistic. The program would say that each examination was scored without its own "
        "patient, which is not so."
    )


def numbers(head: SeriesHead) -> dict[str, Any]:
    """JSON's values of a head."""
    found = {"weight": head.weight, "bias": head.bias, "default": head.threshold()}
    if (context := head.context) is not None:
        found |= {
            "slices/weight": context.weight,
            "slices/bias": context.bias,
            f"slices/{context.point.name}": context.point.threshold,
        }
    return found


def with_head(path: Path, head: SeriesHead, out: Path) -> None:
    """The model of ``path`` as it is, but for the series head in its card. Raises OSError."""
    model = onnx.load(path)
    card = ModelCard.from_metadata({entry.key: entry.value for entry in model.metadata_props})
    onnx.helper.set_model_props(model, replace(card, series_head=head).to_metadata())
    write_atomically(out, model.SerializeToString(deterministic=True))


def scores_of(
    model: ExportedModel, images: Sequence[LabelledImage], hashes: Sequence[str], path: Path
) -> list[ScoredImage]:
    """What the program gives for each image, kept in ``path``; what is there is not asked anew.

    Only the logits are taken from there, by the SHA-256 of the images' files (``hashes``): labels
    and groups are those of today. Raises ArgumentsError where the file holds another model's
    scores or is damaged, and InputError where images cannot be read.
    """
    known = _read(path, model.sha256)
    both = list(zip(images, hashes, strict=True))
    left = [(image, sha256) for image, sha256 in both if sha256 not in known]
    for start in range(0, len(left), BATCH):
        part = left[start : start + BATCH]
        results = _readable(assess_files([image.path for image, _ in part], model.session))
        for (_, sha256), result in zip(part, results, strict=True):
            known[sha256] = None if result.logit is None else round(result.logit, 5)
        done = {sha256: _scored(image, known[sha256]) for image, sha256 in both if sha256 in known}
        _write(path, model.sha256, done)
        count = sum(sha256 in known for sha256 in hashes)
        print(f"{count} of {len(images)} images assessed.", flush=True)
    return [_scored(image, known[sha256]) for image, sha256 in both]


def _scored(image: LabelledImage, logit: float | None) -> ScoredImage:
    return ScoredImage(image.image_id, image.source, image.group, image.label, logit)


def _readable(results: Sequence[ImageResult]) -> Sequence[ImageResult]:
    """The results as they are. Raises InputError where images could not be read, with all."""
    faults = [each for each in results if each.header is None]
    if faults:
        raise InputError("\n".join(f"{each.path}: {each.problems[0].sentence}" for each in faults))
    return results


def _read(path: Path, sha256: str) -> dict[str, float | None]:
    """Logits by the SHA-256 of the files; None: not assessable. Empty of a file without hashes."""
    if not path.exists():
        return {}
    first, _, rest = path.read_text("utf-8", errors="replace").partition("\n")
    if first != f"# {sha256}":
        raise ArgumentsError(f"{path} holds another model's scores; name another folder.")
    rows = csv.DictReader(io.StringIO(rest, newline=""))
    if HASH not in (rows.fieldnames or ()):
        return {}
    try:
        return {row[HASH]: None if row["refused"] == "1" else float(row["logit"]) for row in rows}
    except (KeyError, TypeError, ValueError) as error:
        raise ArgumentsError(f"{path} is damaged; delete it.") from error


def _write(path: Path, sha256: str, scored: Mapping[str, ScoredImage]) -> None:
    text = io.StringIO()
    text.write(f"# {sha256}\n")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for content, each in scored.items():
        refused = int(each.logit is None)
        row = (each.image_id, each.source, each.group, each.label, each.logit, refused, content)
        writer.writerow(row)
    write_atomically(path, text.getvalue())
