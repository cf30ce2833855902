"""What a reader is told beside a series' number: its threshold, why, at which price, and what not.

In English; the window speaks them in the reader's language.
"""

from __future__ import annotations

from model.series_point import NO_LABELLED_SERIES, PERCENT, SeriesPoint


def series_sentences(point: SeriesPoint) -> tuple[str, ...]:
    """The threshold, how it was chosen, its false alarms, its cost, and what is not known."""
    return (
        _threshold(point),
        _chosen(point),
        _false_alarms(point),
        _cost(point),
        NO_LABELLED_SERIES,
    )


def _threshold(point: SeriesPoint) -> str:
    """For how many pictures the threshold is, what it is, and how many must reach it."""
    told = (
        f"Judged pictures: {point.images}, of which {point.counted} must reach the threshold of "
        f"the series: {100 * point.threshold:.2f} %"
    )
    return f"{told}, that of single pictures." if point.of_single_images else f"{told}."


def _chosen(point: SeriesPoint) -> str:
    if point.images == 1:
        return "A series of one judged picture counts as that picture."
    if point.enough:
        return (
            f"Of series with so many pictures and without the finding, at most {PERCENT} are "
            "expected to reach it, however much their pictures resemble each other, if they are "
            "like those it was worked out on."
        )
    few = (
        f"Too few negatives to say whether at most {PERCENT} of series without the finding "
        f"reach it: {point.negatives}, where {point.negatives_needed} are needed"
    )
    if point.of_single_images:
        return f"{few}."
    return f"{few}; it is just above the highest of them."


def _false_alarms(point: SeriesPoint) -> str:
    low, high = point.false_alarms_interval
    return (
        f"Expected false alarms: at most {100 * point.false_alarms:.1f} % of series without the "
        f"finding (95 % interval {100 * low:.1f} to {100 * high:.1f} %; "
        f"{point.evidence.false_positive} of {point.negatives} held-out scans without it reach "
        "the threshold)."
    )


def _cost(point: SeriesPoint) -> str:
    found = point.evidence.sensitivity
    if found.rate is None:
        return "How many single pictures with the finding reach it is not known."
    return (
        f"Of single pictures with the finding, {found.count} of {found.total} reach it: "
        f"{100 * found.rate:.1f} % "
        f"(95 % interval {100 * found.low:.1f} to {100 * found.high:.1f} %)."
    )
