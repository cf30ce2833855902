"""Many images read at once, in child processes, with results in the images' order."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from pathlib import Path
from typing import TypeVar

FEW = 500
"""Up to so many images, child processes cost more time than they save."""
AT_ONCE = 32
"""Images that a child is given together."""

Read = TypeVar("Read")


class InputError(Exception):
    """Labelled images cannot be read; the message names each of them, one a line."""


def read_each(
    read: Callable[[Path], Read], paths: Sequence[Path], workers: int = 0
) -> Iterator[Read]:
    """What ``read`` makes of each path, in their order; in this process where they are FEW.

    ``workers``: processes at once; 0: one a core. Raises InputError where one of them dies, killed
    by the system for its memory or by a decoder that a file makes fail.
    """
    if len(paths) <= FEW:
        yield from map(read, paths)
        return
    done = 0
    try:
        # Spawned, not forked: the parent may hold threads of torch or onnxruntime, which a fork
        # would break.
        context = get_context("spawn")
        with ProcessPoolExecutor(workers or os.cpu_count(), mp_context=context) as pool:
            for result in pool.map(read, paths, chunksize=AT_ONCE):
                yield result
                done += 1
    except BrokenProcessPool as error:
        raise InputError(_died(paths[done], done, len(paths))) from error


def _died(first: Path, done: int, count: int) -> str:
    return (
        f"A process that reads images has died, after {done} of {count} of them. The computer may "
        "have run out of memory: close other programs and give the same command again. To train "
        "with less memory, add --set hardware.workers=1. Where it dies again at the same place, a "
        f"file there may be damaged: look at {first} and those after it."
    )
