"""What a person hears while a run goes on: one line an epoch, with the time left."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Sequence

from lightning.pytorch import Callback, LightningModule, Trainer

from trainer.learning.fold import Fold, Row
from trainer.learning.optimisation import growing_side
from trainer.settings import Settings

Say = Callable[[str], None]
Keep = Callable[[int, list[Row]], None]


Cost = Callable[[int], float]
"""How dear an epoch (from 1) is beside others, in any unit."""
RECENT = 5
"""Epochs whose pace tells the time left: what else the computer does now counts, and what it did
hours ago does not."""


class Clock:
    """How long the epochs that are left will take at most, at the pace of the last RECENT ones."""

    def __init__(self, folds: Sequence[int], epochs: int, cost: Cost = lambda _: 1.0) -> None:
        self._folds, self._epochs, self._cost = folds, epochs, cost
        self._recent: deque[tuple[float, float]] = deque(maxlen=RECENT)
        """Seconds and cost of each."""
        self._since = time.monotonic()

    def start(self) -> None:
        """An epoch begins."""
        self._since = time.monotonic()

    def stop(self, epoch: int) -> None:
        """The epoch of that number, from 1, has ended."""
        self._recent.append((time.monotonic() - self._since, self._cost(epoch)))

    def left(self, fold: int, epoch: int) -> float:
        """Seconds after ``epoch`` (from 1) of ``fold``, if no fold stops early; 0 before any."""
        if not self._recent:
            return 0.0
        pace = sum(seconds for seconds, _ in self._recent) / sum(cost for _, cost in self._recent)
        costs = [self._cost(number) for number in range(1, self._epochs + 1)]
        later = sum(other > fold for other in self._folds)
        return pace * (sum(costs[epoch:]) + later * sum(costs))


def cost_of(settings: Settings) -> Cost:
    """What an epoch of these settings costs: images that grow take longer from epoch to epoch."""
    size = settings.recipe.size

    def cost(epoch: int) -> float:
        return float(growing_side(settings.schedule, size, epoch - 1) ** 2)

    return cost


class Progress(Callback):
    """Says each epoch's numbers in a line, in the first process, and has the table kept."""

    def __init__(self, fold: int, clock: Clock, say: Say, keep: Keep) -> None:
        self._fold, self._clock, self._say, self._keep = fold, clock, say, keep

    def on_fit_start(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Tell what computes, and with how many bits."""
        if trainer.is_global_zero:
            self._say(f"Fold {self._fold}: on {pl_module.device.type}, {trainer.precision}")

    def on_train_epoch_start(self, *_: object) -> None:
        """Start the clock."""
        self._clock.start()

    def on_train_epoch_end(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Keep and tell; validation lies behind."""
        self._clock.stop(trainer.current_epoch + 1)
        if not trainer.is_global_zero or not isinstance(pl_module, Fold):
            return
        self._keep(self._fold, pl_module.rows)
        row = pl_module.rows[-1]
        epoch = int(row["epoch"])
        self._say(
            f"Fold {self._fold}, epoch {epoch} of {trainer.max_epochs}: "
            f"training loss {row['train_loss']:.4f}, validation loss {row['val_loss']:.4f}, "
            f"accuracy {row['val_accuracy']:.3f}, AUC {row['val_auc']:.3f}; "
            f"at this pace at most {duration(self._clock.left(self._fold, epoch))} left"
        )


def duration(seconds: float) -> str:
    """As people say it: 40 s, 12 min, 3 h 05 min."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 90 else f"{minutes // 60} h {minutes % 60:02d} min"
