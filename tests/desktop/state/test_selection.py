"""What keys and wheel lead to, what opens first, and what a reading of a series changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from desktop.app import Program
from desktop.engine.readings import Label
from desktop.jobs.image_reader import Place
from desktop.jobs.viewed_image import ViewedImage
from desktop.state.selection import BEHIND
from imaging.errors import Code, Problem
from imaging.image import Identity
from model.image_result import ImageResult, Zone
from model.listed_image import ListedImage, PendingImage
from model.series_group import group_images
from tests.make.program import PATIENCE, open_by_hand, put_on_screen, screened
from tests.make.results import result
from tests.make.tiny_model import tiny_card
from tests.make.viewing import ct
from tests.make.volumes import save_series

SCORED = [result(f"/anna/{n}.dcm", 0.1) for n in range(3)]
"""A series of a patient that is not flagged."""
WAITING = [PendingImage(Path("/berta"), f"{n}.dcm") for n in range(2)]
"""Images of another patient, found and not scored yet."""


@pytest.fixture
def busy(program: Program) -> Program:
    """A program that has scored the first patient and not yet the second one."""
    table, series = program.workspace.table, program.workspace.series
    table.set_card(tiny_card())
    table.add_images([*SCORED, *WAITING])
    series.set_groups(group_images(SCORED))
    table.set_reading_order(range(len(table.rows)))
    return program


def test_nothing_of_another_patients_series_stands_beside_a_waiting_image(busy: Program) -> None:
    window = busy.window
    busy.selection.select(0)
    beside_scored = (window.result.series.summary.text(), window.worklist.rule.told.text())
    busy.selection.select(3)
    assert all(beside_scored)
    assert (window.result.series.summary.text(), window.worklist.rule.told.text()) == ("", "")
    assert (window.result.number.text(), window.result.rule.text()) == ("", "")
    assert busy.workspace.series.number_of(3) is None
    assert not busy.workspace.worklist.index_of(3).isValid()


def test_the_wheel_stays_on_a_waiting_image(busy: Program) -> None:
    viewer, selection = busy.window.viewer, busy.selection
    selection.select(3)
    for turn in (-1, 1, 10):
        viewer.step_requested.emit(turn)
        assert selection.image == 3
    busy.actions["first_slice"].trigger()
    busy.actions["last_slice"].trigger()
    assert selection.image == 3


def test_the_wheel_ends_with_the_series_where_other_images_wait(busy: Program) -> None:
    busy.selection.select(0)
    busy.window.viewer.step_requested.emit(10)
    assert busy.selection.image == 2
    busy.actions["last_slice"].trigger()
    assert busy.selection.image == 2


def test_the_keys_of_the_series_stay_on_a_waiting_image(busy: Program) -> None:
    busy.selection.select(3)
    for way in (-1, 1):
        busy.selection.step_series(way)
        assert busy.selection.image == 3


def test_the_counter_counts_no_series_for_a_waiting_image(busy: Program) -> None:
    centre, selection = busy.window.centre, busy.selection
    selection.select(1)
    assert centre._place().startswith("2/3")
    selection.select(3)
    assert centre._place() == ""


def test_images_of_no_series_follow_those_of_one_in_file_order(program: Program) -> None:
    table, series = program.workspace.table, program.workspace.series
    table.add_images([WAITING[0], *SCORED, WAITING[1]])
    [group] = group_images(SCORED)
    series.set_groups([replace(group, members=(3, 1, 2))])
    program.workspace._place_rows()
    assert [*map(table.rows.order, range(5))] == [4, 2, 3, 1, 5]


def of_patient(who: str, *probabilities: float) -> list[ListedImage]:
    return [
        replace(
            result(
                f"/{who}/{at}.dcm",
                probability,
                identity=Identity(patient_id=who, series_uid=who),
                sop_uid=f"{who}.{at}",
            ),
            sha256=f"{who}{at}",
        )
        for at, probability in enumerate(probabilities)
    ]


def test_what_has_no_image_does_not_open_first(program: Program) -> None:
    note = result("/a/DICOMDIR", None, Problem(Code.NOT_AN_IMAGE_OBJECT), header=False)
    program.workspace.table.add_images([note])
    before = program.selection.image
    program.workspace.table.add_images(of_patient("A", 0.1))
    assert (before, program.selection.image) == (None, 1)


def unread(program: Program) -> None:
    """The selected image turns out to be cut short."""
    row = program.selection.row
    assert row is not None
    problem = Problem(Code.DAMAGED)
    program.selection._take_image(ViewedImage(row.path, row.frame, problem=problem))


def test_what_is_cut_short_does_not_open_first(
    qtbot: QtBot, program: Program, tmp_path: Path
) -> None:
    folder = tmp_path / "folder"
    save_series(folder, [0.0, 2.0, 4.0, 6.0])
    files = sorted(folder.iterdir())
    for path in files[:2]:
        path.write_bytes(path.read_bytes()[:-100])
    screened(qtbot, program, folder)
    qtbot.waitUntil(lambda: not program.selection.busy, timeout=PATIENCE)
    selection = program.selection
    assert selection.row is not None
    assert selection.row.path == files[2]
    assert selection.shown is not None
    assert selection.shown.image is not None


def test_an_image_that_is_found_later_opens_in_place_of_an_unreadable_one(
    program: Program,
) -> None:
    program.workspace.table.add_images(of_patient("A", 0.1))
    unread(program)
    before = program.selection.image
    program.workspace.table.add_images(of_patient("B", 0.1))
    assert (before, program.selection.image) == (0, 1)


def test_an_unreadable_image_that_the_reader_chose_stays(program: Program) -> None:
    program.workspace.table.add_images(of_patient("A", 0.1, 0.2, 0.3))
    program.selection.select(1)
    unread(program)
    assert program.selection.image == 1


@pytest.mark.parametrize("key", ["next_slice", "previous_slice", "last_slice"])
def test_an_unreadable_image_at_which_a_key_was_pressed_stays(program: Program, key: str) -> None:
    open_by_hand(program, of_patient("A", 0.1))
    program.selection._is_chosen = True  # until it is known, nothing opens in its place
    unread(program)
    program.selection._is_chosen = False
    program.actions[key].trigger()
    program.workspace.table.add_images(of_patient("B", 0.1))
    assert program.selection.image == 0


def test_a_key_before_the_first_image_is_there_is_no_choice_of_it(program: Program) -> None:
    program.workspace.table.add_images(of_patient("A", 0.1))
    program.actions["next_slice"].trigger()
    unread(program)
    program.workspace.table.add_images(of_patient("B", 0.1))
    assert program.selection.image == 1


def test_what_has_no_image_never_opens_in_place_of_an_unreadable_one(
    program: Program,
) -> None:
    note = result("/b/DICOMDIR", None, Problem(Code.NOT_AN_IMAGE_OBJECT), header=False)
    program.workspace.table.add_images([*of_patient("A", 0.1), note])
    unread(program)
    assert program.selection.image == 0


def test_series_follow_each_other_as_the_worklist_shows_them(program: Program) -> None:
    open_by_hand(program, [*of_patient("low", 0.1), *of_patient("high", 0.1, 0.99)])
    selection = program.selection
    selection.select(0)
    selection.step_series(-1)
    assert selection.image == 2  # the most suspicious image of the patient above
    selection.step_series(-1)
    assert selection.image == 2
    selection.step_series(1)
    assert selection.image == 0


def test_a_whole_list_is_read_by_keys(program: Program) -> None:
    open_by_hand(program, [*of_patient("A", 0.1), *of_patient("B", 0.99), *of_patient("C", 0.9)])
    program.show()
    actions, seen = program.actions, []
    for _ in range(3):
        actions["next_unread"].trigger()
        seen.append(program.selection.series)
        put_on_screen(program)
        actions["mark_read"].trigger()
    actions["next_unread"].trigger()
    assert sorted(each for each in seen if each is not None) == [0, 1, 2]
    assert program.selection.series == seen[-1]  # nothing is left


def test_the_reading_of_a_series_unblinds_it_and_is_kept(program: Program) -> None:
    table, series = program.workspace.table, program.workspace.series
    table.set_read_before_ai(True)
    open_by_hand(program, [*of_patient("A", 0.99, 0.98), *of_patient("B", 0.99)])
    put_on_screen(program, 0)
    hidden = series.zone(0)
    program.actions["read_series_present"].trigger()
    reading = program.workspace.readings.reading(0)
    assert reading is not None
    assert (hidden, series.zone(0), series.zone(1)) == (None, Zone.FLAGGED, None)
    assert (reading.label, reading.blinded) == (Label.PRESENT, True)
    assert reading.seconds is not None
    assert [row.is_blinded for row in table.rows] == [False, False, True]
    assert program.workspace.readings.is_read(0)
    table.set_read_before_ai(False)


def test_the_same_label_again_takes_the_reading_of_a_series_back(program: Program) -> None:
    open_by_hand(program, of_patient("A", 0.99))
    program.workspace.table.set_read_before_ai(True)
    put_on_screen(program, 0)
    for _ in range(2):
        program.actions["read_series_absent"].trigger()
    assert program.workspace.readings.reading(0) is None
    assert program.workspace.series.zone(0) is None
    program.workspace.table.set_read_before_ai(False)


def test_a_series_that_was_read_before_comes_unblinded(program: Program) -> None:
    images = of_patient("A", 0.99)
    open_by_hand(program, images)
    put_on_screen(program, 0)
    program.actions["read_series_unsure"].trigger()
    program.workspace.table.clear()
    program.workspace.table.set_read_before_ai(True)
    open_by_hand(program, images)
    assert program.workspace.series.zone(0) == Zone.FLAGGED
    assert program.workspace.worklist.index_of_series(0).siblingAtColumn(3).data() == "?"
    program.workspace.table.set_read_before_ai(False)


def test_a_comment_is_kept_with_the_series_beside_which_it_was_typed(program: Program) -> None:
    open_by_hand(program, [*of_patient("A", 0.99), *of_patient("B", 0.9)])
    panel = program.window.series_reading
    put_on_screen(program, 0)
    program.actions["read_series_present"].trigger()
    panel.comment.setText("old blood?")
    panel.comment.textEdited.emit("old blood?")
    put_on_screen(program, 1)
    reading = program.workspace.readings.reading(0)
    assert reading is not None
    assert reading.comment == "old blood?"
    assert panel.comment.text() == ""


def test_an_image_never_stands_beside_the_result_of_other_content(
    busy: Program,
) -> None:
    shown = ct()
    busy.selection.select(2)  # the reader's choice, which stays
    busy.selection.select(0)
    scored = busy.selection.row
    assert scored is not None
    assert scored.known is not None
    busy.workspace.table.add_results([(0, replace(scored.known, sha256="its own file"))])
    for sha256, problem in (
        ("its own file", None),
        ("another file", Problem(Code.CHANGED_WHILE_READ)),
    ):
        busy.selection._take_image(ViewedImage(scored.path, 0, image=shown, sha256=sha256))
        assert busy.selection.shown is not None
        assert busy.selection.shown.problem == problem
        assert (busy.selection.shown.image is None) == (problem is not None)


def test_a_result_that_comes_later_takes_the_image_of_other_content_away(busy: Program) -> None:
    busy.selection.select(3)
    waiting = busy.selection.row
    assert waiting is not None
    shown = ct()
    busy.selection._take_image(ViewedImage(waiting.path, 0, image=shown, sha256="before"))
    busy.workspace.table.add_results([(3, replace(result(waiting.path, 0.9), sha256="after"))])
    assert busy.selection.shown is not None
    assert busy.selection.shown.problem == Problem(Code.CHANGED_WHILE_READ)


class Asked:
    """What a selection asks its reader of images for."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, program: Program) -> None:
        self.near: list[int] = []
        rows = program.workspace.table.rows
        numbers = {(row.path, row.frame): number for number, row in enumerate(rows)}

        def ask(_wanted: Place, near: Sequence[Place] = (), _sha256: str = "") -> None:
            self.near = [numbers[place] for place in near]

        monkeypatch.setattr(program.selection._images, "ask", ask)


def test_the_neighbours_are_read_ahead_in_the_direction_of_travel(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_by_hand(program, [*of_patient("A", *[0.1] * 40), *of_patient("B", *[0.1] * 40)])
    asked, selection = Asked(monkeypatch, program), program.selection
    members = program.workspace.series.members_with(0)
    selection.select(members[10])
    selection.select(members[20])
    assert asked.near == [members[at] for at in (21, 19, *range(22, 37), 18, 17, 16)]
    selection.select(members[19])
    assert asked.near == [members[at] for at in (18, 20, *range(17, 2, -1), 21, 22, 23)]
    selection.select(members[0])
    assert set(asked.near) <= set(members)
    assert len(asked.near) == BEHIND


def test_an_image_that_was_read_ahead_is_there_with_the_turn(
    qtbot: QtBot, program: Program, tmp_path: Path
) -> None:
    save_series(tmp_path / "folder", [2.0 * at for at in range(4)], series="1.1")
    screened(qtbot, program, tmp_path / "folder")
    selection, content = program.selection, program.window.centre.content
    selection.select(selection.members()[0])
    qtbot.waitUntil(lambda: len(selection._images._kept) == 4, timeout=PATIENCE)
    for number in selection.members()[1:]:
        selection.step(1)
        row = program.workspace.table.rows[number]
        assert selection.shown is not None
        assert (selection.shown.path, selection.on_screen) == (row.path, number)
        assert content.image is selection.shown.image
        assert program.window.result.name.text() == program.workspace.table.name(row)


def test_a_turn_tells_each_once(qtbot: QtBot, program: Program, tmp_path: Path) -> None:
    save_series(tmp_path / "folder", [2.0 * at for at in range(4)], series="1.1")
    screened(qtbot, program, tmp_path / "folder")
    selection = program.selection
    selection.select(selection.members()[0])
    qtbot.waitUntil(lambda: len(selection._images._kept) == 4, timeout=PATIENCE)
    qtbot.wait(1)
    told: list[str] = []
    selection.changed.connect(lambda: told.append("changed"))
    selection.image_read.connect(lambda _: told.append("image"))
    selection.on_screen_changed.connect(lambda: told.append("on screen"))
    selection.step(1)
    assert told == ["changed", "image", "on screen"]


def of_content(path: str, uid: str, pixels: bytes) -> ImageResult:
    who = Identity(patient_id="P", study_uid="s", series_uid="1")
    position = float(Path(path).stem)
    return replace(
        result(path, 0.1, identity=who, sop_uid=uid, position=position), pixels_digest=pixels
    )


def met(program: Program, start: int, *counts: int) -> list[int]:
    """The rows that are met from one on."""
    program.selection.select(start)
    rows = []
    for count in counts:
        program.selection.step(count)
        rows.append(program.selection.image)
    return [row for row in rows if row is not None]


def test_each_content_is_met_once_while_scrolling(program: Program) -> None:
    """A folder and its copy beside it are one series, in which every slice lay twice."""
    twice = [
        of_content(f"/{folder}/{at}.dcm", f"1.{at}", b"%d" % at)
        for at in range(3)
        for folder in "ab"
    ]
    open_by_hand(program, twice)
    assert len(program.workspace.series) == 1
    assert met(program, 0, 1, 1, 1, -1, -1, -1) == [2, 4, 4, 2, 0, 0]
    assert met(program, 0, 1 << 30, -(1 << 30)) == [4, 0]
    assert met(program, 3, 1) == [4]  # a copy that was chosen in the list of images


def test_nothing_but_a_copy_is_passed_over(program: Program) -> None:
    """Other pixels under one UID are another image, and of what waits nobody knows."""
    other = [of_content(f"/{at}/1.dcm", "1.1", b"%d" % at) for at in range(2)]
    open_by_hand(program, other)
    assert met(program, 0, 1) == [1]
    unread = [replace(each, pixels_digest=b"") for each in other]
    open_by_hand(program, unread)
    assert met(program, 0, 1) == [1]
    waiting = [PendingImage(each.folder, each.name, 0, each.header) for each in other]
    open_by_hand(program, waiting)
    assert met(program, 0, 1) == [1]
