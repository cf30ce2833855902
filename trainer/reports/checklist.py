"""What TRIPOD+AI and CLAIM ask, item by item, and what a run can answer.

TRIPOD+AI: Collins GS et al., BMJ 2024;385:e078378. CLAIM, update of 2024: Tejani AS et al.,
Radiology: Artificial Intelligence 2024;6(4):e240300.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from model.proportion import Z95
from trainer.article import is_article
from trainer.choices import Optimiser
from trainer.reports.document import Block, Heading, Paragraph, Table
from trainer.results.bootstrap import RESAMPLES
from trainer.results.evaluation import Evaluation
from trainer.results.record import ALL, INTERNAL_TEST, Part, RunRecord
from trainer.results.subgroups import Subgroup
from trainer.settings import DistillationSettings, Settings

NOT_GIVEN = "not given"
MEASURES = "per image: AUC, sensitivity, specificity, accuracy, Brier, slope, intercept, ECE"
PROBABILITY = "sigmoid of logit / temperature + intercept, see Calibration; of one image alone"
NO_TEST = "no internal test set"
SAME_SOURCES = "by chance alone: the internal test set is of the same sources"
POOR_QUALITY = "every image counts here; the program calls some not assessable"
QUESTIONS = {
    "study": "prospective or retrospective, and its aim",
    "population": "who was included and excluded, and where",
    "treatments": "what had been done before the image, such as an operation or a drain",
    "subsets": "how the images were drawn from their sources",
    "dates": "when the images were acquired",
    "acquisition": "scanners, protocols, thickness, contrast agent",
    "demographics": "age, sex and clinical characteristics",
    "reference_standard": "how the finding was established",
    "labelled_by": "who labelled, with which experience, seeing what",
    "blinding": "whether who labelled had seen a score of the network",
    "reader_agreement": "agreement between and within readers",
    "sample_size": "how the number of images was determined",
    "missing_data": "what was missing, and what was done about it",
    "fairness": "results by sex, age and other groups of patients",
    "de_identification": "how the images were de-identified",
    "ethics": "ethics committee and consent",
    "funding": "funding and conflicts of interest",
    "protocol": "protocol and registration",
    "availability": "where data, code and model can be had",
    "involvement": "involvement of patients and the public",
    "limitations": "limitations, and for whom the results hold",
}
"""What only a person can tell: the name under which it is given, and the question."""


@dataclass(frozen=True)
class Item:
    """One thing that is asked, and the answer of a run."""

    asked: str
    tripod: str
    """The number of the item in TRIPOD+AI; empty where it has none."""
    claim: str
    """The same in CLAIM."""
    answer: str


def checklist(
    record: RunRecord, results: Evaluation, subgroups: Sequence[Subgroup], best: int
) -> list[Block]:
    """The chapter: each item with its answer, or with ``not given``."""
    items = [
        *_told(record),
        *_data(record),
        *_model(record, best, results.mean_of_networks is not None),
        *_evaluation(record, results, subgroups),
    ]
    rows = tuple((item.asked, item.tripod, item.claim, item.answer) for item in items)
    missing = sum(item.answer == NOT_GIVEN for item in items)
    return [
        Heading("Reporting checklist"),
        Paragraph(
            f"Items of TRIPOD+AI (2024) and CLAIM (2024) on data, methods and results: "
            f"{len(items)}. Not given: {missing}. What only a person can tell is given with "
            "cranioscope-train report RUN --describe NAME=TEXT. Title, abstract, background and "
            "discussion are the paper's."
        ),
        Table("Item by item", ("item", "TRIPOD+AI", "CLAIM", "in this run"), rows),
    ]


def _told(record: RunRecord) -> list[Item]:
    numbers = {
        "study": ("4", "4, 5, 6"),
        "population": ("6a, 6b, 20a", "8, 35"),
        "treatments": ("6c", ""),
        "subsets": ("", "10"),
        "dates": ("5b", "7"),
        "acquisition": ("9b", "13"),
        "demographics": ("20b", "36"),
        "reference_standard": ("8a", "14, 15"),
        "labelled_by": ("8b", "16, 17"),
        "blinding": ("8c", ""),
        "reader_agreement": ("", "18"),
        "sample_size": ("10", "21"),
        "missing_data": ("11", "12"),
        "fairness": ("3c, 14, 23a", ""),
        "de_identification": ("", "11"),
        "ethics": ("17", ""),
        "funding": ("18a, 18b", "44"),
        "protocol": ("18c, 18d", "34, 42"),
        "availability": ("18e, 18f", "43"),
        "involvement": ("19", ""),
        "limitations": ("26", "40"),
    }
    return [
        Item(asked, *numbers[name], record.described.get(name) or NOT_GIVEN)
        for name, asked in QUESTIONS.items()
    ]


def _data(record: RunRecord) -> list[Item]:
    settings = record.settings
    recipe = settings.recipe
    crop = "cropped to the head" if recipe.crop_to_head else "not cropped"
    window = f"window {recipe.window.width:g}/{recipe.window.level:g} HU where there are HU"
    channels = recipe.channels.value
    prepared = (
        f"{recipe.size}×{recipe.size} pixels, {channels}, {crop}, {recipe.fit.value}; {window}"
    )
    every = record.part(ALL)
    split = record.divided_by or ("by group" if settings.data.grouped else "at random, by image")
    return [
        Item("data sources", "5a", "7", "; ".join(settings.data.sources) or NOT_GIVEN),
        Item("licence of the data", "18e", "43", _known(settings.data.licence)),
        Item("preparation of the images", "7, 9a, 12b", "9", prepared),
        Item("how images were assigned to parts", "12a", "19", f"seed {settings.seed}; {split}"),
        Item("level at which parts are disjoint", "12a", "20", _disjoint(record)),
        Item("images and positives", "20a, 21", "35", _size(every) if every else NOT_GIVEN),
        Item("images and positives of each part", "21", "36", _sizes(record)),
        Item("class imbalance", "13", "25", _balance(record)),
    ]


def _known(licence: str) -> str:
    return NOT_GIVEN if licence in ("", "unknown") else licence


def _disjoint(record: RunRecord) -> str:
    if not record.settings.data.grouped:
        return "image: groups may lie on both sides of the split"
    every = record.part(ALL)
    if every is None or every.groups is None:
        return "group"
    return f"group: {every.groups} groups, each on one side"


def _size(part: Part) -> str:
    return f"{part.images} images, {part.positives} positive"


def _sizes(record: RunRecord) -> str:
    parts = [part for part in record.parts if part.name != ALL]
    return "; ".join(f"{part.name} {part.images} ({part.positives} +)" for part in parts)


def _balance(record: RunRecord) -> str:
    sampling, loss = record.settings.sampling, record.settings.optimisation
    told = [
        f"positives drawn to a share of {sampling.positive_share:g}"
        if sampling.positive_share
        else "images drawn as they are",
        f"sources in proportion to their size to the power {sampling.source_power:g}"
        if sampling.source_power != 1.0
        else "",
        "positives weighted in the loss" if loss.class_weights else "no class weights",
    ]
    return "; ".join(filter(None, told))


def _model(record: RunRecord, best: int, has_mean: bool) -> list[Item]:
    settings = record.settings
    network, plan = settings.network, settings.schedule
    head = " → ".join(str(width) for width in (512, *network.hidden, 1))
    frozen = "convolutions and batch-norm statistics frozen" if network.frozen_backbone else ""
    model = "; ".join(
        filter(None, (f"ResNet-34, head {head}, dropout {network.dropout:g}", frozen))
    )
    chosen = f"epoch by {plan.best_by.value} on the tuning set; fold {best} by " + (
        "accuracy on the internal test set"
        if is_article(settings.name)
        else "AUC on its tuning set"
    )
    hardware = "; ".join(f"{name} {value}" for name, value in record.hardware.items())
    mean = "the mean of the networks, on the internal test set; not exported"
    ensemble = mean if has_mean else "none: the networks of the folds are not combined"
    return [
        Item("model", "12c, 22", "22", model),
        Item("initialisation", "12c", "24", record.start),
        Item("training and hyperparameters", "12c", "25", _training(settings)),
        Item("augmentation", "12c", "25", _augmentation(record)),
        Item("number of networks trained", "12c", "25", str(len(record.folds_trained))),
        Item("choice of the final model", "12c", "26", chosen),
        Item("ensembling", "12c", "27", ensemble),
        Item("software", "18f", "23", "; ".join(f"{k} {v}" for k, v in record.versions.items())),
        Item("hardware", "", "25", hardware or NOT_GIVEN),
        Item("start of the training", "", "25", record.started or NOT_GIVEN),
    ]


def _training(settings: Settings) -> str:
    rate, plan = settings.optimisation, settings.schedule
    told = [
        rate.optimiser.value,
        f"momentum {rate.momentum:g}" if rate.optimiser is Optimiser.SGD else "",
        f"learning rate {rate.learning_rate:g}, backbone ×{rate.backbone_factor:g}",
        f"weight decay {rate.weight_decay:g}",
        f"label smoothing {rate.smoothing:g}" if rate.smoothing else "",
        f"loss on traits ×{rate.trait_weight:g}" if rate.trait_weight else "",
        f"batch {rate.batch_size}",
        f"gradient norm up to {rate.clip:g}" if rate.clip else "gradient not clipped",
        f"weights averaged, decay {rate.averaging:g}" if rate.averaging else "",
        f"{plan.shape.value} schedule, warm-up {plan.warm_up:g} of the steps",
        f"up to {plan.epochs} epochs, patience {plan.patience}",
        f"images from {plan.first_size} pixels, growing over {plan.growth:g} of the epochs"
        if plan.first_size
        else "",
        _distillation(settings.distillation),
    ]
    return "; ".join(filter(None, told))


def _distillation(made: DistillationSettings) -> str:
    if not made.teacher:
        return ""
    views = f"{made.views} views kept" if made.views else "asked at every step"
    mixed = f", views blended {made.mixing:g}" if made.mixing else ""
    return f"no labels, but the features of the teacher {made.teacher}: {views}{mixed}"


def _augmentation(record: RunRecord) -> str:
    made = record.settings.augmentation
    crop = made.resized_crop
    told = [
        f"random resized crop {crop[0]:g}–{crop[1]:g}" if crop else "",
        f"flip {made.flip:g}" if made.flip else "",
        f"rotation ±{made.rotation:g}°" if made.rotation else "",
        f"zoom {made.scale[0]:g}–{made.scale[1]:g}" if made.scale != (1.0, 1.0) else "",
        f"shift ±{made.shift:g} of the side" if made.shift else "",
        f"aspect ±{made.aspect:g}" if made.aspect else "",
        f"brightness ±{made.brightness:g}" if made.brightness else "",
        f"contrast ±{made.contrast:g}" if made.contrast else "",
        f"gamma e to the power ±{made.gamma:g}" if made.gamma else "",
        f"noise up to {made.noise:g}" if made.noise else "",
        f"blur up to {made.blur:g}" if made.blur else "",
        f"burnt-in text {made.text:g}" if made.text else "",
        f"drawn bleeds {made.drawn_bleeds:g}" if made.drawn_bleeds else "",
        f"of these thin {made.thin_bleeds:g}" if made.drawn_bleeds and made.thin_bleeds else "",
        f"{made.cached_views} views of each image kept" if made.cached_views else "",
    ]
    return "; ".join(filter(None, told)) or "none"


def _evaluation(
    record: RunRecord, results: Evaluation, subgroups: Sequence[Subgroup]
) -> list[Item]:
    tested = record.part(INTERNAL_TEST)
    return [
        Item("how a probability is made", "12g, 15", "22", PROBABILITY),
        Item("thresholds", "15", "22", f"default {results.threshold:.4f}; see Thresholds"),
        Item("measures", "12e", "28", MEASURES),
        Item(
            "uncertainty",
            "12e, 23a",
            "29, 38",
            f"95 % CI (z = {Z95:.2f}): Wilson for proportions; percentiles of {RESAMPLES:,} draws "
            "of groups for AUC and Brier; Wald for slope and intercept; of one training, and not "
            "corrected for the number of comparisons",
        ),
        Item("results", "23a", "37, 38", "see Out-of-fold results and Internal test set"),
        Item("how results differ between sources", "12d, 23b", "30", _between(subgroups)),
        Item("changes to the model after its test", "12f, 24", "", "none in this run"),
        Item("explainability", "", "31", "Grad-CAM heat maps, shown for the worst errors"),
        Item("internal test", "12a", "32", _size(tested) if tested else NO_TEST),
        Item("how training and test differ", "16, 20c", "", SAME_SOURCES if tested else NO_TEST),
        Item("external test", "12a", "33", "none in this run; see cranioscope-train evaluate"),
        Item("images of poor quality", "27a", "", POOR_QUALITY),
        Item("failure analysis", "", "39", "see Worst errors"),
        Item("intended use", "3b, 27b", "41", "research use, not for primary diagnosis"),
    ]


def _between(subgroups: Sequence[Subgroup]) -> str:
    sources = [group.source for group in subgroups if group.source]
    return f"see Subgroups: {'; '.join(sources)}" if len(sources) > 1 else "one source"
