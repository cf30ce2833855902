"""Grouping: keeps the series tree and the reading order up with the findings table."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Signal, Slot

from desktop.jobs.latest import Latest
from desktop.jobs.screening import group_results
from desktop.tables.images_table import ImagesTable
from desktop.tables.series_tree import SeriesTree
from model.series_result import PendingImage, SeriesResult

AGAIN = 2000
"""Milliseconds between two groupings while findings arrive."""


class Grouping(QObject):
    """Groups in a job, now and then while findings arrive and once at the end."""

    changed = Signal()
    failed = Signal(str)
    """The text of what broke a grouping; the series stay as they were."""

    def __init__(self, table: ImagesTable, tree: SeriesTree, parent: QObject) -> None:
        super().__init__(parent)
        self._table, self._tree = table, tree
        self._sure: frozenset[int] = frozenset()
        """The rows that had been read when the last grouping began."""
        self._job = Latest(self)
        self._job.arrived.connect(self._take)
        self._job.failed.connect(self.failed)
        self._taken = QElapsedTimer()
        self._timer = QTimer(self)
        self._timer.setInterval(AGAIN)
        self._timer.timeout.connect(self._group_meanwhile)

    def begin(self) -> None:
        """Findings arrive from now on."""
        self._timer.start()

    def finish(self) -> None:
        """No more findings arrive: group what is there."""
        self._timer.stop()
        self._group()

    def clear(self) -> None:
        """Forget all series, of what was open before."""
        self._timer.stop()
        self._job.drop()
        self._tree.set_series([], ())

    def close(self) -> None:
        """End the job."""
        self._timer.stop()
        self._job.stop()

    @Slot()
    def _group_meanwhile(self) -> None:
        if not self._job.busy:
            self._group()

    def _group(self) -> None:
        rows = self._table.rows
        if any(row.known for row in rows):
            self._taken.start()
            self._sure = frozenset(
                number for number, row in enumerate(rows) if row.known and row.known.is_screened
            )
            images = [row.known or PendingImage(row.path, row.frame) for row in rows]
            self._job.ask(partial(group_results, images))

    @Slot(object)
    def _take(self, found: list[SeriesResult]) -> None:
        # Where grouping takes long, it comes less often.
        self._timer.setInterval(max(AGAIN, 10 * self._taken.elapsed()))
        self._tree.set_series(found, self._sure)
        self._table.set_places(
            (row, (number, place))
            for number, series in enumerate(self._tree.series)
            for place, row in enumerate(series.members)
        )
        self.changed.emit()
