"""At any moment, for any order of arrival: what is shown beside an image is of that image."""

from __future__ import annotations

import csv
import re
import tempfile
from collections.abc import Generator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from desktop.app import Program
from desktop.engine.cells import number_cell
from desktop.engine.reader_labels import Label
from desktop.engine.report import ExportFiles
from desktop.engine.report_rows import Origin
from desktop.engine.run import ExportOptions, Run
from desktop.tables import words
from desktop.tables.row import Column
from desktop.tables.worklist_cells import WorklistColumn
from imaging.errors import Code
from imaging.image import Identity
from model.image_result import ImageResult
from model.series_decision import SeriesRules
from model.series_result import SeriesState, series_result
from tests.make.program import screened
from tests.make.stage import GreyNetwork, Stage, header
from tests.make.tiny_model import tiny_card
from tests.make.volumes import save_studies

HEIGHTS = [2.0 * at for at in range(3)]
DATE = "20260301"
SERIES = (("1.1", "P1", DATE), ("1.2", "P1", DATE), ("2.1", "P2", DATE), ("3.1", "P3", DATE))

# The window


@pytest.fixture
def opened(qtbot: QtBot, program: Program, tmp_path: Path) -> Program:
    """Four series of three patients; each image has a score that no other one has."""
    save_studies(tmp_path / "folder", HEIGHTS, SERIES)
    screened(qtbot, program, tmp_path / "folder")
    return program


def scores_of(program: Program) -> list[ImageResult]:
    """The results of all images, each with a score of its own."""
    found = []
    for number, row in enumerate(program.workspace.table.rows):
        assert row.known is not None
        score = 0.03 + 0.078 * number
        found.append(replace(row.known, probability=score, logit=4 * score - 2))
    return found


def percents(text: str) -> list[str]:
    return re.findall(r"(?:[<>] )?\d+\.\d %", text)


def check_image_on_screen(program: Program) -> None:
    """The panel is of the image on screen; without one, of the selected row."""
    centre, panel, table = program.window.centre, program.window.result, program.workspace.table
    number = program.selection.number
    image = centre.content.image
    if centre.pages.currentWidget() is centre.viewer and image is not None:
        uid = image.header.identity.sop_uid
        [number] = [
            at
            for at, row in enumerate(table.rows)
            if row.header and row.header.identity.sop_uid == uid
        ]
        members = program.workspace.series.members_with(number)
        assert centre.content.place.startswith(f"{members.index(number) + 1}/{len(members)}")
        assert len(centre.bar._marks) == len(members)
    assert number is not None
    row = table.rows[number]
    assert panel.name.text() == table.name(row)
    check_whose(program, number)
    shown = row.known if row.known is not None and not row.is_blinded else None
    assert panel.number.text() == words.percent(shown.probability if shown else None)
    series = program.workspace.series.number_of(number)
    assert series is not None
    assert panel.series.summary.text().startswith(
        f"Series: {program.workspace.series.result_line(series)}"
    )
    assert percents(panel.series.summary.text()) == expected(program, series)


def check_whose(program: Program, number: int) -> None:
    """Above the number stand patient and place of that very image, by its own header."""
    panel, header = program.window.result, program.workspace.table.rows[number].header
    assert header is not None
    assert panel.patient.text() == header.identity.patient
    position = header.geometry.position
    assert position is not None
    assert panel.place.text() == f"slice {HEIGHTS.index(position[2]) + 1}/{len(HEIGHTS)}"


def expected(program: Program, series: int) -> list[str]:
    """The score of a series, worked out anew from its own images' results; none while hidden."""
    table, group = program.workspace.table, program.workspace.series[series].group
    rows = [table.rows[member] for member in group.members]
    if any(row.known is None or row.is_blinded for row in rows) or table.card is None:
        return []
    images: list[Any] = [row.image for row in table.rows]
    decision = SeriesRules(table.card, table.threshold).of(series_result(group, images))
    assert decision is not None
    return [words.percent(decision.probability)]


def check_lists(program: Program) -> None:
    """Each line of worklist and image list shows its own images' results."""
    table, series, worklist = (
        program.workspace.table,
        program.workspace.series,
        program.workspace.worklist,
    )
    for number, row in enumerate(table.rows):
        shown = table.index(number, Column.PROBABILITY).data()
        hidden = row.known is None or row.is_blinded
        assert shown == (
            "" if hidden or row.known is None else words.percent(row.known.probability)
        )
    for number in range(len(series)):
        index = worklist.index_of_series(number)
        assert worklist.series_at(index) == number
        shown = index.siblingAtColumn(WorklistColumn.SCORE).data()
        assert [shown] == (expected(program, number) or [""])
        assert set(series[number].top) <= set(series[number].members)


def check_several_views(program: Program) -> None:
    """Planes stand beside no score; a side shows the score of its own image and series."""
    centre, table = program.window.centre, program.workspace.table
    if centre.in_planes:
        texts = [label.text() for label in centre.findChildren(QLabel) if label.isVisible()]
        assert not any(percents(text) for text in texts)
        assert not program.window.result.isVisible()
    for side in (centre.pair.left, centre.pair.right) if centre.side_by_side else ():
        image = side.content.image
        if side.number is None or image is None:
            assert not percents(side.result.text())
            continue
        row = table.rows[side.number]
        assert row.header is not None
        assert image.header.identity.sop_uid == row.header.identity.sop_uid
        own = [] if row.known is None or row.is_blinded else [words.percent(row.known.probability)]
        series = program.workspace.series.number_of(side.number)
        assert series is not None
        assert percents(side.result.text()) == own + expected(program, series)


def check(program: Program) -> None:
    check_lists(program)
    if program.window.centre.hides_results:
        check_several_views(program)
    else:
        check_image_on_screen(program)


OPERATIONS = st.one_of(
    st.tuples(st.just("arrive"), st.integers(1, 4)),
    st.tuples(st.just("select"), st.integers(0, len(SERIES) * len(HEIGHTS) - 1)),
    st.tuples(st.just("step"), st.integers(-3, 3)),
    st.tuples(st.sampled_from(["series", "unread", "flagged"]), st.sampled_from([-1, 1])),
    st.tuples(st.sampled_from(["planes", "pair", "blinded", "read", "hold"]), st.just(0)),
    st.tuples(st.just("threshold"), st.integers(0, 100)),
    st.tuples(st.just("reader"), st.integers(0, 2)),
    st.tuples(st.just("wait"), st.integers(0, 60)),
)


def do(program: Program, arriving: list[tuple[int, ImageResult]], name: str, count: int) -> None:
    selection, table = program.selection, program.workspace.table
    match name:
        case "arrive":
            table.add_results(arriving[:count])
            del arriving[:count]
        case "select":
            selection.select(count)
        case "step":
            selection.step(count)
        case "series":
            selection.step_series(count)
        case "unread":
            selection.step_unread(count)
        case "flagged":
            selection.step_flagged(count)
        case "planes":
            program.actions["planes"].trigger()
        case "pair":
            program.actions["side_by_side"].trigger()
        case "blinded":
            table.set_read_before_ai(not table.read_before_ai)
        case "read" if program.window.series_reading.can_read:
            program.window.series_reading.choose(Label.PRESENT)
        case "hold":
            program.workspace.worklist.held = not program.workspace.worklist.held
        case "threshold":
            program.workspace.set_threshold(count / 100)
        case "reader":
            program.workspace.readings.set_reader(("", "AB", "CD")[count])
        case "wait":
            QTest.qWait(count)


@settings(
    max_examples=10,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    operations=st.lists(OPERATIONS, min_size=4, max_size=12),
    order=st.permutations(range(len(SERIES) * len(HEIGHTS))),
)
def test_what_stands_beside_an_image_is_of_that_image(
    opened: Program, operations: list[tuple[str, int]], order: Sequence[int]
) -> None:
    every = scores_of(opened)
    arriving = [(at, every[at]) for at in order]
    opened.workspace.table.forget_results()
    try:
        for name, count in operations:
            do(opened, arriving, name, count)
            check(opened)
            QTest.qWait(1)
            check(opened)
    finally:
        opened.workspace.table.set_read_before_ai(False)
        opened.workspace.worklist.held = False
        opened.window.centre.compare(False)
        opened.workspace.table.add_results(enumerate(every))


def test_at_a_quick_turn_the_result_stays_with_the_image_that_is_still_on_screen(
    opened: Program,
) -> None:
    table, panel = opened.workspace.table, opened.window.result
    table.add_results(enumerate(scores_of(opened)))
    first = opened.window.centre.content.image
    assert first is not None
    labels = panel.number, panel.patient, panel.place, panel.name
    before = [label.text() for label in labels]
    opened.selection.step_series(1)
    assert opened.window.centre.content.image is first
    assert [label.text() for label in labels] == before
    QTest.qWait(1)
    check_image_on_screen(opened)


# The export

FOLDERS = st.lists(
    st.tuples(
        st.sampled_from("ABC"),  # patient
        st.sampled_from("12"),  # series
        st.sampled_from(["image", "image", "image", "refused", "damaged"]),
        st.booleans(),  # hidden from the reader
    ),
    min_size=1,
    max_size=12,
)


def staged(folder: Sequence[tuple[str, str, str, bool]]) -> Stage:
    """Files in the order given; the grey of each image is its own."""
    files: dict[str, Any] = {}
    for number, (patient, series, kind, _) in enumerate(folder):
        who = Identity(
            patient_id=patient,
            study_uid=f"{patient}.9",
            series_uid=f"{patient}.{series}",
            sop_uid=f"{patient}.{series}.{number}",
        )
        known = header(position=float(number), identity=who)
        files[f"{number:02}"] = Code.DAMAGED if kind == "damaged" else known
    stage = Stage(files)
    for number, (*_, kind, _) in enumerate(folder):
        stage.greys[f"{number:02}"] = 2 + number
        if kind == "refused":
            stage.fails = _with(stage.fails, f"{number:02}")
    return stage


def _with(before: Any, name: str) -> Any:
    return lambda file, frame: Code.BLANK if file == name else before(file, frame)


@settings(max_examples=40, deadline=None)
@given(
    folder=FOLDERS,
    looks=st.lists(st.tuples(st.integers(0, 12), st.integers(0, 11)), max_size=3),
    stopped=st.integers(0, 12),
)
def test_every_row_of_an_export_is_of_its_own_image_and_series(
    folder: Sequence[tuple[str, str, str, bool]], looks: list[tuple[int, int]], stopped: int
) -> None:
    with tempfile.TemporaryDirectory() as place:
        stage = staged(folder)
        run = Run([stage.in_folder(Path(place, "in"))], stage)
        list(run.read_headers())
        run.group()
        scoring = run.score(GreyNetwork())
        for done in range(stopped):
            for at, image in looks:
                if at == done and image < len(run.images):
                    run.look_at([image])
            if next(scoring, None) is None:
                break
        assert isinstance(scoring, Generator)
        scoring.close()
        hidden = frozenset(at for at, each in enumerate(folder) if each[3])
        files = ExportFiles.at(Path(place, "images.csv"))
        run.export(
            files, Origin(tiny_card(), "ab" * 32, 0.25, "1"), ExportOptions(hidden_scores=hidden)
        )
        check_images(run, folder, _rows(files.images), hidden)
        check_series(run, folder, _rows(files.series), hidden)


def score_cell(number: int) -> str:
    """What the table says of an image by its grey, which is its own."""
    return number_cell(float(np.float32(2 + number) / np.float32(255)))


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def check_images(
    run: Run,
    folder: Sequence[tuple[str, str, str, bool]],
    rows: list[dict[str, str]],
    hidden: frozenset[int],
) -> None:
    assert len(rows) == len(folder)
    for number, (row, (patient, series, kind, _)) in enumerate(zip(rows, folder, strict=True)):
        assert Path(row["file_path"]).name == f"{number:02}"
        if kind != "damaged":
            names = patient, f"{patient}.{series}"
            assert (row["PatientID"], row["SeriesInstanceUID"]) == names
        known = run.images[number]
        has_score = isinstance(known, ImageResult) and known.probability is not None
        if has_score and number not in hidden:
            assert kind == "image"
            assert row["probability_hemorrhage"] == score_cell(number)
        else:
            assert (row["probability_hemorrhage"], row["logit"]) == ("", "")


def check_series(
    run: Run,
    folder: Sequence[tuple[str, str, str, bool]],
    rows: list[dict[str, str]],
    hidden: frozenset[int],
) -> None:
    for row, group in zip(rows, run.series, strict=True):
        whose = {folder[member][:2] for member in group.members if folder[member][2] != "damaged"}
        if whose:
            [(patient, series)] = whose
            assert (row["PatientID"], row["SeriesInstanceUID"]) == (patient, f"{patient}.{series}")
        state = series_result(group, run.images).state
        is_whole = state is SeriesState.SCORED and hidden.isdisjoint(group.members)
        if not is_whole:
            assert (row["probability_hemorrhage"], row["top_images"], row["zone"]) == ("", "", "")
        elif row["probability_hemorrhage"]:
            assert row["probability_hemorrhage"] in {score_cell(member) for member in group.members}
            tops = {Path(name).name for name in row["top_images"].split(" | ")}
            assert tops <= {f"{member:02}" for member in group.members}
