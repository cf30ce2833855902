from __future__ import annotations

import csv
import errno
import json
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing.context import BaseContext
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image as PilImage

from desktop.commands.cli import main
from desktop.engine import run as run_module
from desktop.engine import scoring
from desktop.engine.report import ReportCode
from desktop.engine.scoring import Scored
from desktop.messages import CommandCode
from desktop.text.language import choose_language
from imaging.errors import Code
from imaging.messages import Message
from imaging.samples.phantom import Head
from imaging.sandbox.sandbox import SandboxCode, SandboxError
from model.series_point import NO_LABELLED_SERIES

ROOT = Path(__file__).resolve().parents[3]
pytestmark = pytest.mark.usefixtures("own_home")
_BLANK = f"{Code.BLANK}: {Code.BLANK.template}"


@dataclass
class _Run:
    code: int
    folder: Path
    out: str
    err: str

    def rows(self, name: str = "out.csv") -> list[dict[str, str]]:
        with (self.folder / name).open(encoding="utf-8-sig", newline="") as lines:
            return list(csv.DictReader(lines))


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory, model: Path) -> _Run:
    """One run through a real process, as a user starts it; several tests look at it."""
    folder = tmp_path_factory.mktemp("run")
    images = folder / "images 颅脑"
    images.mkdir()
    for number in (1, 2, 10):
        grey = np.clip(Head(number, size=128).slice_at(0.5) * 3, 0, 255).astype(np.uint8)
        PilImage.fromarray(grey).save(images / f"{number}.png")
    whole = (images / "10.png").read_bytes()
    (images / "broken.png").write_bytes(whole[: len(whole) // 2])
    command = [sys.executable, "-m", "desktop.commands.cli", "screen", str(images)]
    command += ["--csv", str(folder / "out.csv"), "--model", str(model), "--threshold", "0.01"]
    command += ["--folders-are-series"]
    done = subprocess.run(
        [*command, "--device", "cuda"],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        check=False,
        env={"HOME": str(folder / "home"), "PATH": "", "PYTHONIOENCODING": "utf-8"},
    )
    return _Run(done.returncode, folder, done.stdout, done.stderr)


def test_every_file_is_a_row_in_natural_order(run: _Run) -> None:
    rows = run.rows()
    assert [Path(row["file_path"]).name for row in rows] == [
        "1.png",
        "2.png",
        "10.png",
        "broken.png",
    ]
    assert [row["status"] for row in rows] == ["ok", "ok", "ok", "failed"]
    assert all(Path(row["file_path"]).is_absolute() for row in rows)


def test_rows_without_a_result_are_said_by_the_exit_code(run: _Run) -> None:
    assert (run.code, run.err) == (1, "")


def test_the_threshold_is_applied(run: _Run) -> None:
    rows = run.rows()
    assert {row["threshold"] for row in rows} == {"0.01"}
    predicted = [float(row["probability_hemorrhage"]) >= 0.01 for row in rows[:3]]
    assert [row["prediction"] for row in rows] == [*(str(int(each)) for each in predicted), ""]


def test_series_and_sidecar_lie_beside_the_table(run: _Run) -> None:
    [series] = run.rows("out.series.csv")
    assert (series["n_images"], series["n_failed"]) == ("4", "1")
    said = json.loads((run.folder / "out.csv.json").read_text("ascii"))
    assert (said["finished"], said["files_found"], said["rows_written"]) == (True, 4, 4)


def test_the_sidecar_says_that_the_user_took_folders_for_series(run: _Run) -> None:
    sidecar = json.loads((run.folder / "out.csv.json").read_text(encoding="utf-8"))
    assert (sidecar["folders_are_series"], sidecar["grouped_by_name"]) == (True, "")


def _heads(folder: Path, count: int) -> Path:
    """A folder with that many slices of generated heads."""
    folder.mkdir()
    for seed in range(count):
        grey = np.clip(Head(seed, size=64).slice_at(0.5) * 3, 0, 255).astype(np.uint8)
        PilImage.fromarray(grey).save(folder / f"{seed}.png")
    return folder


def _flat_folder(folder: Path) -> Path:
    """Two images of each of two patients, and one whose name fits neither."""
    folder.mkdir()
    for seed, name in enumerate(("A_1", "A_2", "B_1", "B_2", "note")):
        grey = np.clip(Head(seed, size=128).slice_at(0.5) * 3, 0, 255).astype(np.uint8)
        PilImage.fromarray(grey).save(folder / f"{name}.png")
    return folder


@pytest.mark.usefixtures("no_children")
def test_unidentified_images_are_grouped_by_name_where_the_user_says_so(
    tmp_path: Path, model: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    images, out = _flat_folder(tmp_path / "flat"), tmp_path / "out.csv"
    command = ["screen", str(images), "--csv", str(out), "--model", str(model), "--device", "cpu"]
    assert main(command) == 0
    found = _Run(0, tmp_path, capsys.readouterr().out, "")
    assert [row["status"] for row in found.rows("out.series.csv")] == [
        "patients cannot be distinguished"
    ]
    assert str(Message(CommandCode.COULD_GROUP, pattern="{patient}_*")) in found.out
    assert main([*command, "--group-by-name", "{patient}_*"]) == 0
    found = _Run(0, tmp_path, capsys.readouterr().out, "")
    rows = found.rows("out.series.csv")
    assert [(row["name_group"], row["n_images"]) for row in rows] == [("A", "2"), ("B", "2")]
    assert all(row["probability_hemorrhage"] for row in rows)
    told = Message(CommandCode.GROUPED, pattern="{patient}_*", groups=2, without=1)
    assert str(told) in found.out
    sidecar = json.loads((tmp_path / "out.csv.json").read_text(encoding="utf-8"))
    assert (sidecar["folders_are_series"], sidecar["grouped_by_name"]) == (False, "{patient}_*")


def test_the_summary_says_what_a_reader_must_know(run: _Run) -> None:
    assert "4 images of 4 files: 3 ok, 1 failed." in run.out
    assert "assessed images are flagged (score ≥ 1.0 %)." in run.out
    assert "Research use. Notification only, not for primary diagnosis." in run.out
    assert "broken.png" in run.out


def test_a_series_is_printed_and_written_with_the_same_threshold_and_result(run: _Run) -> None:
    [row] = run.rows("out.series.csv")
    [line] = [line for line in run.out.splitlines() if line.startswith("images 颅脑 ")]
    score = 100 * float(row["probability_hemorrhage"])
    threshold = 100 * float(row["series_threshold"])
    result = ["uncertain, slices only", "flagged"][int(row["prediction"])]
    flagged = sum(each["prediction"] == "1" for each in run.rows())
    assert " ".join(line.removeprefix("images 颅脑").split()) == (
        f"{result} {flagged} of 3 {score:.1f} % 3 images assessed. The series is flagged when at "
        f"least 1 score ≥ {threshold:.2f} %."
    )
    assert str(NO_LABELLED_SERIES) in run.out


def test_cuda_that_is_not_there_is_said_on_screen_and_in_the_table(run: _Run) -> None:
    assert "CUDA was asked for, but" in run.out
    providers = {row["execution_provider"] for row in run.rows() if row["status"] == "ok"}
    assert len(providers) == 1
    assert "CPUExecutionProvider: CUDA was asked for, but" in providers.pop()


def test_the_log_counts_and_names_nobody(run: _Run) -> None:
    [log] = (run.folder / "home").rglob("cranioscope.log")
    assert "screened 4 rows, 1 without result" in log.read_text("utf-8")
    assert "png" not in log.read_text("utf-8")


@pytest.mark.usefixtures("no_children")
def test_all_read_is_exit_code_0(tmp_path: Path, model: Path) -> None:
    grey = np.clip(Head(3, size=64).slice_at(0.5) * 3, 0, 255).astype(np.uint8)
    PilImage.fromarray(grey).save(tmp_path / "a.png")
    arguments = ["screen", str(tmp_path / "a.png"), "--csv", str(tmp_path / "out.csv")]
    arguments += ["--series-csv", str(tmp_path / "s.csv"), "--model", str(model)]
    assert main(arguments) == 0
    assert sorted(path.name for path in tmp_path.glob("*.csv*")) == [
        "out.csv",
        "out.csv.json",
        "s.csv",
    ]


@pytest.mark.usefixtures("no_children")
def test_files_that_come_with_images_leave_exit_code_0(tmp_path: Path, model: Path) -> None:
    folder = tmp_path / "cd"
    folder.mkdir()
    grey = np.clip(Head(3, size=64).slice_at(0.5) * 3, 0, 255).astype(np.uint8)
    PilImage.fromarray(grey).save(folder / "a.png")
    for name in ("AUTORUN.INF", ".DS_Store", "V.EXE"):
        (folder / name).write_bytes(b"MZ")
    out = tmp_path / "out.csv"
    assert main(["screen", str(folder), "--csv", str(out), "--model", str(model)]) == 0
    with out.open(encoding="utf-8-sig") as lines:
        states = [row["status"] for row in csv.DictReader(lines)]
    assert sorted(states) == ["ok", "skipped", "skipped", "skipped"]


def _foreign(folder: Path, model: Path, name: str) -> list[str]:
    (folder / "in").mkdir()
    (folder / "in" / "empty.png").touch()
    (folder / name).write_text("mine")
    return [
        *("screen", str(folder / "in")),
        *("--csv", str(folder / "images.csv"), "--model", str(model)),
    ]


@pytest.mark.usefixtures("no_children")
@pytest.mark.parametrize("name", ["images.csv", "series.csv", "images.csv.json"])
def test_a_file_that_is_not_ours_is_replaced_only_with_overwrite(
    tmp_path: Path, model: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    arguments = _foreign(tmp_path, model, name)
    assert main(arguments) == 2
    assert "--overwrite" in capsys.readouterr().err
    assert (tmp_path / name).read_text() == "mine"
    assert main([*arguments, "--overwrite"]) == 1
    assert (tmp_path / name).read_text(encoding="utf-8-sig") != "mine"


@pytest.mark.usefixtures("no_children")
def test_the_same_command_twice_replaces_its_own_tables(tmp_path: Path, model: Path) -> None:
    (tmp_path / "empty.png").touch()
    arguments = ["screen", str(tmp_path), "--csv", str(tmp_path / "images.csv")]
    codes = [main([*arguments, "--model", str(model)]) for _ in range(2)]
    assert codes == [1, 1]


@pytest.mark.usefixtures("no_children")
@pytest.mark.parametrize("opened", ["in", "in/empty.png"])
def test_an_input_is_never_replaced(
    tmp_path: Path, model: Path, capsys: pytest.CaptureFixture[str], opened: str
) -> None:
    _foreign(tmp_path, model, "in/empty.png")
    arguments = ["screen", str(tmp_path / opened), "--csv", str(tmp_path / "in" / "empty.png")]
    assert main([*arguments, "--model", str(model), "--overwrite"]) == 2
    assert "one of the opened files" in capsys.readouterr().err
    assert (tmp_path / "in" / "empty.png").read_text() == "mine"


def _arguments(folder: Path, model: Path) -> dict[str, list[str]]:
    (folder / "image.png").touch()
    (folder / "nothing").mkdir()
    (folder / "bad.onnx").write_bytes(b"no model")
    images, out, ours = str(folder / "image.png"), str(folder / "out.csv"), str(model)
    return {
        "bad model": [images, "--csv", out, "--model", str(folder / "bad.onnx")],
        "no model": [images, "--csv", out, "--model", str(folder / "none.onnx")],
        "no such path": [str(folder / "typo"), "--csv", out, "--model", ours],
        "no files": [str(folder / "nothing"), "--csv", out, "--model", ours],
        "no folder": [images, "--csv", str(folder / "none" / "out.csv"), "--model", ours],
    }


@pytest.mark.usefixtures("no_children")
@pytest.mark.parametrize(
    ("case", "words"),
    [
        ("bad model", "damaged or cut short"),
        ("no model", "no model file none.onnx"),
        ("no such path", "typo does not exist"),
        ("no files", "No files were found"),
        ("no folder", "out.csv cannot be written: its folder does not exist"),
    ],
)
def test_nothing_done_is_exit_code_2_and_a_sentence(
    tmp_path: Path, model: Path, capsys: pytest.CaptureFixture[str], case: str, words: str
) -> None:
    assert main(["screen", *_arguments(tmp_path, model)[case]]) == 2
    said = capsys.readouterr()
    assert words in said.err
    assert said.out == ""
    assert not (tmp_path / "out.csv").exists()


def test_where_no_child_can_start_nothing_is_done_and_a_sentence_says_why(
    tmp_path: Path, model: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def no_locks(_: BaseContext) -> None:
        raise OSError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(BaseContext, "RLock", no_locks)
    (tmp_path / "a.png").touch()
    out = tmp_path / "out.csv"
    assert main(["screen", str(tmp_path), "--csv", str(out), "--model", str(model)]) == 2
    assert "No process can be started that reads the files: Perm" in capsys.readouterr().err
    assert not out.exists()


@pytest.mark.usefixtures("no_children")
def test_what_a_long_run_found_is_not_lost_when_the_table_is_locked(
    tmp_path: Path,
    model: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "empty.png").touch()
    rename = Path.replace

    def locked(source: Path, target: Path) -> Path:
        if target.name == "out.csv":
            raise PermissionError(13, "Permission denied")
        return rename(source, target)

    monkeypatch.setattr(Path, "replace", locked)
    images, out = str(tmp_path / "empty.png"), str(tmp_path / "out.csv")
    assert main(["screen", images, "--csv", out, "--model", str(model)]) == 2
    assert "such as Excel" in capsys.readouterr().err
    assert (tmp_path / "out-2.csv").exists()


def _interrupting(at: str) -> type:
    """A line of progress in which Ctrl+C is pressed: at the nth ``show``, or at ``clear``."""

    class _Line:
        def __init__(self, *_: object, **__: object) -> None:
            self.shown = 0

        def show(self) -> None:
            self.shown += 1
            if str(self.shown) == at:
                signal.raise_signal(signal.SIGINT)

        def clear(self) -> None:
            if at == "clear":
                signal.raise_signal(signal.SIGINT)

    return _Line


@pytest.mark.usefixtures("no_children")
@pytest.mark.parametrize("has_home", [True, False])
def test_where_the_folder_has_gone_the_table_is_at_home(
    tmp_path: Path,
    model: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    has_home: bool,
) -> None:
    """The current folder, which comes before, has gone with it."""
    out, home = tmp_path / "gone" / "out.csv", tmp_path / "home"
    out.parent.mkdir()
    monkeypatch.chdir(out.parent)
    export = run_module.Run.export

    def late(run: run_module.Run, *arguments: Any) -> None:
        if out.parent.exists():
            out.parent.rmdir()
        if not has_home:
            shutil.rmtree(home, ignore_errors=True)
        export(run, *arguments)

    monkeypatch.setattr(run_module.Run, "export", late)
    images = str(_heads(tmp_path / "in", 1))
    assert main(["screen", images, "--csv", str(out), "--model", str(model)]) == 2
    told = [Message(ReportCode.NO_FOLDER, name="out.series.csv")]
    if has_home:
        told.insert(0, Message(CommandCode.RESCUED, path=str(home / "out-2.csv")))
    assert capsys.readouterr().err == "".join(f"cranioscope: {each}\n" for each in told)
    assert (home / "out-2.csv").exists() is has_home


@pytest.mark.usefixtures("no_children")
@pytest.mark.parametrize("at", ["2", "7", "clear"])
def test_ctrl_c_keeps_what_was_done_however_often_it_is_pressed(
    tmp_path: Path,
    model: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    at: str,
) -> None:
    """While headers are read, while images are scored, and when all of it is done."""
    images = _heads(tmp_path / "in", 5)
    group = run_module.Run.group

    def impatient(run: run_module.Run) -> object:
        if run.progress.done or run.progress.headers < 5:  # the second time of pressing
            signal.raise_signal(signal.SIGINT)
        return group(run)

    monkeypatch.setattr("desktop.commands.progress_line.ProgressLine", _interrupting(at))
    monkeypatch.setattr(run_module.Run, "group", impatient)
    out = tmp_path / "out.csv"
    before = signal.getsignal(signal.SIGINT)
    code = main(["screen", str(images), "--csv", str(out), "--model", str(model)])
    stopped = at != "clear"
    assert code == int(stopped)
    assert json.loads((tmp_path / "out.csv.json").read_text("ascii"))["finished"] is not stopped
    assert ("Stopped early" in capsys.readouterr().out) is stopped
    assert signal.getsignal(signal.SIGINT) is before


@pytest.mark.usefixtures("no_children")
@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (
            SandboxError(Message(SandboxCode.NO_PROCESS, reason="no memory")),
            "Broken off. No process can be started",
        ),
        (LookupError("Doe^Jane"), "Broken off. Ended unexpectedly (LookupError)"),
        (MemoryError(), "Broken off. Ended unexpectedly (MemoryError)"),
    ],
)
def test_what_was_found_before_the_work_broke_off_is_kept(
    tmp_path: Path,
    model: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    fault: Exception,
    told: str,
) -> None:
    """Whatever broke it off; a fault of the program is logged without its words."""
    images = _heads(tmp_path / "in", 2)

    def broken(*arguments: Any) -> Iterator[Scored]:
        yield next(scoring.score(*arguments))
        raise fault

    monkeypatch.setattr(run_module, "score", broken)
    out = tmp_path / "out.csv"
    assert main(["screen", str(images), "--csv", str(out), "--model", str(model)]) == 1
    rows = list(csv.DictReader(out.read_text("utf-8-sig").splitlines()))
    assert sorted(row["status"] for row in rows) == ["ok", "skipped"]
    assert json.loads((tmp_path / "out.csv.json").read_text("ascii"))["finished"] is False
    assert told in capsys.readouterr().err
    [log] = (tmp_path / "home").rglob("cranioscope.log")
    assert "Doe" not in log.read_text("utf-8")


@pytest.mark.usefixtures("no_children")
def test_what_breaks_off_before_the_first_result_writes_nothing(
    tmp_path: Path,
    model: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    images = _heads(tmp_path / "in", 1)

    def broken(*_: object) -> Iterator[Scored]:
        raise SandboxError(Message(SandboxCode.NO_PROCESS, reason="no memory"))
        yield

    monkeypatch.setattr(run_module, "score", broken)
    out = tmp_path / "out.csv"
    assert main(["screen", str(images), "--csv", str(out), "--model", str(model)]) == 2
    assert "No process can be started" in capsys.readouterr().err
    assert not out.exists()


@pytest.mark.usefixtures("no_children")
def test_a_path_that_may_not_be_looked_at_is_a_row(tmp_path: Path, model: Path) -> None:
    out = tmp_path / "out.csv"
    path = str(tmp_path / ("x" * 300))
    assert main(["screen", path, "--csv", str(out), "--model", str(model)]) == 1
    assert "File name too long" in out.read_text("utf-8-sig")


@pytest.mark.usefixtures("no_children")
@pytest.mark.parametrize(
    ("chosen", "system", "said"),
    [
        ([], "zh_CN.UTF-8", "图像为空白"),
        (["--language", "zh_CN"], "C", "图像为空白"),
        (["--language", "en"], "zh_CN.UTF-8", "The image is blank"),
    ],
)
def test_the_terminal_speaks_the_language_and_the_table_stays_as_it_is(
    tmp_path: Path,
    model: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    chosen: list[str],
    system: str,
    said: str,
) -> None:
    monkeypatch.setenv("LC_ALL", system)
    PilImage.fromarray(np.zeros((64, 64), np.uint8)).save(tmp_path / "a.png")
    images, out = str(tmp_path / "a.png"), tmp_path / "out.csv"
    try:
        assert main(["screen", images, "--csv", str(out), "--model", str(model), *chosen]) == 1
    finally:
        choose_language("en")
    assert said in capsys.readouterr().out
    [row] = csv.DictReader(out.read_text("utf-8-sig").splitlines())
    assert (row["status"], row["status_reason"]) == ("refused", str(_BLANK))
