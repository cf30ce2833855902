from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image as PilImage

from desktop.jobs.viewed_image import ViewedImage, read_viewed_image
from imaging.errors import Code, Problem
from imaging.sandbox.sandbox import Sandbox


def go_on() -> bool:
    return False


def read(paths: list[Path]) -> list[ViewedImage]:
    with Sandbox(workers=1) as sandbox:
        viewed = [read_viewed_image(lambda: sandbox, path, 0, go_on) for path in paths]
        return [each for each in viewed if each is not None]


def test_images_are_read_in_a_child_process(tmp_path: Path) -> None:
    pixels = np.arange(64, dtype=np.uint8).reshape(8, 8)
    PilImage.fromarray(pixels).save(tmp_path / "a.png")
    (tmp_path / "b.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    good, bad = read([tmp_path / "a.png", tmp_path / "b.png"])
    assert good.image is not None
    assert np.array_equal(good.image.pixels, pixels)
    assert (bad.image, bad.problem and bad.problem.code) == (None, Code.DAMAGED)


class Never:
    """A decoder that does not answer."""

    def __init__(self) -> None:
        self.asked: Future[Any] = Future()

    def submit(self, function: Callable[..., Any], *arguments: object) -> Future[Any]:
        return self.asked


def test_an_image_nobody_waits_for_is_given_up(tmp_path: Path) -> None:
    never = Never()
    viewed = read_viewed_image(lambda: never, tmp_path / "a.png", 0, lambda: True)
    assert viewed is None
    assert never.asked.cancelled()


def test_a_problem_is_an_answer(tmp_path: Path) -> None:
    [viewed] = read([tmp_path / "nothing.png"])
    assert viewed.problem == Problem(Code.VANISHED)
