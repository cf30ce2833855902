from __future__ import annotations

import io
from pathlib import Path

import pytest

from desktop.engine.progress import Progress, ProgressLine
from desktop.engine.summary import SHOWN, plain, table, totals
from scans.errors import Code, Problem
from tests.make.findings import finding
from tests.make.tiny_model import tiny_card

CARD = tiny_card()


def test_the_most_suspicious_come_first_and_the_others_after_them() -> None:
    findings = [
        finding("/s/a/low.png", 0.125),
        finding("/s/a/broken.png", None, Problem(Code.DAMAGED), header=False),
        finding("/s/b/high.png", 0.75),
        finding("/s/b/near.png", 0.5),
        finding("/s/b/nearer.png", 0.4),
    ]
    lines = [line.split() for line in table(findings, CARD, 0.5)]
    assert lines == [
        ["scan", "probability", "verdict", "status", "reason"],
        ["b/high.png", "0.7500", "above", "ok"],
        ["b/near.png", "0.5000", "above,", "uncertain", "ok"],
        ["b/nearer.png", "0.4000", "below,", "uncertain", "ok"],
        ["a/low.png", "0.1250", "below", "ok"],
        ["a/broken.png", "failed", "The", "file", "is", "damaged", "or", "cut", "short."],
    ]


def test_rows_that_are_not_printed_are_counted() -> None:
    findings = [finding(f"/s/{n}.png", 0.5) for n in range(SHOWN + 7)]
    lines = table(findings, CARD, 0.5)
    assert len(lines) == SHOWN + 2
    assert lines[-1] == "... and 7 more with a probability"


def test_frames_are_told_apart_and_long_names_cut_in_front() -> None:
    lines = table([finding("/s/" + 60 * "x" + ".dcm", 0.5, frame=3, frames=9)], CARD, 0.5)
    assert lines[1].startswith("…xxx")
    assert "x.dcm #3  " in lines[1]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("颅脑 🧠.png", "颅脑 🧠.png"),
        ("a\x1b[2Jb", "a\\x1b[2Jb"),
        ("a\nb", "a\\nb"),
        ("\u202egnp", "\\u202egnp"),
        ("\udcff", "\\udcff"),
    ],
)
def test_text_cannot_steer_the_terminal(text: str, shown: str) -> None:
    assert plain(text) == shown


def test_totals_count_statuses_and_what_is_above() -> None:
    findings = [
        finding("/s/1", 0.5),
        finding("/s/2", 0.4),
        finding("/s/3", None, Problem(Code.BLANK)),
    ]
    lines = totals(findings, CARD, 0.5, Progress(files=3, found=3, listed=True))
    assert lines[0] == "3 rows of 3 files: 2 ok, 1 refused."
    assert lines[1] == "1 of 2 with a probability are at or above 0.5000."
    assert "sensitivity 80.0 % (16/20; 58.4 to 91.9 %)" in lines[2]


def test_totals_say_that_it_was_stopped() -> None:
    lines = totals([finding("/s/1", 0.5)], CARD, 0.5, Progress(files=9, found=9, listed=True))
    assert "Stopped early: the rest was not screened." in lines


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_is_one_line_on_a_terminal() -> None:
    now = iter([0.0, 1.0, 1.05, 5.0])
    progress = Progress(found=20, listed=True, clock=lambda: next(now))
    terminal = _Terminal()
    line = ProgressLine(terminal, progress)
    progress.row_done()
    line.show()
    line.show()  # too soon
    progress.row_done()
    progress.clock = lambda: 5.0
    line.show()
    line.clear()
    assert [text.strip() for text in terminal.getvalue().split("\r")] == [
        "",
        "1 of 20 rows",
        "2 of 20 rows, 90 s left",
        "",
        "",
    ]


def test_an_incomplete_total_is_said() -> None:
    terminal = _Terminal()
    ProgressLine(terminal, Progress(found=256, done=1)).show()
    assert terminal.getvalue().strip() == "1 of 256 or more rows"


@pytest.mark.parametrize(("stream", "quiet"), [(io.StringIO, False), (_Terminal, True)])
def test_elsewhere_progress_is_silent(stream: type[io.StringIO], quiet: bool) -> None:
    output = stream()
    line = ProgressLine(output, Progress(found=1, done=1), quiet)
    line.show()
    line.clear()
    assert output.getvalue() == ""


def test_paths_on_several_drives_are_shown_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    def several(paths: list[Path]) -> str:
        raise ValueError("Paths don't have the same drive")

    monkeypatch.setattr("os.path.commonpath", several)
    assert table([finding("/s/a.png", 0.5)], CARD, 0.5)[1].startswith("/s/a.png ")
