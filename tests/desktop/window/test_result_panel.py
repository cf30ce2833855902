from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from desktop.app import Program
from desktop.state.workspace import State
from model.listed_image import ListedImage, PendingImage, waiting_again
from tests.make.program import open_by_hand, screened
from tests.make.results import result
from tests.make.series_head import IN_CONTEXT
from tests.make.tiny_model import tiny_card
from tests.make.worklists import of_patient

ImageFolder = Callable[..., Path]


def test_a_model_that_is_not_built_in_is_called_that(
    qtbot: QtBot, program: Program, image_folder: ImageFolder
) -> None:
    screened(qtbot, program, image_folder(bright=220))
    opened, panel = program.workspace.opened_model, program.window.result
    assert opened is not None
    assert opened.session is not None
    told = panel.model.summary.text(), panel.provider.text().replace(" ", "")
    opened.session.is_built_in = True
    program.workspace.threshold_changed.emit(0.5)
    assert told[0].endswith("not the built-in model")
    assert opened.session.sha256 in told[1]
    assert not panel.model.summary.text().endswith("not the built-in model")


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (State.LISTING, "Computing"),
        (State.SCORING, "Computing"),
        (State.STOPPED, "Not assessed yet"),
    ],
)
def test_a_result_on_its_way_is_computing(program: Program, state: State, said: str) -> None:
    program.workspace.table.add_images([PendingImage(Path("/s"), "1.png", 0)])
    program.selection.select(0)
    program.workspace.state = state
    program.workspace.state_changed.emit()
    assert program.window.result.zone.text() == said
    assert program.window.result.number.text() == ""


def test_in_blinded_reading_the_result_is_hidden_until_the_reading(program: Program) -> None:
    image, table = replace(result("/s/1.png", 0.9), sha256="ab"), program.workspace.table
    table.set_card(tiny_card())
    table.add_images([image])
    program.selection.select(0)
    assert program.window.result.number.text() == "90.0 %"
    program.actions["read_before_ai"].trigger()
    assert program.window.result.number.text() == ""
    assert program.window.result.zone.text() == "Hidden until you have read it"
    assert program.window.result.zone.property("zone") == ""


def whose(program: Program) -> list[str]:
    """Patient, place and file above the number."""
    panel = program.window.result
    return [label.text() for label in (panel.patient, panel.place, panel.name)]


def test_patient_and_place_in_the_series_stand_above_the_number(program: Program) -> None:
    images: list[ListedImage] = [*of_patient("A", 0.1), *of_patient("B", 0.2, 0.3)]
    open_by_hand(program, images)
    program.selection.select(2)
    assert whose(program) == ["B", "slice 2/2", "B-1-1.dcm"]


def test_an_image_is_of_the_patient_that_the_worklist_names_while_identity_is_hidden(
    program: Program,
) -> None:
    images: list[ListedImage] = [
        *of_patient("A", 0.1),
        *of_patient("B", 0.2, series="1"),
        *of_patient("B", 0.3, series="2"),
    ]
    open_by_hand(program, images)
    program.selection.select(2)
    program.workspace.table.set_hide_identity(True)
    assert whose(program) == ["Patient 2", "slice 1/1", "Image 3"]
    assert program.window.result.patient.toolTip().count("B-") == 0


def test_of_a_folder_of_images_its_name_stands_above_the_number(program: Program) -> None:
    open_by_hand(program, [result("/one/1.png", 0.9), result("/one/2.png", 0.1)], trusted=True)
    program.selection.select(1)
    assert whose(program) == ["one", "image 2/2", "2.png"]


def test_an_image_whose_series_is_not_known_has_its_name_alone(program: Program) -> None:
    program.workspace.table.add_images([PendingImage(Path("/s"), "1.png", 0)])
    program.selection.select(0)
    assert whose(program) == ["", "", "1.png"]


def test_a_slice_of_a_scored_series_has_its_score_in_context_in_the_opened_line(
    program: Program,
) -> None:
    images: list[ListedImage] = [*of_patient("A", *[0.5] * 9, None), *of_patient("B", *[0.5] * 7)]
    open_by_hand(program, images)
    table, panel = program.workspace.table, program.window.result
    table.set_card(IN_CONTEXT)
    program.selection.select(4)
    program.workspace.model_changed.emit()
    panel.series.button.setChecked(True)
    first, *rest = panel.context.text().splitlines()
    assert first == "Score in context of this slice: 50.0 % (threshold 40.0 %)."
    assert "It flags no slice" in rest[0]
    assert "sensitivity 100.0 % (1/1; 95 % CI" in rest[1]
    for without in (9, 12):  # not assessable; too few in its series
        program.selection.select(without)
        assert panel.context.text() == ""
        assert panel.context.isHidden()
    program.selection.select(4)
    assert panel.context.text().startswith("Score in context of this slice: 50.0 %")
    table.forget_results()
    program.workspace.model_changed.emit()
    assert panel.context.text() == ""


def test_no_score_in_context_stays_when_another_folder_is_opened(program: Program) -> None:
    open_by_hand(program, of_patient("A", *[0.5] * 9))
    program.workspace.table.set_card(IN_CONTEXT)
    program.selection.select(4)
    program.workspace.model_changed.emit()
    assert program.window.result.context.text() != ""
    program.workspace.table.clear()
    assert program.window.result.context.text() == ""
    other: list[ListedImage] = [
        replace(each, folder=Path("/other")) for each in of_patient("B", *[0.5] * 9)
    ]
    pending: list[ListedImage] = [waiting_again(each) for each in other[8:]]  # type: ignore[arg-type]
    open_by_hand(program, [*other[:8], *pending])
    program.workspace.table.set_card(IN_CONTEXT)
    program.selection.select(4)
    program.workspace.model_changed.emit()
    assert program.window.result.context.text() == ""
