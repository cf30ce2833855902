"""WorklistCells: what stands in each cell of the worklist, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum
from typing import Any

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QImage

from desktop.engine.readings import Label
from desktop.tables import words
from desktop.tables.row import DETAIL_ROLE, THRESHOLD_ROLE, VALUE_ROLE, ZONE_ROLE, Row
from desktop.tables.series_list import SeriesList
from desktop.tables.series_readings import SeriesReadings
from desktop.tables.shown_series import ShownSeries
from desktop.tables.worklist_lines import Level, WorklistEntry, WorklistLines
from model.image_result import Zone
from model.series_decision import Rank
from model.series_group import SeriesGroup

translate = QCoreApplication.translate

READ_MARK = "✓"
LABEL_MARKS = {Label.PRESENT: "+", Label.ABSENT: "−", Label.UNSURE: "?"}
"""What stands in place of the mark where the reader gave a label."""


class WorklistColumn(IntEnum):
    """The columns, from left to right."""

    NAME = 0
    SCORE = 1
    RESULT = 2
    READ = 3


def heading(column: WorklistColumn) -> str:
    """What a column is called."""
    return {
        WorklistColumn.NAME: translate("Worklist", "Patient"),
        WorklistColumn.SCORE: translate("Worklist", "Score"),
        WorklistColumn.RESULT: translate("Worklist", "Result"),
        WorklistColumn.READ: READ_MARK,
    }[column]


class WorklistCells:
    """The cells of all lines: of entries, and of the top images below a series.

    A patient or study shows what is known of the series that is to be read first.
    """

    def __init__(
        self,
        lines: WorklistLines,
        series: SeriesList,
        readings: SeriesReadings,
        is_outside: Callable[[WorklistEntry], bool],
    ) -> None:
        """``is_outside``: whether the filter does not let an entry through that stands there."""
        self._lines, self._series, self._readings = lines, series, readings
        self._table, self._is_outside = series.table, is_outside

    def of_entry(self, entry: int, column: WorklistColumn, role: int) -> Any:
        """One cell of an entry, by its number; None where the role has nothing."""
        number = self._series.foremost(self._lines.entries[entry].series)
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self._text(entry, column)
            case Qt.ItemDataRole.DecorationRole if column is WorklistColumn.NAME:
                return self._thumbnail(self._series[number])
            case Qt.ItemDataRole.ToolTipRole:
                return self._tooltip(number)
            case _ if role == DETAIL_ROLE:
                return self._detail(entry, column)
            case _ if role in (VALUE_ROLE, ZONE_ROLE, THRESHOLD_ROLE):
                return self._decided(number, role)
        return None

    def of_image(self, place: int, column: WorklistColumn, role: int) -> Any:
        """One cell of a top image, by its place in the table; None where the role has nothing."""
        row = self._table.rows[place]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self._image_text(row, column)
            case Qt.ItemDataRole.DecorationRole if column is WorklistColumn.NAME:
                return self._table.thumbnail(place)
            case Qt.ItemDataRole.ToolTipRole:
                series = self._series.number_of(place)
                return "" if series is None else self._tooltip(series)
            case _ if role == DETAIL_ROLE:
                return self._image_result(row)[1] if column is WorklistColumn.RESULT else ""
            case _ if role == VALUE_ROLE:
                return _probability(row)
            case _ if role == ZONE_ROLE:
                return self._table.zone(row)
            case _ if role == THRESHOLD_ROLE:
                return self._table.threshold
        return None

    def patient(self, number: int) -> str:
        """What the patient of a series is called, by its number; its folder where unidentified."""
        entry = self._lines.of_series[number]
        while (above := self._lines.entries[entry].parent) is not None:
            entry = above
        return self._name(entry)

    # -- of an entry

    def _decided(self, number: int, role: int) -> Any:
        decision = self._series.decision(number)
        if decision is None:  # flagged images in an unidentified folder: no result, and not grey
            alone = role == ZONE_ROLE and self._series.rank(number) is Rank.FLAGGED
            return Zone.UNCERTAIN if alone else None
        return {
            VALUE_ROLE: decision.probability,
            ZONE_ROLE: decision.zone,
            THRESHOLD_ROLE: decision.threshold,
        }[role]

    def _text(self, entry: int, column: WorklistColumn) -> str:
        number = self._series.foremost(self._lines.entries[entry].series)
        match column:
            case WorklistColumn.NAME:
                return self._name(entry)
            case WorklistColumn.SCORE:
                decision = self._series.decision(number)
                return words.percent(None if decision is None else decision.probability)
            case WorklistColumn.RESULT:
                return self._result(entry, number)
            case WorklistColumn.READ:
                return self._read_mark(entry)

    def _detail(self, entry: int, column: WorklistColumn) -> str:
        """The quieter line below the text; empty where there is none."""
        match column:
            case WorklistColumn.NAME:
                return " · ".join(filter(None, [self._outside(entry), self._about(entry)]))
            case WorklistColumn.RESULT:
                return self._result_detail(entry)
        return ""

    def _name(self, entry: int) -> str:
        line = self._lines.entries[entry]
        group = self._series[line.series[0]].group
        who = group.identity
        if self._table.hide_identity:
            return self._hidden_name(entry)
        if line.is_top and who.patient:
            return words.visible(who.patient)
        if line.level is Level.STUDY:
            when = words.when(who.study_date, who.study_time)
            return words.visible(who.study_description) or when
        return words.visible(group.name)

    def _hidden_name(self, entry: int) -> str:
        line = self._lines.entries[entry]
        if line.is_top and not self._series[line.series[0]].is_unidentified:
            number = self._lines.below[None].index(entry) + 1
            return translate("Worklist", "Patient {0}").format(number)
        if line.level is Level.STUDY:
            return translate("Worklist", "Study")
        return self._series.name(line.series[0])

    def _outside(self, entry: int) -> str:
        """That a patient stands in the list for the image on screen alone; empty of all others."""
        line = self._lines.entries[entry]
        is_outside = line.is_top and self._is_outside(line)
        return translate("Worklist", "outside the filter") if is_outside else ""

    def _about(self, entry: int) -> str:
        """Age, sex, time of the study and what it is called; of a folder, what it was taken for."""
        line = self._lines.entries[entry]
        series = self._series[line.series[0]]
        who = series.group.identity
        if series.is_unidentified and self._series.by_name:
            return translate("Worklist", "grouped by file name")
        if series.is_unidentified:
            return _about_folder(series.group)
        if self._table.hide_identity:
            return ""
        study = words.when(who.study_date, who.study_time)
        if not line.is_top:
            mark = self._series.mark(line.series[0]) if line.level is Level.SERIES else ""
            return " · ".join(filter(None, [mark, self._about_study(entry, study)]))
        described = series.group.name
        if line.level is Level.PATIENT:
            described = translate("Worklist", "{0} series").format(len(line.series))
        if len({self._series[each].group.identity.study_uid for each in line.series}) > 1:
            study = translate("Worklist", "several studies")
        parts = (words.age_and_sex(who.patient_age, who.patient_sex), study, described)
        return " · ".join(filter(None, map(words.visible, parts)))

    def _about_study(self, entry: int, study: str) -> str:
        """When the study was; empty where the line itself or the one above it says so."""
        parent = self._lines.entries[entry].parent
        is_said = parent is not None and self._lines.entries[parent].level is Level.STUDY
        return "" if is_said or self._name(entry) == study else study

    def _result(self, entry: int, number: int) -> str:
        """That of the series to be read first. Above several series, the detail has the counts."""
        is_one = self._lines.entries[entry].level is Level.SERIES
        pending = "" if is_one else self._series.pending_word(number)
        return pending or self._series.result_words(number)[0]

    def _result_detail(self, entry: int) -> str:
        """What the result rests on; above several series, how many have none yet or a hidden one.

        A hidden series counts as scored: that says nothing of its score.
        """
        line = self._lines.entries[entry]
        hidden = sum(self._series.is_hidden(number) for number in line.series)
        pending = sum(self._series.rank(number) is Rank.PENDING for number in line.series) - hidden
        if line.level is Level.SERIES or not (pending or hidden):
            return self._series.result_words(self._series.foremost(line.series))[1]
        count, done = len(line.series), len(line.series) - pending
        if not hidden:
            return translate("Worklist", "{0} series, {1} scored").format(count, done)
        if not pending:
            return translate("Worklist", "{0} series, {1} hidden").format(count, hidden)
        told = translate("Worklist", "{0} series, {1} scored, {2} hidden")
        return told.format(count, done, hidden)

    def _read_mark(self, entry: int) -> str:
        every = self._lines.entries[entry].series
        readings = [self._readings.reading(number) for number in every]
        labels = {reading.label for reading in readings if reading is not None}
        if len(labels) == 1 and None not in readings:
            return LABEL_MARKS.get(labels.pop() or Label.UNSURE, "")
        return READ_MARK if all(self._readings.is_read(number) for number in every) else ""

    def _thumbnail(self, series: ShownSeries) -> QImage | None:
        """Of the most suspicious image of a series, or of its middle one before that is known."""
        middle = series.members[len(series.members) // 2]
        return self._table.thumbnail(next(iter(series.top), middle))

    def _tooltip(self, number: int) -> str:
        found = self._series[number].result
        sentences = [words.visible(words.sentence(problem)) for problem in found.warnings]
        if found.n_without_score:
            missing = translate("Worklist", "{0} of {1} not assessed")
            sentences.append(missing.format(found.n_without_score, len(found.members)))
        reading = self._readings.reading(number)
        if reading is not None and reading.label is not None:
            label = words.read_word(reading.label)
            sentences.append(translate("Worklist", "Your reading: {0}").format(label))
        sentences += self._series.sentences(number)
        order = words.order_word(found.order)
        name, line = self._series.name(number), self._series.result_line(number)
        return words.tooltip(name, line, order, *sentences)

    # -- of a top image

    def _image_text(self, row: Row, column: WorklistColumn) -> str:
        match column:
            case WorklistColumn.NAME:
                return self._table.name(row)
            case WorklistColumn.SCORE:
                return words.percent(_probability(row))
            case WorklistColumn.RESULT:
                return self._image_result(row)[0]
        return ""

    def _image_result(self, row: Row) -> tuple[str, str]:
        if _probability(row) is None:
            return "", ""
        return words.image_result(self._table.zone(row), self._table.is_flagged(row))


def _probability(row: Row) -> float | None:
    return None if row.result is None else row.result.probability


def _about_folder(group: SeriesGroup) -> str:
    if group.is_certain:
        return ""
    if group.is_one_patient:
        return translate("Worklist", "taken for one patient")
    return translate("Worklist", "patients cannot be distinguished")
