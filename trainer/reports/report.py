"""A finished run's report: report.html, summary.md, metrics.json and the figures beside them.

``cranioscope-train report RUN`` writes it again, also where only metrics.json was kept of a run.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from imaging.input.recipe import Subject
from model.probability import UNCALIBRATED
from trainer.arguments import ArgumentsError
from trainer.files import write_atomically
from trainer.reports import chapters, gallery, plots, report_folder, subgroup_chapters
from trainer.reports.checklist import QUESTIONS, checklist
from trainer.reports.document import Block, Figure, to_markdown
from trainer.reports.gallery import Mistake
from trainer.reports.plots import Panel
from trainer.reports.report_folder import METRICS, PAGE, SUMMARY, write_report
from trainer.reports.run_inputs import inputs_with_heat_maps
from trainer.results import baseline, best_fold
from trainer.results.decision_curve import DecisionCurve, decision_curve
from trainer.results.evaluation import (
    Evaluation,
    Performance,
    evaluate,
    from_json,
    performance,
    to_json,
)
from trainer.results.record import RunRecord
from trainer.results.run_folder import RUN, RunError, RunFolder
from trainer.results.subgroups import Subgroup, subgroups


@dataclass(frozen=True)
class Results:
    """All that a run's summary shows, kept in metrics.json."""

    record: RunRecord
    evaluation: Evaluation
    without_anatomy: Performance
    best: int
    """The fold that is exported, unless another is asked for."""
    subgroups: tuple[Subgroup, ...]
    """Out of fold."""
    test_subgroups: tuple[Subgroup, ...]
    """Of the best fold's network."""
    worst: tuple[Mistake, ...]
    """Out of fold."""

    @property
    def title(self) -> str:
        """The heading of the page."""
        return f"{self.record.class_name}: {self.record.settings.name}"

    def to_dict(self) -> dict[str, Any]:
        """JSON's values of every figure."""
        return {
            "run": {**to_json(self.record), "settings": self.record.settings.to_dict()},
            **self.evaluation.to_dict(),
            "without_anatomy": to_json(self.without_anatomy),
            "subgroups": to_json(
                {
                    "out_of_fold": self.subgroups,
                    "test": {"fold": self.best, "sources": self.test_subgroups},
                }
            ),
            "worst_errors": to_json(self.worst),
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Results:
        """Read ``to_dict``'s values. Raises ValueError, KeyError for others."""
        names = [part.name for part in fields(Evaluation) if part.name in values]
        tests = values["subgroups"]["test"]
        return cls(
            record=RunRecord.from_dict(values["run"]),
            evaluation=from_json(Evaluation, {name: values[name] for name in names}),
            without_anatomy=from_json(Performance, values["without_anatomy"]),
            best=int(tests["fold"]),
            subgroups=from_json(tuple[Subgroup, ...], values["subgroups"]["out_of_fold"]),
            test_subgroups=from_json(tuple[Subgroup, ...], tests["sources"]),
            worst=from_json(tuple[Mistake, ...], values["worst_errors"]),
        )


def parser() -> argparse.ArgumentParser:
    """The options of ``cranioscope-train report``."""
    made = argparse.ArgumentParser(
        prog="cranioscope-train report",
        description="Write the report of a run again: all of it from the run's folder, or the "
        "summary alone where only metrics.json was kept.",
        epilog="NAME is one of: " + "; ".join(f"{name} ({q})" for name, q in QUESTIONS.items()),
    )
    made.add_argument("run", type=Path, metavar="RUN", help="folder that cranioscope-train wrote")
    made.add_argument(
        "--describe",
        action="append",
        default=[],
        metavar="NAME=TEXT",
        help="what a run cannot know, for the reporting checklist; kept in the run; repeatable",
    )
    return made


def main(argv: Sequence[str]) -> None:
    """Write as the arguments say. Raises ArgumentsError, RunError, OSError."""
    arguments = parser().parse_args(argv)
    told = described(arguments.describe)
    folder: Path = arguments.run
    if (folder / RUN).exists() or not (folder / METRICS).exists():
        run = RunFolder(folder)
        if told:
            run.describe(told)
        print(write(run))
        return
    if told:
        raise ArgumentsError(f"{folder} is no whole run: --describe has nowhere to keep it.")
    print(f"The summary is {write_summary(folder)}.")


def described(given: Sequence[str]) -> dict[str, str]:
    """What was told, by its name. Raises ArgumentsError for a name that nothing asks for."""
    told = {}
    for each in given:
        name, equals, text = each.partition("=")
        if not equals or name not in QUESTIONS:
            known = ", ".join(QUESTIONS)
            raise ArgumentsError(f'--describe: "{each}" is no NAME=TEXT. The names are: {known}.')
        told[name] = text.strip()
    return told


def write_summary(folder: Path) -> Path:
    """Write summary.md from metrics.json alone; returns its path. Raises RunError, OSError."""
    try:
        values = json.loads((folder / METRICS).read_text(encoding="utf-8"))
        results = Results.from_dict(values)
    except (KeyError, TypeError, ValueError) as error:
        raise RunError(f"{folder / METRICS} is damaged or of another version ({error}).") from error
    target = folder / SUMMARY
    write_atomically(target, to_markdown(results.title, _text(results)))
    return target


def write(run: RunFolder) -> str:
    """Write all of it into the run's folder; returns the sentences to end a run with.

    Raises RunError for a run that is not finished, WeightsError for damaged weights, OSError.
    """
    results = gather(run)
    curve = decision_curve(run.out_of_fold(), results.evaluation.fit.calibration)
    blocks = _blocks(run, results, curve)
    write_report(run.path, results.title, blocks, results.to_dict(), curve)
    pooled = results.evaluation.pooled
    note = f"WARNING: {results.record.note}\n" if results.record.note else ""
    return (
        f"{note}Out of fold: AUC {chapters.number(pooled.auc)}, "
        f"accuracy {chapters.share(pooled.default.accuracy)}.\n"
        f"The report is {run.path / PAGE}."
    )


def gather(run: RunFolder) -> Results:
    """Every figure of a run, of the folds that are finished. Raises RunError."""
    out_of_fold, test, images = run.out_of_fold(), run.test_predictions(), run.images()
    found = evaluate(run.class_name, out_of_fold, test)
    without = baseline.predict(images, run.parts(), run.finished, run.settings.seed)
    best = best_fold.choose(run.settings.name, out_of_fold, test, len(run.fold_numbers)).fold
    how = (images, found.fit.calibration, found.threshold)
    return Results(
        RunRecord.of(run),
        found,
        performance(without, UNCALIBRATED, 0.5),
        best,
        subgroups(out_of_fold, *how),
        subgroups(test.of_fold(best), *how),
        gallery.worst(out_of_fold, *how),
    )


def _blocks(run: RunFolder, results: Results, curve: DecisionCurve) -> list[Block]:
    """The whole page: the summary's chapters with figures between them."""
    found = results.evaluation
    epochs = {fold: run.epochs(fold) for fold in run.finished}
    panels = _panels(found)
    curves = [
        Panel("Out of fold", run.out_of_fold(), together="pooled", auc=found.pooled.auc),
        Panel("Internal test set", run.test_predictions()),
    ]
    default = {title: assessed.default for title, assessed in panels.items()}
    return [
        *_trained(results),
        Figure("learning_curves.png", plots.learning_curves(epochs), "Each fold's epochs."),
        *_results(results),
        *report_folder.curves(curves),
        report_folder.counts(default, found.class_name),
        *_subgroups(results),
        *_calibration(results),
        report_folder.reliability(panels),
        report_folder.decision(
            curve,
            found.threshold,
            "out of fold; calibration and threshold were chosen there, so it is optimistic",
        ),
        *gallery.chapter(results.worst, inputs_with_heat_maps(run, results.worst)),
        *_asked(results),
    ]


def _text(results: Results) -> list[Block]:
    """The chapters of a run of which only the figures were kept."""
    return [
        *_trained(results),
        *_results(results),
        *_subgroups(results),
        *_calibration(results),
        *_asked(results),
    ]


def _trained(results: Results) -> list[Block]:
    return [*chapters.what_was_trained(results.record), *chapters.learning(results.record)]


def _results(results: Results) -> list[Block]:
    found, record = results.evaluation, results.record
    return [
        *chapters.out_of_fold(record, found, results.without_anatomy),
        *chapters.test_images(record, found, results.best),
    ]


def _calibration(results: Results) -> list[Block]:
    found = results.evaluation
    return [
        *chapters.thresholds(found),
        *chapters.calibration(_panels(found), found.fit.calibration, found.fit),
    ]


def _asked(results: Results) -> list[Block]:
    """TRIPOD+AI and CLAIM ask of patients; of other images nothing."""
    if results.record.settings.recipe.subject is not Subject.HEAD_CT:
        return []
    return checklist(results.record, results.evaluation, results.subgroups, results.best)


def _panels(found: Evaluation) -> dict[str, Performance]:
    panels = {"Out of fold, pooled": found.pooled}
    return panels | {f"Internal test set, fold {fold}": each for fold, each in found.tests.items()}


def _subgroups(results: Results) -> list[Block]:
    threshold = results.evaluation.threshold
    blocks = subgroup_chapters.subgroups(results.subgroups, threshold, "out of fold")
    if results.test_subgroups:
        which = f"internal test set by the network of fold {results.best}"
        blocks += subgroup_chapters.subgroups(
            results.test_subgroups, threshold, which, chosen_on=False
        )
    return blocks
