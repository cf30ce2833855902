"""What libraries write to stderr while training reads images is not heard; errors are."""

from __future__ import annotations

import os
import warnings
from pathlib import Path

import pytest

from imaging.errors import Code, ImageError
from imaging.image import Image
from imaging.input.recipe import InputRecipe
from trainer.data import inputs
from trainer.data.inputs import network_inputs
from trainer.data.reading_pool import InputError
from trainer.quiet import STDERR, libraries_kept_quiet


def _complains(path: Path) -> Image:
    os.write(STDERR, b"TIFFReadDirectory: Warning, Unknown field with tag 34022 of Mr. Smith.\n")
    warnings.warn("odd header", stacklevel=1)
    raise ImageError(Code.DAMAGED)


def test_nothing_is_written_within_and_everything_afterwards(
    capfd: pytest.CaptureFixture[str],
) -> None:
    with libraries_kept_quiet():
        os.write(STDERR, b"within\n")
    os.write(STDERR, b"after\n")
    assert capfd.readouterr().err == "after\n"


def test_the_stream_comes_back_after_an_error(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(KeyError), libraries_kept_quiet():
        raise KeyError
    os.write(STDERR, b"after\n")
    assert capfd.readouterr().err == "after\n"


def test_no_descriptor_is_left_open() -> None:
    before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(5):
        with libraries_kept_quiet():
            pass
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_a_damaged_image_is_told_by_its_error_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(inputs, "read_image", _complains)
    with pytest.raises(InputError, match=r"a\.tif"):
        network_inputs([tmp_path / "a.tif"], InputRecipe(size=16), tmp_path)
    assert capfd.readouterr().err == ""
