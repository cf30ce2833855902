from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from desktop.app import Program
from desktop.engine.report import ExportFiles
from desktop.engine.targets import Target
from desktop.state.workspace import State
from tests.make.program import PATIENCE, boxes, screened

ImageFolder = Callable[..., Path]


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


def test_export_offers_another_name_where_the_first_cannot_be_written(
    qtbot: QtBot,
    program: Program,
    image_folder: ImageFolder,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    screened(qtbot, program, image_folder(bright=220))
    taken = tmp_path / "images.csv"
    taken.mkdir()
    monkeypatch.setattr(type(program.exporting), "_accepts_other_name", lambda *_: True)
    with qtbot.waitSignal(program.exporting.written, timeout=PATIENCE) as written:
        program.exporting.write(taken)
    boxes()[0].close()
    assert written.args is not None
    files = written.args[0]
    assert isinstance(files, ExportFiles)
    assert files.images == tmp_path / "images-2.csv"
    assert files.images.is_file()


@pytest.mark.parametrize("answer", [True, False])
def test_each_file_that_an_export_would_replace_is_asked_about(
    qtbot: QtBot,
    program: Program,
    image_folder: ImageFolder,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    answer: bool,
) -> None:
    screened(qtbot, program, image_folder(bright=220))
    for name in ("images.csv", "series.csv"):
        (tmp_path / name).write_text("mine")
    asked: list[tuple[str, str]] = []

    def may_replace(target: Target) -> bool:
        asked.append((target.path.name, str(target.standing)))
        return answer or len(asked) == 1

    monkeypatch.setattr(program.exporting, "_may_replace", may_replace)
    if answer:
        with qtbot.waitSignal(program.exporting.written, timeout=PATIENCE):
            program.exporting.write(tmp_path / "images.csv")
        boxes()[0].close()
    else:
        program.exporting.write(tmp_path / "images.csv")
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
    assert "Scoring is not finished: 3 images were left out." in box.text()


def test_a_whole_export_says_nothing_of_images_left_out(
    qtbot: QtBot, program: Program, image_folder: ImageFolder, tmp_path: Path
) -> None:
    screened(qtbot, program, image_folder(bright=220))
    said = told(qtbot, program, tmp_path / "images.csv")
    assert said == "Written: images.csv, series.csv and images.csv.json."


def test_the_place_proposed_does_not_name_the_folder_while_identity_is_hidden(
    qtbot: QtBot,
    program: Program,
    image_folder: ImageFolder,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    screened(qtbot, program, image_folder(bright=220))
    proposed: list[Path] = []
    monkeypatch.setattr(
        program.exporting._dialogs, "target", lambda _title, place, _kinds: proposed.append(place)
    )
    program.exporting.ask()
    program.actions["hide_identity"].trigger()
    program.exporting.ask()
    assert [place.parent for place in proposed] == [tmp_path, Path.home()]
