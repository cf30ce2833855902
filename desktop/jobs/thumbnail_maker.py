"""ThumbnailMaker: makes the thumbnails on screen again that are not kept any more."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Qt, Signal, Slot

from desktop.engine.decoder import Decoder
from desktop.engine.thumbnails import Thumbnails
from imaging.input.prepare import read_thumbnail
from imaging.sandbox.sandbox import SandboxError

AT_ONCE = 2
"""Thumbnails that are made at a time, so that they keep no child process from scoring for long."""
WAITING = 64
"""Most that wait: what is wanted last comes first, and what a list has scrolled past is left."""

Made = Future[tuple[str, NDArray[np.uint8]]]


class ThumbnailMaker(QObject):
    """Reads images in child processes; ``made`` follows each that gave a thumbnail.

    What gave none, or is of other content than was asked for, is not asked for again.
    """

    made = Signal(int)
    """The image."""
    _came = Signal(int, object)
    """An image and its future, in the window's thread."""

    def __init__(self, decoder: Callable[[], Decoder], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._decoder = decoder
        self._thumbnails = Thumbnails()
        self._waiting: OrderedDict[int, tuple[Path, int, str]] = OrderedDict()
        """File, frame and SHA-256 of the images that are wanted, the latest last."""
        self._reading: dict[int, tuple[Made, str]] = {}
        self._given_up: set[int] = set()
        self._is_closed = False
        self._came.connect(self._take, Qt.ConnectionType.QueuedConnection)

    def begin(self, thumbnails: Thumbnails) -> None:
        """Keep what is made there from now on; what was wanted before is not made any more."""
        self._thumbnails = thumbnails
        self._waiting.clear()
        self._given_up.clear()
        for future, _ in self._reading.values():
            future.cancel()
        self._reading.clear()

    def close(self) -> None:
        """Make no more."""
        self.begin(Thumbnails())
        self._is_closed = True

    def want(self, image: int, path: Path, frame: int, sha256: str) -> None:
        """Make the thumbnail of an image whose file has that content."""
        if self._is_closed or image in self._reading or image in self._given_up:
            return
        self._waiting[image] = path, frame, sha256
        self._waiting.move_to_end(image)
        if len(self._waiting) > WAITING:
            self._waiting.popitem(last=False)
        self._go_on()

    def _go_on(self) -> None:
        while self._waiting and len(self._reading) < AT_ONCE:
            image, (path, frame, sha256) = self._waiting.popitem()
            try:
                future = self._decoder().submit(read_thumbnail, path, frame)
            except SandboxError:
                self._given_up.add(image)
                return
            self._reading[image] = future, sha256
            future.add_done_callback(partial(self._tell, image))

    def _tell(self, image: int, future: Made) -> None:
        """In whatever thread the future ends."""
        if not future.cancelled():
            self._came.emit(image, future)

    @Slot(int, object)
    def _take(self, image: int, future: Made) -> None:
        known = self._reading.get(image)
        if known is None or known[0] is not future:
            return
        del self._reading[image]
        found = None if future.exception() is not None else future.result()
        if found is not None and found[0] == known[1]:
            self._thumbnails.keep(image, *found)
            self.made.emit(image)
        else:
            self._given_up.add(image)
        self._go_on()
