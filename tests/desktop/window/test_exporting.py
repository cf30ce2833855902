from __future__ import annotations

import csv
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from desktop.app import Program
from desktop.engine.report import ExportFiles
from desktop.engine.targets import Target
from desktop.jobs.export import Wanted, Written, write_tables
from desktop.jobs.job import Stopping
from desktop.state.workspace import State
from desktop.text.unbroken import unbroken
from tests.make.program import PATIENCE, boxes, screened

ImageFolder = Callable[..., Path]


@pytest.fixture
def scored(qtbot: QtBot, program: Program, image_folder: ImageFolder) -> Program:
    """The program when it has scored the one bright image of a folder."""
    screened(qtbot, program, image_folder(bright=220))
    return program


def told(qtbot: QtBot, program: Program, target: Path) -> str:
    """What the window says once the tables are written."""
    with qtbot.waitSignal(program.exporting.written, timeout=PATIENCE):
        program.exporting.write(target)
    box = boxes()[0]
    box.close()
    return box.text()


def test_export_writes_the_tables_with_the_threshold_of_the_screen(
    qtbot: QtBot, program: Program, image_folder: ImageFolder, tmp_path: Path
) -> None:
    screened(qtbot, program, image_folder(bright=220, dark=60))
    program.workspace.set_threshold(0.25)
    with qtbot.waitSignal(program.exporting.written, timeout=PATIENCE):
        program.exporting.write(tmp_path / "images.csv")
    lines = (tmp_path / "images.csv").read_text(encoding="utf-8-sig").splitlines()
    boxes()[0].close()
    assert len(lines) == 3
    assert ",0.25," in lines[1]
    assert (tmp_path / "series.csv").is_file()


def test_what_is_hidden_from_the_reader_is_hidden_in_the_tables(
    qtbot: QtBot, scored: Program, tmp_path: Path
) -> None:
    found = []
    for name in ("open.csv", "blinded.csv"):
        told(qtbot, scored, tmp_path / name)
        with (tmp_path / name).open(encoding="utf-8-sig", newline="") as file:
            found += [(row["logit"], row["status"]) for row in csv.DictReader(file)]
        scored.actions["read_before_ai"].trigger()
    assert found[0][0]
    assert found[1] == ("", "hidden")


def test_export_offers_another_name_where_the_first_cannot_be_written(
    qtbot: QtBot,
    scored: Program,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    taken = tmp_path / "images.csv"
    taken.mkdir()
    monkeypatch.setattr(type(scored.exporting), "_accepts_other_name", lambda *_: True)
    with qtbot.waitSignal(scored.exporting.written, timeout=PATIENCE) as written:
        scored.exporting.write(taken)
    boxes()[0].close()
    assert written.args is not None
    files = written.args[0]
    assert isinstance(files, ExportFiles)
    assert files.images == tmp_path / "images-2.csv"
    assert files.images.is_file()


@pytest.mark.parametrize("answer", [True, False])
def test_each_file_that_an_export_would_replace_is_asked_about(
    qtbot: QtBot,
    scored: Program,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    answer: bool,
) -> None:
    for name in ("images.csv", "series.csv"):
        (tmp_path / name).write_text("mine")
    asked: list[tuple[str, str]] = []

    def may_replace(target: Target) -> bool:
        asked.append((target.path.name, str(target.standing)))
        return answer or len(asked) == 1

    monkeypatch.setattr(scored.exporting, "_may_replace", may_replace)
    if answer:
        with qtbot.waitSignal(scored.exporting.written, timeout=PATIENCE):
            scored.exporting.write(tmp_path / "images.csv")
        boxes()[0].close()
    else:
        scored.exporting.write(tmp_path / "images.csv")
    assert asked == [("series.csv", "foreign"), ("images.csv", "foreign")]
    assert [(tmp_path / name).read_text("utf-8-sig") == "mine" for name, _ in asked] == [
        not answer,
        not answer,
    ]


def test_what_an_export_left_out_is_counted_as_it_was_written(
    qtbot: QtBot,
    program: Program,
    image_folder: ImageFolder,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    program.show()
    monkeypatch.setattr("desktop.state.workspace.score_images", lambda *_: iter(()))
    program.open([image_folder(a=100, b=150, c=200)])
    workspace = program.workspace
    qtbot.waitUntil(lambda: len(workspace.series) == 1 and not workspace.waiting_for_model)
    qtbot.waitUntil(lambda: workspace.opened_model is not None, timeout=PATIENCE)
    monkeypatch.setattr(workspace, "state", State.SCORING)
    # By the time the tables are there, the window says that all is done.
    program.exporting._writing.arrived.disconnect(program.exporting._take)
    with qtbot.waitSignal(program.exporting._writing.arrived, timeout=PATIENCE) as arrived:
        program.exporting.write(tmp_path / "images.csv")
    monkeypatch.setattr(workspace, "results", list)
    monkeypatch.setattr(workspace, "state", State.DONE)
    assert arrived.args is not None
    program.exporting._take(arrived.args[0])
    box = boxes()[0]
    box.close()
    rows = (tmp_path / "images.csv").read_text(encoding="utf-8-sig").splitlines()[1:]
    assert sum("not_screened" in row for row in rows) == 3
    [series] = (tmp_path / "series.csv").read_text(encoding="utf-8-sig").splitlines()[1:]
    assert ",waiting," in series
    assert "stopped" not in "".join([*rows, series])
    assert unbroken("Scoring is not finished: 3 images were left out.") in box.text()


def test_a_whole_export_says_nothing_of_images_left_out(
    qtbot: QtBot, scored: Program, tmp_path: Path
) -> None:
    said = told(qtbot, scored, tmp_path / "images.csv")
    assert said == "Written: images.csv, series.csv and images.csv.json."


def test_the_place_proposed_does_not_name_the_folder_while_identity_is_hidden(
    qtbot: QtBot,
    scored: Program,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    proposed: list[Path] = []
    monkeypatch.setattr(
        scored.exporting._dialogs, "target", lambda _title, place, _kinds: proposed.append(place)
    )
    scored.exporting.ask()
    scored.actions["hide_identity"].trigger()
    scored.exporting.ask()
    assert [place.parent for place in proposed] == [tmp_path, Path.home()]


def scored_names(table: Path) -> list[str]:
    """The files of which a table has a score."""
    with table.open(encoding="utf-8-sig", newline="") as lines:
        rows = csv.DictReader(lines)
        return [Path(row["file_path"]).name for row in rows if row["probability_hemorrhage"]]


def test_of_two_exports_at_once_each_is_written_and_told(
    qtbot: QtBot,
    scored: Program,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "taken.csv").mkdir()
    go_on, refused = threading.Event(), []

    def slowly(wanted: Wanted, stopping: Stopping) -> Written:
        go_on.wait(PATIENCE / 1000)
        return write_tables(wanted, stopping)

    monkeypatch.setattr("desktop.window.exporting.write_tables", slowly)
    monkeypatch.setattr(
        scored.exporting, "_accepts_other_name", lambda why, _other: refused.append(why)
    )
    scored.exporting.write(tmp_path / "taken.csv")
    with qtbot.waitSignal(scored.exporting.written, timeout=PATIENCE):
        scored.exporting.write(tmp_path / "images.csv")
        go_on.set()
    boxes()[0].close()
    assert len(refused) == 1
    assert scored_names(tmp_path / "images.csv") == ["bright.png"]


@pytest.mark.parametrize("question", ["other name", "other place", "replace", "where"])
def test_an_export_is_of_what_was_open_when_it_was_asked_for(
    qtbot: QtBot,
    program: Program,
    image_folder: ImageFolder,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    question: str,
) -> None:
    screened(qtbot, program, image_folder("one", bright=220))
    exporting, other = program.exporting, image_folder("two", dark=60)
    out = tmp_path / "out"
    out.mkdir()

    def meanwhile(*_: object) -> bool:
        screened(qtbot, program, other)
        return True

    def chosen(*_: object) -> Path:
        if question == "where":
            meanwhile()
        return out / "chosen.csv"

    taken = out / "images.csv"
    if question in ("other name", "other place"):
        taken.mkdir()
        monkeypatch.setattr(exporting, "_accepts_other_name", meanwhile)
    if question == "other place":
        monkeypatch.setattr("desktop.window.exporting.write_tables", without_other_name)
    if question == "replace":
        taken.write_text("mine")
        monkeypatch.setattr(exporting, "_may_replace", meanwhile)
    monkeypatch.setattr(exporting._dialogs, "target", chosen)
    with qtbot.waitSignal(exporting.written, timeout=PATIENCE) as written:
        exporting.ask() if question == "where" else exporting.write(taken)
    boxes()[0].close()
    assert program.workspace.paths == [other]
    assert written.args is not None
    assert scored_names(written.args[0].images) == ["bright.png"]


def without_other_name(wanted: Wanted, stopping: Stopping) -> Written:
    """As where no name beside the one asked for is free."""
    return replace(write_tables(wanted, stopping), other=None)


def test_an_export_that_waits_for_its_turn_has_the_results_of_the_model_it_names(
    qtbot: QtBot,
    scored: Program,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    run = scored.workspace.run
    assert run is not None

    def late(wanted: Wanted, stopping: Stopping) -> Written:
        run.forget_results()  # as when another model is opened
        return write_tables(wanted, stopping)

    monkeypatch.setattr("desktop.window.exporting.write_tables", late)
    said = told(qtbot, scored, tmp_path / "images.csv")
    assert scored_names(tmp_path / "images.csv") == ["bright.png"]
    assert "left out" not in said
