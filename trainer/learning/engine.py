"""Lightning's part: devices, precision, early stopping, checkpoints, going on after a stop."""

from __future__ import annotations

import io
import logging
import math
import signal
import time
import warnings
import zipfile
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal

import numpy as np
import torch
from lightning.fabric.plugins.io.torch_io import TorchCheckpointIO
from lightning.pytorch import Callback, LightningModule, Trainer
from lightning.pytorch.callbacks import Checkpoint, EarlyStopping
from lightning.pytorch.loggers import Logger, TensorBoardLogger
from numpy.typing import NDArray
from torch import Tensor

from trainer.files import write_atomically
from trainer.learning.fold import logits
from trainer.learning.network import Network, WeightsError
from trainer.results.run_folder import LAST
from trainer.settings import HardwareSettings, ScheduleSettings, Settings

EXPECTED = (
    # Lightning asks torch a question that torch 2.14 wants put otherwise.
    "`isinstance.treespec, LeafSpec.` is deprecated",
    # A frozen backbone is, for its statistics' sake.
    "Found .* module.s. in eval mode at the start of training",
)
"""Warnings that tell of what is meant to be so."""
TENSORBOARD = ("tensorboard", "tensorboardX")
"""Packages that Lightning can write TensorBoard's files with; neither is needed."""
BATCH = 32
"""For scoring after training, where memory is no question."""


def device_of(hardware: HardwareSettings) -> torch.device:
    """Where a single process computes: a GPU where one is wanted and there."""
    wanted = hardware.device != "cpu" and torch.cuda.is_available()
    return torch.device("cuda" if wanted else "cpu")


Precision = Literal["bf16-mixed", "16-mixed", "32-true"]
"""As Lightning names it; in the mixed ones weights and optimiser stay at full precision."""


def precision_of(hardware: HardwareSettings, device: torch.device) -> Precision:
    """What training computes with: half of the bits where the device has circuits for that."""
    if not hardware.mixed_precision:
        return "32-true"
    if device.type == "cuda":
        return "bf16-mixed" if torch.cuda.is_bf16_supported() else "16-mixed"
    able = torch.cpu.get_capabilities()
    native = able.get("avx512_bf16") or able.get("amx_bf16")
    return "bf16-mixed" if native else "32-true"


class WholeCheckpoints(TorchCheckpointIO):
    """Checkpoints that are there whole or not at all: a full disk leaves the one before.

    Lightning's own goes by a file in the folder for temporary ones, which another disk may hold.
    """

    def save_checkpoint(
        self, checkpoint: dict[str, Any], path: str | Path, storage_options: object = None
    ) -> None:
        """Write it. Raises OSError."""
        content = io.BytesIO()
        torch.save(checkpoint, content)
        write_atomically(Path(path), content.getvalue())


class KeepState(Checkpoint):
    """Writes the state to go on from after an epoch, at most once in ``pause`` seconds.

    Optimiser and weights are several times the size of the network; written after each short
    epoch, they would take longer than learning. The first epoch's is always written.
    """

    def __init__(self, path: Path, pause: float) -> None:
        self._path, self._pause = path, pause
        self._written = -math.inf

    def on_train_epoch_end(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Write, if it is time; all processes agree with the first on that."""
        due = time.monotonic() - self._written >= self._pause
        ended = trainer.should_stop or trainer.current_epoch + 1 == trainer.max_epochs
        if trainer.strategy.broadcast(due or ended):
            trainer.save_checkpoint(self._path)
            self._written = time.monotonic()


def early_stop(schedule: ScheduleSettings) -> EarlyStopping:
    """Ends a fold after ``patience`` epochs without a lower validation loss."""
    return EarlyStopping("val_loss", patience=schedule.patience, check_on_train_epoch_end=True)


def make_trainer(settings: Settings, folder: Path, callbacks: Sequence[Callback]) -> Trainer:
    """Lightning's Trainer for one fold; it leaves ``last.ckpt`` in the folder."""
    hardware, schedule = settings.hardware, settings.schedule
    device = device_of(hardware)
    last = KeepState(folder / LAST, hardware.save_pause)
    # Its tips and lists of devices say nothing to whoever waits for the run.
    for name in ("lightning.pytorch", "lightning.fabric"):
        logging.getLogger(name).setLevel(logging.WARNING)
    return Trainer(
        accelerator="gpu" if device.type == "cuda" else "cpu",
        devices=hardware.devices,
        num_nodes=hardware.nodes,
        strategy="ddp" if hardware.devices * hardware.nodes > 1 else "auto",
        precision=precision_of(hardware, device),
        max_epochs=schedule.epochs,
        callbacks=[*callbacks, last],
        plugins=[WholeCheckpoints()],
        gradient_clip_val=settings.optimisation.clip or None,
        default_root_dir=folder,
        use_distributed_sampler=False,  # TrainingBatches deals out each process's share
        num_sanity_val_steps=0,
        log_every_n_steps=1,
        logger=logger_in(folder),
        enable_progress_bar=False,
        enable_model_summary=False,
    )


def logger_in(folder: Path) -> Logger | Literal[False]:
    """What TensorBoard reads, beside the table of epochs, where one of its packages is there."""
    if not any(find_spec(package) for package in TENSORBOARD):
        return False
    return TensorBoardLogger(folder, name="", version="tensorboard")


def fit(trainer: Trainer, module: LightningModule, last: Path) -> None:
    """Train to the end, from ``last`` where it exists.

    Raises KeyboardInterrupt when stopped, WeightsError for a state that is damaged, OSError where
    the state cannot be written; then the one before is still there.
    """
    if last.exists() and not zipfile.is_zipfile(last):
        raise WeightsError(f"{last} is damaged. Delete it, and this fold begins anew.")
    on_interrupt = signal.getsignal(signal.SIGINT)
    try:
        with warnings.catch_warnings():
            for expected in EXPECTED:
                warnings.filterwarnings("ignore", expected)
            where = last if last.exists() else None
            trainer.fit(module, ckpt_path=where, weights_only=True)
    except SystemExit as error:  # what Lightning makes of Ctrl+C
        if not trainer.interrupted:
            raise
        signal.signal(signal.SIGINT, on_interrupt)  # Lightning leaves it ignored
        raise KeyboardInterrupt from error


def predict(network: Network, inputs: Tensor, device: torch.device) -> NDArray[np.float64]:
    """Logits (N,) of images (N, S, S) or of pooled features (N, 512)."""
    network = network.to(device).eval()
    # Not even TF32: thresholds and the exported model are compared with these numbers.
    with torch.inference_mode(), torch.backends.cudnn.flags(enabled=True, allow_tf32=False):
        parts = [
            logits(network, part.to(device)).double().cpu() for part in torch.split(inputs, BATCH)
        ]
    network.cpu()
    return torch.cat(parts).numpy() if parts else np.empty(0)
