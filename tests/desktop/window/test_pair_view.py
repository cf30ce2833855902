"""Each side shows its own result, whatever is done in whatever order."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPoint
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from desktop.app import Program
from desktop.tables import words
from desktop.window.pair_side import Side
from desktop.window.pair_view import PairView
from imaging.image import Window
from tests.make.program import PATIENCE, screened, select_image
from tests.make.viewing import turn
from tests.make.volumes import save_series, save_studies

HEIGHTS = [2.0 * at for at in range(4)]
SERIES = (
    ("1.1", "P1", "20260301"),
    ("1.2", "P1", "20260201"),
    ("1.3", "P1", "20250101"),
    ("2.1", "P2", "20260201"),
)


def tell_apart(program: Program) -> None:
    """Give each image a score that no other one has."""
    table = program.workspace.table
    for number, row in enumerate(table.rows):
        assert row.known is not None
        table.rows.images[number] = replace(row.known, probability=0.11 + 0.05 * number)
    table.touched.emit(range(len(table.rows)))


@pytest.fixture
def pair(qtbot: QtBot, program: Program, tmp_path: Path) -> Program:
    """Three scored studies of one patient and one of another; the newest is selected."""
    save_studies(tmp_path / "folder", HEIGHTS, SERIES)
    screened(qtbot, program, tmp_path / "folder")
    tell_apart(program)
    select_image(program, SERIES[0][0], 1)
    program.window.activateWindow()
    program.actions["side_by_side"].trigger()
    qtbot.waitUntil(lambda: view(program).right.image is not None, timeout=PATIENCE)
    qtbot.waitUntil(lambda: view(program).left.image is not None, timeout=PATIENCE)
    return program


def view(program: Program) -> PairView:
    return program.window.centre.pair


def check(program: Program, side: Side) -> None:
    """What a side says is of the image that it shows, and nothing is said without one."""
    image = side.content.image
    if side.image is None or image is None:
        assert image is None
        assert side.result.text() == ""
        return
    row = program.workspace.table.rows[side.image]
    assert row.header is not None
    assert row.known is not None
    assert image.header.sop_uid == row.header.sop_uid
    first, *rest = side.result.text().splitlines()
    assert words.percent(row.known.probability) in first
    others = [
        words.percent(other.known.probability)
        for other in program.workspace.table.rows
        if other.number != row.number and other.known
    ]
    assert not [score for score in others if score in first]
    number = program.workspace.series.number_of(side.image)
    assert number is not None
    assert program.workspace.series.result_line(number) in rest[0]
    who = image.header.identity
    assert who.patient_id in side.heading.text()
    assert words.when(who.study_date, "") in side.heading.text()


def check_both(program: Program) -> None:
    pair_view = view(program)
    for side in (pair_view.left, pair_view.right):
        check(program, side)
    left, right = pair_view.left.content.image, pair_view.right.content.image
    if left is not None and right is not None:
        assert left.header.identity.patient_key == right.header.identity.patient_key
        assert left.header.identity.series_uid != right.header.identity.series_uid


OPERATIONS = st.one_of(
    st.tuples(st.just("select"), st.integers(0, 3), st.integers(0, 3)),
    st.tuples(st.just("step"), st.integers(-3, 3), st.just(0)),
    st.tuples(st.just("step_second"), st.integers(-3, 3), st.just(0)),
    st.tuples(st.just("choose"), st.integers(0, 3), st.just(0)),
    st.tuples(
        st.sampled_from(["next", "link", "leave_and_come_back", "wait", "threshold"]),
        st.integers(0, 60),
        st.just(0),
    ),
)


def do(program: Program, name: str, one: int, two: int) -> None:
    match name:
        case "select":
            select_image(program, SERIES[one][0], two)
        case "step":
            program.selection.step(one)
        case "step_second":
            program.second.step(one)
        case "choose":
            program.second.choose(one)
        case "next":
            program.second.choose_next()
        case "link":
            program.second.change_link()
        case "leave_and_come_back":
            program.actions["side_by_side"].trigger()
            program.actions["side_by_side"].trigger()
        case "threshold":
            program.workspace.set_threshold(one / 60)
        case _:
            QTest.qWait(one)


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(operations=st.lists(OPERATIONS, min_size=3, max_size=12))
def test_each_side_shows_its_own_result_and_never_the_others(
    pair: Program, operations: list[tuple[str, int, int]]
) -> None:
    for name, one, two in operations:
        do(pair, name, one, two)
        check_both(pair)
        QTest.qWait(1)
        check_both(pair)


def test_both_sides_show_an_image_in_the_end(pair: Program, qtbot: QtBot) -> None:
    pair.selection.step(2)
    wanted = pair.selection.image, pair.second.image

    def there() -> None:
        assert (view(pair).left.image, view(pair).right.image) == wanted

    qtbot.waitUntil(there, timeout=PATIENCE)
    check_both(pair)
    assert view(pair).right.heading.text().startswith("Prior · Test Patient P1 · 2026-02-01")


def test_no_other_result_is_on_screen(pair: Program) -> None:
    window = pair.window
    assert not window.result.isVisible()
    assert not window.centre.bar.isVisible()
    assert not window.centre.caption.isVisible()
    said = [side.result for side in (view(pair).left, view(pair).right)]
    others = [
        label.text()
        for label in window.centre.findChildren(QLabel)
        if label.isVisible() and label not in said
    ]
    assert not [text for text in others if re.search(r"\d %", text)]
    for viewer in view(pair).viewers:
        assert not viewer.display.heat_map_visible
        assert not viewer.display.model_input_visible


def test_another_patient_leaves_the_right_side_empty(pair: Program) -> None:
    select_image(pair, SERIES[3][0], 0)
    right = view(pair).right
    assert (right.content.image, right.result.text()) == (None, "")
    assert right.missing.isVisible()
    assert right.missing.text().startswith(
        "No other series of this patient is open.\n\nTo compare,"
    )
    assert right.viewer.isHidden()
    assert view(pair).link.text() == ""


def test_before_the_series_are_known_nobody_is_called_unnamed(pair: Program) -> None:
    pair.workspace.series.clear()
    pair.second.changed.emit()
    expected = "Another series appears when all headers have been read."
    assert view(pair).right.missing.text() == expected
    assert view(pair).right.content.image is None


def test_keys_and_focus_leave_a_half_that_has_no_series(qtbot: QtBot, pair: Program) -> None:
    right = view(pair).right
    right.viewer.setFocus()
    qtbot.waitUntil(right.viewer.hasFocus)
    select_image(pair, SERIES[3][0], 0)
    assert view(pair).left.viewer.hasFocus()
    assert pair.window.centre.front_is_selected
    select_image(pair, SERIES[0][0], 0)
    qtbot.waitUntil(lambda: right.image is not None, timeout=PATIENCE)
    assert right.missing.isHidden()
    assert right.viewer.isVisible()


def test_a_half_whose_image_is_late_says_so(qtbot: QtBot, pair: Program) -> None:
    pair.selection._images.forget()
    pair.selection.step(1)
    view(pair)._drop_late()
    assert view(pair).left.problem.text() == "The image is being read."
    qtbot.waitUntil(lambda: view(pair).left.image is not None, timeout=PATIENCE)
    assert view(pair).left.problem.isHidden()


def test_blinded_both_sides_hide_their_scores(pair: Program) -> None:
    pair.actions["read_before_ai"].trigger()
    for side in (view(pair).left, view(pair).right):
        assert "%" not in side.result.text()


def test_hidden_identity_is_hidden_above_the_images(pair: Program) -> None:
    pair.options.hide_identity = True
    texts = [view(pair).left.heading.text(), view(pair).right.heading.text()]
    texts.append(view(pair).series.currentText())
    assert not [text for text in texts if re.search("P1|Patient|2026", text)]


def test_the_wheel_scrolls_both_sides(pair: Program) -> None:
    number, second = pair.selection.image, pair.second.image
    turn(view(pair).right.viewer, -120)
    assert pair.selection.image != number
    assert pair.second.image != second
    turn(view(pair).left.viewer, 120)
    assert (pair.selection.image, pair.second.image) == (number, second)


def test_keys_scroll_the_side_that_was_clicked(pair: Program) -> None:
    pair.actions["link_scrolling"].trigger()
    number, second = pair.selection.image, pair.second.image
    view(pair).right.viewer.setFocus()
    pair.actions["next_slice"].trigger()
    assert pair.selection.image == number
    assert pair.second.image != second


def test_both_sides_have_one_window(pair: Program, qtbot: QtBot) -> None:
    view(pair).left.viewer.display.set_window(Window(2800.0, 600.0))
    pair.second.choose_next()
    qtbot.waitUntil(lambda: view(pair).right.image == pair.second.image, timeout=PATIENCE)
    assert {viewer.display.window for viewer in view(pair).viewers} == {Window(2800.0, 600.0)}


def test_escape_leaves_the_pair(pair: Program) -> None:
    pair.window.centre.front.setFocus()
    pair.actions["escape"].trigger()
    assert not pair.window.centre.side_by_side
    assert pair.window.result.isVisible()
    assert pair.second.series is None


def test_planes_and_pair_do_not_mix(pair: Program) -> None:
    pair.actions["planes"].trigger()
    assert pair.window.centre.in_planes
    assert not pair.window.centre.side_by_side
    assert not pair.second.is_wanted


MARKING = (
    *("read_series_present", "read_series_absent", "read_series_unsure", "mark_read"),
    *("read_present", "key_image", "copy_image", "confidence_up"),
)


def test_keys_never_read_or_mark_the_selected_image_while_the_prior_is_in_front(
    pair: Program, qtbot: QtBot
) -> None:
    left, right = view(pair).viewers
    right.setFocus()
    qtbot.waitUntil(right.hasFocus)
    assert [name for name in MARKING if pair.actions[name].isEnabled()] == []
    left.setFocus()
    qtbot.waitUntil(left.hasFocus)
    assert pair.actions["read_series_present"].isEnabled()
    assert pair.actions["key_image"].isEnabled()


def test_a_series_on_offer_says_once_how_many_slices_it_has(
    qtbot: QtBot, program: Program, tmp_path: Path
) -> None:
    for uid, count in (("1.1", 4), ("1.2", 3)):
        save_series(tmp_path / uid, HEIGHTS[:count], series=uid, SeriesDescription="Head 5.0")
    screened(qtbot, program, tmp_path)
    select_image(program, "1.1")
    program.actions["side_by_side"].trigger()
    assert view(program).series.itemText(0) == "Head 5.0 · Slices: 3"


def test_a_series_on_offer_is_shown_whole_whoever_was_compared_before(
    qtbot: QtBot, program: Program, tmp_path: Path
) -> None:
    """The box was as wide as for the patient whose series stood in it first."""
    for who, name in (("P1", "A"), ("P2", "Head 5.0 of a longer name")):
        for uid in ("1", "2"):
            series = f"{who[1]}.{uid}"
            made = {"patient": who, "SeriesDescription": name}
            save_series(tmp_path / series, HEIGHTS, series=series, **made)
    screened(qtbot, program, tmp_path)
    program.window.resize(1280, 800)
    select_image(program, "1.1")
    program.actions["side_by_side"].trigger()
    box = view(program).series
    qtbot.waitUntil(box.isVisible)
    select_image(program, "2.1")
    wanted = box.fontMetrics().horizontalAdvance(box.itemText(0))
    qtbot.waitUntil(lambda: box.width() > wanted, timeout=2000)


def test_a_long_name_of_a_series_on_offer_does_not_widen_the_window(
    qtbot: QtBot, program: Program, tmp_path: Path
) -> None:
    for uid in ("1.1", "1.2"):
        save_series(tmp_path / uid, HEIGHTS, series=uid, SeriesDescription="Head " * 12)
    screened(qtbot, program, tmp_path)
    least = program.window.minimumSizeHint().width()
    select_image(program, "1.1")
    program.actions["side_by_side"].trigger()
    qtbot.waitUntil(view(program).series.isVisible)
    program.actions["side_by_side"].trigger()  # where the results stand beside the image again
    qtbot.waitUntil(program.window.result.isVisible)
    qtbot.wait(20)
    assert program.window.minimumSizeHint().width() <= least


def test_why_a_slice_has_no_image_is_said_once(
    qtbot: QtBot, program: Program, tmp_path: Path
) -> None:
    for uid in ("1.1", "1.2"):
        save_series(tmp_path / uid, HEIGHTS[:4], series=uid)
    broken = min((tmp_path / "1.1").iterdir())
    broken.write_bytes(broken.read_bytes()[:-40])
    screened(qtbot, program, tmp_path)
    row = next(at for at, row in enumerate(program.workspace.table.rows) if row.path == broken)
    program.selection.select(row)
    program.actions["side_by_side"].trigger()
    left = view(program).left
    qtbot.waitUntil(lambda: left.image == row, timeout=PATIENCE)
    why = left.problem.text()
    assert why
    assert why not in left.result.text()
    assert "no probability" in left.result.text()


def test_both_images_stand_at_one_height_whatever_is_said_of_either(
    qtbot: QtBot, pair: Program
) -> None:
    left, right = view(pair).left, view(pair).right
    right.set_relation("A relation that has no room on one line beside patient, study and series")
    right.problem.setText("One line more below it")
    right.problem.show()
    qtbot.waitUntil(lambda: right.heading.height() > right.heading.fontMetrics().height() * 2)
    places = [side.viewer.mapTo(view(pair), QPoint()).y() for side in (left, right)]
    assert places[0] == places[1]
    assert left.viewer.height() == right.viewer.height()
