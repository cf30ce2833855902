"""prepare: what the program wants of one frame, small enough to leave a child process."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from hashlib import blake2b
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from imaging import reduction
from imaging.eligibility import refusal
from imaging.errors import Code, ImageError, Problem
from imaging.files.source import read_source
from imaging.image import Image, ImageHeader, Unit, Window
from imaging.input.anatomy import other_body
from imaging.input.display_window import wide_window
from imaging.input.head import TISSUE
from imaging.input.recipe import Channels, InputRecipe, Subject, network_input
from imaging.messages import Message, MessageCode
from imaging.reading import decode
from imaging.regions import bodies, fill_holes
from imaging.window import opening_window, to_grey

RUN_SECONDS = 2.0
"""After this long a run of frames ends with the one at hand, far from a sandbox's limit of time."""
THUMBNAIL = 96
"""Longest side of a thumbnail in pixels."""
_BLANK_TOLERANCE = 8
"""Grey levels around the most frequent one that still count as it."""
_BLANK_SHARE = 0.005
"""An image with fewer other pixels than this share shows nothing."""
PANELS = ((4, 0.5, 0.01, 1.0), (2, 0.7, 0.06, 1.4))
"""What makes a contact sheet: so many bodies, each of at least this share of the largest, which
takes at least this share of an image that is so many times as long as broad. None of 6,443 single
slices of six data sets is one; two would be, were the last condition left out."""
LONGEST = 4.0
"""Long side of an image over its short side, in true proportions, up to which it may show a whole
head. A longer one is a few lines of the network's input, in which nothing could be seen. Of 6,382
slices of five data sets none is longer than 1.6."""


class Sheet(MessageCode):
    """Why an image is no single slice."""

    CONTACT_SHEET = "contact_sheet", "a contact sheet of {count} images"
    STRIP = "strip", "a strip {ratio:.3g} times as long as broad"


@dataclass(frozen=True, eq=False)
class Prepared:
    """One frame as the program needs it: header, network input, thumbnail, hash of the file."""

    header: ImageHeader
    refusal: Problem | None
    """Why there is no network input; the image can be viewed all the same."""
    network_input: NDArray[np.uint8] | None
    """uint8 (size, size) by the recipe, (size, size, 3) in colour."""
    thumbnail: NDArray[np.uint8]
    """uint8, no side longer than ``THUMBNAIL``, in the window a viewer opens with."""
    sha256: str
    """Of the whole file, in hexadecimal."""
    pixels_digest: bytes = b""
    """Of the decoded pixels: the same for a copy in another lossless format."""


@dataclass(frozen=True, eq=False)
class FrameRun:
    """Consecutive frames of one file, each as it was prepared or with the error that it met."""

    frames: tuple[Prepared | ImageError, ...]
    seconds: float
    """What they took."""


def prepare_run(path: Path, first: int, most: int, recipe: InputRecipe) -> FrameRun:
    """Prepare up to ``most`` frames from ``first`` on: at least one, and as many as time allows.

    What leads up to a frame in a file is thus read once for many frames. Raises nothing that a
    file is the cause of.
    """
    began = time.monotonic()
    frames: list[Prepared | ImageError] = []
    while len(frames) < most and (not frames or time.monotonic() - began < RUN_SECONDS):
        try:
            frames.append(prepare(path, first + len(frames), recipe))
        except ImageError as error:
            frames.append(error.with_traceback(None))
    return FrameRun(tuple(frames), time.monotonic() - began)


def prepare(path: Path, frame: int, recipe: InputRecipe) -> Prepared:
    """Read one frame and make its network input and thumbnail. Raises ImageError."""
    source = read_source(path)
    image = decode(source, frame)
    small = reduced(image)
    problem = _no_head(image, small, recipe) if recipe.subject is Subject.HEAD_CT else None
    if problem is None and is_blank(to_grey(small, _window_of(image.header, recipe))):
        problem = Problem(Code.BLANK)
    seen = None if problem else network_input(image, recipe).pixels
    thumbnail = _thumbnail(image, small)
    header = _with_colours_seen(image.header, recipe)
    digest = blake2b(np.ascontiguousarray(image.pixels).data, digest_size=16).digest()
    return Prepared(header, problem, seen, thumbnail, source.sha256, digest)


def read_thumbnail(path: Path, frame: int) -> tuple[str, NDArray[np.uint8]]:
    """The SHA-256 of a file, and the thumbnail of one of its frames. Raises ImageError."""
    source = read_source(path)
    image = decode(source, frame)
    return source.sha256, _thumbnail(image, reduced(image))


def _thumbnail(image: Image, small: Image) -> NDArray[np.uint8]:
    grey = to_grey(small, opening_window(image))
    return 255 - grey if image.header.inverted else grey


def _no_head(image: Image, small: Image, recipe: InputRecipe) -> Problem | None:
    """Why the image is no plain axial slice of a head, or None; ``small``: it, reduced."""
    problem = refusal(image.header)
    grey = to_grey(small, _window_of(image.header, recipe))
    if problem is None and is_blank(grey):
        problem = Problem(Code.BLANK)
    if problem is None and (count := panels(grey)) > 1:
        problem = Problem(Code.NOT_ASSESSABLE, Message(Sheet.CONTACT_SHEET, count=count))
    problem = problem or _strip(image.header)
    if problem is None and image.header.unit is Unit.GREY:
        problem = wide_window(grey)
    return problem or other_body(image)


def _strip(header: ImageHeader) -> Problem | None:
    """An image of a shape that leaves no room for a head."""
    tall, wide = header.geometry.pixel
    height, width = tall * header.rows, wide * header.columns
    ratio = max(height / width, width / height)
    if ratio <= LONGEST:
        return None
    return Problem(Code.NOT_ASSESSABLE, Message(Sheet.STRIP, ratio=ratio))


def _with_colours_seen(header: ImageHeader, recipe: InputRecipe) -> ImageHeader:
    """The header without the warning that colours are lost, where the network sees them."""
    if recipe.channels is Channels.GREY:
        return header
    kept = tuple(problem for problem in header.warnings if problem.code is not Code.COLOUR)
    return replace(header, warnings=kept)


def is_blank(grey: NDArray[np.uint8]) -> bool:
    """Whether (nearly) all pixels of a grey image have (nearly) one value."""
    counts = np.bincount(grey.ravel(), minlength=256)
    commonest = int(counts.argmax())
    low, high = max(0, commonest - _BLANK_TOLERANCE), commonest + _BLANK_TOLERANCE + 1
    others = grey.size - int(counts[low:high].sum())
    return others < _BLANK_SHARE * grey.size


def panels(grey: NDArray[np.uint8]) -> int:
    """How many slices a grey image (rows, columns) shows beside each other; 1 for a plain one."""
    sizes = np.bincount(bodies(fill_holes(grey >= TISSUE)).ravel())
    sizes[0] = 0
    largest = int(sizes.max())
    length = max(grey.shape) / min(grey.shape)
    for least, of_largest, of_image, longest in PANELS:
        count = int((sizes >= of_largest * largest).sum())
        if count >= least and largest >= of_image * grey.size and length >= longest:
            return count
    return 1


def reduced(image: Image) -> Image:
    """The image at no more than ``THUMBNAIL`` pixels a side; its header tells the whole size."""
    return Image(image.header, reduction.reduce(image.pixels, THUMBNAIL))


def _window_of(header: ImageHeader, recipe: InputRecipe) -> Window:
    return recipe.window if header.unit is Unit.HOUNSFIELD else Window(255.0, 127.5)
