"""Every knob of a training run, grouped, each with its reason; ``recipes`` names sets of them."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Self

from imaging import json_values as plain
from imaging.input.recipe import InputRecipe
from trainer.choices import Measure, Optimiser, Schedule

IMAGENET, RANDOM = "imagenet", "none"
"""The two ``init`` words; anything else is the path of a weights file."""


@dataclass(frozen=True)
class DataSettings:
    """Which scans are learnt from, and how they are divided."""

    test_share: float = 0.2
    """Set aside before anything is learnt and judged once; 0 leaves every scan to the folds."""
    folds: int = 5
    """Each scan outside the test set is predicted by a network that never saw it."""
    only_first_fold: bool = False
    """Train fold 1 alone: a single 90:10 split when ``folds`` is 10."""
    grouped: bool = True
    """Repeats and neighbours of one patient stay on one side of every split."""
    practice: tuple[str, ...] = ()
    """Sources that every fold learns from and no result counts, such as generated heads."""
    licence: str = "unknown"
    """The data's; it goes into the card of the weights."""
    sources: tuple[str, ...] = ()
    """Where the data come from; they go into the card of the weights."""

    @property
    def fold_numbers(self) -> range:
        """The folds of a run."""
        return range(1, 2 if self.only_first_fold else self.folds + 1)


@dataclass(frozen=True)
class NetworkSettings:
    """The ResNet-34, its head, and what it starts from."""

    init: str = IMAGENET
    """``imagenet``, ``none``, or the path of a weights file that this package has written; of a
    run, for each fold to go on from that run's same fold."""
    frozen_backbone: bool = False
    """Keep every convolution and every batch-norm statistic as it was; only the head learns."""
    hidden: tuple[int, ...] = ()
    """Widths of the head's hidden layers, each Linear, ReLU, Dropout; without any, the head is
    Dropout, Linear: 200 pictures do not feed more."""
    dropout: float = 0.3

    @property
    def start_run(self) -> Path | None:
        """The folder of the run to go on from; None where ``init`` is anything else."""
        named = self.init in (IMAGENET, RANDOM)
        return None if named or not Path(self.init).is_dir() else Path(self.init)


@dataclass(frozen=True)
class AugmentationSettings:
    """What training pictures go through. Nothing here touches validation or test pictures."""

    resized_crop: tuple[float, float] | None = None
    """Shares of the picture's area that a random resized crop keeps (aspect 3/4 to 4/3); it can
    cut the bleed out of a positive picture, so only the article's recipe has it."""
    flip: float = 0.5
    """Probability of a left-right flip: a bleed is one on either side."""
    rotation: float = 15.0
    """Largest turn in degrees either way: heads lie crooked in the scanner."""
    scale: tuple[float, float] = (0.9, 1.1)
    """Zoom; the frame is widened with black first, so that nothing is cut off."""
    shift: float = 0.03
    """Largest move as a share of the side, because the crop to the head is never exact."""
    brightness: float = 0.15
    """Factor 1 +- this: sites differ in window level."""
    contrast: float = 0.15
    """Factor 1 +- this around the picture's mean: sites differ in window width."""
    noise: float = 4.0
    """Largest standard deviation of added noise, in grey levels of 255: doses differ."""
    blur: float = 0.8
    """Largest sigma of a Gaussian blur in pixels: kernels and resampling differ."""
    aspect: float = 0.0
    """Width to height, factor 1 +- this: heads differ, and so do pixels that are not square."""
    gamma: float = 0.0
    """The grey levels' exponent, e to the power of +- this: pictures come with any curve."""
    text: float = 0.0
    """Probability of a line of characters burnt into a corner, as screenshots have them."""
    drawn_bleeds: float = 0.0
    """Probability that a picture without the finding gets a bleed drawn onto it and counts as one
    with it, where there is room: for haemorrhage on head CT alone."""
    cached_views: int = 0
    """For a frozen backbone: views of each picture, made once, whose features are kept; each
    epoch draws one. 0 makes fresh views every epoch."""


@dataclass(frozen=True)
class SamplingSettings:
    """Which training scans an epoch shows how often. The defaults show each scan once."""

    positive_share: float = 0.0
    """Share of positives in what is shown of every source: equal shares, so that knowing the
    source tells nothing about the label. 0: as they are."""
    source_power: float = 1.0
    """Sources are shown in proportion to this power of their size: 1 as they are, 0 all alike."""


@dataclass(frozen=True)
class DistillationSettings:
    """Learning from a teacher's features instead of labels."""

    teacher: str = ""
    """The teacher's name, see ``trainer.learning.teacher``; without one, labels are learnt from."""
    views: int = 4
    """Turned and moved views of each picture whose features the teacher gives once, for all
    epochs; what does not move anything (contrast, noise, blur) is drawn afresh each time. 0: the
    teacher is asked anew at every step, which a GPU has time for (Beyer et al. 2022)."""
    mixing: float = 0.0
    """Probability that a batch's views are blended in pairs, teacher and network seeing the same
    blend; only where the teacher is asked anew."""


@dataclass(frozen=True)
class OptimisationSettings:
    """How the weights move."""

    optimiser: Optimiser = Optimiser.ADAMW
    learning_rate: float = 1e-3
    """Of the head; the peak where a schedule rises."""
    backbone_factor: float = 0.1
    """The backbone's rate as a share of the head's: its features are good already."""
    weight_decay: float = 1e-2
    """On weight matrices only, not on biases and batch norm."""
    momentum: float = 0.9
    """For SGD."""
    class_weights: bool = True
    """Weigh the positives by negatives/positives of the training part, at most 10."""
    trait_weight: float = 0.0
    """Weight of a second task beside the finding: the table's other columns, such as its subtypes.
    They say where to look, and are forgotten after training."""
    smoothing: float = 0.0
    """Labels are taken as this far from certain: some are wrong."""
    batch_size: int = 32
    """Per device. Small data wants many steps; batch norm wants more than a few pictures."""
    clip: float = 1.0
    """Largest norm of the gradient; 0 leaves it alone. One odd picture moves little."""
    averaging: float = 0.0
    """Judge and keep a running average of the weights that forgets 1 minus this share a step;
    0: the weights themselves. It smooths what the last batches did."""


@dataclass(frozen=True)
class ScheduleSettings:
    """How long."""

    epochs: int = 25
    patience: int = 8
    """Stop after so many epochs without a lower validation loss; the best weights are kept."""
    shape: Schedule = Schedule.COSINE
    warm_up: float = 0.1
    """Share of all steps in which the rate rises."""
    best_by: Measure = Measure.LOSS
    """What decides which epoch's weights are kept."""
    first_size: int = 0
    """Side of the training pictures in the first epoch, growing to the input's: small pictures
    teach the coarse things in a fraction of the time. 0: the input's from the start."""
    growth: float = 0.6
    """Share of the epochs in which they grow."""


@dataclass(frozen=True)
class HardwareSettings:
    """Where it runs: no part of a run's identity, for a run may move."""

    device: str = "auto"
    """``auto``, ``cpu`` or ``cuda``."""
    devices: int = 1
    """GPUs (or CPU processes) per node; more than one trains with DDP."""
    nodes: int = 1
    mixed_precision: bool = True
    """On GPUs, and on CPUs that compute with bfloat16 (AVX-512 BF16, AMX): twice as fast there."""
    save_pause: float = 60.0
    """Seconds that pass at least between two writings of the state to go on from."""
    fold: int = 0
    """Train this fold alone, others being trained beside it on other GPUs or machines. 0: all."""
    workers: int = 0
    """Processes that read the scans, once, at the start; 0: one a core."""


@dataclass(frozen=True)
class Settings:
    """All of a run. ``to_dict`` gives JSON's values, ``from_dict`` reads them back."""

    name: str = "careful"
    class_name: str = "hemorrhage"
    """The finding; the command line takes it from the name of the labels' column."""
    seed: int = 0
    """Of split, weights, order and augmentation; the same seed gives the same on a CPU."""
    data: DataSettings = field(default_factory=DataSettings)
    recipe: InputRecipe = field(default_factory=InputRecipe)
    """160 pixels: the head fills them after the crop, and two CPU cores get through them."""
    network: NetworkSettings = field(default_factory=NetworkSettings)
    augmentation: AugmentationSettings = field(default_factory=AugmentationSettings)
    sampling: SamplingSettings = field(default_factory=SamplingSettings)
    distillation: DistillationSettings = field(default_factory=DistillationSettings)
    optimisation: OptimisationSettings = field(default_factory=OptimisationSettings)
    schedule: ScheduleSettings = field(default_factory=ScheduleSettings)
    hardware: HardwareSettings = field(default_factory=HardwareSettings)

    @property
    def wanted_folds(self) -> list[int]:
        """The folds to train here: all, or the one that this machine was given."""
        return [self.hardware.fold] if self.hardware.fold else list(self.data.fold_numbers)

    def to_dict(self) -> dict[str, Any]:
        """Plain values that JSON can hold (tuples come back from lists)."""
        return {**asdict(self), "recipe": self.recipe.to_dict()}

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Self:
        """Read ``to_dict``'s values. Raises ValueError for missing, unknown or senseless ones."""
        try:
            return plain.read(cls, values, whole=True)
        except ValueError as error:
            raise ValueError(f"not the settings of a run: {error}") from error

    def identity(self) -> dict[str, Any]:
        """What two runs must share for one to go on with the other: all but the hardware."""
        values = self.to_dict()
        del values["hardware"]
        return values
