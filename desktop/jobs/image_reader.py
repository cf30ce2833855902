"""ImageReader: the image that a reader turns to, and its neighbours before they are asked for."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from desktop.engine.decoder import Decoder
from desktop.jobs.job import told
from desktop.jobs.viewed_image import PATIENCE, Read, ViewedImage, viewed_image
from desktop.log import log
from imaging.errors import ImageError
from imaging.reading import read_hashed
from imaging.sandbox.sandbox import SandboxError

Place = tuple[Path, int]
"""A file and one of its frames."""

KEPT_BYTES = 160 << 20
"""Of pixels that are kept: 160 slices of 512×512."""
AT_ONCE = 2
"""Images that are read at a time, so that one child process is left for what is turned to."""


class ImageReader(QObject):
    """Reads images in child processes and keeps the latest, as many as ``KEPT_BYTES`` hold.

    Only the image that was asked for last arrives. What was read ahead is given at once when it is
    asked for. No more is read ahead than can be kept.
    """

    arrived = Signal(object)
    """A ViewedImage: the one that was asked for last."""
    failed = Signal(str)
    """Why no child process could be asked for it."""
    _came = Signal(object, object)
    """A place and its future, in the window's thread."""

    def __init__(self, decoder: Callable[[], Decoder], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._decoder = decoder
        self._wanted: Place | None = None
        """What was asked for and has not arrived."""
        self._near: tuple[Place, ...] = ()
        """What to read ahead, the next one first."""
        self._reading: dict[Place, Read] = {}
        self._left: set[Place] = set()
        """Of these, what nobody waits for any more."""
        self._kept: OrderedDict[Place, ViewedImage] = OrderedDict()
        """What was read, the least lately used first."""
        self._bytes = 0
        self._size = 0
        """Bytes of the image that was read last: those beside it will have as many."""
        self._came.connect(self._take, Qt.ConnectionType.QueuedConnection)

    @property
    def busy(self) -> bool:
        """Whether the image that was asked for is still to come."""
        return self._wanted is not None

    @property
    def kept_bytes(self) -> int:
        """Of all pixels that are kept now."""
        return self._bytes

    def ask(
        self, wanted: Place, near: Sequence[Place] = (), sha256: str = ""
    ) -> ViewedImage | None:
        """The image where it was read ahead; else it arrives. Those ``near`` are read after it.

        ``sha256``: what the file must hold where that is known, else what was kept is read again.
        """
        self._near = tuple(near)
        kept = self._kept.get(wanted)
        if kept is not None and (kept.image is None or sha256 not in ("", kept.sha256)):
            self._drop(wanted)
            kept = None
        self._wanted = wanted if kept is None else None
        if kept is None and wanted not in self._reading:
            self._begin(wanted)
        self._touch(wanted)
        self._read_ahead()
        self._leave()
        return kept

    def read_near(self, near: Sequence[Place]) -> None:
        """Read these ahead, now that they are known."""
        self._near = tuple(near)
        self._read_ahead()
        self._leave()

    def drop(self) -> None:
        """Ask for nothing any more; what is kept stays."""
        self._wanted, self._near = None, ()
        self._leave()

    def forget(self) -> None:
        """Ask for nothing any more, and keep nothing."""
        self.drop()
        self._kept.clear()
        self._bytes = self._size = 0

    # -- what is read

    def _begin(self, place: Place) -> None:
        try:
            future = self._decoder().submit(read_hashed, *place)
        except SandboxError as error:
            future = Future()
            future.set_exception(error)
        self._reading[place] = future
        future.add_done_callback(partial(self._tell, place))

    def _tell(self, place: Place, future: Read) -> None:
        """In whatever thread the future ends."""
        if not future.cancelled():
            self._came.emit(place, future)

    def _read_ahead(self) -> None:
        """Read what is near, as far as there is room for it."""
        for place in self._near[: self._room()]:
            if len(self._reading) >= AT_ONCE:
                return
            if place not in self._kept and place not in self._reading:
                self._begin(place)

    def _room(self) -> int:
        """Images beside the one on screen that can be kept; none while no size is known."""
        return max(KEPT_BYTES // self._size - 1, 0) if self._size else 0

    @Slot(object, object)
    def _take(self, place: Place, future: Read) -> None:
        if self._reading.get(place) is not future:
            return
        del self._reading[place]
        self._left.discard(place)
        is_wanted = place == self._wanted
        if is_wanted:
            self._wanted = None
        error = future.exception()
        if error is None or isinstance(error, ImageError):
            viewed = viewed_image(*place, future)
            self._keep(place, viewed)
            self._read_ahead()
            if is_wanted:
                self.arrived.emit(viewed)
        elif is_wanted:
            log.error("An image could not be asked for.", exc_info=error)
            self.failed.emit(told(error) if isinstance(error, Exception) else type(error).__name__)

    # -- what nobody waits for

    def _leave(self) -> None:
        """Give what was turned away from a moment to end; its child is stopped after that."""
        awaited = {self._wanted, *self._near}
        for place, future in self._reading.items():
            if place not in awaited and place not in self._left:
                self._left.add(place)
                QTimer.singleShot(round(1000 * PATIENCE), self, partial(self._stop, place, future))

    def _stop(self, place: Place, future: Read) -> None:
        if self._reading.get(place) is not future:
            return
        self._left.discard(place)
        if place != self._wanted and place not in self._near:
            del self._reading[place]
            future.cancel()

    # -- what is kept

    def _keep(self, place: Place, viewed: ViewedImage) -> None:
        """Keep it, and let go of what was not used for longest. A problem is kept as well.

        So what cannot be read is not read ahead again and again; asked for, it is.
        """
        self._drop(place)
        self._kept[place] = viewed
        self._size = _bytes(viewed) or self._size
        self._bytes += _bytes(viewed)
        while self._bytes > KEPT_BYTES:
            self._drop(next(iter(self._kept)))

    def _drop(self, place: Place) -> None:
        viewed = self._kept.pop(place, None)
        self._bytes -= 0 if viewed is None else _bytes(viewed)

    def _touch(self, wanted: Place) -> None:
        """What is near is let go last, and the image on screen after that."""
        for place in (*reversed(self._near), wanted):
            if place in self._kept:
                self._kept.move_to_end(place)


def _bytes(viewed: ViewedImage) -> int:
    """Of its pixels."""
    image = viewed.image
    if image is None:
        return 0
    return image.pixels.nbytes + (0 if image.colour is None else image.colour.nbytes)
