"""The status bar: how far the scoring is, Stop, Resume, and the notice that is always there."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Slot
from PySide6.QtWidgets import QLabel, QProgressBar, QPushButton, QStatusBar, QWidget

from desktop.state.workspace import State, Workspace
from desktop.tables import words
from desktop.window.text import Text, notice
from desktop.window.translated import Translated

BEAT = 250
"""Milliseconds between two looks at the progress."""
TOLD = 5000
"""Milliseconds that something else is said in its place."""


class ProgressLine(Translated, QStatusBar):
    """Asks the workspace's progress while images are scored."""

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self.setSizeGripEnabled(False)
        self.setContentsMargins(8, 2, 8, 2)
        self.bar = QProgressBar(self)
        self.bar.setTextVisible(False)
        self.bar.setFixedWidth(150)
        self.words = Text()
        self.words.setWordWrap(False)
        self.stop = QPushButton(self)
        self.resume = QPushButton(self)
        self._notice: QLabel = Text("notice")
        self._notice.setWordWrap(False)
        self.addWidget(self.bar)
        self.addWidget(self.words, 1)
        self.addWidget(self.stop)
        self.addWidget(self.resume)
        self.addPermanentWidget(self._notice)
        self._told = QTimer(self, singleShot=True, interval=TOLD)
        self._told.timeout.connect(self._show)
        self._timer = QTimer(self)
        self._timer.setInterval(BEAT)
        self._timer.timeout.connect(self._show)
        self.stop.clicked.connect(workspace.stop)
        self.resume.clicked.connect(workspace.go_on)
        workspace.state_changed.connect(self._follow)
        workspace.order.counted.connect(self._show)
        self.retranslate()
        self._follow()

    @Slot()
    def _follow(self) -> None:
        busy = self._workspace.state in (State.LISTING, State.SCORING)
        self.bar.setVisible(busy)
        self.stop.setVisible(busy)
        self.resume.setVisible(self._workspace.state is State.STOPPED)
        if busy:
            self._timer.start()
        else:
            self._timer.stop()
        self._show()

    @Slot()
    def _show(self) -> None:
        workspace, progress = self._workspace, self._workspace.progress
        rows = len(workspace.table.rows)
        total = max(rows, progress.found)
        if workspace.state is State.LISTING or workspace.waiting_for_model:
            self.bar.setRange(0, 0)
        else:
            self.bar.setRange(0, max(total, 1))
            self.bar.setValue(progress.done)
        if not self._told.isActive():
            self.words.setText(self._sentence(rows, progress.done, total))

    def tell(self, sentence: str) -> None:
        """Say something for a while, beside the progress and its buttons."""
        self._told.start()
        self.words.setText(sentence)

    def _sentence(self, rows: int, done: int, total: int) -> str:
        workspace = self._workspace
        match workspace.state:
            case State.EMPTY:
                return ""
            case State.LISTING:
                return self.tr("Looking for images: {0} found").format(rows)
            case State.SCORING if workspace.waiting_for_model:
                return self.tr("{0} found; the model is being opened").format(rows)
            case State.SCORING:
                text = self.tr("{0} of {1} done").format(done, total)
                left = workspace.progress.seconds_left
                return text if left is None else words.clauses(text, self._left(left))
            case State.STOPPED | State.DONE if workspace.error:
                return self.tr("Interrupted after {0} of {1}: {2}").format(
                    done, total, workspace.error
                )
            case State.STOPPED:
                return self.tr("Stopped: {0} of {1} done").format(done, total)
            case State.DONE if rows == 0:
                return self.tr("No files were found")
            case State.DONE:
                known = workspace.table.count_flagged()[1]
                told = self.tr("All {0} done").format(rows)
                missing = self.tr("{0} not assessed").format(rows - known)
                is_whole = known == rows or workspace.table.read_before_ai
                return told if is_whole else words.clauses(told, missing)

    def _left(self, seconds: float) -> str:
        if seconds < 90:
            return self.tr("about {0} s left").format(max(1, round(seconds)))
        return self.tr("about {0} min left").format(round(seconds / 60))

    def retranslate(self) -> None:
        """Say everything in the language of now."""
        self.stop.setText(self.tr("Stop"))
        self.resume.setText(self.tr("Resume"))
        self._notice.setText(notice())
        self._told.stop()  # what was told is in the language before
        self._show()
