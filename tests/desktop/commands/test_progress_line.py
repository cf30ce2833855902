from __future__ import annotations

import errno
import io
import itertools

import pytest

from desktop.commands.progress_line import ProgressLine
from desktop.engine.progress import Progress


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
        "1 of 20 images",
        "2 of 20 images, 90 s left",
        "",
        "",
    ]


@pytest.mark.parametrize(("listed", "headers"), [(False, 9), (True, 8)])
def test_while_headers_are_read_they_are_counted(listed: bool, headers: int) -> None:
    terminal = _Terminal()
    ProgressLine(terminal, Progress(files=9, headers=headers, found=9, listed=listed)).show()
    assert terminal.getvalue().strip() == f"{headers} of 9 headers"


@pytest.mark.parametrize(("stream", "quiet"), [(io.StringIO, False), (_Terminal, True)])
def test_elsewhere_progress_is_silent(stream: type[io.StringIO], quiet: bool) -> None:
    output = stream()
    line = ProgressLine(output, Progress(found=1, done=1), quiet)
    line.show()
    line.clear()
    assert output.getvalue() == ""


class _GoneTerminal(_Terminal):
    """As after the end of a connection."""

    tries = 0

    def write(self, text: str) -> int:
        self.tries += 1
        raise OSError(errno.EIO, "Input/output error")


def test_a_terminal_that_has_gone_ends_the_line_and_not_the_work() -> None:
    terminal = _GoneTerminal()
    line = ProgressLine(terminal, Progress(files=9, headers=8, clock=itertools.count().__next__))
    for _ in range(3):
        line.show()
    line.clear()
    assert terminal.tries == 1
