"""``screen --ray``: the tables of a run without it, Parquet beside them, and what stops it."""

from __future__ import annotations

import csv
import functools
import sys
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest
from pyarrow import parquet

from desktop.commands import on_ray
from desktop.commands.cli import main
from desktop.engine import pieces
from desktop.engine.crew import Crew, Files, WorkerLostError
from desktop.engine.pieces import score_piece
from desktop.engine.ray_workers import ModelFile, Share
from desktop.engine.scoring import Scored
from imaging.samples.phantom import Head
from imaging.samples.samples import phantom_slice
from model.session import Session
from tests.make.called import called
from tests.make.tiny_model import tiny_model


class Local:
    """A worker that does everything here and now."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def submit(self, function: Callable[..., Any], *arguments: object) -> Future[Any]:
        return called(function, *arguments)

    def begun(self) -> Future[None]:
        return self.submit(lambda: None)

    def call(self, function: Callable[..., Any], arguments: tuple[Any, ...]) -> Future[Any]:
        return self.submit(function, *arguments)

    def score(self, files: Files) -> Future[list[Scored]]:
        return self.submit(score_piece, files, self._session, self)

    def dismiss(self) -> None:
        pass


class Vanishing(Local):
    """Such a worker on a machine that is gone after some images, as are all others."""

    images_left = 0

    def begun(self) -> Future[None]:
        return super().begun() if self.images_left else Future()

    def score(self, files: Files) -> Future[list[Scored]]:
        if not self.images_left:
            lost: Future[list[Scored]] = Future()
            lost.set_exception(WorkerLostError())
            return lost
        Vanishing.images_left -= 1
        return super().score(files)


class LocalCluster:
    """Stands for a cluster of two machines with such workers."""

    machines, shares, has_gpus = 2, [Share(1), Share(1)], False
    worker: type[Local] = Local

    def __init__(self, address: str, cores: int) -> None:
        assert (address, cores) == ("head:6379", 4)

    def __enter__(self) -> LocalCluster:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def hire(self, model: ModelFile) -> Callable[[int], Local]:
        session = Session.open(model.there, model.device, 1, model.sha256)
        return lambda place: self.worker(session)


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    for name in ("HOME", "XDG_STATE_HOME", "LOCALAPPDATA"):
        monkeypatch.setenv(name, str(tmp_path / "home"))
    monkeypatch.setattr(on_ray, "Cluster", LocalCluster)
    images = tmp_path / "images"
    images.mkdir()
    for number in range(1, 5):
        image = phantom_slice(Head(1, size=96), number)
        image.save_as(images / f"{number}.dcm", enforce_file_format=True)
    (images / "5.dcm").write_bytes((images / "4.dcm").read_bytes()[:3000])
    model = str(tiny_model(tmp_path / "tiny.onnx"))
    return ["screen", str(images), "--csv", str(tmp_path / "out.csv"), "--model", model]


def _ray(command: list[str], *more: str) -> int:
    return main([*command, "--ray", "head:6379", *more])


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [dict(row, analysed_at="") for row in csv.DictReader(file)]


def test_the_tables_are_those_of_a_run_without_ray(command: list[str], tmp_path: Path) -> None:
    without = main(command)
    tables = [_rows(tmp_path / name) for name in ("out.csv", "out.series.csv")]
    assert _ray(command) == without == 1
    assert [_rows(tmp_path / name) for name in ("out.csv", "out.series.csv")] == tables
    assert len(tables[0]) == 5


def test_parquet_files_hold_the_same_cells_with_numbers_as_numbers(
    command: list[str], tmp_path: Path
) -> None:
    _ray(command)
    for stem in ("out", "out.series"):
        read = parquet.read_table(tmp_path / f"{stem}.parquet").to_pylist()
        with (tmp_path / f"{stem}.csv").open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
        assert len(read) == len(rows) > 0
        for here, there in zip(read, rows, strict=True):
            assert here.keys() == there.keys()
            for name, value in here.items():
                if isinstance(value, int | float):
                    assert value == float(there[name])
                else:
                    assert (value or "") == there[name]
    scores = [row["probability_hemorrhage"] for row in read_images(tmp_path)]
    assert [type(each) for each in scores] == [float] * 4 + [type(None)]


def read_images(folder: Path) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = parquet.read_table(folder / "out.parquet").to_pylist()
    return rows


def test_a_second_run_takes_results_from_the_journal(
    command: list[str], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    _ray(command)
    first = _rows(tmp_path / "out.csv")
    capsys.readouterr()
    _ray(command)
    assert _rows(tmp_path / "out.csv") == first
    assert "4 images were known from the journal out.journal.jsonl." in capsys.readouterr().out


@pytest.mark.parametrize(("known", "code"), [(0, 2), (2, 1)])
def test_a_run_that_lost_all_machines_ends_and_goes_on_when_they_are_back(
    known: int,
    code: int,
    command: list[str],
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pieces, "PIECE", 1)
    monkeypatch.setattr(on_ray, "Crew", functools.partial(Crew, patience=0.2))
    monkeypatch.setattr(LocalCluster, "worker", Vanishing)
    monkeypatch.setattr(Vanishing, "images_left", known)
    assert _ray(command) == code
    assert "No machine of the cluster has worked" in capsys.readouterr().err
    assert (tmp_path / "out.csv").exists() is (known > 0)
    monkeypatch.setattr(LocalCluster, "worker", Local)
    assert _ray(command, "--overwrite") == 1
    assert f"{known} images were known from the journal" in capsys.readouterr().out
    assert [row["logit"] != "" for row in _rows(tmp_path / "out.csv")] == [True] * 4 + [False]


def test_a_parquet_file_of_someone_else_is_replaced_only_where_confirmed(
    command: list[str], tmp_path: Path
) -> None:
    foreign = tmp_path / "out.parquet"
    foreign.write_bytes(b"PAR1 of someone else")
    assert _ray(command) == 2
    assert foreign.read_bytes() == b"PAR1 of someone else"
    assert not (tmp_path / "out.csv").exists()
    assert _ray(command, "--overwrite") == 1
    assert len(read_images(tmp_path)) == 5


def test_a_journal_of_someone_else_is_left_alone(command: list[str], tmp_path: Path) -> None:
    foreign = tmp_path / "notes.jsonl"
    foreign.write_text("{}\n")
    assert _ray(command, "--journal", str(foreign)) == 2
    assert foreign.read_text() == "{}\n"


def test_without_ray_it_ends_in_a_sentence(
    command: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from desktop.engine.ray_workers import Cluster

    monkeypatch.setattr(on_ray, "Cluster", Cluster)
    monkeypatch.setitem(sys.modules, "ray", None)
    assert _ray(command) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err == "cranioscope: Ray is not installed: pip install 'cranioscope[cluster]'.\n"


def test_without_pyarrow_it_ends_before_the_work(
    command: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    assert _ray(command) == 2
    assert "pyarrow is not installed" in capsys.readouterr().err
