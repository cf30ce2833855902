from __future__ import annotations

from dataclasses import replace

import pytest

from imaging.errors import Code, Problem, Status
from imaging.image import Identity
from imaging.series import Order
from model.series_result import ONE_IN, aggregation, counted, series_results
from tests.make.results import result

DAMAGED = Problem(Code.DAMAGED)


def _of(patient: str, series_uid: str = "1.2") -> Identity:
    return Identity(patient_id=patient, study_uid="1", series_uid=series_uid)


def test_a_series_has_its_highest_probability_and_its_top_scans() -> None:
    probabilities = [0.1, 0.9, 0.2, 0.8, 0.3]
    results = [
        result(f"s/{n}.dcm", p, identity=_of("A"), position=5.0 * n)
        for n, p in enumerate(probabilities)
    ]
    [series] = series_results(results)
    assert (series.probability, series.highest) == (0.9, 0.9)
    assert series.top == (1, 3, 4)
    assert (series.n_failed, series.status, series.order) == (0, Status.OK, Order.POSITION)
    assert series.identity.patient_id == "A"


def test_members_are_indices_of_findings_in_the_order_of_the_series() -> None:
    results = [
        result("s/broken.dcm", None, DAMAGED, header=False),
        result("s/b.dcm", 0.2, identity=_of("A"), position=10.0),
        result("s/a.dcm", 0.3, identity=_of("A"), position=0.0),
    ]
    [series] = series_results(results)
    assert series.members == (2, 1, 0)
    assert series.top == (2, 1)


def test_copies_do_not_count_as_further_chances() -> None:
    slices = [replace(_of("A"), sop_uid=f"1.{n}") for n in range(3)]
    results = [result(f"s/{n}.dcm", 0.2, identity=one) for n, one in enumerate(slices)]
    results.append(result("s/copy.dcm", 0.2, identity=slices[0]))
    pictures = [
        replace(result(f"p/{n}.png", 0.2), sha256=sha) for n, sha in enumerate(("a", "b", "a"))
    ]
    assert [each.n_assessed for each in series_results([*results, *pictures])] == [3, 2]


def test_patients_are_never_mixed() -> None:
    results = [
        result("s/1.dcm", 0.9, identity=_of("A"), position=0.0),
        result("s/2.dcm", 0.1, identity=_of("B"), position=0.0),
    ]
    by_patient = {each.identity.patient_id: each.probability for each in series_results(results)}
    assert by_patient == {"A": 0.9, "B": 0.1}


def test_what_failed_counts_to_the_only_series_of_its_folder() -> None:
    results = [
        result("s/1.png", 0.4),
        result("s/2.png", None, DAMAGED, header=False),
        result("s/3.png", None, Problem(Code.BLANK)),
    ]
    [series] = series_results(results)
    assert (series.n_failed, series.n_assessed) == (2, 1)
    assert (series.probability, series.status) == (0.4, Status.WARNING)
    assert series.reason == "2 of 3 without a result."


def test_among_several_series_of_a_folder_it_counts_to_none() -> None:
    results = [
        result("s/1.dcm", 0.9, identity=_of("A"), position=0.0),
        result("s/2.dcm", 0.1, identity=_of("B"), position=0.0),
        result("s/3.dcm", None, DAMAGED, header=False),
    ]
    series = series_results(results)
    assert [each.members for each in series] == [(0,), (1,), (2,)]
    assert (series[2].name, series[2].status, series[2].order) == ("s", Status.FAILED, None)


@pytest.mark.parametrize(
    ("code", "status"),
    [
        (Code.NOT_A_PICTURE_OBJECT, Status.SKIPPED),
        (Code.UNKNOWN_CONTENT, Status.FAILED),
        (Code.EMPTY_FILE, Status.FAILED),
    ],
)
def test_what_is_no_scan_is_not_counted_to_a_series(code: Code, status: Status) -> None:
    beside = result("s/2.dcm", None, Problem(code), header=False)
    series = series_results([result("s/1.dcm", 0.2, identity=_of("A"), position=0.0), beside])
    assert [(each.members, each.status) for each in series] == [((0,), Status.OK), ((1,), status)]


def test_every_row_is_in_exactly_one_series() -> None:
    results = [
        result("a/1.png", 0.4),
        result("a/2.png", None, DAMAGED, header=False),
        result("b/1.dcm", 0.1, identity=_of("A"), position=0.0),
        result("b/2.dcm", 0.1, identity=_of("A", "1.3"), position=0.0),
        result("b/3.dcm", None, DAMAGED, header=False),
        result("c/1", None, Problem(Code.DANGLING_LINK), header=False),
    ]
    members = [index for each in series_results(results) for index in each.members]
    assert sorted(members) == list(range(6))


def test_a_series_without_any_result_has_no_probability() -> None:
    [series] = series_results([result("s/1.png", None, Problem(Code.BLANK))])
    assert (series.probability, series.highest, series.top) == (None, None, ())
    assert series.status is Status.REFUSED


def test_gaps_and_repeated_slices_are_said() -> None:
    heights = [0.0, 5.0, 10.0, 25.0, 30.0]
    results = [
        result(f"s/{n}.dcm", 0.1, identity=_of("A"), position=z) for n, z in enumerate(heights)
    ]
    [series] = series_results(results)
    assert Code.GAPS in {problem.code for problem in series.warnings}
    assert series.status is Status.WARNING
    assert "unevenly spaced" in series.reason


def test_equal_probabilities_keep_the_order_of_the_series() -> None:
    results = [result(f"s/{n}.png", 0.5) for n in range(5)]
    assert series_results(results)[0].top == (0, 1, 2)


@pytest.mark.parametrize(
    ("assessed", "place", "name"),
    [
        (0, 1, "max"),
        (1, 1, "max"),
        (20, 1, "max"),
        (21, 2, "2nd highest"),
        (28, 2, "2nd highest"),
        (41, 3, "3rd highest"),
        (61, 4, "4th highest"),
        (220, 11, "11th highest"),
        (401, 21, "21st highest"),
        (2230, 112, "112th highest"),
    ],
)
def test_one_in_twenty_must_reach_what_a_series_counts_as(
    assessed: int, place: int, name: str
) -> None:
    assert (ONE_IN, counted(assessed), aggregation(assessed)) == (20, place, name)


def test_a_long_series_counts_as_its_second_highest_scan() -> None:
    probabilities = [0.1] * 19 + [0.9, 0.7]
    [series] = series_results([result(f"s/{n}.png", p) for n, p in enumerate(probabilities)])
    assert (series.probability, series.highest, series.n_assessed) == (0.7, 0.9, 21)
    assert series.top[:2] == (19, 20)


def test_a_copy_of_the_highest_scan_does_not_count_as_the_second_highest() -> None:
    results = [replace(result(f"s/{n}.png", 0.1), sha256=str(n)) for n in range(20)]
    results += [replace(result(f"s/{n}.png", 0.9), sha256="one") for n in (20, 21)]
    [series] = series_results(results)
    assert (series.probability, series.highest, series.n_assessed) == (0.1, 0.9, 21)


def test_nothing_gives_no_series() -> None:
    assert series_results([]) == []
