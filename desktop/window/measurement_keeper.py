"""MeasurementKeeper: keeps what is drawn on a view's image with the reading of that image."""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot

from desktop.engine.content_keys import OfContent
from desktop.engine.reader_labels import ReaderLabels
from desktop.state.workspace import Workspace
from desktop.viewer.content import Content
from desktop.viewer.kept_measurements import from_text, to_text
from desktop.viewer.measurements import Measurement
from imaging.image import Image


class MeasurementKeeper(QObject):
    """Turns a content to images and their own measurements, those by who reads now.

    An image is known by its content: what is drawn on it is never kept with another one.
    """

    def __init__(self, workspace: Workspace, content: Content, parent: QObject) -> None:
        super().__init__(parent)
        self._table, self._content = workspace.table, content
        self._of: OfContent | None = None
        """What the image on screen was read from; None where nobody knows."""
        self._image: Image | None = None
        workspace.readings.reader_changed.connect(self._turn)
        content.measurements.drawn.connect(self._keep)

    def show(self, image: Image, of: OfContent | None, place: str, series_key: str) -> None:
        """Show an image with what was measured on it before."""
        self._image, self._of = image, of
        self._content.show(image, place, series_key, self._key(), self._measured())

    def knows(self, of: OfContent | None) -> bool:
        """Whether the image on screen is known by that content."""
        return _name(self._of) == _name(of)

    @Slot()
    def _turn(self) -> None:
        """To those of who reads now, on the image on screen: nobody goes on with another's."""
        if self._image is not None and self._content.image is self._image and self._key():
            self._content.measurements.turn_to(self._image, self._key(), self._measured())

    @Slot()
    def _keep(self) -> None:
        of, image = self._of, self._content.image
        if of is None or _name(of) is None or image is None or image is not self._image:
            return
        text = to_text(self._content.measurements.kept, image)
        self._table.show_reading(of, self._table.reader_labels.set_measurements(of, text))

    def _key(self) -> str:
        """What an image's measurements by the present reader are found again by."""
        name = _name(self._of)
        return f"{name[0]} {name[1]} {self._table.reader_labels.reader}" if name else ""

    def _measured(self) -> tuple[Measurement, ...]:
        return measured(self._table.reader_labels, self._of, self._image)


def measured(
    labels: ReaderLabels, of: OfContent | None, image: Image | None
) -> tuple[Measurement, ...]:
    """What was measured on an image of that content, and kept with its reading by who reads now."""
    read = None if of is None or image is None else labels.get(of)
    return () if read is None or image is None else from_text(read.measurements, image)


def _name(of: OfContent | None) -> tuple[str, int] | None:
    """SHA-256 of the file and frame; None where the content is not known."""
    return None if of is None or not of.sha256 else (of.sha256, of.frame)
