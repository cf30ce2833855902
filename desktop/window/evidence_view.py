"""What the model's own validation says of the threshold, and at the reader's prevalence."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QDoubleSpinBox, QHBoxLayout, QWidget

from desktop.settings import Settings
from desktop.state.workspace import Workspace
from desktop.tables import words
from desktop.window.disclosure import Disclosure
from desktop.window.text import Text, percent_box
from desktop.window.translated import Translated
from model.card import ModelCard
from model.confusion import Confusion, predictive_values
from model.evidence import at_threshold
from model.proportion import Interval


class EvidenceView(Translated, Disclosure):
    """Sensitivity and specificity in a line, which opens to counts, intervals and PPV and NPV."""

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
        self.prevalence.setRange(0.0, 99.9)  # the lowest: not entered
        self.prevalence.setValue(100 * (settings.prevalence or 0.0))
        self.prediction = Text("quiet")
        prevalence = QHBoxLayout()
        prevalence.addWidget(self._prevalence_word, 1)
        prevalence.addWidget(self.prevalence)
        self.add(self.source, self.sensitivity, self.specificity, self.test)
        self.add(prevalence, self.prediction)
        self.prevalence.valueChanged.connect(self._on_prevalence)
        workspace.threshold_changed.connect(self._show_evidence)
        workspace.model_changed.connect(self._show_evidence)
        self.retranslate()

    @Slot()
    def _show_evidence(self) -> None:
        table = self._workspace.table
        self.set_details(table.card is not None)
        if table.card is None:
            self.set_summary(self.tr("Without a model there is no evidence."))
            return
        evidence, test = at_threshold(table.card, table.threshold), self._test_here()
        summary = self.tr("Validation (optimistic), per image: sensitivity {0}, specificity {1}")
        if test is not None:
            summary = self.tr("Internal test, per image: sensitivity {0}, specificity {1}")
        best = test or evidence
        rates = (words.percent(best.sensitivity.rate), words.percent(best.specificity.rate))
        self.set_summary(summary.format(*(rate or self.tr("unknown") for rate in rates)))
        told = self.tr(
            "Validation images (n = {0}; also used to choose model and threshold, so optimistic; "
            "95 % CI)"
        )
        self.source.setText(told.format(len(table.card.out_of_fold.labels)))
        self.test.setText(self._test(table.card))
        self.sensitivity.setText(self.tr("Sensitivity") + " " + words.share(evidence.sensitivity))
        self.specificity.setText(self.tr("Specificity") + " " + words.share(evidence.specificity))
        self.prediction.setText(self._prediction(evidence))

    def _test_here(self) -> Confusion | None:
        """The internal test at the threshold in force: it was made at the default one alone."""
        table = self._workspace.table
        if table.card is None or table.threshold != table.card.threshold:
            return None
        return table.card.test

    def _test(self, card: ModelCard) -> str:
        if card.test is None:
            return self.tr("There is no internal test.")
        told = self.tr(
            "Internal test ({0} images), default threshold: sensitivity {1}, specificity {2}"
        )
        shares = (words.share(card.test.sensitivity), words.share(card.test.specificity))
        note = words.visible(card.test.note)
        return " ".join(filter(None, [told.format(card.test.total, *shares), note]))

    def _prediction(self, evidence: Confusion) -> str:
        if not self.prevalence.value():
            return self.tr("Enter a prevalence for 1 − PPV and 1 − NPV.")
        test = self._test_here()
        at = predictive_values(test or evidence, self.prevalence.value() / 100)
        above, below = self._range(at.false_discovery), self._range(at.false_omission)
        source = self.tr("From the validation images, so optimistic.")
        if test is not None:
            source = self.tr("From the internal test ({0} images).").format(test.total)
        return "\n".join(
            [
                self.tr("Flagged images without the finding (1 − PPV): {0}").format(above),
                self.tr("Images with the finding among those not flagged (1 − NPV): {0}").format(
                    below
                ),
                source,
            ]
        )

    def _range(self, share: Interval | None) -> str:
        if share is None:
            return self.tr("unknown")
        told = self.tr("{0} ({1:.1f}–{2:.1f})")
        return told.format(words.percent(share.value), 100 * share.low, 100 * share.high)

    @Slot(float)
    def _on_prevalence(self, percent: float) -> None:
        self._settings.prevalence = percent / 100 if percent else None
        self._show_evidence()

    def retranslate(self) -> None:
        """Say everything in the language of now."""
        self.prevalence.setSpecialValueText(self.tr("not entered"))
        self._prevalence_word.setText(self.tr("Expected prevalence (images)"))
        self.prediction.setToolTip(
            words.tooltip(
                self.tr(
                    "At the expected prevalence. In brackets: the range with sensitivity and "
                    "specificity at the limits of their 95 % CI."
                )
            )
        )
        self.prevalence.setAccessibleName(self.tr("Expected prevalence (images)"))
        self._show_evidence()
