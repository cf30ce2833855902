from pathlib import Path
from typing import cast

import pytest

from desktop.engine.progress import Progress
from desktop.engine.report import ExportFiles, ReportCode, write_export
from desktop.engine.report_rows import Origin
from desktop.engine.run import ExportOptions, Run
from desktop.jobs.export import Wanted, Written, write_tables
from model.series_result import series_results
from tests.make.results import result
from tests.make.tiny_model import tiny_card

RESULTS = [result("/s/a.png", 0.5)]


class OneImage:
    """Stands for a run in which one image was assessed."""

    def export(self, files: ExportFiles, origin: Origin, _shown: ExportOptions) -> None:
        write_export(files, RESULTS, series_results(RESULTS), origin, Progress(listed=True))


def written(target: Path) -> Written:
    origin = Origin(tiny_card(), "ab" * 32, 0.25, "0.1.0")
    wanted = Wanted(target, cast(Run, OneImage()), origin, ExportOptions())
    return write_tables(wanted, lambda: False)


def test_an_export_names_its_three_files_and_they_are_there(tmp_path: Path) -> None:
    answer = written(tmp_path / "images.csv")
    assert answer.files is not None
    assert set(answer.files.files) == set(tmp_path.iterdir())
    assert (len(answer.files.files), answer.refusal, answer.other) == (3, None, None)


def test_a_file_of_somebody_else_stays_and_another_name_is_offered(tmp_path: Path) -> None:
    target = tmp_path / "images.csv"
    target.write_text("somebody's own table")
    answer = written(target)
    assert answer.files is None
    assert answer.refusal is not None
    assert answer.other is not None
    assert not answer.other.exists()
    assert [each.read_text() for each in tmp_path.iterdir()] == ["somebody's own table"]
    assert written(answer.other).files is not None


@pytest.mark.parametrize(
    ("target", "why"),
    [("/", ReportCode.NO_NAME), ("/absent folder/images.csv", ReportCode.NO_FOLDER)],
)
def test_what_cannot_be_written_is_a_reason_and_no_exception(target: str, why: ReportCode) -> None:
    answer = written(Path(target))
    assert answer.files is None
    assert answer.refusal is not None
    reason = dict(answer.refusal.values).get("why", answer.refusal)
    assert getattr(reason, "code", None) is why
