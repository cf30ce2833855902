"""What the reader says outlives the window, a crash and another name of the file."""

from __future__ import annotations

import sqlite3
import stat
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from desktop.engine import store
from desktop.engine.reader_labels import ReaderLabels
from desktop.engine.readings import NO_DRAFT, Draft, Label, SeriesReading
from desktop.engine.store import _STEPS, FORMAT, StoreCode
from imaging.messages import Message
from model.image_result import ImageResult
from tests.make.results import result, said


def image(name: str = "a.png", sha256: str = "ab", frame: int = 0) -> ImageResult:
    return replace(result(name, 0.7, frame=frame), sha256=sha256)


def write_store(path: Path, version: int) -> None:
    """An empty store as that version of the format was."""
    with sqlite3.connect(path) as file:
        for statement in (each for step in _STEPS[:version] for each in step):
            file.execute(statement)
        file.execute(f"PRAGMA user_version = {version}")


def test_a_read_is_found_again_by_content_whatever_the_file_is_called(tmp_path: Path) -> None:
    path = tmp_path / "new folder" / "reads.sqlite"
    reader_labels = ReaderLabels(path)
    kept = said(reader_labels, image(frame=2), Label.PRESENT, "左侧, <b>old</b>?")
    reader_labels.close()
    again = ReaderLabels(path)
    assert again.fault is None
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
        "from desktop.engine.reader_labels import ReaderLabels\n"
        "from desktop.engine.readings import Label\n"
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


def test_a_key_image_does_not_change_when_an_image_was_read() -> None:
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
    assert reader_labels.fault is None
    assert read is not None
    assert (read.label, read.comment, read.is_key) == (Label.PRESENT, "old", False)
    reader_labels.set_key_image(image(), is_key=True)
    marked = ReaderLabels(path).get(image())
    assert marked is not None
    assert (marked.label, marked.comment, marked.is_key) == (Label.PRESENT, "old", True)


def test_a_file_of_version_0_1_keeps_its_readings_and_key_images(
    tmp_path: Path,
) -> None:
    path = tmp_path / "reads.sqlite"
    with sqlite3.connect(path) as file:
        file.execute(
            "CREATE TABLE reads (sha256 TEXT, frame INTEGER, label TEXT NOT NULL, comment TEXT NOT "
            "NULL, time TEXT NOT NULL, is_key INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (sha256, "
            "frame))"
        )
        row = ("ab", 0, "absent", "old", "2026-01-02T03:04:05+00:00", 1)
        file.execute("INSERT INTO reads VALUES (?, ?, ?, ?, ?, ?)", row)
        file.execute("PRAGMA user_version = 2")
    reader_labels = ReaderLabels(path)
    read = reader_labels.get(image())
    assert reader_labels.fault is None
    assert read is not None
    assert (read.label, read.comment, read.is_key) == (Label.ABSENT, "old", True)
    reader_labels.close()
    with sqlite3.connect(path) as file:
        assert file.execute("PRAGMA user_version").fetchone() == (FORMAT,)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such permissions")
def test_comments_are_nobody_elses_to_read(tmp_path: Path) -> None:
    path = tmp_path / "reads.sqlite"
    ReaderLabels(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def _damaged(path: Path) -> None:
    path.write_bytes(b"no database at all, and longer than its header would be" * 4)


def _cut(path: Path) -> None:
    """A database that opens, and whose tables cannot be read."""
    reader_labels = ReaderLabels(path)
    for number in range(200):
        reader_labels.set_comment(image(sha256=str(number)), "x" * 200)
    reader_labels.close()
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * 20_000)


def _later(path: Path) -> None:
    with sqlite3.connect(path) as file:
        file.execute(f"PRAGMA user_version = {FORMAT + 1}")


@pytest.mark.parametrize(
    ("make", "code"),
    [(_damaged, StoreCode.DAMAGED), (_cut, StoreCode.DAMAGED), (_later, StoreCode.NEWER)],
)
def test_a_file_that_cannot_be_used_is_left_alone_and_another_one_is_used(
    tmp_path: Path, make: Callable[[Path], None], code: StoreCode
) -> None:
    path = tmp_path / "reads.sqlite"
    make(path)
    before = path.read_bytes()
    reader_labels = ReaderLabels(path)
    said(reader_labels, image(), Label.PRESENT)
    reader_labels.close()
    again = ReaderLabels(path)
    assert again.fault == Message(code, name="reads.sqlite", other="reads-2.sqlite")
    assert again.get(image()) is not None
    assert path.read_bytes() == before


def _reason(reader_labels: ReaderLabels) -> str:
    assert reader_labels.fault is not None
    assert reader_labels.fault.code is StoreCode.NOT_KEPT
    return str(dict(reader_labels.fault.values)["reason"])


def test_what_cannot_be_written_is_said_and_still_known(tmp_path: Path) -> None:
    path = tmp_path / "reads.sqlite"
    reader_labels = ReaderLabels(path)
    with sqlite3.connect(path) as other:
        other.execute("DROP TABLE reads")
    said(reader_labels, image(), Label.PRESENT)
    assert _reason(reader_labels).startswith("no such table")
    assert reader_labels.get(image()) is not None


def test_what_a_full_disk_did_not_take_is_written_later(tmp_path: Path) -> None:
    path = tmp_path / "reads.sqlite"
    reader_labels = ReaderLabels(path)
    assert reader_labels._store is not None
    [[pages]] = reader_labels._store.file.execute("PRAGMA page_count")
    reader_labels._store.file.execute(f"PRAGMA max_page_count = {pages}")
    reader_labels.set_comment(image(), "x" * 20_000)
    full = _reason(reader_labels)
    reader_labels._store.file.execute("PRAGMA max_page_count = 10000")
    reader_labels.set_label(image(sha256="cd"), Label.ABSENT)
    assert full == "the disk is full"
    assert reader_labels.fault is None
    again = ReaderLabels(path)
    found = again.get(image())
    assert found is not None
    assert found.comment == "x" * 20_000
    assert again.get(image(sha256="cd")) is not None


def test_what_is_late_is_written_when_the_program_ends(tmp_path: Path) -> None:
    home = tmp_path / "not yet"
    home.touch()
    reader_labels = ReaderLabels(home / "reads.sqlite")
    said(reader_labels, image(), Label.PRESENT)
    assert _reason(reader_labels) != ""
    home.unlink()
    reader_labels.close()
    assert ReaderLabels(home / "reads.sqlite").get(image()) is not None


def test_a_folder_in_the_way_is_said(tmp_path: Path) -> None:
    assert _reason(ReaderLabels(tmp_path)) != ""


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
    monkeypatch.setattr("desktop.engine.store.WAIT", 0.05)
    path = tmp_path / "reads.sqlite"
    reader_labels = ReaderLabels(path)
    with sqlite3.connect(path, isolation_level=None) as other:
        other.execute("BEGIN EXCLUSIVE")
        reader_labels.set_label(image(), Label.PRESENT)
        locked = _reason(reader_labels)
        other.execute("COMMIT")
    reader_labels.set_label(image(sha256="cd"), Label.ABSENT)
    assert locked == "another program is using it"
    assert reader_labels.fault is None
    again = ReaderLabels(path)
    assert again.get(image()) is not None
    assert again.get(image(sha256="cd")) is not None


def test_two_processes_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "reads.sqlite"
    program = (
        "import sys\n"
        "from pathlib import Path\n"
        "from desktop.engine.reader_labels import ReaderLabels\n"
        "from desktop.engine.readings import Label\n"
        "from tests.desktop.engine.test_reader_labels import image\n"
        f"reader_labels = ReaderLabels(Path({str(path)!r}))\n"
        "for number in range(40):\n"
        "    if sys.argv[1] == 'label':\n"
        "        reader_labels.set_label(image(sha256=str(number)), Label.PRESENT)\n"
        "    else:\n"
        "        reader_labels.set_comment(image(sha256=str(number)), 'seen')\n"
        "reader_labels.close()\n"
    )
    root = Path(__file__).resolve().parents[3]
    both = [
        subprocess.Popen([sys.executable, "-c", program, what], cwd=root)
        for what in ("label", "comment")
    ]
    assert [each.wait(timeout=60) for each in both] == [0, 0]
    known = ReaderLabels(path)
    readings = [known.get(image(sha256=str(number))) for number in range(40)]
    assert {(each.label, each.comment) for each in readings if each} == {(Label.PRESENT, "seen")}
    assert None not in readings


def test_measurements_are_kept_and_leave_the_time_alone(tmp_path: Path) -> None:
    path = tmp_path / "reads.sqlite"
    reader_labels = ReaderLabels(path)
    before = said(reader_labels, image(), Label.PRESENT)
    reader_labels.set_measurements(image(), '[["distance", 1, 2, 3, 4]]')
    found = ReaderLabels(path).get(image())
    assert before is not None
    assert found is not None
    assert found.measurements == '[["distance", 1, 2, 3, 4]]'
    assert found.time == before.time.replace(microsecond=0)


WHEN = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
READING = SeriesReading(Label.UNSURE, WHEN, "左侧?", 70, "AB", 12.5, blinded=True)


def labels_of(path: Path, reader: str = READING.reader) -> ReaderLabels:
    reader_labels = ReaderLabels(path)
    reader_labels.reader = reader
    return reader_labels


def test_a_reading_of_a_series_is_kept_whole(tmp_path: Path) -> None:
    path = tmp_path / "reads.sqlite"
    labels_of(path).read_series("k", READING)
    assert labels_of(path).series("k") == READING
    assert labels_of(path).series("other") is None
    assert labels_of(path).series("") is None


def test_the_latest_reading_of_a_series_counts_and_the_earlier_ones_stay(tmp_path: Path) -> None:
    path = tmp_path / "reads.sqlite"
    reader_labels = labels_of(path)
    second = replace(READING, label=Label.PRESENT, blinded=False, confidence=None)
    reader_labels.read_series("k", READING)
    reader_labels.read_series("k", second)
    again = labels_of(path)
    assert again.series("k") == second
    assert again.history("k") == (READING, second)


def test_a_reading_of_a_series_can_be_taken_back(tmp_path: Path) -> None:
    path = tmp_path / "reads.sqlite"
    reader_labels = labels_of(path)
    reader_labels.read_series("k", READING)
    reader_labels.read_series("k", SeriesReading(None, WHEN, reader=READING.reader))
    assert (reader_labels.series("k"), labels_of(path).series("k")) == (None, None)
    assert len(ReaderLabels(path).history("k")) == 2


def test_a_reading_belongs_to_its_reader(tmp_path: Path) -> None:
    path = tmp_path / "reads.sqlite"
    reader_labels = ReaderLabels(path)
    reader_labels.reader = "AB"
    said(reader_labels, image(), Label.PRESENT, "rim")
    reader_labels.read_series("s", replace(READING, reader="AB"))
    reader_labels.mark_series("s", True)
    for labels in (reader_labels, ReaderLabels(path)):
        labels.reader = "CD"
        assert (labels.get(image()), labels.series("s")) == (None, None)
        assert not labels.is_marked("s")
        labels.reader = "AB"
        read = labels.get(image())
        assert read is not None
        assert (read.label, read.reader, labels.is_marked("s")) == (Label.PRESENT, "AB", True)
        assert labels.series("s") == replace(READING, reader="AB")


def test_readers_change_and_take_back_what_is_theirs_alone(tmp_path: Path) -> None:
    path = tmp_path / "reads.sqlite"
    reader_labels = ReaderLabels(path)
    for reader, label in (("AB", Label.PRESENT), ("CD", Label.ABSENT)):
        reader_labels.reader = reader
        said(reader_labels, image(), label)
        reader_labels.read_series("s", replace(READING, reader=reader, label=label))
    said(reader_labels, image(), None)
    reader_labels.read_series("s", replace(READING, reader="CD", label=None))
    for labels in (reader_labels, ReaderLabels(path)):
        labels.reader = "CD"
        assert (labels.get(image()), labels.series("s")) == (None, None)
        labels.reader = "AB"
        read, series = labels.get(image()), labels.series("s")
        assert read is not None
        assert series is not None
        assert (read.label, series.label) == (Label.PRESENT, Label.PRESENT)


def test_a_file_without_readers_has_readings_of_who_gave_no_name(tmp_path: Path) -> None:
    path = tmp_path / "reads.sqlite"
    write_store(path, 4)
    with sqlite3.connect(path) as file:
        row = ("ab", 0, "present", "old", "2026-01-02T03:04:05+00:00", 1, "drawn")
        file.execute("INSERT INTO reads VALUES (?, ?, ?, ?, ?, ?, ?)", row)
        file.execute("INSERT INTO series_marks VALUES ('s')")
    reader_labels = ReaderLabels(path)
    read = reader_labels.get(image())
    assert reader_labels.fault is None
    assert read is not None
    assert (read.label, read.comment, read.is_key) == (Label.PRESENT, "old", True)
    assert (read.measurements, reader_labels.is_marked("s")) == ("drawn", True)
    reader_labels.reader = "AB"
    assert (reader_labels.get(image()), reader_labels.is_marked("s")) == (None, False)


def test_what_waits_for_a_label_survives_a_process_that_is_killed(tmp_path: Path) -> None:
    path = tmp_path / "reads.sqlite"
    program = (
        "import os, signal\n"
        "from pathlib import Path\n"
        "from desktop.engine.reader_labels import ReaderLabels\n"
        "from desktop.engine.readings import Draft\n"
        f"ReaderLabels(Path({str(path)!r})).set_draft('s', Draft('thin rim', 70))\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    root = Path(__file__).resolve().parents[3]
    killed = subprocess.run([sys.executable, "-c", program], cwd=root, check=False)
    assert killed.returncode == -9
    reader_labels = ReaderLabels(path)
    assert reader_labels.draft("s") == Draft("thin rim", 70)
    reader_labels.reader = "CD"
    assert reader_labels.draft("s") == NO_DRAFT
    reader_labels.reader = ""
    reader_labels.set_draft("s", NO_DRAFT)
    assert ReaderLabels(path).draft("s") == NO_DRAFT


def test_a_series_without_a_key_has_no_reading() -> None:
    with pytest.raises(ValueError, match="content"):
        ReaderLabels().read_series("", READING)


def test_a_series_marked_as_read_stays_so_until_the_mark_is_taken_back(tmp_path: Path) -> None:
    path = tmp_path / "reads.sqlite"
    reader_labels = ReaderLabels(path)
    reader_labels.mark_series("k", True)
    reader_labels.mark_series("k", True)
    reader_labels.mark_series("other", True)
    reader_labels.mark_series("other", False)
    again = ReaderLabels(path)
    assert [each.is_marked("k") for each in (reader_labels, again)] == [True, True]
    assert [each.is_marked("other") for each in (reader_labels, again)] == [False, False]
    with pytest.raises(ValueError, match="content"):
        again.mark_series("", True)


def test_a_file_without_marks_takes_them(tmp_path: Path) -> None:
    path = tmp_path / "reads.sqlite"
    write_store(path, 3)
    reader_labels = ReaderLabels(path)
    reader_labels.mark_series("k", True)
    assert reader_labels.fault is None
    assert ReaderLabels(path).is_marked("k")


@pytest.mark.parametrize(("seconds", "kept"), [(0.1, True), (2.0, False)])
def test_another_process_that_writes_is_waited_for_so_long(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seconds: float, kept: bool
) -> None:
    assert store.WAIT == 2
    monkeypatch.setattr(store, "WAIT", 0.5)
    reader_labels = ReaderLabels(tmp_path / "reads.sqlite")
    other = sqlite3.connect(
        tmp_path / "reads.sqlite", isolation_level=None, check_same_thread=False
    )
    other.execute("BEGIN EXCLUSIVE")
    end = threading.Timer(seconds, other.execute, ["COMMIT"])
    end.start()
    said(reader_labels, image(), Label.PRESENT, "")
    assert (reader_labels.fault is None) is kept
    end.join()
    other.close()
