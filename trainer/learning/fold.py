"""One fold: how the network learns, step by step and epoch by epoch."""

from __future__ import annotations

import copy
import math
from typing import Any

import numpy as np
import torch
import torch.nn.functional as functional
from lightning.pytorch.utilities.types import OptimizerLRScheduler
from sklearn.metrics import roc_auc_score
from torch import Tensor, nn

from trainer.choices import Measure
from trainer.learning.augment import augment, shrink
from trainer.learning.averaging import follow
from trainer.learning.dataset import Batch, Material, ScoringBatches, TrainingBatches
from trainer.learning.drawing import Drawing, Rows
from trainer.learning.drawn_bleeds import draw_on_some, room
from trainer.learning.network import FEATURES, Network
from trainer.learning.optimisation import Learner, growing_side, positive_weight, scheduled
from trainer.settings import Settings

Row = dict[str, float]
ENOUGH = 300
"""Images that tell on what share of them a bleed can be drawn."""


class Fold(Learner):
    """A network on its way, with the table of its epochs. Checkpoints hold plain values only."""

    def __init__(
        self,
        network: Network,
        settings: Settings,
        seed: int,
        material: Material,
        drawing: Drawing,
        assessed: Rows,
    ) -> None:
        """``drawing`` deals out the rows of the material to train on, ``assessed`` validates."""
        super().__init__()
        self.network = network
        self.settings, self.seed = settings, seed
        self.material, self.drawing, self.assessed = material, drawing, assessed
        self.rows: list[Row] = []
        """One an epoch: epoch, train_loss, val_loss, val_accuracy, val_auc, learning_rate."""
        self.decay = settings.optimisation.averaging
        self.average = copy.deepcopy(network).requires_grad_(False) if self.decay else None
        count = 0 if material.traits is None else material.traits.shape[1]
        wanted = count > 0 and settings.optimisation.trait_weight > 0
        self.traits = nn.Linear(FEATURES, count) if wanted else None
        """The second task's head, on the same pooled features."""
        self.positive_weight: Tensor
        learnt = material.labels[drawing(np.random.default_rng(seed))]
        weight = positive_weight(learnt, settings.optimisation.class_weights)
        self.logit_shift = drawing.logit_shift + self._shift_of_drawn(learnt)
        self.register_buffer("positive_weight", torch.tensor(weight), persistent=False)
        self._scores: list[tuple[Tensor, Tensor]] = []
        self._losses: list[Tensor] = []
        self._kept: dict[str, Tensor] = {}

    @property
    def best(self) -> Network:
        """The network that is assessed and kept: the weights' running average, if there is one."""
        return self.network if self.average is None else self.average

    def train_dataloader(self) -> TrainingBatches:
        """The training part, or this process's share of it."""
        return TrainingBatches(
            self.material,
            self.drawing,
            self.settings.optimisation.batch_size,
            self.seed,
            self.trainer.global_rank,
            self.trainer.world_size,
        )

    def val_dataloader(self) -> ScoringBatches:
        """The whole validation part, in every process."""
        size = self.settings.optimisation.batch_size
        return ScoringBatches(self.material, self.assessed, size)

    def on_train_epoch_start(self) -> None:
        """Start every epoch from numbers of its own, so that a resumed run draws the same."""
        epoch = self.current_epoch
        torch.manual_seed(hash((self.seed, epoch, self.global_rank)) % 2**63)
        self._losses.clear()
        batches = self.trainer.train_dataloader
        if isinstance(batches, TrainingBatches):
            batches.set_epoch(epoch)

    def training_step(self, batch: Batch, _: int) -> Tensor:
        """The loss of one batch, augmented."""
        inputs, labels, traits = batch
        share, thin = (
            self.settings.augmentation.drawn_bleeds,
            self.settings.augmentation.thin_bleeds,
        )
        if share > 0 and inputs.ndim == 3:
            had, (inputs, labels) = labels, draw_on_some(inputs, labels, share, thin)
            traits = torch.where((labels != had)[:, None], torch.nan, traits)
        augmented = self._augmented(inputs)
        pooled = augmented if augmented.ndim == 2 else self.network.pooled(augmented)
        scores = self.network.head(pooled).squeeze(1)
        wanted = labels + self.settings.optimisation.smoothing * (0.5 - labels)
        loss = self._loss(scores + self.logit_shift, wanted)
        self._losses.append(loss.detach())
        if self.traits is None:
            return loss
        return loss + self.settings.optimisation.trait_weight * self._beside(pooled, traits)

    def on_train_batch_end(self, *_: Any) -> None:
        """Let the average follow the network, slowly."""
        if self.average is None:
            return
        follow(self.average, self.network, self.decay, self.global_step)

    def validation_step(self, batch: Batch, _: int) -> None:
        """Score one batch; ``on_validation_epoch_end`` looks at all of them together."""
        inputs, labels = batch[:2]
        self._scores.append((logits(self.best, inputs).float(), labels))

    def on_validation_epoch_end(self) -> None:
        """Add the epoch to the table: loss, accuracy at one half, AUC over the validation part."""
        scores, labels = (torch.cat(parts) for parts in zip(*self._scores, strict=True))
        self._scores.clear()
        correct = (scores > 0) == (labels > 0.5)
        found = {
            "val_loss": float(self._loss(scores, labels)),
            "val_accuracy": float(correct.float().mean()),
            "val_auc": float(roc_auc_score(labels.cpu(), scores.cpu())),
        }
        # Every process assesses the whole part, and the mean lets all decide alike when to stop.
        self.log_dict(
            {k: torch.tensor(v, device=self.device) for k, v in found.items()}, sync_dist=True
        )
        self.log("train_loss", torch.stack(self._losses).mean(), sync_dist=True)
        self.rows.append(
            {
                "epoch": self.current_epoch + 1,
                "train_loss": float(torch.stack(self._losses).mean()),
                **found,
                "learning_rate": float(self.trainer.optimizers[0].param_groups[-1]["lr"]),
            }
        )
        self._keep_if_best()

    def on_save_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        """Table and best weights go with it; what never changes stays out of the file."""
        checkpoint["rows"], checkpoint["kept"] = self.rows, self._kept
        if self.network.frozen:
            weights = checkpoint["state_dict"].items()
            checkpoint["state_dict"] = {k: v for k, v in weights if ".backbone." not in k}

    def on_load_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        """Table and best weights come back."""
        self.rows, self._kept = list(checkpoint["rows"]), dict(checkpoint["kept"])
        checkpoint["state_dict"] = {**self.state_dict(), **checkpoint["state_dict"]}

    def best_network(self) -> Network:
        """The network as it was after its best epoch."""
        self.best.load_state_dict({**self.best.state_dict(), **self._kept})
        return self.best

    def _keep_if_best(self) -> None:
        """Remember what has learnt in the network that is assessed, if no epoch was better."""
        measure = self.settings.schedule.best_by
        values = [row[measure.value] for row in self.rows]
        if measure is Measure.LOSS:
            values = [-value for value in values]
        if values[-1] > max(values[:-1], default=-math.inf):
            weights = self.best.state_dict().items()
            self._kept = {
                name: value.detach().cpu().clone()
                for name, value in weights
                if not (self.network.frozen and name.startswith("backbone."))
            }

    def configure_optimizers(self) -> OptimizerLRScheduler:
        """The optimiser, and the rate's course over all steps."""
        beside = [] if self.traits is None else [self.traits]
        steps = int(self.trainer.estimated_stepping_batches)
        return scheduled(self.network, self.settings, steps, *beside)

    def _shift_of_drawn(self, learnt: Tensor) -> float:
        """What drawn bleeds add to the logit; ``learnt``: the labels (n,) that an epoch deals."""
        share, assessed = self.settings.augmentation.drawn_bleeds, self.material.assessed
        if share == 0 or assessed.ndim == 2:
            return 0.0
        negatives = self.drawing.rows[self.material.labels[self.drawing.rows].numpy() == 0]
        some = negatives[:: max(1, len(negatives) // ENOUGH)]
        before = float(learnt.mean())
        after = before + (1 - before) * share * room(assessed[torch.from_numpy(some)])
        return math.log(after / (1 - after)) - math.log(before / (1 - before))

    def _loss(self, scores: Tensor, labels: Tensor) -> Tensor:
        return functional.binary_cross_entropy_with_logits(
            scores.float(), labels, pos_weight=self.positive_weight
        )

    def _beside(self, pooled: Tensor, traits: Tensor) -> Tensor:
        """The second task's loss, over what is known of the batch; 0 where nothing is."""
        assert self.traits is not None
        known = torch.isfinite(traits)
        scores = self.traits(pooled).float()[known]
        total = functional.binary_cross_entropy_with_logits(scores, traits[known], reduction="sum")
        return total / max(1, int(known.sum()))

    def _augmented(self, inputs: Tensor) -> Tensor:
        if inputs.ndim == 2:  # features of views that were made before
            return inputs
        schedule = self.settings.schedule
        side = growing_side(schedule, self.settings.recipe.size, self.current_epoch)
        if side < inputs.shape[1]:
            inputs = shrink(inputs, side)
        return augment(inputs, self.settings.augmentation)


def logits(network: Network, inputs: Tensor) -> Tensor:
    """Logits (N,) of images (N, S, S), or by the head alone of pooled features (N, 512)."""
    logits: Tensor = network.head(inputs).squeeze(1) if inputs.ndim == 2 else network(inputs)
    return logits
