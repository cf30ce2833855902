from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from desktop.jobs.volume import AHEAD, load_volume
from imaging.errors import Code, ImageError
from imaging.image import Identity
from imaging.stack import Slice, VolumeCode, VolumeError, stack_of
from imaging.volume import Volume
from tests.make.volumes import COLUMNS, ROWS, listed

HEIGHTS = [2.0 * at for at in range(10)]


class Reader:
    """Gives each slice its number as value; fails or changes those it is told to."""

    def __init__(self) -> None:
        self.stack = stack_of(listed(HEIGHTS))
        self.files = [(Path(str(at)), 0) for at in range(len(HEIGHTS))]
        self.broken: int | None = None
        self.replaced: int | None = None
        self.silent = False
        self.asked: list[Future[Any]] = []

    def submit(self, function: Callable[..., Any], *arguments: Any) -> Future[Any]:
        future: Future[Any] = Future()
        self.asked.append(future)
        number = int(str(arguments[0]))
        header = self.stack.headers[number]
        if number == self.replaced:
            header = replace(header, identity=Identity(patient_id="another"))
        if number == self.broken:
            future.set_exception(ImageError(Code.DAMAGED))
        elif not self.silent:
            values = np.full((ROWS, COLUMNS), number, dtype=np.int16)
            future.set_result(Slice(header, values))
        return future

    def load(self, stopping: Callable[[], bool] = lambda: False) -> list[int | Volume]:
        return list(load_volume(lambda: self, self.stack, self.files, stopping))


def test_every_slice_is_counted_and_the_volume_comes_last() -> None:
    *counted, volume = Reader().load()
    assert counted == list(range(1, 11))
    assert isinstance(volume, Volume)
    assert volume.values[:, 3, 4].tolist() == list(range(10))


@pytest.mark.parametrize(
    ("fault", "code"),
    [({"broken": 6}, VolumeCode.SLICE_FAILED), ({"replaced": 6}, VolumeCode.CHANGED)],
)
def test_one_bad_slice_refuses_the_series(fault: dict[str, int], code: VolumeCode) -> None:
    reader = Reader()
    vars(reader).update(fault)
    with pytest.raises(VolumeError) as caught:
        reader.load()
    assert caught.value.message.code is code


def test_stopped_it_ends_without_a_volume_and_asks_for_no_more() -> None:
    reader = Reader()
    reader.silent = True
    assert reader.load(lambda: True) == []
    assert len(reader.asked) == AHEAD
    assert all(future.cancelled() for future in reader.asked)
