"""What a reader is told beside a series' number: rule, threshold, evidence, what is not known."""

from __future__ import annotations

from collections.abc import Iterable

from imaging.messages import Message
from model.card import INT8
from model.messages import SeriesNote
from model.probability import percent
from model.proportion import Proportion
from model.series_decision import Agreement, SeriesDecision
from model.series_head import SeriesHead
from model.series_point import FALSE_ALARMS, NO_LABELLED_SERIES, SeriesPoint


def series_notes(decision: SeriesDecision, precision: str = "") -> tuple[Message, ...]:
    """The rule and its threshold first, then what is known of it and what is not.

    ``precision``: that of the model in use, as its card has it.
    """
    return (*_rule_notes(decision, precision), *_agreement(decision))


def share_text(share: Proportion) -> str | Message:
    """A share with its counts and CI, which read alike in every language; of nothing, a message."""
    return Message(SeriesNote.NO_SUCH_IMAGES) if share.rate is None else str(share)


def head_evidence(head: SeriesHead) -> Message:
    """Sensitivity and specificity per examination at the head's threshold, with counts."""
    counts = head.evidence.counts
    return Message(
        SeriesNote.HEAD_EVIDENCE,
        sensitivity=share_text(counts.sensitivity),
        specificity=share_text(counts.specificity),
    )


def head_sources(head: SeriesHead) -> Message:
    """Which examinations that evidence is of."""
    sources = _names(head.evidence.sources)
    return Message(SeriesNote.HEAD_SOURCES, count=len(head.evidence.labels), sources=sources)


def _names(sources: Iterable[str]) -> str:
    return ", ".join(sorted(set(sources)))


def head_notes(head: SeriesHead, precision: str) -> tuple[Message, ...]:
    """Its evidence, of which examinations that is, what a repeat of the training gave, and whether
    it is of another model than in use.
    """
    known = (head_evidence(head), head_sources(head), *_repeat(head))
    return (*known, *precision_notes(head, precision))


def _repeat(head: SeriesHead) -> tuple[Message, ...]:
    """What another training gave; empty where there was none."""
    if (counts := head.evidence.repeat) is None:
        return ()
    shares = {"sensitivity": counts.sensitivity, "specificity": counts.specificity}
    told = {name: share_text(share) for name, share in shares.items()}
    return (Message(SeriesNote.HEAD_REPEAT, count=counts.total, **told),)


def precision_notes(head: SeriesHead, precision: str) -> tuple[Message, ...]:
    """That the evidence is of another model than the one in use; empty where it is of that one.

    An INT8 file made of a full one has the evidence of that one. A head may have been fitted to the
    INT8 file itself, too.
    """
    is_of_full = precision == INT8 and head.measured_with not in ("", INT8)
    return (Message(SeriesNote.HEAD_FULL_PRECISION),) if is_of_full else ()


def context_evidence_notes(head: SeriesHead, precision: str) -> tuple[Message, ...]:
    """Of what the evidence of scores in context is, where it is not of the model in use.

    ``precision``: that of the model in use, as its card has it. Empty of a head without context.
    """
    if head.context is None:
        return ()
    other, evidence = precision_notes(head, precision), head.context.evidence
    if not evidence.by_networks_alike:
        return other
    sources = _names(evidence.sources or head.evidence.sources)
    return (
        Message(SeriesNote.NETWORKS_ALIKE, sources=sources),
        *(Message(SeriesNote.ALIKE_FULL_PRECISION) for _ in other),
    )


def context_notes(head: SeriesHead, score: float, precision: str) -> tuple[Message, ...]:
    """A slice's score in context with its threshold first, then what it is and how it fares.

    ``precision``: that of the model in use, as its card has it. Empty of a head without context.
    """
    if (context := head.context) is None:
        return ()
    evidence = context.evidence
    numbers = {"score": percent(score), "threshold": percent(context.point.threshold)}
    return (
        Message(SeriesNote.SLICE_IN_CONTEXT, **numbers),
        Message(SeriesNote.SLICE_CONTEXT),
        Message(
            SeriesNote.SLICE_EVIDENCE,
            examinations=evidence.n_examinations,
            sensitivity=share_text(evidence.sensitivity),
            specificity=share_text(evidence.specificity),
        ),
        *context_evidence_notes(head, precision),
        Message(SeriesNote.SLICE_BALANCE),
    )


def _rule_notes(decision: SeriesDecision, precision: str) -> tuple[Message, ...]:
    head, point = decision.head, decision.point
    if point is not None:
        applies = Message(SeriesNote.NO_SERIES_HEAD)
        if head is not None:
            applies = Message(SeriesNote.TOO_FEW_FOR_HEAD, least=head.least)
        return (*point_notes(point), applies)
    assert head is not None  # one of the two has decided
    return (
        Message(
            SeriesNote.HEAD_THRESHOLD,
            images=decision.n_assessed,
            threshold=100 * decision.threshold,
        ),
        *head_notes(head, precision),
        Message(SeriesNote.HEAD_BALANCE),
    )


def _agreement(decision: SeriesDecision) -> tuple[Message, ...]:
    """Where series and images differ, that they do."""
    match decision.agreement:
        case Agreement.SERIES_ALONE:
            return (Message(SeriesNote.SERIES_ALONE, total=decision.n_assessed),)
        case Agreement.IMAGES_ALONE:
            counts = {"flagged": decision.n_flagged, "total": decision.n_assessed}
            return (Message(SeriesNote.IMAGES_ALONE, **counts),)
        case Agreement.UNREADABLE:
            return (Message(SeriesNote.IMAGES_UNREADABLE, count=decision.n_unreadable),)
        case Agreement.BOTH:
            return ()


def point_notes(point: SeriesPoint) -> tuple[Message, ...]:
    """The threshold, how it was chosen, its false alarms, its cost, and what is not known."""
    return (
        _threshold(point),
        _chosen(point),
        _false_alarms(point),
        _cost(point),
        NO_LABELLED_SERIES,
    )


def _threshold(point: SeriesPoint) -> Message:
    """For how many images the threshold is, what it is, and how many must reach it."""
    code = SeriesNote.SERIES_THRESHOLD
    if point.of_single_images:
        code = SeriesNote.SERIES_THRESHOLD_OF_IMAGES
    percent = 100 * point.threshold
    return Message(code, images=point.images, counted=point.counted, threshold=percent)


def _chosen(point: SeriesPoint) -> Message:
    if point.images == 1:
        return Message(SeriesNote.ONE_IMAGE)
    share = 100 * FALSE_ALARMS
    if point.enough:
        return Message(SeriesNote.SHARE_KEPT, share=share)
    code = SeriesNote.TOO_FEW_NEGATIVES
    if not point.of_single_images:
        code = SeriesNote.ABOVE_ALL_NEGATIVES
    return Message(code, share=share, there=point.negatives, needed=point.negatives_needed)


def _false_alarms(point: SeriesPoint) -> Message:
    low, high = point.false_alarms_interval
    return Message(
        SeriesNote.FALSE_ALARMS,
        share=100 * point.false_alarms,
        low=100 * low,
        high=100 * high,
        reached=point.evidence.false_positive,
        negatives=point.negatives,
    )


def _cost(point: SeriesPoint) -> Message:
    found = point.evidence.sensitivity
    if found.rate is None:
        return Message(SeriesNote.COST_UNKNOWN)
    return Message(SeriesNote.COST, share=share_text(found))
