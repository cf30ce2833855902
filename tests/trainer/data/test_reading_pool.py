"""Images are read in their order by child processes, and one that dies is a sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.make.clinic import clinic
from tests.make.deadly import DEADLY, number_of
from tests.make.tiny_model import WHOLE, tiny_model
from trainer.__main__ import main
from trainer.data import reading_pool
from trainer.data.reading_pool import InputError, read_each


class Killed(ProcessPoolExecutor):
    """A pool whose first process is killed before it has given anything."""

    def map(self, fn: Callable[..., Any], *iterables: Iterable[Any], **how: Any) -> Iterator[Any]:
        """The results of the pool that has lost a process."""
        results = super().map(fn, *iterables, **how)
        next(iter(self._processes.values())).kill()
        return results


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two images are many enough for child processes."""
    monkeypatch.setattr(reading_pool, "FEW", 1)


def test_results_are_in_the_order_of_the_images() -> None:
    paths = [Path(str(number)) for number in range(80)]
    assert list(read_each(number_of, paths, 2)) == list(range(80))


def test_a_process_that_dies_at_a_file_ends_the_reading_with_what_to_do(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(reading_pool, "AT_ONCE", 2)
    paths = [Path(name) for name in ("0", "1", "2", DEADLY, "4", "5")]
    with pytest.raises(InputError) as caught:
        list(read_each(number_of, paths, 1))
    told = str(caught.value)
    assert "has died, after 2 of 6 of them" in told
    assert "close other programs and give the same command again" in told
    assert "look at 2 and those after it" in told


@pytest.mark.parametrize("command", ["train", "evaluate", "series"])
def test_every_command_that_reads_images_tells_of_a_killed_process(
    command: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    data = clinic(tmp_path / "clinic")
    table = data / "labels.csv"  # without patients, so that training looks for repeats at once
    table.write_text(table.read_text("utf-8").replace(",group,", ",room,"), "utf-8")
    monkeypatch.setattr(reading_pool, "ProcessPoolExecutor", Killed)
    model = str(tiny_model(tmp_path / "tiny.onnx", recipe=WHOLE))
    out = ["--out", str(tmp_path / "out")]
    given = ["--init", "none", "--device", "cpu"] if command == "train" else [command, model]
    arguments = [str(data), *given] if command == "train" else [*given, str(data)]
    assert main([*arguments, *out]) == 2
    told = capsys.readouterr().err
    assert "A process that reads images has died, after 0 of " in told
    assert "Traceback" not in told
