from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from pytestqt.qtbot import QtBot

from desktop.app import Program
from desktop.tables.images_order import Having
from tests.make.program import open_by_hand, screened
from tests.make.results import result

ImageFolder = Callable[..., Path]


def test_the_filter_says_how_many_rows_it_hides(
    qtbot: QtBot, program: Program, image_folder: ImageFolder
) -> None:
    screened(qtbot, program, image_folder(bright=220, dark=60))
    pane = program.window.results
    pane.only_flagged.click()
    hidden = pane.hidden.text()
    pane.show_all.click()
    assert hidden == "1 shown, 1 hidden by the filter"
    assert pane.hidden.text() == "2 shown, none hidden"


def test_searching_leaves_the_image_and_marks_its_row_again(
    qtbot: QtBot, program: Program, image_folder: ImageFolder
) -> None:
    screened(qtbot, program, image_folder(a1=220, b1=60, b2=80))
    pane, selection = program.window.results, program.selection
    chosen = next(
        row.number - 1 for row in program.workspace.table.rows if row.path.name == "a1.png"
    )
    selection.select(chosen)
    for text in ("b", "b1", "nothing at all", ""):
        pane.search.setText(text)
        assert selection.image == chosen, text
        assert pane.view.currentIndex().isValid() is (text == "")
    assert pane.view.currentIndex().row() == 0


def test_images_that_arrive_under_a_filter_are_counted_as_hidden(program: Program) -> None:
    open_by_hand(program, [result("/one/a.png", 0.9)])
    pane = program.window.results
    pane.search.setText("a.png")
    program.workspace.table.add_images([result("/one/b.png", 0.9), result("/one/c.png", 0.9)])
    program.selection.select(2)
    program.workspace.table.add_results([(2, result("/one/c.png", 0.2))])
    assert not pane.view.currentIndex().isValid()
    assert pane.hidden.text() == "1 shown, 2 hidden by the filter"
    assert not pane.show_all.isHidden()


def test_show_all_takes_every_filter_away(program: Program) -> None:
    open_by_hand(program, [result("/one/a.png", 0.1), result("/one/b.png", 0.9)])
    pane = program.window.results
    ways: tuple[Callable[[], object], ...] = (
        lambda: pane.search.setText("nobody"),
        lambda: pane.having.setCurrentIndex(pane.having.findData(Having.KEY)),
        pane.only_flagged.click,
    )
    for hide in ways:
        hide()
        hidden = program.workspace.order.hidden
        pane.show_all.click()
        assert hidden
        assert pane.hidden.text() == "2 shown, none hidden"
        assert pane.show_all.isHidden()


def test_the_row_that_is_chosen_is_the_image_that_is_selected_in_any_order(
    program: Program,
) -> None:
    open_by_hand(
        program,
        [result(f"/one/{name}.png", p) for name, p in zip("abc", (0.1, 0.9, 0.5), strict=True)],
    )
    pane, order = program.window.results, program.workspace.order
    for column in range(order.columnCount()):
        order.sort(column)
        for row in range(order.rowCount()):
            pane.view.selectRow(row)
            assert program.selection.image == order.shown_rows()[row]
