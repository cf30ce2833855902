"""``cranioscope-train series MODEL.onnx DATA [DATA ...] --out FOLDER``: fit a series head.

The images of one group of a folder are one examination, in the natural order of their names. Needs
no torch. Goes on from the answers that an earlier run of the same model has written.
"""

from __future__ import annotations

import argparse
import csv
import io
import tempfile
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from natsort import natsorted, ns

from imaging.input.prepare import is_blank
from model.card import Confusion
from model.series_head import Logits, SeriesHead, in_context
from trainer.arguments import ArgumentsError, refuse_inside
from trainer.data.inputs import network_inputs
from trainer.data.labels import LabelledImage, read_labels
from trainer.files import write_atomically, write_json
from trainer.reports import chapters, external
from trainer.reports.document import Block, Heading, Paragraph, Table
from trainer.reports.external import ExportedModel, ModelError
from trainer.reports.report_folder import PAGE, write_report
from trainer.results import bootstrap, series_fit
from trainer.results.metrics import confusion_at, sensitivity, specificity
from trainer.results.series_fit import CrossValidated, Examination, Shape

ANSWERS, HEAD = "answers.csv", "series-head.json"
BATCH = 64
COLUMNS = ("image_id", "source", "group", "label", "logit", "refused")


@dataclass(frozen=True)
class Answer:
    """What a model says of one labelled image."""

    image_id: str
    source: str
    group: str
    label: int
    logit: float
    refused: bool
    """Blank, or too far from the training images: the program gives it no probability."""


def parser() -> argparse.ArgumentParser:
    """The options of ``cranioscope-train series``."""
    made = argparse.ArgumentParser(
        prog="cranioscope-train series",
        description="Fit the rule that makes a series' probability of its images' logits, and "
        "judge it by cross-validation over patients.",
    )
    add = made.add_argument
    add("model", type=Path, metavar="MODEL.onnx", help="file that cranioscope-export wrote")
    add("data", type=Path, nargs="+", metavar="DATA", help="folder of whole, labelled examinations")
    add("--out", type=Path, required=True, metavar="FOLDER", help="where head and report go")
    add("--fewest", type=int, default=8, metavar="N", help="images of an examination (default: 8)")
    return made


def main(argv: Sequence[str]) -> None:
    """Fit and judge as the arguments say. Raises what a person can mend, with sentences."""
    arguments = parser().parse_args(argv)
    out: Path = arguments.out
    refuse_inside(out, arguments.data, "FOLDER")
    try:
        model = external.open_model(arguments.model)
    except ModelError as error:
        raise ArgumentsError(str(error)) from error
    out.mkdir(parents=True, exist_ok=True)
    # Not joined by content as for training: blank images would make two patients one.
    images = [image for folder in arguments.data for image in read_labels(folder)]
    answers = answered(model, images, out / ANSWERS)
    found = examinations(answers, arguments.fewest)
    try:
        head = series_fit.fit(found)
        judged = series_fit.cross_validated(found, Shape())
    except ValueError as error:
        raise ArgumentsError(f"No series head can be fitted: {error}.") from error
    write_json(out / HEAD, asdict(head))
    blocks = [
        *_fares(found, judged),
        *_robust(found, judged),
        *_images(answers),
        *_thresholds(head),
    ]
    numbers = {"weight": head.weight, "bias": head.bias, "default": head.threshold()}
    write_report(out, f"Series head for {model.card.name}", blocks, numbers)
    print(f"The head is {out / HEAD}, the report {out / PAGE}.")


def answered(model: ExportedModel, images: Sequence[LabelledImage], path: Path) -> list[Answer]:
    """The model's answer for each image, kept in ``path``; those that are there are not asked anew.

    Raises ArgumentsError where the file holds another model's answers.
    """
    known = _read(path, model.sha256)
    left = [image for image in images if (image.source, image.image_id) not in known]
    for start in range(0, len(left), BATCH):
        part = left[start : start + BATCH]
        with tempfile.TemporaryDirectory() as cache:
            inputs = network_inputs([each.path for each in part], model.card.recipe, Path(cache))
        given = model.session.answer(inputs)
        far = given.novelty > model.card.novelty_cut
        for row, image in enumerate(part):
            refused = bool(far[row]) or is_blank(inputs[row])
            logit = round(float(given.logit[row]), 5)
            known[image.source, image.image_id] = Answer(
                image.image_id, image.source, image.group, image.label, logit, refused
            )
        _write(path, model.sha256, list(known.values()))
        print(f"{len(known)} of {len(images)} images judged.", flush=True)
    return [known[image.source, image.image_id] for image in images]


def examinations(answers: Sequence[Answer], fewest: int) -> list[Examination]:
    """The answers by source and group, in the natural order of their names.

    Groups of fewer than ``fewest`` assessed images are no examinations.
    """
    members: dict[tuple[str, str], list[Answer]] = defaultdict(list)
    for answer in answers:
        members[answer.source, answer.group].append(answer)
    found = []
    for (source, group), part in members.items():
        ordered = natsorted(part, key=lambda each: each.image_id, alg=ns.INT)
        logits = tuple(None if each.refused else each.logit for each in ordered)
        if sum(logit is not None for logit in logits) >= fewest:
            label = max(each.label for each in part)
            found.append(Examination(source, group, label, logits))
    return found


def _read(path: Path, sha256: str) -> dict[tuple[str, str], Answer]:
    if not path.exists():
        return {}
    lines = path.read_text("utf-8").splitlines()
    if not lines or lines[0] != f"# {sha256}":
        raise ArgumentsError(f"{path} holds another model's answers; name another folder.")
    rows = csv.DictReader(lines[1:])
    return {
        (row["source"], row["image_id"]): Answer(
            row["image_id"],
            row["source"],
            row["group"],
            int(row["label"]),
            float(row["logit"]),
            row["refused"] == "1",
        )
        for row in rows
    }


def _write(path: Path, sha256: str, answers: Sequence[Answer]) -> None:
    text = io.StringIO()
    text.write(f"# {sha256}\n")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for each in answers:
        writer.writerow(
            (each.image_id, each.source, each.group, each.label, each.logit, int(each.refused))
        )
    write_atomically(path, text.getvalue())


def _fares(found: Sequence[Examination], judged: CrossValidated) -> list[Block]:
    """Sensitivity and specificity of the examinations, by source."""
    sources = sorted({each.source for each in found})
    rows = []
    for source in ("", *sources) if len(sources) > 1 else sources:
        inside = np.array([source in ("", each.source) for each in found])
        counts = confusion_at(judged.labels[inside], judged.called[inside].astype(float), 0.5)
        groups = [f"{e.source}/{e.group}" for e, here in zip(found, inside, strict=True) if here]
        area = bootstrap.auc(judged.labels[inside], judged.probabilities[inside], groups)
        rows.append(
            (
                source or "all",
                f"{inside.sum()} ({judged.labels[inside].sum()} +)",
                chapters.number(area),
                *_shares(counts),
            )
        )
    return [
        Heading("Examinations"),
        Table(
            "Out of fold by patient: head and default threshold come from the other folds; "
            "95 % intervals",
            ("", "examinations", "AUC", "sensitivity", "specificity"),
            tuple(rows),
        ),
    ]


def _shares(counts: Confusion) -> tuple[str, str]:
    return chapters.share(sensitivity(counts)), chapters.share(specificity(counts))


def _robust(found: Sequence[Examination], judged: CrossValidated) -> list[Block]:
    """How the examinations fare when their series are cut or doubled, by one head for all."""
    head = series_fit.fit(found)
    rows = []
    for name, change in CHANGES.items():
        given = [head.probability(change(each.logits)) for each in found]
        known = np.array([value is not None for value in given])
        labels = judged.labels[known]
        values = np.array([value for value in given if value is not None])
        counts = confusion_at(labels, values, head.threshold())
        rows.append((name, f"{known.sum()} ({labels.sum()} +)", *_shares(counts)))
    return [
        Heading("Cut and doubled series"),
        Paragraph("The head was fitted to these examinations: compare the rows with the first."),
        Table(
            "At the default threshold",
            ("series", "examinations", "sensitivity", "specificity"),
            tuple(rows),
        ),
    ]


CHANGES: dict[str, Callable[[Logits], Logits]] = {
    "as they are": lambda logits: logits,
    "every second image": lambda logits: logits[::2],
    "every image twice": lambda logits: tuple(np.repeat(np.array(logits, dtype=object), 2)),
    "every image four times": lambda logits: tuple(np.repeat(np.array(logits, dtype=object), 4)),
    "one image in four not assessable": lambda logits: tuple(
        None if place % 4 == 3 else each for place, each in enumerate(logits)
    ),
    "without the lowest third": lambda logits: logits[len(logits) // 3 :],
    "without the highest third": lambda logits: logits[: len(logits) - len(logits) // 3],
}
"""Series as other scanners and senders would have made them of the same heads."""


def _images(answers: Sequence[Answer]) -> list[Block]:
    """AUC of single images, each alone and averaged with its neighbours, by source."""
    rows = []
    for source in sorted({each.source for each in answers}):
        part = natsorted(
            (each for each in answers if each.source == source),
            key=lambda each: (each.group, each.image_id),
            alg=ns.INT,
        )
        labels = np.array([each.label for each in part], dtype=np.int64)
        groups = [each.group for each in part]
        alone = np.array([each.logit for each in part])
        context = np.empty(len(part))
        for group in set(groups):
            inside = np.array([each == group for each in groups])
            context[inside] = np.array(in_context(alone[inside].tolist(), 0.25), dtype=np.float64)
        areas = (bootstrap.auc(labels, values, groups) for values in (alone, context))
        rows.append((source, f"{len(part)} ({labels.sum()} +)", *map(chapters.number, areas)))
    return [
        Heading("Images"),
        Table(
            "AUC with 95 % intervals by patient; the model was not fitted anew",
            ("", "images", "each alone", "averaged with its neighbours"),
            tuple(rows),
        ),
    ]


def _thresholds(head: SeriesHead) -> list[Block]:
    rows = tuple((each.name, f"{each.threshold:.3f}", each.rule) for each in head.thresholds)
    balance = (
        "The probability is of a series drawn from as many with the finding as without: both "
        "labels count alike in the regression."
    )
    table = Table("On the series' probability", ("", "threshold", "rule"), rows)
    return [Heading("Operating points"), Paragraph(balance), table]
