from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from desktop.commands.columns import width
from desktop.commands.summary import SHOWN, described, series_table, table, totals
from desktop.engine.progress import Progress
from imaging.errors import Code, Problem
from imaging.input.recipe import InputRecipe, Subject
from imaging.messages import Message
from model.card import PooledEvidence
from model.confusion import Confusion
from model.messages import SeriesNote
from model.series_notes import head_evidence, head_sources
from model.series_point import NO_LABELLED_SERIES, RULE
from model.series_result import series_results
from tests.make.results import result
from tests.make.series_head import CONTEXT, HEAD, IN_CONTEXT
from tests.make.tiny_model import SIZE, tiny_card

CARD = tiny_card()
WITH_HEAD = tiny_card(series_head=HEAD)


def test_the_most_suspicious_come_first_and_the_others_after_them() -> None:
    results = [
        result("/s/a/low.png", 0.125),
        result("/s/a/broken.png", None, Problem(Code.DAMAGED), header=False),
        result("/s/b/high.png", 0.75),
        result("/s/b/near.png", 0.5),
        result("/s/b/nearer.png", 0.4),
    ]
    lines = [line.split() for line in table(results, CARD, 0.5)]
    assert lines == [
        ["image", "score", "result", "status", "reason"],
        ["b/high.png", "75.0", "%", "flagged", "ok"],
        ["b/near.png", "50.0", "%", "flagged,", "uncertain", "ok"],
        ["b/nearer.png", "40.0", "%", "uncertain", "ok"],
        ["a/low.png", "12.5", "%", "not", "flagged", "ok"],
        ["a/broken.png", "failed", "The", "file", "is", "damaged", "or", "cut", "short."],
    ]


def test_rows_that_are_not_printed_are_counted() -> None:
    results = [result(f"/s/{n}.png", 0.5) for n in range(SHOWN + 7)]
    lines = table(results, CARD, 0.5)
    assert len(lines) == SHOWN + 2
    assert lines[-1] == "... and 7 more with a score"


def test_frames_are_told_apart_and_long_names_cut_in_front() -> None:
    lines = table([result("/s/" + 60 * "x" + ".dcm", 0.5, frame=3, frames=9)], CARD, 0.5)
    assert lines[1].startswith("…xxx")
    assert "x.dcm #3  " in lines[1]


def test_names_are_cut_by_the_columns_that_a_terminal_gives_them() -> None:
    results = [result(f"/s/{name}.png", 0.5) for name in ("颅" * 30, "a" + "颅" * 30, "x" * 60)]
    lines = table(results, CARD, 0.5)[1:]
    wide = [
        line.split("  ")[0] + line[len(line.split("  ")[0]) :].split("50.0")[0] for line in lines
    ]
    assert len({len(line) + line.count("颅") for line in wide}) == 1


def test_no_score_is_printed_as_0_or_100() -> None:
    results = [result("/s/a.png", 0.0), result("/s/b.png", 1.0)]
    told = [*table(results, CARD, 0.5), *series_table(series_results(results[:1]), CARD, 0.5)]
    assert not any(" 0.0 %" in line or "100.0 %" in line for line in told)
    assert [line.split("%")[0].split()[-2:] for line in told[1:3]] == [[">", "99.9"], ["<", "0.1"]]
    assert "< 0.1 %" in told[4]


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in re.split(r" {2,}", line)]


def test_a_series_is_printed_with_its_result_its_flagged_slices_and_its_rule() -> None:
    results = [
        *(result(f"/s/one/{n}.png", 0.6) for n in range(2)),
        *(result(f"/s/two/{n}.png", p) for n, p in enumerate((0.9, 0.1, 0.1))),
    ]
    lines = series_table(series_results(results), CARD, 0.5)
    rule = "images assessed. The series is flagged when at least 1 score ≥ 73.11 %."
    assert [_cells(line) for line in lines] == [
        ["series", "result", "flagged", "score", "rule"],
        ["two", "flagged", "1 of 3", "90.0 %", f"3 {rule}"],
        ["one", "uncertain, slices only", "2 of 2", "60.0 %", f"2 {rule}"],
        [str(RULE)],
        [str(NO_LABELLED_SERIES)],
        [""],
    ]


def test_what_all_images_of_a_series_say_is_told_once_with_the_series() -> None:
    steps, tilt = Problem(Code.UNUSUAL_VALUES, "steps of 2"), Problem(Code.TILT, "18°")
    results = [
        result("/s/1.dcm", 0.5, steps),
        result("/s/2.dcm", 0.4, steps, tilt),
        result("/s/3.dcm", None, Problem(Code.DAMAGED), steps),
    ]
    series = series_results(results)
    rows = table(results, CARD, 0.5, series)[1:]
    assert [steps.sentence in row for row in rows] == [False, False, True]
    assert [tilt.sentence in row for row in rows] == [False, True, False]
    told = series_table(series, CARD, 0.5, results)
    assert sum(row.count(steps.sentence) for row in told) == 1
    assert not any(tilt.sentence in row for row in told)


def test_a_single_image_tells_its_own_warnings() -> None:
    results = [result("/s/1.dcm", 0.5, Problem(Code.TILT, "18°"))]
    series = series_results(results)
    assert "Gantry tilt" in table(results, CARD, 0.5, series)[1]
    assert "Gantry tilt" not in "".join(series_table(series, CARD, 0.5, results))


def test_a_series_tells_its_own_warnings() -> None:
    results = [result(f"/s/{n}.dcm", 0.5) for n in range(2)]
    [series] = series_results(results)
    warned = replace(series, warnings=(Problem(Code.GAPS, "5 to 9 mm"),))
    assert "unevenly spaced (5 to 9 mm)" in series_table([warned], CARD, 0.5, results)[1]


def test_the_flagged_series_come_first_then_those_with_a_flagged_image() -> None:
    results = [
        *(result(f"/s/low/{n}.png", 0.4) for n in range(21)),
        *(result(f"/s/lone/{n}.png", p) for n, p in enumerate((0.99, *20 * (0.1,)))),
        *(result(f"/s/pair/{n}.png", p) for n, p in enumerate((0.8, 0.8, *19 * (0.1,)))),
    ]
    lines = series_table(series_results(results), CARD, 0.5)
    assert [_cells(line)[:4] for line in lines[1:4]] == [
        ["pair", "flagged", "2 of 21", "80.0 %"],
        ["lone", "uncertain, slices only", "1 of 21", "10.0 %"],
        ["low", "uncertain", "0 of 21", "40.0 %"],
    ]


def test_with_a_series_head_series_stand_by_their_own_probability_and_its_evidence_below() -> None:
    results = [
        *(result(f"/s/lone/{n}.png", p) for n, p in enumerate((0.99, *29 * (0.1,)))),
        *(result(f"/s/clean/{n}.png", 0.125) for n in range(9)),
        *(result(f"/s/bleed/{n}.png", 0.75) for n in range(9)),
        *(result(f"/s/near/{n}.png", 0.49) for n in range(9)),
    ]
    lines = series_table(series_results(results), WITH_HEAD, 0.5)
    assert [_cells(line)[:4] for line in lines[1:5]] == [
        ["bleed", "flagged", "9 of 9", "73.1 %"],
        ["near", "uncertain", "0 of 9", "49.0 %"],
        ["lone", "uncertain, slices only", "1 of 30", "27.9 %"],
        ["clean", "not flagged", "0 of 9", "18.2 %"],
    ]
    assert lines[5:] == [str(head_evidence(HEAD)), str(head_sources(HEAD)), ""]


def test_with_int8_the_table_and_the_card_say_that_the_evidence_is_of_full_precision() -> None:
    said = str(Message(SeriesNote.HEAD_FULL_PRECISION))
    results = [result(f"/s/clean/{n}.png", 0.125) for n in range(9)]
    for precision, lines in (("int8", 1), ("fp16", 0)):
        head = replace(HEAD, measured_with="fp16")
        card = replace(WITH_HEAD, precision=precision, series_head=head)
        assert series_table(series_results(results), card, 0.5).count(said) == lines
        assert described(card, "").count(said) == lines


def test_where_some_series_are_too_short_for_the_head_both_rules_are_said() -> None:
    results = [
        *(result(f"/s/long/{n}.png", 0.75) for n in range(8)),
        *(result(f"/s/short/{n}.png", 0.75) for n in range(7)),
    ]
    lines = series_table(series_results(results), WITH_HEAD, 0.5)
    assert lines[3:] == [
        str(head_evidence(HEAD)),
        str(head_sources(HEAD)),
        str(RULE),
        str(NO_LABELLED_SERIES),
        "",
    ]


def test_the_card_tells_of_the_series_head_with_examinations_counted() -> None:
    lines = described(WITH_HEAD, "abc")
    at = lines.index("Operating point of series default, 0.5000: By hand.")
    assert "at least 8 assessed images" in lines[at - 1]
    assert "sensitivity 50.0 % (1/2; 95 % CI 9.5–90.5)" in lines[at + 1]
    assert not any("series" in line for line in described(CARD, "abc"))
    fitted = [line for line in lines if "that it was fitted to" in line]
    assert fitted
    assert all("so optimistic: sensitivity" in line for line in fitted)


def test_what_was_measured_at_the_export_stands_below_a_line_that_says_so() -> None:
    assert not any("Measured" in line for line in described(replace(CARD, checks={}), "abc"))
    lines = described(replace(CARD, checks={"b/logit": 0.001234, "a": 39.0}), "abc")
    at = next(n for n, line in enumerate(lines) if line.startswith("Measured when the file"))
    assert lines[at + 1 :] == ["    a: 39", "    b/logit: 0.00123"]


def test_series_that_are_not_printed_are_counted() -> None:
    results = [result(f"/{n}/a.png", 0.5) for n in range(SHOWN + 3)]
    lines = series_table(series_results(results), CARD, 0.5)
    assert len(lines) == SHOWN + 5
    assert lines[SHOWN + 1] == "... and 3 more series"


def test_a_series_without_a_result_says_why_and_stands_where_the_window_has_it() -> None:
    blank = result("/s/blank/0.png", None, Problem(Code.BLANK))
    part = [result("/s/part/0.png", 0.9), result("/s/part/1.png", None, Problem(Code.NOT_SCREENED))]
    lines = series_table(series_results([blank, *part, result("/s/low/0.png", 0.1)]), CARD, 0.5)
    cells = [_cells(line) for line in lines[1:4]]
    assert [each[:2] for each in cells] == [
        ["part", "no result"],
        ["low", "not flagged"],
        ["blank", "not assessable"],
    ]
    assert "1 of 2" in cells[0][2]


def test_a_model_of_other_images_says_why_a_series_has_no_result() -> None:
    recipe = InputRecipe(size=SIZE, crop_to_head=False, subject=Subject.OTHER)
    high, low = (result(f"/s/{name}/0.png", p) for name, p in (("high", 0.9), ("low", 0.1)))
    lines = series_table(series_results([low, high]), tiny_card(recipe=recipe), 0.5)
    cells = [_cells(line) for line in lines[1:3]]
    assert [each[:2] for each in cells] == [["high", "no result"], ["low", "no result"]]
    assert cells[0][2].startswith("The model was not made to assess such a series")


def test_without_series_there_is_no_table() -> None:
    assert series_table([], CARD, 0.5) == []


def test_totals_count_statuses_and_what_is_above() -> None:
    results = [
        result("/s/1", 0.5),
        result("/s/2", 0.4),
        result("/s/3", None, Problem(Code.BLANK)),
    ]
    lines = totals(results, CARD, 0.5, Progress(files=3, found=3, listed=True))
    assert lines[0] == "3 images of 3 files: 2 ok, 1 refused."
    assert lines[1] == "1 of 2 assessed images are flagged (score ≥ 50.0 %)."
    assert "sensitivity 80.0 % (16/20; 95 % CI 58.4–91.9)" in lines[2]
    assert lines[2].endswith("so this is optimistic.")
    assert lines[3] == (
        "Internal test images at the default threshold: "
        "sensitivity 81.8 % (9/11; 95 % CI 52.3–94.9), "
        "specificity 88.9 % (8/9; 95 % CI 56.5–98.0). "
        "Earlier models may have been tested on them, too."
    )
    untested = totals(results, replace(CARD, test=None), 0.5, Progress(listed=True))
    assert not any("test images" in line for line in untested)


def test_totals_say_that_it_was_stopped() -> None:
    lines = totals([result("/s/1", 0.5)], CARD, 0.5, Progress(files=9, found=9, listed=True))
    assert "Stopped early: the rest was not assessed." in lines


def test_paths_on_several_drives_are_shown_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    def several(paths: list[Path]) -> str:
        raise ValueError("Paths don't have the same drive")

    monkeypatch.setattr("os.path.commonpath", several)
    assert table([result("/s/a.png", 0.5)], CARD, 0.5)[1].startswith("/s/a.png ")


@pytest.mark.parametrize(
    ("limits", "told"), [((0.88, 0.9354), "95 % CI 0.880–0.935"), ((), "no CI in this card")]
)
def test_the_pooled_evidence_is_told_as_that_of_all_networks(
    limits: tuple[float, ...], told: str
) -> None:
    pooled = PooledEvidence(5, 0.3, Confusion(40, 8, 90, 10, "Of 5 networks."), 0.91, *limits)
    card = tiny_card(pooled=pooled, intercept=-0.25, novelty_rule="By hand.")
    lines = described(card, "abc")
    assert (
        f"Cross-validation, 5 networks pooled, at 0.3000: AUC 0.910 ({told}), "
        f"sensitivity {pooled.counts.sensitivity}, specificity {pooled.counts.specificity}. "
        "Of 5 networks."
    ) in lines
    assert "Temperature 1, intercept -0.25" in lines
    assert lines[lines.index("Temperature 1, intercept -0.25") + 1].endswith(" By hand.")


@pytest.mark.usefixtures("chinese")
def test_in_chinese_no_english_is_left_in_tables_and_totals() -> None:
    results = [
        *(result(f"/s/1/{n}.png", p) for n, p in enumerate((0.9, 0.5, 0.1))),
        result("/s/2/4.png", None, Problem(Code.BLANK)),
        result("/s/3/5.png", None, Problem(Code.DAMAGED)),
    ]
    lines = [
        *table(results, CARD, 0.5),
        *series_table(series_results(results), CARD, 0.5),
        *totals(results, CARD, 0.5, Progress()),
    ]
    assert re.findall("[a-z]{2,}", re.sub(r"\.png", "", "\n".join(lines))) == []


@pytest.mark.usefixtures("chinese")
def test_chinese_columns_stand_below_each_other() -> None:
    lines = table([result("/s/a.png", 0.5), result("/s/颅脑.png", 0.1)], CARD, 0.5)
    ends = {width(re.match(r".*?(?=完成|状态)", line)[0]) for line in lines}  # type: ignore[index]
    assert len(ends) == 1


@pytest.mark.usefixtures("chinese")
def test_a_card_is_told_in_chinese_but_for_its_own_words() -> None:
    lines = described(replace(WITH_HEAD, test=Confusion(0, 0, 3, 1)), "abc")
    assert "发现：hemorrhage" in lines
    assert any(
        line.startswith("内部测试（4 幅图像），默认阈值：灵敏度 0.0 % (0/1; 95 % CI")
        for line in lines
    )


def test_the_card_tells_the_threshold_of_slices_in_context_and_how_it_fares() -> None:
    told = "\n".join(described(IN_CONTEXT, "ab"))
    assert "Operating point of slices in context specificity_90, 0.4000: By hand, too." in told
    assert "4 slices of 2 examinations, each without its own patient, CI of examinations: " in told
    assert "in context" not in "\n".join(described(CARD, "ab"))


def test_the_card_tells_that_networks_alike_gave_the_evidence_of_slices() -> None:
    evidence = replace(CONTEXT.evidence, by_networks_alike=True)
    head = replace(HEAD, context=replace(CONTEXT, evidence=evidence))
    told = described(tiny_card(series_head=head), "ab")
    [place] = [at for at, line in enumerate(told) if "4 slices of 2 examinations" in line]
    assert told[place + 1].startswith("Measured with networks trained like the one in use, not")
    assert "networks trained like" not in "\n".join(described(IN_CONTEXT, "ab"))
