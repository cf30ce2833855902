"""What reading an image file came to: its values, its warnings, or why it was refused."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from imaging.errors import Code, ImageError
from imaging.image import Image, Unit
from imaging.messages import Message, MessageCode
from imaging.reading import read_image


def hu(image: Image) -> NDArray[np.float32]:
    """The HU of an image, which must have some."""
    assert image.header.unit is Unit.HOUNSFIELD
    assert image.pixels.dtype == np.float32
    return image.pixels  # type: ignore[return-value]


def codes(image: Image) -> list[Code]:
    """What an image's header warns of."""
    return [problem.code for problem in image.header.warnings]


def saying(image: Image) -> list[MessageCode | str]:
    """What the warnings of an image say in their details."""
    details = [problem.detail for problem in image.header.warnings]
    return [detail.code if isinstance(detail, Message) else detail for detail in details]


def refused(path: Path, frame: int = 0) -> tuple[Code, str | Message]:
    """Why a file, which must not be readable, is refused."""
    with pytest.raises(ImageError) as caught:
        read_image(path, frame)
    return caught.value.problem.code, caught.value.problem.detail
