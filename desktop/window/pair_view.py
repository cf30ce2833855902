"""Two series of one patient side by side, each with its own words and its own results.

What a side says is made of the row whose image it shows, at the moment it shows it. A result of one
side has no way to the other.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QComboBox, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from desktop.engine.linking import Link
from desktop.jobs.viewed_image import ViewedImage
from desktop.state.second import Second
from desktop.state.selection import Selection
from desktop.state.workspace import Workspace
from desktop.tables import words
from desktop.viewer.content import Content
from desktop.viewer.display import Display
from desktop.viewer.measurements import Sheets
from desktop.viewer.options import ViewerOptions
from desktop.viewer.shared_window import SharedWindow
from desktop.viewer.viewer import Viewer
from desktop.window.measurement_keeper import MeasurementKeeper
from desktop.window.text import Text
from desktop.window.translated import Translated
from imaging.errors import Status

LATE = 300
"""Milliseconds after which the image before gives way to an empty view."""
NARROWEST = 120
"""Pixels of the box that offers series, where a long name would widen the window."""


class Side(QWidget):
    """One image, or why there is none; ``heading`` says whose it is, ``below`` its results.

    Both stand in rows of the view, so that the images of the two sides are of one height whatever
    is said of either.
    """

    def __init__(
        self,
        workspace: Workspace,
        options: ViewerOptions,
        sheets: Sheets,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._workspace, self._options = workspace, options
        self.image: int | None = None
        """The table's row whose image, or whose reason for having none, is on screen."""
        # A content without a recipe: it has neither a heat map nor a model input.
        self.content = Content(self, sheets)
        self._keeper = MeasurementKeeper(workspace, self.content, self)
        self.viewer = Viewer(self.content, options, self, small=True)
        self.heading, self.problem, self.result = Text("heading"), Text("quiet"), Text()
        self.missing = Text("heading")
        self.missing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.missing.setMargin(24)
        self.missing.hide()
        self.heading.setMargin(6)
        self.below = QWidget(self)
        """Problem and result."""
        for parent, parts, margin in (
            (self, (self.viewer, self.missing), 0),
            (self.below, (self.problem, self.result), 6),
        ):
            column = QVBoxLayout(parent)
            column.setContentsMargins(margin, margin, margin, margin)
            column.setSpacing(0)
            for part in parts:
                column.addWidget(part)
        self._relation = ""
        self.tell()

    def set_relation(self, relation: str) -> None:
        """What this side is to the other, as in "Prior"."""
        self._relation = relation
        self.tell()

    def say_missing(self, why: str) -> None:
        """Say in place of an image why there is none; empty: there is one, or will be at once."""
        if why != self.missing.text() or bool(why) == self.missing.isHidden():
            self.missing.setText(why)
            self.missing.setVisible(bool(why))
            self.viewer.setHidden(bool(why))

    def say_late(self, told: str) -> None:
        """Say that the image that is to be here is still being read."""
        self.problem.setText(told)
        self.problem.show()

    def show_image(self, image: int, viewed: ViewedImage) -> None:
        """Show what was read of a row, with that row's results."""
        self.say_missing("")
        row = self._workspace.table.rows[image]
        if (row.path, row.frame) != (viewed.path, viewed.frame):
            self.clear()
            return
        self.image = image
        if viewed.image is None:
            self.content.clear()
        else:
            key = viewed.image.header.identity.series_uid or str(viewed.path.parent)
            place = self._workspace.series.place(image)
            self._keeper.show(viewed.image, viewed, place, key)
        problem = viewed.problem
        self.problem.setText("" if problem is None else words.visible(words.sentence(problem)))
        self.tell()

    def clear(self) -> None:
        """Show no image and no result."""
        self.image = None
        self.content.clear()
        self.problem.setText("")
        self.tell()

    def tell(self) -> None:
        """Say anew whose the image on screen is, and what is known of it."""
        self.problem.setVisible(bool(self.problem.text()))
        image = self.image
        if image is None:
            self.heading.setText(self._relation)
            self.result.setText("")
            return
        self.content.set_place(self._workspace.series.place(self.image))
        self.heading.setText(" · ".join(filter(None, [self._relation, *self._whose(image)])))
        self.result.setText("\n".join(filter(None, [self._image(image), self._series(image)])))

    def _whose(self, image: int) -> list[str]:
        listed = self._workspace.series
        series = listed.number_of(image)
        if series is None:
            return []
        who = listed[series].group.identity
        if self._options.hide_identity:
            return [listed.name(series)]
        study = words.when(who.study_date, who.study_time) or self.tr("no study date")
        return [words.visible(who.patient), study, listed.name(series)]

    def _image(self, image: int) -> str:
        """The result of the image on screen."""
        table = self._workspace.table
        row = table.rows[image]
        result = row.result
        if row.is_blinded:
            told = self.tr("hidden until you have read it")
        elif result is None:
            told = self.tr("no result yet")
        elif result.probability is None:
            refused = words.not_assessable() if result.status is Status.REFUSED else ""
            why = words.reason(result.problems)
            if why == self.problem.text():  # it stands above already
                why = ""
            told = " · ".join(filter(None, [refused, why])) or self.tr("no probability")
        else:
            zone = words.image_result(table.zone(row), table.is_flagged(row))
            told = " · ".join(filter(None, [*zone, words.percent(result.probability)]))
        place = self._workspace.series.place(image)
        return self.tr("Image {0}: {1}").format(place, told) if place else told

    def _series(self, image: int) -> str:
        """The result of the series of the image on screen."""
        listed = self._workspace.series
        series = listed.number_of(image)
        if series is None:
            return ""
        return self.tr("Series: {0}").format(listed.summary(series))


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
