"""A whole program on a tiny model, with settings and a model that nothing outlives."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as PilImage
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication

from desktop.app import Program
from desktop.engine.reader_labels import ReaderLabels
from desktop.engine.shipped_models import FOR_CPU
from desktop.settings import Settings
from desktop.text.language import choose_language
from desktop.window.language import Language
from tests.make.in_this_process import InThisProcess
from tests.make.tiny_model import tiny_model


@pytest.fixture
def chinese() -> Iterator[None]:
    """Messages in Chinese while the test runs."""
    choose_language("zh_CN")
    yield
    choose_language("en")


@pytest.fixture
def chinese_window(qapp: QApplication) -> Iterator[None]:
    """Everything in Chinese while the test runs."""
    language = Language(qapp)
    language.set_language("zh_CN")
    yield
    language.set_language("en")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    store = QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)
    settings = Settings(store)
    settings.language = "en"
    return settings


@pytest.fixture
def model_folder(tmp_path: Path) -> Path:
    """A folder of shipped models: the tiny model, whose probability follows the mean grey."""
    folder = tmp_path / "models"
    folder.mkdir()
    tiny_model(folder / FOR_CPU)
    return folder


@pytest.fixture
def program(qapp: QApplication, settings: Settings, model_folder: Path) -> Iterator[Program]:
    """A program that reads files without child processes."""
    program = Program(qapp, settings, shipped=model_folder, device="cpu", sandbox=InThisProcess)
    yield program
    program.window.close()
    program.appearance.language.set_language("en")
    program.window.deleteLater()
    program.deleteLater()


@pytest.fixture
def keeping_program(
    qapp: QApplication, settings: Settings, model_folder: Path, tmp_path: Path
) -> Iterator[Program]:
    """The same with a store of readings of its own."""
    program = Program(
        *(qapp, settings),
        shipped=model_folder,
        device="cpu",
        sandbox=InThisProcess,
        reader_labels=ReaderLabels(tmp_path / "reads.sqlite"),
    )
    yield program
    program.window.close()
    program.window.deleteLater()
    program.deleteLater()


@pytest.fixture
def image_folder(tmp_path: Path) -> Callable[..., Path]:
    """Makes a folder of images: a noisy square of the given mean grey on black for each name."""

    def make(folder: str = "images", **greys: int) -> Path:
        target = tmp_path / folder
        target.mkdir()
        for name, grey in greys.items():
            pixels = np.zeros((64, 64), dtype=np.uint8)
            noise = np.random.default_rng(grey).integers(-8, 9, (48, 48))
            pixels[8:56, 8:56] = np.clip(grey + noise, 0, 255)
            pixels[30:34, 30:34] = 255  # a little bone, or the window would pass for one of bone
            PilImage.fromarray(pixels).save(target / f"{name}.png")
        return target

    return make
