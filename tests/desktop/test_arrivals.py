"""Results that arrive one by one leave what all of them give at once, and cost no more in the end.

Whatever is kept up to date is compared with the same found anew, after each step of any history.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.app import Program
from desktop.engine.readings import Label, SeriesReading
from desktop.tables.images_order import ImagesOrder
from desktop.tables.images_table import ImagesTable
from desktop.tables.row import row_probability, suspicion
from desktop.tables.series_list import SeriesList
from desktop.tables.series_readings import SeriesReadings
from desktop.tables.shown_series import ShownSeries
from desktop.tables.worklist import Worklist
from desktop.tables.worklist_lines import WorklistLines
from desktop.tables.worklist_order import SortBy, WorklistOrder
from imaging.errors import Code, Problem, Status
from model.image_result import ImageResult
from model.listed_image import ListedImage, PendingImage
from model.series_decision import SeriesRules, suspicion_of
from model.series_group import group_images
from model.series_result import series_result
from tests.make.program import open_by_hand
from tests.make.results import WHEN, result
from tests.make.series_head import HEAD
from tests.make.tiny_model import tiny_card
from tests.make.worklists import of_patient, waiting

CARD, WITH_HEAD = tiny_card(), tiny_card(series_head=HEAD)

# The same as found anew


def opened() -> list[ListedImage]:
    """Two series of one patient, one of another with a copy, an unidentified folder, and a file
    that may belong to any of the series."""
    first = of_patient("A", *[0.5] * 3)
    copy = replace(first[0], folder=Path("/flat"), name="copy.dcm")
    images = [
        *first,
        *of_patient("A", *[0.5] * 2, series="2"),
        *of_patient("B", *[0.5] * 9),
        copy,
        *(replace(result(f"/one/{at}.png", 0.5), sha256=f"png {at}") for at in range(3)),
    ]
    return [*waiting(images), PendingImage(Path("/flat"), "lost")]


COUNT = len(opened())


class Desk:
    """Everything that follows the table, without a window."""

    def __init__(self) -> None:
        self.table = ImagesTable()
        self.order = ImagesOrder(self.table, self.table)
        self.series = SeriesList(self.table, self.table)
        self.readings = SeriesReadings(self.series, self.table)
        self.worklist = Worklist(self.series, self.readings, self.table)
        self.table.set_card(CARD)
        images = opened()
        self.table.add_images(images)
        self.series.set_groups(group_images(images))

    def result(self, number: int, kind: str, score: int) -> ImageResult:
        """One for a row, as a run would give it."""
        row = self.table.rows[number]
        problem = {"blank": Code.BLANK, "damaged": Code.DAMAGED, "lossy": Code.LOSSY}.get(kind)
        problems = () if problem is None else (Problem(problem),)
        scored = kind in ("score", "lossy") and row.header is not None
        return ImageResult(
            row.image.folder,
            row.image.name,
            row.frame,
            1,
            problems[0].status if problems else Status.OK,
            problems,
            WHEN,
            row.header,
            logit=score - 5.0 if scored else None,
            probability=score / 10 if scored else None,
            sha256="" if kind == "damaged" else f"sha {row.path.name}",
            pixels_digest=b"pixels",
        )


def check(desk: Desk) -> None:
    table, series = desk.table, desk.series
    images: list[Any] = [row.image for row in table.rows]
    rules = None if table.card is None else SeriesRules(table.card, table.threshold)
    for number, each in enumerate(series):
        rows = [table.rows[member] for member in each.members]
        is_blinded = any(row.is_blinded for row in rows)
        whole = ShownSeries.of(each.group, series_result(each.group, images), is_blinded=is_blinded)
        assert (each.result, each.is_blinded) == (whole.result, is_blinded)
        decision = None if rules is None else rules.of(whole.result)
        assert series.decision(number) == decision
        suspicion = suspicion_of(whole.result, decision, table.threshold, hidden=is_blinded)
        assert series.suspicion(number) == suspicion
        scores = [None if row.result is None else row.result.probability for row in rows]
        assert series.shows_score(number) == any(score is not None for score in scores)
        labels = [None if row.read is None else row.read.label for row in rows]
        assert series.is_labelled(number) == (None not in labels)
    check_orders(desk)


def check_orders(desk: Desk) -> None:
    table, worklist = desk.table, desk.worklist
    lines = WorklistLines.of([each.group for each in desk.series])
    anew = WorklistOrder(desk.series, desk.readings)
    anew.by, anew.descending = worklist.order.by, worklist.order.descending
    anew.filter = worklist.order.filter
    shown = {parent: anew.shown(lines, parent) for parent in lines.below}
    assert (worklist._shown == shown) or (worklist.held and worklist.stale)
    assert worklist.hidden == len(lines.below[None]) - len(worklist._shown[None])
    passing = [at for at, row in enumerate(table.rows) if desk.order._accepts(row)]
    scores = {at: row_probability(table.rows[at]) for at in passing}
    keys = {at: (suspicion(score), table.rows.order(at)) for at, score in scores.items()}
    assert desk.order.shown_rows() == sorted(passing, key=keys.__getitem__)
    hidden = [row.is_blinded and row.known is not None for row in table.rows]
    assert table.count_hidden() == sum(hidden)


ARRIVAL = st.tuples(
    st.integers(0, COUNT - 1),
    st.sampled_from(["score", "score", "score", "lossy", "blank", "damaged", "without a model"]),
    st.integers(0, 10),
)
STEPS = st.one_of(
    st.tuples(st.just("arrive"), st.lists(ARRIVAL, min_size=1, max_size=6)),
    st.tuples(st.just("all"), st.lists(st.integers(0, 10), min_size=COUNT, max_size=COUNT)),
    st.tuples(st.sampled_from(["stop", "go on", "other model", "arrange"]), st.none()),
    st.tuples(st.just("threshold"), st.integers(0, 10)),
    st.tuples(st.just("card"), st.sampled_from([None, CARD, WITH_HEAD])),
    st.tuples(st.sampled_from(["blinded", "trusted", "held"]), st.booleans()),
    st.tuples(st.just("label"), st.integers(0, COUNT - 1)),
    st.tuples(st.sampled_from(["mark", "read"]), st.integers(0, 3)),
    st.tuples(st.just("reader"), st.sampled_from(["", "AB"])),
    st.tuples(st.just("flagged only"), st.booleans()),
    st.tuples(st.just("unread only"), st.booleans()),
    st.tuples(st.just("by"), st.sampled_from(list(SortBy))),
)


def do(desk: Desk, name: str, what: Any) -> None:
    table, worklist = desk.table, desk.worklist
    match name:
        case "arrive":
            table.add_results([(each[0], desk.result(*each)) for each in what])
        case "all":
            table.add_results(
                [(at, desk.result(at, "score", score)) for at, score in enumerate(what)]
            )
        case "stop":
            table.end_waiting()
        case "go on":
            table.wait_again()
        case "other model":
            table.forget_results()
        case "threshold":
            table.set_threshold(what / 10)
            desk.series.follow_threshold()
        case "card":
            table.set_card(what)
        case "blinded":
            table.set_read_before_ai(what)
        case "trusted":
            desk.series.trust_folders(what)
        case "reader":
            desk.readings.set_reader(what)
        case _:
            do_in_lists(desk, worklist, name, what)


def do_in_lists(desk: Desk, worklist: Worklist, name: str, what: Any) -> None:
    table, readings, asked = desk.table, desk.readings, worklist.order.filter
    match name:
        case "label" if table.rows[what].known is not None:
            known = table.rows[what].known
            assert known is not None
            if known.sha256:
                table.show_reading(known, table.reader_labels.set_label(known, Label.ABSENT))
        case "mark":
            readings.mark_read(what, not readings.is_read(what))
        case "read" if readings.can_read(what):
            given = SeriesReading(Label.PRESENT, WHEN, reader=table.reader_labels.reader)
            readings.read(what, given)
        case "held":
            worklist.held = what
            if not what and worklist.stale:
                worklist.arrange()
        case "arrange":
            worklist.arrange()
        case "flagged only":
            worklist.set_filter(replace(asked, only_flagged=what))
        case "unread only":
            worklist.set_filter(replace(asked, only_unread=what))
        case "by":
            worklist.set_order(what)


@settings(max_examples=80, deadline=None)
@given(steps=st.lists(STEPS, min_size=1, max_size=14))
def test_what_follows_each_arrival_is_what_would_be_found_anew(
    steps: Sequence[tuple[str, Any]],
) -> None:
    desk = Desk()
    for name, what in steps:
        do(desk, name, what)
        check(desk)


# What an arrival costs

FEW, MANY, CHUNK = 100, 3000, 5
"""Images of a short and of a long series, and how many of them arrive at a time."""


def calls(do: Callable[[], object]) -> int:
    """How many functions are called meanwhile, each step of a generator counted."""
    count = 0

    def note(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(note)
    try:
        do()
    finally:
        sys.setprofile(None)
    return count


def folder(count: int) -> list[ImageResult]:
    """A flat folder of images, which are one series."""
    return [
        replace(result(f"/one/{at}.png", (7 * at % count) / count), sha256=f"{at}")
        for at in range(count)
    ]


def calls_of_an_arrival(program: Program, count: int) -> int:
    """In a window with half of the results of a series of that many images."""
    images = folder(count)
    waits = [PendingImage(each.folder, each.name, 0, each.header, each.sha256) for each in images]
    open_by_hand(program, waits, trusted=True)
    program.selection.select(0)
    table, half = program.workspace.table, count // 2
    table.add_results([(at, images[at]) for at in range(half)])
    following = [(at, images[at]) for at in range(half, half + CHUNK)]
    return calls(lambda: table.add_results(following))


@pytest.mark.parametrize("blinded", [False, True])
def test_an_arrival_costs_no_more_in_a_series_of_thousands(program: Program, blinded: bool) -> None:
    program.workspace.table.set_read_before_ai(blinded)
    few, many = (calls_of_an_arrival(program, count) for count in (FEW, MANY))
    assert many < 1.2 * few


def test_a_turn_to_another_image_costs_no_more_in_a_series_of_thousands(program: Program) -> None:
    costs = []
    for count in (FEW, MANY):
        calls_of_an_arrival(program, count)
        costs.append(calls(partial(program.selection.select, count // 3)))
    assert costs[1] < 1.2 * costs[0]
