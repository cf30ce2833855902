"""The chapters of a report on an exported file and images of elsewhere."""

from __future__ import annotations

import math
from collections.abc import Sequence

from model.card import HELD_OUT, LEARNT, TEST, ModelCard
from model.operating_point import OperatingPoint
from model.proportion import Interval, Proportion
from trainer.data.provenance import versions
from trainer.reports.chapters import (
    INTERVALS,
    RESULTS,
    floor_name,
    groups_of,
    input_of,
    number,
    rates,
    research_use,
    result_row,
    share,
)
from trainer.reports.document import Block, Heading, Paragraph, Table
from trainer.reports.external import FOLDS, Assessed, ExternalResults, Fares
from trainer.results.source_names import FRESH, named


def what_was_assessed(assessed: Assessed, labelled_as: str) -> list[Block]:
    """Model, images, and whether the one has learnt from the other."""
    model, card, images = assessed.model, assessed.model.card, assessed.images
    rows = (
        ("model", f"{model.name}: {card.name}, {card.precision}"),
        ("SHA-256 of the file", model.sha256),
        ("finding", card.class_name),
        ("input", input_of(card.recipe)),
        ("sources of the training data", "; ".join(card.sources) or "not given"),
        ("fingerprint of the training data", card.data_fingerprint[:16]),
        ("images", f"{len(images)}, {sum(image.label for image in images)} with {labelled_as}"),
        ("folders", ", ".join(sorted({image.source for image in images}))),
        ("groups", groups_of(images)),
        ("fingerprint of the images", assessed.fingerprint[:16]),
        ("computed with", f"cranioscope {versions()['cranioscope']}, {model.session.provider}"),
    )
    blocks: list[Block] = [
        Paragraph(research_use(card.recipe)),
        Heading("What was assessed"),
        Table("An exported model on labelled images", ("", ""), rows),
        learnt_from(assessed),
    ]
    if labelled_as != card.class_name:
        text = f"The labels are about {labelled_as}, but the model predicts {card.class_name}."
        blocks.append(Paragraph(text, warning=True))
    return blocks


def learnt_from(assessed: Assessed) -> Paragraph:
    """Whether the model has learnt from these images, as far as the fingerprint can tell."""
    if assessed.is_the_training_data:
        return Paragraph(
            "These are the very images that the run behind this model was made of: the network "
            "has learnt from most of them. This is no external validation.",
            warning=True,
        )
    if assessed.model.card.used:
        return _known_again(assessed.uses)
    return Paragraph(
        "The fingerprints differ: these are not, as a whole, the images that the run behind the "
        "model was made of. Whether some of them were among those, or among the data that its "
        "first weights came from, a fingerprint cannot tell. Compare the sources: on images that "
        "it has learnt from, these figures are no external validation.",
        warning=True,
    )


def _known_again(uses: Sequence[str]) -> Paragraph:
    """Which of the images the model's run has used, by their files' content."""
    learnt, held_out, test = (uses.count(use) for use in (LEARNT, HELD_OUT, TEST))
    told = (
        f"Of these {len(uses)} images the network has learnt from {learnt}, was chosen on "
        f"{held_out}, and was tested before on {test}; {uses.count('')} are none of its run's. An "
        "image is known again by its file's content alone: one that was saved anew is not, nor is "
        "one that only the weights at the start had seen."
    )
    if learnt or held_out:
        told += " On images that it was made with, these figures are no external validation."
    return Paragraph(told, warning=bool(learnt or held_out))


def fares(results: ExternalResults, card: ModelCard) -> list[Block]:
    """Results at the default threshold, of what was assessed and of all images."""
    found, floor = results.assessed.performance, results.without_anatomy
    rows = [result_row("assessed images", found, found.default)]
    if (fresh := results.fresh) is not None:
        rows.append(result_row(f"of these, {FRESH}", fresh, fresh.default))
    rows.append(("all images", _count(results), "", *rates(results.every)))
    shortcuts = floor_name(card.recipe)
    without = (
        f"“{shortcuts.capitalize()}” is a random forest on image size, file size, file format and "
        f"grey statistics alone, in {FOLDS} grouped folds of these images, at probability 0.5: "
        "what shortcuts reach."
    )
    if floor is None:
        without = f"There is no such baseline as “{shortcuts}”. {results.why_no_baseline}"
    else:
        rows.append(result_row(shortcuts, floor, floor.half))
    return [
        Heading("Results"),
        Paragraph(
            "Each image went the program's own way: its refusals, its scores. Calibration, "
            "thresholds and novelty cut are the card's, chosen on out-of-fold predictions of the "
            f"training data. {INTERVALS}"
        ),
        Table(f"At the default threshold {card.threshold:.4f}", RESULTS, tuple(rows)),
        Paragraph(
            f"Average precision {number(found.average_precision)} at the assessed images' "
            f"prevalence, {share(found.default.prevalence)}. The program gives no probability for "
            "images that are not assessable. “All images” counts them as not flagged; all other "
            "tables and figures leave them out."
        ),
        Paragraph(without),
    ]


def _count(results: ExternalResults) -> str:
    positives = results.every.true_positive + results.every.false_negative
    return f"{results.every.total} ({positives} +)"


def operating_points(
    assessed: Assessed, results: ExternalResults, asked: float | None
) -> list[Block]:
    """Counts at all four points; predictive values only at the prevalence ``asked`` for."""
    points = assessed.model.card.operating_points
    blocks: list[Block] = [
        Heading("Operating points"),
        _points("Assessed images", results.assessed, points),
    ]
    rules = tuple((point.name, point.rule) for point in points)
    blocks.append(Table("How they were chosen", ("point", "rule"), rules))
    if asked is None:
        text = "Predictive values are not given: they depend on the prevalence; see --prevalence."
        return [*blocks, Paragraph(text)]
    return [*blocks, *_predictive(results.assessed, asked)]


def _points(caption: str, found: Fares, points: Sequence[OperatingPoint]) -> Table:
    rows = tuple(
        (point.name, f"{point.threshold:.4f}", *rates(found.points[point.name])) for point in points
    )
    return Table(caption, ("point", "probability", *RESULTS[3:]), rows)


def _predictive(found: Fares, asked: float) -> list[Block]:
    rows = [
        (name, _percent(values.ppv), _percent(values.npv))
        for name, values in found.predictive.items()
    ]
    return [
        Table(
            f"Assessed images, predictive values at a prevalence of {100 * asked:g} %",
            ("point", "PPV", "NPV"),
            tuple(rows),
        ),
        Paragraph(
            "The ranges put both lower, then both upper ends of the intervals of sensitivity and "
            "specificity in; the prevalence is the one that was asked for, not these images'."
        ),
    ]


def _percent(value: Interval) -> str:
    if math.isnan(value.value):
        return "there are none"
    return value.percent


def not_assessable(assessed: Assessed, results: ExternalResults) -> list[Block]:
    """How many images the program gives no probability, by source, label and reason."""
    rows = tuple(
        (named(r.source), str(r.label), r.reason.template, share(r.share)) for r in results.refused
    )
    cut = assessed.model.card.novelty_cut
    caption = f"By source, label and reason; the card's novelty cut is {cut:.2f}"
    columns = ("source", "label", "reason", "images")
    blocks: list[Block] = [Heading("Not assessable")]
    if not rows:
        return [*blocks, Paragraph("All images were assessed.")]
    without = [
        image.label
        for image, result in zip(assessed.images, assessed.results, strict=True)
        if result.probability is None
    ]
    every = Proportion.of(len(without), len(assessed.images))
    positive = Proportion.of(sum(without), int(assessed.labels.sum()))
    told = f"Of all images {share(every)}. Of those with the finding {share(positive)}."
    return [*blocks, Paragraph(told), Table(caption, columns, rows)]
