from __future__ import annotations

from dataclasses import replace

import pytest

from desktop.engine.report import (
    Origin,
)
from desktop.engine.report_rows import series_columns, series_row
from imaging.errors import Code, Problem
from imaging.input.recipe import InputRecipe, Subject
from model.series_group import group_images
from model.series_point import SeriesPoints
from model.series_result import series_result, series_results
from tests.make.results import result
from tests.make.series_head import HEAD
from tests.make.tiny_model import SIZE, tiny_card

ORIGIN = Origin(tiny_card(name="=model"), "ab" * 32, 0.25, "0.1.0")


@pytest.mark.parametrize(
    ("count", "threshold", "probability", "aggregation", "prediction"),
    [
        (
            *(2, 0.25, 0.7),
            "max; threshold for series: at most 10 % false alarms expected, 2 assessed",
            "0",
        ),
        (
            *(2, 0.75, 0.8),
            "max; threshold of single images: at most 10 % false alarms expected, 2 assessed",
            "1",
        ),
        (
            *(3, 0.75, 0.7),
            "max; too few negatives to say: threshold of single images",
            "0",
        ),
        (
            *(21, 0.75, 0.7),
            "2nd highest; too few negatives to say: threshold of single images",
            "0",
        ),
    ],
)
def test_a_series_is_assessed_by_its_own_threshold_and_the_rule_is_said(
    count: int, threshold: float, probability: float, aggregation: str, prediction: str
) -> None:
    results = [result(f"/s/{n}.png", probability) for n in range(count)]
    [series] = series_results(results)
    origin = replace(ORIGIN, threshold=threshold)
    cells = series_row(series, results, origin)
    row = dict(zip(series_columns("hemorrhage"), cells, strict=True))
    assert (row["aggregation"], row["prediction"]) == (aggregation, prediction)
    points = SeriesPoints(origin.card, threshold)
    assert float(row["series_threshold"]) == points.of(count).threshold


def test_with_a_series_head_the_row_is_the_heads() -> None:
    results = [result(f"/s/{n}.png", p) for n, p in enumerate([0.125] * 29 + [0.99])]
    [series] = series_results(results)
    origin = replace(ORIGIN, card=tiny_card(series_head=HEAD), threshold=0.5)
    cells = series_row(series, results, origin)
    row = dict(zip(series_columns("hemorrhage"), cells, strict=True))
    expected = HEAD.probability([each.logit for each in results])
    assert expected is not None
    assert float(row["probability_hemorrhage"]) == pytest.approx(expected, rel=1e-8)
    assert {name: row[name] for name in ("prediction", "zone", "rule")} == {
        "prediction": "0",
        "zone": "uncertain",
        "rule": "series_head",
    }
    assert (row["n_assessed"], row["n_flagged"], row["series_threshold"]) == ("30", "1", "0.5")
    assert row["aggregation"] == "series head; By hand."
    # Of single images; nothing that the head's evidence speaks of.
    assert row["expected_false_alarms"] == ""
    assert row["highest_probability_hemorrhage"] == "0.99"


def test_an_unidentified_folder_has_a_row_without_a_result() -> None:
    row = _row_of_folder("abcdefghi")
    empty = ("probability_hemorrhage", "prediction", "zone", "rule", "series_threshold")
    assert {row[name] for name in empty} == {""}
    assert row["status"] == "patients cannot be distinguished"


def test_two_folders_of_which_nothing_is_known_yet_can_be_told_apart() -> None:
    pending = Problem(Code.NOT_SCREENED)
    results = [result(f"/{of}/{at}.png", None, pending) for of in "ba" for at in (10, 9)]
    rows = [series_row(each, results, ORIGIN) for each in series_results(results)]
    said = [dict(zip(series_columns("hemorrhage"), row, strict=True)) for row in rows]
    assert [row["first_image"] for row in said] == ["/b/9.png", "/a/9.png"]
    assert {row["top_images"] for row in said} == {""}


@pytest.mark.parametrize(
    ("is_scoring", "statuses"),
    [
        (True, ["scoring 2 of 4", "waiting"]),
        (False, ["stopped at 2 of 4", "stopped at 0 of 2"]),
    ],
)
def test_what_waits_has_not_failed_and_is_stopped_by_a_stop_alone(
    is_scoring: bool, statuses: list[str]
) -> None:
    damaged, pending = Problem(Code.DAMAGED), Problem(Code.NOT_SCREENED)
    results = [result("/a/1.png", 0.1), result("/a/2.png", None, damaged)]
    results += [result(f"/{left}.png", None, pending) for left in ("a/3", "a/4", "b/1", "b/2")]
    origin = replace(ORIGIN, is_scoring=is_scoring)
    rows = [series_row(each, results, origin) for each in series_results(results)]
    said = [dict(zip(series_columns("hemorrhage"), row, strict=True)) for row in rows]
    assert [row["status"] for row in said] == statuses
    assert [(row["n_failed"], row["n_waiting"]) for row in said] == [("1", "2"), ("0", "2")]


def test_a_folder_of_numbered_images_has_a_result_and_says_what_it_rests_on() -> None:
    row = _row_of_folder("012345678")
    assert row["status"] == "taken for one patient"
    assert row["prediction"] == "1"


def test_a_model_of_other_images_has_rows_of_series_without_a_result() -> None:
    recipe = InputRecipe(size=SIZE, crop_to_head=False, subject=Subject.OTHER)
    row = _row_of_folder("012345678", replace(ORIGIN, card=tiny_card(recipe=recipe)))
    empty = ("probability_hemorrhage", "prediction", "zone", "rule", "series_threshold")
    assert {row[name] for name in empty} == {""}
    assert row["status"] == "not made for such a series"


def _row_of_folder(names: str, origin: Origin = ORIGIN) -> dict[str, str]:
    results = [result(f"/s/{name}.png", 0.9) for name in names]
    [group] = group_images(results)
    cells = series_row(series_result(group, results), results, origin)
    return dict(zip(series_columns("hemorrhage"), cells, strict=True))
