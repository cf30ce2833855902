"""``cranioscope-train evaluate MODEL.onnx DATA [DATA ...] --out FOLDER``: external validation.

Needs no torch: the file is run as the program runs it.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from trainer.arguments import ArgumentsError, refuse_inside
from trainer.data.sources import class_name_of, read_sources
from trainer.reports import (
    chapters,
    external,
    external_chapters,
    gallery,
    report_folder,
    subgroup_chapters,
)
from trainer.reports.document import Block
from trainer.reports.external import ExternalResults, Judged, ModelError
from trainer.reports.plots import Panel
from trainer.reports.report_folder import PAGE, write_report
from trainer.results.evaluation import plain
from trainer.results.metrics import accuracy


def parser() -> argparse.ArgumentParser:
    """The options of ``cranioscope-train evaluate``."""
    made = argparse.ArgumentParser(
        prog="cranioscope-train evaluate",
        description="Judge an exported model on labelled scans that it has not learnt from.",
    )
    add = made.add_argument
    add("model", type=Path, metavar="MODEL.onnx", help="file that cranioscope-export wrote")
    add("data", type=Path, nargs="+", metavar="DATA", help="folder with scans and labels.csv in it")
    add("--out", type=Path, required=True, metavar="FOLDER", help="where the report is written")
    add("--groups", type=Path, metavar="FILE", help="table [source,]image_id,group")
    add("--label-column", metavar="NAME", help="which column holds the labels, 0 or 1")
    add(
        "--prevalence",
        type=_prevalence,
        metavar="P",
        help="between 0 and 1; predictive values are given at it, and only then",
    )
    return made


def main(argv: Sequence[str]) -> None:
    """Judge as the arguments say. Raises what a person can mend, with sentences."""
    arguments = parser().parse_args(argv)
    out: Path = arguments.out
    refuse_inside(out, arguments.data, "FOLDER")
    images = read_sources(arguments.data, None, arguments.groups, arguments.label_column)
    labelled_as = class_name_of(arguments.data, None, arguments.label_column)
    try:
        model = external.open_model(arguments.model)
        print(f"{model.name} judges {len(images)} scans.", flush=True)
        assessed = external.answer(model, images)
    except ModelError as error:
        raise ArgumentsError(str(error)) from error
    found = external.results(assessed, arguments.prevalence)
    out.mkdir(parents=True, exist_ok=True)
    where = ", ".join(folder.resolve().name for folder in arguments.data)
    title = f"{model.card.class_name}: {model.name} on {where}"
    blocks = _blocks(assessed, found, labelled_as, arguments.prevalence)
    write_report(out, title, blocks, _metrics(assessed, found, arguments.prevalence))
    every = found.every.judgement
    print(external_chapters.learnt_from(assessed).text)
    print(f"AUC {chapters.number(every.auc)}, accuracy {chapters.share(accuracy(every.frozen))}.")
    print(f"The report is {out / PAGE}.")


def _blocks(
    assessed: Judged, found: ExternalResults, labelled_as: str, prevalence: float | None
) -> list[Block]:
    card, predictions = assessed.model.card, assessed.predictions()
    panels = {"All scans": found.every.judgement}
    if found.assessable is not None:
        panels["Assessable scans"] = found.assessable.judgement
    row_of = {image.image_id: row for row, image in enumerate(assessed.images)}
    pictures = {m.image_id: assessed.picture(row_of[m.image_id]) for m in found.worst}
    lines = [
        Panel(name, part, by_fold=False, together=name, auc=panels[name].auc)
        for name, part in (
            ("All scans", predictions),
            ("Assessable scans", assessed.predictions(assessed.assessable)),
        )
        if name in panels
    ]
    frozen = {name: judgement.frozen for name, judgement in panels.items()}
    return [
        *external_chapters.what_was_judged(assessed, labelled_as),
        *external_chapters.fares(found, card.threshold),
        *external_chapters.operating_points(assessed, found, prevalence),
        *external_chapters.not_assessable(assessed, found),
        *report_folder.curves(lines),
        report_folder.counts(frozen, labelled_as),
        *subgroup_chapters.subgroups(found.subgroups, card.threshold, "all scans"),
        *chapters.calibration(panels, card.temperature),
        report_folder.reliability(panels),
        report_folder.decision(predictions, card.temperature, card.threshold, "all scans"),
        *gallery.chapter(found.worst, pictures),
    ]


def _metrics(assessed: Judged, found: ExternalResults, prevalence: float | None) -> dict[str, Any]:
    model, card = assessed.model, assessed.model.card
    return {
        "model": {"file": model.name, "sha256": model.sha256, "name": card.name},
        "training_data_fingerprint": card.data_fingerprint,
        "data_fingerprint": assessed.fingerprint,
        "is_the_training_data": assessed.is_the_training_data,
        "used_by_the_run": dict(Counter(use or "not" for use in assessed.uses)),
        "temperature": card.temperature,
        "operating_points": plain(card.operating_points),
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
