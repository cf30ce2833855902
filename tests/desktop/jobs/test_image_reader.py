"""Which images are read ahead, which are kept, and that only the one asked for last arrives."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from desktop.jobs import image_reader
from desktop.jobs.image_reader import AT_ONCE, ImageReader, Place
from desktop.jobs.viewed_image import ViewedImage
from imaging.errors import Code, ImageError, Problem
from imaging.image import Image, ImageHeader, Unit
from imaging.messages import Message
from imaging.sandbox.sandbox import SandboxCode, SandboxError

BYTES = 8 * 8
"""Of one of the images here."""


class Children:
    """A decoder that answers when it is told to."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.futures: dict[str, Future[Any]] = {}
        self.fails: Exception | None = None

    def submit(self, function: Callable[..., Any], *arguments: Any) -> Future[Any]:
        if self.fails is not None:
            raise self.fails
        name = arguments[0].name
        self.asked.append(name)
        self.futures[name] = Future()
        return self.futures[name]

    def answer(self, name: str, error: Exception | None = None) -> None:
        future = self.futures.pop(name)
        if error is not None:
            future.set_exception(error)
        else:
            header = ImageHeader(Unit.GREY, 8, 8)
            future.set_result((Image(header, np.zeros((8, 8), np.uint8)), f"content of {name}"))


@pytest.fixture
def children() -> Children:
    return Children()


@pytest.fixture
def arrived() -> list[ViewedImage]:
    return []


@pytest.fixture
def reader(qtbot: QtBot, children: Children, arrived: list[ViewedImage]) -> ImageReader:
    made = ImageReader(lambda: children)
    made.arrived.connect(arrived.append)
    return made


def place(name: str) -> Place:
    return Path(name), 0


def places(names: str) -> list[Place]:
    return [place(name) for name in names]


def answer_all(qtbot: QtBot, children: Children) -> None:
    """Until nothing is asked for any more."""
    for _ in range(50):
        for name in list(children.futures):
            children.answer(name)
        qtbot.wait(1)
        if not children.futures:
            return


def test_what_is_near_is_read_after_the_image_asked_for_and_given_at_once(
    qtbot: QtBot, reader: ImageReader, children: Children, arrived: list[ViewedImage]
) -> None:
    assert reader.ask(place("a"), places("bcd")) is None
    assert children.asked == ["a"]
    answer_all(qtbot, children)
    assert children.asked == ["a", "b", "c", "d"]
    assert [viewed.path.name for viewed in arrived] == ["a"]
    ready = reader.ask(place("b"), places("cda"))
    assert ready is not None
    assert (ready.path, ready.sha256) == (Path("b"), "content of b")
    assert not reader.busy
    assert children.asked == ["a", "b", "c", "d"]


def test_only_so_many_are_read_at_once(
    qtbot: QtBot, reader: ImageReader, children: Children
) -> None:
    reader.ask(place("a"), places("bcdefg"))
    children.answer("a")
    qtbot.waitUntil(lambda: len(children.asked) == 1 + AT_ONCE)
    qtbot.wait(5)
    assert sorted(children.futures) == ["b", "c"]


def test_an_image_that_is_not_near_is_asked_for_while_others_are_read_ahead(
    qtbot: QtBot, reader: ImageReader, children: Children
) -> None:
    reader.ask(place("a"), places("bcd"))
    children.answer("a")
    qtbot.waitUntil(lambda: len(children.futures) == AT_ONCE)
    reader.ask(place("x"))
    assert "x" in children.futures


@pytest.mark.parametrize(("room", "read"), [(4, "abcd"), (3, "abc"), (1, "a")])
def test_no_more_is_read_ahead_than_can_be_kept(
    qtbot: QtBot,
    reader: ImageReader,
    children: Children,
    monkeypatch: pytest.MonkeyPatch,
    room: int,
    read: str,
) -> None:
    monkeypatch.setattr(image_reader, "KEPT_BYTES", room * BYTES)
    reader.ask(place("a"), places("bcdefg"))
    answer_all(qtbot, children)
    assert "".join(children.asked) == read
    assert reader.kept_bytes == room * BYTES


def test_what_is_kept_never_exceeds_its_bound(
    qtbot: QtBot,
    reader: ImageReader,
    children: Children,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(image_reader, "KEPT_BYTES", 3 * BYTES)
    for name in "abcdefgh":
        reader.ask(place(name))
        answer_all(qtbot, children)
        assert reader.kept_bytes <= 3 * BYTES
    assert reader.ask(place("h")) is not None
    assert reader.ask(place("a")) is None


def test_what_is_near_is_kept_longest(
    qtbot: QtBot,
    reader: ImageReader,
    children: Children,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(image_reader, "KEPT_BYTES", 3 * BYTES)
    reader.ask(place("a"), places("bc"))
    answer_all(qtbot, children)
    reader.ask(place("c"), places("d"))
    answer_all(qtbot, children)
    reader.ask(place("d"), places("c"))
    answer_all(qtbot, children)
    reader.ask(place("e"), places("dc"))
    answer_all(qtbot, children)
    assert "".join(children.asked) == "abcde"


def test_an_image_turned_away_from_never_arrives(
    qtbot: QtBot, reader: ImageReader, children: Children, arrived: list[ViewedImage]
) -> None:
    reader.ask(place("a"))
    reader.ask(place("b"))
    answer_all(qtbot, children)
    assert [viewed.path.name for viewed in arrived] == ["b"]


def test_what_nobody_waits_for_any_more_is_stopped_after_a_moment(
    qtbot: QtBot, reader: ImageReader, children: Children, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(image_reader, "PATIENCE", 0.01)
    reader.ask(place("a"))
    hanging = children.futures["a"]
    reader.ask(place("b"))
    assert not hanging.cancelled()
    qtbot.waitUntil(hanging.cancelled)
    assert not children.futures["b"].cancelled()


def test_what_is_turned_back_to_in_time_is_not_stopped(
    qtbot: QtBot, reader: ImageReader, children: Children, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(image_reader, "PATIENCE", 0.01)
    reader.ask(place("a"))
    reader.ask(place("b"))
    reader.ask(place("a"))
    qtbot.wait(50)
    assert not children.futures["a"].cancelled()
    assert children.asked == ["a", "b"]


def test_what_was_kept_of_other_content_is_read_again(
    qtbot: QtBot, reader: ImageReader, children: Children
) -> None:
    reader.ask(place("a"))
    answer_all(qtbot, children)
    assert reader.ask(place("a"), sha256="content of a") is not None
    assert reader.ask(place("a"), sha256="something else") is None
    assert children.asked == ["a", "a"]


def test_what_cannot_be_read_is_not_read_ahead_again_but_when_it_is_asked_for(
    qtbot: QtBot, reader: ImageReader, children: Children, arrived: list[ViewedImage]
) -> None:
    reader.ask(place("a"), places("b"))
    children.answer("a")
    qtbot.waitUntil(lambda: "b" in children.futures)
    children.answer("b", ImageError(Code.DAMAGED))
    qtbot.wait(1)
    reader.ask(place("a"), places("b"))
    assert children.asked == ["a", "b"]
    reader.ask(place("b"))
    children.answer("b", ImageError(Code.DAMAGED))
    qtbot.waitUntil(lambda: not reader.busy)
    assert children.asked == ["a", "b", "b"]
    assert arrived[-1].problem == Problem(Code.DAMAGED)


def test_what_is_forgotten_is_read_again(
    qtbot: QtBot, reader: ImageReader, children: Children
) -> None:
    reader.ask(place("a"))
    answer_all(qtbot, children)
    reader.forget()
    assert reader.kept_bytes == 0
    assert reader.ask(place("a")) is None


def test_why_no_process_can_be_asked_is_told(
    qtbot: QtBot, reader: ImageReader, children: Children
) -> None:
    children.fails = SandboxError(Message(SandboxCode.NO_PROCESS, reason="no memory"))
    with qtbot.waitSignal(reader.failed) as failed:
        reader.ask(place("a"))
    assert "no memory" in failed.args[0]
    assert not reader.busy


def test_a_reading_that_was_given_up_answers_no_later_question(
    qtbot: QtBot, reader: ImageReader, children: Children, arrived: list[ViewedImage]
) -> None:
    """The file may have changed between the two."""
    reader.ask(place("a"))
    given_up = children.futures.pop("a")
    del reader._reading[place("a")]  # as when its child was stopped
    reader.ask(place("a"))
    header = ImageHeader(Unit.GREY, 8, 8)
    given_up.set_result((Image(header, np.zeros((8, 8), np.uint8)), "content before"))
    qtbot.wait(1)
    assert arrived == []
    children.answer("a")
    qtbot.waitUntil(lambda: bool(arrived))
    assert [each.sha256 for each in arrived] == ["content of a"]
