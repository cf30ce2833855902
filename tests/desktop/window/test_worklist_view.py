import pytest
from PySide6.QtCore import QEvent, QPointF, QRect, Qt
from PySide6.QtGui import QEnterEvent, QKeyEvent, QStandardItem, QStandardItemModel
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.settings import Theme
from desktop.tables.worklist import Worklist
from desktop.tables.worklist_cells import WorklistColumn
from desktop.window.theme import apply_theme
from desktop.window.worklist_view import NARROW, WorklistView
from tests.make.painted import Painted
from tests.make.worklists import of_patient, waiting, worklist_of

Key = Qt.Key


def listed(qtbot: QtBot, patients: int = 25) -> WorklistView:
    view = WorklistView()
    qtbot.addWidget(view)
    model = QStandardItemModel(0, len(WorklistColumn), view)
    for number in range(patients):
        patient = QStandardItem(str(number))
        patient.appendRow(QStandardItem(f"series of {number}"))
        model.appendRow(patient)
    view.setModel(model)
    return view


def here(view: WorklistView) -> str:
    return str(view.currentIndex().data())


def test_keys_go_by_one_and_by_ten_and_stop_at_both_ends(qtbot: QtBot) -> None:
    view, shift = listed(qtbot), Qt.KeyboardModifier.ShiftModifier
    found = []
    for key, held in [
        (Key.Key_Down, False),  # nothing was marked: the first
        (Key.Key_Down, False),
        (Key.Key_Down, True),
        (Key.Key_End, False),
        (Key.Key_Down, False),
        (Key.Key_Up, True),
        (Key.Key_Home, False),
        (Key.Key_Up, True),
    ]:
        QTest.keyClick(view, key, shift if held else Qt.KeyboardModifier.NoModifier)
        found.append(here(view))
    assert found == ["0", "1", "11", "24", "24", "14", "0", "0"]


def test_space_opens_a_patient_and_down_goes_into_it(qtbot: QtBot) -> None:
    view = listed(qtbot)
    QTest.keyClick(view, Key.Key_Home)
    QTest.keyClick(view, Key.Key_Space)
    QTest.keyClick(view, Key.Key_Down)
    assert here(view) == "series of 0"


def test_home_and_end_lead_to_the_first_and_the_last_line_that_is_to_be_seen(
    qtbot: QtBot,
) -> None:
    view = listed(qtbot)
    found = []
    last = view.model().index(24, 0)
    for opened in (True, False):
        view.setExpanded(last, opened)
        for key in (Key.Key_End, Key.Key_Home):
            QTest.keyClick(view, key)
            found.append(here(view))
    assert found == ["series of 24", "0", "24", "0"]


def test_keys_of_an_empty_list_do_nothing_and_others_are_the_windows(qtbot: QtBot) -> None:
    view = listed(qtbot, patients=0)
    for key in (Key.Key_Up, Key.Key_Down, Key.Key_Home, Key.Key_End, Key.Key_Space):
        QTest.keyClick(view, key)
    assert not view.currentIndex().isValid()
    for code in (Key.Key_P, 0x416, 0):  # the second is a letter that Qt has no name for
        event = QKeyEvent(QEvent.Type.KeyPress, int(code), Qt.KeyboardModifier.NoModifier)
        view.keyPressEvent(event)
        assert not event.isAccepted()


def test_columns_of_the_result_are_there_from_a_width_on(qtbot: QtBot) -> None:
    view = listed(qtbot)
    view.show()
    for width, hidden in ((NARROW - 1, True), (NARROW, False), (NARROW - 1, True)):
        view.resize(width, 300)
        assert view.isColumnHidden(WorklistColumn.RESULT) is hidden
        assert not view.isColumnHidden(WorklistColumn.NAME)


def test_the_mouse_over_the_list_is_told(qtbot: QtBot) -> None:
    view, told = listed(qtbot), list[bool]()
    view.hovered.connect(told.append)
    view.enterEvent(QEnterEvent(QPointF(), QPointF(), QPointF()))
    view.leaveEvent(QEvent(QEvent.Type.Leave))
    assert told == [True, False]


@pytest.mark.parametrize("theme", [Theme.LIGHT, Theme.DARK])
def test_the_marked_line_keeps_the_arrow_that_opens_it(qtbot: QtBot, theme: Theme) -> None:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    apply_theme(app, theme)
    view = listed(qtbot, 3)
    view.show()
    place = view.visualRect(view.model().index(0, 0))
    arrow = QRect(0, place.top(), view.indentation(), place.height())
    view.setCurrentIndex(view.model().index(1, 0))
    before = view.viewport().grab(arrow).toImage()
    view.setCurrentIndex(view.model().index(0, 0))
    assert view.viewport().grab(arrow).toImage() == before
    assert len({before.pixel(x, before.height() // 2) for x in range(before.width())}) > 1
    apply_theme(app, Theme.LIGHT)


@pytest.fixture
def patients(qtbot: QtBot, painted: Painted) -> tuple[WorklistView, Worklist]:
    """A shown list of five patients, of two images each, that wait for their results."""
    images = [image for who in "ABCDE" for image in of_patient(who, 0.1, 0.2)]
    worklist, view = worklist_of(waiting(images)), WorklistView()
    qtbot.addWidget(view)
    view.setUniformRowHeights(True)
    view.setModel(worklist)
    view.show()
    qtbot.waitExposed(view)
    qtbot.wait(50)
    return view, worklist


def score(worklist: Worklist, number: int) -> None:
    """Give the series its results; its most suspicious images stand below it then."""
    patient = "ABCDE"[number]
    worklist.held = True
    results = enumerate(of_patient(patient, 0.1, 0.2), 2 * number)
    worklist.series.table.add_results(results)


@pytest.mark.parametrize("number", [0, 2])
def test_a_closed_line_gets_its_arrow_and_no_other_line_is_painted(
    qtbot: QtBot, painted: Painted, patients: tuple[WorklistView, Worklist], number: int
) -> None:
    view, worklist = patients
    line = worklist.index_of_series(number)
    before, lying = view.viewport().grab().toImage(), view.visualRect(line)
    painted.rows.clear()
    score(worklist, number)
    assert worklist.rowCount(line) == 2
    qtbot.waitUntil(lambda: bool(painted.rows))
    assert painted.rows == set(range(lying.top(), lying.bottom() + 1))
    after = view.viewport().grab().toImage()
    view.doItemsLayout()
    assert (view.viewport().grab().toImage() == after, before == after) == (True, False)


def test_a_closed_line_gets_its_arrow_whatever_else_is_told_of_it(
    patients: tuple[WorklistView, Worklist], monkeypatch: pytest.MonkeyPatch
) -> None:
    view, worklist = patients
    monkeypatch.setattr(Worklist, "_repaint", lambda *_: None)
    score(worklist, 2)
    seen = view.viewport().grab().toImage()
    view.doItemsLayout()
    assert view.viewport().grab().toImage() == seen


@pytest.mark.parametrize("opened", [False, True])
def test_what_comes_in_below_a_line_is_there_when_it_is_opened(
    patients: tuple[WorklistView, Worklist], opened: bool
) -> None:
    view, worklist = patients
    line = worklist.index_of_series(0)
    view.setExpanded(line, opened)
    score(worklist, 0)
    view.expand(line)
    QTest.keyClick(view, Key.Key_Home)
    found = []
    for _ in range(3):
        QTest.keyClick(view, Key.Key_Down)
        found.append(worklist.is_image(view.currentIndex()))
    assert found == [True, True, False]
