"""Planes: the volume of the selected series, and where its coronal and sagittal planes lie."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
from PySide6.QtCore import QObject, Signal, Slot

from desktop.engine.content_keys import OfContent
from desktop.jobs.running import Running
from desktop.jobs.volume import load_volume
from desktop.state.selection import Selection
from desktop.state.workspace import Workspace
from desktop.text.language import text_of
from imaging.errors import Code, Problem
from imaging.image import Image
from imaging.messages import Message
from imaging.series import Entry
from imaging.stack import Stack, VolumeError, slice_failed, stack_of
from imaging.volume import Blend, Direction, Slab, Volume
from model.listed_image import is_copy

THICKNESSES = (0.0, 3.0, 5.0, 10.0, 20.0)
"""Millimetres of the slabs on offer; 0 is one pixel."""


class Planes(QObject):
    """At most one volume at a time, of the selected series alone.

    It is read when planes are wanted, and let go as soon as the reader turns to another series. The
    cross-hair's height is always that of the selected slice; ``changed`` follows every change.
    """

    changed = Signal()

    def __init__(
        self, workspace: Workspace, selection: Selection, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._workspace, self._selection = workspace, selection
        self.is_wanted = False
        """Whether planes are to be shown."""
        self.volume: Volume | None = None
        self.slab = Slab()
        self.u = self.v = 0.0
        """Where the cross-hair is, in millimetres of the volume."""
        self.done = 0
        """How many slices have been read."""
        self._refusal: Message | str = ""
        self._stack: Stack | None = None
        self._rows: tuple[int, ...] = ()
        """The table's row of each slice, from the feet to the head."""
        self._series: tuple[int, ...] = ()
        """The rows of the series that all of this is of, in its order."""
        self._images: dict[Direction, tuple[int, Slab, Image]] = {}
        self._slice: tuple[int, Image] | None = None
        self._running = Running(self)
        self._running.ended.connect(self._on_ended)
        selection.changed.connect(self._follow)
        workspace.series_changed.connect(self._follow)

    @property
    def loading(self) -> tuple[int, int] | None:
        """How many slices have been read, and of how many; None while none is being read."""
        return (self.done, len(self._rows)) if self._running.busy else None

    @property
    def refusal(self) -> str:
        """Why there are no planes of this series, in the reader's language; else empty."""
        return self._refusal if isinstance(self._refusal, str) else text_of(self._refusal)

    @property
    def slice_number(self) -> int | None:
        """The selected slice, counted from the feet; of a copy that of its original."""
        image = self._selection.image
        if image in self._series and image not in self._rows:
            image = self._originals()[image]
        return self._rows.index(image) if image in self._rows else None

    @property
    def place(self) -> str:
        """Where the selected slice stands in its series, as in "12/28"."""
        image = self._selection.image
        return self._workspace.series.place(image) if image in self._series else ""

    # -- what the reader asks for

    def show(self, wanted: bool) -> None:
        """Have planes of whatever series is selected, or none any more.

        Without planes nothing is read on; a volume that is whole stays, so that its planes come
        back at once.
        """
        self.is_wanted = wanted
        if not wanted and self.volume is None:
            self._release()
        self._follow()
        self.changed.emit()

    def step(self, direction: Direction, count: int) -> None:
        """So many planes on (negative: back), to the end at most."""
        if self.volume is not None:
            last = self.volume.count(direction) - 1
            index = min(max(self.index(direction) + count, 0), last)
            at = self.volume.place_of(direction, index)
            if direction is Direction.CORONAL:
                self.v = at
            else:
                self.u = at
            self.changed.emit()

    def point_at_slice(self, x: float, y: float) -> None:
        """Put the cross-hair at a point of the selected slice, in the slice's pixels."""
        number = self.slice_number
        if self._stack is not None and number is not None and self.volume is not None:
            self.u, self.v = self._stack.from_pixel(number, x, y)
            self.changed.emit()

    def point_at_plane(self, direction: Direction, x: float, y: float) -> None:
        """Put the cross-hair at a point of a plane, and select the slice nearest to it."""
        if self.volume is None:
            return
        at, w = self.volume.from_pixel(direction, x, y)
        if direction is Direction.CORONAL:
            self.u = at
        else:
            self.v = at
        self._selection.select(self._rows[self.volume.stack.slice_near(w)])
        self.changed.emit()

    def change_slab(self, by: int) -> None:
        """The next thicker (negative: thinner) slab on offer."""
        at = min(max(THICKNESSES.index(self.slab.thickness) + by, 0), len(THICKNESSES) - 1)
        self.slab = replace(self.slab, thickness=THICKNESSES[at])
        self.changed.emit()

    def change_blend(self) -> None:
        """The mean in place of the maximum, or the other way round."""
        mean = self.slab.blend is Blend.MEAN
        self.slab = replace(self.slab, blend=Blend.MAXIMUM if mean else Blend.MEAN)
        self.changed.emit()

    # -- what is to be seen

    def index(self, direction: Direction) -> int:
        """Which plane the cross-hair is in."""
        return 0 if self.volume is None else self.volume.index_at(direction, self.u, self.v)

    def plane(self, direction: Direction) -> Image | None:
        """The plane through the cross-hair; the same object as long as it is the same plane."""
        if self.volume is None:
            return None
        index = self.index(direction)
        made = self._images.get(direction)
        if made is None or made[:2] != (index, self.slab):
            made = index, self.slab, self.volume.plane(direction, index, self.slab)
            self._images[direction] = made
        return made[2]

    def slice_image(self) -> Image | None:
        """The selected slice as it is in the volume, in whole HU; the same object for the same."""
        number = self.slice_number
        if self.volume is None or number is None:
            return None
        if self._slice is None or self._slice[0] != number:
            values = self.volume.values[number].astype(np.float32)
            self._slice = number, Image(self.volume.stack.headers[number], values)
        return self._slice[1]

    @property
    def slice_content(self) -> OfContent | None:
        """What the selected slice is known by; None as long as it has not been read."""
        shown, row = self._selection.shown, self._selection.row
        if shown is not None and shown.sha256:
            return shown
        return None if row is None else row.known

    def cross_hair(self, direction: Direction | None) -> tuple[float, float] | None:
        """X and y of the cross-hair in the pixels of a plane, or (None) of the selected slice."""
        number = self.slice_number
        if self.volume is None or number is None:
            return None
        if direction is None:
            return self.volume.stack.to_pixel(number, self.u, self.v)
        w = float(self.volume.stack.corners[number, 2])
        return self.volume.to_pixel(direction, self.u, self.v, w)

    # -- loading

    @Slot()
    def _follow(self) -> None:
        """Let go of the volume of another series; read that of this one where it is wanted."""
        series = self._workspace.series.number_of(self._selection.image)
        members = () if series is None else self._selection.members()
        if members != self._series:
            self._release()
            self._series = members
        if self.is_wanted and members and self._stack is None and not self._refusal:
            self._load()

    def _release(self) -> None:
        self._running.leave()
        self.volume = self._stack = self._slice = None
        self._refusal, self.done = "", 0
        self._rows = self._series = ()
        self._images.clear()
        self.changed.emit()

    def _load(self) -> None:
        distinct = tuple(dict.fromkeys(self._originals().values()))
        try:
            self._stack = stack_of(self._entries(distinct))
        except VolumeError as error:
            self._refusal = error.message
            self.changed.emit()
            return
        self._rows = tuple(distinct[member] for member in self._stack.members)
        self.done = 0
        table = self._workspace.table
        files = [(table.rows[row].path, table.rows[row].frame) for row in self._rows]
        loading = partial(load_volume, self._selection.decoder, self._stack, files)
        self._running.begin(loading, self._take)
        self.changed.emit()

    def _originals(self) -> dict[int, int]:
        """Each row of the series, with that of which it is a copy: mostly itself."""
        images, found = self._workspace.series.images, dict[int, int]()
        before: int | None = None
        for image in self._series:
            same = before is not None and is_copy(images[image], images[before])
            found[image] = found[before] if same and before is not None else image
            before = image
        return found

    def _entries(self, distinct: tuple[int, ...]) -> list[Entry]:
        entries: list[Entry] = []
        for image in distinct:
            row = self._workspace.table.rows[image]
            if row.header is None:
                problems = row.known.problems if row.known else ()
                raise slice_failed(problems[0] if problems else Problem(Code.CANNOT_READ))
            entries.append((row.path, row.header))
        return entries

    def _take(self, items: list[Any]) -> None:
        for item in items:
            if isinstance(item, Volume) and item.stack is self._stack:
                self.volume = item
                self.u, self.v = item.stack.middle
            elif isinstance(item, int):
                self.done = item
        self.changed.emit()

    @Slot(str)
    def _on_ended(self, error: str) -> None:
        self._refusal = error
        self.changed.emit()

    def close(self) -> None:
        """End the job."""
        self._running.close()
