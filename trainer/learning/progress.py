"""What a person hears while a run goes on: one line an epoch, with the time left."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from lightning.pytorch import Callback, LightningModule, Trainer

from trainer.learning.fold import Fold, Row

Say = Callable[[str], None]
Keep = Callable[[int, list[Row]], None]


class Clock:
    """How long the epochs that are left will take at most, from those of this process."""

    def __init__(self, folds: Sequence[int], epochs: int) -> None:
        self._folds, self._epochs = folds, epochs
        self._done, self._seconds = 0, 0.0
        self._since = time.monotonic()

    def start(self) -> None:
        """An epoch begins."""
        self._since = time.monotonic()

    def stop(self) -> None:
        """An epoch has ended."""
        self._seconds += time.monotonic() - self._since
        self._done += 1

    def left(self, fold: int, epoch: int) -> float:
        """Seconds after ``epoch`` (from 1) of ``fold``, if no fold stops early."""
        folds = sum(other > fold for other in self._folds)
        epochs = folds * self._epochs + self._epochs - epoch
        return self._seconds / max(1, self._done) * epochs


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
        self._clock.stop()
        if not trainer.is_global_zero or not isinstance(pl_module, Fold):
            return
        self._keep(self._fold, pl_module.rows)
        row = pl_module.rows[-1]
        epoch = int(row["epoch"])
        self._say(
            f"Fold {self._fold}, epoch {epoch} of {trainer.max_epochs}: "
            f"training loss {row['train_loss']:.4f}, validation loss {row['val_loss']:.4f}, "
            f"accuracy {row['val_accuracy']:.3f}, AUC {row['val_auc']:.3f}; "
            f"at most {duration(self._clock.left(self._fold, epoch))} left"
        )


def duration(seconds: float) -> str:
    """As people say it: 40 s, 12 min, 3 h 05 min."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 90 else f"{minutes // 60} h {minutes % 60:02d} min"
