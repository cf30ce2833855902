from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import replace

import pytest

from desktop.engine.readings import Label
from desktop.tables.series_list import SeriesList
from imaging.errors import Code, Problem
from imaging.image import Identity
from imaging.messages import Message
from model.image_result import Zone
from model.messages import SeriesNote
from model.series_decision import Rank
from model.series_group import group_images
from model.series_result import SeriesCode
from tests.make.results import result, said
from tests.make.series_head import CONTEXT, HEAD, IN_CONTEXT
from tests.make.tiny_model import tiny_card
from tests.make.worklists import FOLDERS, of_patient, series_of, waiting

WITH_HEAD = tiny_card(series_head=HEAD)


# What is said of a series


def test_a_series_has_no_result_before_all_of_its_images_have_one() -> None:
    images = of_patient("A", 0.9, 0.9, 0.9)
    series = series_of([images[0], *waiting(images[1:])])
    assert series.result_words(0) == ("Scoring 1 of 3", "no result yet")
    assert (series.decision(0), series.zone(0), series[0].top) == (None, None, ())
    assert series.rank(0) is Rank.PENDING


def test_a_series_keeps_having_no_result_after_a_stop() -> None:
    images = of_patient("A", 0.9, 0.9, 0.9)
    series = series_of([images[0], *waiting(images[1:])])
    series.table.end_waiting()
    assert series.result_words(0) == ("Stopped at 1 of 3", "no result")
    assert series.zone(0) is None


def test_a_series_that_waits_says_how_many_images_it_has() -> None:
    assert series_of(waiting(of_patient("A", 0.1, 0.1))).result_words(0) == ("Waiting", "Slices: 2")


def test_a_decision_is_never_by_a_threshold_that_was_left() -> None:
    series = series_of(of_patient("A", 0.9, 0.6, 0.1))
    counts = []
    for threshold in (0.5, 0.8):
        series.table.set_threshold(threshold)  # nobody has told the series of it
        decision = series.decision(0)
        assert decision is not None
        counts.append(decision.n_flagged)
    assert counts == [2, 1]


def test_a_series_with_a_flagged_slice_is_never_called_not_flagged() -> None:
    series = series_of(of_patient("A", 0.9, *[0.1] * 39))
    assert series.result_words(0) == ("Uncertain", "slices only: 1 of 40")
    assert series.zone(0) is Zone.UNCERTAIN


def test_a_series_of_which_nothing_could_be_assessed_says_so_and_why() -> None:
    series = series_of(of_patient("A", None, None))
    assert series.result_words(0)[0] == "Not assessable"
    assert series.rank(0) is Rank.NOT_ASSESSABLE


def test_results_follow_the_threshold() -> None:
    series = series_of(FOLDERS)
    series.table.set_threshold(0.05)
    series.follow_threshold()
    assert series.result_words(1) == ("Flagged", "1 of 1 images flagged")
    assert series.rank(1) is Rank.FLAGGED


def test_without_a_model_nothing_is_said_of_a_threshold() -> None:
    series = series_of(FOLDERS)
    series.table.set_card(None)
    assert (series.decision(0), series.sentences(0), series.zone(0)) == (None, [], None)
    assert series.result_words(0) == ("", "")


# Whose images they are


def test_a_folder_of_unidentified_images_has_no_result_as_a_series() -> None:
    series = series_of(FOLDERS, trusted=False)
    assert series.result_words(0) == ("No series result", "1 of 2 flagged")
    assert (series.decision(0), series.zone(0)) == (None, None)
    assert series.sentences(0) == [str(Message(SeriesCode.PATIENTS_UNIDENTIFIED))]
    assert series.zone(1) is Zone.NOT_FLAGGED  # of one image


def test_the_reader_may_say_that_each_folder_is_one_series() -> None:
    series = series_of(FOLDERS, trusted=False)
    assert series.has_unidentified_folders
    series.trust_folders(True)
    assert series.zone(0) is Zone.FLAGGED
    series.trust_folders(False)
    assert series.zone(0) is None


def test_what_is_no_image_makes_no_series() -> None:
    note = result("/flat/note.txt", None, Problem(Code.UNKNOWN_CONTENT), header=False)
    series = series_of([note, *of_patient("A", 0.1)])
    assert len(series) == 1
    assert series.number_of(0) is None
    assert series.files_without_image == 1


def test_images_in_no_group_are_no_files_without_an_image() -> None:
    note = result("/flat/note.txt", None, Problem(Code.UNKNOWN_CONTENT), header=False)
    images = [*FOLDERS, note]
    series = series_of(images)
    one, _two, _note = group_images(images)
    series.set_groups([one], by_name=True, ungrouped=1)
    assert (series.ungrouped, series.files_without_image) == (1, 1)


def test_nothing_is_counted_before_the_series_are_known() -> None:
    series = series_of(FOLDERS)
    told: list[int] = []
    series.regrouped.connect(lambda: told.append(series.files_without_image))
    series.table.clear()
    assert (told, len(series), series.is_grouped) == ([0], 0, False)


# A series head


def test_a_series_head_gives_a_series_its_own_number_and_threshold() -> None:
    series = series_of(of_patient("A", *[0.75] * 10), card=WITH_HEAD)
    series.table.set_threshold(0.25)
    series.follow_threshold()
    decision = series.decision(0)
    assert decision is not None
    assert (decision.probability, decision.threshold) == (HEAD.probability([1.0] * 10), 0.5)


@pytest.mark.parametrize(
    ("probabilities", "threshold", "told", "rank"),
    [
        ([0.75] * 10, 0.5, ("Flagged", "10 of 10 slices flagged"), Rank.FLAGGED),
        ([0.75] * 10, 0.9, ("Flagged", "as a whole, 0 of 10 slices"), Rank.FLAGGED),
        ([0.125] * 29 + [0.9], 0.5, ("Uncertain", "slices only: 1 of 30"), Rank.UNCERTAIN),
        ([0.4] * 29 + [0.9], 0.5, ("Uncertain", "1 of 30 slices flagged"), Rank.UNCERTAIN),
        ([0.4] * 30, 0.5, ("Uncertain", "near the threshold"), Rank.UNCERTAIN),
        ([0.125] * 30, 0.5, ("Not flagged", "0 of 30 slices flagged"), Rank.NOT_FLAGGED),
    ],
)
def test_where_series_and_slices_differ_the_result_says_so(
    probabilities: list[float], threshold: float, told: tuple[str, str], rank: Rank
) -> None:
    series = series_of(of_patient("A", *probabilities), card=WITH_HEAD)
    series.table.set_threshold(threshold)
    series.follow_threshold()
    assert series.result_words(0) == told
    assert series.rank(0) is rank


def test_a_series_with_an_unread_image_says_so_in_place_of_not_flagged() -> None:
    lost = Problem(Code.CANNOT_READ)
    identity = Identity(patient_id="A", study_uid="sA", series_uid="A.1")
    unread = result("/A/x.dcm", None, lost, identity=identity, sop_uid="lost")
    images = [*of_patient("A", *[0.125] * 30), unread]
    series = series_of(images, card=WITH_HEAD)
    assert series.result_words(0) == ("Uncertain", "images not read: 1")


def test_moving_the_threshold_of_single_images_flags_no_series_and_unflags_none() -> None:
    images = [*of_patient("A", *[0.75] * 9), *of_patient("B", *[0.125] * 9)]
    series = series_of(images, card=WITH_HEAD)
    for threshold in (0.0, 0.3, 0.8, 1.0):
        series.table.set_threshold(threshold)
        series.follow_threshold()
        assert [series.rank(at) is Rank.FLAGGED for at in (0, 1)] == [True, False]


# Blinded


def test_a_series_keeps_its_result_until_all_of_it_has_been_read() -> None:
    images = [replace(each, sha256=str(at)) for at, each in enumerate(of_patient("A", 0.9, 0.8))]
    series = series_of([*images, *of_patient("B", 0.2)])
    table = series.table
    table.set_read_before_ai(True)
    assert series.result_words(0) == ("Hidden", "until you have read it")
    assert (series.zone(0), series.rank(0), series[0].top) == (None, Rank.PENDING, ())
    table.show_reading(images[0], said(table.reader_labels, images[0], Label.ABSENT, ""))
    assert series.zone(0) is None
    table.show_reading(images[1], said(table.reader_labels, images[1], Label.ABSENT, ""))
    assert (series.zone(0), series[0].top) == (Zone.FLAGGED, (0, 1))


# What follows


def test_a_new_result_names_its_series_first_to_what_shows_it() -> None:
    images = [*of_patient("A", 0.1), *of_patient("B", 0.9)]
    series = series_of(waiting(images))
    heard: list[tuple[str, Collection[int]]] = []
    series.followed.connect(lambda numbers: heard.append(("followed", set(numbers))))
    series.changed.connect(lambda numbers: heard.append(("changed", set(numbers))))
    series.table.add_results([(1, images[1])])
    assert heard == [("changed", {1}), ("followed", {1})]


def test_before_numbers_mean_other_series_that_is_said() -> None:
    series = series_of(FOLDERS)
    heard: list[int] = []
    series.regrouping.connect(lambda: heard.append(len(series)))
    series.regrouped.connect(lambda: heard.append(len(series)))
    series.set_groups([])
    assert heard == [2, 0]


# In words


def test_an_image_stands_at_its_place_in_its_series_or_nowhere() -> None:
    series = series_of([*of_patient("A", 0.1, 0.2, 0.3), *of_patient("B", 0.1)])
    assert [series.place(row) for row in (1, 3, None)] == ["2/3", "1/1", ""]
    series.table.add_images(of_patient("C", 0.9))
    assert series.place(4) == ""


def test_the_summary_has_the_score_where_there_is_one() -> None:
    series = series_of(FOLDERS)
    assert series.summary(0) == "Flagged · 1 of 2 images flagged · series score 90.0 %"
    assert series_of(waiting(of_patient("A", 0.9))).summary(0) == "Waiting · Slices: 1"


def test_with_int8_the_evidence_is_said_to_be_of_full_precision() -> None:
    noted = str(Message(SeriesNote.HEAD_FULL_PRECISION))
    series = series_of(of_patient("A", *[0.1] * 9))
    head = replace(HEAD, measured_with="fp16")
    for precision, times in (("int8", 1), ("fp16", 0)):
        series.table.set_card(replace(WITH_HEAD, precision=precision, series_head=head))
        assert series.sentences(0).count(noted) == times


# Slices in context

WHOLE = of_patient("A", *[0.2] * 8, 0.9, 0.9, None)


def in_context(series: SeriesList) -> list[float | None]:
    return [series.in_context(row) for row in range(len(series.table.rows))]


def test_a_slice_has_its_score_in_context_once_its_series_is_scored_whole() -> None:
    series = series_of([*WHOLE[:5], *waiting(WHOLE[5:])], card=IN_CONTEXT)
    for row in (5, 6, 7, 8, 9):
        assert in_context(series) == [None] * 11
        series.table.add_results([(row, WHOLE[row])])
    assert in_context(series) == [None] * 11
    series.table.add_results([(10, WHOLE[10])])
    found = in_context(series)
    assert None not in found[:10]
    assert found[10] is None
    logits = [each.logit for each in WHOLE]
    assert found == list(CONTEXT.probabilities(logits, HEAD.slabs))
    assert series.context_sentences(9)[0] == (
        f"Score in context of this slice: {100 * (found[9] or 0):.1f} % (threshold 40.0 %)."
    )
    assert series.context_sentences(10) == []


def test_each_slice_has_the_score_of_its_own_series() -> None:
    other = of_patient("B", *[0.6] * 9)
    series = series_of([*WHOLE, *other], card=IN_CONTEXT)
    alone = in_context(series_of(WHOLE, card=IN_CONTEXT))
    for _ in range(2):
        assert in_context(series) == [*alone, *[pytest.approx(1 / (1 + math.exp(-0.4)))] * 9]
        assert [series.in_context(row) for row in (19, 0, 19)][1] == alone[0]
    assert series.in_context(None) is None


def test_a_stop_another_model_and_another_folder_take_the_score_in_context_away() -> None:
    series = series_of(WHOLE, card=IN_CONTEXT)
    assert series.in_context(0) is not None
    series.table.set_card(WITH_HEAD)
    assert series.in_context(0) is None
    series.table.set_card(IN_CONTEXT)
    assert series.in_context(0) is not None
    series.table.forget_results()
    assert in_context(series) == [None] * 11
    series.table.add_results(enumerate(WHOLE[:10]))
    series.table.end_waiting()
    assert in_context(series) == [None] * 11
    series.table.add_results([(10, WHOLE[10])])
    assert series.in_context(0) is not None
    series.table.clear()
    assert series.in_context(0) is None


def test_a_result_that_changes_changes_the_scores_of_its_series() -> None:
    series = series_of(WHOLE, card=IN_CONTEXT)
    before = series.in_context(0)
    series.table.add_results([(1, replace(WHOLE[1], probability=0.9, logit=1.6))])
    assert (series.in_context(0) or 0.0) > (before or 1.0)


def test_other_series_have_other_scores_in_context() -> None:
    series = series_of(WHOLE, card=IN_CONTEXT)
    before = series.in_context(9)
    [group] = group_images(WHOLE)
    series.set_groups([replace(group, members=(9, *range(9), 10), is_trusted=True)])
    assert (series.in_context(9) or 1.0) < (before or 0.0)
    series.set_groups([replace(group, members=tuple(range(6, 11)), is_trusted=True)])
    assert in_context(series) == [None] * 11


def test_to_a_blinded_reader_no_score_in_context_is_shown() -> None:
    images = [replace(each, sha256=f"{at}") for at, each in enumerate(WHOLE)]
    series = series_of(images, card=IN_CONTEXT)
    series.table.set_read_before_ai(True)
    assert in_context(series) == [None] * 11
    for image in images[1:]:
        series.table.show_reading(image, said(series.table.reader_labels, image, Label.ABSENT))
    assert in_context(series) == [None] * 11


def test_the_score_in_context_flags_nothing() -> None:
    with_it, without = (series_of(WHOLE, card=card) for card in (IN_CONTEXT, WITH_HEAD))
    for series in (with_it, without):
        assert series.in_context(0) is None or series is with_it
    one, other = (series.decision(0) for series in (with_it, without))
    assert one is not None
    assert other is not None
    assert replace(one, head=None) == replace(other, head=None)
    assert with_it.summary(0) == without.summary(0)


def test_a_copy_without_a_score_of_its_own_has_none_in_context() -> None:
    unread = of_patient("A", None)[0]
    copy = replace(WHOLE[1], name="x.dcm", status=unread.status, problems=unread.problems)
    copy = replace(copy, probability=None, logit=None)
    series = series_of([*WHOLE, copy], card=IN_CONTEXT)
    assert series.in_context(1) is not None
    assert series.in_context(11) is None
