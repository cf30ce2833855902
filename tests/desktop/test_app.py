import math
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.app import NICENESS, Program
from desktop.engine.scoring import Scored
from desktop.jobs.image_jobs import score_images
from desktop.settings import Settings
from desktop.state.workspace import State
from desktop.tables.row import Column, Row
from desktop.text.unbroken import unbroken
from desktop.viewer.tools import Tool
from imaging.errors import Status
from imaging.image import Window
from imaging.input.recipe import network_input
from imaging.reading import read_image
from model.image_result import ImageResult
from tests.make.in_this_process import InThisProcess
from tests.make.program import PATIENCE, boxes, screened, wait_done
from tests.make.tiny_model import SIZE, tiny_card, tiny_logit

ImageFolder = Callable[..., Path]


def row_named(program: Program, name: str) -> Row:
    return next(row for row in program.workspace.table.rows if row.path.name == name)


def result_of(program: Program, name: str) -> ImageResult:
    result = row_named(program, name).result
    assert result is not None
    return result


def shown_names(program: Program) -> list[str]:
    order = program.workspace.order
    return [str(order.index(row, Column.NAME).data()) for row in range(order.rowCount())]


def test_opening_a_folder_gives_every_file_a_row_with_its_result(
    qtbot: QtBot, program: Program, image_folder: ImageFolder
) -> None:
    folder = image_folder(bright=220, dark=60)
    (folder / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    screened(qtbot, program, folder)
    image = network_input(read_image(folder / "bright.png"), tiny_card(SIZE).recipe).pixels
    expected = 1 / (1 + math.exp(-tiny_logit(image)))
    assert result_of(program, "bright.png").probability == pytest.approx(expected, abs=1e-5)
    assert result_of(program, "broken.png").status is Status.FAILED
    assert shown_names(program) == ["bright.png", "dark.png", "broken.png"]
    assert program.selection.shown is not None


def test_children_begin_with_the_window_and_those_that_score_give_way(
    qapp: QApplication, settings: Settings, model_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[int] = []

    class Children(InThisProcess):
        def __init__(self, _workers: int = 1, niceness: int = 0) -> None:
            super().__init__()
            self.niceness = niceness

        def start_children(self) -> None:
            begun.append(self.niceness)

    monkeypatch.setattr("desktop.app.Sandbox", Children)
    program = Program(qapp, settings, shipped=model_folder, device="cpu")
    program.show()
    QTest.qWait(1)
    program.window.close()
    program.window.deleteLater()
    program.deleteLater()
    assert begun == [NICENESS, 0]


def test_closed_before_its_first_paint_it_begins_nothing(qtbot: QtBot, program: Program) -> None:
    program.show()
    program.window.close()
    qtbot.wait(20)
    program.close()  # once more, as the program's end does
    assert program.workspace.opened_model is None
    assert not program.workspace._opening.busy
    assert program.workspace._sandbox is None


def test_the_first_image_needs_no_model(
    qtbot: QtBot, program: Program, image_folder: ImageFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(program.workspace, "_open_model", lambda: None)
    program.open([image_folder(one=200)])
    with qtbot.waitSignal(program.selection.image_read, timeout=PATIENCE):
        pass
    qtbot.waitUntil(lambda: program.workspace.waiting_for_model, timeout=PATIENCE)
    assert program.workspace.opened_model is None
    assert program.window.viewer.display.image is not None


def test_the_threshold_moves_without_scoring_again(
    qtbot: QtBot, program: Program, image_folder: ImageFolder
) -> None:
    screened(qtbot, program, image_folder(bright=220, dark=60))
    before = result_of(program, "bright.png")
    panel = program.window.threshold
    count = panel.count.text()
    panel.number.setValue(100.0)
    assert result_of(program, "bright.png") is before
    assert count == "1 of 2 assessed images flagged"
    assert panel.count.text() == "0 of 2 assessed images flagged"
    assert program.window.result.zone.text() == "Not flagged"
    assert program.workspace.state is State.DONE


def test_named_points_set_their_exact_threshold(qtbot: QtBot, program: Program) -> None:
    program.show()
    qtbot.waitUntil(lambda: program.workspace.table.card is not None, timeout=PATIENCE)
    panel = program.window.threshold
    at_opening = program.workspace.table.threshold
    panel.points["sensitivity_95"].click()
    assert (at_opening, program.workspace.table.threshold) == (0.5, 0.3)
    assert [name for name, button in panel.points.items() if button.isChecked()] == [
        "sensitivity_95"
    ]
    assert "95.0 % (19/20; 95 % CI 76.4–99.1)" in panel.evidence.sensitivity.text()


def test_stop_ends_the_run_and_keeps_what_was_done(
    qtbot: QtBot, program: Program, image_folder: ImageFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = image_folder(a=100, b=150, c=200)

    def slow(*arguments: object) -> Iterator[Scored]:
        stopping = arguments[-1]
        yield next(iter(score_images(*arguments)))  # type: ignore[arg-type]
        while not stopping():  # type: ignore[operator]
            time.sleep(0.01)  # the other threads have the processor

    monkeypatch.setattr("desktop.state.workspace.score_images", slow)
    program.show()
    program.open([folder])
    qtbot.waitUntil(lambda: bool(program.workspace.results()), timeout=PATIENCE)
    program.window.progress.stop.click()
    qtbot.waitUntil(lambda: program.workspace.state is State.STOPPED, timeout=PATIENCE)
    # Which of the three came first is the children's affair.
    assert [each.is_screened for each in program.workspace.results()].count(True) == 1
    assert len(program.workspace.table.rows) == 3
    assert program.window.progress.words.text() == "Stopped: 1 of 3 done"


def test_what_a_stop_left_out_is_a_row_everywhere_and_screened_on_going_on(
    qtbot: QtBot,
    program: Program,
    image_folder: ImageFolder,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    with monkeypatch.context() as patched:
        test_stop_ends_the_run_and_keeps_what_was_done(qtbot, program, image_folder, patched)
    series = program.workspace.series
    qtbot.waitUntil(lambda: len(series) == 1, timeout=PATIENCE)
    assert (series[0].result.n_images, series[0].result.n_assessed) == (3, 1)
    with qtbot.waitSignal(program.exporting.written, timeout=PATIENCE):
        program.exporting.write(tmp_path / "images.csv")
    told = boxes()[0].text()
    boxes()[0].close()
    rows = (tmp_path / "images.csv").read_text(encoding="utf-8-sig").splitlines()[1:]
    assert unbroken("Scoring is not finished: 2 images were left out.") in told
    assert sorted(row.count("not_screened") for row in rows) == [0, 1, 1]
    assert '"finished": false' in (tmp_path / "images.csv.json").read_text("ascii")
    (done,) = (each for each in program.workspace.results() if each.is_screened)
    program.window.progress.resume.click()
    wait_done(qtbot, program)
    assert any(each is done for each in program.workspace.results())
    assert all(each.probability is not None for each in program.workspace.results())
    assert len(program.workspace.table.rows) == 3
    assert program.workspace.progress.done == program.workspace.progress.found == 3


def test_a_refused_model_leaves_no_number_on_screen(
    qtbot: QtBot, program: Program, image_folder: ImageFolder, tmp_path: Path
) -> None:
    screened(qtbot, program, image_folder(bright=220))
    broken = tmp_path / "other.onnx"
    broken.write_bytes(b"not a model")
    with qtbot.waitSignal(program.workspace.model_refused, timeout=PATIENCE) as refused:
        program.workspace.open_model(broken)
    wait_done(qtbot, program)
    told = boxes()[0].text()
    boxes()[0].close()
    assert refused.args is not None
    assert told.startswith(str(refused.args[0]))
    assert result_of(program, "bright.png").probability is None
    assert result_of(program, "bright.png").status is Status.OK
    assert str(refused.args[0]) in program.window.result.model.summary.text()
    assert not program.window.threshold.slider.isEnabled()


def test_without_a_model_images_are_shown_and_the_reason_is_said(
    qtbot: QtBot, program: Program, image_folder: ImageFolder, model_folder: Path
) -> None:
    next(model_folder.iterdir()).unlink()
    screened(qtbot, program, image_folder(bright=220))
    assert result_of(program, "bright.png").probability is None
    assert "The program came without a model" in program.window.result.model.summary.text()
    qtbot.waitUntil(lambda: program.workspace.worklist.rowCount() == 1, timeout=PATIENCE)
    assert program.window.viewer.display.image is not None


def test_hidden_identity_leaves_no_name_on_screen_or_in_the_export(
    qtbot: QtBot, program: Program, image_folder: ImageFolder, tmp_path: Path
) -> None:
    screened(qtbot, program, image_folder("MUSTERMANN", erika=220))
    program.actions["hide_identity"].trigger()
    with qtbot.waitSignal(program.exporting.written, timeout=PATIENCE):
        program.exporting.write(tmp_path / "images.csv")
    boxes()[0].close()
    written = "".join(
        (tmp_path / name).read_text(encoding="utf-8-sig") for name in ("images.csv", "series.csv")
    )
    assert program.window.windowTitle() == "Cranioscope"
    assert program.window.result.name.text() == "Image 1"
    assert "MUSTERMANN" not in written
    assert "erika" not in written


def test_keys_move_the_threshold_and_the_selection(
    qtbot: QtBot, program: Program, image_folder: ImageFolder
) -> None:
    screened(qtbot, program, image_folder(bright=220, brighter=240, dark=60))
    program.window.tabs.setCurrentWidget(program.window.results)
    window, view = program.window, program.window.results.view
    QTest.keyClick(view, Qt.Key.Key_Home)
    first = program.selection.row
    QTest.keyClick(view, Qt.Key.Key_End)
    last = program.selection.row
    QTest.keyClick(view, Qt.Key.Key_N, Qt.KeyboardModifier.ShiftModifier)
    above = program.selection.row
    QTest.keyClick(window, Qt.Key.Key_BracketRight)
    names = [row.path.name for row in (first, last, above) if row is not None]
    assert names == ["brighter.png", "dark.png", "bright.png"]
    assert program.workspace.table.threshold == pytest.approx(0.51)


def test_the_wheel_steps_through_the_series_in_its_own_order(
    qtbot: QtBot, program: Program, image_folder: ImageFolder
) -> None:
    screened(qtbot, program, image_folder(s1=60, s2=220, s10=140))
    program.selection.select(0)
    program.window.viewer.step_requested.emit(1)
    second = program.selection.row
    program.actions["last_slice"].trigger()
    last = program.selection.row
    assert [row.path.name for row in (second, last) if row is not None] == ["s2.png", "s10.png"]


def test_the_heat_map_comes_on_x_and_goes_with_the_image(
    qtbot: QtBot, program: Program, image_folder: ImageFolder
) -> None:
    screened(qtbot, program, image_folder(bright=220, dark=60))
    with qtbot.waitSignal(program.selection.heat, timeout=PATIENCE) as first:
        QTest.keyClick(program.window.results.view, Qt.Key.Key_X)
    with qtbot.waitSignal(program.selection.heat, timeout=PATIENCE) as second:
        program.selection.step(1)
    assert first.args is not None
    assert second.args is not None
    assert first.args[0].shape == (4, 4)
    assert float(first.args[0].mean()) > float(second.args[0].mean())


def test_four_windows_show_the_selected_image_and_follow_it(
    qtbot: QtBot, program: Program, image_folder: ImageFolder
) -> None:
    screened(qtbot, program, image_folder(bright=220, dark=60))
    program.actions["four_windows"].trigger()
    area = program.window.centre
    first = area.comparison.viewers[3].display.image
    with qtbot.waitSignal(program.selection.image_read, timeout=PATIENCE):
        area.comparison.step_requested.emit(1)
    second = area.comparison.viewers[3].display.image
    assert area.pages.currentWidget() is area.comparison
    assert first is not None
    assert second is not None
    assert first.pixels.mean() > second.pixels.mean()


def test_a_file_that_cannot_be_shown_says_why_in_its_place(
    qtbot: QtBot, program: Program, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.dcm"
    broken.write_bytes(b"")
    screened(qtbot, program, broken)
    area = program.window.centre
    assert area.pages.currentWidget() is area.problem
    assert area.problem.text() == "The file is empty."


def test_another_folder_takes_the_place_of_the_first(
    qtbot: QtBot, program: Program, image_folder: ImageFolder
) -> None:
    screened(qtbot, program, image_folder("one", a=100, b=120))
    screened(qtbot, program, image_folder("two", c=220))
    assert shown_names(program) == ["c.png"]
    assert program.window.windowTitle() == "two — Cranioscope"


def test_what_was_searched_for_hides_nobody_of_another_folder(
    program: Program, image_folder: ImageFolder
) -> None:
    program.open([image_folder("first", a=100)])
    searches = program.window.worklist.search, program.window.results.search
    for search in searches:
        search.setText("nobody")
    program.open([image_folder("second", b=100)])
    assert [search.text() for search in searches] == ["", ""]


def test_the_language_changes_while_the_program_runs(
    qtbot: QtBot, program: Program, image_folder: ImageFolder
) -> None:
    screened(qtbot, program, image_folder(bright=220))
    search = program.window.results.search
    program.appearance.set_language("zh_CN")
    qtbot.waitUntil(lambda: search.placeholderText() == "搜索")
    chinese = (
        str(program.workspace.table.index(0, Column.RESULT).data()),
        program.actions["export"].text(),
        program.window.progress.words.text(),
    )
    assert chinese == ("已标记", "导出…", "全部 1 个已完成")
    program.appearance.set_language("en")
    qtbot.waitUntil(lambda: search.placeholderText() == "Search")


def test_the_notice_is_on_the_first_screen_and_stays(program: Program) -> None:
    sentence = "Research use only. Notification only, not for primary diagnosis."
    window = program.window
    assert window.start._notice.text() == sentence
    assert window.progress._notice.text() == sentence
    assert window.result._notice.text() == sentence


def test_own_windows_and_the_way_of_the_drag_outlive_the_program(
    qtbot: QtBot, program: Program
) -> None:
    program.options.own_windows = {"8": Window(100, 60)}
    program.actions["down_is_brighter"].trigger()
    assert program.settings.own_windows == {"8": Window(100, 60)}
    assert not program.settings.down_is_brighter


def test_four_windows_begin_anew_and_share_layers_and_measurements(
    qtbot: QtBot, program: Program, image_folder: ImageFolder
) -> None:
    screened(qtbot, program, image_folder(bright=220))
    area, compare = program.window.centre, program.actions["four_windows"]
    compare.trigger()
    first, last = area.comparison.viewers[0], area.comparison.viewers[3]
    opened = last.display.window
    last.display.set_window(Window(52, 30))
    with qtbot.waitSignal(program.selection.heat, timeout=PATIENCE):
        program.actions["heat_map"].trigger()
    assert all(viewer.display.heat_map_visible for viewer in area.comparison.viewers)
    area.content.measurements.press(Tool.DISTANCE, (1, 1), first.display.placement)
    area.content.measurements.move((30, 30))
    area.content.measurements.release(first.display.placement)
    compare.trigger()
    assert len(area.content.measurements.shown) == 1
    compare.trigger()
    assert last.display.window == opened


def test_an_empty_folder_says_so(qtbot: QtBot, program: Program, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    program.show()
    program.open([tmp_path / "empty"])
    qtbot.waitUntil(lambda: program.workspace.state is State.DONE, timeout=PATIENCE)
    assert program.window.progress.words.text() == "No files were found"


def test_next_flagged_goes_round(qtbot: QtBot, program: Program, image_folder: ImageFolder) -> None:
    screened(qtbot, program, image_folder(a=220, b=210, c=60))
    program.window.tabs.setCurrentWidget(program.window.results)
    selection = program.selection
    selection.select(row_named(program, "c.png").number - 1)
    names = []
    for _ in range(3):
        program.actions["next_flagged"].trigger()
        assert selection.row is not None
        names.append(selection.row.path.name)
    assert names == ["a.png", "b.png", "a.png"]


def test_the_threshold_is_not_reached_by_tab(program: Program) -> None:
    for box in (program.window.threshold.number, program.window.threshold.evidence.prevalence):
        assert not box.focusPolicy() & Qt.FocusPolicy.TabFocus
