"""Images per second: the bare session, the program from folder to CSV, and a plain script."""

from __future__ import annotations

import gc
import statistics
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from multiprocessing import forkserver
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from desktop.commands.cli import main as cranioscope
from imaging.input.recipe import InputRecipe, network_input
from imaging.reading import read_image
from model.providers import CPU, usable_cores
from model.session import Session

BATCH = 16
OUTPUTS = ["probability", "logit", "novelty"]

Work = Callable[[], int]
"""Does something to some images and returns how many."""


@dataclass(frozen=True)
class Speed:
    """Images per second, one number a round."""

    rounds: tuple[float, ...]

    @property
    def median(self) -> float:
        """Of the rounds."""
        return statistics.median(self.rounds)


def measure(works: dict[str, Work], rounds: int) -> dict[str, Speed]:
    """Run all works in turn, ``rounds`` times, so that a noisy minute hits them alike."""
    speeds: dict[str, list[float]] = {name: [] for name in works}
    for work in works.values():
        work()  # warm: files in memory, children's modules compiled
    gc.freeze()  # the program has no torch, whose objects each search for garbage would go through
    for _ in range(rounds):
        for name, work in works.items():
            start = time.perf_counter()
            count = work()
            speeds[name].append(count / (time.perf_counter() - start))
    return {name: Speed(tuple(values)) for name, values in speeds.items()}


def ratio(speeds: dict[str, Speed], name: str, base: str) -> float:
    """Median over the rounds of one speed in units of another of the same round."""
    pairs = zip(speeds[name].rounds, speeds[base].rounds, strict=True)
    return statistics.median(one / other for one, other in pairs)


def tensors(folder: Path, recipe: InputRecipe) -> NDArray[np.uint8]:
    """Network inputs of all files: uint8 (n, S, S)."""
    return np.stack([network_input(read_image(p), recipe).pixels for p in sorted(folder.iterdir())])


def one_session(model: Path, inputs: NDArray[np.uint8], threads: int) -> Work:
    """A bare onnxruntime session whose threads share each batch."""
    session = _session(model, threads)

    def work() -> int:
        for start in range(0, len(inputs), BATCH):
            session.run(OUTPUTS, {"scan": inputs[start : start + BATCH]})
        return len(inputs)

    return work


def workers(model: Path, inputs: NDArray[np.uint8], count: int) -> Work:
    """Single-threaded workers, each with batches of its own."""
    sessions = [_session(model, 1) for _ in range(count)]
    parts = np.array_split(inputs, count)

    def alone(session: onnxruntime.InferenceSession, part: NDArray[np.uint8]) -> None:
        for start in range(0, len(part), BATCH):
            session.run(OUTPUTS, {"scan": part[start : start + BATCH]})

    def work() -> int:
        with ThreadPoolExecutor(count) as pool:
            list(pool.map(alone, sessions, parts))
        return len(inputs)

    return work


def _session(model: Path, threads: int) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    return onnxruntime.InferenceSession(model, options, providers=[CPU])


def program(model: Path, folder: Path, count: int) -> Work:
    """``cranioscope screen`` in this process: everything from the folder to the written CSV."""

    def work() -> int:
        # Each start of the program starts this server anew; it belongs to what is measured.
        forkserver._forkserver._stop()  # type: ignore[attr-defined]
        with tempfile.TemporaryDirectory() as place:
            out = Path(place) / "images.csv"
            arguments = ["screen", str(folder), "--csv", str(out), "--model", str(model)]
            code = cranioscope([*arguments, "--device", "cpu", "--no-progress"])
            rows = out.read_bytes().count(b"\r\n") - 1
        if code == 2 or rows != count:
            raise RuntimeError(f"exit code {code}, {rows} rows for {count} files")
        return count

    return work


def plain_script(folder: Path, size: int, count: int) -> Work:
    """What a notebook does: Pillow, torchvision's transforms, torch eager, one by one."""
    import torch
    from PIL import Image as PilImage
    from torchvision.models import resnet34
    from torchvision.transforms import v2

    torch.set_num_threads(usable_cores())
    network = resnet34(num_classes=1).eval()
    transform = v2.Compose(
        [
            v2.Resize((size, size), antialias=True),
            v2.ToImage(),
            v2.ToDtype(torch.float32, scale=True),
            v2.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]),
        ]
    )
    files = sorted(folder.iterdir())[:count]

    def work() -> int:
        with torch.inference_mode():
            for path in files:
                with PilImage.open(path) as image:
                    network(transform(image.convert("RGB")).unsqueeze(0)).sigmoid().item()
        return len(files)

    return work


def classifier_size(model: Path) -> InputRecipe:
    """The recipe of a model file, checked as the program checks it."""
    return Session.open(model, "cpu").card.recipe
