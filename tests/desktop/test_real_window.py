import csv
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as PilImage

from setup.screen import virtual_screen

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 120
ImageFolder = Callable[..., Path]


@pytest.fixture(scope="module")
def screen() -> Iterator[str]:
    """The name of a virtual screen."""
    if shutil.which("Xvfb") is None:
        pytest.skip("there is no Xvfb on this machine")
    with virtual_screen() as display:
        yield display


def run(screen: str, tmp_path: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    places = {
        name: str(tmp_path) for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME")
    }
    return subprocess.run(
        [sys.executable, "-m", *map(str, arguments)],
        cwd=ROOT,
        env=os.environ | places | {"DISPLAY": screen, "QT_QPA_PLATFORM": "xcb"},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


def test_from_folder_to_export_in_a_real_window(
    screen: str, image_folder: ImageFolder, model_folder: Path, tmp_path: Path
) -> None:
    images = image_folder(bright=220, dark=60)
    (images / "broken.dcm").write_bytes(b"")
    answer = run(screen, tmp_path, "tests.make.drive_window", images, model_folder, tmp_path)
    assert answer.returncode == 0, answer.stderr
    told = json.loads(answer.stdout)
    with (tmp_path / "images.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert told == {
        "platform": "xcb",
        "rows": 3,
        "first": "bright.png",
        "threshold": 0.51,
        "shown": True,
    }
    assert [row["status"] for row in rows] == ["ok", "failed", "ok"]
    assert [row["prediction"] for row in rows] == ["1", "", "0"]
    assert [float(row["threshold"]) for row in rows] == [0.51] * 3
    assert answer.stderr == ""


def test_the_program_takes_a_screenshot_of_itself_and_ends(
    screen: str, image_folder: ImageFolder, model_folder: Path, tmp_path: Path
) -> None:
    images = image_folder(bright=220, dark=60)
    screenshot, model = tmp_path / "window.png", next(model_folder.iterdir())
    answer = run(
        screen,
        tmp_path,
        "desktop",
        "--screenshot",
        screenshot,
        "--theme",
        "dark",
        "--model",
        model,
        images,
    )
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout == "2 found, 2 rows, image saved\n"
    with PilImage.open(screenshot) as image:
        grey = np.asarray(image.convert("L"))
    assert grey.shape == (800, 1280)
    assert grey[5, -5] < 60
    assert grey.max() > 200
