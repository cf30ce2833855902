"""Reads all slices of a series into a volume, in child processes, one after the other."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from pathlib import Path

import numpy as np

from desktop.engine.decoder import Decoder, is_done
from desktop.jobs.job import Stopping
from imaging.errors import ImageError
from imaging.stack import Slice, Stack, check_slice, read_slice, slice_failed
from imaging.volume import Volume

AHEAD = 4
"""Slices asked for at once: enough to keep the children busy, few enough to bound the memory."""


def load_volume(
    decoder: Callable[[], Decoder],
    stack: Stack,
    files: Sequence[tuple[Path, int]],
    stopping: Stopping,
) -> Iterator[int | Volume]:
    """How many slices have been read, after each of them, and at the end the volume.

    ``files``: path and frame of each slice, in the stack's order. Ends early, without a volume,
    when it is stopped. Raises VolumeError for a slice that cannot be read or is another one now.
    """
    first = stack.headers[0]
    values = np.empty((len(files), first.rows, first.columns), dtype=np.int16)
    asked: deque[Future[Slice]] = deque()
    rest = iter(files)
    try:
        for number, listed in enumerate(stack.headers):
            for path, frame in rest:
                asked.append(decoder().submit(read_slice, path, frame))
                if len(asked) == AHEAD:
                    break
            future = asked.popleft()
            if not is_done(future, stopping):
                future.cancel()
                return
            read = _read(future)
            check_slice(listed, read)
            values[number] = read.values
            yield number + 1
    finally:
        for future in asked:
            future.cancel()
    yield Volume(stack, values)


def _read(future: Future[Slice]) -> Slice:
    try:
        return future.result()
    except ImageError as error:
        raise slice_failed(error.problem) from error
