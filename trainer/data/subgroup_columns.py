"""Columns of labels.csv that hold subgroups, such as age, sex, scanner or fracture.

Ages become the bands of the data sheet in the model card, 0 and 1 become no and yes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from trainer.data.label_table import LabelError, plain_name
from trainer.data.labels import LabelledImage

AGE, SEX, SCANNER = "age", "sex", "scanner"
NAMES: Mapping[str, tuple[str, ...]] = {
    AGE: (
        *("age", "age_years", "age_in_years", "patient_age", "patientage"),
        *("年龄", "患者年龄", "病人年龄"),
    ),
    SEX: ("sex", "gender", "patient_sex", "patientsex", "性别", "患者性别", "病人性别"),
    SCANNER: (
        *("scanner", "scanner_model", "manufacturer", "manufacturer_model_name"),
        *("manufacturermodelname", "扫描仪", "设备", "设备型号", "机型"),
    ),
}
"""The columns that are found by their names, in small letters with words joined by "_"."""
BANDS = ((18.0, "under 18"), (40.0, "18–39"), (65.0, "40–64"), (130.0, "65 and older"))
"""The age in years that each band ends below."""
NOT_GIVEN, DIFFERS, OTHERS = "not given", "differs", "others"
"""The value where a table says nothing, that of an examination whose images have several, and
that of all which are rarer than the MOST commonest."""
MOST = 12
_NOTHING = {
    "",
    "na",
    "n/a",
    "nan",
    "none",
    "null",
    "unknown",
    "not given",
    "-",
    "?",
    "不详",
    "未知",
}
_SEXES = {"m": "male", "male": "male", "男": "male", "男性": "male"} | {
    "f": "female",
    "female": "female",
    "w": "female",
    "女": "female",
    "女性": "female",
}
_AGE = re.compile(r"[>≥]?\s*(\d+(?:[.,]\d+)?)\s*\+?\s*([a-z]+|岁|个?月|周|天)?\.?")
_A_YEAR = {"y": 1.0, "岁": 1.0, "m": 12.0, "月": 12.0, "个": 12.0, "w": 52.2, "周": 52.2} | {
    "d": 365.25,
    "天": 365.25,
}
"""How many of a unit make a year, by its first letter; DICOM writes 044Y, 007M."""


def recognised(columns: Iterable[str]) -> dict[str, str]:
    """Those of a table's columns that are found by their names: which of NAMES each is."""
    kind = {name: kind for kind, names in NAMES.items() for name in names}
    return {column: kind[plain_name(column)] for column in columns if plain_name(column) in kind}


def subgroup_columns(
    images: Sequence[LabelledImage], wanted: Sequence[str] = ()
) -> dict[str, list[str]]:
    """By column the value of each image: the columns found by their names, then those ``wanted``.

    Raises LabelError for a wanted column that no table has.
    """
    every = dict.fromkeys(name for image in images for name in image.others)
    kinds = recognised(every)
    for name in wanted:
        if plain_name(name) not in {plain_name(each) for each in every}:
            there = ", ".join(every) or "none"
            raise LabelError([f'No table has a column "{name}" of subgroups; there are: {there}.'])
    asked = {plain_name(name) for name in wanted}
    chosen = {column: kinds.get(column, column) for column in every if column in kinds}
    chosen |= {c: c for c in every if c not in kinds and plain_name(c) in asked}
    found: dict[str, list[str]] = {}
    for column, name in chosen.items():
        values = _values([image.others.get(column, "") for image in images], name)
        before = found.get(name, [NOT_GIVEN] * len(images))
        found[name] = [
            now if now != NOT_GIVEN else then for now, then in zip(values, before, strict=True)
        ]
    return {name: _few(values) for name, values in found.items()}


def of_examination(values: Sequence[str]) -> str:
    """The value of an examination, from those of its images: yes where one has it."""
    known = {value for value in values if value != NOT_GIVEN}
    if known <= {"yes", "no"} and known:
        return "yes" if "yes" in known else "no"
    return DIFFERS if len(known) > 1 else next(iter(known), NOT_GIVEN)


def in_order(values: Iterable[str]) -> list[str]:
    """Each value once: ages by age, others by name, and what is no value last."""
    bands = [band for _, band in BANDS]
    last = (OTHERS, DIFFERS, NOT_GIVEN)

    def place(value: str) -> tuple[int, int, str]:
        if value in last:
            return 2, last.index(value), ""
        return (0, bands.index(value), "") if value in bands else (1, 0, value)

    return sorted(set(values), key=place)


def _values(texts: Sequence[str], kind: str) -> list[str]:
    given = [text.strip() for text in texts]
    known = {text.lower() for text in given} - _NOTHING
    if kind == AGE:
        return [_band(text) for text in given]
    if kind == SEX:
        return [_SEXES.get(text.lower(), _or_nothing(text)) for text in given]
    if known and known <= {"0", "1", "0.0", "1.0"}:
        return [{"0": "no", "1": "yes"}.get(text[:1], NOT_GIVEN) for text in given]
    return [_or_nothing(text) for text in given]


def _or_nothing(text: str) -> str:
    return NOT_GIVEN if text.lower() in _NOTHING else text


def _band(text: str) -> str:
    """The band of an age in years, or in what DICOM writes; a text that is no number as it is."""
    found = _AGE.fullmatch(text.lower())
    unit = (found[2] or "y")[0] if found else ""
    if found is None or unit not in _A_YEAR:
        return _or_nothing(text)
    years = float(found[1].replace(",", ".")) / _A_YEAR[unit]
    return next((band for end, band in BANDS if years < end), NOT_GIVEN)


def _few(values: list[str]) -> list[str]:
    """The values, the rarest as OTHERS where there are more than MOST."""
    counts = {value: values.count(value) for value in dict.fromkeys(values)}
    if len(counts) <= MOST:
        return values
    kept = {*sorted(counts, key=lambda value: -counts[value])[: MOST - 1], NOT_GIVEN}
    return [value if value in kept else OTHERS for value in values]
