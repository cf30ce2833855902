"""Side: one image of two that are compared, with whose it is and what is known of it.

What a side says is made of the row whose image it shows, at the moment it shows it. A result of one
side has no way to the other.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.jobs.viewed_image import ViewedImage
from desktop.state.workspace import Workspace
from desktop.tables import words
from desktop.viewer.content import Content
from desktop.viewer.measurements import Sheets
from desktop.viewer.options import ViewerOptions
from desktop.viewer.viewer import Viewer
from desktop.window.measurement_keeper import MeasurementKeeper
from desktop.window.text import Text
from imaging.errors import Status


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
