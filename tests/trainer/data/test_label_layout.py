"""Tables of labels as data sets come: the right labels, or one sentence that says why not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.make.dicom import ct, save
from trainer.data.label_layout import is_negative
from trainer.data.label_table import EXAMPLE, TOLD_ONE_BY_ONE, LabelError
from trainer.data.labels import FEWEST_FOLDERS, LabelledImage, read_labels
from trainer.data.sources import class_name_of, columns_read

SIX = tuple(f"images/{number:03d}.png" for number in range(6))


def folder_of(tmp_path: Path, table: str | bytes | None, *names: str) -> Path:
    for name in names or SIX:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
    if table is not None:
        data = table.encode("utf-8") if isinstance(table, str) else table
        (tmp_path / "labels.csv").write_bytes(data)
    return tmp_path


def rows(header: str, line: str, count: int = 6) -> str:
    """A table of ``count`` lines in which {n} is the number and {label} 0 or 1 in turn."""
    lines = (
        line.format(n=n, label=n % 2, other=1 - n % 2, line=n, word=n % 2 == 1)
        for n in range(count)
    )
    return "\n".join([header, *lines]) + "\n"


def labels(images: list[LabelledImage]) -> dict[str, int]:
    return {image.path.stem: image.label for image in images}


RIGHT = {f"{n:03d}": n % 2 for n in range(6)}


@pytest.mark.parametrize(
    "table",
    [
        rows("image_id,hemorrhage_label", "images/{n:03d}.png,{label}"),
        rows("image_id,hemorrhage_label", "images\\{n:03d}.png,{label}"),
        rows("image_id,hemorrhage_label", "{n:03d}.PNG,{label}"),
        rows("image_id,hemorrhage_label,,", "{n:03d},{label},,"),
        rows("image_id,hemorrhage_label", "{n:03d},{label},"),
        rows(",image_id,hemorrhage", "{line},{n:03d},{label}"),
        rows("Unnamed: 0,image_id,hemorrhage", "{line},{n:03d},{label}"),
        "sep=;\n" + rows("image_id;hemorrhage_label", "{n:03d};{label}"),
        rows("filename,hemorrhage", "{n:03d}.png,{label}"),
        rows("File Name,hemorrhage", "{n:03d}.png,{label}"),
        rows("image_id,hemorrhage_label", "{n:03d},{label}.0"),
        rows("image_id,normal,hemorrhage", "{n:03d},{other},{label}"),
        rows("image_id\themorrhage", "{n:03d}\t{label}").encode("utf-16"),
        rows("图像,image_id,hemorrhage_label", "头,{n:03d},{label}").encode("gb18030"),
        rows("image_id,hemorrhage_label", "{n:03d},{word}"),
        rows("image_id\themorrhage", "{n:03d}\t{label}").encode("utf-16-le"),
        rows("image_id\themorrhage", "{n:03d}\t{label}").encode("utf-16-be"),
        rows("image_id;hemorrhage", "{n:03d};{label},0"),
        rows("image_id,hemorrhage", "{n:03d},{label}.0"),
        "\ufeff" + rows("Image_ID,Hemorrhage", "{n:03d},{label}"),
        rows("image_id\themorrhage", "{n:03d}\t{label}").encode("utf-32"),
        rows("image_id，hemorrhage", "{n:03d}，{label}"),
        rows("image_id  hemorrhage", "{n:03d}   {label}"),
        '"sep=;"\n' + rows("image_id;hemorrhage", "{n:03d};{label}"),
        "sep=\t\n" + rows("image_id\themorrhage", "{n:03d}\t{label}"),
        "# labels of 2020\n\n" + rows("image_id,hemorrhage", "{n:03d},{label}"),
        "Labels of 2020,\n,\n" + rows("image_id,hemorrhage", "{n:03d},{label}"),
        rows("image_id,hemorrhage", '="{n:03d}",{label}'),
        rows("image_id,hemorrhage", "{n}.0,{label}"),
        rows("序号,图像名称,姓名,hemorrhage", "{line},{n:03d}.png,王,{label}").encode("gbk"),
        rows("ID,any,epidural,subdural", "{n:03d},{label},{label},0"),
    ],
    ids=lambda table: (table if isinstance(table, str) else repr(table))[:24],
)
def test_a_table_is_read_as_it_comes(tmp_path: Path, table: str | bytes) -> None:
    folder = folder_of(tmp_path, table)
    assert labels(read_labels(folder)) == RIGHT
    assert class_name_of([folder]) == "hemorrhage"


def test_rsnas_long_table_gives_labels_and_subtypes(tmp_path: Path) -> None:
    subtypes = ("epidural", "subdural", "any")
    lines = [
        f"ID_{n}_{name},{n % 2 if name != 'epidural' else 0}" for n in range(4) for name in subtypes
    ]
    table = "\n".join(["ID,Label", *lines]) + "\n"
    folder = folder_of(tmp_path, table, *(f"ID_{n}.png" for n in range(4)))
    images = read_labels(folder)
    assert [(image.image_id, image.label) for image in images] == [
        (f"ID_{n}", n % 2) for n in range(4)
    ]
    assert images[1].traits == {"epidural": 0, "subdural": 1}
    assert class_name_of([folder]) == "hemorrhage"


def test_physionets_table_gives_slices_and_patients(tmp_path: Path) -> None:
    table = (
        "PatientNumber,SliceNumber,Subdural,No_Hemorrhage,Fracture_Yes_No\n"
        "49,1,,1,\n49,2,1,,\n50,1,,1,1\n"
    )
    folder = folder_of(tmp_path, table, "049/1.png", "049/2.png", "050/1.png")
    images = read_labels(folder)
    assert [(image.path.name, image.label, image.group) for image in images] == [
        ("1.png", 0, "49"),
        ("2.png", 1, "49"),
        ("1.png", 0, "50"),
    ]
    assert images[1].traits == {"subdural": 1, "fracture_yes_no": 0}


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        (",,", 'No_Hemorrhage is "", not 0 or 1'),
        (",,nan", 'No_Hemorrhage is "nan", not 0 or 1'),
        ("1,,nan", 'No_Hemorrhage is "nan", not 0 or 1'),
        ("1,,1", "both No_Hemorrhage and Subdural are 1"),
        (",x,1", 'Epidural is "x", not 0 or 1'),
    ],
)
def test_physionets_slices_that_say_nothing_or_two_things_have_no_label(
    tmp_path: Path, cells: str, said: str
) -> None:
    table = f"PatientNumber,SliceNumber,Subdural,Epidural,No_Hemorrhage\n49,1,{cells}\n"
    with pytest.raises(LabelError, match=f"line 2: {said}"):
        read_labels(folder_of(tmp_path, table, "049/1.png"))


def test_a_subtype_alone_is_a_label(tmp_path: Path) -> None:
    """Without the column, or the row, that sums the subtypes up."""
    physionet = "PatientNumber,SliceNumber,Subdural,Epidural,No_Hemorrhage\n49,1,1,,\n"
    assert labels(read_labels(folder_of(tmp_path / "p", physionet, "49/1.png"))) == {"1": 1}
    rsna = "ID,Label\na_epidural,1\n" + "".join(
        f"b_{name},0\n"
        for name in (
            *("epidural", "intraparenchymal", "intraventricular"),
            *("subarachnoid", "subdural"),
        )
    )
    assert labels(read_labels(folder_of(tmp_path / "r", rsna, "a.png", "b.png"))) == {
        "a": 1,
        "b": 0,
    }


def test_cq500s_table_of_examinations_is_named(tmp_path: Path) -> None:
    table = rows("name,Category,R1:ICH,R2:ICH,R3:ICH", "CQ500-CT-{n},B1,{label},{label},{label}")
    with pytest.raises(LabelError, match="CQ500") as caught:
        read_labels(folder_of(tmp_path, table))
    assert len(caught.value.faults) == 1


def test_two_folders_of_images_are_two_classes(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, None, "Normal/1.png", "Normal/2.png", "Hemorrhagic/1.png")
    assert sorted((image.image_id, image.label) for image in read_labels(folder)) == [
        ("Hemorrhagic/1.png", 1),
        ("Normal/1.png", 0),
        ("Normal/2.png", 0),
    ]
    assert class_name_of([folder]) == "hemorrhagic"


@pytest.mark.parametrize(
    ("names", "finding"),
    [
        (("0/1.png", "1/1.png"), "finding"),
        (("train/normal/1.png", "test/normal/2.png", "train/bleed/1.png"), "bleed"),
        (("sano/1.png", "hemorragia/1.png"), "hemorragia"),
    ],
)
def test_class_folders_as_data_sets_have_them(
    tmp_path: Path, names: tuple[str, ...], finding: str
) -> None:
    folder = folder_of(tmp_path, None, *names)
    positive = {image.image_id for image in read_labels(folder) if image.label}
    assert positive == {names[-1]}
    assert class_name_of([folder]) == finding


@pytest.mark.parametrize("name", ["Labels.csv", "labels.tsv", "LABELS.TXT"])
def test_the_table_may_have_another_suffix_or_case(tmp_path: Path, name: str) -> None:
    folder = folder_of(tmp_path, None, *(f"{n:03d}.png" for n in range(6)))
    (folder / name).write_text(rows("image_id,hemorrhage", "{n:03d},{label}"), encoding="utf-8")
    assert labels(read_labels(folder)) == RIGHT


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("annotations.xlsx", "If it is annotations.xlsx, save it as CSV under the name labels.csv"),
        ("标注.csv", "If it is 标注.csv, name it with --labels or call it labels.csv"),
    ],
)
def test_a_table_of_another_name_is_named(tmp_path: Path, name: str, said: str) -> None:
    folder = folder_of(tmp_path, None, "1.png")
    (folder / name).touch()
    with pytest.raises(LabelError, match=re.escape(said)):
        read_labels(folder)


def test_a_table_is_sought_here_and_then_in_its_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, here = folder_of(tmp_path / "data", None, "1.png"), tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    named = Path("标注.csv")
    with pytest.raises(LabelError, match="no such table, neither here nor in"):
        read_labels(folder, named)
    (folder / named).write_text("文件名;出血\n1.png;0\n", encoding="utf-8")
    assert [image.label for image in read_labels(folder, named)] == [0]
    (here / named).write_text("文件名;出血\n1.png;1\n", encoding="utf-8")
    assert [image.label for image in read_labels(folder, named)] == [1]


@pytest.mark.parametrize("names", [("a/1.png", "b/1.png"), ("no/1.png", "none/1.png"), ("1.png",)])
def test_folders_that_name_no_class_are_none(tmp_path: Path, names: tuple[str, ...]) -> None:
    with pytest.raises(LabelError, match="name the table of labels"):
        read_labels(folder_of(tmp_path, None, *names))


@pytest.mark.parametrize(
    ("name", "negative"),
    [
        ("Normal", True),
        ("no_bleed", True),
        ("non-hemorrhagic", True),
        ("nose", False),
        ("bleed", False),
    ],
)
def test_the_class_without_the_finding_is_known_by_its_name(name: str, negative: bool) -> None:
    assert is_negative(name) == negative


@pytest.mark.parametrize(
    "column",
    [
        "patient-id",
        "MRN",
        "患者编号",
        "病人编号",
        "病案号",
        "检查号",
        "SeriesInstanceUID",
        "group",
        "patient_id",
        "PatientID",
        "Subject ID",
    ],
)
def test_a_column_of_patients_keeps_them_together(tmp_path: Path, column: str) -> None:
    table = rows(f"image_id,hemorrhage_label,{column}", "{n:03d},{label},p")
    images = read_labels(folder_of(tmp_path, table))
    assert {(image.group, image.grouped_by) for image in images} == {
        ("p", f'the column "{column}"')
    }


@pytest.mark.parametrize(
    "columns",
    ["patient_id,group", "检查号,患者编号", "accession,mrn", "就诊号,姓名", "exam_id,病例号"],
)
def test_what_holds_more_together_goes_before_what_holds_less(tmp_path: Path, columns: str) -> None:
    table = rows(f"image_id,x_label,{columns}", "{n:03d},{label},e{n},g")
    assert {image.group for image in read_labels(folder_of(tmp_path, table))} == {"g"}


def test_the_column_of_groups_may_be_named(tmp_path: Path) -> None:
    table = rows("image_id,x_label,patient_id,Haus", "{n:03d},{label},p,h{n}")
    folder = folder_of(tmp_path, table)
    images = read_labels(folder, group_column="Haus")
    assert {image.group for image in images} == {f"h{n}" for n in range(6)}
    with pytest.raises(LabelError, match='no column "Stadt"; its columns are image_id, x_label'):
        read_labels(folder, group_column="Stadt")
    with pytest.raises(LabelError, match='"Haus" names images or groups, not labels'):
        read_labels(folder, label_column="Haus", group_column="Haus")


def test_what_each_column_was_taken_for_is_said(tmp_path: Path) -> None:
    table = rows("image_id,x_label,deep,Haus", "{n:03d},{label},0,h")
    folder = folder_of(tmp_path, table)
    (told,) = columns_read([folder])
    assert told == (
        "Columns of labels.csv: images: image_id; labels: x_label; groups: none; traits: deep; "
        "not read: Haus."
    )
    (told,) = columns_read([folder], group_column="Haus")
    assert "groups: Haus; traits: deep; not read: none." in told


def test_dicom_patients_are_kept_together(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, rows("image_id,hemorrhage_label", "{n},{label}"), "images/x")
    (folder / "images" / "x").unlink()
    for number in range(6):
        save(ct(PatientID=f"P{number // 2}"), folder / "images" / f"{number}.dcm")
    images = read_labels(folder)
    assert [image.group for image in images] == ["P0", "P0", "P1", "P1", "P2", "P2"]
    assert {image.grouped_by for image in images} == {"PatientID in the DICOM header"}


@pytest.mark.parametrize("count", [FEWEST_FOLDERS - 1, FEWEST_FOLDERS])
def test_folders_are_patients_where_there_are_several(tmp_path: Path, count: int) -> None:
    names = [f"images/p{n}/{part}.png" for n in range(count) for part in "ab"]
    lines = [f"p{n}/{part},{n % 2}" for n in range(count) for part in "ab"]
    folder = folder_of(tmp_path, "\n".join(["image_id,x_label", *lines]) + "\n", *names)
    together = {image.group for image in read_labels(folder)} == {f"p{n}" for n in range(count)}
    assert together == (count >= FEWEST_FOLDERS)


def test_folders_of_a_division_are_no_patients(tmp_path: Path) -> None:
    names = [f"images/{part}/{n}.png" for n, part in enumerate(("train", "val", "test"))]
    folder = folder_of(tmp_path, rows("image_id,x_label", "{n},{label}", 3), *names)
    assert {image.grouped_by for image in read_labels(folder)} == {""}


def test_windows_own_files_want_no_label(tmp_path: Path) -> None:
    table = rows("image_id,hemorrhage_label", "{n:03d},{label}")
    folder = folder_of(tmp_path, table, *SIX, "images/Thumbs.db", "images/desktop.ini")
    assert labels(read_labels(folder)) == RIGHT


@pytest.mark.parametrize(
    ("positive", "negative"),
    [
        ("hemorrhage", "normal"),
        ("Hemorrhagic", "Non-Hemorrhagic"),
        ("出血", "正常"),
        ("1", "normal"),
    ],
)
def test_two_words_of_which_one_is_negative_are_labels(
    tmp_path: Path, positive: str, negative: str
) -> None:
    words = (negative, positive)
    table = "id,label\n" + "".join(f"{n:03d},{words[n % 2]}\n" for n in range(6))
    assert labels(read_labels(folder_of(tmp_path, table))) == RIGHT


@pytest.mark.parametrize(
    "words", [("epidural", "subdural"), ("normal", "healthy"), ("normal", "a", "b"), ("normal", "")]
)
def test_words_that_may_mean_anything_are_no_labels(tmp_path: Path, words: tuple[str, ...]) -> None:
    table = "id,label\n" + "".join(f"{n:03d},{words[n % len(words)]}\n" for n in range(6))
    with pytest.raises(LabelError, match="not 0 or 1"):
        read_labels(folder_of(tmp_path, table))


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("a_any,1\na_any,0\n", "both 0 and 1"),
        ("a_any,0\na_subdural,1\n", "has a subtype, but not any"),
        ("a_epidural,0\n", "has neither any nor intraparenchymal, .*, subdural"),
    ],
)
def test_rsnas_table_must_not_contradict_itself(tmp_path: Path, lines: str, said: str) -> None:
    with pytest.raises(LabelError, match=said):
        read_labels(folder_of(tmp_path, f"ID,Label\n{lines}", "a.png"))


@pytest.mark.parametrize("count", [TOLD_ONE_BY_ONE, TOLD_ONE_BY_ONE + 1])
@pytest.mark.parametrize(
    ("lines", "told"),
    [("x{n},1\n", "no image"), ("{n:03d},2\n", "0 or 1"), ("{n:03d}\n", "values")],
)
def test_many_faults_of_one_kind_are_told_in_one_sentence(
    tmp_path: Path, lines: str, told: str, count: int
) -> None:
    names = [f"{n:03d}.png" for n in range(count)]
    table = "id,label\nz,0\n" + "".join(lines.format(n=n) for n in range(count))
    with pytest.raises(LabelError) as caught:
        read_labels(folder_of(tmp_path, table, "z.png", *names))
    of_kind = [fault for fault in caught.value.faults if told in fault]
    assert len(of_kind) == (1 if count > TOLD_ONE_BY_ONE else count)


@pytest.mark.parametrize("count", [TOLD_ONE_BY_ONE, TOLD_ONE_BY_ONE + 1])
def test_ids_that_fit_nothing_are_told_in_one_sentence(tmp_path: Path, count: int) -> None:
    table = rows("image_id,x_label", "other{n},{label}", count)
    with pytest.raises(LabelError) as caught:
        read_labels(folder_of(tmp_path, table, "a.png"))
    assert len(caught.value.faults) == (1 if count > TOLD_ONE_BY_ONE else count + 1)


@pytest.mark.parametrize(
    ("table", "told"),
    [
        (b"PK\x03\x04\x14\0\0\0", "Excel workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old Excel workbook"),
        ('{"images": [{"id": 1}]}', "JSON"),
        ("[1, 2]", "JSON"),
        ("<html><body>", "web page"),
        ("image_id,x_label\n", "has no rows"),
        ("image_id,x,x\n1,0,1\n", '"x"'),
        ("000.png,1\n001.png,0\n", "no header"),
        ("name_of_file,x_label\n000,1\n", "no column names the images"),
        ("image_id,age,weight\n000,41,80\n", "which column holds the labels, age, weight"),
    ],
)
def test_a_table_that_is_not_read_gets_one_sentence_with_an_example(
    tmp_path: Path, table: str | bytes, told: str
) -> None:
    with pytest.raises(LabelError, match=told) as caught:
        read_labels(folder_of(tmp_path, table))
    (fault,) = caught.value.faults
    assert EXAMPLE in fault


@pytest.mark.parametrize(
    ("written", "label"),
    [
        *[("1", 1), ("0.0", 0), ("1,0", 1), ("TRUE", 1), ("Nein", 0), ("present", 1), ("2", None)],
        *[("阳性", 1), ("阴性", 0), ("bleeding", None), ("+", 1), ("-", 0), ("да", 1), ("нет", 0)],
    ],
)
def test_a_label_may_be_written_in_many_ways(
    tmp_path: Path, written: str, label: int | None
) -> None:
    folder = folder_of(tmp_path, f"image_id;x_label\n000;{written}\n", "000.png")
    if label is None:
        with pytest.raises(LabelError, match="not 0 or 1"):
            read_labels(folder)
    else:
        assert [image.label for image in read_labels(folder)] == [label]
