"""Child processes of the sandbox: how they are begun and settled, and how one answers a call."""

from __future__ import annotations

import contextlib
import ctypes
import importlib
import multiprocessing
import os
import signal
import stat
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import lru_cache
from multiprocessing.context import BaseContext
from pathlib import Path
from typing import Any

from imaging.errors import Code, ImageError
from imaging.messages import Message

_DECODERS = ("imaging.input.prepare", "imaging.dicom.image")
"""What children work with; importing it takes longer than reading a hundred images."""
_STARTING = 2.0
"""Seconds after which a server that was begun listens on its socket."""
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3
"""Parameters of mallopt, as malloc.h numbers them."""


def context() -> BaseContext:
    """The way in which children are begun here.

    On Linux one server imports the decoders once, and children are forked from it in milliseconds,
    also those in place of dead ones. It holds no thread of ours, as a fork of the program itself
    would. Elsewhere, or where the server cannot start, each child begins from nothing.
    """
    return multiprocessing.get_context("forkserver" if start_server() else "spawn")


def start_server() -> bool:
    """Start the server that children are forked from, without waiting; False where there is none.

    It ends with the program.
    """
    if sys.platform != "linux":
        return False
    from multiprocessing import forkserver, resource_tracker

    sweep(Path(tempfile.gettempdir()), Path("/proc/net/unix"))
    forkserver.set_forkserver_preload(list(_DECODERS))
    try:
        resource_tracker.ensure_running()  # by itself it would let interrupts through again
        with _interrupts_held():
            forkserver.ensure_running()
    except OSError:  # its socket lies in the folder for temporary files
        return False
    return True


@contextlib.contextmanager
def _interrupts_held() -> Iterator[None]:
    """What is started within never hears of Ctrl+C, not even while it imports."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@lru_cache(maxsize=1)
def sweep(folder: Path, sockets: Path) -> None:
    """Take away the folders that servers of killed programs left, once.

    Such a folder (``pymp-*``, as multiprocessing names it) holds a socket and nothing else. It is
    left where no process listens on that, by the system's list in ``sockets``.
    """
    with contextlib.suppress(OSError):
        in_use = sockets.read_text("utf-8", "replace")
        now = time.time()
        for place in folder.glob("pymp-*"):
            state = place.lstat()
            is_ours = stat.S_ISDIR(state.st_mode) and state.st_uid == os.getuid()
            if is_ours and now - state.st_mtime > _STARTING and str(place) not in in_use:
                _remove_if_left(place)


def _remove_if_left(place: Path) -> None:
    with contextlib.suppress(OSError):
        inside = list(place.iterdir())
        if all(path.name.startswith("listener-") and path.is_socket() for path in inside):
            for path in inside:
                path.unlink()
            place.rmdir()


def settle(memory_bytes: int, niceness: int) -> None:
    """Prepare a child: import the decoders, then limit it to ``memory_bytes`` more than those.

    ``niceness``: how far it gives way to the program itself.
    """
    for module in _DECODERS:
        importlib.import_module(module)
    _be_silent()
    # A child that hangs inside a decoder must die of the signal itself, not of a Python handler.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    if sys.platform == "win32":
        return
    os.nice(niceness)
    _keep_freed_memory()
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core dump would hold a patient's image
    with contextlib.suppress(OSError, ValueError, IndexError):
        # Linux alone counts and limits the address space reliably.
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
        limit = pages * resource.getpagesize() + memory_bytes
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


def guarded(
    function: Callable[..., Any], arguments: tuple[Any, ...]
) -> tuple[Any, tuple[Code, str | Message, int] | None]:
    """The function's value, or the arguments of its ImageError; nothing is raised."""
    try:
        return function(*arguments), None
    except ImageError as error:
        return None, (error.problem.code, error.problem.detail, error.frames)
    except MemoryError:
        return None, (Code.OUT_OF_MEMORY, "", 1)
    except BaseException as error:  # noqa: BLE001  a decoder may raise even what is no Exception
        return None, (Code.DAMAGED, type(error).__name__, 1)


def _be_silent() -> None:
    """Drop what libraries write to stderr: of damaged files, libtiff tells values and names."""
    with contextlib.suppress(OSError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 2)
        os.close(nowhere)


def _keep_freed_memory() -> None:
    """Let glibc reuse an image's memory for the next one instead of fetching new pages for it.

    That is a third of the time of an uncompressed DICOM slice. Other C libraries have no mallopt.
    """
    with contextlib.suppress(OSError, AttributeError):
        library = ctypes.CDLL(None)
        library.mallopt(_M_MMAP_THRESHOLD, 32 << 20)
        library.mallopt(_M_TRIM_THRESHOLD, 64 << 20)
