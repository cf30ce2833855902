"""The middle of the window: the image in its views, or the sentence that says why there is none."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from desktop.jobs.viewed_image import ViewedImage
from desktop.state.planes import Planes
from desktop.state.second import Second
from desktop.state.selection import Selection
from desktop.state.workspace import Workspace
from desktop.tables import words
from desktop.tables.images_table import MARKED
from desktop.viewer.captions import captions
from desktop.viewer.comparison import Comparison
from desktop.viewer.content import Content
from desktop.viewer.measurements import Sheets
from desktop.viewer.options import ViewerOptions
from desktop.viewer.stack_bar import StackBar
from desktop.viewer.viewer import Viewer
from desktop.window.measurement_keeper import MeasurementKeeper
from desktop.window.pair_view import PairView
from desktop.window.planes_view import PlanesView
from desktop.window.text import Text
from desktop.window.theme import DARK
from desktop.window.translated import Translated

Images = Viewer | Comparison | PlanesView | PairView
"""What can stand in the middle: the image alone, or several views."""


class ImageArea(Translated, QWidget):
    """Shows what the selection brings, and turns the views' wishes into steps of it.

    At the right edge stands the bar of the series, below the captions of the layers shown.
    """

    view_changed = Signal()
    """One image, four windows, planes or two series."""
    maximise_requested = Signal()
    """Double click: fill the window with the image, or go back."""
    menu_requested = Signal(QPoint)

    def __init__(
        self,
        workspace: Workspace,
        selection: Selection,
        planes: Planes,
        second: Second,
        options: ViewerOptions,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._workspace, self._selection, self._options = workspace, selection, options
        self._planes, self._second = planes, second
        sheets = Sheets(self)
        self.content = Content(self, sheets)
        self._keeper = MeasurementKeeper(workspace, self.content, self)
        self.viewer = Viewer(self.content, options, self)
        self.comparison = Comparison(self.content, options, self)
        self.planes = PlanesView(workspace, planes, options, sheets, self)
        self.pair = PairView(workspace, selection, second, options, sheets, self)
        self.problem = Text("heading")
        self.problem.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.problem.setMargin(24)
        self.caption = Text("caption")
        self.bar = StackBar(self)
        self.pages = QStackedWidget(self)
        self._images: Images = self.viewer
        self._marked: tuple[int, ...] = ()
        """The rows whose marks the bar shows."""
        self._awaited = ""
        """What is to be said over the next image, as soon as it is on screen."""
        self._lay_out()
        self._connect()
        self.retranslate()

    def _lay_out(self) -> None:
        for page in (self.viewer, self.comparison, self.planes, self.pair, self.problem):
            self.pages.addWidget(page)
        row = QHBoxLayout()
        row.setSpacing(0)
        row.addWidget(self.pages, 1)
        row.addWidget(self.bar)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(0)
        self.column.addLayout(row, 1)
        self.column.addWidget(self.caption)

    def _connect(self) -> None:
        workspace, selection = self._workspace, self._selection
        workspace.model_changed.connect(self._take_recipe)
        workspace.series_changed.connect(self._place_again)
        selection.changed.connect(self._on_selection)
        selection.image_read.connect(self._show)
        selection.heat.connect(self._take_heat_map)
        selection.heat_failed.connect(lambda why: self.content.set_note(words.visible(why)))
        for view in (self.viewer, self.comparison, self.planes, self.pair):
            view.step_requested.connect(selection.step)
            view.maximise_requested.connect(self.maximise_requested)
            view.menu_requested.connect(self.menu_requested)
        self.bar.slice_wanted.connect(self._turn_to)
        workspace.table.altered.connect(self._on_altered)
        workspace.series.regrouped.connect(self._mark_slices)
        selection.on_screen_changed.connect(self._mark_here)
        self._planes.changed.connect(self._follow_planes)
        self._options.changed.connect(self._on_options)
        self.content.changed.connect(self._caption)
        self.content.image_changed.connect(self._caption)

    @property
    def views(self) -> tuple[Viewer, ...]:
        """Every view that keys can go to."""
        several = self.comparison, self.planes, self.pair
        return (self.viewer, *(viewer for view in several for viewer in view.viewers))

    @property
    def front(self) -> Viewer:
        """The view that keys go to: the single one, or one of several."""
        return self._images if isinstance(self._images, Viewer) else self._images.front

    @property
    def front_is_selected(self) -> bool:
        """Whether the view that keys go to shows the selected image: no plane, and no prior."""
        if isinstance(self._images, PlanesView | PairView):
            return self._images.front is self._images.viewers[0]
        return True

    @property
    def comparing(self) -> bool:
        """Whether the image is shown in four windows side by side."""
        return self._images is self.comparison

    @property
    def in_planes(self) -> bool:
        """Whether the slice is shown with the planes through it."""
        return self._images is self.planes

    @property
    def hides_results(self) -> bool:
        """Whether something is on screen that results beside it are not of."""
        return self.in_planes or self.side_by_side

    @property
    def side_by_side(self) -> bool:
        """Whether a second series is shown beside the selected one."""
        return self._images is self.pair

    def compare(self, four: bool) -> None:
        """Show the image in four windows side by side, or in one."""
        self._change_view(self.comparison if four else self.viewer)

    def show_planes(self, wanted: bool) -> None:
        """Show the slice with the planes through it, or alone."""
        self._change_view(self.planes if wanted else self.viewer)

    def show_pair(self, wanted: bool) -> None:
        """Show a second series beside the selected one, or that alone."""
        self._change_view(self.pair if wanted else self.viewer)

    def _change_view(self, view: Images) -> None:
        before = self.front
        had_focus = before.hasFocus()
        self._images = view
        self._planes.show(self.in_planes)
        self._second.show(self.side_by_side)
        if self.side_by_side or self.pages.currentWidget() is not self.problem:
            self.pages.setCurrentWidget(view)
        if isinstance(view, Comparison):
            view.begin()
        elif not isinstance(view, Viewer):
            view.begin(before.display)
        self.bar.setHidden(self.hides_results)
        self._caption()
        if had_focus:
            self.front.setFocus()
        self.view_changed.emit()

    @Slot()
    def _follow_planes(self) -> None:
        """Reading them was cancelled."""
        if self.in_planes and not self._planes.is_wanted:
            self.show_planes(False)

    def step(self, count: int) -> None:
        """So many slices on (negative: back), or planes where the keys go to one."""
        if isinstance(self._images, PlanesView | PairView):
            self._images.step(count)
        else:
            self._selection.step(count)

    @Slot()
    def _on_options(self) -> None:
        self._selection.want_heat(self._options.heat_map_shown)
        self._caption()

    @Slot(object)
    def _take_heat_map(self, heat_map: NDArray[np.float32] | None) -> None:
        self.content.set_heat_map(heat_map)

    @Slot()
    def _take_recipe(self) -> None:
        card = self._workspace.table.card
        self.content.set_recipe(card.recipe if card else None)

    @Slot()
    def _on_selection(self) -> None:
        if self._selection.row is None:
            self._awaited = ""
            self._clear()
            self.pages.setCurrentWidget(self._images)
        elif self._selection.is_late:
            self._tell_late()

    def _clear(self) -> None:
        """Show no image: no key or click may change what was drawn on one that is not there."""
        self.content.clear()
        self.planes.clear_slice()

    def _tell_late(self) -> None:
        """No image is on screen any more, and the selected one is still being read."""
        self._clear()
        if not (self.in_planes or self.side_by_side):  # whose parts look after themselves
            self.problem.setText(self.tr("The image is being read."))
            self.pages.setCurrentWidget(self.problem)

    def tell(self, sentence: str) -> None:
        """Say something over the image: over the one that is being read, once it is on screen."""
        if self._selection.is_settled:
            self.front.display.content.set_note(sentence)
        else:
            self._awaited = sentence

    @Slot()
    def _place_again(self) -> None:
        """More is known of the series; the image, and what is being drawn on it, stays."""
        if self._selection.row is not None:
            self.content.set_place(self._place())

    @Slot(object)
    def _show(self, viewed: ViewedImage) -> None:
        if self._selection.row is None:
            return
        awaited, self._awaited = self._awaited, ""
        if viewed.image is None:
            self._clear()
            problem = words.sentence(viewed.problem) if viewed.problem else ""
            self.problem.setText(words.visible(problem))
            if not self.side_by_side:
                self.pages.setCurrentWidget(self.problem)
            return
        self.pages.setCurrentWidget(self._images)
        series = viewed.image.header.identity.series_uid or str(viewed.path.parent)
        self._keeper.show(viewed.image, viewed, self._place(), series)
        self.planes.show_slice(viewed, series)
        if awaited:
            self.front.display.content.set_note(awaited)

    def _place(self) -> str:
        """Where the image on screen stands in its series, as in "12/28 · ordered by position".

        Empty as long as its series is not known.
        """
        series, row = self._workspace.series, self._selection.on_screen
        number = series.number_of(row)
        if number is None:
            return ""
        return " · ".join([series.place(row), words.order_word(series[number].result.order)])

    # The bar and the captions

    @Slot(object)
    def _on_altered(self, rows: Collection[int]) -> None:
        """Something else is known of rows; the bar follows those of the series on screen."""
        here, number_of = self._selection.on_screen, self._workspace.series.number_of
        if here is None:
            return
        series = number_of(here)
        if here in rows or any(series is not None and number_of(row) == series for row in rows):
            self._mark_slices()

    @Slot()
    def _mark_slices(self) -> None:
        """Flagged slices have a mark, whatever their zone; of the others the uncertain ones."""
        table, members = self._workspace.table, self._members()
        self._marked = members
        here = self._selection.on_screen
        place = None if here is None else self._workspace.series.place_of(here)
        self.bar.set_slices(table.marks(members), [DARK.zone(zone) for zone in MARKED], place)

    @Slot()
    def _mark_here(self) -> None:
        """Within a series that is marked, only where one is changes."""
        here = self._selection.on_screen
        if here is not None and self._members() is self._marked:
            self.bar.set_here(self._workspace.series.place_of(here))
        else:
            self._mark_slices()

    @Slot(int)
    def _turn_to(self, place: int) -> None:
        members = self._members()
        if place < len(members):
            self._selection.select(members[place])

    def _members(self) -> tuple[int, ...]:
        """The rows of the series whose image is on screen, in its order."""
        here = self._selection.on_screen
        return () if here is None else self._workspace.series.members_with(here)

    @Slot()
    def _caption(self) -> None:
        number, table = self._selection.on_screen, self._workspace.table
        is_open = number is not None and not table.rows[number].is_blinded
        awaited = table.card is not None and is_open
        told = captions(self.content, self._options, awaited)
        # One line has its place without a layer, too: the image keeps its size when one comes.
        self.caption.setText("\n".join(told) or " ")
        self.caption.setVisible(not self.hides_results)

    def retranslate(self) -> None:
        """Say everything in the language of now."""
        self.problem.setAccessibleName(self.tr("Why there is no image"))
        self.bar.setToolTip(self.tr("Slices of this series; flagged and uncertain ones are marked"))
        self._place_again()
        self._caption()
