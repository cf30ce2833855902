"""A table of labels is matched with a folder of images, or every fault in it is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from trainer.data.label_table import LabelError
from trainer.data.labels import read_labels
from trainer.data.sources import class_name_of


def folder_of(tmp_path: Path, table: str, *files: str) -> Path:
    for file in files:
        path = tmp_path / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
    (tmp_path / "labels.csv").write_text(table, encoding="utf-8")
    return tmp_path


def faults_of(folder: Path, groups: Path | None = None) -> tuple[str, ...]:
    with pytest.raises(LabelError) as caught:
        read_labels(folder, groups=groups)
    return caught.value.faults


@pytest.mark.parametrize(
    ("table", "file"),
    [
        ("image_id,hemorrhage_label\n0,1\n", "images/000.png"),
        ("id, hemorrhage\n0,1\n", "images/000.png"),
        ("\ufeffid;hemorrhage\r\n000.png;1\r\n", "000.png"),
        ("image_id,crack_label\nID_a,1\n", "images/ID_a.dcm"),
        ("image_id\tcrack_label\nID_a\t1\n\n", "images/ID_a"),
        ("id,crack_label,depth\nleft/3, 1,2.5\n", "images/left/3.jpg"),
        ('id,"a, b_label"\nx,1\n', "x.jpg"),
        ("文件名,hemorrhage\nx,1\n", "x.jpg"),
        ("id,x_label\na.dcm,1\n", "a.png"),
        ("id,x_label\nC:\\data\\left\\3.png,1\n", "left/3.png"),
        ("id,x_label\n/home/me/images/3.png,1\n", "images/3.png"),
        ("id,x_label\nte\u0302te.png,1\n", "t\u00eate.png"),
    ],
)
def test_an_id_finds_its_image(tmp_path: Path, table: str, file: str) -> None:
    (image,) = read_labels(folder_of(tmp_path, table, file))
    assert image.path == tmp_path / file
    assert image.label == 1
    assert image.group == image.image_id


def test_folders_that_ids_do_not_share_are_not_passed_over(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, "id,x_label\nleft/1,1\nright/2,0\n", "1.png", "2.png")
    assert len(faults_of(folder)) == 4


def test_an_id_of_many_digits_is_no_number(tmp_path: Path) -> None:
    digits = "9" * 5000
    (fault, _) = faults_of(folder_of(tmp_path, f"id,x_label\n{digits},1\n", "a.png"))
    assert len(fault) < 200


def test_images_keep_the_order_of_the_table(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, "id,x\nb,0\na,1\n", "a.png", "b.png")
    assert [(s.image_id, s.label) for s in read_labels(folder)] == [("b", 0), ("a", 1)]


def test_an_exact_name_goes_before_a_number(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, "id,x\n1,0\n01,1\n", "1.png", "01.png")
    assert [s.path.name for s in read_labels(folder)] == ["1.png", "01.png"]


def test_groups_come_from_the_table(tmp_path: Path) -> None:
    folder = folder_of(
        tmp_path, "id,x_label,group\na,1,p\nb,0,p\nc,0,\n", "a.png", "b.png", "c.png"
    )
    assert [s.group for s in read_labels(folder)] == ["p", "p", "c"]


def test_a_groups_file_overrides_the_table(tmp_path: Path) -> None:
    folder = folder_of(
        tmp_path, "id,x_label,group\n0,1,p\n1,0,p\n", "images/000.png", "images/001.png"
    )
    groups = tmp_path / "groups.csv"
    groups.write_text("image_id,group\n1,q\n0,r\n", encoding="utf-8")
    assert [s.group for s in read_labels(folder, groups=groups)] == ["r", "q"]


def test_every_fault_is_named_with_its_line(tmp_path: Path) -> None:
    table = "image_id,x_label\na,1\nb,2\nc,0\na.png,1\nd,\n"
    folder = folder_of(tmp_path, table, "a.png", "b.png", "d.png", "e.png")
    assert faults_of(folder) == (
        'labels.csv line 4: there is no image for "c".',
        'labels.csv line 3: the label of "b" is "2", not 0 or 1.',
        'labels.csv line 6: the label of "d" is "", not 0 or 1.',
        'labels.csv line 5: "a.png" is there twice, first in labels.csv line 2.',
        f"{folder / 'e.png'}: there is no label.",
    )


def test_two_images_of_one_id_are_a_fault(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, "id,x\na,1\n", "a.png", "a.jpg")
    assert 'line 2: "a" fits more than one image (a.jpg, a.png).' in faults_of(folder)[0]


def test_faults_of_a_groups_file_are_named(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, "id,x\na,1\nb,0\n", "images/a.png", "images/b.png")
    groups = tmp_path / "g.csv"
    groups.write_text("image_id,group\na,1\na,2\nz,3\n", encoding="utf-8")
    assert faults_of(folder, groups) == (
        'g.csv line 3: "a" is there twice, first in g.csv line 2.',
        'g.csv line 4: there is no image for "z".',
        'g.csv: "b" has no group.',
    )


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        ("", "no rows"),
        ("image_id,x_label\n", "no rows"),
        ("what,x_label\na,1\n", "no column names the images"),
        ("id,x,y\na,1,0\n", "which column holds the labels, x, y"),
        ("id,x\na,1,0\n", "line 2: 3 values, but the header has 2"),
        ("id,x,x\na,1,0\n", "same name"),
    ],
)
def test_a_table_without_labels_is_refused(tmp_path: Path, table: str, sentence: str) -> None:
    with pytest.raises(LabelError, match=sentence):
        read_labels(folder_of(tmp_path, table, "a.png"))


def test_an_image_is_no_table(tmp_path: Path) -> None:
    table = tmp_path / "image.png"
    table.write_bytes(b"\x89PNG\xff\xfe\x00")
    with pytest.raises(LabelError, match="no table"):
        read_labels(tmp_path, table=table)


@pytest.mark.parametrize("name", ["nowhere", "empty"])
def test_a_folder_without_a_table_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(LabelError, match="there is no"):
        read_labels(tmp_path / name)


def test_the_label_column_may_be_named(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, "id,x,y\na,1,0\n", "a.png")
    with pytest.raises(LabelError, match='no column "z"; its columns are id, x, y'):
        read_labels(folder, label_column="z")
    assert read_labels(folder, label_column="y")[0].label == 0
    assert class_name_of([folder], label_column="y") == "y"


@pytest.mark.parametrize(
    ("column", "name"),
    [
        ("hemorrhage_label", "hemorrhage"),
        (" hemorrhage", "hemorrhage"),
        ("Chip Crack", "chip_crack"),
    ],
)
def test_the_class_takes_its_columns_name(tmp_path: Path, column: str, name: str) -> None:
    assert class_name_of([folder_of(tmp_path, f"id,{column}\na,1\n", "a.png")]) == name


def test_the_two_hundred_are_read_with_their_groups(shared_data: Path) -> None:
    groups = Path(__file__).parents[3] / "docs" / "head-ct-200-groups.csv"
    images = read_labels(shared_data / "head-ct-200", groups=groups)
    assert len(images) == 200
    assert sum(image.label for image in images) == 100
    assert images[0].path.name == "000.png"
    groups_of = {int(image.image_id): image.group for image in images}
    assert groups_of[5] == groups_of[22] == groups_of[58]
    assert groups_of[188] == groups_of[189]
    assert len(set(groups_of.values())) == 113


def test_three_thousand_slices_are_read(shared_data: Path) -> None:
    images = read_labels(shared_data / "rsna-slices")
    assert (len(images), sum(image.label for image in images)) == (3023, 467)
    assert class_name_of([shared_data / "rsna-slices"]) == "hemorrhage"
