"""Second: another series of the selected patient beside the selected one, as a prior."""

from __future__ import annotations

import re
from functools import partial

from PySide6.QtCore import QObject, Signal, Slot

from desktop.engine.linking import Heights, Link, heights_of, link_of, partner
from desktop.jobs.questions import Latest
from desktop.jobs.viewed_image import ViewedImage, read_viewed_image
from desktop.state.selection import Selection, checked
from desktop.state.workspace import Workspace
from imaging.errors import Code, Problem
from imaging.image import Identity

_DATE = re.compile(r"[0-9]{8}")
_TIME = re.compile(r"[0-9]{2}([0-9]{2}([0-9]{2}(\.[0-9]{1,6})?)?)?")


class Second(QObject):
    """A series and one of its images, of the selected patient and never of another one.

    Without a patient in the header there is none: nobody can tell whose it would be. ``changed``
    follows every change of what is wanted; ``image_read`` brings the image or its problem.
    """

    changed = Signal()
    image_read = Signal(object)

    def __init__(
        self, workspace: Workspace, selection: Selection, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._workspace, self._selection = workspace, selection
        self.is_wanted = False
        """Whether a second series is to be shown."""
        self.series: int | None = None
        """Its number in the worklist."""
        self.image: int | None = None
        """The table's row of its image."""
        self.shown: ViewedImage | None = None
        """What was read of that row; None until it has been."""
        self.is_linked = True
        self._aligned: tuple[int, int] | None = None
        """Places in both series that the reader put beside each other."""
        self._first: int | None = None
        """The selected series that the second one was chosen for."""
        self._is_moving = False
        """The selection is being moved from here: it must not move this back."""
        self._images = Latest(self)
        self._images.arrived.connect(self._take)
        self._images.failed.connect(self._take_failure)
        selection.changed.connect(self._follow)
        workspace.series_changed.connect(self._follow)
        workspace.table.modelAboutToBeReset.connect(self._forget)

    # -- which series

    def candidates(self) -> list[int]:
        """The other series of the selected patient: the nearest earlier study first.

        Later studies follow, then those of unknown or equal time, then series of the same study;
        those of one image come last.
        """
        first = self._selection.series
        if first is None or not self.names_patient:
            return []
        every = self._workspace.series
        who = every[first].group.identity
        others = [
            number
            for number, each in enumerate(every)
            if number != first and each.group.identity.patient_key == who.patient_key
        ]

        def rank(number: int) -> tuple[bool, int]:
            other = every[number]
            return len(other.members) < 2, ("earlier", "later", "other", "same").index(
                _relation(who, other.group.identity)
            )

        others.sort(key=lambda number: _time(every[number].group.identity), reverse=True)
        return sorted(others, key=rank)

    @property
    def names_patient(self) -> bool:
        """Whether the header of the selected series names a patient."""
        first = self._selection.series
        return first is not None and self._workspace.series[first].group.identity.names_patient

    @property
    def relation(self) -> str:
        """The second study is "earlier", "later", an "other" or the "same" one; empty without one.

        An "other" one is of the same time, or of one that its header or the selected one's leaves
        open.
        """
        first, every = self._selection.series, self._workspace.series
        if first is None or self.series is None:
            return ""
        return _relation(every[first].group.identity, every[self.series].group.identity)

    def show(self, wanted: bool) -> None:
        """Have a second series beside the selected one, or none any more."""
        self.is_wanted = wanted
        self._forget()
        self._follow()
        self.changed.emit()

    def choose(self, series: int) -> None:
        """Take another one of the candidates."""
        if series in self.candidates() and series != self.series:
            self.series, self._aligned, self.is_linked = series, None, True
            self._link()
            self.changed.emit()

    def choose_next(self) -> None:
        """The next candidate, round."""
        others = self.candidates()
        if self.series in others:
            self.choose(others[(others.index(self.series) + 1) % len(others)])

    # -- which image

    @property
    def members(self) -> tuple[int, ...]:
        """The rows of the second series, in order."""
        return () if self.series is None else self._workspace.series[self.series].members

    @property
    def link(self) -> Link | None:
        """What both series are linked by; None where they are not."""
        if self.series is None or not self.is_linked:
            return None
        if self._aligned is not None:
            return Link.BY_HAND
        return link_of(self._heights(self._selection.members()), self._heights(self.members))

    def change_link(self) -> None:
        """Let each be scrolled alone, or link them again as they stand beside each other now."""
        if self.series is None or self._selection.image is None or self.image is None:
            return
        if not self.is_linked and self.shown is None:
            self._selection.acted_early.emit()
            return
        if not self.is_linked and not self._selection.may_act():
            return  # what would be linked is not what stands beside each other on screen
        self.is_linked = not self.is_linked
        if self.is_linked:
            here = self._selection.members().index(self._selection.image)
            self._aligned = here, self.members.index(self.image)
        self.changed.emit()

    def step(self, count: int) -> None:
        """So many images on in the second series; where they are linked the first one follows."""
        if self.image is None:
            return
        members = self.members
        self._select(self._selection.onward(self.image, count))
        place = members.index(self.image)
        if self.is_linked:
            first = self._selection.members()
            aligned = None if self._aligned is None else self._aligned[::-1]
            beside = partner(self._heights(members), place, self._heights(first), aligned)
            self._is_moving = True
            self._selection.select(first[beside])
            self._is_moving = False

    def _heights(self, members: tuple[int, ...]) -> Heights:
        return heights_of([self._workspace.table.rows[image].header for image in members])

    @Slot()
    def _follow(self) -> None:
        """Stay with the selected patient and, linked, beside the selected image."""
        if not self.is_wanted or self._is_moving:
            return
        first = self._selection.series
        if first != self._first or self.series not in self.candidates():
            self._forget()
            self._first = first
            self.series = next(iter(self.candidates()), None)
            self.is_linked, self._aligned = True, None
            self._link()
            self.changed.emit()
        elif self.is_linked:
            self._link()
        self._check()

    def _link(self) -> None:
        """Turn to the image that stands beside the selected one."""
        first, image = self._selection.members(), self._selection.image
        if self.series is not None and image in first:
            place = first.index(image)
            heights = self._heights(first), self._heights(self.members)
            self._select(self.members[partner(heights[0], place, heights[1], self._aligned)])

    def _select(self, image: int) -> None:
        if image == self.image:
            return
        self.image, self.shown = image, None
        row = self._workspace.table.rows[image]
        self._images.ask(partial(read_viewed_image, self._selection.decoder, row.path, row.frame))
        self.changed.emit()

    @Slot()
    def _forget(self) -> None:
        """Show no second series; nothing that is still being read will be heard of."""
        self.series = self.image = self.shown = self._first = None
        self._images.drop()
        self.changed.emit()

    # -- its pixels

    @Slot(object)
    def _take(self, viewed: ViewedImage) -> None:
        row = None if self.image is None else self._workspace.table.rows[self.image]
        if row is not None and (row.path, row.frame) == (viewed.path, viewed.frame):
            self.shown = checked(row, viewed)
            self.image_read.emit(self.shown)

    @Slot(str)
    def _take_failure(self, error: str) -> None:
        if self.image is not None:
            row = self._workspace.table.rows[self.image]
            problem = Problem(Code.CANNOT_READ, error)
            self._take(ViewedImage(row.path, row.frame, problem=problem))

    def _check(self) -> None:
        """A result that is of another content than the image on screen never stands beside it."""
        if self.image is not None and self.shown is not None:
            known = checked(self._workspace.table.rows[self.image], self.shown)
            if known is not self.shown:
                self._take(known)

    def close(self) -> None:
        """End the job."""
        self._images.stop()


def _time(who: Identity) -> tuple[str, str]:
    """Date and time of the study as digits; each empty where it is missing or none.

    The forms are those of PS3.5 section 6.2, and those of the standard before it, with points
    and colons.
    """
    date, time = who.study_date.replace(".", ""), who.study_time.replace(":", "")
    return date if _DATE.fullmatch(date) else "", time if _TIME.fullmatch(time) else ""


def _is_before(one: Identity, other: Identity) -> bool:
    """Whether one study is strictly earlier than another one, as far as both headers say."""
    (date, time), (other_date, other_time) = _time(one), _time(other)
    if not date or not other_date:
        return False
    digits = min(len(time), len(other_time))  # one of them may leave the seconds out
    return (date, time[:digits]) < (other_date, other_time[:digits])


def _relation(one: Identity, other: Identity) -> str:
    """Whether another study is "earlier", "later", the "same", or an "other" one."""
    if one.study_uid == other.study_uid:
        return "same"
    if _is_before(other, one):
        return "earlier"
    return "later" if _is_before(one, other) else "other"
