from __future__ import annotations

import csv
import errno
import hashlib
import json
import math
import os
import stat
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from desktop.engine.anonymous import anonymous_reading
from desktop.engine.cells import number_cell
from desktop.engine.progress import Progress
from desktop.engine.reader_labels import ReaderLabels
from desktop.engine.readings import Label
from desktop.engine.report import (
    ExportFiles,
    Origin,
    Replacing,
    ReportError,
    check_writable,
    write_export,
)
from imaging.errors import Code, Problem
from imaging.files.atomic import Pending, write_beside
from imaging.image import Identity
from model.image_result import ImageResult
from model.listed_image import ListedImage, waiting_again
from model.series_notes import head_sources
from model.series_point import NO_LABELLED_SERIES, RULE
from model.series_result import series_results
from tests.make.results import result, said
from tests.make.series_head import CONTEXT, HEAD, IN_CONTEXT
from tests.make.tiny_model import tiny_card

ORIGIN = Origin(tiny_card(name="=model"), "ab" * 32, 0.25, "0.1.0")
IMAGES = (
    "file_path,PatientID,StudyInstanceUID,SeriesInstanceUID,SOPInstanceUID,InstanceNumber,frame,"
    "Modality,probability_hemorrhage,logit,threshold,prediction,zone,status,status_reason,"
    "reader_label,reader_comment,reader_time,model_name,model_sha256,app_version,"
    "execution_provider,analysed_at,reader_key_image,reader,reader_measurements,"
    "context_probability_hemorrhage"
)
SERIES = (
    "PatientID,StudyInstanceUID,SeriesInstanceUID,n_images,n_failed,aggregation,"
    "probability_hemorrhage,top_images,prediction,status,series_threshold,expected_false_alarms,"
    "highest_probability_hemorrhage,zone,rule,n_assessed,n_flagged,reader_label,reader_confidence,"
    "reader,reader_comment,reader_time,reader_seconds,reader_blinded,name_group,first_image,n_waiting"
)
READER = SERIES.split(",")[-10:-2]
"""The columns of the series' reading, and of its group by name."""
SLICE = Identity("007", "Doe", "1.2", "1.2.3", "CT")
UID = "1.2.3.4"


def _write(
    folder: Path, results: list[ImageResult], progress: Progress | None = None
) -> ExportFiles:
    export = ExportFiles.at(folder / "images.csv")
    count = len(results)
    progress = progress or Progress(files=count, found=count, listed=True, done=count)
    write_export(export, results, series_results(results), ORIGIN, progress)
    return export


def _rows(table: Path) -> list[dict[str, str]]:
    with table.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def test_columns_are_those_that_readers_of_the_table_know(tmp_path: Path) -> None:
    export = _write(tmp_path, [result("/s/a.png", 0.5)])
    images, series = export.images.read_bytes(), export.series.read_bytes()
    assert images.startswith(b"\xef\xbb\xbf" + IMAGES.encode() + b"\r\n")
    assert series.startswith(b"\xef\xbb\xbf" + SERIES.encode() + b"\r\n")
    assert (images.count(b"\r\n"), images.count(b"\n")) == (2, 2)


def test_the_probability_column_bears_the_name_of_the_class(tmp_path: Path) -> None:
    export = ExportFiles.at(tmp_path / "out.csv")
    origin = replace(ORIGIN, card=tiny_card(class_name="scratch"))
    write_export(export, [], [], origin, Progress(listed=True))
    assert b",probability_scratch," in export.images.read_bytes()
    assert b",probability_scratch," in export.series.read_bytes()


def numbered(image: ImageResult) -> ImageResult:
    assert image.header is not None
    return replace(image, header=replace(image.header, instance_number=12))


def test_a_row_of_an_image(tmp_path: Path) -> None:
    export = _write(tmp_path, [numbered(result("/s/a.dcm", 0.625, identity=SLICE, sop_uid=UID))])
    assert _rows(export.images) == [
        {
            "file_path": "/s/a.dcm",
            "PatientID": "'007",
            "StudyInstanceUID": "1.2",
            "SeriesInstanceUID": "1.2.3",
            "SOPInstanceUID": "1.2.3.4",
            "InstanceNumber": "12",
            "frame": "0",
            "Modality": "CT",
            "probability_hemorrhage": "0.625",
            "logit": "0.5",
            "threshold": "0.25",
            "prediction": "1",
            "zone": "uncertain",
            "status": "ok",
            "status_reason": "",
            "reader_label": "",
            "reader_comment": "",
            "reader_time": "",
            "model_name": "'=model",
            "model_sha256": "ab" * 32,
            "app_version": "0.1.0",
            "execution_provider": "CPUExecutionProvider",
            "analysed_at": "2026-03-04T05:06:07.089+00:00",
            "reader_key_image": "",
            "reader": "",
            "reader_measurements": "",
            "context_probability_hemorrhage": "",
        }
    ]


def test_a_row_without_a_result_has_codes_and_sentences(tmp_path: Path) -> None:
    failed = result("/s/a.dcm", None, Problem(Code.DAMAGED), Problem(Code.TILT, "9"), header=False)
    [row] = _rows(_write(tmp_path, [failed]).images)
    assert row["status_reason"] == (
        "damaged: The file is damaged or cut short. tilt: Gantry tilt (9)."
    )
    empty = ("probability_hemorrhage", "logit", "prediction", "zone", "PatientID")
    assert {row[name] for name in empty} == {""}
    assert (row["status"], row["threshold"]) == ("failed", "0.25")


def test_a_row_of_a_series(tmp_path: Path) -> None:
    results = [
        result("/s/1.dcm", 0.125, identity=SLICE, sop_uid=UID, position=0.0),
        result("/s/2.dcm", 0.75, identity=SLICE, sop_uid="1.2.3.5", position=5.0),
        result("/s/3.dcm", None, Problem(Code.BLANK), identity=SLICE, sop_uid=UID, position=10.0),
        result("/s/4.dcm", 0.5, identity=SLICE, sop_uid=UID, position=15.0, frame=2, frames=3),
    ]
    [row] = _rows(_write(tmp_path, results).series)
    assert [row.pop(name) for name in READER] == [""] * 8
    # Just above the highest of the card's 20 negatives, whose logit is 1.
    assert float(row.pop("series_threshold")) == pytest.approx(1 / (1 + math.exp(-1)), abs=1e-12)
    assert float(row.pop("expected_false_alarms")) == pytest.approx(3 / 21)
    assert row == {
        "PatientID": "'007",
        "StudyInstanceUID": "1.2",
        "SeriesInstanceUID": "1.2.3",
        "n_images": "4",
        "n_failed": "1",
        "aggregation": "max; too few negatives to say: just above the highest of 20",
        "probability_hemorrhage": "0.75",
        "highest_probability_hemorrhage": "0.75",
        "top_images": "/s/2.dcm | /s/4.dcm#2 | /s/1.dcm",
        "prediction": "1",
        "status": "warning",
        "zone": "above",
        "rule": "single_images",
        "n_assessed": "3",
        "n_flagged": "2",
        "first_image": "/s/1.dcm",
        "n_waiting": "0",
    }


def test_the_sidecar_has_the_series_heads_evidence_per_examination(tmp_path: Path) -> None:
    assert json.loads(_write(tmp_path, []).sidecar.read_text("ascii"))["series_head"] is None
    origin = replace(ORIGIN, card=tiny_card(series_head=HEAD))
    export = ExportFiles.at(tmp_path / "out.csv")
    write_export(export, [], [], origin, Progress(listed=True))
    assert json.loads(export.sidecar.read_text("ascii"))["series_head"] == {
        "fewest_assessed_images": 8,
        "threshold": 0.5,
        "threshold_rule": "By hand.",
        "examinations": 4,
        "sources": ["a"],
        "sensitivity": "50.0 % (1/2; 95 % CI 9.5–90.5)",
        "specificity": "100.0 % (2/2; 95 % CI 34.2–100.0)",
        "evidence_note": str(head_sources(HEAD)),
        "slices_in_context": None,
    }
    head = replace(HEAD, measured_with="fp16")
    int8 = replace(ORIGIN, card=tiny_card(series_head=head, precision="int8"))
    write_export(export, [], [], int8, Progress(listed=True))
    note = json.loads(export.sidecar.read_text("ascii"))["series_head"]["evidence_note"]
    assert note.startswith(f"{head_sources(HEAD)} Measured with the model in full precision")


def test_a_series_without_a_result_has_no_threshold(tmp_path: Path) -> None:
    [row] = _rows(_write(tmp_path, [result("/s/1.png", None, Problem(Code.BLANK))]).series)
    empty = ("probability_hemorrhage", "prediction", "series_threshold", "expected_false_alarms")
    also = ("highest_probability_hemorrhage", "zone", "rule", "n_assessed", "n_flagged")
    assert {row[name] for name in (*empty, *also)} == {""}
    assert row["aggregation"] == ""


def test_the_sidecar_says_the_rule_for_series(tmp_path: Path) -> None:
    said = json.loads(_write(tmp_path, [result("/s/a.png", 0.5)]).sidecar.read_text("ascii"))
    assert said["aggregation"] == "what one in 20 of its assessed images reaches"
    assert said["series_false_alarms_allowed"] == 0.1
    assert said["out_of_fold_negatives"] == 20
    assert said["series_threshold"] == f"{RULE} {NO_LABELLED_SERIES}"


def test_the_sidecar_says_what_the_tables_are(tmp_path: Path) -> None:
    export = _write(tmp_path, [result("/s/a.png", 0.5), result("/s/b.png", 0.1)])
    said = json.loads(export.sidecar.read_text("ascii"))
    assert said["use"] == "Research use. Notification only, not for primary diagnosis."
    assert (said["files_found"], said["rows_found"], said["rows_written"]) == (2, 2, 2)
    assert said["finished"] is True
    assert said["model"] == {
        "name": "=model",
        "sha256": "ab" * 32,
        "precision": "fp32",
        "built_in": False,
    }
    assert (said["threshold"], said["default_threshold"]) == (0.25, 0.5)
    assert said["execution_providers"] == ["CPUExecutionProvider"]
    assert datetime.fromisoformat(said["written_at"]).tzinfo is not None
    for role, table, rows in (("images", export.images, 2), ("series", export.series, 1)):
        digest = hashlib.sha256(table.read_bytes()).hexdigest()
        assert said["tables"][role] == {"name": table.name, "rows": rows, "sha256": digest}


@pytest.mark.parametrize(
    "progress",
    [Progress(files=3, found=3, listed=True), Progress(files=2, found=2, listed=False)],
)
def test_the_sidecar_of_a_run_that_was_stopped_says_so(tmp_path: Path, progress: Progress) -> None:
    export = _write(tmp_path, [result("a", 0.5), result("b", 0.1)], progress)
    assert json.loads(export.sidecar.read_text("ascii"))["finished"] is False


def test_a_long_table_is_written_whole(tmp_path: Path) -> None:
    results = [result(f"/s/{n}.png", n / 1000) for n in range(1000)]
    rows = _rows(_write(tmp_path, results).images)
    assert [row["file_path"] for row in rows] == [f"/s/{n}.png" for n in range(1000)]
    assert [float(row["probability_hemorrhage"]) for row in rows] == [n / 1000 for n in range(1000)]


@pytest.mark.parametrize(
    ("target", "series", "sidecar"),
    [
        ("images.csv", "series.csv", "images.csv.json"),
        ("out.csv", "out.series.csv", "out.csv.json"),
        ("out", "out.series.csv", "out.json"),
        ("a.b.csv", "a.b.series.csv", "a.b.csv.json"),
    ],
)
def test_names_beside_the_table(tmp_path: Path, target: str, series: str, sidecar: str) -> None:
    export = ExportFiles.at(tmp_path / target)
    assert (export.series, export.sidecar) == (tmp_path / series, tmp_path / sidecar)


def _locked(monkeypatch: pytest.MonkeyPatch, name: str, error: OSError) -> None:
    """As Windows does while Excel has the file open."""
    replace_file = Path.replace

    def refuse(source: Path, target: Path) -> Path:
        if target.name == name:
            raise error
        return replace_file(source, target)

    monkeypatch.setattr(Path, "replace", refuse)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (PermissionError(13, "Permission denied"), "it is open in another program, such as Excel"),
        (OSError(28, "No space left on device"), "the disk is full. What was there is untouched"),
        (OSError(5, "Input/output error"), "Input/output error"),
    ],
)
def test_a_table_that_cannot_be_written_stays_and_another_name_is_offered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: OSError, words: str
) -> None:
    export = _write(tmp_path, [result("/s/a.png", 0.5)])
    (tmp_path / "images-2.csv").touch()
    before = export.images.read_bytes()
    _locked(monkeypatch, "images.csv", error)
    with pytest.raises(ReportError, match=words) as caught:
        _write(tmp_path, [result("/s/b.png", 0.5)])
    assert caught.value.other == tmp_path / "images-3.csv"
    assert str(caught.value).endswith("Another name: images-3.csv.")
    assert export.images.read_bytes() == before
    assert not list(tmp_path.glob(".*"))


def test_the_name_that_is_offered_is_for_the_table_of_images(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _locked(monkeypatch, "series.csv", PermissionError(13, "Permission denied"))
    with pytest.raises(ReportError, match=r"^series\.csv cannot be written") as caught:
        _write(tmp_path, [result("/s/a.png", 0.5)])
    assert caught.value.other == tmp_path / "images-2.csv"


def test_a_disk_that_fills_leaves_the_old_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    export = _write(tmp_path, [result("/s/a.png", 0.5)])
    before = export.images.read_bytes()

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ReportError, match="the disk is full"):
        _write(tmp_path, [result("/s/b.png", 0.5)])
    assert export.images.read_bytes() == before
    assert not list(tmp_path.glob(".*"))


def _folder_as_target(folder: Path) -> Path:
    (folder / "out.csv").mkdir()
    return folder / "out.csv"


@pytest.mark.parametrize(
    ("target", "words"),
    [
        (lambda folder: folder / "none" / "out.csv", "its folder does not exist"),
        (_folder_as_target, "it is a folder"),
    ],
)
def test_it_is_seen_beforehand_what_cannot_be_written(
    tmp_path: Path, target: Callable[[Path], Path], words: str
) -> None:
    with pytest.raises(ReportError, match=words):
        check_writable(ExportFiles.at(target(tmp_path)))


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write to everything"
)
def test_a_table_that_is_read_only_is_respected(tmp_path: Path) -> None:
    (tmp_path / "out.csv").touch(mode=0o444)
    with pytest.raises(ReportError, match="may not be written to"):
        check_writable(ExportFiles.at(tmp_path / "out.csv"))


def test_looking_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "out.csv").write_text("old")
    export = ExportFiles.at(tmp_path / "out.csv")
    check_writable(export, Replacing((), export.files))
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("out.csv", "old")]


def test_two_tables_never_share_a_file(tmp_path: Path) -> None:
    for series in ("out.csv", "out.csv.json", "./x/../out.csv"):
        with pytest.raises(ReportError, match="wanted for two tables"):
            ExportFiles.at(tmp_path / "out.csv", tmp_path / series)


def test_a_folder_is_no_name_for_a_table() -> None:
    with pytest.raises(ReportError, match="is a folder") as error:
        ExportFiles.at(Path())
    assert error.value.other == Path("images.csv")


def test_tables_of_one_name_in_two_folders_are_both_described(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    export = ExportFiles.at(tmp_path / "out.csv", tmp_path / "other" / "out.csv")
    write_export(export, [result("/s/a.png", 0.5)], [], ORIGIN, Progress(listed=True))
    tables = json.loads(export.sidecar.read_text("ascii"))["tables"]
    assert [tables[role]["rows"] for role in ("images", "series")] == [1, 0]


def test_a_folder_that_cannot_be_flushed_does_not_lose_the_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flush = os.fsync

    def only_files(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, "Invalid argument")
        flush(descriptor)

    monkeypatch.setattr(os, "fsync", only_files)
    assert _write(tmp_path, [result("/s/a.png", 0.5)]).images.is_file()


def test_a_name_that_may_not_be_looked_at_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(ReportError, match="cannot be written"):
        check_writable(ExportFiles.at(tmp_path / ("x" * 300 + ".csv")))


def test_what_the_reader_said_stands_beside_its_image(tmp_path: Path) -> None:
    results = [replace(result(f"/s/{n}.png", 0.5), sha256=n) for n in "ab"]
    read = said(ReaderLabels(), results[1], Label.ABSENT, "=calcified, old")
    export = ExportFiles.at(tmp_path / "out.csv")
    write_export(export, results, [], ORIGIN, Progress(listed=True), [None, read])
    columns = ("reader_label", "reader_comment", "reader_time")
    first, second = ([row[name] for name in columns] for row in _rows(export.images))
    assert read is not None
    assert first == ["", "", ""]
    assert second == ["absent", "'=calcified, old", read.time.isoformat(timespec="seconds")]


def test_whose_reading_it_is_and_what_was_measured_stands_beside_its_image(tmp_path: Path) -> None:
    image = replace(result("/s/a.png", 0.5), sha256="a")
    labels = ReaderLabels()
    labels.reader = "AB"
    item = '{"tool": "distance", "points": [[1, 2], [3, 4]], "values": {"length": 83.04}}'
    read = labels.set_measurements(image, f'{{"version": 1, "items": [{item}, {item}]}}')
    export = ExportFiles.at(tmp_path / "out.csv")
    write_export(export, [image], [], ORIGIN, Progress(listed=True), [read])
    [row] = _rows(export.images)
    told = "distance 83.0 at (1.0, 2.0) (3.0, 4.0)"
    assert (row["reader"], row["reader_measurements"]) == ("AB", f"{told} | {told}")
    export = ExportFiles.at(tmp_path / "hidden.csv")
    write_export(export, [image], [], ORIGIN, Progress(listed=True), [anonymous_reading(read)])
    [row] = _rows(export.images)
    assert (row["reader"], row["reader_measurements"]) == ("", f"{told} | {told}")


@pytest.mark.parametrize("fault", [errno.ENOSPC, errno.EACCES])
@pytest.mark.parametrize("at", ["images.csv", "images.csv.json"])
def test_a_failed_export_leaves_all_three_files_of_the_one_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: int, at: str
) -> None:
    export = _write(tmp_path, [result("/s/a.png", 0.5)])
    before = [each.read_bytes() for each in export.files]

    def full(target: Path, chunks: Iterable[bytes]) -> Pending:
        if target.name == at:
            raise OSError(fault, os.strerror(fault))
        return write_beside(target, chunks)

    monkeypatch.setattr("desktop.engine.report.write_beside", full)
    with pytest.raises(ReportError, match="cannot be written"):
        _write(tmp_path, [result("/s/b.png", 0.1)])
    assert [each.read_bytes() for each in export.files] == before
    assert len(list(tmp_path.iterdir())) == 3


def test_where_the_folder_is_missing_no_other_name_is_offered(tmp_path: Path) -> None:
    with pytest.raises(ReportError, match=r"^out.csv cannot be written: its folder does") as error:
        check_writable(ExportFiles.at(tmp_path / "none" / "out.csv"))
    assert error.value.other is None


def _contexts(folder: Path, listed: list[ListedImage], results: list[ImageResult]) -> list[str]:
    export, origin = ExportFiles.at(folder / "images.csv"), replace(ORIGIN, card=IN_CONTEXT)
    write_export(export, results, series_results(listed), origin, Progress(listed=True))
    return [row["context_probability_hemorrhage"] for row in _rows(export.images)]


def test_a_slice_of_a_scored_series_has_its_score_in_context_in_its_row(tmp_path: Path) -> None:
    few = [result(f"/few/{at}.png", 0.75) for at in range(7)]
    whole = [result(f"/s/{at}.png", p) for at, p in enumerate([0.5, *[0.2] * 8, 0.9])]
    refused = result("/s/10.png", None, Problem(Code.BLANK))
    every = [*few, refused, *whole[::-1]]
    expected = CONTEXT.probabilities([each.logit for each in whole], HEAD.slabs)
    found = _contexts(tmp_path, [*every], every)
    assert found == [""] * 8 + [number_cell(each) for each in expected[::-1]]


def test_a_series_that_is_stopped_or_hidden_has_no_score_in_context_in_the_table(
    tmp_path: Path,
) -> None:
    whole = [result(f"/s/{at}.png", 0.5) for at in range(9)]
    hidden: list[ListedImage] = [*whole[:8], waiting_again(whole[8])]
    assert _contexts(tmp_path, hidden, whole) == [""] * 9
    stopped = [*whole[:8], result("/s/8.png", None, Problem(Code.NOT_SCREENED))]
    assert _contexts(tmp_path, [*stopped], stopped) == [""] * 9


def test_the_sidecar_says_what_scores_in_context_are_compared_with(tmp_path: Path) -> None:
    export, origin = ExportFiles.at(tmp_path / "out.csv"), replace(ORIGIN, card=IN_CONTEXT)
    write_export(export, [], [], origin, Progress(listed=True))
    head = json.loads(export.sidecar.read_text("ascii"))["series_head"]
    assert head["slices_in_context"] == {
        "threshold": 0.4,
        "threshold_rule": "By hand, too.",
        "slices_on_either_side": 3,
        "slices": 4,
        "examinations": 2,
        "sensitivity": str(CONTEXT.evidence.sensitivity),
        "specificity": "66.7 % (2/3; 95 % CI 10.4–97.2)",
        "evidence_note": "",
    }


@pytest.mark.parametrize("alike", [False, True])
def test_the_sidecar_says_of_which_networks_either_evidence_is(tmp_path: Path, alike: bool) -> None:
    evidence = replace(CONTEXT.evidence, by_networks_alike=alike)
    head = replace(HEAD, measured_with="fp16", context=replace(CONTEXT, evidence=evidence))
    origin = replace(ORIGIN, card=tiny_card(series_head=head, precision="int8"))
    export = ExportFiles.at(tmp_path / "out.csv")
    write_export(export, [], [], origin, Progress(listed=True))
    said = json.loads(export.sidecar.read_text("ascii"))["series_head"]
    own, of_slices = said["evidence_note"], said["slices_in_context"]["evidence_note"]
    assert "Measured with the model in full precision" in own
    named = "networks trained like" if alike else "the model in full precision"
    assert of_slices.startswith(f"Measured with {named}")
    assert "full precision" in of_slices
    assert "networks" not in own


def test_a_copy_without_a_score_of_its_own_has_none_in_context(tmp_path: Path) -> None:
    whole = [replace(result(f"/s/{at}.png", 0.5), sha256=f"{at}") for at in range(9)]
    unread = result("/s/9.png", None, Problem(Code.BLANK))
    every = [*whole, replace(unread, sha256="8")]
    assert _contexts(tmp_path, [*every], every) == ["0.5"] * 9 + [""]
