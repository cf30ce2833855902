"""Columns that hold subgroups: found or named, with values that can be counted."""

from __future__ import annotations

from pathlib import Path

import pytest

from trainer.data.label_table import LabelError
from trainer.data.labels import LabelledImage, read_labels
from trainer.data.subgroup_columns import in_order, of_examination, subgroup_columns


def images(**columns: list[str]) -> list[LabelledImage]:
    count = len(next(iter(columns.values())))
    return [
        LabelledImage(
            *(str(n), Path("x"), 0, str(n)), others={c: values[n] for c, values in columns.items()}
        )
        for n in range(count)
    ]


@pytest.mark.parametrize(
    ("text", "band"),
    [
        ("0.583333333", "under 18"),
        ("17.9", "under 18"),
        ("18", "18–39"),
        ("39,9", "18–39"),
        ("40", "40–64"),
        ("64.99", "40–64"),
        ("65", "65 and older"),
        ("90+", "65 and older"),
        ("> 89", "65 and older"),
        ("044Y", "40–64"),
        ("030M", "under 18"),
        ("216 months", "18–39"),
        ("52W", "under 18"),
        ("45岁", "40–64"),
        ("8个月", "under 18"),
        ("adult", "adult"),
        ("", "not given"),
        ("NA", "not given"),
        ("-1", "-1"),
        ("999", "not given"),
    ],
)
def test_ages_become_the_bands_of_the_data_sheet(text: str, band: str) -> None:
    assert subgroup_columns(images(Age=[text])) == {"age": [band]}


def test_sexes_of_many_spellings_are_two_and_codes_stay_codes() -> None:
    given = ["M", "male", "男", "F", "Female", "女", "O", "", "1"]
    told = [*["male"] * 3, *["female"] * 3, "O", "not given", "1"]
    assert subgroup_columns(images(gender=given)) == {"sex": told}


def test_named_columns_follow_and_0_and_1_are_no_and_yes() -> None:
    table = images(Fracture=["0", "1.0", ""], slice=["1", "2", "3"], Scanner=["A", "B", "A"])
    assert list(subgroup_columns(table)) == ["scanner"]
    found = subgroup_columns(table, ["fracture", "slice"])
    assert list(found) == ["scanner", "Fracture", "slice"]
    assert found["Fracture"] == ["no", "yes", "not given"]
    assert found["slice"] == ["1", "2", "3"]


def test_a_column_that_no_table_has_is_refused_with_those_that_are_there() -> None:
    with pytest.raises(LabelError, match=r'column "skull" of subgroups; there are: Age, slice\.'):
        subgroup_columns(images(Age=["1"], slice=["2"]), ["skull"])


def test_tables_of_two_hospitals_are_one_column() -> None:
    two = images(age=["44"]) + images(年龄=["70"]) + images(x=["1"])
    assert subgroup_columns(two) == {"age": ["40–64", "65 and older", "not given"]}


def test_the_rarest_of_many_values_are_counted_together() -> None:
    many = [str(number) for number in range(14)] + ["0", "1"] * 3
    (values,) = subgroup_columns(images(site=many), ["site"]).values()
    assert len(set(values)) == 12
    assert values.count("others") == 3
    assert values.count("0") == 4


@pytest.mark.parametrize(
    ("values", "one"),
    [
        (["no", "yes", "not given"], "yes"),
        (["no", "not given"], "no"),
        (["A", "A", "not given"], "A"),
        (["A", "B"], "differs"),
        (["not given"], "not given"),
    ],
)
def test_an_examination_has_one_value(values: list[str], one: str) -> None:
    assert of_examination(values) == one


def test_ages_are_in_their_order_and_what_is_no_value_last() -> None:
    given = ["not given", "65 and older", "adult", "differs", "under 18", "18–39"]
    expected = ["under 18", "18–39", "65 and older", "adult", "differs", "not given"]
    assert in_order(given) == expected


def test_the_other_columns_of_a_table_come_with_its_images(tmp_path: Path) -> None:
    (tmp_path / "1.png").touch()
    (tmp_path / "labels.csv").write_text("id,x_label,group,deep,Age\n1,1,g,1,44\n", "utf-8")
    (image,) = read_labels(tmp_path)
    assert image.others == {"deep": "1", "Age": "44"}
    assert image.traits == {"deep": 1}
