"""Series: one series with its rows in the findings table in place of bare indices."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass, replace

from desktop.tables.row import Row
from model.series_result import SeriesResult, SeriesState


@dataclass(frozen=True, eq=False)
class Series:
    """What is known of a series, the table's rows of its images in order, and of its top images.

    ``members`` leaves out images that are only supposed to belong to it: whose turn has not come,
    so that their headers are not known.
    """

    result: SeriesResult
    members: tuple[int, ...]
    top: tuple[int, ...]

    @classmethod
    def of(cls, found: SeriesResult, sure: Container[int]) -> Series | None:
        """From a grouping of the table's rows, of which ``sure`` had been read by then.

        None where no row is sure to belong to it.
        """
        members = tuple(index for index in found.members if index in sure)
        top = found.top if found.state is SeriesState.SCORED else ()
        return cls(found, members, top) if members else None

    def shown(self, rows: Sequence[Row]) -> Series:
        """Without answer and top scans as long as one of its rows in the table is veiled."""
        if not any(rows[member].is_blinded for member in self.members):
            return self
        # Which of them were refused is part of the answer.
        state = self.result.state
        if state is SeriesState.NOT_ASSESSABLE:
            state = SeriesState.SCORED
        bare = replace(
            self.result,
            state=state,
            probabilities=(),
            probability=None,
            highest=None,
            top=(),
            n_failed=0,
            n_unread=0,
            n_assessed=len(self.members),
            reasons=(),
        )
        return Series(bare, self.members, ())

    def key(self, rows: Sequence[Row]) -> tuple[str, ...]:
        """The same for a series as long as it is open, whatever else is grouped anew."""
        who, folder = self.result.identity, rows[self.members[0]].path.parent
        return who.patient_id, who.series_uid, str(folder)
