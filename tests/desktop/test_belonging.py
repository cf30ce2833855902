"""At any moment, for any order of arrival: what is shown beside an image is of that image."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Generator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desktop.app import Program
from desktop.engine.cells import number_cell
from desktop.engine.readings import Label
from desktop.engine.report import ExportFiles
from desktop.engine.report_rows import Origin
from desktop.engine.run import ExportOptions, Run
from desktop.state.workspace import State
from imaging.errors import Code
from imaging.image import Identity
from model.image_result import ImageResult
from model.series_result import SeriesState, series_result
from tests.make.belonging import (
    COUNT,
    check,
    check_image_on_screen,
    check_none_of_former,
    copy,
    heat_of,
    said,
    save_folder,
    scores_of,
)
from tests.make.dicom import ct, save
from tests.make.program import screened
from tests.make.stage import GreyNetwork, Stage, header
from tests.make.tiny_model import tiny_card

# The window


@pytest.fixture
def opened(
    qtbot: QtBot, program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Program:
    """Series of three patients; each image has a score and a heat map that no other one has."""
    monkeypatch.setattr(
        "desktop.state.selection.heat_map", lambda _session, image, _stopping: heat_of(image)
    )
    program.options.heat_map_shown = True
    screened(qtbot, program, save_folder(tmp_path / "folder"))
    return program


OPERATIONS = st.one_of(
    st.tuples(st.just("arrive"), st.integers(1, 8)),
    st.tuples(st.just("select"), st.integers(0, COUNT - 1)),
    st.tuples(st.just("step"), st.integers(-3, 3)),
    st.tuples(st.sampled_from(["series", "unread", "flagged"]), st.sampled_from([-1, 1])),
    st.tuples(
        st.sampled_from(["planes", "pair", "four", "blinded", "read", "hold", "copy"]), st.just(0)
    ),
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
        case "copy":
            copy(program)
        case "threshold":
            program.workspace.set_threshold(count / 100)
        case "reader":
            program.window.series_reading.reader.setText(("", "AB", "CD")[count])
            program.window.series_reading._take_reader()
        case "wait":
            QTest.qWait(count)
        case _:
            do_by_key(program, name)


def do_by_key(program: Program, name: str) -> None:
    match name:
        case "planes":
            program.actions["planes"].trigger()
        case "pair":
            program.actions["side_by_side"].trigger()
        case "four":
            program.actions["four_windows"].trigger()
        case "blinded":
            program.actions["read_before_ai"].trigger()
        case "read" if program.window.series_reading.can_read:
            program.window.series_reading.choose(Label.PRESENT)
        case "hold":
            program.workspace.worklist.held = not program.workspace.worklist.held


@pytest.mark.parametrize("view", ["", "planes", "side_by_side", "four_windows"])
@settings(
    max_examples=6,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    operations=st.lists(OPERATIONS, min_size=6, max_size=16),
    order=st.permutations(range(COUNT)),
    here=st.integers(0, COUNT),
)
def test_what_stands_beside_an_image_is_of_that_image(
    opened: Program, view: str, operations: list[tuple[str, int]], order: Sequence[int], here: int
) -> None:
    every = scores_of(opened)
    arriving = [(at, every[at]) for at in order]
    opened.workspace.table.forget_results()
    if view:
        opened.actions[view].trigger()
    try:
        for name, count in [("arrive", here), *operations, ("arrive", COUNT), ("wait", 60)]:
            do(opened, arriving, name, count)
            check(opened)
            QTest.qWait(1)
            check(opened)
    finally:
        if opened.settings.read_before_ai:
            opened.actions["read_before_ai"].trigger()
        opened.workspace.worklist.held = False
        opened.window.centre.compare(False)
        opened.workspace.table.add_results(enumerate(every))


VIEWS = ("heat_map", "four_windows", "planes", "side_by_side")


@pytest.mark.parametrize("view", VIEWS)
def test_while_another_folder_opens_nothing_of_the_former_one_is_on_screen(
    qtbot: QtBot, opened: Program, tmp_path: Path, view: str
) -> None:
    opened.actions[view].trigger()
    qtbot.wait(100)
    before = said(opened)
    assert any("P1" in text or "1.1" in text for text in before)
    other = tmp_path / "other"
    save(ct(PatientID="Q", PatientName="Q", SeriesDescription="New"), _made(other) / "1.dcm")
    opened.open([other])
    while opened.workspace.state is not State.DONE or opened.selection.busy:
        check_none_of_former(opened)
        qtbot.wait(1)
    check_none_of_former(opened)
    assert any("New" in text for text in said(opened))


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


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
        )
        uid = f"{patient}.{series}.{number}"
        known = header(position=float(number), identity=who, sop_uid=uid)
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
