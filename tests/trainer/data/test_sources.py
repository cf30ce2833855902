"""Several folders are learnt from together, each image with the name of its own."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image as PilImage

from trainer.data.label_table import LabelError
from trainer.data.sources import class_name_of, read_sources


def site(root: Path, name: str, table: str, *files: str) -> Path:
    folder = root / name
    folder.mkdir()
    for file in files:
        (folder / file).write_text(f"{name}/{file}", encoding="utf-8")
    (folder / "labels.csv").write_text(table, encoding="utf-8")
    return folder


@pytest.fixture
def sites(tmp_path: Path) -> list[Path]:
    return [
        site(tmp_path, "north", "image_id,x_label,deep,note\n0,1,1,a\n1,0,0,b\n", "0.png", "1.png"),
        site(tmp_path, "south", "id, x\n0,0\n", "0.png"),
    ]


def groups_of(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "groups.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_ids_and_groups_carry_the_name_of_their_folder(sites: list[Path]) -> None:
    images = read_sources(sites)
    assert [(s.image_id, s.source, s.label) for s in images] == [
        ("north/0", "north", 1),
        ("north/1", "north", 0),
        ("south/0", "south", 0),
    ]
    assert [s.group for s in images] == ["north/0", "north/1", "south/0"]


def test_other_columns_of_0_and_1_are_traits(sites: list[Path]) -> None:
    assert [dict(s.traits) for s in read_sources(sites)] == [{"deep": 1}, {"deep": 0}, {}]


def test_one_folder_is_read_as_ever(sites: list[Path]) -> None:
    assert [s.image_id for s in read_sources(sites[:1])] == ["0", "1"]


def test_a_table_of_groups_may_join_folders_and_leave_others_alone(
    sites: list[Path], tmp_path: Path
) -> None:
    both = "source,image_id,group\nnorth,0,a\nnorth,1,b\nsouth,0,a\n"
    assert [s.group for s in read_sources(sites, groups=groups_of(tmp_path, both))] == [
        *("a", "b", "a")
    ]
    one = "source,image_id,group\nsouth,0,q\n"
    assert [s.group for s in read_sources(sites, groups=groups_of(tmp_path, one))] == [
        *("north/0", "north/1", "q")
    ]


def test_without_a_group_images_of_two_folders_with_one_id_stay_apart(
    sites: list[Path], tmp_path: Path
) -> None:
    table = "source,image_id,group\nnorth,0,\nnorth,1,b\nsouth,0,\n"
    assert [s.group for s in read_sources(sites, groups=groups_of(tmp_path, table))] == [
        *("north/0", "b", "south/0")
    ]


def test_copies_are_one_group_across_tables_and_folders(sites: list[Path], tmp_path: Path) -> None:
    (sites[1] / "0.png").write_bytes((sites[0] / "1.png").read_bytes())
    assert [s.group for s in read_sources(sites)] == ["north/0", "north/1", "north/1"]
    table = groups_of(tmp_path, "source,image_id,group\nnorth,0,a\nnorth,1,a\nsouth,0,b\n")
    assert [s.group for s in read_sources(sites, groups=table)] == ["a", "a", "a"]


def test_equal_blank_images_join_no_patients(tmp_path: Path) -> None:
    folder = site(tmp_path, "site", "image_id,x_label,group\na,0,A\nb,0,B\nc,1,A\nd,1,B\n")
    for name in "ab":
        PilImage.new("L", (64, 64)).save(folder / f"{name}.png")
    for name in "cd":
        PilImage.effect_noise((64, 64), ord(name)).save(folder / f"{name}.png")
    groups = [image.group for image in read_sources([folder])]
    assert groups[0] == groups[1]
    assert groups[0].startswith("blank ")
    assert groups[2:] == ["A", "B"]


def test_what_could_mean_any_folder_is_refused(sites: list[Path], tmp_path: Path) -> None:
    with pytest.raises(LabelError, match="needs a column source"):
        read_sources(sites, groups=groups_of(tmp_path, "image_id,group\n0,a\n"))
    with pytest.raises(LabelError, match="each holds its own table"):
        read_sources(sites, table=sites[0] / "labels.csv")
    for folder in sites:
        (folder / "labels.csv").rename(folder / "own.csv")
    assert len(read_sources(sites, table=Path("own.csv"))) == 3
    with pytest.raises(LabelError, match="same name"):
        read_sources([sites[0], sites[0]])


def test_folders_must_agree_on_the_finding(sites: list[Path], tmp_path: Path) -> None:
    assert class_name_of(sites) == "x"
    other = site(tmp_path, "west", "id,y_label\n0,1\n", "0.png")
    with pytest.raises(LabelError, match="different findings"):
        class_name_of([*sites, other])
