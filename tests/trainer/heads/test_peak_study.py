"""Who learns from whom in a study of peak heads, what is kept of it, and when it is too little."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest

from model.card import HELD_OUT, LEARNT, TEST
from tests.make.graphs import pooled_model
from tests.make.hospital import boxed_hospital
from trainer.arguments import ArgumentsError
from trainer.data.labels import read_labels
from trainer.data.provenance import sha256_of
from trainer.heads.backbone import Backbone
from trainer.heads.peak_study import PeakStudy
from trainer.learning import peak_material
from trainer.learning.peak_material import Source
from trainer.reports import external
from trainer.settings import AugmentationSettings, PeakSettings

QUICK = PeakSettings(steps=2, views=1)


def studied(
    folder: Path, data: Sequence[Path], used: Mapping[str, Sequence[str]], mean: bool = False
) -> PeakStudy:
    """A study with hardly a step of learning; ``used``: names of images by their use."""
    paths = {path.stem: path for each in data for path in (each / "images").iterdir()}
    hashes = {u: "".join(sha256_of(paths[n])[:12] for n in names) for u, names in used.items()}
    path = pooled_model(folder / "m.onnx", hashes)
    model = external.open_model(path)
    backbone = Backbone.of(model.session.model, 0)
    side, sources, parts = backbone.side(model.card), [], []
    for each in data:
        cache = folder / "out" / each.name
        sources.append(Source.of(each, read_labels(each), model.card.recipe, cache))
        parts.append(
            peak_material.gather(
                sources[-1], backbone.ask, side, AugmentationSettings(), cache / "maps", QUICK
            )
        )
    material = peak_material.joined(parts)
    return PeakStudy(model.card, sources, material, backbone, QUICK, folder / "out", mean)
