"""What a reader's hands do in the real window: notches of the wheel, and steps through a list."""

from __future__ import annotations

from PySide6.QtCore import QObject, QPoint, QPointF, Qt, QTimer, Slot
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from desktop.app import Program

TURN = 50
"""Milliseconds between two notches of the wheel, over the image and over the list by turns."""
STEP = 10
"""Of so many notches, one is a key in place of it: the next line of the list."""
BACK = 200
"""Notches after which the wheel turns the other way."""


def notch(widget: QWidget, down: bool) -> None:
    """Turn the wheel by one notch over the middle of a widget."""
    middle = QPointF(widget.rect().center())
    wheel = QWheelEvent(
        middle,
        widget.mapToGlobal(middle),
        QPoint(),
        QPoint(0, -120 if down else 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(widget, wheel)


class Hands(QObject):
    """Scroll through series and list, and turn to the next line of it, until they are stopped."""

    def __init__(self, program: Program) -> None:
        super().__init__(program)
        self._window, self._worklist = program.window, program.workspace.worklist
        self._done = 0
        self._timer = QTimer(self, interval=TURN)
        self._timer.timeout.connect(self._move)

    def begin(self) -> None:
        """In the images list where the worklist has one line, else in the worklist."""
        if self._worklist.patients == 1:
            self._window.tabs.setCurrentWidget(self._window.results)
        self._timer.start()

    def stop(self) -> None:
        """Move no more."""
        self._timer.stop()

    @Slot()
    def _move(self) -> None:
        list_ = self._window.tabs.currentWidget()
        view = (
            self._window.results if list_ is self._window.results else self._window.worklist
        ).view
        self._done += 1
        if self._done % STEP == 0:
            QTest.keyClick(view, Qt.Key.Key_Down)
        else:
            widget = self._window.viewer if self._done % 2 else view.viewport()
            notch(widget, down=self._done // BACK % 2 == 0)
