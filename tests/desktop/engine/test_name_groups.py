from __future__ import annotations

from pathlib import Path

import pytest

from desktop.engine.name_groups import (
    NamePattern,
    grouped_by_name,
    guessed_pattern,
)
from imaging.image import Identity
from imaging.series import Order
from model.listed_image import PendingImage
from model.series_group import SeriesGroup, group_images
from tests.make.results import result


def paths(*names: str) -> list[Path]:
    return [Path("/flat") / name for name in names]


@pytest.mark.parametrize(
    ("pattern", "name", "group"),
    [
        ("{patient}_*", "P7_01.png", "P7"),
        ("{patient}_*", "P7_01_b.png", "P7"),
        ("{patient}_*", "P7.png", ""),
        ("*_{patient}_*", "IMG_0042_01.png", "0042"),
        ("head {patient}", "head 12.png", "12"),
        ("{patient}.*", "a.b.png", "a"),
        ("{patient}(*", "a(1).png", "a"),
    ],
)
def test_a_pattern_gives_the_group_of_a_name(pattern: str, name: str, group: str) -> None:
    assert NamePattern(pattern).group_of(Path(name)) == group


@pytest.mark.parametrize("text", ["", "*", "{patient}{patient}", "{patient}****", "patient_*"])
def test_what_has_no_one_patient_or_too_many_stars_is_no_pattern(text: str) -> None:
    with pytest.raises(ValueError, match="pattern"):
        NamePattern(text)


def test_a_pattern_has_three_stars_and_so_many_letters_at_most() -> None:
    NamePattern("*_*_*_{patient}")
    NamePattern("{patient}".ljust(100, "x"))
    with pytest.raises(ValueError, match="pattern"):
        NamePattern("{patient}".ljust(101, "x"))


@pytest.mark.parametrize(
    ("names", "pattern"),
    [
        (("A_1.png", "A_2.png", "B_1.png", "B_2.png"), "{patient}_*"),
        (("7-1.png", "7-2.png", "8-1.png", "8-2.png"), "{patient}-*"),
        (("IMG_7_1.png", "IMG_7_2.png", "IMG_8_1.png", "IMG_8_2.png"), "*_{patient}_*"),
        (("1.png", "2.png", "3.png", "4.png"), ""),
        (("A_1.png", "B_1.png", "C_1.png", "D_1.png"), ""),
        ((), ""),
    ],
)
def test_a_pattern_is_guessed_where_it_makes_groups_of_several(
    names: tuple[str, ...], pattern: str
) -> None:
    assert guessed_pattern(paths(*names)) == pattern


@pytest.mark.parametrize(("others", "pattern"), [(1, "{patient}_*"), (2, "")])
def test_a_pattern_must_fit_four_in_five_names(others: int, pattern: str) -> None:
    names = ["A_1.png", "A_2.png", "B_1.png", "B_2.png", *(f"x{n}.png" for n in range(others))]
    assert guessed_pattern(paths(*names)) == pattern


def test_a_folder_is_taken_apart_and_what_fits_nothing_is_in_no_series() -> None:
    names = ("B_10.png", "B_2.png", "A_1.png", "other.png")
    header = result("x.png").header
    images = [PendingImage(path.parent, path.name, 0, header) for path in paths(*names)]
    made = grouped_by_name(group_images(images), images, NamePattern("{patient}_*"))
    assert [(each.name, each.members) for each in made] == [("A", (2,)), ("B", (1, 0))]
    assert {each.order for each in made} == {Order.FILE_NAME}


def test_series_of_somebody_stay_as_they_are() -> None:
    known = SeriesGroup("Head", Identity(patient_id="P_1", series_uid="1"), (0,), Order.POSITION)
    images = [PendingImage(path.parent, path.name) for path in paths("A_1.png")]
    assert grouped_by_name([known], images, NamePattern("{patient}_*")) == (known,)


def test_a_damaged_file_counts_to_its_own_group_or_to_any() -> None:
    images = [
        PendingImage(path.parent, path.name)
        for path in paths("A_1.png", "B_1.png", "A_2.png", "x.png")
    ]
    folder = SeriesGroup("flat", Identity(), (0, 1), Order.FILE_NAME, unplaced=(2, 3))
    made = grouped_by_name([folder], images, NamePattern("{patient}_*"))
    assert [each.unplaced for each in made] == [(2, 3), (3,)]


@pytest.mark.parametrize(("fitting", "pattern"), [(8, "{patient}_*"), (7, "")])
def test_a_pattern_is_offered_that_fits_eight_names_of_ten(fitting: int, pattern: str) -> None:
    names = [f"{'AB'[at % 2]}_{at}.png" for at in range(fitting)]
    others = [f"image{at}.png" for at in range(10 - fitting)]
    assert guessed_pattern(paths(*names, *others)) == pattern
