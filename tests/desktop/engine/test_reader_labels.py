"""What the reader says outlives the window, a crash and another name of the file."""

from __future__ import annotations

import sqlite3
import stat
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from desktop.engine.reader_labels import Label, ReaderLabels, agrees, blinded
from imaging.errors import Code, Problem, Status
from model.image_result import ImageResult
from tests.make.results import result, said


def image(name: str = "a.png", sha256: str = "ab", frame: int = 0) -> ImageResult:
    return replace(result(name, 0.7, frame=frame), sha256=sha256)


def test_a_read_is_found_again_by_content_whatever_the_file_is_called(tmp_path: Path) -> None:
    path = tmp_path / "new folder" / "reads.sqlite"
    reader_labels = ReaderLabels(path)
    kept = said(reader_labels, image(frame=2), Label.PRESENT, "左侧, <b>old</b>?")
    reader_labels.close()
    again = ReaderLabels(path)
    assert again.fault == ""
    found = again.get(image("moved.dcm", frame=2))
    assert kept is not None
    assert found == replace(kept, time=kept.time.replace(microsecond=0))
    assert found.time.tzinfo is not None
    assert again.get(image(frame=1)) is None
    assert again.get(image(sha256="")) is None


def test_a_read_survives_a_process_that_is_killed(tmp_path: Path) -> None:
    path = tmp_path / "reads.sqlite"
    program = (
        "import os, signal\n"
        "from pathlib import Path\n"
        "from desktop.engine.reader_labels import Label, ReaderLabels\n"
        "from tests.desktop.engine.test_reader_labels import image, said\n"
        f"said(ReaderLabels(Path({str(path)!r})), image(), Label.UNSURE, 'here')\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    root = Path(__file__).resolve().parents[3]
    killed = subprocess.run([sys.executable, "-c", program], cwd=root, check=False)
    read = ReaderLabels(path).get(image())
    assert killed.returncode == -9
    assert read is not None
    assert (read.label, read.comment) == (Label.UNSURE, "here")


def test_a_read_may_be_changed_and_taken_back(tmp_path: Path) -> None:
    path = tmp_path / "reads.sqlite"
    reader_labels = ReaderLabels(path)
    said(reader_labels, image(), Label.PRESENT)
    said(reader_labels, image(), None, "only a comment")
    said(reader_labels, image(sha256="cd"), Label.ABSENT)
    assert said(reader_labels, image(sha256="cd"), None) is None
    again = ReaderLabels(path)
    read = again.get(image())
    assert read is not None
    assert (read.label, read.comment) == (None, "only a comment")
    assert again.get(image(sha256="cd")) is None


def test_a_key_image_is_found_again_and_is_a_read_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "reads.sqlite"
    reader_labels = ReaderLabels(path)
    reader_labels.set_key_image(image(), is_key=True)
    reader_labels.set_label(image(), Label.ABSENT)
    reader_labels.set_key_image(image(sha256="cd"), is_key=True)
    reader_labels.set_key_image(image(sha256="ef"), is_key=True)
    assert reader_labels.set_key_image(image(sha256="ef"), is_key=False) is None
    again = ReaderLabels(path)
    first, second = again.get(image()), again.get(image(sha256="cd"))
    assert first is not None
    assert second is not None
    assert (first.label, first.is_key) == (Label.ABSENT, True)
    assert (second.label, second.comment, second.is_key) == (None, "", True)
    assert again.get(image(sha256="ef")) is None


def test_a_mark_does_not_change_when_a_scan_was_read() -> None:
    reader_labels = ReaderLabels()
    read = said(reader_labels, image(), Label.PRESENT)
    marked = reader_labels.set_key_image(image(), is_key=True)
    assert read is not None
    assert marked == replace(read, is_key=True)


def test_a_file_of_the_first_version_gets_key_images_and_loses_nothing(tmp_path: Path) -> None:
    path = tmp_path / "reads.sqlite"
    with sqlite3.connect(path) as file:
        file.execute(
            "CREATE TABLE reads (sha256 TEXT, frame INTEGER, label TEXT NOT NULL, "
            "comment TEXT NOT NULL, time TEXT NOT NULL, PRIMARY KEY (sha256, frame))"
        )
        row = ("ab", 0, "present", "old", "2026-01-02T03:04:05+00:00")
        file.execute("INSERT INTO reads VALUES (?, ?, ?, ?, ?)", row)
        file.execute("PRAGMA user_version = 1")
    reader_labels = ReaderLabels(path)
    read = reader_labels.get(image())
    assert reader_labels.fault == ""
    assert read is not None
    assert (read.label, read.comment, read.is_key) == (Label.PRESENT, "old", False)
    reader_labels.set_key_image(image(), is_key=True)
    marked = ReaderLabels(path).get(image())
    assert marked is not None
    assert (marked.label, marked.comment, marked.is_key) == (Label.PRESENT, "old", True)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such permissions")
def test_comments_are_nobody_elses_to_read(tmp_path: Path) -> None:
    path = tmp_path / "reads.sqlite"
    ReaderLabels(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_damaged_file_is_left_alone_and_said(tmp_path: Path) -> None:
    path = tmp_path / "reads.sqlite"
    path.write_bytes(b"no database at all, and longer than its header would be" * 4)
    before = path.read_bytes()
    reader_labels = ReaderLabels(path)
    said(reader_labels, image(), Label.PRESENT)
    assert (
        reader_labels.fault
        == "Your readings are lost when the program ends: file is not a database."
    )
    assert reader_labels.get(image()) is not None
    assert path.read_bytes() == before


def test_a_file_of_a_later_version_is_left_alone_and_said(tmp_path: Path) -> None:
    path = tmp_path / "reads.sqlite"
    with sqlite3.connect(path) as file:
        file.execute("PRAGMA user_version = 7")
    assert "another version of this program" in ReaderLabels(path).fault


def test_what_cannot_be_written_any_more_is_said(tmp_path: Path) -> None:
    path = tmp_path / "reads.sqlite"
    reader_labels = ReaderLabels(path)
    with sqlite3.connect(path) as other:
        other.execute("DROP TABLE reads")
    said(reader_labels, image(), Label.PRESENT)
    assert reader_labels.fault.startswith(
        "Your readings are lost when the program ends: no such table"
    )
    assert reader_labels.get(image()) is not None


def test_a_folder_in_the_way_is_said(tmp_path: Path) -> None:
    assert "lost when the program ends" in ReaderLabels(tmp_path).fault


@pytest.mark.parametrize(
    ("label", "prediction", "same"),
    [
        (Label.PRESENT, 1, True),
        (Label.PRESENT, 0, False),
        (Label.ABSENT, 0, True),
        (Label.ABSENT, 1, False),
        (Label.UNSURE, 1, None),
        (None, 1, None),
        (Label.PRESENT, None, None),
    ],
)
def test_agreement(label: Label | None, prediction: int | None, same: bool | None) -> None:
    assert agrees(said(ReaderLabels(), image(), label, "a comment"), prediction) is same


def test_no_read_agrees_with_nothing() -> None:
    assert agrees(None, 1) is None


def test_a_veiled_finding_says_nothing_of_the_answer() -> None:
    refused = result("a.png", None, Problem(Code.NOT_ASSESSABLE), Problem(Code.COLOUR))
    hidden = blinded(replace(refused, novelty=99.0))
    assert (hidden.novelty, hidden.status, len(hidden.problems)) == (None, Status.WARNING, 1)
    assert (blinded(image()).probability, blinded(image()).logit) == (None, None)


def test_two_windows_do_not_erase_each_others_words(tmp_path: Path) -> None:
    path = tmp_path / "reads.sqlite"
    one, other = ReaderLabels(path), ReaderLabels(path)
    one.set_label(image(), Label.PRESENT)
    other.set_comment(image(), "calcified?")
    read = ReaderLabels(path).get(image())
    assert read is not None
    assert (read.label, read.comment) == (Label.PRESENT, "calcified?")


def test_a_locked_file_is_said_and_caught_up_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop.engine.reader_labels._WAIT", 0.05)
    path = tmp_path / "reads.sqlite"
    reader_labels = ReaderLabels(path)
    with sqlite3.connect(path, isolation_level=None) as other:
        other.execute("BEGIN EXCLUSIVE")
        reader_labels.set_label(image(), Label.PRESENT)
        locked = reader_labels.fault
        other.execute("COMMIT")
    reader_labels.set_label(image(sha256="cd"), Label.ABSENT)
    assert locked == "Your readings are lost when the program ends: database is locked."
    assert reader_labels.fault == ""
    again = ReaderLabels(path)
    assert again.get(image()) is not None
    assert again.get(image(sha256="cd")) is not None
