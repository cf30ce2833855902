"""``cranioscope-train evaluate MODEL.onnx DATA [DATA ...] --out FOLDER``: external validation.

Needs no torch: the file is run as the program runs it.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from imaging.input.recipe import Subject
from model.image_result import prediction
from model.probability import Numbers
from trainer.arguments import model_parser, refuse_inside, say_columns
from trainer.data.asked_labels import AskedLabels
from trainer.data.subgroup_columns import subgroup_columns
from trainer.files import write_atomically
from trainer.reports import (
    chapters,
    examinations,
    external,
    external_chapters,
    gallery,
    report_folder,
    slices,
    strata_chapter,
    subgroup_chapters,
)
from trainer.reports.document import Block
from trainer.reports.examinations import AssessedExamination
from trainer.reports.external import Assessed, ExternalResults
from trainer.reports.plots import Panel
from trainer.reports.report_folder import PAGE, write_report
from trainer.results.decision_curve import DecisionCurve, decision_curve
from trainer.results.evaluation import to_json
from trainer.results.strata import Stratum

IMAGES, EXAMINATIONS = "images.csv", "examinations.csv"
ASSESSED = "Assessed images"


def parser() -> argparse.ArgumentParser:
    """The options of ``cranioscope-train evaluate``."""
    made = model_parser(
        "evaluate",
        "Evaluate an exported model on labelled images that it has not learnt from, as the "
        "program would assess them.",
        data="folder with images and labels.csv in it",
        out="where the report is written",
    )
    add = made.add_argument
    say_columns(add)
    add(
        "--subgroup-column",
        action="append",
        default=[],
        metavar="NAME",
        help="holds subgroups, such as fracture; repeatable; age, sex and scanner are found by "
        "their names",
    )
    add(
        "--prevalence",
        type=_prevalence,
        metavar="P",
        help="between 0 and 1; predictive values are given at it, and only then",
    )
    return made


def main(argv: Sequence[str]) -> None:
    """Evaluate as the arguments say. Raises what a person can mend, with sentences."""
    arguments = parser().parse_args(argv)
    out: Path = arguments.out
    refuse_inside(out, arguments.data, "FOLDER")
    asked = AskedLabels.of(arguments)
    images, labelled_as = asked.images(), asked.class_name()
    print(*asked.columns_read(), sep="\n", flush=True)
    columns = subgroup_columns(images, arguments.subgroup_column)
    if columns:
        print(f"Results are given by {', '.join(columns)}.", flush=True)
    model = external.open_model(arguments.model)
    print(f"{model.name} assesses {len(images)} images.", flush=True)
    assessed = external.assess(model, images)
    found = external.results(assessed, arguments.prevalence)
    head = model.card.recipe.subject is Subject.HEAD_CT
    patients = examinations.assessed_examinations(assessed) if head else []
    context = examinations.in_context(assessed)
    of_slices = slices.figures(assessed, context)
    out.mkdir(parents=True, exist_ok=True)
    where = ", ".join(folder.resolve().name for folder in arguments.data)
    title = f"{model.card.class_name}: {model.name} on {where}"
    curve = decision_curve(assessed.predictions, model.card.calibration)
    by_column = {
        "images": strata_chapter.of_images(assessed, columns),
        "examinations": strata_chapter.of_examinations(assessed, patients, columns),
    }
    prevalence = arguments.prevalence
    blocks = _blocks(
        assessed, found, patients, by_column, of_slices, labelled_as, prevalence, curve
    )
    metrics = _metrics(assessed, found, prevalence)
    metrics |= {"examinations": examinations.numbers(patients), "by_column": to_json(by_column)}
    metrics["slices"] = slices.numbers(model.card, of_slices)
    write_report(out, title, blocks, metrics, curve)
    write_atomically(out / IMAGES, _images(assessed, context))
    write_atomically(out / EXAMINATIONS, examinations.table_of(patients))
    print(*_told(assessed, found), f"The report is {out / PAGE}.", sep="\n")


def _told(assessed: Assessed, found: ExternalResults) -> tuple[str, str]:
    known = found.assessed.performance
    return (
        external_chapters.learnt_from(assessed).text,
        f"{known.images} of {len(assessed.images)} images assessed. "
        f"AUC {chapters.number(known.auc)}, accuracy {chapters.share(known.default.accuracy)}.",
    )


def _blocks(
    assessed: Assessed,
    found: ExternalResults,
    patients: Sequence[AssessedExamination],
    by_column: Mapping[str, Sequence[Stratum]],
    of_slices: slices.Figures,
    labelled_as: str,
    prevalence: float | None,
    curve: DecisionCurve,
) -> list[Block]:
    card, predictions = assessed.model.card, assessed.predictions
    known = found.assessed.performance
    panels = {ASSESSED: known}
    shown = {
        mistake.image_id: assessed.input_with_heat_map(mistake.image_id) for mistake in found.worst
    }
    panel = Panel(ASSESSED, predictions, by_fold=False, together=ASSESSED, auc=known.auc)
    return [
        *external_chapters.what_was_assessed(assessed, labelled_as),
        *external_chapters.fares(found, card),
        *examinations.chapter(patients),
        *slices.chapter(of_slices),
        *external_chapters.operating_points(assessed, found, prevalence),
        *external_chapters.not_assessable(assessed, found),
        *report_folder.curves([panel]),
        report_folder.counts({ASSESSED: known.default, "All images": found.every}, labelled_as),
        *subgroup_chapters.subgroups(found.subgroups, card.threshold, "assessed images"),
        *strata_chapter.chapter(by_column["images"], by_column["examinations"]),
        *chapters.calibration(panels, card.calibration),
        report_folder.reliability(panels),
        report_folder.decision(curve, card.threshold, "assessed images"),
        *gallery.chapter(found.worst, shown),
    ]


def _images(assessed: Assessed, context: Numbers) -> str:
    """The table of images.csv: what the program gives for each."""
    rows = [
        {
            "image_id": image.image_id,
            "source": image.source,
            "group": image.group,
            "label": image.label,
            "used_by_the_run": use,
            "probability": result.probability,
            "logit": result.logit,
            "prediction": prediction(result, assessed.model.card.threshold),
            "status": result.status,
            "status_reason": " ".join(problem.code for problem in result.problems),
            "context_probability": score,
        }
        for image, result, use, score in zip(
            assessed.images, assessed.results, assessed.uses, context.tolist(), strict=True
        )
    ]
    return str(pd.DataFrame(rows).astype({"prediction": "Int64"}).to_csv(index=False))


def _metrics(
    assessed: Assessed, found: ExternalResults, prevalence: float | None
) -> dict[str, Any]:
    model, card = assessed.model, assessed.model.card
    return {
        "model": {"file": model.name, "sha256": model.sha256, "name": card.name},
        "training_data_fingerprint": card.data_fingerprint,
        "data_fingerprint": assessed.fingerprint,
        "is_the_training_data": assessed.is_the_training_data,
        "used_by_the_run": dict(Counter(use or "not" for use in assessed.uses)),
        "temperature": card.temperature,
        "intercept": card.intercept,
        "operating_points": to_json(card.operating_points),
        "novelty_cut": card.novelty_cut,
        "prevalence": prevalence,
        **found.to_dict(),
    }


def _prevalence(text: str) -> float:
    try:
        share = float(text)
    except ValueError:
        share = -1.0
    if not 0.0 < share < 1.0:
        raise argparse.ArgumentTypeError(f"{text} is no prevalence between 0 and 1")
    return share
