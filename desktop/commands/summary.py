"""A run as lines of plain text in the chosen language, for a terminal or a log of a batch."""

from __future__ import annotations

import math
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import reduce
from pathlib import Path

from desktop.commands.columns import cut, padded
from desktop.engine.progress import Progress
from desktop.engine.terminal_text import terminal_text
from desktop.messages import CardLine, Summary
from desktop.text.language import text_of
from imaging.errors import Status
from imaging.messages import Message
from model.card import ModelCard
from model.confusion import Confusion
from model.evidence import at_threshold
from model.image_result import ImageCall, ImageResult, image_call, prediction, zone
from model.operating_point import DEFAULT
from model.probability import percent
from model.proportion import Interval
from model.series_decision import SeriesCall, SeriesRule, SeriesRules, suspicion_of
from model.series_head import SeriesHead
from model.series_notes import context_evidence_notes, head_notes, series_notes, share_text
from model.series_point import NO_LABELLED_SERIES, RULE
from model.series_result import SeriesResult, SeriesState
from model.slice_context import SliceEvidence

SHOWN = 40
"""Images with, and images without a score that are printed; the exported table has them all."""
_NAME_WIDTH = 44
_OF_IMAGE = {
    ImageCall.FLAGGED: Summary.IS_FLAGGED,
    ImageCall.FLAGGED_UNCERTAIN: Summary.IS_BOTH,
    ImageCall.UNCERTAIN: Summary.IS_UNCERTAIN,
    ImageCall.NOT_FLAGGED: Summary.IS_NOT_FLAGGED,
}
_OF_SERIES = {
    SeriesCall.FLAGGED: Summary.IS_FLAGGED,
    SeriesCall.AS_A_WHOLE: Summary.AS_A_WHOLE,
    SeriesCall.FLAGGED_UNCERTAIN: Summary.IS_BOTH,
    SeriesCall.NEAR_WITH_IMAGES: Summary.IS_UNCERTAIN,
    SeriesCall.IMAGES_ALONE: Summary.SLICES_ONLY,
    SeriesCall.UNREADABLE: Summary.IS_UNCERTAIN,
    SeriesCall.UNCERTAIN_IMAGE: Summary.IS_UNCERTAIN,
    SeriesCall.NEAR: Summary.IS_UNCERTAIN,
    SeriesCall.NOT_FLAGGED: Summary.IS_NOT_FLAGGED,
}
_STATES = {
    Status.OK: Summary.OK,
    Status.WARNING: Summary.WARNING,
    Status.REFUSED: Summary.REFUSED,
    Status.FAILED: Summary.FAILED,
    Status.SKIPPED: Summary.SKIPPED,
}


def table(
    results: Sequence[ImageResult],
    card: ModelCard,
    threshold: float,
    series: Sequence[SeriesResult] = (),
) -> list[str]:
    """The images, the most suspicious first, then those without a score in their own order.

    What is to be known of all images of one of the ``series`` is left to ``series_table``.
    """
    known = [each for each in results if each.probability is not None]
    known.sort(key=lambda each: -(each.probability or 0.0))
    others = [each for each in results if each.probability is None]
    root = _common_folder(results)
    told = _told_of_series(results, series)
    heads = (Summary.IMAGE, Summary.SCORE, Summary.RESULT, Summary.STATUS, Summary.REASON)
    lines = [_line(*map(_text, heads))]
    for rows, more in ((known, Summary.MORE_SCORED), (others, Summary.MORE_WITHOUT)):
        for each in rows[:SHOWN]:
            left_out = told.get((each.path, each.frame), ())
            lines.append(_row(each, root, card, threshold, left_out))
        if len(rows) > SHOWN:
            lines.append(_text(more, count=len(rows) - SHOWN))
    return lines


def _of_all(results: Sequence[ImageResult], series: SeriesResult) -> tuple[str, ...]:
    """The sentences that each image of a series with a score has; of one image alone, none.

    So a slope of 2 in a whole series is told once.
    """
    members = [results[place] for place in series.members]
    scored = [each for each in members if each.probability is not None]
    if len(scored) < 2:
        return ()
    said = [tuple(map(text_of, each.problems)) for each in scored]
    shared = set(said[0]).intersection(*said)
    return tuple(sentence for sentence in said[0] if sentence in shared)


def _told_of_series(
    results: Sequence[ImageResult], series: Sequence[SeriesResult]
) -> dict[tuple[Path, int], tuple[str, ...]]:
    """By file and frame of each image with a score, what the row of its series tells."""
    return {
        (results[place].path, results[place].frame): told
        for each in series
        if (told := _of_all(results, each))
        for place in each.members
        if results[place].probability is not None
    }


def _text(code: Summary, **values: int) -> str:
    return text_of(Message(code, **values))


def _common_folder(results: Sequence[ImageResult]) -> str:
    """What all paths begin with, to be left out; nothing where they lie on several drives."""
    try:
        root = os.path.commonpath([each.path.parent for each in results])
    except ValueError:
        return ""
    return root if root.endswith(os.sep) else root + os.sep


def _row(
    result: ImageResult,
    root: str,
    card: ModelCard,
    threshold: float,
    left_out: Sequence[str],
) -> str:
    """A line of the table of images; ``left_out``: what the row of its series tells."""
    name = terminal_text(str(result.path).removeprefix(root))
    if result.frames > 1:
        name += f" #{result.frame}"
    sentences = map(text_of, result.problems)
    return _line(
        name,
        percent(result.probability),
        _result(result, card, threshold),
        _text(_STATES[result.status]),
        terminal_text(" ".join(each for each in sentences if each not in left_out)),
    )


def _result(result: ImageResult, card: ModelCard, threshold: float) -> str:
    """What the program says of an image; an uncertain one that reaches the threshold says both."""
    if result.probability is None:
        return _text(Summary.NOT_ASSESSABLE) if result.status is Status.REFUSED else ""
    is_flagged = prediction(result, threshold) == 1
    return _text(_OF_IMAGE[image_call(zone(result, card, threshold), is_flagged)])


def _line(name: str, score: str, result: str, status: str, reason: str) -> str:
    columns = (_name(name), padded(score, 8, right=True), padded(result, 18), padded(status, 8))
    return "  ".join((*columns, reason)).rstrip()


def _name(name: str) -> str:
    """A name as wide as its column."""
    return padded(cut(name, _NAME_WIDTH), _NAME_WIDTH)


def series_table(
    series: Sequence[SeriesResult],
    card: ModelCard,
    threshold: float,
    results: Sequence[ImageResult] = (),
) -> list[str]:
    """The series, the most suspicious first, each with its result and its rule or its reason.

    Warnings follow, of the series and of all its images in ``results``. Ends with an empty line; no
    line at all where there are none. ``threshold`` is that of single images.
    """
    if not series:
        return []
    rules = SeriesRules(card, threshold)
    decided = [(each, rules.of(each)) for each in series]
    decided.sort(key=lambda pair: suspicion_of(pair[0], pair[1], threshold))
    heads = (Summary.SERIES, Summary.RESULT, Summary.FLAGGED, Summary.SCORE, Summary.RULE)
    lines = [_series_line(*map(_text, heads))]
    lines += [_series_row(each, rules, results) for each, _ in decided[:SHOWN]]
    if len(decided) > SHOWN:
        lines.append(_text(Summary.MORE_SERIES, count=len(decided) - SHOWN))
    used = {decision.rule for _, decision in decided if decision is not None}
    if SeriesRule.HEAD in used and card.series_head is not None:
        lines += map(text_of, head_notes(card.series_head, card.precision))
    if SeriesRule.IMAGES in used:
        lines += map(text_of, (RULE, NO_LABELLED_SERIES))
    return [*lines, ""]


def _series_row(series: SeriesResult, rules: SeriesRules, results: Sequence[ImageResult]) -> str:
    decision = rules.of(series)
    name = terminal_text(" · ".join(filter(None, [series.identity.patient, series.name])))
    if decision is None:
        refused = series.state is SeriesState.NOT_ASSESSABLE
        without = _text(Summary.NOT_ASSESSABLE if refused else Summary.NO_RESULT)
        why = rules.why_none(series) if series.state is SeriesState.SCORED else None
        reasons = " ".join(map(text_of, dict.fromkeys([*series.notes, *([why] if why else ())])))
        return _series_line(name, without, "", "", terminal_text(reasons))
    told = (*map(text_of, series.warnings), *(_of_all(results, series) if results else ()))
    warnings = dict.fromkeys(map(terminal_text, told))
    return _series_line(
        name,
        _text(_OF_SERIES[decision.call]),
        _text(Summary.FLAGGED_OF, flagged=decision.n_flagged, assessed=decision.n_assessed),
        percent(decision.probability),
        " ".join((text_of(series_notes(decision)[0]), *warnings)),
    )


def _series_line(name: str, result: str, flagged: str, score: str, rule: str) -> str:
    columns = (
        _name(name),
        padded(result, 22),
        padded(flagged, 10, right=True),
        padded(score, 8, right=True),
    )
    return "  ".join((*columns, rule)).rstrip()


def totals(
    results: Sequence[ImageResult], card: ModelCard, threshold: float, progress: Progress
) -> list[str]:
    """How many images of which status, how many flagged, and what the threshold is known to do."""
    told = [
        Message(Summary.IMAGES, images=len(results), files=progress.files, states=_states(results))
    ]
    whole = progress.listed and len(results) == progress.found >= progress.files
    if not (whole and all(each.is_screened for each in results)):
        told.append(Message(Summary.STOPPED))
    flags = [flag for each in results if (flag := prediction(each, threshold)) is not None]
    counts = {"count": sum(flags), "total": len(flags)}
    told.append(Message(Summary.IMAGES_FLAGGED, **counts, threshold=100 * threshold))
    told.append(Message(Summary.VALIDATION, **_rates(at_threshold(card, threshold))))
    if card.test is not None:
        told.append(Message(Summary.TEST, **_rates(card.test)))
    return list(map(text_of, told))


def _states(results: Sequence[ImageResult]) -> Message:
    """How many images are in each state, one after the other."""
    counts = Counter(result.status for result in results)
    told = [
        Message(Summary.COUNT_OF, count=counts[status], state=Message(_STATES[status]))
        for status in Status
        if counts[status]
    ]
    if not told:
        return Message(Summary.NO_IMAGES)
    return reduce(lambda before, last: Message(Summary.AND, before=before, last=last), told)


def _rates(counts: Confusion | SliceEvidence) -> dict[str, str | Message]:
    """Sensitivity and specificity, each with its counts and CI."""
    return {
        "sensitivity": share_text(counts.sensitivity),
        "specificity": share_text(counts.specificity),
    }


def described(card: ModelCard, sha256: str) -> list[str]:
    """The card for a reader: what the model is, was made from, and is meant for."""
    lines: list[str | Message] = [
        Message(CardLine.MODEL, title=card.title, sha256=sha256),
        Message(CardLine.FINDING, name=card.class_name),
        Message(CardLine.INTENDED_USE, text=card.intended_use),
        Message(CardLine.LICENCE, text=card.licence),
        *(Message(CardLine.DATA, source=source) for source in card.sources),
        card.fold_reason,
        Message(CardLine.CALIBRATION, temperature=card.temperature, intercept=card.intercept),
        Message(CardLine.NOVELTY, cut=card.novelty_cut, rule=card.novelty_rule),
        *_described_points(card),
        *_described_head(card.series_head, card.precision),
        *_described_evidence(card),
        *([Message(CardLine.CHECKS)] if card.checks else []),
        *(
            Message(CardLine.CHECKED, name=name, value=value)
            for name, value in sorted(card.checks.items())
        ),
    ]
    texts = [line if isinstance(line, str) else text_of(line).rstrip() for line in lines]
    return [terminal_text(text) for text in texts]


def _described_points(card: ModelCard) -> Iterator[Message]:
    for point in card.operating_points:
        values = {"name": point.name, "rule": point.rule}
        yield Message(CardLine.POINT, **values, threshold=point.threshold)
        found = at_threshold(card, point.threshold)
        yield Message(CardLine.OUT_OF_FOLD, total=found.total, **_rates(found))


def _described_head(head: SeriesHead | None, precision: str) -> Iterator[Message]:
    if head is None:
        return
    yield Message(CardLine.SERIES_HEAD, least=head.least)
    for point in head.thresholds:
        values = {"name": point.name, "rule": point.rule}
        yield Message(CardLine.SERIES_POINT, **values, threshold=point.threshold)
        if point.name == DEFAULT:
            evidence, sources, *other = head_notes(head, precision)
            yield Message(CardLine.SERIES_EVIDENCE, evidence=evidence, sources=sources)
            yield from other
        else:
            fitted = head.evidence.fitted(point.threshold)
            yield Message(CardLine.SERIES_FITTED, total=fitted.total, **_rates(fitted))
    if (context := head.context) is not None:
        point, slices = context.point, context.evidence
        values = {"name": point.name, "rule": point.rule}
        yield Message(CardLine.SLICE_POINT, **values, threshold=point.threshold)
        yield Message(
            CardLine.SLICE_EVIDENCE,
            total=len(slices.labels),
            examinations=slices.n_examinations,
            **_rates(slices),
        )
        yield from context_evidence_notes(head, precision)


def _area(area: Interval) -> Message:
    """With its CI, which cards did not always keep."""
    if math.isnan(area.low) or math.isnan(area.high):
        return Message(CardLine.AREA_ALONE, auc=area.value)
    return Message(CardLine.AREA, auc=area.value, low=area.low, high=area.high)


def _described_evidence(card: ModelCard) -> Iterator[Message]:
    """What the networks of all folds did together, and what the test found."""
    if (pooled := card.pooled) is not None:
        yield Message(
            CardLine.POOLED,
            networks=pooled.networks,
            threshold=pooled.threshold,
            auc=_area(pooled.area),
            note=pooled.counts.note,
            **_rates(pooled.counts),
        )
    if (test := card.test) is not None:
        yield Message(CardLine.TEST, total=test.total, note=test.note, **_rates(test))
