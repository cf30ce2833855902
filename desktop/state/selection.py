"""Selection: which image the reader looks at, how keys and wheel move on, and its pixels."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from desktop.jobs.image_jobs import heat_map
from desktop.jobs.image_reader import ImageReader, Place
from desktop.jobs.questions import Latest
from desktop.jobs.viewed_image import ViewedImage
from desktop.state.workspace import State, Workspace
from desktop.tables.row import Row
from imaging.errors import Code, Problem
from imaging.sandbox.sandbox import Sandbox
from model.listed_image import is_copy
from model.series_decision import Rank

LATE = 300
"""Milliseconds after which the image before gives way to the word that another is being read."""
CHILDREN = 3
"""Processes that read images: two may be reading ahead, or be busy with files that take long."""
AHEAD, BEHIND = 16, 4
"""Images of the series that are read before the reader turns to them, in the direction of travel
and against it."""


class Selection(QObject):
    """One row of the images table, or none. Wheel and keys never lead out of its series.

    ``image_read`` brings the selected image or its problem; ``heat`` its heat map, where one is
    wanted. What is selected is scored first. Until its image is there the one before stays on
    screen for a moment, and all that is said beside an image is of ``on_screen``. Nothing is kept
    of a reading meanwhile: see ``may_act``. The images next to it are read ahead: to one of them
    the turn is immediate.
    """

    changed = Signal()
    """Another row, or something else is known of the selected one."""
    on_screen_changed = Signal()
    """The same of ``on_screen``; after ``image_read`` where both are due."""
    image_read = Signal(object)
    heat = Signal(object)
    heat_failed = Signal(str)
    """The sentence that says why there is no heat map."""
    acted_early = Signal()
    """The reader has acted on the selected image before it was on screen: nothing was done."""

    def __init__(
        self,
        workspace: Workspace,
        sandbox: Callable[[], Sandbox],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._workspace, self._table = workspace, workspace.table
        self.image: int | None = None
        """The selected image, by its row in the table; ``row`` is what is known of it."""
        self.shown: ViewedImage | None = None
        self._pixels_of: int | None = None
        """The row whose image is on screen; None while none is."""
        self._late = QTimer(self)
        self._late.setSingleShot(True)
        self._late.setInterval(LATE)
        self._late.timeout.connect(self._give_way)
        self._is_chosen = False
        """Whether the reader has turned to it; the first image opens by itself."""
        self._seen: dict[int, float] = {}
        """When each series was on screen first, as ``time.monotonic`` says."""
        self._heat_wanted = False
        self._make_sandbox = sandbox
        self._sandbox: Sandbox | None = None
        self._key_images: tuple[tuple[int, ...], list[int]] | None = None
        """The key images of a series' members, until one of them is none any more, or one more."""
        self._images = ImageReader(self.decoder, self)
        self._images.arrived.connect(self._take_image)
        self._images.failed.connect(self._take_failure)
        self._heats = Latest(self)
        self._heats.arrived.connect(self.heat)
        self._heats.failed.connect(self.heat_failed)
        self._table.modelReset.connect(self.clear)
        self._table.rowsInserted.connect(self._on_inserted)
        self._table.altered.connect(self._on_altered)
        workspace.worklist.modelReset.connect(self._pin)
        workspace.series.regrouping.connect(self._seen.clear)
        workspace.state_changed.connect(self._on_state)
        workspace.model_changed.connect(self.ask_heat)

    @property
    def row(self) -> Row | None:
        """The selected row."""
        return None if self.image is None else self._table.rows[self.image]

    @property
    def on_screen(self) -> int | None:
        """The row whose image is on screen, or the selected one while no image is.

        Nothing else may be said beside the image: at a quick turn it lags behind the selection.
        """
        return self.image if self._pixels_of is None else self._pixels_of

    @property
    def is_settled(self) -> bool:
        """Whether what is on screen is the selected row's: its image, or why it has none."""
        return self.shown is not None

    def may_act(self) -> bool:
        """Whether the reader may act on the selected image or its series now.

        Before it is on screen nobody knows which of two images was meant, the one that is still
        there or the one that was turned to: then it is False, and ``acted_early`` tells of it.
        """
        if not self.is_settled:
            self.acted_early.emit()
        return self.is_settled

    @property
    def is_late(self) -> bool:
        """Whether the selected image is being read and the one before has left the screen."""
        return self.row is not None and self.shown is None and self._pixels_of is None

    @property
    def series(self) -> int | None:
        """The selected image's series; None as long as that is not known."""
        return self._workspace.series.number_of(self.image)

    @property
    def series_on_screen(self) -> int | None:
        """The series of ``on_screen``; None as long as that is not known."""
        return self._workspace.series.number_of(self.on_screen)

    @property
    def is_read(self) -> bool:
        """Whether the reader has read the series on screen."""
        series = self.series_on_screen
        return series is not None and self._workspace.readings.is_read(series)

    @Slot()
    def _pin(self) -> None:
        """No filter hides the selected image's series; where that is on screen, it is seen."""
        self._workspace.worklist.order.pinned = self.series
        self._see()

    def _see(self) -> None:
        if self.series is not None and self.is_settled:
            self._seen.setdefault(self.series, time.monotonic())

    @property
    def busy(self) -> bool:
        """Whether an image or a heat map is still to come."""
        return self._images.busy or self._heats.busy

    def prepare(self) -> None:
        """Start what reads images, so that the first one need not wait for it."""
        self.decoder().start_children()

    def close(self) -> None:
        """End every job and every child process."""
        self._images.drop()
        self._heats.stop()
        if self._sandbox is not None:
            self._sandbox.close()

    # -- moving

    def select(self, image: int | None) -> None:
        """Turn to a row of the images table."""
        if image == self.image:
            return
        self._is_chosen = True
        near = [] if image is None else self._near(image)
        self.image = image
        self._heats.drop()
        self.shown = None
        self._pin()
        if image is not None:
            self._workspace.look_at(image)
        ready = self._ask(near)
        if ready is not None:
            self._put(ready)
        self.changed.emit()
        if self.shown is not None:
            self._tell_image(self.shown)
        elif self._pixels_of is None:
            self.on_screen_changed.emit()

    def _ask(self, near: list[Place]) -> ViewedImage | None:
        """Have the selected row's image read, or (given back) have it at once."""
        row = self.row
        if row is None:
            self._pixels_of = None
            self._late.stop()
            self._images.drop()
            return None
        sha256 = "" if row.known is None else row.known.sha256
        ready = self._images.ask((row.path, row.frame), near, sha256)
        if ready is None and not self._late.isActive():
            self._late.start()
        return ready

    def _near(self, image: int) -> list[Place]:
        """What to read ahead beside a row, the likeliest first: on in the direction of travel."""
        series = self._workspace.series
        members, here = series.members_with(image), series.place_of(image)
        is_back = self._is_back(image)
        before, after = members[max(here - AHEAD, 0) : here][::-1], members[here + 1 :][:AHEAD]
        ahead, behind = (before, after) if is_back else (after, before)
        order = (*ahead[:1], *behind[:1], *ahead[1:AHEAD], *behind[1:BEHIND])
        rows = (self._table.rows[member] for member in order)
        return [(row.path, row.frame) for row in rows]

    def _is_back(self, image: int) -> bool:
        """Whether a row comes before the selected one in the same series."""
        series = self._workspace.series
        if self.image is None or series.number_of(image) is None:
            return False
        is_same = series.number_of(self.image) == series.number_of(image)
        return is_same and series.place_of(image) < series.place_of(self.image)

    @Slot()
    def clear(self) -> None:
        """Select nothing."""
        self._seen.clear()
        self.select(None)
        self._images.forget()

    def step(self, count: int) -> None:
        """So many images on (negative: back) in the series, to its end at most.

        While the series of the selected image is not known, it stays.
        """
        if self.image is not None:
            self._take_it()
            self.select(self.onward(self.image, count))

    def onward(self, image: int, count: int) -> int:
        """The row so many images on (negative: back) from one of a series, to its end at most.

        A copy of the image before it counts for nothing: each content is met once.
        """
        images, members = self._workspace.series.images, self._workspace.series.members_with(image)
        place = reached = self._workspace.series.place_of(image)
        way, left = (1 if count > 0 else -1), abs(count)
        while left and 0 <= place + way < len(members):
            place += way
            if place == 0 or not is_copy(images[members[place]], images[members[place - 1]]):
                reached, left = place, left - 1
        return members[reached]

    def _take_it(self) -> None:
        """A key or the wheel is the reader's, also where it leads nowhere: what is shown stays."""
        if self.image is not None and self.shown is not None and not self._is_chosen:
            self._is_chosen = True
            self._workspace.look_at(self.image)

    def step_series(self, count: int) -> None:
        """To the next (negative: previous) series of the worklist, as it is shown.

        While the series of the selected image is not known, it stays.
        """
        if self.series is not None:
            self._turn_to(self._workspace.worklist.following(self.series, count))

    def step_unread(self, count: int) -> bool:
        """To the next (negative: previous) series of the worklist that is not read, round.

        False where there is no other.
        """
        readings = self._workspace.readings
        return self._step_to(count, lambda number: not readings.is_read(number))

    def step_flagged(self, count: int) -> bool:
        """To the next (negative: previous) series of the worklist that is flagged, round.

        False where there is no other.
        """
        series = self._workspace.series

        def flagged(number: int) -> bool:
            return series.rank(number) is Rank.FLAGGED

        return self._step_to(count, flagged)

    def seconds_seen(self) -> float | None:
        """Since the selected image's series was on screen first; None without one."""
        since = None if self.series is None else self._seen.get(self.series)
        return None if since is None else time.monotonic() - since

    def mark_read(self) -> None:
        """Mark the selected image's series as read, or take the mark back."""
        if self.series is not None and self.may_act():
            self._workspace.readings.mark_read(self.series, not self.is_read)
            self.changed.emit()

    def step_worklist(self, count: int) -> bool:
        """To the next (negative: previous) series that is flagged and not read, round.

        While scores are hidden none of them is flagged: to the next that is not read. False where
        there is no other.
        """
        series, readings = self._workspace.series, self._workspace.readings
        blinded = self._table.read_before_ai

        def wanted(number: int) -> bool:
            flagged = blinded or series.rank(number) is Rank.FLAGGED
            return flagged and not readings.is_read(number)

        return self._step_to(count, wanted)

    def _step_to(self, count: int, wanted: Callable[[int], bool]) -> bool:
        found = self._workspace.worklist.following(self.series, count, wanted)
        self._turn_to(found)
        return found is not None

    def key_images(self) -> list[int]:
        """The rows of the key images of the selected image's series, in its order."""
        return self._key_images_of(self.image)

    def key_images_on_screen(self) -> list[int]:
        """The same of the series of ``on_screen``."""
        return self._key_images_of(self.on_screen)

    def _key_images_of(self, image: int | None) -> list[int]:
        members = () if image is None else self._workspace.series.members_with(image)
        if self._key_images is None or self._key_images[0] is not members:
            rows = ((member, self._table.rows[member].read) for member in members)
            keys = [member for member, read in rows if read is not None and read.is_key]
            self._key_images = members, keys
        return self._key_images[1]

    def step_key_image(self, count: int) -> None:
        """To the next (negative: previous) key image of the series, round."""
        keys, members = self.key_images(), self.members()
        if self.image is None or not keys:
            return
        place_of = self._workspace.series.place_of
        here, places = place_of(self.image), [place_of(key) for key in keys]
        ahead = [place for place in places if place > here]
        behind = [place for place in places if place < here]
        # Round the end; where the image on screen is the only one, it stays.
        wanted = (ahead or places)[0] if count > 0 else (behind or places)[-1]
        self.select(members[wanted])

    def _turn_to(self, series: int | None) -> None:
        if series is not None:
            self.select(self._workspace.series.first_image(series))

    def step_flagged_image(self, count: int) -> bool:
        """To the next (negative: previous) flagged image in the table's order, round.

        False where there is no other.
        """
        shown = self._workspace.order.shown_rows()
        here = shown.index(self.image) if self.image in shown else -1 if count > 0 else len(shown)
        # Round the end: where the reader stands below all of them, the first comes next.
        rest = shown[here + 1 :] + shown[: max(here, 0)]
        rest = rest if count > 0 else rest[::-1]
        following = (image for image in rest if self._table.is_flagged(self._table.rows[image]))
        found = next(following, None)
        if found is not None:
            self.select(found)
        return found is not None

    def members(self) -> tuple[int, ...]:
        """The rows of the selected image's series, in order; it alone while that is not known."""
        return () if self.image is None else self._workspace.series.members_with(self.image)

    # -- images

    def want_heat(self, wanted: bool) -> None:
        """Whether every selected image is to bring its heat map."""
        if wanted != self._heat_wanted:
            self._heat_wanted = wanted
            self.ask_heat()

    @Slot(object)
    def _take_image(self, viewed: ViewedImage) -> None:
        self._tell_image(self._put(viewed))
        self._leave_unreadable()

    def _put(self, viewed: ViewedImage) -> ViewedImage:
        """The selected image is here, or why there is none."""
        self.shown = viewed if self.row is None else checked(self.row, viewed)
        self._late.stop()
        self._pixels_of = None if self.shown.image is None else self.image
        self._see()
        return self.shown

    def _tell_image(self, shown: ViewedImage) -> None:
        self.image_read.emit(shown)
        self.on_screen_changed.emit()
        self.ask_heat()

    @Slot()
    def _give_way(self) -> None:
        """The selected image is late: the one before must not stand beside its result."""
        if self.row is not None and self.shown is None:
            self._pixels_of = None
            self.changed.emit()
            self.on_screen_changed.emit()

    @Slot(str)
    def _take_failure(self, error: str) -> None:
        """No child process could even be asked: the row has no image, and the window goes on."""
        if self.row is not None:
            problem = Problem(Code.CANNOT_READ, error)
            self._tell_image(self._put(ViewedImage(self.row.path, self.row.frame, problem=problem)))

    @Slot()
    def ask_heat(self) -> None:
        """Have the heat map of the image on screen computed, where one is wanted."""
        opened = self._workspace.opened_model
        session = opened.session if opened else None
        image = self.shown.image if self.shown else None
        if self.row is not None and self.row.is_blinded:
            self._heats.drop()
            self.heat.emit(None)
            return
        if self._heat_wanted and session is not None and image is not None:
            self._heats.ask(partial(heat_map, session, image))

    def decoder(self) -> Sandbox:
        """What reads images for the viewer, in processes of its own."""
        if self._sandbox is None:
            self._sandbox = self._make_sandbox()
        return self._sandbox

    # -- what opens first

    @Slot()
    def _on_inserted(self) -> None:
        """Open the first image there is; what has no image never opens first."""
        if self.image is None:
            self._open_from(0)
        else:
            self._leave_unreadable()

    def _leave_unreadable(self) -> None:
        """Nobody has turned to what cannot be read: the next image opens, if there is one."""
        if self.image is not None and self._is_unreadable and not self._is_chosen:
            self._open_from(self.image + 1)

    @property
    def _is_unreadable(self) -> bool:
        return self.shown is not None and self.shown.image is None

    def _open_from(self, start: int) -> None:
        """Open the first image at that row or below, if there is one, as nobody's choice."""
        rows = self._table.rows
        found = next((at for at in range(start, len(rows)) if rows[at].header is not None), None)
        if found is not None:
            self._open(found)

    def _open(self, image: int) -> None:
        self.select(image)
        self._is_chosen = False
        # A bleed in another series must not wait for one that nobody has turned to.
        self._workspace.look_at(image, alone=True)

    @Slot()
    def _on_state(self) -> None:
        """All headers are read: the first series, or what there is where nothing is an image."""
        if self._workspace.state is not State.SCORING or not self._table.rows:
            return
        if self.image is None:
            self._open(0)
        else:
            self._workspace.look_at(self.image, alone=not self._is_chosen)
            self._images.read_near(self._near(self.image))

    @Slot(object)
    def _on_altered(self, rows: Collection[int]) -> None:
        """Something else is known of rows; most of them are neither selected nor on screen."""
        if self._key_images is not None and any(map(self._is_other_key_image, rows)):
            self._key_images = None
        if self.image is None or not (self.image in rows or self.on_screen in rows):
            return
        if self.row is not None and self.shown is not None:
            known = checked(self.row, self.shown)
            if known is not self.shown:
                self._tell_image(self._put(known))
        self.changed.emit()
        self.on_screen_changed.emit()

    def _is_other_key_image(self, row: int) -> bool:
        """Whether a row is a key image and was none, or the other way round."""
        read = self._table.rows[row].read
        is_key = read is not None and read.is_key
        return self._key_images is not None and is_key != (row in self._key_images[1])


def checked(row: Row, viewed: ViewedImage) -> ViewedImage:
    """What was read of a row, or a problem where its result is of other content.

    Such an image and such a result never meet.
    """
    known = row.known
    if viewed.image is None or known is None or known.sha256 in ("", viewed.sha256):
        return viewed
    return ViewedImage(viewed.path, viewed.frame, problem=Problem(Code.CHANGED_WHILE_READ))
