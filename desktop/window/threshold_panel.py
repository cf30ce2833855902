"""The threshold of images: slider, number and operating points, live, and how many are flagged.

One line says what it does to the series on show: nothing where a series head has decided.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import chain

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QSizePolicy,
    QSlider,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desktop.settings import Settings
from desktop.state.selection import Selection
from desktop.state.workspace import Workspace
from desktop.tables import words
from desktop.window.evidence_view import EvidenceView
from desktop.window.text import Text, percent_box
from desktop.window.translated import Translated
from model.operating_point import OperatingPoint
from model.series_decision import SeriesDecision
from model.series_head import SeriesHead

STEPS = 1000
"""Positions of the slider."""


class ThresholdPanel(Translated, QFrame):
    """Sets the workspace's threshold by ``wanted``; nothing is scored again."""

    wanted = Signal(float)

    def __init__(
        self,
        workspace: Workspace,
        selection: Selection,
        settings: Settings,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self._workspace, self._selection = workspace, selection
        self._heading = Text("heading")
        self.slider = QSlider(Qt.Orientation.Horizontal, self)
        self.slider.setRange(0, STEPS)
        self.slider.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.number = percent_box(self, 2)
        self._grid = QGridLayout()
        self._grid.setSpacing(4)
        self.points: dict[str, QToolButton] = {}
        """By the name of the first operating point that a button stands for."""
        self._sharing: list[list[OperatingPoint]] = []
        """The points of each button, which have one threshold."""
        self.count = Text()
        self.series = Text("quiet")
        self.evidence = EvidenceView(workspace, settings, self)
        self._lay_out()
        self._connect()
        self.retranslate()

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.addWidget(self._heading, 1)
        top.addWidget(self.number)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 8, 10, 8)
        layout.addLayout(top)
        layout.addWidget(self.slider)
        layout.addLayout(self._grid)
        layout.addWidget(self.count)
        layout.addWidget(self.series)
        layout.addWidget(self.evidence)

    def _connect(self) -> None:
        workspace = self._workspace
        self.slider.valueChanged.connect(lambda value: self.wanted.emit(value / STEPS))
        self.number.valueChanged.connect(lambda value: self.wanted.emit(value / 100))
        self.wanted.connect(workspace.set_threshold)
        workspace.threshold_changed.connect(self._show)
        workspace.model_changed.connect(self._set_points)
        workspace.order.counted.connect(self._count)
        workspace.series_changed.connect(self._tell_of_series)
        self._selection.on_screen_changed.connect(self._tell_of_series)

    @Slot()
    def _set_points(self) -> None:
        for button in self.points.values():
            self._grid.removeWidget(button)
            button.deleteLater()
        card = self._workspace.table.card
        self.points = {}
        self._sharing = distinct(card.operating_points) if card else []
        odd = len(self._sharing) % 2  # then the first has a row of its own
        for place, (point, *_same) in enumerate(self._sharing):
            button = QToolButton(self)
            button.setProperty("role", "point")
            button.setCheckable(True)
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            button.clicked.connect(partial(self._choose, point.threshold))
            if odd and place == 0:
                self._grid.addWidget(button, 0, 0, 1, 2)
            else:
                self._grid.addWidget(button, *divmod(place + odd, 2))
            self.points[point.name] = button
        self.retranslate()

    def _choose(self, threshold: float) -> None:
        self.wanted.emit(threshold)
        self._show()  # a click on the chosen point must not let it go

    @Slot()
    def _show(self) -> None:
        threshold, card = self._workspace.table.threshold, self._workspace.table.card
        # What the controls round must not come back as the threshold.
        self.slider.blockSignals(True)
        self.slider.setValue(round(STEPS * threshold))
        self.slider.blockSignals(False)
        self.number.blockSignals(True)
        self.number.setValue(100 * threshold)
        self.number.blockSignals(False)
        for control in (self.slider, self.number):
            control.setEnabled(card is not None)
        for name, button in self.points.items():
            button.setChecked(card is not None and card.point(name).threshold == threshold)
        self._tell_of_series()
        self._count()

    @Slot()
    def _tell_of_series(self) -> None:
        """What the threshold does to the series on show, as far as that has a result."""
        card, series = self._workspace.table.card, self._workspace.series
        number = self._selection.series_on_screen
        decision = None if number is None else series.decision(number)
        head = None if card is None else card.series_head
        if decision is not None:
            told = self._of_decision(decision)
        elif head is not None:
            told = self.tr("Series of {0} or more images keep their own threshold: {1}")
            told = told.format(head.least, words.percent(head.threshold()))
        else:
            follows = card is not None and card.counts_images
            told = self.tr("Series follow this threshold") if follows else ""
        self.series.setText(told)
        self.series.setToolTip("" if head is None else self._explained(head))

    def _of_decision(self, decision: SeriesDecision) -> str:
        if decision.point is None:
            told = self.tr("This series keeps its own threshold: {0}")
            return told.format(words.percent(decision.threshold))
        told = self.tr("This series needs {0} of {1} images ≥ {2}, or ≥ this threshold if higher")
        if decision.point.of_single_images:
            told = self.tr("This series follows it: needs {0} of {1} images ≥ {2}")
        counts = decision.point.counted, decision.n_assessed
        return told.format(*counts, words.percent(decision.threshold))

    def _explained(self, head: SeriesHead) -> str:
        return words.tooltip(
            self.tr("The image threshold does not change which series are flagged."),
            self.tr("A series with a flagged image is never shown as not flagged."),
            self.tr("Series with fewer than {0} assessed images use the image threshold.").format(
                head.least
            ),
        )

    @Slot()
    def _count(self) -> None:
        table = self._workspace.table
        above, shown = table.count_flagged()
        hidden = table.count_hidden()
        if not hidden:
            told = self.tr("{0} of {1} assessed images flagged").format(above, shown)
        elif not shown:
            told = self.tr("Hidden until read: {0} images").format(hidden)
        else:
            told = self.tr("{0} of {1} shown images flagged · hidden until read: {2}")
            told = told.format(above, shown, hidden)
        self.count.setText(told)

    def retranslate(self) -> None:
        """Say everything in the language of now."""
        self._heading.setText(self.tr("Image threshold"))
        self.slider.setAccessibleName(self.tr("Threshold"))
        self.number.setAccessibleName(self.tr("Threshold"))
        for point, *same in self._sharing:
            button = self.points[point.name]
            named = [words.point_word(each.name) for each in (point, *same)]
            button.setText(" · ".join(named))
            value = f"{100 * point.threshold:.2f} %"
            told = chain.from_iterable(zip(named, (e.rule for e in (point, *same)), strict=True))
            reached = self.tr("On validation images; on others it may reach less.")
            button.setToolTip(words.tooltip(value, *told, reached))
        self._show()


def distinct(points: Sequence[OperatingPoint]) -> list[list[OperatingPoint]]:
    """The points by threshold, in the order of the first of each: equal ones share a button."""
    by_threshold: dict[float, list[OperatingPoint]] = {}
    for point in points:
        by_threshold.setdefault(point.threshold, []).append(point)
    return list(by_threshold.values())
