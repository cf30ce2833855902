"""The chapters of a report: results as sentences and tables, each with counts and intervals."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import pandas as pd

from model.confusion import Confusion
from model.probability import Calibration
from model.proportion import Interval, Proportion
from trainer.data.folds import PRACTICE, TEST
from trainer.data.labels import LabelledImage
from trainer.reports.document import Block, Heading, Paragraph, Table
from trainer.results.best_fold import ARTICLE, by_test
from trainer.results.bootstrap import FEWEST_GROUPS
from trainer.results.calibration import Fit
from trainer.results.evaluation import Evaluation, Performance
from trainer.results.run_folder import RunFolder

RESULTS = ("", "scans", "AUC", "sensitivity", "specificity", "accuracy")
CALIBRATION = (
    *("", "images", "Brier", "slope before", "slope after", "intercept before"),
    *("intercept after", "ECE", "ECE of a perfect network"),
)
INTERVALS = (
    "Counts with 95 % intervals: Wilson's for proportions, which takes scans as independent and "
    "is too narrow where groups hold several; for the AUC a bootstrap that draws groups, not "
    f"scans, where each class is in {FEWEST_GROUPS} groups at least, and where the classes are "
    "wholly apart, Hanley and McNeil's standard error."
)


def what_was_trained(run: RunFolder) -> list[Block]:
    """Data, split and recipe."""
    settings, parts, images = run.settings, run.parts(), run.images()
    test, practice = (sum(part.fold == kind for part in parts) for kind in (TEST, PRACTICE))
    aside = f"{test} for the test" + (f", {practice} learnt from only" if practice else "")
    grouped = "by group" if settings.data.grouped else "at random, groups divided"
    recipe = settings.recipe
    crop = "cropped to the head" if recipe.crop_to_head else "not cropped to the head"
    rows = (
        ("scans", f"{len(images)}, {run.run['positives']} with {run.class_name}"),
        ("groups", groups_of(images)),
        ("split", f"{grouped}: {aside}, the rest in {settings.data.folds} folds"),
        ("folds trained", _folds(run)),
        ("input", f"{recipe.size}×{recipe.size}, {crop}, {recipe.fit.value}"),
        ("weights at the start", run.run["init"]["name"]),
        ("convolutions", "frozen" if settings.network.frozen_backbone else "trained"),
        ("epochs", f"up to {settings.schedule.epochs}, patience {settings.schedule.patience}"),
        ("seed", str(settings.seed)),
        ("licence of the data", settings.data.licence),
        ("sources", "; ".join(settings.data.sources) or "not given"),
        ("data fingerprint", run.run["data_fingerprint"][:16]),
        ("versions", ", ".join(f"{k} {v}" for k, v in run.run["versions"].items())),
    )
    return [
        Paragraph("Research use, not for primary diagnosis."),
        Heading("What was trained"),
        Table(f"Recipe {settings.name}", ("", ""), rows),
    ]


def groups_of(images: Sequence[LabelledImage]) -> str:
    """How many groups there are, and how many hold each class."""
    every, *by_class = (
        len({image.group for image in images if image.label in labels})
        for labels in ((0, 1), (1,), (0,))
    )
    return f"{every}; {by_class[0]} with a positive, {by_class[1]} with a negative"


def _folds(run: RunFolder) -> str:
    folds = run.settings.data.folds
    if len(run.finished) == folds:
        return f"all {folds}"
    return f"{', '.join(str(fold) for fold in run.finished)} (numbers) of {folds}"


def learning(epochs: Mapping[int, pd.DataFrame], best_by: str) -> list[Block]:
    """Each fold's first, best and last epoch."""
    rows = []
    for fold, table in epochs.items():
        place = table[best_by].idxmin() if "loss" in best_by else table[best_by].idxmax()
        best = table.loc[place]
        rows.append(
            (
                f"fold {fold}",
                str(len(table)),
                f"{best['epoch']:.0f}",
                f"{table['train_loss'].iloc[0]:.3f} → {table['train_loss'].iloc[-1]:.3f}",
                f"{table['val_loss'].iloc[0]:.3f} → {best['val_loss']:.3f}",
                f"{100 * table['val_accuracy'].iloc[0]:.1f} → {100 * best['val_accuracy']:.1f} %",
            )
        )
    columns = ("", "epochs", "best", "training loss", "validation loss", "validation accuracy")
    caption = f"First epoch → last (training) or best (validation, by {best_by})"
    return [Heading("Learning"), Table(caption, columns, tuple(rows))]


def out_of_fold(run: RunFolder, results: Evaluation, floor: Performance) -> list[Block]:
    """Pooled and per fold, with what can be had without anatomy beside it."""
    assessed = results.pooled.images
    shared = sum(part.fold not in (TEST, PRACTICE) for part in run.parts())
    which = "Every training scan is"
    if assessed < shared:
        which = f"{assessed} of {shared} training scans, those held out of the folds above, are"
    named = {f"fold {fold}": found for fold, found in results.folds.items()}
    rows = [result_row(name, found, found.default) for name, found in named.items()]
    rows.append(result_row("pooled", results.pooled, results.pooled.default))
    rows.append(result_row("without anatomy", floor, floor.half))
    return [
        Heading("Out-of-fold results"),
        Paragraph(
            f"{which} predicted once, by the network that did not learn from it. "
            "The epoch whose weights are kept, the calibration and the thresholds were chosen on "
            f"these same predictions, so they are a little optimistic. {INTERVALS}"
        ),
        Table(f"At the default threshold {results.threshold:.3f}", RESULTS, tuple(rows)),
        Paragraph(
            "“Without anatomy” is a random forest on picture size, file size, file format and grey "
            "statistics alone, in the same folds, at probability 0.5: what shortcuts reach."
        ),
    ]


def test_scans(run: RunFolder, results: Evaluation) -> list[Block]:
    """The test scans by each fold's network, and how far that can be believed."""
    if not results.tests:
        return [Heading("Test scans"), Paragraph("This run has set no scans aside for a test.")]
    tests = results.tests
    default = tuple(result_row(f"fold {fold}", j, j.default) for fold, j in tests.items())
    half = tuple(result_row(f"fold {fold}", j, j.half) for fold, j in tests.items())
    count = next(iter(tests.values())).images
    blocks: list[Block] = [Heading("Test scans")]
    if run.settings.name == ARTICLE:
        best = by_test(run.test_predictions()).fold
        blocks.append(
            Paragraph(
                f"The article chooses the best of its networks by their results on these {count} "
                f"test scans (here fold {best}: accuracy {share(tests[best].half.accuracy)}). "
                "A result on scans that the network was chosen by is optimistic: read it as the "
                f"greatest of {len(tests)} draws, not as what to expect of new scans.",
                warning=True,
            )
        )
    else:
        blocks.append(Paragraph("Nothing was chosen on these scans."))
    if not run.settings.data.grouped:
        blocks.append(
            Paragraph(
                "The split is random: repeats and neighbours of a test scan can be among the "
                "training scans, which makes these results optimistic, too.",
                warning=True,
            )
        )
    return [
        *blocks,
        Table(f"At the default threshold {results.threshold:.3f}", RESULTS, default),
        Table("At probability 0.5, not calibrated", RESULTS, half),
    ]


def thresholds(results: Evaluation) -> list[Block]:
    """The operating points with their rules."""
    rows = tuple((point.name, f"{point.threshold:.4f}", point.rule) for point in results.points)
    return [
        Heading("Thresholds"),
        Table("Kept with the model", ("name", "probability", "rule"), rows),
    ]


def calibration(
    named: Mapping[str, Performance], used: Calibration, fit: Fit | None = None
) -> list[Block]:
    """Brier, slope, intercept, ECE with its floor; how ``used`` was chosen, where that is known."""
    rows = tuple(
        (
            name,
            str(found.images),
            number(found.brier),
            *(_signed(line.slope) for line in (found.before, found.after)),
            *(_signed(line.intercept) for line in (found.before, found.after)),
            f"{found.error.value:.3f}",
            f"{found.error.floor:.3f} (95 % below {found.error.floor_high:.3f})",
        )
        for name, found in named.items()
    )
    return [
        Heading("Calibration"),
        Paragraph(
            f"Temperature {used.temperature:.3f}, intercept {used.intercept:.3f}, by maximum "
            "likelihood on the out-of-fold predictions of the training images"
            f"{'' if fit is None else _losses(fit)}. With so few images even a perfectly "
            "calibrated network shows an expected calibration error (ECE); only what lies above "
            "that floor means anything. Slope: 1 is right, below 1 is too sure of itself. "
            "Intercept: how much too low the logits are on average, the slope taken as 1; 0 is "
            "right. Intervals of both are Wald's and take images as independent; Brier's draws "
            "groups."
        ),
        Table("Before and after the calibration", CALIBRATION, rows),
    ]


def _losses(fit: Fit) -> str:
    """The log loss before and after, and in cross-validation with and without an intercept."""
    told = f" (log loss {fit.loss_before:.4f} before, {fit.loss_after:.4f} after"
    if math.isnan(fit.loss_intercept):
        return f"{told}; too few images to try an intercept)"
    return (
        f"{told}; cross-validated {fit.loss_temperature:.4f} with a temperature alone, "
        f"{fit.loss_intercept:.4f} with an intercept as well)"
    )


def result_row(name: str, found: Performance, counts: Confusion) -> tuple[str, ...]:
    """A row under RESULTS."""
    return (name, f"{found.images} ({found.positives} +)", *results_of(found.auc, counts))


def results_of(auc: Interval, counts: Confusion) -> tuple[str, ...]:
    """The cells of RESULTS after the name and the number of scans."""
    return (number(auc), *rates(counts))


def rates(counts: Confusion) -> tuple[str, ...]:
    """Sensitivity, specificity and accuracy."""
    return tuple(map(share, (counts.sensitivity, counts.specificity, counts.accuracy)))


def share(estimate: Proportion) -> str:
    """A proportion with its counts and its 95 % interval: 38/40 = 95.0 % (83.5–98.6)."""
    if estimate.total == 0:
        return "no scans"
    percent = (100 * part for part in (estimate.value, estimate.low, estimate.high))
    return "{}/{} = {:.1f} % ({:.1f}–{:.1f})".format(estimate.count, estimate.total, *percent)


def number(estimate: Interval) -> str:
    """A figure with its 95 % interval, if it has one."""
    if math.isnan(estimate.value):
        return "none: one class only"
    if math.isnan(estimate.low):
        return f"{estimate.value:.3f} (no interval: too few groups)"
    return f"{estimate.value:.3f} ({estimate.low:.3f}–{estimate.high:.3f})"


def _signed(estimate: Interval) -> str:
    """A figure that may be negative."""
    if math.isnan(estimate.value):
        return "none: classes wholly apart"
    return f"{estimate.value:.2f} ({estimate.low:.2f} to {estimate.high:.2f})"
