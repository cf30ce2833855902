"""A distillation leaves weights to start from and spares the test set."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image as PilImage

from trainer.data.folds import split
from trainer.data.labels import LabelledImage
from trainer.learning import distil, teacher
from trainer.learning.cross_validation import new_network
from trainer.learning.lessons import BATCH, MEASURED
from trainer.learning.network import load
from trainer.learning.teacher import SIDE, STRIDES, Maps
from trainer.recipes import DISTIL
from trainer.results.run_folder import RunFolder
from trainer.settings import RANDOM, DistillationSettings, Settings

SIZE = 32


class Pixels:
    """A teacher whose maps are the images themselves, made small; it counts what it is shown."""

    def __init__(self) -> None:
        self.shown = 0

    def to(self, device: torch.device) -> None:
        """It is wherever the images are."""

    def maps(self, images: torch.Tensor, side: int = SIDE) -> Maps:
        assert side % 32 == 0
        self.shown += len(images)
        grey = images.float().unsqueeze(1)
        sides = (SIZE // stride for stride in STRIDES)
        return tuple(torch.nn.functional.adaptive_avg_pool2d(grey, side) for side in sides)


@pytest.fixture
def labelled(tmp_path: Path) -> list[LabelledImage]:
    random = np.random.default_rng(0)
    images = []
    for number in range(30):
        path = tmp_path / f"{number}.png"
        pixels = np.zeros((SIZE, SIZE), dtype=np.uint8)
        pixels[4:28, 4:28] = random.integers(40, 255, (24, 24))
        PilImage.fromarray(pixels).save(path)
        images.append(LabelledImage(str(number), path, number % 2, str(number)))
    return images


@pytest.fixture
def settings() -> Settings:
    return replace(
        DISTIL,
        recipe=replace(DISTIL.recipe, size=SIZE),
        network=replace(DISTIL.network, init=RANDOM),
        distillation=DistillationSettings("pixels", views=2),
        optimisation=replace(DISTIL.optimisation, batch_size=8),
        schedule=replace(DISTIL.schedule, epochs=3, first_size=0),
    )


@pytest.fixture
def pixels(monkeypatch: pytest.MonkeyPatch) -> Pixels:
    """Whoever asks for a teacher gets this one."""
    known = Pixels()
    monkeypatch.setattr(teacher, "load", lambda _: known)
    return known


def _distilled(
    labelled: list[LabelledImage], settings: Settings, folder: Path
) -> tuple[RunFolder, list[str]]:
    """A run from its beginning to its end, and what it said."""
    parts = split(labelled, 0.2, 5, 0, grouped=True)
    run = RunFolder.begin(folder, settings, labelled, parts)
    said: list[str] = []
    distil.run(labelled, settings, run, said.append)
    return run, said


def _losses(said: list[str]) -> list[float]:
    return [float(line.split("difference ")[1].split(";")[0]) for line in said]


def test_weights_come_from_all_images_but_the_test_set(
    labelled: list[LabelledImage], settings: Settings, tmp_path: Path, pixels: Pixels
) -> None:
    run, said = _distilled(labelled, settings, tmp_path / "run")
    assert pixels.shown == 2 * 24  # two views of 30 images less 6 for the test
    losses = _losses(said)
    assert len(losses) == 3
    assert losses[-1] < losses[0]
    weights = load(run.path / "weights.pt")
    start = new_network(replace(settings, network=replace(settings.network, init=RANDOM)), 1)
    nets = (start, weights.network)
    before, after = (net.backbone.state_dict()["conv1.weight"] for net in nets)
    assert not torch.equal(before, after)
    assert weights.recipe == settings.recipe
    distil.run(labelled, settings, run, said.append)  # done: nothing more is said
    assert len(said) == 3
    assert pixels.shown == 48


def test_a_teacher_that_answers_at_every_step_is_learnt_from(
    labelled: list[LabelledImage], settings: Settings, tmp_path: Path, pixels: Pixels
) -> None:
    settings = replace(settings, distillation=DistillationSettings("pixels", views=0, mixing=0.5))
    _, said = _distilled(labelled, settings, tmp_path / "run")
    measured = MEASURED * BATCH
    assert pixels.shown == measured + 3 * 24
    losses = _losses(said)
    assert losses[-1] < losses[0]
