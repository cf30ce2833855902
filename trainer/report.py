"""A finished run's report: report.html, summary.md, metrics.json and the figures beside them."""

from __future__ import annotations

from trainer import baseline, chapters, plots
from trainer.document import Block, Figure, to_html, to_markdown
from trainer.evaluation import Evaluation, Judgement, evaluate, judge
from trainer.files import write_atomically, write_json
from trainer.metrics import accuracy
from trainer.predictions import Predictions
from trainer.run_folder import RunFolder

METRICS, PAGE, SUMMARY = "metrics.json", "report.html", "summary.md"


def write(run: RunFolder) -> str:
    """Write all of it into the run's folder; returns the sentences to end a run with.

    Raises RunError for a run that is not finished, OSError.
    """
    out_of_fold, test = run.out_of_fold(), run.test_predictions()
    results = evaluate(run.class_name, out_of_fold, test)
    without = baseline.predict(run.scans(), run.parts(), run.fold_numbers, run.settings.seed)
    floor = judge(without, 1.0, 0.5)
    blocks = _blocks(run, (out_of_fold, test), results, floor)
    for block in blocks:
        if isinstance(block, Figure):
            write_atomically(run.path / block.name, block.png)
    title = f"{run.class_name}: {run.settings.name}"
    write_atomically(run.path / PAGE, to_html(title, blocks))
    write_atomically(run.path / SUMMARY, to_markdown(title, blocks))
    beside = {"auc": vars(floor.auc), "half": vars(floor.half)}
    write_json(run.path / METRICS, {**results.to_dict(), "without_anatomy": beside})
    return (
        f"Out of fold: AUC {chapters.number(results.pooled.auc)}, "
        f"accuracy {chapters.share(accuracy(results.pooled.frozen))}.\n"
        f"The report is {run.path / PAGE}."
    )


def _blocks(
    run: RunFolder,
    predicted: tuple[Predictions, Predictions],
    results: Evaluation,
    floor: Judgement,
) -> list[Block]:
    out_of_fold, test = predicted
    epochs = {fold: run.epochs(fold) for fold in run.fold_numbers}
    return [
        *chapters.what_was_trained(run),
        *chapters.learning(epochs, run.settings.schedule.best_by.value),
        Figure("learning_curves.png", plots.learning_curves(epochs), "Each fold's epochs."),
        *chapters.out_of_fold(results, floor),
        *chapters.test_scans(run, results),
        Figure("roc.png", plots.roc(out_of_fold, test, results), "ROC."),
        Figure(
            "precision_recall.png",
            plots.precision_recall(out_of_fold, test),
            "Precision and sensitivity at these scans' prevalence (dotted).",
        ),
        Figure("confusion.png", plots.confusion(results), "Counts at the frozen threshold."),
        *chapters.thresholds(results),
        *chapters.calibration(results),
        Figure(
            "reliability.png",
            plots.reliability(results),
            "Observed share over probability with Wilson bars; below, how many scans.",
        ),
        Figure(
            "decision.png",
            plots.decision(out_of_fold, results),
            "Decision curve at these scans' prevalence.",
        ),
    ]
