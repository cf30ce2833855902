"""The selected slice with the coronal and the sagittal plane through it, linked by a cross-hair.

Planes are reformatted and were never scored: nothing that the model says is shown here, no score,
no zone, no heat map and no model input.
"""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QPoint, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from desktop.jobs.viewed_image import ViewedImage
from desktop.state.planes import Planes
from desktop.state.workspace import Workspace
from desktop.tables import words
from desktop.viewer.content import Content
from desktop.viewer.display import Display
from desktop.viewer.measurements import Sheets
from desktop.viewer.options import ViewerOptions
from desktop.viewer.orientation import slice_position
from desktop.viewer.shared_window import SharedWindow
from desktop.viewer.viewer import Viewer
from desktop.window.measurement_keeper import MeasurementKeeper
from desktop.window.text import Text
from desktop.window.translated import Translated
from imaging.image import Image
from imaging.series import LEAST_SHEAR, UNEVEN
from imaging.volume import Blend, Direction, Volume

PANES: tuple[Direction | None, ...] = (None, Direction.CORONAL, Direction.SAGITTAL)
"""From the top left; None is the slice itself."""


class PlanesView(Translated, QWidget):
    """Three viewers and a panel that says what they show."""

    step_requested = Signal(int)
    """So many slices on (negative: back) in the series."""
    maximise_requested = Signal()
    menu_requested = Signal(QPoint)

    def __init__(
        self,
        workspace: Workspace,
        planes: Planes,
        options: ViewerOptions,
        sheets: Sheets,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._planes = planes
        # Contents without a recipe: they have neither a heat map nor a model input.
        self.contents = {pane: Content(self, sheets) for pane in PANES}
        self._keeper = MeasurementKeeper(workspace, self.contents[None], self)
        self.viewers = tuple(
            Viewer(self.contents[pane], options, self, small=True) for pane in PANES
        )
        self.front = self.viewers[0]
        """The view that keys go to: the one that was last clicked or tabbed to."""
        self._selected: ViewedImage | None = None
        """The slice on screen as it was read by itself, and what it was read from."""
        self._series_key = ""
        self._shown: dict[Direction, Image] = {}
        self._set_up_panel()
        self._lay_out()
        for pane, viewer in zip(PANES, self.viewers, strict=True):
            viewer.step_requested.connect(partial(self._step, pane))
            viewer.point_requested.connect(partial(self._point, pane))
            viewer.maximise_requested.connect(self.maximise_requested)
            viewer.menu_requested.connect(self.menu_requested)
            viewer.focused.connect(self._bring_forward)
        self._window = SharedWindow([viewer.display for viewer in self.viewers], self)
        self.setFocusProxy(self.front)
        planes.changed.connect(self._show)
        self.retranslate()

    def _set_up_panel(self) -> None:
        self.panel = QFrame(self)
        self.panel.setProperty("role", "panel")
        self.heading, self.told, self.warning = Text("heading"), Text(), Text("quiet")
        self.bar = QProgressBar(self)
        self.bar.setTextVisible(False)
        self.cancel = QPushButton(self)
        self.cancel.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.cancel.clicked.connect(lambda: self._planes.show(False))
        column = QVBoxLayout(self.panel)
        for part in (self.heading, self.told, self.bar, self.cancel, self.warning):
            column.addWidget(part)
        column.addStretch(1)

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(2)
        for number, part in enumerate((*self.viewers, self.panel)):
            grid.addWidget(part, number // 2, number % 2)
        for at in (0, 1):
            grid.setRowStretch(at, 1)
            grid.setColumnStretch(at, 1)

    # -- what the reader does

    def begin(self, before: Display) -> None:
        """All of each plane in view, in the window of the view that was shown before."""
        for viewer in self.viewers:
            viewer.display.fit()
        if before.image is not None and self.viewers[0].display.image is not None:
            self.viewers[0].display.share_window(before)

    def step(self, count: int) -> None:
        """So many slices or planes on, in the view that keys go to."""
        self._step(PANES[self.viewers.index(self.front)], count)

    def _step(self, pane: Direction | None, count: int) -> None:
        if pane is None:
            self.step_requested.emit(count)
        else:
            self._planes.step(pane, count)

    def _point(self, pane: Direction | None, point: tuple[float, float]) -> None:
        if pane is None:
            self._planes.point_at_slice(*point)
        else:
            self._planes.point_at_plane(pane, *point)

    def _bring_forward(self, viewer: Viewer) -> None:
        self.front = viewer
        self.setFocusProxy(viewer)

    # -- what is shown

    def show_slice(self, viewed: ViewedImage, series_key: str) -> None:
        """Turn to the selected slice; as soon as there is a volume, it is taken from that."""
        self._selected, self._series_key = viewed, series_key
        self._show()

    def clear_slice(self) -> None:
        """Show no slice, unless the volume has it."""
        self._selected = None
        self._show()

    @Slot()
    def _show(self) -> None:
        if not self._planes.is_wanted:
            return
        for direction in Direction:
            self._show_plane(direction)
        content, image = self.contents[None], self._planes.slice_image()
        of = self._planes.slice_content
        if image is None and self._selected is not None:
            # It may lag behind the selection: what is drawn on it is kept with its own content.
            image, of = self._selected.image, self._selected
        if image is None:
            if content.image is not None:
                content.clear()
        elif content.image is not image or not self._keeper.knows(of):
            self._keeper.show(image, of, "", self._series_key)
        content.set_cross_hair(self._planes.cross_hair(None))
        content.set_place(self._slice_caption())
        self._tell()

    def _show_plane(self, direction: Direction) -> None:
        content, plane = self.contents[direction], self._planes.plane(direction)
        if plane is None:
            self._shown.pop(direction, None)
            if content.image is not None:
                content.clear()
            return
        if self._shown.get(direction) is not plane:
            self._shown[direction] = plane
            key = f"{direction} {id(self._planes.volume)}"
            with self._window.opening(self.viewers[PANES.index(direction)].display):
                content.show(plane, self._place_of(direction), key)
            content.set_note(self._slab(direction))
        content.set_cross_hair(self._planes.cross_hair(direction))

    def caption(self, direction: Direction) -> str:
        """The plane, its place in millimetres and the slab, in one line; empty without a plane."""
        parts = (self._place_of(direction), self._slab(direction))
        return " · ".join(filter(None, parts))

    def _place_of(self, direction: Direction) -> str:
        volume, plane = self._planes.volume, self._planes.plane(direction)
        if volume is None or plane is None:
            return ""
        place = f"{self._planes.index(direction) + 1}/{volume.count(direction)}"
        if direction is Direction.CORONAL:  # whose normal points to the back
            return self.tr("Coronal {0}").format(place) + " · " + _side(plane, "P", "A")
        return self.tr("Sagittal {0}").format(place) + " · " + _side(plane, "R", "L")

    def _slab(self, direction: Direction) -> str:
        volume, plane = self._planes.volume, self._planes.plane(direction)
        if volume is None or plane is None:
            return ""
        if self._planes.slab.layers(volume.spacing(direction)) == 1:
            text = self.tr("thickness {0} mm")
        elif self._planes.slab.blend is Blend.MEAN:
            text = self.tr("slab {0} mm, mean")
        else:
            text = self.tr("slab {0} mm, maximum")
        return text.format(f"{plane.header.geometry.thickness:.1f}")

    def _slice_caption(self) -> str:
        image = self.contents[None].image
        if image is None:
            return ""
        place = self._planes.place
        at = slice_position(image.header.geometry)
        where = "" if at is None else f"{at:.1f} mm"
        return " · ".join(filter(None, [self.tr("Axial {0}").format(place), where]))

    def _tell(self) -> None:
        planes = self._planes
        loading, volume, refusal = planes.loading, planes.volume, planes.refusal
        self.bar.setVisible(loading is not None)
        self.cancel.setVisible(loading is not None)
        lines: list[str] = []
        if loading is not None:
            self.bar.setRange(0, loading[1])
            self.bar.setValue(loading[0])
            lines = [self.tr("Reading slice {0} of {1}").format(*loading)]
        elif refusal:
            lines = [self.tr("No planes of this series:"), words.visible(refusal)]
        elif volume is None:
            lines = [self.tr("Planes appear when the series is known.")]
        else:
            lines = [self.caption(direction) for direction in Direction] + self._about(volume)
        self.told.setText("\n".join(lines))

    def _about(self, volume: Volume) -> list[str]:
        """How the planes came about, where a reader could be misled."""
        told = []
        distances = volume.stack.corners[1:, 2] - volume.stack.corners[:-1, 2]
        least, most = float(distances.min()), float(distances.max())
        if most - least > UNEVEN * most:
            uneven = self.tr("Slices {0}–{1} mm apart, interpolated")
            told.append(uneven.format(f"{least:.1f}", f"{most:.1f}"))
        else:
            told.append(self.tr("Slices {0} mm apart, interpolated").format(f"{most:.1f}"))
        if volume.stack.lean >= LEAST_SHEAR:
            tilt = self.tr("Gantry tilt {0}° removed; planes are perpendicular to the slices")
            told.append(tilt.format(f"{volume.stack.lean:.1f}"))
        return told

    def retranslate(self) -> None:
        """Say everything in the language of now."""
        self.heading.setText(self.tr("Reformatted planes: not assessed"))
        self.warning.setText(
            self.tr(
                "These planes have no score, flag or heat map. "
                "Results are those of the axial images."
            )
        )
        self.cancel.setText(self.tr("Cancel"))
        self._shown.clear()
        self._show()


def _side(plane: Image, ahead: str, behind: str) -> str:
    """How far a plane lies from the patient's origin, and to which side, as in "A 7.5 mm"."""
    at = slice_position(plane.header.geometry) or 0.0
    return f"{ahead if at >= 0 else behind} {abs(at):.1f} mm"
