"""What stands in the exported tables, cell by cell: images.csv and series.csv."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from desktop.engine.cells import id_cell, number_cell, path_cell, text_cell
from desktop.engine.measured import measured_texts
from desktop.engine.readings import Reading, SeriesReading
from desktop.resources import app_version
from imaging.errors import Code, Problem
from imaging.image import Identity
from model.card import ModelCard
from model.image_result import ImageResult, prediction, zone
from model.series_decision import SeriesDecision, SeriesRules
from model.series_point import FALSE_ALARMS, SeriesPoint
from model.series_result import SeriesResult, SeriesState, aggregation

if TYPE_CHECKING:
    from model.session import Session

HIDDEN = "hidden"
"""The status of an image, and of a series, whose score is hidden until the reader has read it."""
HIDDEN_REASON = f"{HIDDEN}: The score is hidden until the reader has read the image."


@dataclass(frozen=True)
class Hidden:
    """What a blinded reader must not see yet; images by their places among the results."""

    images: frozenset[int] = frozenset()
    """Those that may have a score. Why others have none everyone may see."""
    unsummed: frozenset[int] = frozenset()
    """Those that count as still to come in their series, so that it has no result: ``images``, and
    where a series has none of them but a score on show, all of it that is to be read."""


@dataclass(frozen=True)
class Origin:
    """What every row of an export shares."""

    card: ModelCard
    sha256: str
    """Of the model file."""
    threshold: float
    """For single images."""
    app_version: str
    grouped_by: str = ""
    """The pattern of names by which unidentified images were grouped; empty without."""
    folders_are_series: bool = False
    """Whether the reader has said that each folder of images is one series of one patient."""
    is_scoring: bool = False
    """Whether scoring goes on: what has no result yet waits, and was not left out by a stop."""

    @classmethod
    def of(cls, session: Session, threshold: float | None = None) -> Origin:
        """That of a session, at the default threshold of its card where none is given."""
        card = session.card
        chosen = card.threshold if threshold is None else threshold
        return cls(card, session.sha256, chosen, app_version())

    @cached_property
    def series_rules(self) -> SeriesRules:
        """By which series are decided on."""
        return SeriesRules(self.card, self.threshold)


def image_columns(class_name: str) -> tuple[str, ...]:
    """The header of images.csv."""
    return (
        *("file_path", "PatientID", "StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID"),
        *("InstanceNumber", "frame", "Modality", f"probability_{class_name}", "logit"),
        *("threshold", "prediction", "zone", "status", "status_reason", "reader_label"),
        *("reader_comment", "reader_time", "model_name", "model_sha256", "app_version"),
        *("execution_provider", "analysed_at", "reader_key_image", "reader"),
        *("reader_measurements", f"context_probability_{class_name}"),
    )


def series_columns(class_name: str) -> tuple[str, ...]:
    """The header of series.csv."""
    return (
        *("PatientID", "StudyInstanceUID", "SeriesInstanceUID", "n_images", "n_failed"),
        *("aggregation", f"probability_{class_name}", "top_images", "prediction", "status"),
        *("series_threshold", "expected_false_alarms", f"highest_probability_{class_name}"),
        *("zone", "rule", "n_assessed", "n_flagged"),
        *("reader_label", "reader_confidence", "reader", "reader_comment", "reader_time"),
        *("reader_seconds", "reader_blinded", "name_group", "first_image", "n_waiting"),
    )


def image_row(
    result: ImageResult,
    origin: Origin,
    read: Reading | None = None,
    in_context: float | None = None,
    is_hidden: bool = False,
) -> tuple[str, ...]:
    """One row of images.csv; the reader's own columns are empty without a read.

    ``in_context``: its score in context, left out where it has no score of its own. ``is_hidden``:
    what the model says of it is hidden from the reader, and ``result`` does not hold it.
    """
    header = result.header
    identity = Identity() if header is None else header.identity
    number = None if header is None else header.instance_number
    place = zone(result, origin.card, origin.threshold)
    predicted = prediction(result, origin.threshold)
    return (
        path_cell(result.path),
        *map(id_cell, (identity.patient_id, identity.study_uid, identity.series_uid)),
        id_cell("" if header is None else header.sop_uid),
        "" if number is None else str(number),
        str(result.frame),
        text_cell(identity.modality),
        number_cell(result.probability),
        number_cell(result.logit),
        number_cell(origin.threshold, 17),
        "" if predicted is None else str(predicted),
        "" if place is None else str(place),
        HIDDEN if is_hidden else str(result.status),
        text_cell(_reasons(result, origin, is_hidden)),
        *_reader_cells(read),
        *(text_cell(origin.card.name), origin.sha256, text_cell(origin.app_version)),
        text_cell(result.provider),
        result.analysed_at.isoformat(timespec="milliseconds"),
        "1" if read is not None and read.is_key else "",
        "" if read is None else text_cell(read.reader),
        "" if read is None else text_cell(" | ".join(measured_texts(read.measurements))),
        number_cell(None if result.probability is None else in_context),
    )


def _reasons(result: ImageResult, origin: Origin, is_hidden: bool) -> str:
    reasons = [f"{each.code}: {_sentence(each, origin)}" for each in result.problems]
    return " ".join([HIDDEN_REASON, *reasons] if is_hidden else reasons)


def _sentence(problem: Problem, origin: Origin) -> str:
    """What is wrong; nothing stopped the scoring that still goes on."""
    waits = problem.code is Code.NOT_SCREENED and origin.is_scoring
    return "Not assessed yet: scoring went on." if waits else problem.sentence


def _reader_cells(read: Reading | None) -> tuple[str, str, str]:
    if read is None:
        return "", "", ""
    label = "" if read.label is None else str(read.label)
    return label, text_cell(read.comment), read.time.isoformat(timespec="seconds")


def series_row(
    series: SeriesResult,
    results: Sequence[ImageResult],
    origin: Origin,
    read: SeriesReading | None = None,
    hidden: Hidden | None = None,
) -> tuple[str, ...]:
    """One row of series.csv; images are named by file, and by frame where there are several.

    The first image tells which series it is where no header names one, as in a folder of PNG files.

    What is empty is not known: a series without a result has neither probability nor zone. The
    reader's own columns are empty without a reading. ``hidden``: what the reader must not see yet.
    """
    unsummed = frozenset() if hidden is None else hidden.unsummed.intersection(series.members)
    decision = origin.series_rules.of(series)
    point = None if decision is None else decision.point
    waiting = sum(not results[index].is_screened for index in series.members)
    return (
        id_cell(series.identity.patient_id),
        id_cell(series.identity.study_uid),
        id_cell(series.identity.series_uid),
        str(len(series.members)),
        str(series.n_failed),
        "" if decision is None else text_cell(_aggregation(decision)),
        number_cell(None if decision is None else decision.probability),
        text_cell(" | ".join(_image_name(results[index]) for index in series.top)),
        "" if decision is None else str(int(decision.is_flagged)),
        _series_status(series, origin, len(unsummed)),
        number_cell(None if decision is None else decision.threshold, 17),
        number_cell(None if point is None else point.false_alarms),
        number_cell(series.highest),
        *_decision_cells(decision),
        *_series_reader_cells(read),
        _name_group(series, origin),
        _image_name(results[series.members[0]]),
        str(waiting),
    )


def _name_group(series: SeriesResult, origin: Origin) -> str:
    """By what part of its files' names a unidentified series was grouped."""
    by_name = origin.grouped_by and not series.identity.is_given
    return text_cell(series.name) if by_name else ""


def _series_reader_cells(read: SeriesReading | None) -> tuple[str, ...]:
    if read is None or read.label is None:
        return ("",) * 7
    return (
        str(read.label),
        "" if read.confidence is None else str(read.confidence),
        text_cell(read.reader),
        text_cell(read.comment),
        read.time.isoformat(timespec="seconds"),
        "" if read.seconds is None else f"{read.seconds:.1f}",
        str(int(read.blinded)),
    )


def _decision_cells(decision: SeriesDecision | None) -> tuple[str, str, str, str]:
    if decision is None:
        return "", "", "", ""
    counts = str(decision.n_assessed), str(decision.n_flagged)
    return str(decision.zone), str(decision.rule), *counts


def _aggregation(decision: SeriesDecision) -> str:
    """How probability and threshold of the series came about."""
    if decision.point is not None:
        return f"{aggregation(decision.point.images)}; {_rule(decision.point)}"
    assert decision.head is not None  # one of the two has decided
    return f"series head; {decision.head.point().rule}"


def _series_status(series: SeriesResult, origin: Origin, hidden: int) -> str:
    """Its status, how far it was assessed, or why its images have none together.

    ``hidden``: without how many of its images, which are hidden, it was summed up.
    """
    if series.state is SeriesState.STOPPED:
        return _progress(series, series.n_done + hidden, origin)
    if hidden:
        return HIDDEN
    if series.state is SeriesState.SCORED and not series.is_one_patient:
        return "patients cannot be distinguished"
    if series.state is SeriesState.SCORED and origin.series_rules.why_none(series) is not None:
        return "not made for such a series"
    if series.state is SeriesState.SCORED and series.is_taken_for_one:
        return "taken for one patient"
    return str(series.status)


def _progress(series: SeriesResult, done: int, origin: Origin) -> str:
    """How far a series is while scoring goes on, or where a stop left it."""
    if not origin.is_scoring:
        return f"stopped at {done} of {series.n_images}"
    return f"scoring {done} of {series.n_images}" if done else "waiting"


def _rule(point: SeriesPoint) -> str:
    """How the threshold came about, in the words of the table."""
    if point.images == 1:
        return "threshold of single images, 1 assessed"
    if not point.enough:
        place = f"just above the highest of {point.negatives}"
        if point.of_single_images:
            place = "threshold of single images"
        return f"too few negatives to say: {place}"
    kind = "threshold of single images" if point.of_single_images else "threshold for series"
    share = f"{100 * FALSE_ALARMS:.0f} %"
    return f"{kind}: at most {share} false alarms expected, {point.images} assessed"


def _image_name(result: ImageResult) -> str:
    frame = f"#{result.frame}" if result.frames > 1 else ""
    return path_cell(result.path) + frame
