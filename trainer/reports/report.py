"""A finished run's report: report.html, summary.md, metrics.json and the figures beside them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from model.probability import UNCALIBRATED
from trainer.reports import chapters, gallery, plots, report_folder, subgroup_chapters
from trainer.reports.document import Block, Figure
from trainer.reports.gallery import Mistake
from trainer.reports.plots import Panel
from trainer.reports.report_folder import PAGE, write_report
from trainer.reports.run_pictures import pictures
from trainer.results import baseline, best_fold
from trainer.results.evaluation import Evaluation, Performance, evaluate, performance, plain
from trainer.results.predictions import Predictions
from trainer.results.run_folder import RunFolder
from trainer.results.subgroups import Subgroup, subgroups


@dataclass(frozen=True, eq=False)
class Results:
    """All that a run's report shows."""

    out_of_fold: Predictions
    test: Predictions
    evaluation: Evaluation
    without_anatomy: Performance
    best: int
    """The fold that is exported, unless another is asked for."""
    subgroups: tuple[Subgroup, ...]
    test_subgroups: tuple[Subgroup, ...]
    """Of the best fold's network."""
    worst: tuple[Mistake, ...]
    """Out of fold."""

    def to_dict(self) -> dict[str, Any]:
        """JSON's values of every number."""
        floor = self.without_anatomy
        return {
            **self.evaluation.to_dict(),
            "without_anatomy": plain({"auc": floor.auc, "half": floor.half}),
            "subgroups": plain(
                {
                    "out_of_fold": self.subgroups,
                    "test": {"fold": self.best, "sources": self.test_subgroups},
                }
            ),
            "worst_errors": plain(self.worst),
        }


def write(run: RunFolder) -> str:
    """Write all of it into the run's folder; returns the sentences to end a run with.

    Raises RunError for a run that is not finished, WeightsError for damaged weights, OSError.
    """
    results = gather(run)
    title = f"{run.class_name}: {run.settings.name}"
    write_report(run.path, title, _blocks(run, results), results.to_dict())
    pooled = results.evaluation.pooled
    return (
        f"Out of fold: AUC {chapters.number(pooled.auc)}, "
        f"accuracy {chapters.share(pooled.default.accuracy)}.\n"
        f"The report is {run.path / PAGE}."
    )


def gather(run: RunFolder) -> Results:
    """Every number of a run, of the folds that are finished. Raises RunError."""
    out_of_fold, test, images = run.out_of_fold(), run.test_predictions(), run.images()
    found = evaluate(run.class_name, out_of_fold, test)
    without = baseline.predict(images, run.parts(), run.finished, run.settings.seed)
    best = best_fold.choose(run.settings.name, out_of_fold, test, len(run.fold_numbers)).fold
    how = (images, found.fit.calibration, found.threshold)
    return Results(
        out_of_fold,
        test,
        found,
        performance(without, UNCALIBRATED, 0.5),
        best,
        subgroups(out_of_fold, *how),
        subgroups(test.of_fold(best), *how),
        gallery.worst(out_of_fold, *how),
    )


def _blocks(run: RunFolder, results: Results) -> list[Block]:
    found = results.evaluation
    epochs = {fold: run.epochs(fold) for fold in run.finished}
    best_by = run.settings.schedule.best_by.value
    panels = {"Out of fold, pooled": found.pooled}
    panels |= {f"Test scans, fold {fold}": assessed for fold, assessed in found.tests.items()}
    default = {title: assessed.default for title, assessed in panels.items()}
    return [
        *chapters.what_was_trained(run),
        *chapters.learning(epochs, best_by),
        Figure("learning_curves.png", plots.learning_curves(epochs), "Each fold's epochs."),
        *chapters.out_of_fold(run, found, results.without_anatomy),
        *chapters.test_scans(run, found),
        *report_folder.curves(
            [
                Panel("Out of fold", results.out_of_fold, together="pooled", auc=found.pooled.auc),
                Panel("Test scans", results.test),
            ]
        ),
        report_folder.counts(default, found.class_name),
        *_subgroups(results),
        *chapters.thresholds(found),
        *chapters.calibration(panels, found.fit.calibration, found.fit),
        report_folder.reliability(panels),
        report_folder.decision(
            results.out_of_fold,
            found.fit.calibration,
            found.threshold,
            "out of fold, where calibration and threshold were chosen, which flatters it",
        ),
        *gallery.chapter(results.worst, pictures(run, results.worst)),
    ]


def _subgroups(results: Results) -> list[Block]:
    threshold = results.evaluation.threshold
    blocks = subgroup_chapters.subgroups(results.subgroups, threshold, "out of fold")
    if results.test_subgroups:
        which = f"test scans by the network of fold {results.best}"
        blocks += subgroup_chapters.subgroups(
            results.test_subgroups, threshold, which, chosen_on=False
        )
    return blocks
