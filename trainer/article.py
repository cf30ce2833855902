"""The published article's recipe: its names here, and what it leaves open."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from imaging.input.recipe import Channels
from trainer.settings import IMAGENET, RANDOM, Settings

ARTICLE, ARTICLE_KEPT = "article", "article-kept"
"""The recipe as published, and the same on views of each image that are made once and kept."""


def is_article(recipe: str) -> bool:
    """Whether a recipe of this name chooses its fold on the test images, as the article does."""
    return recipe in (ARTICLE, ARTICLE_KEPT)


@dataclass(frozen=True)
class Choice:
    """One thing that the article does not say."""

    name: str
    made: Callable[[Settings], str]
    """What a run does, in words, from its settings."""
    reason: str


def _rate(settings: Settings) -> str:
    shape = settings.schedule.shape.value
    return f"{settings.optimisation.learning_rate:g}, {shape}"


def _crop(settings: Settings) -> str:
    shares = settings.augmentation.resized_crop
    return "none" if shares is None else f"{shares[0]:g} to {shares[1]:g} of the area"


def _views(settings: Settings) -> str:
    kept = settings.augmentation.cached_views
    if kept:
        return f"{kept} of each image, made once and kept; each epoch draws one of them"
    return "new in every epoch"


def _batch_norm(settings: Settings) -> str:
    frozen = settings.network.frozen_backbone
    return "frozen, in evaluation mode" if frozen else "trained with the convolutions"


def _kept_epoch(settings: Settings) -> str:
    return f"the best {settings.schedule.best_by.value} on the tuning set"


def _colour(settings: Settings) -> str:
    grey = settings.recipe.channels is Channels.GREY
    return "dropped: all three channels of the network get the grey" if grey else "kept"


def _head(settings: Settings) -> str:
    drawn = "random, as torch draws them for linear layers"
    if settings.network.init in (IMAGENET, RANDOM):
        return drawn
    return f"those of the weights to start from, if of this class and shape; else {drawn}"


def _clipping(settings: Settings) -> str:
    clip = settings.optimisation.clip
    return f"norm of at most {clip:g}" if clip else "none"


CHOICES = (
    Choice("optimiser", lambda s: s.optimisation.optimiser.value, "usual for a small head"),
    Choice("learning rate", _rate, "the default of Adam"),
    Choice(
        "batch size",
        lambda s: f"{s.optimisation.batch_size}, shared out evenly",
        "128 training images are four batches, none of them a small rest",
    ),
    Choice("weight decay", lambda s: f"{s.optimisation.weight_decay:g}", "none is named"),
    Choice("gradient clipping", _clipping, "none is named"),
    Choice("batch norm", _batch_norm, "the convolutions are frozen, so their statistics are, too"),
    Choice(
        "loss",
        lambda _: "binary cross-entropy on the logit",
        "a sigmoid and its loss, without their rounding",
    ),
    Choice(
        "class weights",
        lambda s: "used" if s.optimisation.class_weights else "none",
        "the 200 images are balanced",
    ),
    Choice(
        "first weights of the head",
        _head,
        "none are named",
    ),
    Choice(
        "colour",
        _colour,
        "in these images colour tells the label",
    ),
    Choice(
        "scale of the random crop",
        _crop,
        "the default of torchvision; it can cut the bleed away",
    ),
    Choice("augmented views", _views, "a new view each time is what the article describes"),
    Choice("seed of the split", lambda s: str(s.seed), "none is named"),
    Choice("which epoch is kept", _kept_epoch, "the article says best"),
    Choice(
        "what ends a fold early",
        lambda s: f"{s.schedule.patience} epochs without a lower val_loss",
        "the article names the 40 epochs and not the measure",
    ),
    Choice("threshold", lambda _: "0.5 for the choice of the fold", "none is named"),
)
"""All of them, in the order of the table in report and documentation."""


def table(settings: Settings) -> tuple[tuple[str, str, str], ...]:
    """A row for each choice: its name, what these settings do, and why."""
    return tuple((each.name, each.made(settings), each.reason) for each in CHOICES)
