"""The result of the image on screen and of its series, each one line, and which model says so.

The image's part has one height whatever it says, so that the controls below it stay where the
hand expects them; what differs in length stands in a panel of its own at the end of the column.
"""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from desktop.state.selection import Selection
from desktop.state.workspace import State, Workspace
from desktop.tables import words
from desktop.tables.row import Row
from desktop.text.language import text_of
from desktop.window.disclosure import Disclosure
from desktop.window.text import NameLine, Text, notice
from desktop.window.translated import Translated
from imaging.errors import Status
from model.image_result import ImageResult

HEIGHT = 128
"""Room for patient and file, two lines of result and two of reasons."""


class ResultPanel(Translated, QFrame):
    """Words and a number only; the image itself stays free of them.

    ``details``, a panel of its own, holds the results of the series and the model, which open.
    """

    def __init__(
        self, workspace: Workspace, selection: Selection, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self._workspace, self._selection = workspace, selection
        self.patient, self.place = NameLine("heading"), Text("heading")
        self.name = NameLine("quiet")
        self.number = Text("number")
        self.zone = Text("heading")
        self.reason = Text("quiet")
        self.series, self.model = Disclosure(), Disclosure()
        self.context, self.rule, self.provider = Text("quiet"), Text("quiet"), Text("quiet")
        self._notice = Text("notice")
        self.details = QFrame(parent)
        self.details.setProperty("role", "panel")
        self._lay_out()
        for signal in (
            selection.on_screen_changed,
            workspace.state_changed,
            workspace.threshold_changed,
            workspace.model_changed,
            workspace.series_changed,
        ):
            signal.connect(self._show)
        self._show()

    def _lay_out(self) -> None:
        policy = QSizePolicy.Policy
        for text in (self.place, self.number):
            text.setWordWrap(False)
            text.setSizePolicy(policy.Maximum, policy.Preferred)
        which = QHBoxLayout()
        which.addWidget(self.place)
        which.addWidget(self.name, 1)
        numbers = QHBoxLayout()
        numbers.addWidget(self.number)
        numbers.addWidget(self.zone, 1)
        layout, below = QVBoxLayout(self), QVBoxLayout(self.details)
        for column in (layout, below):
            column.setContentsMargins(10, 8, 10, 8)
        layout.addWidget(self.patient)
        layout.addLayout(which)
        layout.addLayout(numbers)
        layout.addWidget(self.reason)
        layout.addStretch(1)
        self.setFixedHeight(HEIGHT)
        self.series.add(self.context, self.rule)
        self.model.add(self.provider)
        for part in (self.series, self.model, self._notice):
            below.addWidget(part)

    @Slot()
    def _show(self) -> None:
        number, table = self._selection.on_screen, self._workspace.table
        row = None if number is None else table.rows[number]
        result = row.result if row else None
        self._tell_whose(number, row)
        probability = result.probability if result else None
        self.number.setText(words.percent(probability))
        self.number.setVisible(probability is not None)
        zone = table.zone(row) if row else None
        for text in (self.number, self.zone):
            text.set_zone(zone.value if zone else "")
        self.zone.setText(self._zone_text(row, result))
        self.reason.setText(words.reason(result.problems) if result else "")
        self.reason.setVisible(bool(self.reason.text()))
        self.series.set_summary(self._series())
        self.rule.setText("\n".join(self._about_series()))
        in_context = self._workspace.series.context_sentences(number)
        self.context.setText("\n".join(in_context))
        self.context.setVisible(bool(in_context))
        self.series.set_details(bool(self.rule.text()))
        self.model.set_summary(self._model())
        self.provider.setText(self._provider(result))
        self.model.set_details(bool(self.provider.text()))
        self._notice.setText(notice())

    def _tell_whose(self, number: int | None, row: Row | None) -> None:
        """Patient, place in the series and file: many patients have a 001.dcm."""
        self.patient.setText(self._workspace.worklist.patient_of(number))
        self.place.setText(self._place(number))
        for text in (self.patient, self.place):
            text.setVisible(bool(text.text()))
        name = self._workspace.table.name(row) if row else self.tr("No image selected")
        self.name.setText(name)
        whole = words.tooltip(self.patient.text(), self.place.text(), name)
        for text in (self.patient, self.place, self.name):
            text.setToolTip(whole)

    def _place(self, number: int | None) -> str:
        """Where an image stands in its series; empty as long as that is not known."""
        series = self._workspace.series
        of, place = series.number_of(number), series.place(number)
        if of is None:
            return ""
        if series[of].is_unidentified:
            return self.tr("image {0}").format(place)
        return self.tr("slice {0}").format(place)

    def _zone_text(self, row: Row | None, result: ImageResult | None) -> str:
        table = self._workspace.table
        if row is None:
            return ""
        if row.is_blinded:
            return self.tr("Hidden until you have read it")
        if result is None:
            busy = self._workspace.state in (State.LISTING, State.SCORING)
            return self.tr("Computing") if busy else self.tr("Not assessed yet")
        if result.probability is not None:
            named = words.image_result(table.zone(row), table.is_flagged(row))
            return " · ".join(filter(None, named))
        if result.status is Status.REFUSED:
            return self.tr("Not assessable")
        if result.status in (Status.FAILED, Status.SKIPPED):
            return self.tr("No result")
        return self.tr("No probability")

    def _series(self) -> str:
        """What the series of the image on screen is, in a line; empty for one image alone."""
        series = self._workspace.series
        number = series.number_of(self._selection.on_screen)
        if number is None or len(series[number].members) < 2:
            return ""
        return self.tr("Series: {0}").format(series.summary(number))

    def _about_series(self) -> list[str]:
        """The rule by which the series is flagged, and what is known of that."""
        series = self._workspace.series
        number = series.number_of(self._selection.on_screen)
        if number is None:
            return []
        result, told = series[number].result, [series.name(number)]
        if result.n_without_score:
            missing = self.tr("{0} of its {1} images have no result.")
            told.append(missing.format(result.n_without_score, len(result.members)))
        return [*told, *series.sentences(number)]

    def _model(self) -> str:
        opened = self._workspace.opened_model
        if opened is None:
            return self.tr("The model is being opened.")
        session = opened.session
        if session is None:
            why = words.visible(text_of(opened.refusal)) if opened.refusal else ""
            return self.tr("No probabilities: {0}").format(why)
        name = words.visible(session.card.name)
        if session.is_built_in:
            return self.tr("Model: {0}").format(name)
        return self.tr("Model: {0} · not the built-in model").format(name)

    def _provider(self, result: ImageResult | None) -> str:
        session = self._workspace.opened_model.session if self._workspace.opened_model else None
        if session is None:
            return ""
        provider = result.provider if result and result.provider else session.provider
        runs = words.sentences(
            words.visible(provider.split(":")[0]), text_of(session.provider_reason)
        )
        told = session.notice or f"SHA-256 {session.sha256}"
        said = told if isinstance(told, str) else text_of(told)
        # In groups, or so long a word would need twice the column's width.
        groups = " ".join(session.sha256[at : at + 16] for at in range(0, 64, 16))
        return "\n".join([runs, said.replace(session.sha256, groups)])

    def retranslate(self) -> None:
        """Say everything in the language of now."""
        self._show()
