"""What the system refuses is said in the reader's language, whoever was refused."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.folders import NoHomeError
from desktop.jobs.job import told
from desktop.reasons import SystemCode, reason_of, sentence_of
from desktop.text.language import choose_language, text_of


@pytest.fixture
def chinese() -> Iterator[None]:
    choose_language("zh_CN")
    yield
    choose_language("en")


def _sqlite(path: Path, command: str) -> sqlite3.Error:
    with pytest.raises(sqlite3.Error) as caught:
        sqlite3.connect(path).execute(command)
    return caught.value


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (errno.ENOSPC, SystemCode.DISK_FULL),
        (errno.EACCES, SystemCode.NO_PERMISSION),
        (errno.EPERM, SystemCode.NO_PERMISSION),
        (errno.EROFS, SystemCode.READ_ONLY),
        (errno.ENOENT, SystemCode.NOT_THERE),
        (errno.EBUSY, SystemCode.IN_USE),
        (errno.EIO, SystemCode.OTHER),
    ],
)
def test_the_systems_numbers_have_words(number: int, code: SystemCode) -> None:
    assert reason_of(OSError(number, "as the system says it", "a.csv")).code is code


def test_what_has_no_words_of_its_own_is_told_as_it_was_said() -> None:
    assert str(reason_of(OSError(errno.EIO, "Input/output error."))) == "Input/output error"
    assert str(reason_of(ValueError("odd\nand more"))) == "odd"
    assert str(reason_of(ValueError())) == "ValueError"


def test_a_store_that_cannot_be_written_has_the_same_words(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    sqlite3.connect(path).execute("CREATE TABLE t (x)")
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    busy = sqlite3.connect(path, timeout=0.0)
    with pytest.raises(sqlite3.Error) as caught:
        busy.execute("INSERT INTO t VALUES (1)")
    assert reason_of(caught.value).code is SystemCode.IN_USE
    assert reason_of(_sqlite(path, "no command")).code is SystemCode.OTHER


@pytest.mark.usefixtures("chinese")
def test_a_job_that_breaks_off_says_why_in_the_readers_language() -> None:
    assert told(OSError(errno.ENOSPC, "No space left on device", "/a/b")) == "/a/b：磁盘已满。"
    assert told(OSError(errno.EACCES, "Permission denied")) == "未能完成：当前用户在该处没有权限。"
    assert told(NoHomeError()) == "系统未提供用户主目录（HOME）"


def test_a_file_that_is_known_stands_in_the_sentence() -> None:
    said = text_of(sentence_of(OSError(errno.ENOENT, "No such file or directory", "/a/b")))
    assert said == "/a/b: there is no such file or folder."
