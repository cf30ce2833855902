"""The journal: what was known of a content, whole after a kill, and nobody else's file."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from desktop.engine.journal import Journal, JournalCode, JournalError
from desktop.engine.scoring import FileToScore
from imaging.errors import Code, Problem
from model.image_result import ImageResult
from tests.make.results import result
from tests.make.stage import header

MODEL = "ab" * 32


def _file(frames: int = 1, name: str = "/new/place.dcm") -> FileToScore:
    return FileToScore(Path(name), range(5, 5 + frames), (header(frames=frames),) * frames)


def _result(frame: int = 0, frames: int = 1, *problems: Problem) -> ImageResult:
    made = result("/old/place.dcm", 0.25, *problems, frame=frame, frames=frames)
    return replace(made, sha256="cd" * 32, pixels_digest=b"ef", novelty=3.5)


def _kept(at: Path, *results: ImageResult) -> None:
    with Journal(at, MODEL) as journal:
        journal.keep(results)


def test_a_result_comes_back_as_it_was_at_the_place_of_its_content(tmp_path: Path) -> None:
    before = _result(0, 1, Problem(Code.LOSSY, "ratio 10"))
    _kept(tmp_path / "j", before)
    with Journal(tmp_path / "j", MODEL) as journal:
        known = journal.known("cd" * 32, _file())
    assert known is not None
    [(image, after)] = known
    assert (image, after.path) == (5, Path("/new/place.dcm"))
    assert (after.status, after.problems) == (before.status, before.problems)
    assert (after.logit, after.probability, after.novelty) == (-1.0, 0.25, 3.5)
    assert (after.pixels_digest, after.provider) == (b"ef", "CPUExecutionProvider")
    assert after.analysed_at == before.analysed_at
    assert after.header is not None
    assert after.header.identity == header().identity


def test_it_holds_no_name_id_or_path(tmp_path: Path) -> None:
    made = result("/Doe^Jane/x.dcm", 0.5, identity=header().identity)
    _kept(tmp_path / "j", replace(made, sha256="cd" * 32))
    told = (tmp_path / "j").read_text()
    assert "Doe" not in told
    assert '"P"' not in told


def test_a_file_is_known_only_with_all_of_its_frames(tmp_path: Path) -> None:
    _kept(tmp_path / "j", _result(0, 2))
    with Journal(tmp_path / "j", MODEL) as journal:
        assert journal.known("cd" * 32, _file(2)) is None
        assert journal.known("", _file()) is None


@pytest.mark.parametrize("code", [Code.DECODER_DIED, Code.TIME_LIMIT, Code.CLASSIFIER_FAILED])
def test_what_another_try_may_not_meet_is_not_kept(tmp_path: Path, code: Code) -> None:
    _kept(tmp_path / "j", _result(0, 1, Problem(code)))
    with Journal(tmp_path / "j", MODEL) as journal:
        assert len(journal) == 0


def test_another_model_begins_it_anew(tmp_path: Path) -> None:
    _kept(tmp_path / "j", _result())
    with Journal(tmp_path / "j", "00" * 32) as journal:
        assert len(journal) == 0
    assert len((tmp_path / "j").read_bytes().splitlines()) == 1


def test_a_line_cut_anywhere_costs_itself_alone(tmp_path: Path) -> None:
    at = tmp_path / "j"
    _kept(at, _result(0, 2), _result(1, 2))
    whole = at.read_bytes()
    last = whole.rstrip(b"\n").rindex(b"\n") + 1
    for end in range(last, len(whole)):
        at.write_bytes(whole[:end])
        with Journal(at, MODEL) as journal:
            assert len(journal) == 1
            journal.keep([_result(1, 2)])
        assert at.read_bytes() == whole


def test_a_changed_line_is_no_result(tmp_path: Path) -> None:
    at = tmp_path / "j"
    _kept(at, _result())
    head, line = at.read_bytes().splitlines()
    at.write_bytes(head + b"\n" + json.dumps(json.loads(line) | {"logit": "1"}).encode() + b"\n")
    with Journal(at, MODEL) as journal:
        assert journal.known("cd" * 32, _file()) is None


@pytest.mark.parametrize("content", [b"{}", b"notes\nmore\n", b"\xff\x00", b"[1]\n"])
def test_a_file_of_someone_else_is_left_alone(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "j").write_bytes(content)
    with pytest.raises(JournalError) as caught:
        Journal(tmp_path / "j", MODEL)
    assert caught.value.message.code is JournalCode.FOREIGN
    assert (tmp_path / "j").read_bytes() == content


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(JournalError) as caught:
        Journal(tmp_path / "none" / "j", MODEL)
    assert caught.value.message.code is JournalCode.CANNOT_WRITE


def test_a_device_is_no_journal() -> None:
    with pytest.raises(JournalError) as caught:
        Journal(Path("/dev/zero"), MODEL)
    assert caught.value.message.code is JournalCode.FOREIGN
