from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from desktop.engine.thumbnails import Thumbnails
from desktop.jobs.thumbnail_maker import AT_ONCE, WAITING, ThumbnailMaker
from imaging.errors import Code, ImageError


class Decoder:
    """Answers when it is told to."""

    def __init__(self) -> None:
        self.asked: list[tuple[Path, int]] = []
        self.futures: list[Future[Any]] = []

    def submit(self, _function: Callable[..., Any], *arguments: Any) -> Future[Any]:
        self.asked.append((arguments[0], arguments[1]))
        self.futures.append(Future())
        return self.futures[-1]

    def answer(self, at: int, sha256: str) -> None:
        self.futures[at].set_result((sha256, np.full((2, 2), at, dtype=np.uint8)))


@pytest.fixture
def decoder() -> Decoder:
    return Decoder()


@pytest.fixture
def maker(qapp: object, decoder: Decoder) -> ThumbnailMaker:
    made = ThumbnailMaker(lambda: decoder)
    made.begin(Thumbnails())
    return made


def want(maker: ThumbnailMaker, *images: int) -> None:
    for image in images:
        maker.want(image, Path(f"/{image}.png"), 0, f"sha {image}")


def test_a_thumbnail_that_is_wanted_is_made_and_kept(
    qtbot: QtBot, maker: ThumbnailMaker, decoder: Decoder
) -> None:
    want(maker, 5)
    with qtbot.waitSignal(maker.made):
        decoder.answer(0, "sha 5")
    assert maker._thumbnails.get(5, "sha 5") is not None


def test_a_thumbnail_of_other_content_is_not_kept(
    qtbot: QtBot, maker: ThumbnailMaker, decoder: Decoder
) -> None:
    want(maker, 5)
    decoder.answer(0, "changed meanwhile")
    qtbot.waitUntil(lambda: 5 in maker._given_up)
    assert maker._thumbnails.kept_bytes == 0


def test_what_cannot_be_read_is_not_asked_for_again(
    qtbot: QtBot, maker: ThumbnailMaker, decoder: Decoder
) -> None:
    want(maker, 5)
    decoder.futures[0].set_exception(ImageError(Code.DAMAGED))
    qtbot.waitUntil(lambda: 5 in maker._given_up)
    want(maker, 5)
    assert len(decoder.asked) == 1


def test_the_latest_come_first_and_only_so_many_at_a_time(
    qtbot: QtBot, maker: ThumbnailMaker, decoder: Decoder
) -> None:
    want(maker, *range(AT_ONCE + 3))
    assert [frame for _, frame in decoder.asked] == [0] * AT_ONCE
    with qtbot.waitSignal(maker.made):
        decoder.answer(0, "sha 0")
    assert decoder.asked[-1][0] == Path(f"/{AT_ONCE + 2}.png")


@pytest.mark.parametrize(("count", "waiting"), [(WAITING, WAITING), (WAITING + 1, WAITING)])
def test_of_many_the_latest_wait(
    maker: ThumbnailMaker, decoder: Decoder, count: int, waiting: int
) -> None:
    want(maker, *range(AT_ONCE + count))
    assert len(maker._waiting) == waiting
    assert AT_ONCE + count - 1 in maker._waiting


def test_what_was_wanted_of_another_folder_is_not_kept(
    qtbot: QtBot, maker: ThumbnailMaker, decoder: Decoder
) -> None:
    want(maker, 5)
    thumbnails = Thumbnails()
    maker.begin(thumbnails)
    if not decoder.futures[0].cancelled():
        decoder.answer(0, "sha 5")
    qtbot.wait(1)
    assert thumbnails.kept_bytes == 0


def test_after_the_end_nothing_is_asked_for(maker: ThumbnailMaker, decoder: Decoder) -> None:
    maker.close()
    want(maker, 5)
    assert decoder.asked == []


def test_what_came_of_another_folder_and_waits_to_be_told_is_not_taken(
    qtbot: QtBot, maker: ThumbnailMaker, decoder: Decoder
) -> None:
    """Its number is that of another image now, whose content may be the same."""
    want(maker, 5)
    decoder.answer(0, "sha 5")  # told in a turn of the event loop to come
    maker.begin(Thumbnails())
    want(maker, 5)
    qtbot.wait(1)
    assert maker._thumbnails.get(5, "sha 5") is None
    with qtbot.waitSignal(maker.made):
        decoder.answer(1, "sha 5")
