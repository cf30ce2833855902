"""A screening as lines of plain text, for a terminal or a log of a batch."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from unicodedata import east_asian_width

from desktop.engine.plain import plain
from desktop.engine.progress import Progress
from imaging.errors import Status
from model.card import ModelCard
from model.evidence import at_threshold
from model.image_result import ImageResult, Zone, prediction, zone
from model.series_point import NO_LABELLED_SERIES, RULE, SeriesPoints
from model.series_result import SeriesResult

SHOWN = 40
"""Rows with, and rows without a probability that are printed; the exported table has them all."""
_NAME_WIDTH = 44


def table(results: Sequence[ImageResult], card: ModelCard, threshold: float) -> list[str]:
    """The rows, the most suspicious first, then those without a probability in their own order."""
    known = [each for each in results if each.probability is not None]
    known.sort(key=lambda each: -(each.probability or 0.0))
    others = [each for each in results if each.probability is None]
    root = _common_folder(results)
    lines = [_line("scan", "probability", "verdict", "status", "reason")]
    for rows, what in ((known, "with a probability"), (others, "without one")):
        lines += [_row(each, root, card, threshold) for each in rows[:SHOWN]]
        if len(rows) > SHOWN:
            lines.append(f"... and {len(rows) - SHOWN} more {what}")
    return lines


def _common_folder(results: Sequence[ImageResult]) -> str:
    """What all paths begin with, to be left out; nothing where they lie on several drives."""
    try:
        root = os.path.commonpath([each.path.parent for each in results])
    except ValueError:
        return ""
    return root if root.endswith(os.sep) else root + os.sep


def _row(result: ImageResult, root: str, card: ModelCard, threshold: float) -> str:
    name = plain(str(result.path).removeprefix(root))
    if result.frames > 1:
        name += f" #{result.frame}"
    shown, above = result.probability, prediction(result, threshold) == 1
    return _line(
        name,
        "" if shown is None else f"{shown:.4f}",
        _verdict(above, zone(result, card, threshold)),
        result.status,
        plain(result.reason),
    )


def _verdict(above: bool, place: Zone | None) -> str:
    """The side of the threshold, and whether the zone there is uncertain; empty without a zone."""
    if place is None:
        return ""
    side = Zone.ABOVE if above else Zone.BELOW
    return f"{side}, {place}" if place is Zone.UNCERTAIN else side


def _series_verdict(above: bool, place: Zone | None) -> str:
    """As of an image, but a series is never called below where it is uncertain."""
    return Zone.UNCERTAIN if place is Zone.UNCERTAIN and not above else _verdict(above, place)


def _line(name: str, probability: str, verdict: str, status: str, reason: str) -> str:
    return f"{_padded(name)}  {probability:>11}  {verdict:<16}  {status:<7}  {reason}".rstrip()


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
    """The series with a probability, the most suspicious first, and what to think of the numbers.

    Ends with an empty line; no line at all where there are none. ``threshold`` is that of single
    scans.
    """
    known = [each for each in series if each.probability is not None]
    if not known:
        return []
    points = SeriesPoints(card, threshold)
    places = (Zone.ABOVE, Zone.UNCERTAIN, Zone.BELOW)
    known.sort(
        key=lambda each: (places.index(points.zone(each) or Zone.BELOW), -(each.highest or 0.0))
    )
    lines = [
        _series_line(
            "series",
            *("judged", "counts as", "threshold", "verdict"),
            "false alarms expected, at most; sensitivity of one scan",
        )
    ]
    for each in known[:SHOWN]:
        point = points.of(each.n_assessed)
        low, high = point.false_alarms_interval
        few = "" if point.enough else "too few negatives to say; "
        lines.append(
            _series_line(
                plain(" · ".join(filter(None, [each.identity.patient, each.name]))),
                str(each.n_assessed),
                f"{each.probability:.4f}",
                f"{point.threshold:.4f}",
                _series_verdict(bool(points.reached(each)), points.zone(each)),
                f"{few}{100 * point.false_alarms:.1f} % ({100 * low:.1f} to {100 * high:.1f} %); "
                f"{point.evidence.sensitivity}",
            )
        )
    if len(known) > SHOWN:
        lines.append(f"... and {len(known) - SHOWN} more series with a probability")
    return [*lines, RULE, NO_LABELLED_SERIES, ""]


def _series_line(
    name: str, assessed: str, probability: str, threshold: str, verdict: str, known: str
) -> str:
    return (
        f"{_padded(name)}  {assessed:>6}  {probability:>9}  {threshold:>9}  {verdict:<16}  {known}"
    )


def totals(
    results: Sequence[ImageResult], card: ModelCard, threshold: float, progress: Progress
) -> list[str]:
    """How many rows of which status, how many above the threshold, and what that threshold is."""
    counts = Counter(result.status for result in results)
    states = ", ".join(f"{counts[status]} {status}" for status in Status if counts[status])
    answers = [answer for each in results if (answer := prediction(each, threshold)) is not None]
    evidence = at_threshold(card, threshold)
    lines = [f"{len(results)} rows of {progress.files} files: {states or 'none'}."]
    whole = progress.listed and len(results) == progress.found >= progress.files
    if not (whole and all(each.is_screened for each in results)):
        lines.append("Stopped early: the rest was not screened.")
    lines += [
        f"{sum(answers)} of {len(answers)} with a probability are at or above {threshold:.4f}.",
        f"Out of fold at this threshold: sensitivity {evidence.sensitivity}, "
        f"specificity {evidence.specificity}; weights and thresholds were chosen by these scans.",
    ]
    if card.test is not None:
        test = card.test
        lines.append(
            f"Test images at the default threshold: sensitivity {test.sensitivity}, "
            f"specificity {test.specificity}."
        )
    return lines


def described(card: ModelCard, sha256: str) -> list[str]:
    """The card for a reader: what the weights are, were made from, and are meant for."""
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
        lines.append(f"Threshold {point.name} {point.threshold:.4f}: {point.rule}")
        lines.append(
            f"    out of fold: sensitivity {evidence.sensitivity}, "
            f"specificity {evidence.specificity}"
        )
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
    return [plain(line) for line in lines]
