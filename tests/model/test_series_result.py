from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imaging.errors import Code, Problem, Status
from imaging.image import Identity
from imaging.messages import Message
from imaging.series import Order
from model.image_result import ImageResult
from model.listed_image import ListedImage, PendingImage
from model.series_group import SeriesGroup, group_images
from model.series_result import (
    ONE_IN,
    SeriesCode,
    SeriesResult,
    SeriesState,
    SeriesSum,
    aggregation,
    counted,
    series_result,
    series_results,
)
from tests.make.results import result

DAMAGED = Problem(Code.DAMAGED)
NOT_SCREENED = Problem(Code.NOT_SCREENED)


def _of(patient: str, series_uid: str = "1.2") -> Identity:
    return Identity(patient_id=patient, study_uid="1", series_uid=series_uid)


def test_a_series_has_its_highest_probability_and_its_top_images() -> None:
    probabilities = [0.1, 0.9, 0.2, 0.8, 0.3]
    results = [
        result(f"s/{n}.dcm", p, identity=_of("A"), position=5.0 * n)
        for n, p in enumerate(probabilities)
    ]
    [series] = series_results(results)
    assert (series.counted_probability, series.highest) == (0.9, 0.9)
    assert series.top == (1, 3, 4)
    assert (series.n_without_score, series.status, series.order) == (0, Status.OK, Order.POSITION)
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
    results = [result(f"s/{n}.dcm", 0.2, identity=_of("A"), sop_uid=f"1.{n % 3}") for n in range(4)]
    photographs = [
        replace(result(f"p/{n}.png", 0.2), sha256=sha) for n, sha in enumerate(("a", "b", "a"))
    ]
    assert [each.n_assessed for each in series_results([*results, *photographs])] == [3, 2]


def test_patients_are_never_mixed() -> None:
    results = [
        result("s/1.dcm", 0.9, identity=_of("A"), position=0.0),
        result("s/2.dcm", 0.1, identity=_of("B"), position=0.0),
    ]
    by_patient = {
        each.identity.patient_id: each.counted_probability for each in series_results(results)
    }
    assert by_patient == {"A": 0.9, "B": 0.1}


def test_what_failed_counts_to_the_only_series_of_its_folder() -> None:
    results = [
        result("s/1.png", 0.4),
        result("s/2.png", None, DAMAGED, header=False),
        result("s/3.png", None, Problem(Code.BLANK)),
    ]
    [series] = series_results(results)
    assert (series.n_without_score, series.n_assessed) == (2, 1)
    assert (series.counted_probability, series.status) == (0.4, Status.WARNING)
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
        (Code.NOT_AN_IMAGE_OBJECT, Status.SKIPPED),
        (Code.UNKNOWN_CONTENT, Status.FAILED),
        (Code.EMPTY_FILE, Status.FAILED),
    ],
)
def test_what_is_no_image_is_not_counted_to_a_series(code: Code, status: Status) -> None:
    beside = result("s/2.dcm", None, Problem(code), header=False)
    series = series_results([result("s/1.dcm", 0.2, identity=_of("A"), position=0.0), beside])
    assert [(each.members, each.status) for each in series] == [((0,), Status.OK), ((1,), status)]


def test_a_series_without_any_result_has_no_probability() -> None:
    [series] = series_results([result("s/1.png", None, Problem(Code.BLANK))])
    assert (series.counted_probability, series.highest, series.top) == (None, None, ())
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


def test_a_long_series_counts_as_its_second_highest_image() -> None:
    probabilities = [0.1] * 19 + [0.9, 0.7]
    [series] = series_results([result(f"s/{n}.png", p) for n, p in enumerate(probabilities)])
    assert (series.counted_probability, series.highest, series.n_assessed) == (0.7, 0.9, 21)
    assert series.top[:2] == (19, 20)


def test_a_copy_of_the_highest_image_does_not_count_as_the_second_highest() -> None:
    results = [replace(result(f"s/{n}.png", 0.1), sha256=str(n)) for n in range(20)]
    results += [replace(result(f"s/{n}.png", 0.9), sha256="one") for n in (20, 21)]
    [series] = series_results(results)
    assert (series.counted_probability, series.highest, series.n_assessed) == (0.1, 0.9, 21)


def test_nothing_gives_no_series() -> None:
    assert series_results([]) == []


def _slices(*probabilities: float | None, patient: str = "A") -> list[ImageResult]:
    """The slices of one series, each of its own content; None is an image that is blank."""
    return [
        result(
            f"{patient}/{n}.dcm",
            p,
            *([Problem(Code.BLANK)] if p is None else []),
            identity=_of(patient),
            sop_uid=f"{patient}.{n}",
            position=5.0 * n,
        )
        for n, p in enumerate(probabilities)
    ]


def _pending(image: ImageResult) -> PendingImage:
    return PendingImage(image.folder, image.name, image.frame, image.header)


def _numbers(series: SeriesResult) -> tuple[float | None, float | None]:
    return series.counted_probability, series.highest


def test_a_series_is_known_from_headers_before_any_image_is_assessed() -> None:
    images = _slices(0.1, 0.9, 0.2)
    [group] = group_images([_pending(image) for image in images])
    assert (group.members, group.order) == ((0, 1, 2), Order.POSITION)
    assert group.identity.patient_id == "A"
    series = series_result(group, [_pending(image) for image in images])
    assert (series.state, series.n_images, series.n_done) == (SeriesState.WAITING, 3, 0)
    assert _numbers(series) == (None, None)


@pytest.mark.parametrize("missing", [0, 1, 2])
def test_a_series_has_no_probability_while_one_of_its_images_is_waiting(missing: int) -> None:
    images = _slices(0.1, 0.9, 0.2)
    listed = [_pending(each) if n == missing else each for n, each in enumerate(images)]
    [series] = series_results(listed)
    assert (series.state, series.n_done) == (SeriesState.SCORING, 2)
    assert _numbers(series) == (None, None)
    assert series.notes == (Message(SeriesCode.SERIES_SCORING, done=2, total=3),)


def test_results_fill_in_a_series_without_grouping_it_again() -> None:
    images = _slices(0.1, None, 0.9)
    [group] = group_images([_pending(image) for image in images])
    states = [
        series_result(group, [*images[:n], *map(_pending, images[n:])]).state for n in range(4)
    ]
    assert states == [SeriesState.WAITING, *[SeriesState.SCORING] * 2, SeriesState.SCORED]
    assert series_result(group, images) == series_results(images)[0]


def test_a_stopped_series_has_no_probability() -> None:
    first, second = _slices(0.1, 0.2)
    stopped = result("A/1.dcm", None, NOT_SCREENED, identity=_of("A"), position=5.0)
    [series] = series_results([first, replace(stopped, header=second.header)])
    assert (series.state, series.n_done, series.n_images) == (SeriesState.STOPPED, 1, 2)
    assert _numbers(series) == (None, None)
    assert series.status is Status.SKIPPED
    assert series.notes == (Message(SeriesCode.SERIES_STOPPED, done=1, total=2),)


def test_a_file_that_was_not_read_before_the_stop_keeps_its_folders_series_without_result() -> None:
    images = [*_slices(0.1), *_slices(0.2, patient="B")]
    here = [replace(image, folder=Path("s")) for image in images]
    lost = result("s/9.dcm", None, NOT_SCREENED, header=False)
    elsewhere = result("t/9.dcm", None, NOT_SCREENED, header=False)
    assert [each.state for each in series_results([*here, lost])] == [SeriesState.STOPPED] * 3
    states = [each.state for each in series_results([*here, elsewhere])]
    assert states == [SeriesState.SCORED, SeriesState.SCORED, SeriesState.STOPPED]


def test_a_file_whose_header_is_not_known_yet_keeps_its_folders_series_without_result() -> None:
    images = [*_slices(0.1), *_slices(0.2, patient="B")]
    here = [replace(image, folder=Path("s")) for image in images]
    series = series_results([*here, PendingImage(Path("s"), "9.dcm")])
    assert [_numbers(each) for each in series] == [(None, None)] * 3
    note = result("s/notes.txt", None, Problem(Code.UNKNOWN_CONTENT), header=False)
    assert [each.counted_probability for each in series_results([*here, note])] == [0.1, 0.2, None]


def test_another_series_does_not_wait_for_it() -> None:
    waiting = [_pending(image) for image in _slices(0.9)]
    series = series_results([*waiting, *_slices(0.2, patient="B")])
    assert [(each.state, each.counted_probability) for each in series] == [
        (SeriesState.WAITING, None),
        (SeriesState.SCORED, 0.2),
    ]


def test_a_wholly_refused_series_is_not_assessable_and_says_why() -> None:
    refusals = [Problem(Code.WRONG_MODALITY, "MR"), Problem(Code.BLANK), Problem(Code.BLANK)]
    images = [
        result(f"s/{n}.dcm", None, problem, identity=_of("A"), position=5.0 * n)
        for n, problem in enumerate(refusals)
    ]
    [series] = series_results(images)
    assert (series.state, series.n_done) == (SeriesState.NOT_ASSESSABLE, 3)
    assert [problem.code for problem in series.reasons] == [Code.BLANK, Code.WRONG_MODALITY]
    assert series.notes[1:] == series.reasons
    assert _numbers(series) == (None, None)


def test_without_a_model_a_series_waits_for_ever() -> None:
    images = [replace(image, probability=None) for image in _slices(0.1, 0.2)]
    assert [each.state for each in series_results(images)] == [SeriesState.WAITING]
    refused = _slices(None)
    assert [each.state for each in series_results([*images[:1], *refused])] == [SeriesState.WAITING]


def test_flagged_images_are_counted_at_or_above_the_threshold() -> None:
    [series] = series_results(_slices(0.1, 0.5, 0.6, None))
    assert [series.n_flagged(each) for each in (0.1, 0.5, 0.500001, 0.6, 0.61)] == [3, 2, 1, 1, 0]


def test_a_copy_of_a_flagged_image_is_not_counted_again() -> None:
    images = [replace(result(f"s/{n}.png", 0.9), sha256="one") for n in range(2)]
    [series] = series_results(images)
    assert (series.n_flagged(0.5), series.n_assessed) == (1, 1)


def test_what_could_not_be_read_is_counted_apart_from_what_was_refused() -> None:
    broken = result("A/9.dcm", None, DAMAGED, header=False)
    [series] = series_results([*_slices(0.1, None, None), broken])
    assert (series.state, series.n_without_score, series.n_unreadable) == (SeriesState.SCORED, 3, 1)


def test_a_series_has_its_images_logits_in_order_without_copies() -> None:
    images = _slices(0.1, None, 0.9)
    copy = replace(images[2], folder=Path("A"), name="copy.dcm")
    [series] = series_results([images[2], images[1], images[0], copy])
    assert series.logits == (images[0].logit, None, images[2].logit)


def test_a_folder_of_images_says_that_its_patients_are_unknown() -> None:
    images = [result(f"/a/{at}.png", 0.5) for at in range(2)]
    [group] = group_images(images)
    unknown = series_result(group, images)
    assert Message(SeriesCode.PATIENTS_UNIDENTIFIED) in unknown.notes
    assert not unknown.is_one_patient
    [trusted] = series_results(images)
    assert trusted.notes == ()


def test_numbered_images_of_one_size_are_taken_for_one_patient_and_say_so() -> None:
    images = [result(f"/a/{at}.png", 0.5) for at in range(8)]
    [group] = group_images(images)
    assert (group.is_certain, group.is_one_patient) == (False, True)
    assert Message(SeriesCode.TAKEN_FOR_ONE, total=8) in series_result(group, images).notes


def test_the_three_highest_images_are_named() -> None:
    probabilities = (0.1, 0.9, 0.2, 0.8, 0.3)
    [series] = series_results([result(f"/s/{at}", p) for at, p in enumerate(probabilities)])
    assert series.top == (1, 3, 4)


# A sum that is kept up to date

NAMES = ("", "u", "v", "w", "x", "y")
"""SOP Instance UIDs, of which images share some; empty: none."""


def _image(place: int, kind: str, score: int, name: str, digest: str) -> ListedImage:
    """An image as it may be at some time of a run."""
    who = _of("A")
    if kind == "waiting":
        return _pending(result(f"s/{place}.dcm", identity=who, sop_uid=name))
    code = {"blank": Code.BLANK, "damaged": Code.DAMAGED, "lossy": Code.LOSSY}.get(kind)
    if kind == "stopped":
        code = Code.NOT_SCREENED
    problems = () if code is None else (Problem(code),)
    probability = score / 4 if kind in ("scored", "lossy") else None
    made = result(f"s/{place}.dcm", probability, *problems, identity=who, sop_uid=name)
    return replace(made, pixels_digest=digest.encode())


IMAGES = st.tuples(
    st.integers(0, 8),
    st.sampled_from(
        ["scored", "scored", "lossy", "blank", "damaged", "stopped", "read", "waiting"]
    ),
    st.integers(0, 4),
    st.sampled_from(["", "x"]),
)


@settings(max_examples=200, deadline=None)
@given(
    count=st.integers(1, 9),
    names=st.lists(st.sampled_from(NAMES), min_size=9, max_size=9),
    arrivals=st.lists(IMAGES, min_size=1, max_size=30),
    beside=st.lists(st.sampled_from(["waiting", "damaged", "stopped"]), max_size=2),
    warnings=st.sampled_from([(), (Problem(Code.GAPS),)]),
)
def test_a_sum_that_is_kept_up_to_date_is_that_of_all_its_images(
    count: int,
    names: Sequence[str],
    arrivals: Sequence[tuple[int, str, int, str]],
    beside: Sequence[str],
    warnings: tuple[Problem, ...],
) -> None:
    images = [_image(at, "waiting", 0, name, "") for at, name in enumerate(names)]
    images += [_image(9 + at, kind, 0, "", "") for at, kind in enumerate(beside)]
    members, unplaced = tuple(reversed(range(count))), tuple(range(9, len(images)))
    group = SeriesGroup("s", _of("A"), members, None, warnings, unplaced)
    kept = SeriesSum(group, images)
    for at, kind, score, digest in arrivals:
        if at in members:
            images[at] = _image(at, kind, score, names[at], digest)
            kept.put(members.index(at), images[at])
        assert kept.result() == series_result(group, images)
        _check_plainly(kept.result(), [images[member] for member in members])


def _check_plainly(series: SeriesResult, own: Sequence[ListedImage]) -> None:
    """What must be so whatever came before."""
    results = [each for each in own if isinstance(each, ImageResult)]
    known = [each for each in results if each.probability is not None]
    best: dict[tuple[str, bytes], float] = {}
    logits: dict[tuple[str, bytes], float | None] = {}
    for each in results:
        assert each.header is not None
        content = each.header.sop_uid or str(each.path), each.pixels_digest
        logits.setdefault(content, each.logit)
        if each.probability is not None:
            best[content] = max(each.probability, best.get(content, 0.0))
    assert series.probabilities == tuple(sorted(best.values(), reverse=True))
    assert series.n_without_score == len(results) - len(known)
    assert series.n_unreadable == sum(each.status is Status.FAILED for each in results)
    if series.state is SeriesState.SCORED:
        assert len(results) == len(own)
        highest = sorted(
            (-(each.probability or 0.0), at) for at, each in enumerate(own) if each in known
        )
        assert [series.members.index(member) for member in series.top] == [
            at for _, at in highest[: len(series.top)]
        ]
        assert series.counted_probability == series.probabilities[counted(len(best)) - 1]
        assert series.logits == tuple(logits.values())
    else:
        assert (series.logits, series.top, *_numbers(series)) == ((), (), None, None)


def test_an_image_that_changes_its_result_counts_once() -> None:
    images: list[ListedImage] = [*_slices(0.1, 0.9)]
    [group] = group_images(images)
    kept = SeriesSum(group, images)
    kept.put(1, replace(_slices(0.1, 0.3)[1]))
    assert (kept.result().highest, kept.result().n_assessed) == (0.3, 2)
    kept.put(1, _pending(_slices(0.1, 0.3)[1]))
    assert kept.result().state is SeriesState.SCORING
