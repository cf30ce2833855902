"""A frozen backbone's pooled features, computed once for all folds and kept on disk."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from trainer.files import write_array
from trainer.learning.augment import augment
from trainer.learning.dataset import Material
from trainer.learning.drawing import Rows
from trainer.learning.network import FEATURES, Network
from trainer.settings import Settings

BATCH = 32


def pooled(network: Network, images: Tensor, device: torch.device) -> Tensor:
    """Features float32 (N, 512), on the CPU, of images (N, S, S)."""
    network = network.to(device).eval()
    with torch.inference_mode():
        parts = [
            network.pooled(part.to(device)).float().cpu() for part in torch.split(images, BATCH)
        ]
    network.cpu()
    return torch.cat(parts).clone() if parts else torch.empty(0, FEATURES)


def kept(path: Path, compute: Callable[[], Tensor]) -> Tensor:
    """The array in the file, or the computed one, which then lies in it."""
    if path.exists():
        return torch.from_numpy(np.load(path, allow_pickle=False))
    values = compute()
    write_array(path, values.numpy())
    return values


def views(
    network: Network, material: Material, rows: Rows, settings: Settings, device: torch.device
) -> Iterator[Tensor]:
    """Features float32 (len(rows), 512) of one augmented view after the other."""
    torch.manual_seed(settings.seed)
    for _ in range(settings.augmentation.cached_views):
        images = material.learnt(rows)
        parts = [augment(part, settings.augmentation) for part in torch.split(images, BATCH)]
        yield pooled(network, torch.cat(parts), device)


def key(network: Network, settings: Settings) -> str:
    """Tells apart whatever changes the features of the same images."""
    digest = hashlib.sha256()
    for name, value in network.backbone.state_dict().items():
        digest.update(name.encode("ascii"))
        digest.update(value.cpu().contiguous().numpy().tobytes())
    values = settings.to_dict()
    chosen = {name: values[name] for name in ("recipe", "augmentation", "seed")}
    digest.update(json.dumps(chosen, sort_keys=True).encode("utf-8"))
    return digest.hexdigest()[:16]
