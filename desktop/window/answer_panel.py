"""The answer for the selected scan: probability and zone, or why there is none, and who says so.

The number's panel has one height whatever it says, so that the controls below it stay where the
hand expects them; what differs in length stands in a panel of its own at the end of the column.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from desktop.state.selection import Selection
from desktop.state.workspace import Workspace
from desktop.tables import words
from desktop.tables.row import Row
from desktop.text.language import text_of
from desktop.window.text import Text, notice
from imaging.errors import Status
from model.image_result import ImageResult
from model.series_result import counted

HEIGHT = 124
"""Room for the name, two lines of verdict and two of reasons."""


class AnswerPanel(QFrame):
    """Words and a number only; the picture itself stays free of them.

    ``details``, a panel of its own, says what the series is, and which weights say so.
    """

    def __init__(
        self, workspace: Workspace, selection: Selection, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self._workspace, self._selection = workspace, selection
        self.name = Text("heading")
        self.number = Text("number")
        self.verdict = Text("heading")
        self.reason = Text()
        self.series = Text("quiet")
        self.weights = Text("quiet")
        self._notice = Text("notice")
        self.details = QFrame(parent)
        self.details.setProperty("role", "panel")
        self._lay_out()
        selection.changed.connect(self._show)
        for signal in (
            workspace.threshold_changed,
            workspace.weights_changed,
            workspace.series_changed,
        ):
            signal.connect(self._show)
        self._show()

    def _lay_out(self) -> None:
        policy = QSizePolicy.Policy
        self.name.setWordWrap(False)
        self.name.setSizePolicy(policy.Ignored, policy.Fixed)
        self.number.setWordWrap(False)
        self.number.setSizePolicy(policy.Maximum, policy.Preferred)
        numbers = QHBoxLayout()
        numbers.addWidget(self.number)
        numbers.addWidget(self.verdict, 1)
        layout, below = QVBoxLayout(self), QVBoxLayout(self.details)
        for column in (layout, below):
            column.setContentsMargins(12, 10, 12, 10)
        layout.addWidget(self.name)
        layout.addLayout(numbers)
        layout.addWidget(self.reason)
        layout.addStretch(1)
        self.setFixedHeight(HEIGHT)
        for text in (self.series, self.weights, self._notice):
            below.addWidget(text)

    @Slot()
    def _show(self) -> None:
        row, table = self._selection.row, self._workspace.table
        result = row.result if row else None
        self.name.setText(table.name(row) if row else self.tr("No picture selected"))
        self.name.setToolTip(words.tooltip(self.name.text()))
        probability = result.probability if result else None
        self.number.setText(words.percent(probability))
        self.number.setVisible(probability is not None)
        zone = table.zone(row) if row else None
        for text in (self.number, self.verdict):
            text.set_zone(zone.value if zone else "")
        self.verdict.setText(self._verdict(row, result))
        self.reason.setText(words.reason(result.problems) if result else "")
        self.reason.setVisible(bool(self.reason.text()))
        self.series.setText(self._series())
        self.series.setVisible(bool(self.series.text()))
        self.series.setToolTip(words.tooltip(*self._about_series()))
        self.weights.setText(self._weights(result))
        self._notice.setText(notice())

    def _verdict(self, row: Row | None, result: ImageResult | None) -> str:
        table = self._workspace.table
        if row is None:
            return ""
        if result is None:
            return self.tr("Not screened yet")
        if row.is_blinded:
            return self.tr("Shown when you have given your reading")
        if result.probability is not None:
            word = self.tr("At or above the threshold")
            if not table.above(row):
                word = self.tr("Below the threshold")
            zone = table.zone(row)
            if zone is not None and zone.value == "uncertain":
                return word + "\n" + self.tr("Uncertain zone")
            return word
        if result.status is Status.REFUSED:
            return self.tr("Not assessable")
        if result.status in (Status.FAILED, Status.SKIPPED):
            return self.tr("No result")
        return self.tr("No probability")

    def _about_series(self) -> list[str]:
        """What is known of the threshold of the image's series; empty where it is in none."""
        series = self._workspace.series
        number = series.number_of(self._selection.number)
        return [] if number is None else series.sentences(number)

    def _series(self) -> str:
        series = self._workspace.series
        number = series.number_of(self._selection.number)
        if number is None:
            return ""
        found = series.series[number].result
        if len(found.members) < 2:
            return ""
        if found.probability is None:
            return self.tr("Series “{0}”: {1}").format(series.name(number), series.verdict(number))
        told = self.tr("Series “{0}”: {1}, the highest of its pictures")
        if (enough := counted(found.n_assessed)) > 1:
            told = self.tr("Series “{0}”: {1}, which {2} of its pictures reach")
        told = told.format(series.name(number), words.percent(found.probability), enough)
        if found.n_failed:
            missing = self.tr("{0} of its {1} pictures have no result")
            told += "\n" + missing.format(found.n_failed, len(found.members))
        sentences = self._about_series()
        if not sentences:
            return told
        threshold, *_, cost, unknown = sentences
        return "\n".join([told, f"{series.verdict(number)} · {threshold}", cost, unknown])

    def _weights(self, result: ImageResult | None) -> str:
        weights = self._workspace.weights
        if weights is None:
            return self.tr("The weights are being opened.")
        session = weights.session
        if session is None:
            return self.tr("No probabilities: {0}").format(
                words.plain(text_of(weights.refusal) if weights.refusal else "")
            )
        provider = result.provider if result and result.provider else session.provider
        return "\n".join(
            [
                self.tr("Weights: {0}").format(words.plain(session.card.name)),
                words.plain(provider.split(":")[0]) + ". " + text_of(session.provider_reason),
            ]
        )

    def changeEvent(self, event: QEvent) -> None:
        """Another language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._show()
        super().changeEvent(event)
