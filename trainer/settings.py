"""Every setting of a training run, grouped, each with its reason; ``recipes`` names sets."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Self

from imaging import json_values
from imaging.input.recipe import InputRecipe
from trainer.choices import Measure, Optimiser, Schedule, WantedChannels

IMAGENET, RANDOM = "imagenet", "none"
"""The two words of ``init``; anything else is the path of a weights file or of a run."""


@dataclass(frozen=True)
class DataSettings:
    """Which images are trained on, and how they are split."""

    test_share: float = 0.2
    """Share of the groups set aside as the internal test set. 0: every image is in a fold."""
    folds: int = 5
    """Folds of the cross-validation over the images outside the test set."""
    only_first_fold: bool = False
    """Train fold 1 alone. With 10 ``folds`` that is a single 90:10 split."""
    grouped: bool = True
    """Keep repeats and images of one patient on one side of every split."""
    find_repeats: bool = True
    """Where no patient is given, look for repeats among the images and keep them together, too."""
    practice: tuple[str, ...] = ()
    """Folders that every fold trains on and no result counts, such as generated heads."""
    channels: WantedChannels = WantedChannels.AUTO
    """``auto``, ``grey`` or ``rgb``. ``auto``: grey for heads, and for other images colour where
    one in ten is coloured."""
    licence: str = "unknown"
    """Licence of the data; written into the model card."""
    sources: tuple[str, ...] = ()
    """Where the data come from; written into the model card."""

    @property
    def fold_numbers(self) -> range:
        """The folds of a run."""
        return range(1, 2 if self.only_first_fold else self.folds + 1)


@dataclass(frozen=True)
class NetworkSettings:
    """The ResNet-34, its head, and the weights it starts from."""

    init: str = IMAGENET
    """``imagenet``, ``none`` (random), or the path of a weights file that this package wrote.
    With the path of a run, each fold starts from the same fold of that run."""
    frozen_backbone: bool = False
    """Freeze all convolutions and batch-norm statistics; train the head alone."""
    hidden: tuple[int, ...] = ()
    """Widths of the head's hidden layers, each Linear, ReLU, Dropout. Without any, the head is
    Dropout, Linear, which suits a few hundred images."""
    dropout: float = 0.3
    """Dropout probability of the head."""

    @property
    def start_run(self) -> Path | None:
        """The folder of the run to go on from; None where ``init`` is anything else."""
        named = self.init in (IMAGENET, RANDOM)
        return None if named or not Path(self.init).is_dir() else Path(self.init)


@dataclass(frozen=True)
class AugmentationSettings:
    """Augmentation of the training images. Tuning and test images are never augmented."""

    resized_crop: tuple[float, float] | None = None
    """Share of the image's area that a random resized crop keeps (aspect 3/4 to 4/3). It can cut
    the bleed out of a positive image, so only the article's recipe has it."""
    flip: float = 0.5
    """Probability of a left-right flip."""
    rotation: float = 15.0
    """Largest rotation in degrees, either way: heads lie tilted in the scanner."""
    scale: tuple[float, float] = (0.9, 1.1)
    """Range of the zoom. The frame is padded with black first, so that nothing is cut off."""
    shift: float = 0.03
    """Largest shift, as a share of the side: the crop to the head is never exact."""
    brightness: float = 0.15
    """Brightness is multiplied by 1 ± this: sites differ in window level."""
    contrast: float = 0.15
    """Contrast is multiplied by 1 ± this around the mean: sites differ in window width."""
    noise: float = 4.0
    """Largest standard deviation of added noise, in grey levels of 255: doses differ."""
    blur: float = 0.8
    """Largest sigma of a Gaussian blur, in pixels: kernels and resampling differ."""
    aspect: float = 0.0
    """Width to height is multiplied by 1 ± this: heads and pixel shapes differ."""
    gamma: float = 0.0
    """Gamma is e to the power of ± this: images come with different grey curves."""
    text: float = 0.0
    """Probability of a line of text burnt into a corner, as in screenshots."""
    drawn_bleeds: float = 0.0
    """Probability that a bleed is drawn onto an image without one, which then counts as positive.
    For haemorrhage on head CT alone."""
    thin_bleeds: float = 0.0
    """The share of the drawn bleeds that are thin ones along bone and falx: what networks miss."""
    cached_views: int = 0
    """For a frozen backbone: augmented views of each image whose features are computed once. Each
    epoch draws one of them. 0: new views every epoch."""


@dataclass(frozen=True)
class SamplingSettings:
    """How often an epoch shows which training image. The defaults show each image once."""

    positive_share: float = 0.0
    """Share of positives drawn from every source. Equal shares keep the source from telling the
    label. 0: as they are."""
    source_power: float = 1.0
    """Sources are drawn in proportion to this power of their size. 1: as they are. 0: all alike."""


@dataclass(frozen=True)
class DistillationSettings:
    """Distillation: training on a teacher's features instead of labels."""

    teacher: str = ""
    """Name of the teacher, see ``trainer.learning.teacher``. Empty: train on the labels."""
    views: int = 4
    """Rotated and shifted views of each image whose teacher features are computed once. Contrast,
    noise and blur are drawn anew each time. 0: the teacher runs at every step, which suits a GPU
    (Beyer et al. 2022)."""
    mixing: float = 0.0
    """Probability that the views of a batch are blended in pairs (mixup). Only where the teacher
    runs at every step."""


@dataclass(frozen=True)
class OptimisationSettings:
    """Optimiser, loss and batch."""

    optimiser: Optimiser = Optimiser.ADAMW
    """``adam``, ``adamw`` or ``sgd``."""
    learning_rate: float = 1e-3
    """Learning rate of the head; the peak where the schedule warms up."""
    backbone_factor: float = 0.1
    """Learning rate of the backbone, as a share of the head's."""
    weight_decay: float = 1e-2
    """Weight decay, on weight matrices only, not on biases and batch norm."""
    momentum: float = 0.9
    """Momentum of SGD."""
    class_weights: bool = True
    """Weight positives by negatives/positives of the training set, at most 10."""
    trait_weight: float = 0.0
    """Weight of an auxiliary loss on the table's other columns of 0 and 1, such as subtypes. These
    outputs are dropped after training."""
    smoothing: float = 0.0
    """Label smoothing: some labels are wrong."""
    batch_size: int = 32
    """Images per step and device. Batch norm needs more than a few."""
    clip: float = 1.0
    """Largest norm of the gradient. 0: no clipping."""
    averaging: float = 0.0
    """Decay per step of the exponential moving average of the weights, which is validated and
    kept. 0: no averaging."""


@dataclass(frozen=True)
class ScheduleSettings:
    """Epochs and learning-rate schedule."""

    epochs: int = 25
    """Most epochs of a fold."""
    patience: int = 8
    """Stop after this many epochs without improvement on the tuning set; the best are kept."""
    shape: Schedule = Schedule.COSINE
    """``constant``, ``cosine`` or ``one_cycle`` (Smith 2018)."""
    warm_up: float = 0.1
    """Share of all steps in which the learning rate rises."""
    best_by: Measure = Measure.LOSS
    """``val_loss`` or ``val_auc``: decides on the tuning set which epoch is kept."""
    first_size: int = 0
    """Side of the training images in the first epoch; it grows to the input size, which saves
    time. 0: the input size from the start."""
    growth: float = 0.6
    """Share of the epochs in which the side grows."""


@dataclass(frozen=True)
class PeakSettings:
    """How a peak head is learnt on maps that stay as they are (``cranioscope-train peaks``)."""

    steps: int = 500
    batch_size: int = 32
    learning_rate: float = 4e-3
    """At 1e-3, in fewer steps, the head finds less: see "Whole examinations" in the results."""
    mean_factor: float = 0.5
    """Rate of the linear head on the mean, which is there already, as a share of the new one's."""
    weight_decay: float = 1e-2
    dropout: float = 0.2
    smoothing: float = 0.05
    map_weight: float = 0.5
    """Of the loss that says where: without it the cells learn from the label alone."""
    averaging: float = 0.98
    positive_share: float = 0.45
    """Of what is shown of every source, so that knowing the source tells nothing of the label."""
    source_power: float = 0.5
    """Sources are shown in proportion to this power of their size."""
    drawn_share: float = 0.13
    """Of thin drawn bleeds among all that is shown."""
    views: int = 1
    """Moved views of each positive, and of as many negatives. 0: none, and no drawn bleeds."""
    fresh_views: bool = False
    """Whether the last part of tuning moves, and draws on, each image anew in each step."""
    tuning_steps: int = 150
    """With ``--tune``: steps in which the last stages learn, too, after the head did."""
    tuning_batch_size: int = 24
    tuning_rate: float = 1e-4
    """Of the stages. Two of them were tuned at 6e-5."""
    last_stage_steps: int = 150
    """With two stages: steps before, in which the last one learns and the one before does not."""
    last_stage_rate: float = 1e-4
    tuning_head_rate: float = 1e-3
    further_steps: int = 120
    """With ``--first-without``: steps in which a division goes on from what the others taught."""
    seed: int = 0


@dataclass(frozen=True)
class FineMapSettings:
    """How a fine heat map is learnt (``cranioscope-train fine-map``)."""

    steps: int = 150
    batch_size: int = 32
    learning_rate: float = 1e-2
    weight_decay: float = 1e-2
    averaging: float = 0.98
    drawn_share: float = 0.3
    """Of drawn bleeds among all that is shown; the rest are boxes, every source alike."""
    seed: int = 0


@dataclass(frozen=True)
class HardwareSettings:
    """Where it runs. No part of a run's identity, for a run may move to another machine."""

    device: str = "auto"
    """``auto``, ``cpu`` or ``cuda``."""
    devices: int = 1
    """GPUs (or CPU processes) per node. More than one trains with DDP."""
    nodes: int = 1
    """Machines that train together."""
    mixed_precision: bool = True
    """bfloat16 on GPUs, and on CPUs that compute with it (AVX-512 BF16, AMX)."""
    save_pause: float = 60.0
    """Least seconds between two checkpoints to resume from."""
    fold: int = 0
    """Train this fold alone; others can be trained beside it elsewhere. 0: all."""
    workers: int = 0
    """Processes that read the images, once, at the start. 0: one per core."""


@dataclass(frozen=True)
class Settings:
    """All settings of a run. ``to_dict`` gives values for JSON, ``from_dict`` reads them back."""

    name: str = "careful"
    """Name of the recipe."""
    class_name: str = "hemorrhage"
    """The finding; the command line takes it from the name of the label column."""
    seed: int = 0
    """Seed of split, weights, order and augmentation. On a CPU the same seed gives the same run."""
    data: DataSettings = field(default_factory=DataSettings)
    recipe: InputRecipe = field(default_factory=InputRecipe)
    """How an image becomes the network's input. 160 pixels are within reach of two CPU cores."""
    network: NetworkSettings = field(default_factory=NetworkSettings)
    augmentation: AugmentationSettings = field(default_factory=AugmentationSettings)
    sampling: SamplingSettings = field(default_factory=SamplingSettings)
    distillation: DistillationSettings = field(default_factory=DistillationSettings)
    optimisation: OptimisationSettings = field(default_factory=OptimisationSettings)
    schedule: ScheduleSettings = field(default_factory=ScheduleSettings)
    hardware: HardwareSettings = field(default_factory=HardwareSettings)

    @property
    def wanted_folds(self) -> list[int]:
        """The folds to train here: all, or the one of ``hardware.fold``."""
        return [self.hardware.fold] if self.hardware.fold else list(self.data.fold_numbers)

    def to_dict(self) -> dict[str, Any]:
        """Values that JSON can hold (tuples come back from lists)."""
        return {**asdict(self), "recipe": self.recipe.to_dict()}

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Self:
        """Read ``to_dict``'s values. Raises ValueError for missing, unknown or senseless ones."""
        try:
            return json_values.read(cls, values, whole=True)
        except ValueError as error:
            raise ValueError(f"not the settings of a run: {error}") from error

    def identity(self) -> dict[str, Any]:
        """What a run must share with these settings to be resumed: all but the hardware."""
        values = self.to_dict()
        del values["hardware"]
        return values
