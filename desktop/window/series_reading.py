"""The reader's reading of the series on screen: label, confidence, comment. It unblinds."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import partial

from PySide6.QtCore import QSignalBlocker, Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSizePolicy, QSpinBox, QWidget

from desktop.engine.readings import NO_DRAFT, Draft, Label, SeriesReading
from desktop.settings import Settings
from desktop.state.selection import Selection
from desktop.state.workspace import Workspace
from desktop.tables import words
from desktop.window.action import Actions
from desktop.window.reading_panel import KeepComment, ReadingPanel
from desktop.window.text import Text, action_button

ACTIONS = {
    Label.PRESENT: "read_series_present",
    Label.ABSENT: "read_series_absent",
    Label.UNSURE: "read_series_unsure",
}
STEP = 10
"""Per cent by which the confidence is changed."""
NO_CONFIDENCE = -STEP
"""What the field holds where none was given."""
LONGEST_NAME = 60
"""Letters of the reader's name."""


class SeriesReadingPanel(ReadingPanel):
    """Keeps what the reader says of a series, each change at once.

    Confidence and comment can be given before the label, while the score is still hidden: they
    wait in the store as a draft, and become part of the reading with the label.
    """

    def __init__(
        self,
        workspace: Workspace,
        selection: Selection,
        settings: Settings,
        actions: Actions,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(ACTIONS, workspace, selection, actions, parent)
        self._series, self._readings = workspace.series, workspace.readings
        self._settings = settings
        self.confidence = _confidence_box(self)
        self.reader = QLineEdit(settings.reader, self)
        self.reader.setProperty("role", "search")
        self.reader.setMaxLength(LONGEST_NAME)
        row = QHBoxLayout()
        row.setSpacing(4)
        row.addWidget(self.confidence)
        row.addWidget(self.reader, 1)
        self.column.insertLayout(self.column.count() - 1, row)
        self.keys = Text("quiet")
        keys = QHBoxLayout()
        keys.setSpacing(4)
        keys.addWidget(self.keys, 1)
        self._of_keys: list[QWidget] = [self.keys]
        for name in ("key_image", "export_key_images"):
            button = action_button(self, actions[name])
            button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
            keys.addWidget(button)
            self._of_keys.append(button)
        self.column.insertLayout(self.column.count() - 1, keys)
        self.confidence.valueChanged.connect(self._take_confidence)
        self.reader.editingFinished.connect(self._take_reader)
        workspace.series_changed.connect(self.show_reading)
        workspace.series.regrouping.connect(self._forget)
        self.retranslate()

    @property
    def can_read(self) -> bool:
        """Whether a reading of the series on screen could be kept."""
        number = self._selection.series_on_screen
        return number is not None and self._readings.can_read(number)

    @property
    def label(self) -> Label | None:
        """The reader's label of the series on screen."""
        reading = self._reading()
        return None if reading is None else reading.label

    def choose(self, label: Label) -> None:
        """Give the selected series a label, or take the same one back; only if it is on screen."""
        number = self._selection.series_on_screen
        if number is None or not self.can_read or not self._selection.may_act():
            return
        self.keep_comment()
        self._take_reader()
        given = self._given(number)
        taken_back = self.label is label
        reading = SeriesReading(
            None if taken_back else label,
            datetime.now().astimezone(),
            comment=given.comment,
            confidence=given.confidence,
            reader=self._settings.reader,
            seconds=self._selection.seconds_seen(),
        )
        self._readings.read(number, reading)
        self._readings.set_draft(number, given if taken_back else NO_DRAFT)
        self.show_reading()
        self._selection.ask_heat()

    def set_low(self, is_low: bool) -> None:
        """Leave the height to the list above: keys and menu have what is done with key images."""
        for each in self._of_keys:
            each.setHidden(is_low)

    def change_confidence(self, steps: int) -> None:
        """Raise or lower the confidence; from none it begins in the middle."""
        before = self.confidence.value()
        self.confidence.setValue(50 if before == NO_CONFIDENCE else before + steps * STEP)

    # -- what waits for a label

    def _reading(self) -> SeriesReading | None:
        number = self._selection.series_on_screen
        return None if number is None else self._readings.reading(number)

    def _given(self, number: int | None) -> Draft:
        """Comment and confidence of a series, of its reading or waiting."""
        if number is None:
            return NO_DRAFT
        reading = self._readings.reading(number)
        if reading is not None:
            return Draft(reading.comment, reading.confidence)
        return self._readings.draft(number)

    def _give(self, number: int, given: Draft) -> None:
        if self._readings.reading(number) is None:
            self._readings.set_draft(number, given)
        else:
            self._readings.amend(number, comment=given.comment, confidence=given.confidence)

    @Slot()
    def _forget(self) -> None:
        """Numbers of series mean others from now on."""
        self._typed = None

    @Slot(int)
    def _take_confidence(self, value: int) -> None:
        number = self._selection.series_on_screen
        if number is None or not self.can_read:
            return
        if self._selection.may_act():
            confidence = None if value == NO_CONFIDENCE else value
            self._give(number, replace(self._given(number), confidence=confidence))
        else:
            self.show_reading()  # what it is on screen stays

    @Slot()
    def _take_reader(self) -> None:
        """Whoever reads from now on has readings of their own.

        What was said of the series on show before the name was entered goes with the name.
        """
        name, before = self.reader.text().strip(), self._settings.reader
        if name == before:
            return
        self.keep_comment()
        number = self._selection.series_on_screen
        is_open = number is not None and self.can_read and self._readings.reading(number) is None
        draft = self._given(number) if is_open and not before else NO_DRAFT
        if number is not None and draft != NO_DRAFT:
            self._readings.set_draft(number, NO_DRAFT)
        self._settings.reader = name
        self._readings.set_reader(name)
        if number is not None and draft != NO_DRAFT and self._given(number) == NO_DRAFT:
            self._give(number, draft)
        self.show_reading()
        self._selection.ask_heat()

    # -- what is shown

    def _fill(self) -> None:
        super()._fill()
        confidence = self._given(self._selection.series_on_screen).confidence
        with QSignalBlocker(self.confidence):
            self.confidence.setValue(NO_CONFIDENCE if confidence is None else confidence)
        self.confidence.setEnabled(self.can_read)
        place_of = self._series.place_of
        places = [str(place_of(row) + 1) for row in self._selection.key_images_on_screen()]
        told = self.tr("Key images: no. {0}").format(", ".join(places))
        self.keys.setText(told if places else self.tr("Key images: none"))

    def _comment(self) -> str:
        return self._given(self._selection.series_on_screen).comment

    def _comment_keeper(self) -> KeepComment | None:
        number = self._selection.series_on_screen
        return partial(self._keep, number) if number is not None and self.can_read else None

    def _keep(self, number: int, comment: str) -> None:
        self._give(number, replace(self._given(number), comment=comment))

    def _told(self) -> list[str]:
        reading = self._reading()
        if reading is None:
            return []
        took = "" if reading.seconds is None else self.tr("{0} s").format(round(reading.seconds))
        blinded = self.tr("before AI (blinded)") if reading.blinded else ""
        reader = "" if self._table.hide_identity else words.visible(reading.reader)
        return [words.moment(reading.time), reader, took, blinded]

    def _name(self) -> tuple[str, str]:
        return self.tr("Series"), self.tr("Comment on this series")

    def retranslate(self) -> None:
        """Name everything in the language of now."""
        self.confidence.setSpecialValueText(self.tr("Confidence –"))
        self.confidence.setPrefix(self.tr("Confidence") + " ")
        self.confidence.setAccessibleName(self.tr("Confidence"))
        self.reader.setPlaceholderText(self.tr("Reader"))
        self.reader.setAccessibleName(self.tr("Reader's name or initials"))
        super().retranslate()


def _confidence_box(parent: QWidget) -> QSpinBox:
    """Per cent in steps, entered by click and left by Enter."""
    box = QSpinBox(parent)
    box.setRange(NO_CONFIDENCE, 100)
    box.setSingleStep(STEP)
    box.setSuffix(" %")
    box.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
    box.lineEdit().returnPressed.connect(box.clearFocus)
    return box
