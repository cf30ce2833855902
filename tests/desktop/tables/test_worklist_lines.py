from __future__ import annotations

from desktop.tables.worklist_lines import Level, WorklistEntry, WorklistLines
from imaging.image import Identity
from model.series_group import SeriesGroup


def group(patient: str, study: str, series: str, *members: int) -> SeriesGroup:
    who = Identity(patient_id=patient, study_uid=study, series_uid=series)
    return SeriesGroup(series, who, members, None)


def test_a_patient_of_one_series_is_one_line() -> None:
    lines = WorklistLines.of([group("A", "1", "1.1", 0), group("B", "2", "2.1", 1)])
    assert lines.entries == (WorklistEntry(Level.SERIES, (0,)), WorklistEntry(Level.SERIES, (1,)))
    assert (lines.below, lines.of_series) == ({None: (0, 1)}, (0, 1))


def test_series_of_several_studies_stand_below_theirs_and_a_lone_one_below_the_patient() -> None:
    groups = [group("A", "1", "1.1", 0), group("A", "2", "2.1", 1), group("A", "1", "1.2", 2)]
    lines = WorklistLines.of(groups)
    assert [(each.level, each.series, each.parent) for each in lines.entries] == [
        (Level.PATIENT, (0, 1, 2), None),
        (Level.STUDY, (0, 2), 0),
        (Level.SERIES, (0,), 1),
        (Level.SERIES, (2,), 1),
        (Level.SERIES, (1,), 0),
    ]
    assert lines.below == {None: (0,), 0: (1, 4), 1: (2, 3)}
    assert lines.of_series == (2, 4, 3)


def test_unidentified_series_are_never_one_patient() -> None:
    groups = [group("", "", "", 0), group("", "", "", 1)]
    assert [each.series for each in WorklistLines.of(groups).entries] == [(0,), (1,)]
