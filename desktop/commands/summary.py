"""A run as lines of plain text, for a terminal or a log of a batch."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from unicodedata import east_asian_width

from desktop.engine.progress import Progress
from desktop.engine.terminal_text import terminal_text
from imaging.errors import Problem, Status
from imaging.messages import Message, MessageCode
from model.card import ModelCard
from model.evidence import at_threshold
from model.image_result import ImageResult, Zone, prediction, zone
from model.series_decision import Agreement, SeriesDecision, SeriesRule, SeriesRules
from model.series_head import DEFAULT, SeriesHead
from model.series_notes import head_evidence, head_sources, series_notes
from model.series_point import NO_LABELLED_SERIES, RULE
from model.series_result import SeriesResult, SeriesState

SHOWN = 40
"""Images with, and images without a score that are printed; the exported table has them all."""
_NAME_WIDTH = 44
_RESULTS = {Zone.FLAGGED: "flagged", Zone.UNCERTAIN: "uncertain", Zone.NOT_FLAGGED: "not flagged"}


class Summary(MessageCode):
    """What the end of a run says."""

    MORE_SCORED = "summary_more_scored", "... and {count} more with a score"
    MORE_WITHOUT = "summary_more_without", "... and {count} more without one"
    MORE_SERIES = "summary_more_series", "... and {count} more series"
    IMAGES = "summary_images", "{images} images of {files} files: {states}."
    STOPPED = "summary_stopped", "Stopped early: the rest was not assessed."
    FLAGGED = (
        "summary_flagged",
        "{count} of {total} assessed images are flagged (score ≥ {threshold:.1f} %).",
    )
    VALIDATION = (
        "summary_validation",
        "Validation images at this threshold: sensitivity {sensitivity}, specificity "
        "{specificity}. They were also used to choose model and threshold, so this is optimistic.",
    )
    TEST = (
        "summary_test",
        "Internal test images at the default threshold: sensitivity {sensitivity}, specificity "
        "{specificity}.",
    )


def table(results: Sequence[ImageResult], card: ModelCard, threshold: float) -> list[str]:
    """The images, the most suspicious first, then those without a score in their own order."""
    known = [each for each in results if each.probability is not None]
    known.sort(key=lambda each: -(each.probability or 0.0))
    others = [each for each in results if each.probability is None]
    root = _common_folder(results)
    lines = [_line("image", "score", "result", "status", "reason")]
    for rows, more in ((known, Summary.MORE_SCORED), (others, Summary.MORE_WITHOUT)):
        lines += [_row(each, root, card, threshold) for each in rows[:SHOWN]]
        if len(rows) > SHOWN:
            lines.append(str(Message(more, count=len(rows) - SHOWN)))
    return lines


def _common_folder(results: Sequence[ImageResult]) -> str:
    """What all paths begin with, to be left out; nothing where they lie on several drives."""
    try:
        root = os.path.commonpath([each.path.parent for each in results])
    except ValueError:
        return ""
    return root if root.endswith(os.sep) else root + os.sep


def _row(result: ImageResult, root: str, card: ModelCard, threshold: float) -> str:
    name = terminal_text(str(result.path).removeprefix(root))
    if result.frames > 1:
        name += f" #{result.frame}"
    shown = result.probability
    return _line(
        name,
        "" if shown is None else f"{100 * shown:.1f} %",
        _result(result, card, threshold),
        result.status,
        terminal_text(result.reason),
    )


def _result(result: ImageResult, card: ModelCard, threshold: float) -> str:
    """What the program says of an image; an uncertain one that reaches the threshold says both."""
    place = zone(result, card, threshold)
    if place is None:
        return "not assessable" if result.status is Status.REFUSED else ""
    is_flagged = prediction(result, threshold) == 1
    both = place is Zone.UNCERTAIN and is_flagged
    return f"{_RESULTS[Zone.FLAGGED]}, {_RESULTS[place]}" if both else _RESULTS[place]


def _line(name: str, score: str, result: str, status: str, reason: str) -> str:
    return f"{_padded(name)}  {score:>7}  {result:<18}  {status:<7}  {reason}".rstrip()


def _padded(name: str) -> str:
    """A name as wide as its column; what does not fit is cut in front."""
    if _columns(name) > _NAME_WIDTH:
        while _columns(name) >= _NAME_WIDTH:
            name = name[1:]
        name = "…" + name
    return name + " " * (_NAME_WIDTH - _columns(name))


def _columns(text: str) -> int:
    """How many columns of a terminal a text takes: a Chinese character takes two."""
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)


def series_table(series: Sequence[SeriesResult], card: ModelCard, threshold: float) -> list[str]:
    """The series, the most suspicious first, each with its result and its rule or its reason.

    Ends with an empty line; no line at all where there are none. ``threshold`` is that of single
    images.
    """
    if not series:
        return []
    rules = SeriesRules(card, threshold)
    decided = sorted(((each, rules.of(each)) for each in series), key=_by_suspicion)
    lines = [_series_line("series", "result", "flagged", "score", "rule")]
    lines += [_series_row(each, decision) for each, decision in decided[:SHOWN]]
    if len(decided) > SHOWN:
        lines.append(str(Message(Summary.MORE_SERIES, count=len(decided) - SHOWN)))
    used = {decision.rule for _, decision in decided if decision is not None}
    if SeriesRule.HEAD in used and card.series_head is not None:
        lines += [str(head_evidence(card.series_head)), str(head_sources(card.series_head))]
    if SeriesRule.IMAGES in used:
        lines += [RULE, NO_LABELLED_SERIES]
    return [*lines, ""]


def _by_suspicion(
    decided: tuple[SeriesResult, SeriesDecision | None],
) -> tuple[int, tuple[bool, float]]:
    """Flagged, uncertain, not flagged, without a result; the most suspicious first in each."""
    decision = decided[1]
    if decision is None:
        return 3, (False, 0.0)
    places = (Zone.FLAGGED, Zone.UNCERTAIN, Zone.NOT_FLAGGED)
    return 0 if decision.is_flagged else places.index(decision.zone), decision.suspicion


def _series_row(series: SeriesResult, decision: SeriesDecision | None) -> str:
    name = terminal_text(" · ".join(filter(None, [series.identity.patient, series.name])))
    if decision is None:
        without = "not assessable" if series.state is SeriesState.NOT_ASSESSABLE else "no result"
        reasons = [
            each.sentence if isinstance(each, Problem) else str(each) for each in series.notes
        ]
        return _series_line(name, without, "", "", terminal_text(" ".join(reasons)))
    return _series_line(
        name,
        _series_result(decision),
        f"{decision.n_flagged} of {decision.n_assessed}",
        f"{100 * decision.probability:.1f} %",
        str(series_notes(decision)[0]),
    )


def _series_result(decision: SeriesDecision) -> str:
    """What the program says of a series, and plainly where its images say something else."""
    if decision.agreement is Agreement.SERIES_ALONE:
        return "flagged as a whole"
    if decision.agreement is Agreement.IMAGES_ALONE and not decision.is_near:
        return "uncertain, slices only"
    both = decision.is_flagged and decision.zone is Zone.UNCERTAIN
    return "flagged, uncertain" if both else _RESULTS[decision.zone]


def _series_line(name: str, result: str, flagged: str, score: str, rule: str) -> str:
    return f"{_padded(name)}  {result:<22}  {flagged:>10}  {score:>7}  {rule}".rstrip()


def totals(
    results: Sequence[ImageResult], card: ModelCard, threshold: float, progress: Progress
) -> list[str]:
    """How many images of which status, how many flagged, and what the threshold is known to do."""
    counts = Counter(result.status for result in results)
    states = ", ".join(f"{counts[status]} {status}" for status in Status if counts[status])
    told = [
        Message(Summary.IMAGES, images=len(results), files=progress.files, states=states or "none")
    ]
    whole = progress.listed and len(results) == progress.found >= progress.files
    if not (whole and all(each.is_screened for each in results)):
        told.append(Message(Summary.STOPPED))
    flags = [flag for each in results if (flag := prediction(each, threshold)) is not None]
    known = at_threshold(card, threshold)
    told.append(
        Message(Summary.FLAGGED, count=sum(flags), total=len(flags), threshold=100 * threshold)
    )
    told.append(
        Message(
            Summary.VALIDATION,
            sensitivity=str(known.sensitivity),
            specificity=str(known.specificity),
        )
    )
    if card.test is not None:
        found = str(card.test.sensitivity), str(card.test.specificity)
        told.append(Message(Summary.TEST, sensitivity=found[0], specificity=found[1]))
    return [str(each) for each in told]


def _described_head(head: SeriesHead) -> list[str]:
    lines = [f"Series head, for series of at least {head.least} assessed images"]
    for point in head.thresholds:
        lines.append(f"Operating point of series {point.name}, {point.threshold:.4f}: {point.rule}")
        if point.name == DEFAULT:
            lines.append(f"    {head_evidence(head)} {head_sources(head)}")
    return lines


def described(card: ModelCard, sha256: str) -> list[str]:
    """The card for a reader: what the model is, was made from, and is meant for."""
    lines = [
        f"{card.name} ({card.precision}), SHA-256 {sha256}",
        f"Finding: {card.class_name}",
        f"Intended use: {card.intended_use}",
        f"Licence: {card.licence}",
        *(f"Data: {source}" for source in card.sources),
        card.fold_reason,
        f"Temperature {card.temperature:.4g}, intercept {card.intercept:.4g}",
        f"Not assessable above novelty {card.novelty_cut:.4g}. {card.novelty_rule}".rstrip(),
    ]
    for point in card.operating_points:
        evidence = at_threshold(card, point.threshold)
        lines.append(f"Operating point {point.name}, {point.threshold:.4f}: {point.rule}")
        lines.append(
            f"    out-of-fold: sensitivity {evidence.sensitivity}, "
            f"specificity {evidence.specificity}"
        )
    lines += [] if card.series_head is None else _described_head(card.series_head)
    if (pooled := card.pooled) is not None:
        lines.append(
            f"Cross-validation, {pooled.networks} networks pooled, at {pooled.threshold:.4f}: "
            f"AUC {pooled.auc:.3f}, sensitivity {pooled.counts.sensitivity}, "
            f"specificity {pooled.counts.specificity}. {pooled.counts.note}"
        )
    if (test := card.test) is not None:
        lines.append(
            f"Test: {test.true_positive} true and {test.false_positive} false positive, "
            f"{test.true_negative} true and {test.false_negative} false negative. {test.note}"
        )
    lines += [f"Checked {name}: {value:.3g}" for name, value in sorted(card.checks.items())]
    return [terminal_text(line) for line in lines]
