"""SeriesList: the series of what is open, and what is known of each by now."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from PySide6.QtCore import QCoreApplication, QObject, Signal, Slot

from desktop.tables import words
from desktop.tables.images_table import ImagesTable
from desktop.tables.row import Rows, row_probability
from desktop.tables.series_making import SeriesMaking
from desktop.tables.series_marks import SeriesMark, series_marks
from desktop.tables.series_places import SeriesPlaces
from desktop.tables.series_rows import SeriesRows
from desktop.tables.shown_series import ShownSeries
from desktop.tables.turns import Work
from desktop.text.language import text_of
from model.image_result import Zone
from model.listed_image import ListedImage
from model.series_decision import Rank, SeriesDecision, SeriesRules, Suspicion, suspicion_of
from model.series_group import SeriesGroup
from model.series_notes import context_notes, series_notes
from model.series_result import SeriesState

translate = QCoreApplication.translate


NOTHING_ASKED: tuple[int, Mapping[int, float]] = -1, {}
"""No series."""


class SeriesList(QObject):
    """Series by their numbers, which count from 0 in file order.

    Such a number is never the header's Series Number, which is ``identity.series_number``.

    They are grouped once, before anything is scored, and never change afterwards; results fill
    them in. A series has no result before all of its images have one.
    """

    regrouping = Signal()
    """Other series follow at once: a number will mean another one."""
    regrouped = Signal()
    """Other series are there; ``followed`` comes after it, and no ``changed``."""
    changed = Signal(object)
    """Numbers of the series (a collection) that have other results now. Of none: what they are
    compared with is another."""
    followed = Signal(object)
    """The same numbers, when all that shows them has followed."""

    def __init__(self, table: ImagesTable, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.table = table
        self.is_grouped = False
        """Whether all series are known."""
        self.by_name = False
        """Whether unidentified images were grouped by their names."""
        self.ungrouped = 0
        """How many images the pattern of names has left in no series."""
        self.has_unidentified_folders = False
        """Whether a folder of unidentified images is open: they may be of several patients."""
        self.has_unidentified_only = True
        """Whether every series that is open is unidentified."""
        self.has_several_images = False
        """Whether a series has more than one image."""
        self._series: list[ShownSeries] = []
        self._rows: list[SeriesRows] = []
        """Of each series."""
        self._places = SeriesPlaces((), 0)
        self._marks: Mapping[int, SeriesMark] = {}
        self._suspicion: list[Suspicion] = []
        """Of each series; kept, for every chunk of results asks for all."""
        self._rules: SeriesRules | None = None
        self._decisions: dict[int, SeriesDecision | None] = {}
        """By the rules of now, of the series as they are; made when they are asked for."""
        self._making: SeriesMaking | None = None
        """Series that are to be shown in place of these."""
        self._in_context: tuple[int, Mapping[int, float]] = NOTHING_ASKED
        """The series asked for last with its scores in context by their rows."""
        table.touched.connect(self._follow)
        table.headerDataChanged.connect(self.follow_threshold)
        table.modelAboutToBeReset.connect(self.clear)

    def __len__(self) -> int:
        return len(self._series)

    def __getitem__(self, number: int) -> ShownSeries:
        return self._series[number]

    def __iter__(self) -> Iterator[ShownSeries]:
        return iter(self._series)

    # -- feeding

    @Slot()
    def clear(self) -> None:
        """Forget all series."""
        self._show(SeriesMaking((), Rows()), is_grouped=False)

    def set_groups(
        self, groups: Sequence[SeriesGroup], *, by_name: bool = False, ungrouped: int = 0
    ) -> None:
        """Take the series of what is open, see ``make``, and show them at once."""
        self.make(groups, by_name=by_name, ungrouped=ungrouped)
        self.show_made()

    def make(
        self, groups: Sequence[SeriesGroup], *, by_name: bool = False, ungrouped: int = 0
    ) -> Work:
        """Begin to make the series of what is open; those that are shown stay meanwhile.

        Indices in groups are numbers of the table's rows. ``by_name``: unidentified images were
        grouped by their names, which left ``ungrouped`` images in no series.
        """
        self._making = SeriesMaking(groups, self.table.rows, by_name=by_name, ungrouped=ungrouped)
        return self._making.work

    def show_made(self) -> None:
        """Show the series that are being made, all of them; nothing where none are."""
        if self._making is not None:
            self._making.finish()
            self._show(self._making, is_grouped=True)

    def _show(self, making: SeriesMaking, *, is_grouped: bool) -> None:
        self.regrouping.emit()
        self._making, kept = None, making.groups
        self.is_grouped, self.by_name, self.ungrouped = (
            is_grouped,
            making.by_name,
            making.ungrouped,
        )
        self._places, self._rows, self._series = making.places, making.made, making.shown
        self._marks = series_marks(kept, self.table.rows)
        self.has_unidentified_folders = any(not each.is_certain for each in kept)
        self.has_unidentified_only = all(each.is_unidentified for each in self._series)
        self.has_several_images = any(len(each.members) > 1 for each in kept)
        self._weigh(range(len(kept)))
        self.regrouped.emit()
        self.followed.emit(range(len(kept)))

    def trust_folders(self, are_series: bool) -> None:
        """Whether each folder of images is one series of one patient, as the reader says."""
        for rows, series in zip(self._rows, self._series, strict=True):
            rows.regroup(replace(series.group, is_trusted=are_series))
        self._series = [each.series() for each in self._rows]
        self._weigh(range(len(self)))
        self._tell(range(len(self)))

    @Slot()
    def follow_threshold(self) -> None:
        """Threshold, card, language or identity changed: what is said of every series may too."""
        self._weigh(range(len(self)))
        self.changed.emit(())

    @Slot(object)
    def _follow(self, rows: Iterable[int]) -> None:
        if self._making is not None:
            self._making.touched.update(rows)
        touched: set[int] = set()
        for row in rows:
            for number, place in self._places.every(row):
                self._rows[number].put(place, self.table.rows[row])
                touched.add(number)
        if touched:
            for number in touched:
                self._series[number] = self._rows[number].series()
            self._weigh(touched)
            self._tell(touched)

    def _tell(self, numbers: Collection[int]) -> None:
        self.changed.emit(numbers)
        self.followed.emit(numbers)

    def _weigh(self, numbers: Collection[int]) -> None:
        """Find anew what series are sorted by."""
        self._in_context = NOTHING_ASKED
        if len(numbers) == len(self):
            self._decisions.clear()
            self._suspicion = [self._suspicion_of(number) for number in range(len(self))]
            return
        for number in numbers:
            self._decisions.pop(number, None)
            self._suspicion[number] = self._suspicion_of(number)

    # -- which images are in which series

    @property
    def images(self) -> Sequence[ListedImage]:
        """The table's rows as what series are made of."""
        return self.table.rows.images

    def number_of(self, row: int | None) -> int | None:
        """The number of the series that a row is in; None as long as that is not known."""
        return None if row is None else self._places.number(row)

    def members_with(self, row: int) -> tuple[int, ...]:
        """The rows of the same series, in its order; the row alone while that is not known."""
        number = self.number_of(row)
        return (row,) if number is None else self._series[number].members

    def place_of(self, row: int) -> int:
        """The place of a row among ``members_with`` it, from 0."""
        return 0 if self.number_of(row) is None else self._places.place(row)

    def place(self, row: int | None) -> str:
        """Where a row stands in its series, as in "12/28"; empty as long as that is not known."""
        number = self.number_of(row)
        if number is None or row is None:
            return ""
        return f"{self._places.place(row) + 1}/{len(self._series[number].members)}"

    def first_image(self, number: int) -> int:
        """The row to show of a series: its most suspicious image, else its first."""
        series = self._series[number]
        return (series.top or series.members)[0]

    @property
    def files_without_image(self) -> int:
        """How many files that are open hold no image."""
        in_none = len(self.table.rows) - self._places.count if self.is_grouped else 0
        return in_none - self.ungrouped

    # -- what the reader has seen and said of the images

    def shows_score(self, number: int) -> bool:
        """Whether the score of at least one image of a series is on show."""
        return self._rows[number].shows_score

    def is_labelled(self, number: int) -> bool:
        """Whether the reader has given every image of a series a label."""
        return self._rows[number].is_labelled

    def has_names(self, number: int) -> bool:
        """Whether the content of every image of a series has a name, as far as it ever will."""
        return self._rows[number].has_names

    # -- results

    def decision(self, number: int) -> SeriesDecision | None:
        """What is said of a series, and by which rule; None without a model or a result."""
        rules = self._current_rules()
        if rules is None:
            return None
        if number not in self._decisions:
            self._decisions[number] = rules.of(self._series[number].result)
        return self._decisions[number]

    def zone(self, number: int) -> Zone | None:
        """The zone of a series; None without a result."""
        decision = self.decision(number)
        return None if decision is None else decision.zone

    def is_hidden(self, number: int) -> bool:
        """Whether a series has its result and the reader is to read it before that is shown."""
        series = self._series[number]
        return series.is_blinded and series.result.state is SeriesState.SCORED

    def rank(self, number: int) -> Rank:
        """How soon a series is to be read."""
        return self._suspicion[number][0]

    def suspicion(self, number: int) -> Suspicion:
        """What a series is sorted by."""
        return self._suspicion[number]

    def foremost(self, numbers: Iterable[int]) -> int:
        """Which of these series is to be read first."""
        return min(numbers, key=lambda number: (self._suspicion[number], number))

    def _suspicion_of(self, number: int) -> Suspicion:
        series = self._series[number]
        decision, threshold = self.decision(number), self.table.threshold
        return suspicion_of(series.result, decision, threshold, hidden=series.is_blinded)

    def _current_rules(self) -> SeriesRules | None:
        """Made anew when card or threshold of single images is another; None without a card."""
        card, threshold, rules = self.table.card, self.table.threshold, self._rules
        if card is None:
            return None
        if rules is None or rules.card is not card or rules.threshold != threshold:
            self._rules = rules = SeriesRules(card, threshold)
            self._decisions.clear()
            self._in_context = NOTHING_ASKED
        return rules

    def in_context(self, row: int | None) -> float | None:
        """The score in context of an image, by its row; None where none may be seen.

        Only of a series that is scored whole, by the series head of the model that scored it.
        """
        number, rules = self.number_of(row), self._current_rules()
        if number is None or row is None or rules is None:
            return None
        if math.isnan(row_probability(self.table.rows[row])):
            return None
        if number != self._in_context[0]:
            self._in_context = number, rules.in_context(self._series[number].result)
        return self._in_context[1].get(row)

    # -- in words

    def name(self, number: int) -> str:
        """What a series is called on screen."""
        if self.table.hide_identity:
            return translate("Worklist", "Series {0} of {1}").format(number + 1, len(self))
        name = words.visible(self._series[number].group.name)
        return " · ".join(filter(None, [name, self.mark(number)]))

    def mark(self, number: int) -> str:
        """What tells a series from another of its patient, name and time; empty without one."""
        mark = None if self.table.hide_identity else self._marks.get(number)
        return "" if mark is None else mark.text()

    def pending_word(self, number: int) -> str:
        """How it stands with a series that has no result yet, without counts; empty with one."""
        return {
            SeriesState.STOPPED: translate("Worklist", "Stopped"),
            SeriesState.SCORING: translate("Worklist", "Scoring"),
            SeriesState.WAITING: translate("Worklist", "Waiting"),
        }.get(self._series[number].result.state, "")

    def result_words(self, number: int) -> tuple[str, str]:
        """The result of a series in words, and what that rests on."""
        series, result = self._series[number], self._series[number].result
        if result.state is not SeriesState.SCORED:
            return _unscored(series)
        if series.is_blinded:
            return translate("Worklist", "Hidden"), translate("Worklist", "until you have read it")
        decision = self.decision(number)
        if decision is not None:
            return words.series_result(decision, not series.is_unidentified)
        if self._current_rules() is None:
            return "", ""
        flagged = translate("Worklist", "{0} of {1} flagged")
        counts = result.n_flagged(self.table.threshold), result.n_assessed
        return translate("Worklist", "No series result"), flagged.format(*counts)

    def result_line(self, number: int) -> str:
        """The result of a series and what it rests on, in one line."""
        return " · ".join(filter(None, self.result_words(number)))

    def summary(self, number: int) -> str:
        """The same with the probability or score of the series, where it has one."""
        decision = self.decision(number)
        score = "" if decision is None else words.series_score(decision)
        return " · ".join(filter(None, [*self.result_words(number), score]))

    def context_sentences(self, row: int | None) -> list[str]:
        """The score in context of an image and what is known of it; empty without one."""
        score, card = self.in_context(row), self.table.card
        if score is None or card is None or card.series_head is None:
            return []
        notes = context_notes(card.series_head, score, card.precision)
        return [text_of(each) for each in notes]

    def sentences(self, number: int) -> list[str]:
        """By which rule a series was decided on, and what is known of that; empty without one."""
        decision, result = self.decision(number), self._series[number].result
        rules = self._current_rules()
        if decision is not None and rules is not None:
            return [text_of(each) for each in series_notes(decision, rules.card.precision)]
        why = None if rules is None or result.highest is None else rules.why_none(result)
        return [] if why is None else [text_of(why)]


def _unscored(series: ShownSeries) -> tuple[str, str]:
    """How far a series is that has no result, or why it can have none."""
    result = series.result
    counts = result.n_done, result.n_images
    match result.state:
        case SeriesState.SCORING if result.n_done:
            told = translate("Worklist", "Scoring {0} of {1}").format(*counts)
            return told, translate("Worklist", "no result yet")
        case SeriesState.STOPPED:
            told = translate("Worklist", "Stopped at {0} of {1}").format(*counts)
            return told, translate("Worklist", "no result")
        case SeriesState.NOT_ASSESSABLE:
            return words.not_assessable(), words.reason(result.reasons[:1])
    images = translate("Worklist", "Slices: {0}")
    if series.is_unidentified:
        images = translate("Worklist", "Images: {0}")
    return translate("Worklist", "Waiting"), images.format(len(series.members))
