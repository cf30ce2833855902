"""ShownSeries: a series as the reader may see it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from imaging.errors import Status
from model.series_group import SeriesGroup
from model.series_result import SeriesResult, SeriesState


@dataclass(frozen=True, eq=False)
class ShownSeries:
    """A series as the reader may see it; its members are numbers of the table's rows."""

    group: SeriesGroup
    result: SeriesResult
    """Without a result as long as the reader is blinded to it."""
    is_blinded: bool = False

    @property
    def members(self) -> tuple[int, ...]:
        """The table's rows of its images, in order."""
        return self.group.members

    @property
    def top(self) -> tuple[int, ...]:
        """The rows of its most suspicious images; none before the series has a result."""
        return self.result.top

    @property
    def is_unidentified(self) -> bool:
        """Whether no header names a patient, a study or a series, as in a folder of image files."""
        return self.group.is_unidentified

    @classmethod
    def of(cls, group: SeriesGroup, result: SeriesResult, *, is_blinded: bool) -> ShownSeries:
        """Blinded as long as one of its rows is: a series is shown when all of it is."""
        if not is_blinded:
            return cls(group, result)
        # Which images were refused is part of the result.
        state = result.state
        if state is SeriesState.NOT_ASSESSABLE:
            state = SeriesState.SCORED
        bare = replace(
            result,
            state=state,
            probabilities=(),
            logits=(),
            counted_probability=None,
            highest=None,
            top=(),
            n_without_score=0,
            n_failed=0,
            n_unreadable=0,
            n_assessed=len(group.members),
            status=Status.WARNING if result.warnings else Status.OK,
            reasons=(),
            copies=(),
        )
        return cls(group, bare, is_blinded=True)
