"""An export replaces nothing but an earlier export, unless the user says so; an input never."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from desktop.engine import targets
from desktop.engine.progress import Progress
from desktop.engine.report import (
    ExportFiles,
    Origin,
    Replacing,
    ReportCode,
    ReportError,
    write_export,
)
from desktop.engine.report_rows import image_columns, series_columns
from desktop.engine.targets import Standing, targets_of
from imaging.messages import Message
from model.series_result import series_results
from tests.make.results import result
from tests.make.tiny_model import tiny_card

ORIGIN = Origin(tiny_card(), "ab" * 32, 0.25, "0.1.0")


def _export(folder: Path, replacing: Replacing | None = None) -> ExportFiles:
    export = ExportFiles.at(folder / "images.csv")
    results = [result("/s/a.png", 0.5)]
    progress = Progress(files=1, found=1, listed=True, done=1)
    series = series_results(results)
    write_export(
        export, results, series, ORIGIN, progress, replacing=replacing or Replacing([folder])
    )
    return export


def _standings(folder: Path, *opened: Path, found: tuple[Path, ...] = ()) -> list[Standing]:
    export = ExportFiles.at(folder / "images.csv")
    return [each.standing for each in targets_of(*export.files, opened, found)]


def _header(columns: tuple[str, ...]) -> str:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerow(columns)
    return text.getvalue()


def test_where_nothing_lies_all_is_free(tmp_path: Path) -> None:
    assert _standings(tmp_path) == [Standing.FREE] * 3


def test_an_earlier_export_is_ours_also_in_an_opened_folder(tmp_path: Path) -> None:
    _export(tmp_path)
    assert _standings(tmp_path, tmp_path) == [Standing.OURS] * 3


@pytest.mark.parametrize("columns", [image_columns("bleed"), series_columns("bleed")])
def test_a_table_with_exactly_our_header_is_ours_for_whatever_class(
    tmp_path: Path, columns: tuple[str, ...]
) -> None:
    (tmp_path / "series.csv").write_text("\ufeff" + _header(columns), encoding="utf-8", newline="")
    assert _standings(tmp_path)[0] is Standing.OURS


@pytest.mark.parametrize(
    "columns", [image_columns("x")[:-1], (*series_columns("x"), "mine"), ("probability_x",)]
)
def test_a_table_with_another_header_is_foreign(tmp_path: Path, columns: tuple[str, ...]) -> None:
    (tmp_path / "series.csv").write_text(_header(columns), encoding="utf-8", newline="")
    assert _standings(tmp_path)[0] is Standing.FOREIGN


def test_a_table_whose_hash_the_sidecar_names_is_ours_whatever_its_columns(tmp_path: Path) -> None:
    export = _export(tmp_path)
    said = json.loads(export.sidecar.read_bytes())
    export.series.write_bytes(b"old columns\r\n")
    assert _standings(tmp_path)[0] is Standing.FOREIGN
    said["tables"]["series"]["sha256"] = hashlib.sha256(b"old columns\r\n").hexdigest()
    export.sidecar.write_text(json.dumps(said))
    assert _standings(tmp_path)[0] is Standing.OURS


def test_a_sidecar_of_version_0_1_is_ours(tmp_path: Path) -> None:
    sidecar = _export(tmp_path).sidecar
    said = json.loads(sidecar.read_bytes())
    said["weights"] = said.pop("model")
    said["frozen_threshold"] = said.pop("default_threshold")
    sidecar.write_text(json.dumps(said))
    assert _standings(tmp_path)[2] is Standing.OURS
    del said["weights"]
    sidecar.write_text(json.dumps(said))
    assert _standings(tmp_path)[2] is Standing.FOREIGN


@pytest.mark.parametrize("content", ["{}", '{"use": 1}', "[1]", "not JSON", "[" * 100_000])
def test_a_json_file_of_someone_else_is_foreign(tmp_path: Path, content: str) -> None:
    (tmp_path / "images.csv.json").write_text(content)
    assert _standings(tmp_path)[2] is Standing.FOREIGN


@pytest.mark.parametrize(("excess", "standing"), [(0, Standing.OURS), (1, Standing.FOREIGN)])
def test_a_sidecar_longer_than_any_of_ours_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, excess: int, standing: Standing
) -> None:
    size = _export(tmp_path).sidecar.stat().st_size
    assert targets._LARGEST_SIDECAR == 1 << 20
    monkeypatch.setattr(targets, "_LARGEST_SIDECAR", size - excess)
    assert _standings(tmp_path)[2] is standing


@pytest.mark.parametrize(
    "opened", [lambda folder: folder / "images.csv", lambda folder: folder / "link"]
)
def test_an_opened_file_is_an_input_also_by_another_name(
    tmp_path: Path, opened: Callable[[Path], Path]
) -> None:
    _export(tmp_path)
    (tmp_path / "link").symlink_to(tmp_path / "images.csv")
    assert _standings(tmp_path, opened(tmp_path))[1] is Standing.INPUT


@pytest.mark.parametrize("opened", [lambda folder: folder, lambda folder: folder / "DICOMDIR"])
def test_what_lies_in_an_opened_folder_is_an_input(
    tmp_path: Path, opened: Callable[[Path], Path]
) -> None:
    (tmp_path / "series.csv").write_text("labels")
    assert _standings(tmp_path, opened(tmp_path))[0] is Standing.INPUT


def test_what_was_found_through_a_linked_folder_is_an_input(tmp_path: Path) -> None:
    (tmp_path / "images.csv").write_text("a slice")
    (tmp_path / "link").symlink_to(tmp_path)
    found = (tmp_path / "link" / "images.csv",)
    assert _standings(tmp_path, Path("/elsewhere"), found=found)[1] is Standing.INPUT


def test_a_link_is_one_also_where_it_leads_to_a_table_of_ours_or_nowhere(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    export = _export(tmp_path / "other")
    (tmp_path / "images.csv").symlink_to(export.images)
    (tmp_path / "series.csv").symlink_to(tmp_path / "none")
    assert _standings(tmp_path) == [Standing.LINK, Standing.LINK, Standing.FREE]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes by name")
def test_a_pipe_is_never_written(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "images.csv")
    with pytest.raises(ReportError) as caught:
        _export(tmp_path, Replacing((), ExportFiles.at(tmp_path / "images.csv").files))
    assert _code(caught.value) is ReportCode.SPECIAL
    assert not caught.value.can_be_confirmed


@pytest.mark.skipif(not Path("/dev/null").exists(), reason="this system has no such device")
def test_a_device_is_never_written() -> None:
    [_, images, _] = targets_of(Path("/s.csv"), Path("/dev/null"), Path("/s.json"))
    assert images.standing is Standing.SPECIAL
    assert images.is_never_replaced


def _code(error: ReportError) -> object:
    values = dict(error.message.values)
    why = values["why"]
    assert isinstance(why, Message)
    return why.code


@pytest.mark.parametrize("name", ["images.csv", "series.csv", "images.csv.json"])
def test_a_foreign_file_stays_until_it_is_confirmed(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("mine")
    with pytest.raises(ReportError) as caught:
        _export(tmp_path, Replacing())
    assert _code(caught.value) is ReportCode.FOREIGN
    assert caught.value.can_be_confirmed
    assert caught.value.other == tmp_path / "images-2.csv"
    assert [each.name for each in tmp_path.iterdir()] == [name]
    _export(tmp_path, Replacing((), [tmp_path / name]))
    assert (tmp_path / name).read_text(encoding="utf-8-sig") != "mine"


def test_another_file_that_was_confirmed_is_not_enough(tmp_path: Path) -> None:
    (tmp_path / "series.csv").write_text("mine")
    with pytest.raises(ReportError):
        _export(tmp_path, Replacing((), [tmp_path / "images.csv"]))
    assert (tmp_path / "series.csv").read_text() == "mine"


def test_an_input_is_never_replaced_even_if_confirmed(tmp_path: Path) -> None:
    (tmp_path / "images.csv").write_text("a slice")
    files = ExportFiles.at(tmp_path / "images.csv").files
    with pytest.raises(ReportError) as caught:
        _export(tmp_path, Replacing([tmp_path], files))
    assert _code(caught.value) is ReportCode.INPUT
    assert (tmp_path / "images.csv").read_text() == "a slice"


def test_a_link_is_followed_only_where_it_is_confirmed(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "letter.txt").write_text("mine")
    (tmp_path / "out" / "images.csv").symlink_to(tmp_path / "letter.txt")
    with pytest.raises(ReportError) as caught:
        _export(tmp_path / "out")
    assert _code(caught.value) is ReportCode.LINK
    assert (tmp_path / "letter.txt").read_text() == "mine"


@pytest.mark.parametrize(("excess", "standing"), [(0, Standing.OURS), (1, Standing.FOREIGN)])
def test_a_header_longer_than_any_of_ours_is_not_read_to_its_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, excess: int, standing: Standing
) -> None:
    content = ("\ufeff" + _header(series_columns("x"))).encode()
    (tmp_path / "series.csv").write_bytes(content)
    monkeypatch.setattr(targets, "_LONGEST_HEADER", len(content) - excess)
    assert _standings(tmp_path)[0] is standing


def test_our_longest_header_fits_a_class_with_a_long_name() -> None:
    longest = max(len(_header(columns("x" * 64))) for columns in (image_columns, series_columns))
    assert longest <= targets._LONGEST_HEADER == 4096
