"""``python -m tests.bench.training``: images a second in training, beside a plain PyTorch loop.

Both learn the same thing on the same images, in turn, in one run. The plain loop is what a
tutorial writes: it opens each image each epoch, transforms it with torchvision, and steps AdamW.
Ours is a fold of the recipe ``travel``: images cached as the network's inputs, augmentation by
the batch, channels last, fused steps, small images first, bfloat16 where the CPU computes with it
(``--full-precision``: not there either).
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from PIL import Image as PilImage
from torch.utils.data import DataLoader, Dataset
from torchvision.models import resnet34
from torchvision.transforms import v2

from imaging.samples.phantom import Bleed, Head
from trainer.data.folds import split
from trainer.data.labels import LabelledImage
from trainer.learning import cross_validation
from trainer.recipes import TRAVEL
from trainer.results.run_folder import RunFolder
from trainer.settings import RANDOM, HardwareSettings, Settings


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--images", type=int, default=160)
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--full-precision", action="store_true")
    options = parser.parse_args()
    settings = _settings(options.epochs, not options.full_precision)
    ratios = []
    with tempfile.TemporaryDirectory() as place:
        images = _images(Path(place), options.images)
        for number in range(options.rounds):
            ours = _ours(images, settings, Path(place) / f"run-{number}")
            plain = _plain(images, settings)
            ratios.append(ours / plain)
            print(f"ours {ours:.1f}, plain {plain:.1f} images/s: {ours / plain:.2f}", flush=True)
    print(f"median ratio of {options.rounds} rounds: {statistics.median(ratios):.2f}")
    return 0


def _images(folder: Path, count: int) -> list[LabelledImage]:
    images = []
    for number in range(count):
        head = Head(number, list(Bleed)[number % 4], 256)
        grey = np.clip(head.slice_at(0.5) * (255 / 80), 0, 255).astype(np.uint8)
        path = folder / f"{number:04d}.png"
        PilImage.fromarray(grey).save(path)
        images.append(LabelledImage(path.stem, path, int(number % 4 > 0), path.stem))
    return images


def _settings(epochs: int, mixed: bool) -> Settings:
    return replace(
        TRAVEL,
        data=replace(TRAVEL.data, folds=4, test_share=0.0, only_first_fold=True),
        network=replace(TRAVEL.network, init=RANDOM),
        schedule=replace(TRAVEL.schedule, epochs=epochs, patience=epochs),
        hardware=HardwareSettings(device="cpu", mixed_precision=mixed),
    )


def _ours(images: list[LabelledImage], settings: Settings, folder: Path) -> float:
    run = RunFolder.begin(folder, settings, images, split(images, 0.0, 4, 0, grouped=True))
    start = time.perf_counter()
    cross_validation.run(images, settings, run, lambda _: None)
    return 0.75 * len(images) * settings.schedule.epochs / (time.perf_counter() - start)


class _ImageFiles(Dataset[tuple[torch.Tensor, float]]):
    def __init__(self, images: list[LabelledImage], size: int, learn: bool) -> None:
        moves = [v2.RandomHorizontalFlip(), v2.RandomAffine(20, (0.05, 0.05), (0.85, 1.15))]
        shades = [v2.ColorJitter(0.25, 0.3), v2.GaussianBlur(5, (0.05, 1.0))]
        self._images = images
        self._transform = v2.Compose(
            [
                v2.Resize((size, size)),
                *([*moves, *shades] if learn else []),
                v2.ToImage(),
                v2.ToDtype(torch.float32, scale=True),
                v2.Normalize((0.485, 0.456, 0.406), (0.229, 0.224, 0.225)),
            ]
        )

    def __len__(self) -> int:
        return len(self._images)

    def __getitem__(self, row: int) -> tuple[torch.Tensor, float]:
        with PilImage.open(self._images[row].path) as image:
            return self._transform(image.convert("RGB")), float(self._images[row].label)


def _plain(images: list[LabelledImage], settings: Settings) -> float:
    size, batch = settings.recipe.size, settings.optimisation.batch_size
    learnt, assessed = images[len(images) // 4 :], images[: len(images) // 4]
    network = resnet34(weights=None)
    network.fc = torch.nn.Linear(512, 1)
    optimiser = torch.optim.AdamW(network.parameters(), 1e-3)
    loss = torch.nn.BCEWithLogitsLoss()
    start = time.perf_counter()
    for _ in range(settings.schedule.epochs):
        network.train()
        for inputs, labels in DataLoader(_ImageFiles(learnt, size, True), batch, shuffle=True):
            optimiser.zero_grad()
            loss(network(inputs).squeeze(1), labels.float()).backward()
            optimiser.step()
        network.eval()
        with torch.inference_mode():
            for inputs, _ in DataLoader(_ImageFiles(assessed, size, False), batch):
                network(inputs)
    return len(learnt) * settings.schedule.epochs / (time.perf_counter() - start)


if __name__ == "__main__":
    sys.exit(main())
