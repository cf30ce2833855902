import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from desktop.app import Program
from desktop.engine.linking import Link
from desktop.state.second import Second, _relation
from imaging.errors import Code, Problem
from imaging.image import Identity
from tests.make.program import PATIENCE, number_of, screened, select_image
from tests.make.volumes import save_series, save_studies

HEIGHTS = [2.0 * at for at in range(5)]


@pytest.fixture
def program_of_three(qtbot: QtBot, program: Program, tmp_path: Path) -> Program:
    """P1 with a prior, an older and a later study, and P2; five slices each, in one frame."""
    studies = (
        ("1.1", "P1", "20260301"),
        ("1.2", "P1", "20260201"),
        ("1.3", "P1", "20250101"),
        ("1.4", "P1", "20260401"),
        ("2.1", "P2", "20260201"),
    )
    save_studies(tmp_path / "folder", HEIGHTS, studies, common_frame=("1.1", "1.2"))
    screened(qtbot, program, tmp_path / "folder")
    return program


def uid_of(program: Program) -> str:
    series = program.second.series
    assert series is not None
    return program.workspace.series[series].group.identity.series_uid


def place(program: Program) -> int:
    second = program.second
    assert second.image is not None
    return second.members.index(second.image)


def opened(program: Program, uid: str = "1.1") -> Second:
    select_image(program, uid)
    program.second.show(True)
    return program.second


def test_the_nearest_earlier_study_of_the_patient_comes_first(program_of_three: Program) -> None:
    second = opened(program_of_three)
    found = [
        program_of_three.workspace.series[number].group.identity.series_uid
        for number in second.candidates()
    ]
    assert found == ["1.2", "1.3", "1.4"]
    assert (uid_of(program_of_three), second.relation) == ("1.2", "earlier")


def test_another_patient_is_never_beside(program_of_three: Program) -> None:
    second = opened(program_of_three)
    second.choose(number_of(program_of_three, "2.1"))
    assert uid_of(program_of_three) == "1.2"
    select_image(program_of_three, "2.1")
    assert (second.series, second.image) == (None, None)
    assert second.candidates() == []


def test_without_a_patient_named_there_is_none_to_compare(
    qtbot: QtBot, program: Program, tmp_path: Path
) -> None:
    for uid in ("1.1", "1.2"):
        folder = tmp_path / "folder" / uid
        save_series(folder, HEIGHTS, series=uid, patient="", PatientName="")
    screened(qtbot, program, tmp_path / "folder")
    program.second.show(True)
    assert not program.second.names_patient
    assert program.second.series is None


def test_two_names_under_one_id_are_two_patients(
    qtbot: QtBot, program: Program, tmp_path: Path
) -> None:
    for uid, name in (("1.1", "Doe^Jo"), ("1.2", "Roe^Jo")):
        save_series(tmp_path / "folder" / uid, HEIGHTS[:2], series=uid, PatientName=name)
    screened(qtbot, program, tmp_path / "folder")
    assert (opened(program).candidates(), program.second.series) == ([], None)


def test_an_image_that_is_not_the_wanted_one_never_stands_beside_a_result(
    qtbot: QtBot, program_of_three: Program
) -> None:
    second = opened(program_of_three)
    qtbot.waitUntil(lambda: second.shown is not None, timeout=PATIENCE)
    shown, image = second.shown, second.image
    assert shown is not None
    assert image is not None
    second._take(replace(shown, path=Path("/elsewhere")))
    second._take(replace(shown, frame=1))
    assert second.shown is shown
    second._take(replace(shown, sha256="of another content"))
    assert (second.shown.image, second.shown.problem) == (None, Problem(Code.CHANGED_WHILE_READ))
    second._take(shown)
    known = program_of_three.workspace.table.rows[image].known
    assert known is not None
    # The file was replaced since it was shown, and the new content is scored.
    program_of_three.workspace.table.add_results([(image, replace(known, sha256="of another"))])
    assert (second.shown.image, second.shown.problem) == (None, Problem(Code.CHANGED_WHILE_READ))


def test_the_next_candidate_round(program_of_three: Program) -> None:
    second = opened(program_of_three)
    seen = []
    for _ in range(4):
        seen.append((uid_of(program_of_three), second.relation))
        second.choose_next()
    assert seen == [("1.2", "earlier"), ("1.3", "earlier"), ("1.4", "later"), ("1.2", "earlier")]


@pytest.mark.parametrize(
    ("own", "others", "relation"),
    [
        (("20260301", "103000"), ("20260301", "103001"), "later"),
        (("20260301", "103000"), ("20260301", "102959"), "earlier"),
        (("20260301", "103000"), ("20260301", "103000"), "other"),
        (("20260301", "103000"), ("20260301", ""), "other"),
        (("20260301", ""), ("20260301", ""), "other"),
        (("20260301", "103000"), ("20260301", "1030"), "other"),
        (("20260301", "103000.5"), ("20260301", "10:30:00"), "other"),
        (("20260301", ""), ("20260302", ""), "later"),
        (("20260301", ""), ("2026.02.28", ""), "earlier"),
        (("20260301", "103000"), ("", "103001"), "other"),
        (("", "103000"), ("20260301", "103001"), "other"),
        (("20260301", ""), ("yesterday", ""), "other"),
    ],
)
def test_only_a_study_that_is_strictly_later_is_called_so(
    own: tuple[str, str], others: tuple[str, str], relation: str
) -> None:
    one, other = (
        Identity(study_uid=uid, study_date=date, study_time=time)
        for uid, (date, time) in (("1", own), ("2", others))
    )
    assert _relation(one, other) == relation
    assert _relation(one, replace(other, study_uid="1")) == "same"


def test_a_study_of_the_same_time_is_called_another(
    qtbot: QtBot, program: Program, tmp_path: Path
) -> None:
    studies = (("1.1", "P1", "20260301"), ("1.2", "P1", "20260301"))
    save_studies(tmp_path / "folder", HEIGHTS, studies)
    screened(qtbot, program, tmp_path / "folder")
    assert opened(program).relation == "other"
    assert program.window.centre.pair.right.heading.text().startswith("Other study")


def test_the_second_follows_the_selected_slice(program_of_three: Program) -> None:
    second = opened(program_of_three)
    assert second.link is Link.POSITION
    select_image(program_of_three, "1.1", 3)
    assert place(program_of_three) == 3
    second.choose_next()
    assert (second.link, place(program_of_three)) == (Link.RELATIVE, 3)


def test_the_selected_slice_follows_the_second(program_of_three: Program) -> None:
    second = opened(program_of_three)
    second.step(2)
    first = program_of_three.selection
    assert first.image is not None
    assert (first.members().index(first.image), place(program_of_three)) == (2, 2)
    second.step(100)
    assert (first.members().index(first.image), place(program_of_three)) == (4, 4)


def test_a_slice_that_lies_there_twice_is_met_once_in_the_second_series(
    qtbot: QtBot, program: Program, tmp_path: Path
) -> None:
    studies = ("1.1", "P1", "20260301"), ("1.2", "P1", "20260201")
    save_studies(tmp_path / "folder", HEIGHTS, studies)
    shutil.copytree(tmp_path / "folder" / "1.2", tmp_path / "folder" / "copy")
    screened(qtbot, program, tmp_path / "folder")
    second = opened(program)
    second.change_link()
    second.step(-100)
    second.step(1)
    assert (len(second.members), place(program)) == (10, 2)
    second.step(100)
    assert place(program) == 8


def test_unlinked_each_is_scrolled_alone_and_stays_aligned_when_linked(
    qtbot: QtBot,
    program_of_three: Program,
) -> None:
    second, first = opened(program_of_three), program_of_three.selection
    second.change_link()
    second.step(2)
    assert first.image is not None
    assert (first.members().index(first.image), place(program_of_three)) == (0, 2)
    qtbot.waitUntil(lambda: second.shown is not None, timeout=PATIENCE)
    second.change_link()
    assert second.link is Link.BY_HAND
    first.step(1)
    assert place(program_of_three) == 3
    second.step(-2)
    assert first.members().index(first.image) == 0


def test_another_selected_series_chooses_anew(program_of_three: Program) -> None:
    second = opened(program_of_three)
    second.change_link()
    select_image(program_of_three, "1.2")
    assert (uid_of(program_of_three), second.is_linked) == ("1.3", True)


def test_nothing_is_read_when_nothing_is_wanted(program_of_three: Program) -> None:
    second = opened(program_of_three)
    second.show(False)
    select_image(program_of_three, "1.2", 2)
    assert (second.series, second.image, second.shown) == (None, None, None)


def test_opening_something_else_forgets_it(program_of_three: Program) -> None:
    second = opened(program_of_three)
    program_of_three.workspace.table.clear()
    assert (second.series, second.image) == (None, None)
