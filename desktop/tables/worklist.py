"""Worklist: patients, studies and series with what is known of each, the most suspicious first."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, Qt, Signal, Slot
from PySide6.QtGui import QImage

from desktop.engine.reader_labels import Draft, Label, ReaderLabels, SeriesReading, series_key
from desktop.tables import words
from desktop.tables.images_table import ImagesTable
from desktop.tables.patients import (
    Entry,
    Level,
    Order,
    Rank,
    Series,
    entries,
    rank,
    with_images,
)
from desktop.tables.row import (
    DETAIL_ROLE,
    NO_PARENT,
    THRESHOLD_ROLE,
    VALUE_ROLE,
    ZONE_ROLE,
    Index,
    Row,
    row_probability,
)
from desktop.text.language import text_of
from imaging.messages import Message
from model.image_result import Zone, zone_of
from model.series_decision import SeriesDecision, SeriesRules
from model.series_notes import series_notes
from model.series_result import TOP, SeriesCode, SeriesGroup, SeriesState, series_result

READ_MARK = "✓"
LABEL_MARKS = {Label.PRESENT: "+", Label.ABSENT: "−", Label.UNSURE: "?"}
"""What stands in place of the mark where the reader gave a label."""
IMAGES = 1 << 30
"""Internal ids from here on are those of top images; below are numbers of entries."""


class WorklistColumn(IntEnum):
    """The columns, from left to right."""

    NAME = 0
    SCORE = 1
    RESULT = 2
    READ = 3


@dataclass(frozen=True)
class WorklistFilter:
    """Which patients the reader asked to see; the default hides nobody."""

    text: str = ""
    only_flagged: bool = False
    only_unread: bool = False


class Worklist(QAbstractItemModel):
    """Entries at two or three levels, and below each series its most suspicious images.

    Series are grouped once, before anything is scored, and never change afterwards; results fill
    them in. A series has no result before all of its images have one. ``changed`` follows every
    change of what is known of a series; ``counted`` follows every change of what is shown.
    """

    changed = Signal()
    counted = Signal()
    reader_changed = Signal()

    def __init__(self, table: ImagesTable, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._table = table
        self.series: list[Series] = []
        self._entries: list[Entry] = []
        self._entry_of: list[int] = []
        """The entry of each series."""
        self._series_of: dict[int, int] = {}
        """Which series each row of the table is in."""
        self._below: dict[int | None, list[int]] = {None: []}
        """The entries below each patient or study, and (None) at the top, in file order."""
        self._shown: dict[int | None, list[int]] = {None: []}
        """Those of them that are shown, in order."""
        self._suspicion: list[tuple[Rank, bool, float]] = []
        """Of each series, what it is sorted by; kept, for every chunk of results asks for all."""
        self._marked: set[int] = set()
        """Series that were marked as read before their content was known."""
        self._exposed: set[tuple[str, int]] = set()
        """Readers, each with a series of which they could see a score; "" may be anyone."""
        self._keys: dict[int, str] = {}
        """What readings of each series are kept by, where that is known."""
        self.is_grouped = False
        """Whether all series are known."""
        self.by_name = False
        """Whether images of nobody known were grouped by their names."""
        self.order = Order.SUSPICION
        self.descending = False
        self.filter = WorklistFilter()
        self.held = False
        """Whether the order is to stay as it is, as while the mouse is over the list."""
        self.stale = False
        """Whether the order would be another one were it not held."""
        self.arranging = False
        """Lines are just being moved: a view's current line means nothing."""
        self.pinned: int | None = None
        """The series on screen, which no filter hides."""
        self._rules: SeriesRules | None = None
        table.touched.connect(self._follow)
        table.headerDataChanged.connect(self.refresh)
        table.modelAboutToBeReset.connect(self.clear)

    # -- feeding

    @Slot()
    def clear(self) -> None:
        """Forget all series."""
        self.set_groups([])
        self.is_grouped = False

    def set_groups(self, groups: Sequence[SeriesGroup], *, by_name: bool = False) -> None:
        """Take the series of what is open; their indices are numbers of the table's rows.

        ``by_name``: images of nobody known were grouped by their names.
        """
        self.beginResetModel()
        self.by_name = by_name
        kept, self.is_grouped = with_images(groups, self._table.rows), True
        self._series_of = {row: at for at, each in enumerate(kept) for row in each.members}
        self.series = [self._summed_up(each) for each in kept]
        self._entries = entries(kept)
        self._entry_of = [0] * len(kept)
        for number, entry in enumerate(self._entries):
            if entry.level is Level.SERIES:
                self._entry_of[entry.series[0]] = number
        self._marked.clear()
        self._exposed.clear()
        self._keys.clear()
        self.pinned, self.stale = None, False
        self._below = {None: []}
        for number, entry in enumerate(self._entries):
            self._below.setdefault(entry.parent, []).append(number)
        self._suspicion = [self._suspicion_of(number) for number in range(len(kept))]
        self._shown = {parent: self._wanted(parent) for parent in self._below}
        self.endResetModel()
        self._note_exposed(range(len(kept)))
        for number in range(len(kept)):
            self._find_reading(number)
        self.changed.emit()
        self.counted.emit()

    def trust_folders(self, are_series: bool) -> None:
        """Whether each folder of images is one series of one patient, as the reader says."""
        for number, series in enumerate(self.series):
            group = replace(series.group, is_trusted=are_series)
            self._take(number, self._summed_up(group))
        self.follow_threshold()

    @property
    def has_unknown_folders(self) -> bool:
        """Whether a folder of images is open of which nothing says whose they are."""
        return any(not series.group.is_known for series in self.series)

    def follow_threshold(self) -> None:
        """The threshold of single images is another one."""
        self._suspicion = [self._suspicion_of(number) for number in range(len(self.series))]
        self._settle()

    @Slot(object)
    def _follow(self, rows: Iterable[int]) -> None:
        touched = {number for row in rows if (number := self._series_of.get(row)) is not None}
        if touched:
            for number in touched:
                self._take(number, self._summed_up(self.series[number].group))
                self._suspicion[number] = self._suspicion_of(number)
            self._note_exposed(touched)
            self._settle()
            for number in touched:
                self._find_reading(number)

    def _note_exposed(self, numbers: Iterable[int]) -> None:
        rows = self._table.rows
        for number in numbers:
            members = self.series[number].members
            if any(not math.isnan(row_probability(rows[member])) for member in members):
                self._exposed.add((self._labels.reader, number))

    @Slot()
    def refresh(self) -> None:
        """Have every cell asked for again, after a change of card, language or identity."""
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(WorklistColumn) - 1)
        self.follow_threshold()

    def _summed_up(self, group: SeriesGroup) -> Series:
        rows = self._table.rows
        return Series.of(group, series_result(group, _Listed(rows)), rows)

    def _take(self, number: int, series: Series) -> None:
        """Put a series in place of itself, with the top images that it has now."""
        before, after = len(self.series[number].top), len(series.top)
        above = self.index_of_series(number)
        if above.isValid() and after > before:
            self.beginInsertRows(above, before, after - 1)
            self.series[number] = series
            self.endInsertRows()
        elif above.isValid() and after < before:
            self.beginRemoveRows(above, after, before - 1)
            self.series[number] = series
            self.endRemoveRows()
        else:
            self.series[number] = series

    def _settle(self) -> None:
        """Bring order and cells up to what is known; while the order is held, the cells alone."""
        if self.held:
            self.stale = any(self._wanted(parent) != shown for parent, shown in self._shown.items())
        else:
            self.arrange()
        self._repaint()
        self.changed.emit()
        self.counted.emit()

    # -- what is known of a series

    @property
    def _labels(self) -> ReaderLabels:
        return self._table.reader_labels

    def number_of(self, row: int | None) -> int | None:
        """The number of the series that a row is in; None as long as that is not known."""
        return None if row is None else self._series_of.get(row)

    def members_with(self, row: int) -> tuple[int, ...]:
        """The rows of the same series, in its order; the row alone while that is not known."""
        number = self.number_of(row)
        return (row,) if number is None else self.series[number].members

    @property
    def beside(self) -> int:
        """How many files that are open hold no image."""
        files = len(self._table.rows) - len(self._series_of) if self.is_grouped else 0
        return files - self.ungrouped

    @property
    def ungrouped(self) -> int:
        """How many images the pattern of names has left in no series."""
        if not self.by_name:
            return 0
        rows = enumerate(self._table.rows)
        return sum(row.header is not None and at not in self._series_of for at, row in rows)

    @property
    def has_image_folders_only(self) -> bool:
        """Whether no patient is known of anything that is open."""
        return all(series.is_image_folder for series in self.series)

    def name(self, number: int) -> str:
        """What a series is called on screen."""
        if self._table.hide_identity:
            return self.tr("Series {0}").format(number + 1)
        return words.visible(self.series[number].group.name)

    def decision(self, number: int) -> SeriesDecision | None:
        """What is said of a series, and by which rule; None without a model or a result."""
        rules = self._current_rules()
        return None if rules is None else rules.of(self.series[number].result)

    def zone(self, number: int) -> Zone | None:
        """The zone of a series; None without a result."""
        decision = self.decision(number)
        return None if decision is None else decision.zone

    def rank(self, number: int) -> Rank:
        """How soon a series is to be read."""
        return self._suspicion[number][0]

    def _suspicion_of(self, number: int) -> tuple[Rank, bool, float]:
        """Smaller is to be read sooner: the rank, then how far below its threshold it lies."""
        decision = self.decision(number)
        highest = self.series[number].result.highest or 0.0
        within = (False, -highest) if decision is None else decision.suspicion
        return rank(self.series[number], decision), *within

    def result_line(self, number: int) -> str:
        """The result of a series and what it rests on, in one line."""
        return " · ".join(filter(None, self._result(number)))

    def sentences(self, number: int) -> list[str]:
        """By which rule a series was decided on, and what is known of that; empty without one."""
        decision, result = self.decision(number), self.series[number].result
        if decision is not None:
            return [text_of(each) for each in series_notes(decision)]
        without = result.highest is not None and not result.is_one_patient
        return [text_of(Message(SeriesCode.PATIENTS_UNKNOWN))] if without else []

    def is_read(self, number: int) -> bool:
        """Whether the reader has read a series, or all of its images, or marked it as read."""
        marked = number in self._marked or self._labels.is_marked(self._keys.get(number, ""))
        if marked or self.reading(number) is not None:
            return True
        rows = (self._table.rows[row].read for row in self.series[number].members)
        return all(read and read.label for read in rows)

    def reading(self, number: int) -> SeriesReading | None:
        """What the reader said of a series; None where nothing was said."""
        return self._labels.series(self._keys.get(number, ""))

    def can_read(self, number: int) -> bool:
        """Whether a reading could be kept: not before the content of the series is known."""
        return bool(self._keys.get(number))

    def is_exposed(self, number: int) -> bool:
        """Whether a score of the series could be seen since it was opened."""
        return not self._exposed.isdisjoint({(self._labels.reader, number), ("", number)})

    def read(self, number: int, reading: SeriesReading) -> None:
        """Keep a reading of a series, which unblinds it; one without a label takes it back.

        Whether it was blinded is decided here: no score of the series has been on show.
        """
        reading = replace(reading, blinded=self._is_blinded(number))
        self._keep(number, reading)

    def _is_blinded(self, number: int) -> bool:
        return self.series[number].is_blinded and not self.is_exposed(number)

    def amend(self, number: int, *, comment: str, confidence: int | None) -> None:
        """Change the comment or the confidence of a series that has been read.

        A confidence that is changed when the score is on show is no blinded one.
        """
        before = self.reading(number)
        if before is None or (before.comment, before.confidence) == (comment, confidence):
            return
        blinded = before.blinded and before.confidence == confidence
        after = replace(before, comment=comment, confidence=confidence, blinded=blinded)
        self._keep(number, after)

    def draft(self, number: int) -> Draft:
        """What the reader has said of a series before giving it a label."""
        return self._labels.draft(self._keys.get(number, ""))

    def set_draft(self, number: int, draft: Draft) -> None:
        """Keep what is said of a series before its label."""
        self._labels.set_draft(self._keys[number], draft)

    def set_reader(self, name: str) -> None:
        """Have another reader read: with readings of their own, and blinded to what they lack.

        Marks of series whose content is not known yet are nobody's any more.
        """
        self._labels.reader = name
        self._marked.clear()
        numbers = range(len(self.series))
        read = [number for number in numbers if self.reading(number) is not None]
        self._table.show_readings({row for each in read for row in self.series[each].members})
        self.reader_changed.emit()

    def _keep(self, number: int, reading: SeriesReading) -> None:
        self._labels.read_series(self._keys[number], reading)
        self._table.set_series_read(self.series[number].members, reading.label is not None)

    def _find_reading(self, number: int) -> None:
        """Look for an earlier reading of a series as soon as its content is known."""
        if number in self._keys:
            return
        key = series_key(self.series[number].group, _Listed(self._table.rows))
        if key:
            self._keys[number] = key
            if number in self._marked:
                self._marked.discard(number)
                self._labels.mark_series(key, True)
            if self.reading(number) is not None:
                self._table.set_series_read(self.series[number].members, True)

    def mark_read(self, number: int, is_read: bool) -> None:
        """Mark a series as read, or take the mark back."""
        if self.can_read(number):
            self._labels.mark_series(self._keys[number], is_read)
        else:
            (self._marked.add if is_read else self._marked.discard)(number)
        self._settle()

    # -- order and filter

    @property
    def hidden(self) -> int:
        """How many patients the filter hides."""
        return self.patients - len(self._shown[None])

    @property
    def patients(self) -> int:
        """How many patients (or folders of images) are open."""
        return len(self._below[None])

    def set_filter(self, wanted: WorklistFilter) -> None:
        """Show the patients that the reader asked for."""
        self.filter = wanted
        self.arrange()

    def set_order(self, order: Order, *, descending: bool = False) -> None:
        """Sort by something else."""
        self.order, self.descending = order, descending
        self.arrange()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column."""
        by = {WorklistColumn.NAME: Order.NAME, WorklistColumn.READ: Order.UNREAD}
        wanted = by.get(WorklistColumn(max(column, 0)), Order.SUSPICION)
        self.set_order(wanted, descending=order == Qt.SortOrder.DescendingOrder)

    def arrange(self) -> None:
        """Bring everything into its order, whether that was held or not."""
        self.stale, self.arranging = False, True
        for parent in self._shown:
            if parent is not None and not self.index_of_entry(parent).isValid():
                self._shown[parent] = self._wanted(parent)
        self._let_through(self._wanted(None))
        for parent in self._shown:
            self._reorder(parent, self._wanted(parent))
        self.arranging = False
        self.counted.emit()

    def in_order(self) -> list[int]:
        """The numbers of the series that are shown, from top to bottom."""
        found: list[int] = []
        waiting = list(reversed(self._shown[None]))
        while waiting:
            entry = waiting.pop()
            if self._entries[entry].level is Level.SERIES:
                found += self._entries[entry].series
            waiting += reversed(self._shown.get(entry, []))
        return found

    def _wanted(self, parent: int | None) -> list[int]:
        below = self._below[parent]
        passing = [at for at in below if parent is not None or self._passes(self._entries[at])]
        return sorted(passing, key=self._key, reverse=self.descending)

    def _passes(self, entry: Entry) -> bool:
        if self.filter == WorklistFilter() or self.pinned in entry.series:
            return True
        return any(self._accepts(number) for number in entry.series)

    def _accepts(self, number: int) -> bool:
        wanted = self.filter
        if wanted.only_flagged and not self._has_flag(number):
            return False
        if wanted.only_unread and self.is_read(number):
            return False
        who, text = self.series[number].group.identity, wanted.text.casefold()
        named = (who.patient, who.study_description, self.series[number].group.name)
        known = (self.name(number),) if self._table.hide_identity else named
        return any(text in each.casefold() for each in known)

    def _has_flag(self, number: int) -> bool:
        """Whether a series is flagged; without a result as a series, whether an image of it is."""
        result = self.series[number].result
        if result.is_one_patient:
            return self.rank(number) is Rank.FLAGGED
        return result.n_flagged(self._table.threshold) > 0

    def _key(self, entry: int) -> tuple[Any, ...]:
        """What an entry is sorted by; that of its first series settles ties."""
        series = self._entries[entry].series
        return min((*self._series_key(number), number) for number in series)

    def _series_key(self, number: int) -> tuple[Any, ...]:
        series = self.series[number]
        who = series.group.identity
        match self.order:
            case Order.SUSPICION:
                return self._suspicion[number]
            case Order.TIME:
                return who.study_date, who.study_time
            case Order.NAME if not self._table.hide_identity:
                return ((who.patient or series.group.name).casefold(),)
            case Order.UNREAD:
                return self.is_read(number), self.rank(number)
        return ()

    def _let_through(self, wanted: list[int]) -> None:
        """Take patients out of the list and add others at its end."""
        shown, passing = self._shown[None], set(wanted)
        staying = [entry for entry in shown if entry in passing]
        added = [entry for entry in wanted if entry not in set(shown)]
        if len(staying) < len(shown):
            self._reorder(None, staying + [entry for entry in shown if entry not in passing])
            self.beginRemoveRows(QModelIndex(), len(staying), len(shown) - 1)
            self._shown[None] = staying
            self.endRemoveRows()
        if added:
            self.beginInsertRows(QModelIndex(), len(staying), len(staying) + len(added) - 1)
            self._shown[None] = staying + added
            self.endInsertRows()

    def _reorder(self, parent: int | None, wanted: list[int]) -> None:
        if wanted == self._shown[parent]:
            return
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        self._shown[parent] = wanted
        place = {entry: at for at, entry in enumerate(wanted)}
        after = [
            self.createIndex(
                place.get(index.internalId(), index.row()), index.column(), index.internalId()
            )
            for index in before
        ]
        self.changePersistentIndexList(before, after)
        self.layoutChanged.emit()

    # -- moving through the list

    def following(
        self, number: int | None, way: int, wanted: Callable[[int], bool] | None = None
    ) -> int | None:
        """The next (``way`` 1) or previous (-1) series in the list that is as ``wanted``.

        Round the end where something is wanted, else to the end at most. None where there is none.
        """
        every = self.in_order()
        here = every.index(number) if number in every else -1 if way > 0 else len(every)
        rest = every[here + 1 :] if way > 0 else every[: max(here, 0)][::-1]
        if wanted is None:
            return next(iter(rest), None)
        round_the_end = every[: max(here, 0)] if way > 0 else every[here + 1 :][::-1]
        return next(filter(wanted, [*rest, *round_the_end]), None)

    def first_image(self, number: int) -> int:
        """The row to show of a series: its most suspicious image, else its first."""
        series = self.series[number]
        return (series.top or series.members)[0]

    # -- indices

    def index_of(self, row: int) -> QModelIndex:
        """The series that a row of the table is in; invalid as long as that is not known."""
        number = self.number_of(row)
        return QModelIndex() if number is None else self.index_of_series(number)

    def index_of_series(self, number: int) -> QModelIndex:
        """Where a series stands; invalid where it is hidden."""
        if number >= len(self._entry_of):
            return QModelIndex()
        return self.index_of_entry(self._entry_of[number])

    def index_of_entry(self, entry: int, column: int = 0) -> QModelIndex:
        """Where an entry stands; invalid where it is hidden."""
        parent = self._entries[entry].parent
        shown = self._shown[parent]
        if entry not in shown or (parent is not None and not self.index_of_entry(parent).isValid()):
            return QModelIndex()
        return self.createIndex(shown.index(entry), column, entry)

    def row_of(self, index: Index) -> int | None:
        """The table's row to show for an index: of an entry its most suspicious series' image."""
        if not index.isValid():
            return None
        top = self._top_row(index)
        return self.first_image(self.series_at(index)) if top is None else top

    def series_at(self, index: Index) -> int:
        """The number of the series at an index; of a patient or study its most suspicious one."""
        identifier = index.internalId()
        if identifier >= IMAGES:
            return (identifier - IMAGES) // TOP
        return self._foremost(identifier)

    def is_image(self, index: Index) -> bool:
        """Whether an index is that of a top image."""
        return bool(index.internalId() >= IMAGES)

    def key(self, index: Index) -> int:
        """The same for an entry as long as it is open, whatever the order."""
        return index.internalId()

    def _foremost(self, entry: int) -> int:
        """The series of an entry that is to be read first."""
        every = self._entries[entry].series
        return min(every, key=lambda number: (*self._suspicion[number], number))

    def _top_row(self, index: Index) -> int | None:
        """The row of a top image; None for an entry."""
        identifier = index.internalId() - IMAGES
        return None if identifier < 0 else self.series[identifier // TOP].top[identifier % TOP]

    # -- cells

    def _text(self, index: Index) -> str:
        top = self._top_row(index)
        number = self.series_at(index)
        match WorklistColumn(index.column()):
            case WorklistColumn.NAME if top is not None:
                return self._table.name(self._table.rows[top])
            case WorklistColumn.NAME:
                return self._entry_name(index.internalId())
            case WorklistColumn.SCORE:
                return words.percent(self._score(index))
            case WorklistColumn.RESULT if top is not None:
                return self._image_result(top)[0]
            case WorklistColumn.RESULT:
                return self._result(number)[0]
            case WorklistColumn.READ if top is None:
                return self._read_mark(index.internalId())
        return ""

    def _detail(self, index: Index) -> str:
        top = self._top_row(index)
        match WorklistColumn(index.column()):
            case WorklistColumn.NAME if top is None:
                return self._entry_detail(index.internalId())
            case WorklistColumn.RESULT if top is not None:
                return self._image_result(top)[1]
            case WorklistColumn.RESULT:
                return self._result_detail(index.internalId())
        return ""

    def _entry_name(self, entry: int) -> str:
        line = self._entries[entry]
        series = self.series[line.series[0]]
        who = series.group.identity
        if self._table.hide_identity:
            return self._hidden_name(entry)
        if line.is_top and who.patient:
            return words.visible(who.patient)
        if line.level is Level.STUDY:
            return words.visible(who.study_description) or words.when(
                who.study_date, who.study_time
            )
        return words.visible(series.group.name)

    def _hidden_name(self, entry: int) -> str:
        line = self._entries[entry]
        if line.is_top and not self.series[line.series[0]].is_image_folder:
            return self.tr("Patient {0}").format(self._below[None].index(entry) + 1)
        if line.level is Level.STUDY:
            return self.tr("Study")
        return self.name(line.series[0])

    def _entry_detail(self, entry: int) -> str:
        line = self._entries[entry]
        series = self.series[line.series[0]]
        who = series.group.identity
        if series.is_image_folder and self.by_name:
            return self.tr("grouped by file name")
        if series.is_image_folder:
            return self._folder_detail(series.group)
        if self._table.hide_identity:
            return ""
        study = words.when(who.study_date, who.study_time)
        if not line.is_top:
            return self._study_detail(entry, study)
        described = series.group.name
        if line.level is Level.PATIENT:
            described = self.tr("{0} series").format(len(line.series))
        if len({self.series[each].group.identity.study_uid for each in line.series}) > 1:
            study = self.tr("several studies")
        parts = (words.age_and_sex(who.patient_age, who.patient_sex), study, described)
        return " · ".join(filter(None, map(words.visible, parts)))

    def _study_detail(self, entry: int, study: str) -> str:
        """When the study was; empty where the line itself or the one above it says so."""
        parent = self._entries[entry].parent
        is_said = parent is not None and self._entries[parent].level is Level.STUDY
        return "" if is_said or self._entry_name(entry) == study else study

    def _folder_detail(self, group: SeriesGroup) -> str:
        if group.is_known:
            return ""
        if group.is_one_patient:
            return self.tr("taken for one patient")
        return self.tr("patients cannot be distinguished")

    def _result(self, number: int) -> tuple[str, str]:
        """What a series is called, and what that rests on."""
        series, result = self.series[number], self.series[number].result
        counts = result.n_done, result.n_images
        match result.state:
            case SeriesState.SCORING if result.n_done:
                return self.tr("Scoring {0} of {1}").format(*counts), self.tr("no result yet")
            case SeriesState.STOPPED:
                return self.tr("Stopped at {0} of {1}").format(*counts), self.tr("no result")
            case SeriesState.NOT_ASSESSABLE:
                return words.not_assessable(), words.reason(result.reasons[:1])
            case SeriesState.WAITING | SeriesState.SCORING:
                return self.tr("Waiting"), self._images(series)
        if series.is_blinded:
            return self.tr("Hidden"), self.tr("until you have read it")
        decision = self.decision(number)
        if decision is not None:
            return words.series_result(decision, not series.is_image_folder)
        if self._current_rules() is None:
            return "", ""
        flagged = self.tr("{0} of {1} flagged")
        counts = result.n_flagged(self._table.threshold), result.n_assessed
        return self.tr("No series result"), flagged.format(*counts)

    def _result_detail(self, entry: int) -> str:
        line = self._entries[entry]
        if line.level is Level.SERIES:
            return self._result(line.series[0])[1]
        pending = sum(self.rank(number) is Rank.PENDING for number in line.series)
        if pending:
            count, done = len(line.series), len(line.series) - pending
            return self.tr("{0} series, {1} scored").format(count, done)
        return self._result(self._foremost(entry))[1]

    def _images(self, series: Series) -> str:
        count = len(series.members)
        told = self.tr("Images: {0}") if series.is_image_folder else self.tr("Slices: {0}")
        return told.format(count)

    def _image_result(self, row: int) -> tuple[str, str]:
        image = self._table.rows[row]
        if image.result is None or image.result.probability is None:
            return "", ""
        return words.image_zone(self._table.zone(image), self._table.is_flagged(image))

    def _read_mark(self, entry: int) -> str:
        every = self._entries[entry].series
        readings = [self.reading(number) for number in every]
        labels = {reading.label for reading in readings if reading is not None}
        if len(labels) == 1 and None not in readings:
            return LABEL_MARKS.get(labels.pop() or Label.UNSURE, "")
        return READ_MARK if all(self.is_read(number) for number in every) else ""

    def _score(self, index: Index) -> float | None:
        top = self._top_row(index)
        if top is None:
            decision = self.decision(self.series_at(index))
            return None if decision is None else decision.probability
        result = self._table.rows[top].result
        return None if result is None else result.probability

    def _threshold(self, index: Index) -> float | None:
        """What the score is compared with: the series' threshold, or that of single images."""
        if self._top_row(index) is not None:
            return self._table.threshold
        decision = self.decision(self.series_at(index))
        return None if decision is None else decision.threshold

    def _zone(self, index: Index) -> Zone | None:
        rules = self._current_rules()
        if rules is None:
            return None
        if self._top_row(index) is None:
            return self.zone(self.series_at(index))
        return zone_of(self._score(index), rules.card, rules.threshold)

    def _thumbnail(self, index: Index) -> QImage | None:
        """Of a top image, of a series' most suspicious one, or of its middle one before that."""
        top, series = self._top_row(index), self.series[self.series_at(index)]
        middle = series.members[len(series.members) // 2]
        shown = next(iter(series.top), middle) if top is None else top
        return self._table.rows[shown].thumbnail()

    def _current_rules(self) -> SeriesRules | None:
        """Made anew when card or threshold of single images is another; None without a card."""
        card, threshold, rules = self._table.card, self._table.threshold, self._rules
        if card is None:
            return None
        if rules is None or rules.card is not card or rules.threshold != threshold:
            self._rules = rules = SeriesRules(card, threshold)
        return rules

    def _tooltip(self, index: Index) -> str:
        number = self.series_at(index)
        found = self.series[number].result
        sentences = [words.visible(words.sentence(problem)) for problem in found.warnings]
        if found.n_failed:
            missing = self.tr("{0} of {1} not assessed")
            sentences.append(missing.format(found.n_failed, len(found.members)))
        reading = self.reading(number)
        if reading is not None and reading.label is not None:
            label = words.read_word(reading.label)
            sentences.append(self.tr("Your reading: {0}").format(label))
        sentences += self.sentences(number)
        order = words.order_word(found.order)
        return words.tooltip(self.name(number), self.result_line(number), order, *sentences)

    def _repaint(self) -> None:
        """One signal for each list: views paint again what lies below as well."""
        if self._shown[None]:
            last = self.index(len(self._shown[None]) - 1, len(WorklistColumn) - 1)
            self.dataChanged.emit(self.index(0, 0), last)

    # -- Qt

    def index(self, row: int, column: int, parent: Index = NO_PARENT) -> QModelIndex:
        """An entry by its number, a top image by IMAGES + TOP * series + place among the top."""
        if not self.hasIndex(row, column, parent):
            return QModelIndex()
        if not parent.isValid():
            return self.createIndex(row, column, self._shown[None][row])
        entry = parent.internalId()
        if self._entries[entry].level is Level.SERIES:
            identifier = IMAGES + TOP * self._entries[entry].series[0] + row
            return self.createIndex(row, column, identifier)
        return self.createIndex(row, column, self._shown[entry][row])

    def parent(self, index: Index = NO_PARENT) -> QModelIndex:  # type: ignore[override]
        """The series of a top image, the entry above an entry."""
        if not index.isValid():
            return QModelIndex()
        if index.internalId() >= IMAGES:
            return self.index_of_series(self.series_at(index))
        above = self._entries[index.internalId()].parent
        return QModelIndex() if above is None else self.index_of_entry(above)

    def rowCount(self, parent: Index = NO_PARENT) -> int:
        """Entries, and below each series its top images."""
        if not parent.isValid():
            return len(self._shown[None])
        if parent.internalId() >= IMAGES or parent.column() > 0:
            return 0
        entry = self._entries[parent.internalId()]
        if entry.level is Level.SERIES:
            return len(self.series[entry.series[0]].top)
        return len(self._shown[parent.internalId()])

    def columnCount(self, _parent: Index = NO_PARENT) -> int:
        """The same everywhere."""
        return len(WorklistColumn)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """The columns' names."""
        if orientation != Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        return {
            WorklistColumn.NAME: self.tr("Patient"),
            WorklistColumn.SCORE: self.tr("Score"),
            WorklistColumn.RESULT: self.tr("Result"),
            WorklistColumn.READ: READ_MARK,
        }[WorklistColumn(section)]

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """One cell in one role."""
        if not index.isValid():
            return None
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self._text(index)
            case Qt.ItemDataRole.DecorationRole if index.column() == WorklistColumn.NAME:
                return self._thumbnail(index)
            case Qt.ItemDataRole.ToolTipRole:
                return self._tooltip(index)
            case _ if role == DETAIL_ROLE:
                return self._detail(index)
            case _ if role == VALUE_ROLE:
                return self._score(index)
            case _ if role == ZONE_ROLE:
                return self._zone(index)
            case _ if role == THRESHOLD_ROLE:
                return self._threshold(index)
        return None


class _Listed(Sequence[Any]):
    """The table's rows as what series are made of, without a copy of all of them."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self._rows = rows

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, number: Any) -> Any:
        return self._rows[number].image
