"""What the frozen out-of-fold results say about the threshold, and at the reader's prevalence."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Slot
from PySide6.QtWidgets import QDoubleSpinBox, QHBoxLayout, QVBoxLayout, QWidget

from desktop.settings import Settings
from desktop.state.workspace import Workspace
from desktop.tables import words
from desktop.window.text import Text, percent_box
from model.card import ModelCard
from model.confusion import Confusion, predictive_values
from model.evidence import at_threshold
from model.proportion import Interval, Proportion


class EvidenceView(QWidget):
    """Sensitivity and specificity with counts and intervals; false discovery and omission."""

    def __init__(
        self, workspace: Workspace, settings: Settings, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._workspace, self._settings = workspace, settings
        self.source = Text("quiet")
        self.sensitivity, self.specificity = Text(), Text()
        self.test = Text("quiet")
        self._prevalence_word = Text()
        self.prevalence: QDoubleSpinBox = percent_box(self, 1)
        self.prevalence.setRange(0.1, 99.9)
        self.prevalence.setValue(100 * settings.prevalence)
        self.prediction = Text("quiet")
        prevalence = QHBoxLayout()
        prevalence.addWidget(self._prevalence_word, 1)
        prevalence.addWidget(self.prevalence)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 4, 0, 0)
        for text in (self.source, self.sensitivity, self.specificity, self.test):
            layout.addWidget(text)
        layout.addSpacing(4)
        layout.addLayout(prevalence)
        layout.addWidget(self.prediction)
        self.prevalence.valueChanged.connect(self._on_prevalence)
        workspace.threshold_changed.connect(self._show)
        workspace.weights_changed.connect(self._show)
        self._retranslate()

    @Slot()
    def _show(self) -> None:
        table = self._workspace.table
        for part in (
            *(self.sensitivity, self.specificity, self.test, self.prediction),
            *(self.prevalence, self._prevalence_word),
        ):
            part.setVisible(table.card is not None)
        if table.card is None:
            self.source.setText(self.tr("Without weights there is nothing to say about it."))
            return
        evidence = at_threshold(table.card, table.threshold)
        told = self.tr(
            "On {0} scans whose labels it did not learn from, but by which weights and "
            "thresholds were chosen (optimistic; 95 % intervals):"
        )
        self.source.setText(told.format(len(table.card.out_of_fold.labels)))
        self.test.setText(self._test(table.card))
        self.sensitivity.setText(self.tr("Sensitivity") + " " + self._share(evidence.sensitivity))
        self.specificity.setText(self.tr("Specificity") + " " + self._share(evidence.specificity))
        self.prediction.setText(self._prediction(evidence))

    def _share(self, share: Proportion) -> str:
        if share.rate is None:
            return self.tr("unknown (no such scans)")
        return self.tr("{0:.1f} % ({1} of {2}; {3:.1f} to {4:.1f} %)").format(
            100 * share.rate, share.count, share.total, 100 * share.low, 100 * share.high
        )

    def _test(self, card: ModelCard) -> str:
        if card.test is None:
            return self.tr("There is no result on test scans.")
        found, spared = card.test.sensitivity, card.test.specificity
        told = self.tr(
            "On {0} test scans, at the frozen threshold: sensitivity {1} of {2}, "
            "specificity {3} of {4}"
        )
        counts = (found.count, found.total, spared.count, spared.total)
        return told.format(found.total + spared.total, *counts)

    def _prediction(self, evidence: Confusion) -> str:
        at = predictive_values(evidence, self.prevalence.value() / 100)
        above, below = self._range(at.false_discovery), self._range(at.false_omission)
        return "\n".join(
            [
                self.tr("False discovery: {0}").format(above),
                self.tr("False omission: {0}").format(below),
            ]
        )

    def _range(self, share: Interval | None) -> str:
        if share is None:
            return self.tr("unknown")
        told = self.tr("{0} ({1:.1f} to {2:.1f} %)")
        return told.format(words.percent(share.value), 100 * share.low, 100 * share.high)

    @Slot(float)
    def _on_prevalence(self, percent: float) -> None:
        self._settings.prevalence = percent / 100
        self._show()

    def changeEvent(self, event: QEvent) -> None:
        """Another language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)

    def _retranslate(self) -> None:
        self._prevalence_word.setText(self.tr("Positives you expect among pictures"))
        self.prediction.setToolTip(
            self.tr(
                "At that share of positives: of the pictures above the threshold, how many are "
                "without the finding; of those below, how many have it. In brackets: if both "
                "sensitivity and specificity were at the ends of their intervals."
            )
        )
        self.prevalence.setAccessibleName(self.tr("Positives you expect among pictures"))
        self._show()
