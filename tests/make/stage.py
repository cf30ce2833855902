"""Stands for sandbox and network in tests of the engine: nothing is decoded, nothing computed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from imaging.errors import Code, ImageError, Problem
from imaging.headers import FileHeader, read_headers
from imaging.image import Identity, ImageHeader
from imaging.input.prepare import FrameRun, Prepared, prepare_run
from model.card import ModelCard
from model.session import Scores
from tests.make.headers import slice_header
from tests.make.tiny_model import tiny_card

SIDE = 32


def header(
    series: str = "1", position: float = 0.0, *, sop_uid: str = "", frames: int = 1, **more: Any
) -> ImageHeader:
    """That of an axial CT slice of patient "P"; ``more`` replaces fields."""
    who = Identity(patient_id="P", study_uid="s", series_uid=series)
    return replace(slice_header(position, who, frames=frames), sop_uid=sop_uid, **more)


def prepared(known: ImageHeader, grey: int = 10, refusal: Problem | None = None) -> Prepared:
    """An image of one grey, which is what the network answers."""
    image = None if refusal else np.full((SIDE, SIDE), grey, np.uint8)
    thumbnail = np.zeros((96, 96), np.uint8)
    return Prepared(known, refusal, image, thumbnail, f"hash {grey}", b"%d" % grey)


class Stage:
    """A sandbox that knows each file's headers and images by name, and answers at once or later."""

    def __init__(self, files: dict[str, ImageHeader | Code]) -> None:
        self.files = files
        self.greys: dict[str, int] = {}
        self.seconds_a_frame = 0.0
        self.dies: Callable[[str, int], bool] = lambda name, frame: False
        self.kills_headers: set[str] = set()
        self.fails: Callable[[str, int], Code | None] = lambda name, frame: None
        self.now: dict[str, ImageHeader] = {}
        """Headers that differ when the images are read."""
        self.refusals: dict[str, Problem] = {}
        self.hold: Callable[[str], bool] = lambda name: False
        self.held: list[Callable[[], None]] = []
        self.calls: list[tuple[str, int, int]] = []
        """Name, first frame and most frames of each call that reads images."""
        self.header_calls: list[int] = []
        """How many files each call for headers was about."""
        self.unanswered = self.most_unanswered = 0

    def in_folder(self, folder: Path) -> Path:
        """A folder with all files, empty."""
        for name in self.files:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).touch()
        return folder

    def submit(self, function: Callable[..., Any], *arguments: Any) -> Future[Any]:
        future: Future[Any] = Future()
        if function is read_headers:
            self._headers(future, *arguments)
            return future
        assert function is prepare_run
        path, first, most, _ = arguments
        self.calls.append((path.name, first, most))
        self.unanswered += most
        self.most_unanswered = max(self.most_unanswered, self.unanswered)
        if self.hold(path.name):
            self.held.append(lambda: self._images(future, path.name, first, most))
        else:
            self._images(future, path.name, first, most)
        return future

    def release(self) -> None:
        """Answer what was held."""
        held, self.held = self.held, []
        for answer in held:
            answer()

    def _headers(self, future: Future[list[FileHeader]], paths: Iterable[Path]) -> None:
        paths = list(paths)
        self.header_calls.append(len(paths))
        if any(path.name in self.kills_headers for path in paths):
            future.set_exception(ImageError(Code.DECODER_DIED, "SIGABRT"))
        else:
            future.set_result([self._header(path) for path in paths])

    def _header(self, path: Path) -> FileHeader:
        known = self.files[path.name]
        if isinstance(known, Code):
            return FileHeader(path, problem=Problem(known))
        frames = tuple(replace(known, frame=frame) for frame in range(known.frames))
        return FileHeader(path, frames)

    def _images(self, future: Future[FrameRun], name: str, first: int, most: int) -> None:
        self.unanswered -= most
        if any(self.dies(name, frame) for frame in range(first, first + most)):
            future.set_exception(ImageError(Code.DECODER_DIED, "SIGABRT"))
            return
        frames = tuple(self._image(name, frame) for frame in range(first, first + most))
        future.set_result(FrameRun(frames, self.seconds_a_frame * most))

    def _image(self, name: str, frame: int) -> Prepared | ImageError:
        known = self.now.get(name, self.files[name])
        assert isinstance(known, ImageHeader)
        code = self.fails(name, frame)
        if code is not None:
            return ImageError(code, frames=known.frames)
        grey = self.greys.get(name, frame % 90)
        return prepared(replace(known, frame=frame), grey, self.refusals.get(name))


class GreyNetwork:
    """Answers with the grey of the image: logit grey, probability grey / 255, novelty grey."""

    card: ModelCard = tiny_card(novelty_cut=200.0)
    provenance = "CPUExecutionProvider"

    def __init__(self, lanes: int = 2) -> None:
        self.batches: list[int] = []
        self.lanes = lanes

    def score(self, images: NDArray[np.uint8]) -> Scores:
        self.batches.append(len(images))
        grey = images[:, 0, 0].astype(np.float32)
        answer = grey.copy()
        answer[grey == 99] = np.nan
        return Scores(answer, (answer / 255).astype(np.float32), answer)
