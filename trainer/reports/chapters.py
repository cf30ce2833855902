"""The chapters of a report: results as sentences and tables, each figure with counts and CI."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from imaging.input.recipe import Channels, InputRecipe, Subject
from model.confusion import Confusion
from model.operating_point import DEFAULT, SENSITIVE, SPECIFIC, OperatingPoint
from model.probability import Calibration
from model.proportion import Interval, Proportion
from trainer import article
from trainer.data.labels import LabelledImage
from trainer.reports.document import Block, Heading, Paragraph, Table
from trainer.results.bootstrap import FEWEST_GROUPS, RESAMPLES
from trainer.results.calibration import Fit
from trainer.results.evaluation import Evaluation, Performance
from trainer.results.record import ALL, LearningRow, RunRecord, tuning_set
from trainer.results.slice_figures import SliceFigures

RESULTS = ("", "images", "AUC (95 % CI)", "sensitivity", "specificity", "accuracy")
SLICES = ("", "slices", "examinations", "AUC", "sensitivity", "specificity")
CALIBRATION = (
    *("", "images", "Brier after", "slope before", "slope after", "intercept before"),
    *("intercept after", "ECE after", "ECE of a perfect network"),
)
INTERVALS_OF_AUC = (
    f"95 % CI of the AUC are percentiles of {RESAMPLES:,} bootstrap draws of groups. "
    f"There is none with fewer than {FEWEST_GROUPS} groups of a class. Where the classes are "
    "wholly apart, no draw differs: it is Hanley and McNeil's then, of groups. "
    "All CI tell what other images would change, not what another training would. They are not "
    "corrected for the number of comparisons."
)
INTERVALS_OF_EXAMINATIONS = (
    f"95 % CI of proportions are Wilson's, of examinations. {INTERVALS_OF_AUC}"
)
INTERVALS_OF_SLICES = (
    "95 % CI of proportions take examinations as independent, not slices: Wilson's at as many "
    f"slices as would vary as much. {INTERVALS_OF_AUC}"
)
INTERVALS = (
    "95 % CI of proportions are Wilson's. They take images as independent, so they are too narrow "
    f"where groups hold several images. {INTERVALS_OF_AUC}"
)


def what_was_trained(record: RunRecord) -> list[Block]:
    """Data, split and recipe."""
    settings, every = record.settings, record.part(ALL)
    recipe = settings.recipe
    versions = "; ".join(f"{name} {number}" for name, number in record.versions.items())
    rows = (
        ("images", f"{every.images}, {every.positives} with {record.class_name}" if every else ""),
        ("split", "by group" if settings.data.grouped else "at random; groups may be divided"),
        ("folds trained", _folds(record)),
        ("input", input_of(recipe)),
        ("start weights", record.start),
        ("convolutions", "frozen" if settings.network.frozen_backbone else "trained"),
        ("epochs", f"up to {settings.schedule.epochs}, patience {settings.schedule.patience}"),
        ("seed", str(settings.seed)),
        ("licence of the data", settings.data.licence),
        ("sources", "; ".join(settings.data.sources) or "not given"),
        ("data fingerprint", record.data_fingerprint[:16]),
        ("versions", versions),
    )
    blocks: list[Block] = [Paragraph(research_use(recipe))]
    if record.note:
        blocks.append(Paragraph(record.note, warning=True))
    blocks += [
        Heading("What was trained"),
        Table(f"Recipe {settings.name}", ("", ""), rows),
    ]
    if record.divided_by:
        warning = record.divided_by.startswith("WARNING")
        blocks.append(Paragraph(record.divided_by, warning=warning))
    return [*blocks, _parts(record), *_choices(record)]


def input_of(recipe: InputRecipe) -> str:
    """The network's input in words: 160×160, cropped to the head, pad."""
    cropped = "cropped to the head" if recipe.crop_to_head else "not cropped to the head"
    crop = f"{cropped}, " if recipe.subject is Subject.HEAD_CT else ""
    colour = "" if recipe.channels is Channels.GREY else ", in colour"
    return f"{recipe.size}×{recipe.size}, {crop}{recipe.fit.value}{colour}"


def research_use(recipe: InputRecipe) -> str:
    """What the results are not for."""
    head = recipe.subject is Subject.HEAD_CT
    return "Research use only, not for primary diagnosis." if head else "Research use only."


def floor_name(recipe: InputRecipe) -> str:
    """What the baseline is called that sees nothing of what the images are of."""
    head = recipe.subject is Subject.HEAD_CT
    return "without anatomy" if head else "file and grey values alone"


def _parts(record: RunRecord) -> Table:
    rows = tuple(
        (
            part.name,
            str(part.images),
            str(part.positives),
            str(part.images - part.positives),
            "not kept" if part.groups is None else str(part.groups),
        )
        for part in record.parts
    )
    caption = "Images of each part. The training set of a fold is all other folds' tuning sets"
    return Table(caption, ("part", "images", "positive", "negative", "groups"), rows)


def _choices(record: RunRecord) -> list[Block]:
    """What the article does not say, and is chosen here; nothing for other recipes."""
    if not article.is_article(record.settings.name):
        return []
    caption = "Choices that the article leaves open: these are ours"
    return [Table(caption, ("choice", "here", "why"), article.table(record.settings))]


def groups_of(images: Sequence[LabelledImage]) -> str:
    """How many groups there are, and how many hold each class."""
    every, *by_class = (
        len({image.group for image in images if image.label in labels})
        for labels in ((0, 1), (1,), (0,))
    )
    return f"{every}; {by_class[0]} with a positive, {by_class[1]} with a negative"


def _folds(record: RunRecord) -> str:
    folds = record.settings.data.folds
    if len(record.folds_trained) == folds:
        return f"all {folds}"
    return f"number {', '.join(str(fold) for fold in record.folds_trained)} of {folds}"


def learning(record: RunRecord) -> list[Block]:
    """Each fold's first, kept and last epoch."""
    rows = []
    for row in record.learning:
        training, tuning = (
            f"{first:.3f} → {then:.3f}" for first, then in (row.training_loss, row.tuning_loss)
        )
        part = record.part(tuning_set(row.fold))
        rows.append(
            (
                *(f"fold {row.fold}", str(row.epochs), str(row.kept)),
                *(training, tuning, _right(row, None if part is None else part.images)),
            )
        )
    best_by = record.settings.schedule.best_by.value
    columns = ("", "epochs", "kept", "training loss", "tuning loss", "tuning accuracy")
    caption = (
        f"First epoch → last (training) or kept (tuning, by {best_by}). Images of the tuning set "
        "chose the epoch; no CI is given for what they then show. Losses are means per image, in "
        "nats. That of training is of augmented images, with class weights, smoothing and traits "
        "where these are on: it cannot be compared with the other"
    )
    return [Heading("Learning"), Table(caption, columns, tuple(rows))]


def _right(row: LearningRow, images: int | None) -> str:
    """Images of the tuning set that are right, first and kept: 19/32 → 31/32."""
    first, then = row.tuning_accuracy
    if images is None:
        return f"{100 * first:.1f} → {100 * then:.1f} %"
    return f"{round(first * images)}/{images} → {round(then * images)}/{images}"


def out_of_fold(record: RunRecord, results: Evaluation, floor: Performance) -> list[Block]:
    """Pooled and per fold, with what shortcuts reach beside it."""
    shortcuts = floor_name(record.settings.recipe)
    assessed = results.pooled.images
    folds = record.settings.data.folds
    some = len(record.folds_trained) < folds
    which = f"{assessed} images of {len(record.folds_trained)} of {folds} folds are" if some else ""
    named = {f"fold {fold}": found for fold, found in results.folds.items()}
    rows = [result_row(name, found, found.default) for name, found in named.items()]
    if len(named) > 1:
        rows.append(result_row("pooled", results.pooled, results.pooled.default))
    rows.append(result_row(shortcuts, floor, floor.half))
    return [
        Heading("Out-of-fold results"),
        Paragraph(
            f"{which or f'All {assessed} images outside the test set are'} predicted once, by the "
            "network that was not trained on them. The kept epoch, the calibration and the "
            "thresholds were chosen on these predictions, so they are optimistic. "
            "Every figure is per image, and every image counts, also one that the program would "
            f"call not assessable. {INTERVALS}"
        ),
        Table(f"At the default threshold {results.threshold:.4f}", RESULTS, tuple(rows)),
        *pooled_networks(results),
        Paragraph(
            f"“{shortcuts.capitalize()}” is a random forest on image size, file size, file format "
            "and grey statistics, at probability 0.5. It shows what shortcuts reach."
        ),
    ]


def pooled_networks(results: Evaluation) -> list[Block]:
    """That the pooled figures put several networks on one scale, with the mean AUC beside it.

    Nothing of one network. A fold of one class has no AUC of its own.
    """
    own = [found.auc.value for found in results.folds.values()]
    known = [value for value in own if not math.isnan(value)]
    if len(own) < 2:
        return []
    said = (
        f"“Pooled” compares logits of {len(own)} networks as if they had one scale, which nothing "
        "ensures: its AUC may be lower or higher than theirs."
    )
    if known:
        which = "folds" if len(known) == len(own) else f"{len(known)} folds with both classes"
        said += f" The mean AUC of the {which}, each by itself, is {sum(known) / len(known):.3f}."
    return [Paragraph(said)]


def test_images(record: RunRecord, results: Evaluation, best: int) -> list[Block]:
    """The internal test set by each fold's network, and how far that can be believed."""
    if not results.tests:
        return [Heading("Internal test set"), Paragraph("This run has no internal test set.")]
    tests = results.tests
    named = {f"fold {n}{' (chosen)' if n == best else ''}": found for n, found in tests.items()}
    mean = results.mean_of_networks
    if mean is not None:
        named[f"mean of the {len(tests)} networks"] = mean
    default = tuple(result_row(name, found, found.default) for name, found in named.items())
    half = tuple(result_row(name, found, found.half) for name, found in named.items())
    return [
        Heading("Internal test set"),
        *_believed(record, results, best),
        *([] if mean is None else [_mean_beside(tests, mean)]),
        Table(f"At the default threshold {results.threshold:.4f}", RESULTS, default),
        Table("At probability 0.5, not calibrated", RESULTS, half),
    ]


def _mean_beside(tests: Mapping[int, Performance], mean: Performance) -> Paragraph:
    """What the mean of the networks is, and how one of them fares on average."""
    right = [found.half.true_positive + found.half.true_negative for found in tests.values()]
    return Paragraph(
        f"No network was trained on these {mean.images} images. “Mean of the {len(tests)} "
        "networks” takes the mean of their logits for each image, then the same calibration and "
        "threshold. It was not chosen by these images, and it is not what is exported. At "
        f"probability 0.5 it is right on {mean.half.true_positive + mean.half.true_negative} of "
        f"{mean.images}, one network alone on {sum(right) / len(right):.1f} on average "
        f"({min(right)} to {max(right)})."
    )


def _believed(record: RunRecord, results: Evaluation, best: int) -> list[Block]:
    tests = results.tests
    count = next(iter(tests.values())).images
    blocks: list[Block] = []
    if article.is_article(record.settings.name):
        blocks.append(
            Paragraph(
                f"The article chooses the best of its networks by their results on these {count} "
                f"images: here fold {best}, accuracy {share(tests[best].half.accuracy)}. "
                "A result on images by which a network was chosen is optimistic. "
                f"Read it as the greatest of {len(tests)} draws, not as what to expect.",
                warning=True,
            )
        )
    else:
        blocks.append(Paragraph("Nothing was chosen on these images in this run."))
    if not record.settings.data.grouped:
        blocks.append(
            Paragraph(
                "The split is random: repeats and neighbours of a test image may be in the "
                "training set. That makes these results optimistic, too.",
                warning=True,
            )
        )
    return blocks


def thresholds(results: Evaluation) -> list[Block]:
    """The operating points with their rules, and what they give where they were chosen."""
    rows = tuple(
        (point.name, f"{point.threshold:.4f}", *_rates_at(point, results), point.rule)
        for point in results.points
    )
    chosen = (
        "Sensitivity and specificity are out of fold, on the images that the points were chosen "
        "on, so they are optimistic. cranioscope-export chooses calibration and thresholds anew, "
        "on the tuning set of the fold that it exports. So those of the file are others."
    )
    at = {point.name: point.threshold for point in results.points}
    if at.get(SENSITIVE, 0.0) > at.get(SPECIFIC, 1.0):
        chosen += f" {SENSITIVE} lies above {SPECIFIC}: between the two both are reached."
    return [
        Heading("Thresholds"),
        Paragraph(chosen),
        Table(
            "Operating points",
            ("name", "probability", "sensitivity", "specificity", "rule"),
            rows,
        ),
    ]


def _rates_at(point: OperatingPoint, results: Evaluation) -> tuple[str, str]:
    """Sensitivity and specificity out of fold; those of the default point were always kept."""
    counts = results.pooled.default if point.name == DEFAULT else results.at_points.get(point.name)
    if counts is None:
        return "not kept", "not kept"
    return share(counts.sensitivity), share(counts.specificity)


def calibration(
    named: Mapping[str, Performance], used: Calibration, fit: Fit | None = None
) -> list[Block]:
    """Brier, slope, intercept, ECE with its floor; how ``used`` was chosen, where that is known."""
    rows = tuple(
        (
            name,
            size_of(found),
            number(found.brier),
            *(signed(line.slope) for line in (found.before, found.after)),
            *(signed(line.intercept) for line in (found.before, found.after)),
            f"{found.error.value:.3f}",
            f"{found.error.floor:.3f} (95 % below {found.error.floor_high:.3f})",
        )
        for name, found in named.items()
    )
    return [
        Heading("Calibration"),
        Paragraph(
            f"Temperature {used.temperature:.4f}, intercept {used.intercept:.4f}, by maximum "
            f"likelihood on the out-of-fold predictions.{'' if fit is None else _losses(fit)} "
            f"{'' if fit is None else 'The columns “after” are optimistic out of fold. '}"
            "Slope: 1 is right, below 1 is overconfident. "
            "Intercept: how much too low the logits are on average, at slope 1. 0 is right. "
            "Their 95 % CI are Wald's and take images as independent. That of Brier draws groups. "
            "“None”: not kept, or the classes are wholly apart, where no line can be fitted. "
            "Even a perfectly calibrated network has an expected calibration error (ECE) on few "
            "images. Only what lies above that floor means anything. The floor is a mean. Where "
            "nearly all probabilities are 0 or 1, it can lie above what 95 % stay below."
        ),
        Table("Before and after the calibration", CALIBRATION, rows),
    ]


def _losses(fit: Fit) -> str:
    """The log loss before and after, and in cross-validation with and without an intercept."""
    if math.isnan(fit.loss_before):
        return " The log loss was not kept."
    told = f" Log loss {fit.loss_before:.4f} before, {fit.loss_after:.4f} after."
    if math.isnan(fit.loss_intercept):
        return f"{told} Too few images to try an intercept."
    return (
        f"{told} In cross-validation {fit.loss_temperature:.4f} with a temperature alone, "
        f"{fit.loss_intercept:.4f} with an intercept as well."
    )


def result_row(name: str, found: Performance, counts: Confusion) -> tuple[str, ...]:
    """A row under RESULTS."""
    return (name, size_of(found), *results_of(found.auc, counts))


def size_of(found: Performance) -> str:
    """Images, positives among them, and the groups that they are in: 32 (16 +) in 18 groups."""
    return f"{found.images} ({found.positives} +) in {found.groups} groups"


def results_of(auc: Interval, counts: Confusion) -> tuple[str, ...]:
    """The cells of RESULTS after the name and the number of images."""
    return (number(auc), *rates(counts))


def rates(counts: Confusion) -> tuple[str, ...]:
    """Sensitivity, specificity and accuracy."""
    return tuple(map(share, (counts.sensitivity, counts.specificity, counts.accuracy)))


def of_slices(name: str, found: SliceFigures) -> tuple[str, ...]:
    """A row under SLICES."""
    size = f"{found.slices} ({found.positives} +)", str(found.examinations)
    return (name, *size, number(found.auc), share(found.sensitivity), share(found.specificity))


def share(estimate: Proportion) -> str:
    """A proportion with its counts and 95 % CI: 95.0 % (38/40; 95 % CI 83.5–98.6)."""
    return str(estimate) if estimate.total else "no images"


def number(estimate: Interval) -> str:
    """A figure with its 95 % CI, if it has one."""
    if math.isnan(estimate.value):
        return "none: one class only"
    if math.isnan(estimate.low):
        return f"{estimate.value:.3f} (no CI)"
    if f"{estimate.low:.3f}" == f"{estimate.high:.3f}":  # hardly a draw differs from another
        return f"{estimate.value:.3f} (CI not estimable)"
    return f"{estimate.value:.3f} ({estimate.limits})"


def signed(estimate: Interval) -> str:
    """A figure that may be negative."""
    if math.isnan(estimate.value):
        return "none"
    value, low, high = map(_with_sign, (estimate.value, estimate.low, estimate.high))
    return f"{value} (no CI)" if math.isnan(estimate.low) else f"{value} ({low} to {high})"


def _with_sign(value: float) -> str:
    """Two decimals with a true minus, and none before a zero: 0.00, −0.41."""
    return f"{round(value, 2) + 0.0:.2f}".replace("-", "−")
