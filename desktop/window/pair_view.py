"""Two series of one patient side by side, scrolled together, each with results of its own."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QComboBox, QGridLayout, QHBoxLayout, QWidget

from desktop.engine.linking import Link
from desktop.jobs.viewed_image import ViewedImage
from desktop.state.second import Second
from desktop.state.selection import Selection
from desktop.state.workspace import Workspace
from desktop.tables import words
from desktop.viewer.display import Display
from desktop.viewer.measurements import Sheets
from desktop.viewer.options import ViewerOptions
from desktop.viewer.shared_window import SharedWindow
from desktop.viewer.viewer import Viewer
from desktop.window.pair_side import Side
from desktop.window.text import Text
from desktop.window.translated import Translated

LATE = 300
"""Milliseconds after which the image before gives way to an empty view."""
NARROWEST = 120
"""Pixels of the box that offers series, where a long name would widen the window."""


class PairView(Translated, QWidget):
    """The selected image on the left, one of the second series on the right."""

    step_requested = Signal(int)
    """So many slices on (negative: back) in the selected series."""
    maximise_requested = Signal()
    menu_requested = Signal(QPoint)

    def __init__(
        self,
        workspace: Workspace,
        selection: Selection,
        second: Second,
        options: ViewerOptions,
        sheets: Sheets,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._workspace, self._selection, self._second = workspace, selection, second
        self._options = options
        self._offered: list[tuple[str, int]] = []
        self.left, self.right = (Side(workspace, options, sheets, self) for _ in range(2))
        self.viewers = self.left.viewer, self.right.viewer
        self.front = self.left.viewer
        """The view that keys go to: the one that was last clicked or tabbed to."""
        self.series = QComboBox(self)
        self.series.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        # Whoever is compared: not as wide as for the first patient whose series stood in it.
        self.series.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.series.setMinimumWidth(NARROWEST)
        self.link = Text("quiet")
        self._late = QTimer(self)
        self._late.setSingleShot(True)
        self._late.setInterval(LATE)
        self._late.timeout.connect(self._drop_late)
        self._lay_out()
        self._connect(options)
        self.retranslate()

    def _lay_out(self) -> None:
        below = QHBoxLayout()
        below.setContentsMargins(6, 2, 6, 2)
        below.addWidget(self.link, 1)
        below.addWidget(self.series)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(2)
        grid.setVerticalSpacing(0)
        for column, side in enumerate((self.left, self.right)):
            for row, part in enumerate((side.heading, side, side.below)):
                grid.addWidget(part, row, column)
            grid.setColumnStretch(column, 1)
        grid.addLayout(below, 3, 0, 1, 2)
        grid.setRowStretch(1, 1)

    def _connect(self, options: ViewerOptions) -> None:
        workspace, second = self._workspace, self._second
        self.left.viewer.step_requested.connect(self.step_requested)
        self.right.viewer.step_requested.connect(second.step)
        for viewer in self.viewers:
            viewer.maximise_requested.connect(self.maximise_requested)
            viewer.menu_requested.connect(self.menu_requested)
            viewer.focused.connect(self._bring_forward)
        self._window = SharedWindow([viewer.display for viewer in self.viewers], self)
        self.setFocusProxy(self.front)
        self.series.activated.connect(lambda at: second.choose(self.series.itemData(at)))
        self._selection.image_read.connect(self._show_first)
        second.image_read.connect(self._show_second)
        for signal in (self._selection.changed, second.changed):
            signal.connect(self._follow)
        told: list[Callable[..., object]] = [self.left.tell, self.right.tell]
        for tell in told:
            workspace.series_changed.connect(tell)
            workspace.threshold_changed.connect(tell)
            workspace.model_changed.connect(tell)
            options.changed.connect(tell)
        workspace.table.modelAboutToBeReset.connect(self._clear)

    def begin(self, before: Display) -> None:
        """Both sides in view, in the window of the view that was shown before."""
        if self._selection.shown is not None:
            self._show_first(self._selection.shown)
        for viewer in self.viewers:
            viewer.display.fit()
        if before.image is not None and self.left.content.image is not None:
            self.left.viewer.display.share_window(before)

    def step(self, count: int) -> None:
        """So many slices on in the side that keys go to."""
        if self.front is self.left.viewer:
            self.step_requested.emit(count)
        else:
            self._second.step(count)

    def _bring_forward(self, viewer: Viewer) -> None:
        self.front = viewer
        self.setFocusProxy(viewer)

    @Slot()
    def _clear(self) -> None:
        """The rows are about to go."""
        self.left.clear()
        self.right.clear()

    @Slot(object)
    def _show_first(self, viewed: ViewedImage) -> None:
        if self._second.is_wanted and self._selection.image is not None:
            with self._window.opening(self.left.viewer.display):
                self.left.show_image(self._selection.image, viewed)

    @Slot(object)
    def _show_second(self, viewed: ViewedImage) -> None:
        if self._second.image is not None:
            with self._window.opening(self.right.viewer.display):
                self.right.show_image(self._second.image, viewed)

    @Slot()
    def _follow(self) -> None:
        """A side whose series is no longer the chosen one is empty at once, a late image soon."""
        if not self._second.is_wanted:
            if (self.left.image, self.right.image) != (None, None):
                self._clear()
            return
        if self.left.image not in self._selection.members():
            self.left.clear()
        if self.right.image not in self._second.members:
            self.right.clear()
        if not self._late.isActive():
            self._late.start()
        self._tell()

    @Slot()
    def _drop_late(self) -> None:
        wanted = (self.left, self._selection.image), (self.right, self._second.image)
        for side, image in wanted if self._second.is_wanted else ():
            if side.image != image:
                side.clear()
            if side.image is None and image is not None:
                side.say_late(self.tr("The image is being read."))

    def _tell(self) -> None:
        self.left.set_relation(self.tr("Selected"))
        self.right.set_relation(self._relation())
        self.link.setText(self._link())
        self._tell_missing()
        self._fill_series()

    def _tell_missing(self) -> None:
        """An empty half says what is missing, and where it would come from."""
        why = self._missing() if self._second.is_wanted else ""
        if why and self.front is self.right.viewer:
            self._bring_forward(self.left.viewer)
        had_focus = self.right.viewer.hasFocus()
        if why or self._second.image != self.right.image:
            self.right.say_missing(why)
        if had_focus and why:
            self.front.setFocus()

    def _relation(self) -> str:
        return {
            "earlier": self.tr("Prior"),
            "later": self.tr("Later study"),
            "same": self.tr("Same study"),
            "other": self.tr("Other study"),
            "": "",
        }[self._second.relation]

    def _missing(self) -> str:
        """Why there is no second series, and what to do about that; empty where there is one."""
        second = self._second
        if self._selection.series is None:
            return self.tr("Another series appears when all headers have been read.")
        if not second.names_patient:
            return self.tr(
                "The header names no patient: no other series can be shown beside this one safely."
            )
        if second.series is not None:
            return ""
        return (
            self.tr("No other series of this patient is open.")
            + "\n\n"
            + self.tr(
                "To compare, open both studies at once: the folder that holds them, or drop both "
                "folders on the window."
            )
        )

    def _link(self) -> str:
        second = self._second
        if second.series is None:
            return ""
        return {
            Link.POSITION: self.tr("Linked by table position"),
            Link.RELATIVE: self.tr(
                "Linked by relative position: the series have no common frame of reference"
            ),
            Link.BY_HAND: self.tr("Linked as you aligned them"),
            None: self.tr("Not linked: each side scrolls alone"),
        }[second.link]

    def _fill_series(self) -> None:
        """The patient's other series, to choose from."""
        candidates = self._second.candidates()
        offered = [(self._offer(number), number) for number in candidates]
        if offered != self._offered:
            self._offered = offered
            self.series.clear()
            for text, number in offered:
                self.series.addItem(text, number)
        if self._second.series in candidates:
            self.series.setCurrentIndex(candidates.index(self._second.series))
        self.series.setVisible(bool(candidates))

    def _offer(self, number: int) -> str:
        """What a series is called in the list: its study's date, its name, how many slices.

        Its name has the last already where that tells it from another.
        """
        series, name = self._workspace.series[number], self._workspace.series.name(number)
        who = series.group.identity
        hidden = self._options.hide_identity
        date = "" if hidden else words.when(who.study_date, who.study_time)
        count = words.slices(len(series.members))
        said = "" if count in name.split(" · ") else count
        return " · ".join(filter(None, [date, name, said]))

    def retranslate(self) -> None:
        """Say everything in the language of now."""
        self._tell()
        self.series.setAccessibleName(self.tr("The series on the right"))
        choose = self.tr("The series on the right; Shift+V takes the next one")
        self.series.setToolTip(words.tooltip(choose))
