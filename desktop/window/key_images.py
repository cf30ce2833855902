"""Key images as stills: to PNG files and to the clipboard."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QObject, Signal, Slot
from PySide6.QtGui import QImage, QImageWriter
from PySide6.QtWidgets import QApplication

from desktop.engine.decoder import Decoder
from desktop.jobs.job import Stopping
from desktop.jobs.questions import InTurn
from desktop.jobs.viewed_image import ViewedImage, read_viewed_image
from desktop.reasons import reason_of
from desktop.settings import Settings
from desktop.state.selection import Selection
from desktop.state.workspace import Workspace
from desktop.tables import words
from desktop.text.language import text_of
from desktop.viewer.overlay import window_text
from desktop.viewer.still import Look, still
from desktop.window.exporting import tell
from desktop.window.file_dialogs import FileDialogs
from desktop.window.image_area import ImageArea
from desktop.window.measurement_keeper import measured
from desktop.window.text import notice

MOST_NAMES = 10_000
"""Names that are tried for one file."""


@dataclass(frozen=True)
class _Still:
    """A still that is to be made of an image."""

    path: Path
    frame: int
    sha256: str
    """Of the file that the reader has marked."""
    place: str
    name: str
    """Of the file to write, without its suffix."""


@dataclass(frozen=True, eq=False)
class _Wanted:
    """The key images of a series. Nothing that is opened or chosen later changes it."""

    stills: tuple[_Still, ...]
    look: Look


@dataclass(frozen=True, eq=False)
class _Read:
    """What came of the images, for the folder that they were asked for."""

    wanted: _Wanted
    folder: Path
    images: tuple[ViewedImage, ...]


class KeyImages(QObject):
    """Makes stills of what is on screen and of the key images of its series.

    Identity stays out of still and file name while it is hidden. No file is ever replaced.
    """

    written = Signal(object)
    """The paths of the files that are there now."""

    def __init__(
        self, workspace: Workspace, selection: Selection, settings: Settings, centre: ImageArea
    ) -> None:
        super().__init__(centre)
        self._dialogs = FileDialogs(settings, centre.window())
        self._workspace, self._selection, self._centre = workspace, selection, centre
        self._reading = InTurn(self)
        self._reading.arrived.connect(self._take)
        self._reading.failed.connect(self._tell)

    def stop(self) -> None:
        """Wait until nothing is being read."""
        self._reading.stop()

    # -- the clipboard

    def copy(self) -> None:
        """Put a still of the image on screen on the clipboard."""
        if not self._selection.may_act():
            return
        viewed, number = self._selection.shown, self._selection.image
        look = self._look_of_now()
        if viewed is None or viewed.image is None or number is None or look is None:
            return
        made = self._still(viewed, self._workspace.series.place(number), look)
        if made is not None:
            QApplication.clipboard().setImage(made)
            self._centre.content.set_note(self.tr("Image copied"))

    # -- files

    def export(self) -> None:
        """Ask for a folder, and write the key images of the series into it."""
        wanted = self._wanted()
        folder = None
        if wanted is not None:
            folder = self._dialogs.folder(self.tr("Folder for the key images"))
        if wanted is not None and folder is not None:
            self._read(wanted, folder)

    def write(self, folder: Path) -> None:
        """Write the key images of the series on screen into a folder."""
        wanted = self._wanted()
        if wanted is not None:
            self._read(wanted, folder)

    def _wanted(self) -> _Wanted | None:
        """The key images of the series on screen; None without any."""
        keys, look = self._selection.key_images(), self._look_of_now()
        if not keys or not self._selection.may_act() or look is None:
            return None
        series = self._selection.series
        prefix = "image" if series is None else f"series-{series + 1:03d}"
        members, place = self._selection.members(), self._workspace.series.place
        rows = self._workspace.table.rows
        stills = (
            _Still(
                *(rows[row].path, rows[row].frame, rows[row].image.sha256, place(row)),
                name=f"{prefix}-{members.index(row) + 1:04d}",
            )
            for row in keys
        )
        return _Wanted(tuple(stills), look)

    def _read(self, wanted: _Wanted, folder: Path) -> None:
        self._reading.ask(partial(_read_all, self._selection.decoder, wanted, folder))

    @Slot(object)
    def _take(self, read: _Read) -> None:
        written = []
        try:
            for wanted, viewed in zip(read.wanted.stills, read.images, strict=True):
                made = self._still(viewed, wanted.place, read.wanted.look)
                if made is not None and viewed.sha256 == wanted.sha256:
                    written.append(_write_new(read.folder, wanted.name, _png(made)))
        except OSError as error:
            reason = text_of(reason_of(error))
            self._tell(self.tr("Not all key images could be written: {0}").format(reason))
            return
        left = len(read.images) - len(written)
        told = self.tr("Key images written: {0}").format(len(written))
        if left:
            told += "\n" + self.tr("Images that could not be read, or have changed: {0}").format(
                left
            )
        self._tell(told)
        self.written.emit(written)

    # -- a still

    def _look_of_now(self) -> Look | None:
        display = self._centre.front.display
        if display.image is None:
            return None
        hidden = self._workspace.table.hide_identity
        return Look(display.window, display.image.header.unit, display.inverted, hidden)

    def _still(self, viewed: ViewedImage, place: str, look: Look) -> QImage | None:
        if viewed.image is None:
            return None
        window = window_text(look.window) if viewed.image.header.unit is look.unit else ""
        name = "" if look.hide_identity else words.file_name(viewed.path)
        lines = [" · ".join(filter(None, [name, place, window])), notice()]
        kept = measured(self._workspace.table.reader_labels, viewed, viewed.image)
        return still(viewed.image, place, kept, look, lines)

    @Slot(str)
    def _tell(self, sentence: str) -> None:
        tell(self._centre.window(), sentence)


def _read_all(
    decoder: Callable[[], Decoder], wanted: _Wanted, folder: Path, stopping: Stopping
) -> _Read | None:
    """Read images one after the other; None where nobody waits for them any more."""
    read: list[ViewedImage] = []
    for each in wanted.stills:
        viewed = read_viewed_image(decoder, each.path, each.frame, stopping)
        if viewed is None:
            return None
        read.append(viewed)
    return _Read(wanted, folder, tuple(read))


def _png(image: QImage) -> bytes:
    """The file's content. Raises OSError."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QImageWriter(buffer, QByteArray(b"png"))
    if not writer.write(image):
        raise OSError(writer.errorString())
    return bytes(buffer.data().data())


def _write_new(folder: Path, name: str, content: bytes) -> Path:
    """Write a file under a name that is free. Raises OSError."""
    for number in range(1, MOST_NAMES):
        path = folder / (f"{name}.png" if number == 1 else f"{name}-{number}.png")
        try:
            with path.open("xb") as file:
                file.write(content)
        except FileExistsError:
            continue
        return path
    raise FileExistsError(f"no name left beside {name}.png")
