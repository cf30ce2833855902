"""What some knobs of a training run choose between."""

from __future__ import annotations

from enum import StrEnum


class Optimiser(StrEnum):
    """Which rule turns gradients into steps."""

    ADAM = "adam"
    ADAMW = "adamw"
    SGD = "sgd"


class Schedule(StrEnum):
    """How the learning rate moves over the epochs, step by step."""

    CONSTANT = "constant"
    COSINE = "cosine"
    """A short linear rise, then half a cosine down to zero."""
    ONE_CYCLE = "one_cycle"
    """A longer rise and fall (Smith 2018): bears the higher rates that few epochs need."""


class WantedChannels(StrEnum):
    """What the network shall see of colours."""

    AUTO = "auto"
    GREY = "grey"
    RGB = "rgb"


class Measure(StrEnum):
    """What is measured on the validation part after each epoch, by its name in the table."""

    LOSS = "val_loss"
    AUC = "val_auc"
