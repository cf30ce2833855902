"""A series head's report: examinations by hand, series cut and doubled, and slices."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from model.operating_point import DEFAULT, OperatingPoint
from model.proportion import Proportion
from model.series_head import SeriesEvidence, SeriesHead
from model.slice_context import SliceContext, SliceEvidence
from trainer.reports import series_chapters
from trainer.reports.document import Block, Table
from trainer.reports.series_chapters import CHANGES
from trainer.results import series_fit, slice_fit
from trainer.results.series_fit import CrossValidated, Examination


def examinations(source: str, labels: list[int]) -> list[Examination]:
    """24 images each; of those with the finding, eight in the middle score high."""
    random = np.random.default_rng(len(source))
    made = []
    for number, label in enumerate(labels):
        logits = random.normal(-3, 0.3, 24)
        logits[8:16] += 5 * label
        made.append(Examination(source, str(number), label, tuple(logits.tolist())))
    return made


def table(blocks: list[Block]) -> Table:
    (found,) = (block for block in blocks if isinstance(block, Table))
    return found


def test_every_source_and_all_together_have_counts_rates_and_an_auc() -> None:
    found = examinations("east", [0, 1] * 10) + examinations("west", [0] * 12 + [1] * 4)
    labels = np.array([each.label for each in found])
    random = np.random.default_rng(1)
    given = np.clip(0.5 * labels + random.uniform(0, 0.9, len(labels)), 0, 1)
    given[-1] = 0.1  # or all of the west's would be told apart
    called = given > 0.45
    validated = CrossValidated(labels, given, given, called)
    rows = table(series_chapters.fares(found, validated)).rows
    assert [row[:2] for row in rows] == [
        ("all", "36 (14 +)"),
        ("east", "20 (10 +)"),
        ("west", "16 (4 +)"),
    ]
    for row, part in zip(rows, (slice(0, 36), slice(0, 20), slice(20, 36)), strict=True):
        assert row[2].startswith(f"{roc_auc_score(labels[part], given[part]):.3f} (")
        hits = [int((called[part] == (labels[part] == 1))[labels[part] == k].sum()) for k in (1, 0)]
        sizes = [int((labels[part] == k).sum()) for k in (1, 0)]
        assert row[3:] == tuple(
            str(Proportion.of(hit, size)) for hit, size in zip(hits, sizes, strict=True)
        )
    assert rows[2][2].endswith("(no CI)")  # four patients with the finding are too few for one


def test_every_source_and_all_together_are_calibrated_out_of_fold() -> None:
    found = examinations("east", [0, 1] * 10) + examinations("west", [0] * 12 + [1] * 4)
    labels = np.array([each.label for each in found])
    given = np.where(labels == 1, 0.7, 0.2)
    given[::5] = 0.5
    validated = CrossValidated(labels, np.zeros(36), given, given > 0.45)
    by_name = series_chapters.calibrations(found, validated)
    parts = {"all": slice(0, 36), "east": slice(0, 20), "west": slice(20, 36)}
    assert by_name.keys() == parts.keys()
    for name, part in parts.items():
        assert by_name[name].brier.value == np.mean((given[part] - labels[part]) ** 2)
    assert len(table(series_chapters.calibration(found, validated)).rows) == 3


def test_one_source_has_one_row_and_one_class_no_auc() -> None:
    found = examinations("east", [0] * 3)
    labels, given = np.zeros(3, np.int64), np.array([0.1, 0.2, 0.3])
    validated = CrossValidated(labels, given, given, np.array([False, False, True]))
    (row,) = table(series_chapters.fares(found, validated)).rows
    assert row[:4] == ("east", "3 (0 +)", "none: one class only", "no images")
    assert row[4] == str(Proportion.of(2, 3))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("as they are", (0, 1, 2, None, 4, 5, 6)),
        ("every second image", (0, 2, 4, 6)),
        ("every image twice", (0, 0, 1, 1, 2, 2, None, None, 4, 4, 5, 5, 6, 6)),
        ("one image in four not assessable", (0, 1, 2, None, 4, 5, 6)),
        ("without the lowest third", (2, None, 4, 5, 6)),
        ("without the highest third", (0, 1, 2, None, 4)),
    ],
)
def test_series_are_changed_as_the_row_says(name: str, expected: tuple[float | None, ...]) -> None:
    assert tuple(CHANGES[name]((0.0, 1.0, 2.0, None, 4.0, 5.0, 6.0))) == expected


def test_every_fourth_image_is_lost_and_no_other() -> None:
    changed = CHANGES["one image in four not assessable"](tuple(float(n) for n in range(8)))
    assert tuple(changed) == (0, 1, 2, None, 4, 5, 6, None)
    four = CHANGES["every image four times"]((1.0, None))
    assert tuple(four) == (1.0,) * 4 + (None,) * 4


def test_a_doubled_series_is_called_like_the_one_that_it_was_made_of() -> None:
    found = examinations("east", [0, 1] * 6)
    validated = series_fit.cross_validated(found, series_fit.Shape())
    rows = {row[0]: row[1:] for row in table(series_chapters.robust(found, validated)).rows}
    assert rows.keys() == CHANGES.keys()
    whole = ("12 (6 +)", str(Proportion.of(6, 6)), str(Proportion.of(6, 6)))
    assert rows["as they are"] == rows["every image twice"] == whole
    # Twelve images are still enough for a head, and are counted.
    assert rows["every second image"][0] == "12 (6 +)"


def test_a_series_that_was_cut_too_short_is_in_no_rate() -> None:
    short = [Examination("east", f"short {n}", 0, (-3.0,) * SeriesHead.least) for n in range(2)]
    found = examinations("east", [0, 1] * 6) + short
    validated = series_fit.cross_validated(found, series_fit.Shape())
    rows = {row[0]: row[1] for row in table(series_chapters.robust(found, validated)).rows}
    assert rows["as they are"] == "14 (6 +)"
    assert rows["every second image"] == "12 (6 +)"


def labelled(source: str, count: int) -> list[Examination]:
    """The same with the labels of their slices; the first slice is not assessable."""
    return [
        replace(
            each,
            logits=(None, *each.logits[1:]),
            labels=tuple(int(each.label and 8 <= at < 16) for at in range(24)),
        )
        for each in examinations(source, [0, 1] * (count // 2))
    ]


def test_slices_stand_alone_and_in_context_with_counts_by_source() -> None:
    found = labelled("east", 24) + labelled("west", 12)
    rows = {row[0]: row[1:] for row in table(series_chapters.slices(found)).rows}
    assert [*rows] == [
        f"{source}, {how}" for source in ("all", "east", "west") for how in series_chapters.REACHES
    ]
    assert rows["all, alone"][:2] == ("828 (144 +)", "36")
    assert rows["west, in context"][:2] == ("276 (48 +)", "12")
    assessed = slice_fit.cross_validated(found)
    east = assessed.examinations < 24
    called, labels = assessed.called[east], assessed.labels[east]
    area = roc_auc_score(labels, assessed.averaged[east])
    assert rows["east, in context"][2].startswith(f"{area:.3f} (")
    for cell, label in zip(rows["east, in context"][3:], (1, 0), strict=True):
        hits = int((called == (labels == 1))[labels == label].sum())
        assert f"({hits}/{(labels == label).sum()}; 95 % CI " in cell


def test_slices_of_a_source_without_a_name_have_rows_of_their_own() -> None:
    found = labelled("", 12) + labelled("west", 12)
    rows = {row[0]: row[1:] for row in table(series_chapters.slices(found)).rows}
    assert rows["all, alone"][:2] == ("552 (96 +)", "24")
    assert rows["not named, alone"][:2] == ("276 (48 +)", "12")
    [one] = {row[0].partition(",")[0] for row in table(series_chapters.slices(found[:12])).rows}
    assert one == "not named"


def test_a_source_called_all_does_not_stand_for_all_of_them() -> None:
    found = labelled("all", 24) + labelled("west", 12)
    labels = np.array([each.label for each in found])
    validated = CrossValidated(labels, labels * 1.0, labels * 1.0, labels == 1)
    rows = {row[0]: row[1] for row in table(series_chapters.fares(found, validated)).rows}
    assert rows == {"all": "36 (18 +)", "“all”": "24 (12 +)", "west": "12 (6 +)"}
    slices = [row[:2] for row in table(series_chapters.slices(found)).rows]
    assert ("all, alone", "828 (144 +)") in slices
    assert ("“all”, alone", "552 (96 +)") in slices


def test_a_table_without_labelled_slices_is_left_out() -> None:
    assert series_chapters.slices(examinations("east", [0, 1] * 10)) == []


def test_thresholds_stand_there_with_their_rules_and_what_they_give() -> None:
    points = (OperatingPoint(DEFAULT, 0.25, "By hand."),)
    evidence = SeriesEvidence(("h",) * 3, (0, 1, 1), (0.2, 0.25, 0.1), (0, 1, 0))
    head = SeriesHead(1.0, 0.0, points, evidence)
    blocks = series_chapters.thresholds(head)
    rates = str(Proportion.of(1, 2)), str(Proportion.of(1, 1))
    assert table(blocks).rows == ((DEFAULT, "0.250", *rates, "By hand."),)
    assert "chosen on these 3 (2 +) examinations" in str(blocks[1])
    point = OperatingPoint("specificity_90", 0.5, "Also by hand.")
    context = SliceContext(1.0, 0.0, point, SliceEvidence((), (), (), ()))
    *_, last = series_chapters.thresholds(replace(head, context=context))
    assert isinstance(last, Table)
    assert last.rows == (("specificity_90", "0.500", "Also by hand."),)
