"""A run: patients, studies and series are known before anything is scored, and stay."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from desktop.engine import decoder, scoring
from desktop.engine import run as module
from desktop.engine.readings import Label, SeriesReading
from desktop.engine.report import ExportFiles, ReportError
from desktop.engine.report_rows import HIDDEN_REASON, Origin
from desktop.engine.run import ExportOptions, Run
from desktop.engine.thumbnails import Thumbnails
from imaging.errors import Code, Problem, Status
from imaging.image import Acquisition, Identity, Unit
from model.image_result import ImageResult
from model.listed_image import PendingImage
from model.series_result import SeriesState
from tests.make.stage import GreyNetwork, Stage, header
from tests.make.tiny_model import tiny_card

ORIGIN = Origin(tiny_card(), "ab" * 32, 0.25, "0.1.0")


@pytest.fixture(autouse=True)
def _short_glances(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scoring, "_POLL_SECONDS", 0.001)
    monkeypatch.setattr(decoder, "_POLL_SECONDS", 0.001)


def _run(folder: Path, stage: Stage) -> Run:
    return Run([stage.in_folder(folder)], stage)


def _grouped(folder: Path, stage: Stage) -> Run:
    run = _run(folder, stage)
    list(run.read_headers())
    run.group()
    return run


def _scored(folder: Path, stage: Stage) -> Run:
    run = _grouped(folder, stage)
    list(run.score(GreyNetwork()))
    return run


def _two_series() -> Stage:
    """Series 1 and 2, whose files alternate; slices of 1 are found from head to foot."""
    return Stage(
        {
            "a": header("1", 30.0),
            "b": header("2", 1.0),
            "c": header("1", 20.0),
            "d": header("2", 2.0),
            "e": header("1", 10.0),
        }
    )


def test_headers_come_in_the_order_of_finding(tmp_path: Path) -> None:
    run = _run(tmp_path, Stage({"10": header(), "9": header(), "x": Code.UNKNOWN_CONTENT}))
    assert [each.path.name for each in run.read_headers()] == ["9", "10", "x"]
    assert [each.path.name for each in run.images] == ["9", "10", "x"]


def test_an_image_waits_with_its_header_until_it_has_a_result(tmp_path: Path) -> None:
    run = _grouped(tmp_path, Stage({"a": header("7")}))
    assert run.images == [PendingImage(tmp_path, "a", 0, header("7"))]
    [(image, result)] = run.score(GreyNetwork())
    assert (image, run.images) == (0, [result])


def test_a_file_that_cannot_be_read_has_its_result_from_its_header_on(tmp_path: Path) -> None:
    run = _grouped(tmp_path, Stage({"a": Code.DAMAGED, "b": header()}))
    [damaged, _] = run.images
    assert isinstance(damaged, ImageResult)
    assert damaged.problems == (Problem(Code.DAMAGED),)
    assert [each.image for each in run.score(GreyNetwork())] == [1]


def test_what_cannot_be_entered_has_a_row(tmp_path: Path) -> None:
    stage = Stage({"a": header()})
    (stage.in_folder(tmp_path) / "link").symlink_to(tmp_path / "none")
    run = _grouped(tmp_path, stage)
    assert [each.problems[0].code for each in run.results()] == [
        Code.NOT_SCREENED,
        Code.DANGLING_LINK,
    ]


def test_every_frame_is_an_image(tmp_path: Path) -> None:
    run = _scored(tmp_path, Stage({"a": header(frames=3), "b": header(frames=2)}))
    rows = [(each.path.name, each.frame, each.frames) for each in run.results()]
    assert rows == [("a", 0, 3), ("a", 1, 3), ("a", 2, 3), ("b", 0, 2), ("b", 1, 2)]
    assert [each.logit for each in run.results()] == [0, 1, 2, 0, 1]


def test_series_are_known_before_anything_is_scored_and_results_change_nothing(
    tmp_path: Path,
) -> None:
    run = _grouped(tmp_path, _two_series())
    before = run.series
    assert [each.members for each in before] == [(4, 2, 0), (1, 3)]
    list(run.score(GreyNetwork()))
    assert run.series is before


def test_passes_told_apart_by_time_stay_apart_when_times_are_kept_no_more(tmp_path: Path) -> None:
    stage = Stage(
        {
            f"{time}{place}": header(
                position=5.0 * place, sop_uid=f"{time}.{place}", acquisition=_made_at(time)
            )
            for time in ("1015", "1020")
            for place in (1, 2)
        }
    )
    run = _scored(tmp_path, stage)
    assert [each.members for each in run.series] == [(0, 1), (2, 3)]
    kept = [each.header.acquisition for each in run.images if each.header is not None]
    assert kept == [_made_at("")] * 4
    assert [each.members for each in run.group()] == [(0, 1), (2, 3)]


def test_times_are_kept_until_series_are_known(tmp_path: Path) -> None:
    run = _run(tmp_path, Stage({"a": header(acquisition=_made_at("1015"))}))
    list(run.read_headers())
    [(_, result)] = run.score(GreyNetwork())
    assert result.header is not None
    assert result.header.acquisition == _made_at("1015")


def _made_at(time: str) -> Acquisition:
    return Acquisition(time=time, content_time=time, kernel="STD")


def test_a_series_has_a_result_only_when_all_of_its_images_have_one(tmp_path: Path) -> None:
    run = _grouped(tmp_path, _two_series())
    waiting, scoring_, scored = SeriesState.WAITING, SeriesState.SCORING, SeriesState.SCORED
    seen: list[tuple[SeriesState, ...]] = []
    for _ in run.score(GreyNetwork()):
        series = run.series_results()
        seen.append(tuple(each.state for each in series))
        assert [each.counted_probability is not None for each in series] == [
            each.state is scored for each in series
        ]
    assert seen == [
        (scoring_, waiting),
        (scoring_, waiting),
        (scored, waiting),
        (scored, scoring_),
        (scored, scored),
    ]


def test_series_are_scored_one_after_the_other_in_their_order(tmp_path: Path) -> None:
    stage = _two_series()
    _scored(tmp_path, stage)
    assert [name for name, _, _ in stage.calls] == ["e", "c", "a", "b", "d"]


def _eight_each() -> Stage:
    """Three series of eight files, the images of the second the brightest."""
    names = {f"{number}{letter}": number for number in "123" for letter in "abcdefgh"}
    stage = Stage({name: header(number, float(ord(name[1]))) for name, number in names.items()})
    stage.greys = {name: 100 if number == "2" else 20 for name, number in names.items()}
    return stage


@pytest.mark.parametrize(("blinded", "first"), [(False, "2"), (True, "1")])
def test_after_a_glance_the_most_suspicious_series_is_scored_but_never_for_who_is_blinded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, blinded: bool, first: str
) -> None:
    monkeypatch.setattr(scoring, "UNDER_WAY", 1)
    stage = _eight_each()
    run = _grouped(tmp_path, stage)
    run.keeps_order = lambda: blinded
    list(run.score(GreyNetwork()))
    called = [name for name, _, _ in stage.calls]
    assert called[:3] == ["1e", "2e", "3e"]
    assert [name[0] for name in called[3:10]] == [first] * 7
    assert sorted(called) == sorted(stage.files)


def test_a_series_whose_glance_is_flagged_is_whole_before_the_next_glance(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scoring, "UNDER_WAY", 1)
    stage = _eight_each()
    bright = {name for name in stage.files if name.startswith("2")}
    stage.greys = {name: 150 if name in bright else 100 for name in stage.files}
    run = _grouped(tmp_path, stage)
    network = GreyNetwork()
    assert 100 / 255 < network.card.threshold <= 150 / 255
    list(run.score(network))
    called = [name for name, _, _ in stage.calls]
    assert called[:2] == ["1e", "2e"]
    assert set(called[1:9]) == bright


def test_what_the_reader_looks_at_is_scored_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scoring, "UNDER_WAY", 1)
    stage = _two_series()
    run = _grouped(tmp_path, stage)
    results = run.score(GreyNetwork())
    next(results)
    run.look_at([3, 1])
    list(results)
    assert [name for name, _, _ in stage.calls] == ["e", "d", "b", "c", "a"]


def test_what_the_reader_looks_at_before_scoring_begins_is_scored_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scoring, "UNDER_WAY", 1)
    stage = _two_series()
    run = _grouped(tmp_path, stage)
    run.look_at([3, 1])
    list(run.score(GreyNetwork()))
    assert [name for name, _, _ in stage.calls] == ["d", "b", "e", "c", "a"]


def test_files_that_are_no_image_make_no_series(tmp_path: Path) -> None:
    stage = Stage(
        {
            "1": header(),
            "DICOMDIR": Code.NOT_AN_IMAGE_OBJECT,
            "note": Code.UNKNOWN_CONTENT,
            "empty": Code.EMPTY_FILE,
        }
    )
    for name in stage.files:
        (tmp_path / f"of {name}").mkdir()
        (tmp_path / f"of {name}" / name).touch()
    run = Run([tmp_path], stage)
    list(run.read_headers())
    assert [each.members for each in run.group()] == [(0,)]
    assert len(run.results()) == 4


def test_a_damaged_file_beside_two_series_may_be_an_image_of_either(tmp_path: Path) -> None:
    stage = _two_series()
    stage.files["f"] = Code.DAMAGED
    run = _scored(tmp_path, stage)
    assert [each.members for each in run.series] == [(4, 2, 0), (1, 3), (5,)]
    assert run.series[0].unplaced == (5,)


def test_the_later_of_two_copies_is_marked_whatever_is_scored_first(tmp_path: Path) -> None:
    stage = Stage({"a": header("1", 2.0, sop_uid="9"), "b": header("1", 1.0, sop_uid="9")})
    run = _scored(tmp_path, stage)
    assert [name for name, _, _ in stage.calls] == ["b", "a"]
    assert [each.problems for each in run.results()] == [(), (Problem(Code.DUPLICATE_UID),)]


@pytest.mark.parametrize("names", ["ab", "abc"])
def test_other_pixels_under_one_uid_are_told_of_all_and_all_count(
    tmp_path: Path, names: str
) -> None:
    stage = Stage({name: header("1", sop_uid="9") for name in names})
    stage.greys = {"b": 200}
    run = _scored(tmp_path, stage)
    assert all(each.problems[-1] == Problem(Code.CONFLICTING_UID) for each in run.results())
    logits = [each.logit for each in run.results()]
    assert logits[0] != logits[1]
    alone = Stage({name: header("1", sop_uid=name) for name in "ab"})
    alone.greys = {"b": 200}
    (tmp_path / "alone").mkdir()
    expected = _scored(tmp_path / "alone", alone).series_results()[0].probabilities
    assert run.series_results()[0].probabilities == expected


def test_a_conflict_is_yielded_for_the_image_that_was_there_before(tmp_path: Path) -> None:
    stage = Stage({"a": header("1", 1.0, sop_uid="9"), "b": header("1", 2.0, sop_uid="9")})
    stage.greys = {"b": 200}
    run = _grouped(tmp_path, stage)
    yielded = [(index, each.problems) for index, each in run.score(GreyNetwork())]
    told = (Problem(Code.CONFLICTING_UID),)
    assert yielded[-2:] in ([(0, told), (1, told)], [(1, told), (0, told)])
    assert run.progress.done == 2


def test_headers_are_read_in_batches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert module.HEADERS_AT_ONCE == 32
    monkeypatch.setattr(module, "HEADERS_AT_ONCE", 4)
    stage = Stage({str(number): header() for number in range(10)})
    _grouped(tmp_path, stage)
    assert stage.header_calls == [4, 4, 2]


def test_a_file_that_kills_its_child_costs_its_own_header_alone(tmp_path: Path) -> None:
    stage = Stage({name: header() for name in "abc"})
    stage.kills_headers = {"b"}
    run = _grouped(tmp_path, stage)
    problems = [each.problems for each in run.results()]
    assert problems[1] == (Problem(Code.DECODER_DIED, "SIGABRT"),)
    assert [each[0].code for each in (problems[0], problems[2])] == [Code.NOT_SCREENED] * 2
    assert stage.header_calls == [3, 1, 1, 1]


def test_reading_headers_goes_on_where_it_was_left(tmp_path: Path) -> None:
    stage = Stage({f"{number:02}": header() for number in range(70)})
    stage.kills_headers = {"05"}
    run = _run(tmp_path, stage)
    headers = run.read_headers()
    first = [next(headers).path.name for _ in range(4)]
    headers.close()  # type: ignore[attr-defined]
    looks = iter([False] * 8)
    more = [each.path.name for each in run.read_headers(lambda: next(looks, True))]
    rest = [each.path.name for each in run.read_headers()]
    assert first + more + rest == sorted(stage.files)
    assert 0 < len(more) < 66
    assert (run.progress.listed, run.progress.files, run.progress.headers) == (True, 70, 70)


def test_scoring_goes_on_where_it_was_left(tmp_path: Path) -> None:
    stage = Stage({"a": header(frames=5), "b": header(), "c": header()})
    run = _grouped(tmp_path, stage)
    results = run.score(GreyNetwork(lanes=1))
    first = [next(results).image for _ in range(3)]
    results.close()  # type: ignore[attr-defined]
    list(run.score(GreyNetwork()))
    assert len(first) == 3
    assert all(isinstance(each, ImageResult) for each in run.images)
    assert (run.progress.found, run.progress.done) == (7, 7)


def test_results_of_one_session_are_forgotten_for_another(tmp_path: Path) -> None:
    stage = Stage({"a": header(), "b": Code.DAMAGED})
    run = _scored(tmp_path, stage)
    series = run.series
    run.forget_results()
    assert isinstance(run.images[0], PendingImage)
    assert isinstance(run.images[1], ImageResult)
    assert (run.progress.done, run.series) == (1, series)
    assert [each.image for each in run.score(GreyNetwork())] == [0]


def test_thumbnails_are_kept_apart_from_results(tmp_path: Path) -> None:
    stage, thumbnails = Stage({"a": header(), "b": header(position=1.0)}), Thumbnails()
    stage.greys["b"] = 20
    run = Run([stage.in_folder(tmp_path)], stage, thumbnails=thumbnails)
    list(run.read_headers())
    results = dict(run.score(GreyNetwork()))
    assert [results[image].thumbnail for image in (0, 1)] == [None, None]
    kept = [thumbnails.get(image, results[image].sha256) for image in (0, 1)]
    assert [each is not None for each in kept] == [True, True]
    assert thumbnails.get(0, results[1].sha256) is None


def test_a_result_has_the_very_header_that_was_read_first(tmp_path: Path) -> None:
    stage = Stage({"a": header()})
    stage.now["a"] = replace(header(), unit=Unit.GREY)
    run = Run([stage.in_folder(tmp_path)], stage)
    list(run.read_headers())
    known = run.images[0].header
    [(_, result)] = run.score(GreyNetwork())
    assert result.header is not None
    assert known is not None
    assert (result.header.unit, known.unit) == (Unit.GREY, Unit.HOUNSFIELD)
    assert result.header.identity is known.identity


def test_an_empty_folder_has_no_images(tmp_path: Path) -> None:
    run = _scored(tmp_path, Stage({}))
    assert (run.images, run.series, run.progress.listed) == ([], (), True)


def _tables(
    folder: Path, run: Run, shown: ExportOptions
) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    files = ExportFiles.at(folder / "out" / "images.csv")
    files.images.parent.mkdir(exist_ok=True)
    run.export(files, ORIGIN, shown)
    tables = []
    for table in (files.images, files.series):
        with table.open(encoding="utf-8-sig", newline="") as lines:
            tables.append(list(csv.DictReader(lines)))
    return tables[0], tables[1]


def _half_scored(folder: Path) -> Run:
    """Series 1 is scored, of series 2 one image of two."""
    stage = _two_series()
    (folder / "in").mkdir()
    run = _grouped(folder / "in", stage)
    results = {each.image: each.result for each in run.score(GreyNetwork())}
    run.images[3] = PendingImage(results[3].folder, results[3].name, 0, results[3].header)
    return run


def test_a_stopped_run_has_a_row_for_each_image_and_no_result_for_a_series_in_part(
    tmp_path: Path,
) -> None:
    images, series = _tables(tmp_path, _half_scored(tmp_path), ExportOptions())
    assert [row["status"] for row in images] == ["ok", "ok", "ok", "skipped", "ok"]
    assert images[3]["status_reason"].startswith("not_screened")
    assert [row["probability_hemorrhage"] != "" for row in series] == [True, False]
    assert [row["prediction"] != "" for row in series] == [True, False]
    assert [row["status"] for row in series] == ["ok", "stopped at 1 of 2"]
    said = json.loads((tmp_path / "out" / "images.csv.json").read_text())
    assert (said["finished"], said["rows_written"]) == (False, 5)


def test_a_run_that_goes_on_is_not_written_as_stopped(tmp_path: Path) -> None:
    shown = ExportOptions(is_scoring=True)
    images, series = _tables(tmp_path, _half_scored(tmp_path), shown)
    assert images[3]["status_reason"] == "not_screened: Not assessed yet: scoring went on."
    assert [row["status"] for row in series] == ["ok", "scoring 1 of 2"]
    assert [(row["n_failed"], row["n_waiting"]) for row in series] == [("0", "0"), ("0", "1")]


@pytest.mark.parametrize("goes_on", [True, False])
def test_a_hidden_series_that_waits_says_so_and_does_not_look_done(
    tmp_path: Path, goes_on: bool
) -> None:
    run = _half_scored(tmp_path)
    hidden = frozenset(run.series[1].members)
    shown = ExportOptions(is_scoring=goes_on, hidden_scores=hidden)
    images, series = _tables(tmp_path, run, shown)
    assert [row["status"] for row in images] == ["ok", "hidden", "ok", "skipped", "ok"]
    told = "scoring 1 of 2" if goes_on else "stopped at 1 of 2"
    assert [row["status"] for row in series] == ["ok", told]
    assert [row["n_waiting"] for row in series] == ["0", "1"]


def test_an_unread_series_is_written_without_scores(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    run = _scored(tmp_path / "in", _two_series())
    hidden = frozenset(run.series[0].members)
    images, series = _tables(tmp_path, run, ExportOptions(hidden_scores=hidden))
    known = [(row["probability_hemorrhage"], row["logit"], row["prediction"]) for row in images]
    assert [all(each) for each in known] == [False, True, False, True, False]
    assert [any(each) for each in known] == [False, True, False, True, False]
    assert [row["zone"] != "" for row in images] == [False, True, False, True, False]
    hidden_row = series[0]
    empty = ("probability_hemorrhage", "top_images", "prediction")
    assert [hidden_row[name] for name in empty] == [""] * 3
    assert [row["status"] for row in images] == ["hidden", "ok", "hidden", "ok", "hidden"]
    assert images[0]["status_reason"] == HIDDEN_REASON
    assert [row["status"] for row in series] == ["hidden", "ok"]
    assert hidden_row["n_failed"] == "0"
    assert series[1]["probability_hemorrhage"] != ""


READING = SeriesReading(
    Label.PRESENT,
    datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC),
    comment="Mrs Mustermann",
    confidence=80,
    reader="AB",
    seconds=41.25,
    blinded=True,
)


def test_the_reading_of_a_series_is_written_beside_it(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    run = _scored(tmp_path / "in", _two_series())
    _, series = _tables(tmp_path, run, ExportOptions(series_readings=[None, READING]))
    told = [[row[name] for name in row if name.startswith("reader")] for row in series]
    assert told[0] == [""] * 7
    assert told[1] == [
        *("present", "80", "AB", "Mrs Mustermann", "2026-03-04T05:06:07+00:00", "41.2", "1"),
    ]


def test_without_identity_neither_reader_nor_comment_of_a_series_is_written(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    run = _scored(tmp_path / "in", _two_series())
    shown = ExportOptions(series_readings=[None, READING], hide_identity=True)
    _, series = _tables(tmp_path, run, shown)
    assert [series[1][name] for name in ("reader_label", "reader", "reader_comment")] == [
        *("present", "", ""),
    ]


def test_what_the_model_could_not_assess_is_hidden_too(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    stage = Stage({"a": header()})
    stage.greys["a"] = 201
    run = _scored(tmp_path / "in", stage)
    [image], [series] = _tables(tmp_path, run, ExportOptions(hidden_scores=frozenset([0])))
    assert (image["status"], image["status_reason"]) == ("hidden", HIDDEN_REASON)
    assert series["status"] == "hidden"


def _with_a_scout(folder: Path, *names: str) -> Run:
    """A run in which "a" is a scout and the others have a score, all of one series."""
    folder.mkdir()
    run = _scored(folder, Stage({name: header() for name in ("a", *names)}))
    at = next(at for at, each in enumerate(run.images) if each.path.name == "a")
    problems = (Problem(Code.LOCALISER), Problem(Code.COLOUR))
    known = run.results()[at]
    run.images[at] = replace(
        known, status=Status.REFUSED, problems=problems, probability=None, logit=None
    )
    return run


@pytest.mark.parametrize(("others", "told"), [("", "refused"), ("b", "hidden")])
def test_what_everyone_may_see_of_a_hidden_image_is_said_in_both_tables(
    tmp_path: Path, others: str, told: str
) -> None:
    run = _with_a_scout(tmp_path / "in", *others)
    shown = ExportOptions(hidden_scores=frozenset(range(len(run.images))))
    images, [series] = _tables(tmp_path, run, shown)
    assert [row["status"] for row in images] == ["refused", *("hidden" for _ in others)]
    assert images[0]["status_reason"].startswith("localiser")
    assert (series["status"], series["n_failed"]) == (told, "1")


def test_a_series_has_no_result_before_all_of_its_images_may_be_seen(tmp_path: Path) -> None:
    run = _with_a_scout(tmp_path / "in", "b")
    images, [series] = _tables(tmp_path, run, ExportOptions(hidden_scores=frozenset([0])))
    assert [row["status"] for row in images] == ["refused", "ok"]
    assert (series["status"], series["probability_hemorrhage"]) == ("hidden", "")


def test_an_export_can_leave_out_who_it_is(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    run = _scored(tmp_path / "in", _two_series())
    images, series = _tables(tmp_path, run, ExportOptions(hide_identity=True))
    assert {row["PatientID"] for row in [*images, *series]} == {"patient-1"}
    assert images[0]["file_path"].endswith("image-00001")
    assert {row["first_image"] for row in series} <= {row["file_path"] for row in images}


def test_an_opened_file_is_never_replaced(tmp_path: Path) -> None:
    run = _scored(tmp_path, Stage({"a": header()}))
    (tmp_path / "series.csv").write_text("mine")
    files = ExportFiles.at(tmp_path / "images.csv")
    with pytest.raises(ReportError):
        run.export(files, ORIGIN, ExportOptions(confirmed=files.files))
    assert (tmp_path / "series.csv").read_text() == "mine"


@pytest.mark.parametrize(("more", "asked"), [(-1, -1), (0, 0), (4, 0)])
def test_so_many_calls_for_headers_are_under_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, more: int, asked: int
) -> None:
    monkeypatch.setattr(module, "HEADERS_AT_ONCE", 1)
    names = [f"{number:02}" for number in range(8 + more)]
    stage = Stage({name: header("1", float(name)) for name in names})
    next(iter(_run(tmp_path, stage).read_headers()))
    assert len(stage.header_calls) == 8 + asked


def test_folders_of_images_are_series_only_where_the_reader_says_so(tmp_path: Path) -> None:
    png = replace(header(), kind="PNG", identity=Identity())
    run = _scored(tmp_path, Stage({"a": png, "b": png}))
    before = [each.is_one_patient for each in run.series_results()]
    run.trust_folders()
    assert (before, [each.is_one_patient for each in run.series_results()]) == ([False], [True])
