"""The layouts in which data sets give their labels, brought into one form."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from pathlib import Path

from trainer.data.label_table import (
    LIKE_OURS,
    LabelError,
    Row,
    columns_of,
    find_id_column,
    no_column,
    read_rows,
    told,
)

LABEL_SUFFIX = "_label"
_NUMBERS = ("编号", "号", "号码", "id", "标识", "代码", "序号")
GROUP_COLUMNS = (
    *("group", "patient_id", "patientid", "patient", "patient_number", "patientnumber"),
    *("patient_name", "patientname", "patient_no", "patient_uid", "pid", "mrn"),
    *(who + what for who in ("患者", "病人") for what in (*_NUMBERS, "", "姓名")),
    *(book + what for book in ("病历", "病案", "住院", "门诊", "登记") for what in _NUMBERS),
    "姓名",
    *("subject_id", "subjectid", "subject", "case_id", "caseid", "case"),
    *(who + what for who in ("受试者", "病例") for what in (*_NUMBERS, "")),
    *("accession_number", "accessionnumber", "accession"),
    *("study_id", "studyinstanceuid", "study_uid", "study", "exam_id"),
    *(visit + what for visit in ("检查", "就诊") for what in _NUMBERS),
    *("series_id", "seriesinstanceuid", "series_uid", "series"),
    *("序列" + what for what in _NUMBERS),
)
"""Names of a column of patients, or else of studies or series, in small letters.

Of several in one table the first here is taken, so that no patient with two studies is divided.
"""
NEGATIVE_WORDS = frozenset(
    {"normal", "negative", "neg", "no", "none", "healthy", "control", "absent", "clean", "without"}
    | {"norma", "sano", "sana", "sain", "gesund", "норма", "正常", "阴性", "无"}
)
"""Names of the class without the finding; so is what begins with no, non or not."""
HAEMORRHAGE = "hemorrhage"
_TRUE = {"true", "yes", "y", "ja", "oui", "si", "sí", "positive", "pos", "present", "+"}
_TRUE |= {"是", "有", "阳性", "да"}
_FALSE = {"false", "no", "n", "nein", "non", "negative", "neg", "absent", "-", "\u2212"}
_FALSE |= {"否", "无", "阴性", "нет"}
_SUBTYPES = frozenset(
    {"epidural", "intraparenchymal", "intraventricular", "subarachnoid", "subdural"}
)
_ANY = "any"
_RSNA_ID = re.compile(rf"(.+)_({'|'.join(sorted(_SUBTYPES))}|{_ANY})")
_PHYSIONET = ("patientnumber", "slicenumber", "no_hemorrhage")
_CQ500 = re.compile(r"r\d:ich")


@dataclass(frozen=True)
class LabelRow:
    """What a table says of one image."""

    place: str
    """File name and line, for messages."""
    image_id: str
    label: int
    """1 with the finding, 0 without."""
    fault: str = ""
    """Why the label cannot be used; empty where it can."""
    group: str = ""
    """The patient, or whatever else must not be divided; empty where it is not given."""
    traits: Mapping[str, int] = field(default_factory=dict)
    """Other columns of 0 and 1, such as subtypes of the finding."""
    others: Mapping[str, str] = field(default_factory=dict)
    """What stands in all columns but those of images, labels and groups."""


@dataclass(frozen=True)
class LabelTable:
    """A table of labels in one form, whatever its layout."""

    class_name: str
    rows: tuple[LabelRow, ...]
    group_column: str
    """Which column gave the groups; empty where none did."""
    read_from: str = ""
    """Which columns were read as what, and which were not, as a sentence; empty without columns."""


def read_label_table(
    table: Path, wanted: str | None = None, group_column: str | None = None
) -> LabelTable:
    """Read a table of labels in any known layout; ``wanted`` names the column of labels.

    ``group_column`` names that of patients, or of whatever else must not be divided.

    Layouts: one row an image with a column of labels, or of one class each (one-hot); RSNA's long
    table (one row an image and subtype); PhysioNet's ct-ich (one row a slice of a patient). Raises
    LabelError naming what is wrong, with the layout that the table looks like.
    """
    rows = read_rows(table)
    columns = columns_of(rows)
    for column in (wanted, group_column):
        if column is not None and column not in rows[0].values:
            raise no_column(table, column, rows)
    if wanted is None:
        if set(columns) == {"id", "label"} and _RSNA_ID.fullmatch(rows[0].values[columns["id"]]):
            return _rsna(columns, rows)
        if all(name in columns for name in _PHYSIONET):
            return _physionet(columns, rows, group_column)
        if any(map(_CQ500.fullmatch, columns)):
            raise LabelError(
                [
                    f"{table}: this looks like CQ500's table, with one row for a whole "
                    f"examination; images want a row each. {LIKE_OURS}."
                ]
            )
    return _one_row_an_image(table, rows, wanted, group_column)


def is_negative(name: str) -> bool:
    """Whether a class of this name is the one without the finding."""
    words = re.split(r"[\W_]+", name.lower())
    return bool(NEGATIVE_WORDS & set(words)) or words[0] in ("non", "not")


def class_name_of_column(column: str) -> str:
    """What the labels of a column are about: ``hemorrhage_label`` gives ``hemorrhage``."""
    name = re.sub(r"\W+", "_", column.lower().removesuffix(LABEL_SUFFIX)).strip("_")
    if name == _ANY:
        return HAEMORRHAGE
    return "finding" if not name or name.isdecimal() else name


def _one_row_an_image(
    table: Path, rows: Sequence[Row], wanted: str | None, group_column: str | None
) -> LabelTable:
    id_column = find_id_column(table, rows)
    group = group_column or _group_column(rows, id_column)
    columns = [c for c in rows[0].values if c not in (id_column, group)]
    if wanted is not None and wanted not in columns:
        raise LabelError([f'{table}: the column "{wanted}" names images or groups, not labels.'])
    label = wanted if wanted is not None else _label_column(table, rows, columns)
    traits = [c for c in columns if c != label and _is_binary(rows, c)]
    number = _numbers_of({row.values[label] for row in rows})
    return LabelTable(
        class_name_of_column(label),
        tuple(
            LabelRow(
                row.place,
                row.values[id_column],
                number(row.values[label]) or 0,
                _fault(row.values[id_column], row.values[label], number),
                row.values[group] if group else "",
                {trait: _number(row.values[trait]) or 0 for trait in traits},
                {column: row.values[column] for column in columns if column != label},
            )
            for row in rows
        ),
        group,
        _read_from(table, id_column, label, group, traits, columns),
    )


def _read_from(
    table: Path,
    id_column: str,
    label: str,
    group: str,
    traits: Sequence[str],
    others: Sequence[str],
) -> str:
    """What each column was taken for: so a column that was meant and is not read is seen."""
    parts = {"images": [id_column], "labels": [label], "groups": [group] if group else []}
    parts |= {"traits": list(traits)}
    parts |= {"not read": [c for c in others if c != label and c not in traits]}
    told = "; ".join(f"{part}: {', '.join(columns) or 'none'}" for part, columns in parts.items())
    return f"Columns of {table.name}: {told}."


def _numbers_of(values: Set[str]) -> Callable[[str], int | None]:
    """What reads a label as 0 or 1: where there are two words, one of them without the finding,
    the other one is 1.
    """
    negative = {value for value in values if is_negative(value)}
    if len(values) == 2 and len(negative) == 1 and None in map(_number, values):
        return lambda value: None if value == "" else int(value not in negative)
    return _number


def _fault(image_id: str, label: str, number: Callable[[str], int | None]) -> str:
    if number(label) is not None:
        return ""
    return f'the label of "{image_id[:80]}" is "{label[:40]}", not 0 or 1'


def _label_column(table: Path, rows: Sequence[Row], columns: Sequence[str]) -> str:
    """The one column that can hold the labels; of two that exclude each other the positive one."""
    named = [column for column in columns if column.endswith(LABEL_SUFFIX)]
    candidates = named or list(columns)
    if len(candidates) > 1:
        binary = [column for column in candidates if _is_binary(rows, column)]
        candidates = binary if len(binary) in (1, 2) else candidates
    any_of_all = next((column for column in candidates if column.lower() == _ANY), None)
    others = {column.lower() for column in candidates} - {_ANY}
    if any_of_all is not None and others and others <= _SUBTYPES:
        return any_of_all  # RSNA's table with a row an image
    if len(candidates) == 2:
        one_hot = all(
            sum(_number(row.values[column]) or 0 for column in candidates) == 1 for row in rows
        )
        positive = [column for column in candidates if not is_negative(column)]
        if one_hot and len(positive) == 1:
            return positive[0]
    if not candidates:
        raise LabelError([f"{table}: no column holds labels. {LIKE_OURS}."])
    if len(candidates) != 1:
        raise LabelError(
            [
                f"{table}: which column holds the labels, {', '.join(candidates)}? "
                f"Name it with --label-column. {LIKE_OURS}."
            ]
        )
    return candidates[0]


def _group_column(rows: Sequence[Row], id_column: str) -> str:
    columns = columns_of(rows)
    found = (columns[name] for name in GROUP_COLUMNS if name in columns)
    return next((column for column in found if column != id_column), "")


def _rsna(columns: Mapping[str, str], rows: Sequence[Row]) -> LabelTable:
    """RSNA 2019: six rows an image, named by id and subtype; ``any`` is the label."""
    values: dict[str, dict[str, int]] = {}
    places: dict[str, str] = {}
    faults: list[str] = []
    for row in rows:
        match = _RSNA_ID.fullmatch(row.values[columns["id"]])
        value = _number(row.values[columns["label"]])
        if match is None or value is None:
            faults.append(f"{row.place}: this is no row of RSNA's table of images and subtypes")
            continue
        if values.setdefault(match[1], {}).setdefault(match[2], value) != value:
            faults.append(f'{row.place}: "{row.values[columns["id"]]}" is both 0 and 1')
        places.setdefault(match[1], row.place)
    faults += [
        f'{places[image_id]}: "{image_id}" has a subtype, but not any'
        for image_id, subtypes in values.items()
        if subtypes.get(_ANY) == 0 and any(subtypes.values())
    ]
    faults += [
        f'{places[image_id]}: "{image_id}" has neither any nor {", ".join(missing)}'
        for image_id, subtypes in values.items()
        if _ANY not in subtypes
        and not any(subtypes.values())
        and (missing := sorted(_SUBTYPES - subtypes.keys()))
    ]
    if faults:
        raise LabelError(told(faults, "rows are no use either"))
    found = []
    for image_id, subtypes in values.items():
        label = subtypes.get(_ANY, max(subtypes.values()))
        traits = {name: value for name, value in subtypes.items() if name != _ANY}
        found.append(LabelRow(places[image_id], image_id, label, traits=traits))
    return LabelTable(HAEMORRHAGE, tuple(found), "")


def _physionet(
    columns: Mapping[str, str], rows: Sequence[Row], group_column: str | None
) -> LabelTable:
    """PhysioNet ct-ich: one row a slice; an empty cell of a subtype means no.

    Images are PATIENT/SLICE. A slice that is not said to be clean, and one said to be clean that
    has a subtype, get a fault.
    """
    patient, number, clean = (columns[name] for name in _PHYSIONET)
    group = group_column or patient
    others = [c for c in columns.values() if c not in (patient, number, clean, group)]
    traits = [c for c in others if all(_is_empty_or_binary(row.values[c]) for row in rows)]
    subtypes = [c for c in others if c.lower() in _SUBTYPES]
    found = tuple(
        LabelRow(
            row.place,
            f"{row.values[patient]}/{row.values[number]}",
            1 - (_number(row.values[clean]) or 0),
            _physionet_fault(row, clean, subtypes),
            row.values[group],
            traits={trait.lower(): _number(row.values[trait]) or 0 for trait in traits},
            others={column: row.values[column] for column in others},
        )
        for row in rows
    )
    return LabelTable(HAEMORRHAGE, found, group)


def _physionet_fault(row: Row, clean: str, subtypes: Sequence[str]) -> str:
    """Why a slice's label cannot be used; empty where it can."""
    value = row.values[clean]
    number = _number(value)
    unread = [c for c in subtypes if not _is_empty_or_binary(row.values[c])]
    bleeds = [c for c in subtypes if _number(row.values[c]) == 1]
    if unread:
        return f'{unread[0]} is "{row.values[unread[0]][:40]}", not 0 or 1'
    if number is None and (value or not bleeds):
        return f'{clean} is "{value[:40]}", not 0 or 1'
    return f"both {clean} and {bleeds[0]} are 1" if number == 1 and bleeds else ""


def _is_binary(rows: Sequence[Row], column: str) -> bool:
    return all(_number(row.values[column]) is not None for row in rows)


def _is_empty_or_binary(value: str) -> bool:
    return value == "" or _number(value) is not None


def _number(value: str) -> int | None:
    """A label as 0 or 1; None for what is neither."""
    low = value.lower()
    if low in _TRUE or low in _FALSE:
        return int(low in _TRUE)
    try:
        number = float(low.replace(",", "."))  # as Excel writes 1,0 where commas are decimal signs
    except ValueError:
        return None
    return int(number) if number in (0.0, 1.0) else None
