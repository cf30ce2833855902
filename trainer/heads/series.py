"""``cranioscope-train series MODEL.onnx DATA [DATA ...] --out FOLDER``: fit a series head.

The images of one group of a folder are one examination, in the natural order of their names. Needs
no torch. Goes on from the scores that an earlier run of the same model has written.
"""

from __future__ import annotations

import argparse
import csv
import io
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path

import onnx

from model.card import ModelCard
from model.image_result import ImageResult
from model.series_head import SeriesHead
from trainer.arguments import ArgumentsError, at_least, model_parser, refuse_inside
from trainer.data.inputs import InputError
from trainer.data.labels import LabelledImage, read_labels
from trainer.files import write_atomically, write_json
from trainer.reports import external, series_chapters
from trainer.reports.external import ExportedModel
from trainer.reports.report_folder import PAGE, write_report
from trainer.results import series_fit
from trainer.results.assessment import assess_files
from trainer.results.series_fit import ScoredImage, Shape, examinations

SCORES, HEAD = "scores.csv", "series-head.json"
BATCH = 64
COLUMNS = ("image_id", "source", "group", "label", "logit", "refused")


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
    refuse_inside(out, arguments.data, "FOLDER")
    model = external.open_model(arguments.model)
    out.mkdir(parents=True, exist_ok=True)
    # Not joined by content as for training: blank images would make two patients one.
    images = [image for folder in arguments.data for image in read_labels(folder, arguments.labels)]
    scored = scores_of(model, images, out / SCORES)
    found = examinations(scored, arguments.fewest)
    try:
        head = series_fit.fit(found)
        validated = series_fit.cross_validated(found, Shape())
    except ValueError as error:
        raise ArgumentsError(f"No series head can be fitted: {error}.") from error
    write_json(out / HEAD, asdict(head))
    if arguments.model_out is not None:
        with_head(arguments.model, head, arguments.model_out)
    blocks = [
        *series_chapters.fares(found, validated),
        *series_chapters.robust(found, validated),
        *series_chapters.images(scored),
        *series_chapters.thresholds(head),
    ]
    numbers = {"weight": head.weight, "bias": head.bias, "default": head.threshold()}
    write_report(out, f"Series head for {model.card.name}", blocks, numbers)
    print(f"The head is {out / HEAD}, the report {out / PAGE}.")


def with_head(path: Path, head: SeriesHead, out: Path) -> None:
    """The model of ``path`` as it is, but for the series head in its card. Raises OSError."""
    model = onnx.load(path)
    card = ModelCard.from_metadata({entry.key: entry.value for entry in model.metadata_props})
    onnx.helper.set_model_props(model, replace(card, series_head=head).to_metadata())
    write_atomically(out, model.SerializeToString(deterministic=True))


def scores_of(
    model: ExportedModel, images: Sequence[LabelledImage], path: Path
) -> list[ScoredImage]:
    """What the program gives for each image, kept in ``path``; what is there is not asked anew.

    Raises ArgumentsError where the file holds another model's scores, and InputError where images
    cannot be read.
    """
    known = _read(path, model.sha256)
    left = [image for image in images if (image.source, image.image_id) not in known]
    for start in range(0, len(left), BATCH):
        part = left[start : start + BATCH]
        results = _readable(assess_files([each.path for each in part], model.session))
        for image, result in zip(part, results, strict=True):
            logit = None if result.logit is None else round(result.logit, 5)
            known[image.source, image.image_id] = ScoredImage(
                image.image_id, image.source, image.group, image.label, logit
            )
        _write(path, model.sha256, list(known.values()))
        print(f"{len(known)} of {len(images)} images assessed.", flush=True)
    return [known[image.source, image.image_id] for image in images]


def _readable(results: Sequence[ImageResult]) -> Sequence[ImageResult]:
    """The results as they are. Raises InputError where images could not be read, with all."""
    faults = [each for each in results if each.header is None]
    if faults:
        raise InputError("\n".join(f"{each.path}: {each.problems[0].sentence}" for each in faults))
    return results


def _read(path: Path, sha256: str) -> dict[tuple[str, str], ScoredImage]:
    if not path.exists():
        return {}
    lines = path.read_text("utf-8").splitlines()
    if not lines or lines[0] != f"# {sha256}":
        raise ArgumentsError(f"{path} holds another model's scores; name another folder.")
    rows = csv.DictReader(lines[1:])
    return {
        (row["source"], row["image_id"]): ScoredImage(
            row["image_id"],
            row["source"],
            row["group"],
            int(row["label"]),
            None if row["refused"] == "1" else float(row["logit"]),
        )
        for row in rows
    }


def _write(path: Path, sha256: str, scored: Sequence[ScoredImage]) -> None:
    text = io.StringIO()
    text.write(f"# {sha256}\n")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for each in scored:
        writer.writerow(
            (
                each.image_id,
                each.source,
                each.group,
                each.label,
                each.logit,
                int(each.logit is None),
            )
        )
    write_atomically(path, text.getvalue())
