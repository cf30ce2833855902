"""SeriesRule: when the selected series is flagged, in one line that opens to the rest."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.state.selection import Selection
from desktop.state.workspace import Workspace
from desktop.tables import words
from desktop.window.text import Text, link_button
from desktop.window.translated import Translated
from model.series_decision import Rank, SeriesDecision


class SeriesRule(Translated, QWidget):
    """The rule of the series on screen, or why it has none; a click opens its evidence."""

    def __init__(
        self, workspace: Workspace, selection: Selection, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._series, self._selection = workspace.series, selection
        self.told, self.known = Text("quiet"), Text("quiet")
        self.more = link_button(self)
        self.more.setCheckable(True)
        self.is_low = False
        """Whether height is short: the rule waits for a click."""
        self._beside = QHBoxLayout()
        self._beside.addWidget(self.told, 1)
        self._beside.addWidget(self.more, 0, Qt.AlignmentFlag.AlignTop)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(self._beside)
        layout.addWidget(self.known)
        self.more.toggled.connect(self._tell)
        for signal in (
            selection.changed,
            workspace.threshold_changed,
            workspace.model_changed,
            workspace.series_changed,
        ):
            signal.connect(self._tell)
        self.retranslate()

    def set_low(self, is_low: bool, elsewhere: QHBoxLayout) -> None:
        """Whether height is short; the button that opens the rule then stands ``elsewhere``."""
        self.is_low = is_low
        self.more.setChecked(False)
        place = elsewhere if is_low else self._beside
        place.addWidget(self.more, 0, Qt.AlignmentFlag.AlignTop)
        self._tell()

    def retranslate(self) -> None:
        """Say everything in the language of now."""
        self._tell()

    @Slot()
    def _tell(self) -> None:
        series = self._series
        number = series.number_of(self._selection.image)
        decision = None if number is None else series.decision(number)
        sentences = [] if number is None else series.sentences(number)
        told = " ".join(sentences)  # without a decision, why there is none
        if number is not None and decision is not None:
            told = self._flagged_when(number, decision)
        self.told.setText(told)
        self.known.setText("\n".join(sentences))
        is_open, low = self.more.isChecked(), self.is_low
        self.told.setVisible(bool(sentences) and (is_open or not low))
        self.more.setVisible(bool(sentences) if low else decision is not None)
        self.known.setVisible(decision is not None and is_open)
        self.setHidden(self.told.isHidden())  # or it would keep its room
        closed = self.tr("Rule") if low else self.tr("More")
        self.more.setText(self.tr("Less") if is_open else closed)

    def _flagged_when(self, number: int, decision: SeriesDecision) -> str:
        """When the series is flagged, and what that finds and misses."""
        name, point = self._series.name(number), decision.point
        if point is None:
            told = self.tr("{0} · flagged when the series scores ≥ {1}").format(
                name, words.percent(decision.threshold)
            )
            return words.sentences(told, self._evidence(decision))
        told = self.tr("{0} · flagged when at least {1} of {2} images score ≥ {3}").format(
            name, point.counted, decision.n_assessed, words.percent(point.threshold)
        )
        found = point.evidence.sensitivity
        if self._series.rank(number) is not Rank.NOT_FLAGGED or found.rate is None:
            return told
        missed = self.tr("Sensitivity for single validation images there (optimistic): {0}").format(
            words.share(found)
        )
        return f"{told}. {missed}"

    def _evidence(self, decision: SeriesDecision) -> str:
        """Sensitivity and specificity per examination as counts; what it opens to has the CI."""
        if decision.head is None:
            return ""
        evidence = decision.head.evidence
        told = self.tr("Per examination: sensitivity {0}, specificity {1}")
        counts = [evidence.counts]
        if evidence.repeat is not None:
            told = self.tr(
                "Per examination: sensitivity {0}, specificity {1}; in a repeat of the training "
                "{2} and {3}"
            )
            counts.append(evidence.repeat)
        shares = (share for each in counts for share in (each.sensitivity, each.specificity))
        return told.format(*(f"{share.count}/{share.total}" for share in shares))
