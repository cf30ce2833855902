"""A made-up clinic: images whose score is known by hand, with labels, groups and a trait."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image as PilImage
from PIL.PngImagePlugin import PngInfo

from tests.make.heads import with_bone
from tests.make.tiny_model import SIZE, WHOLE, tiny_model
from trainer.data.labels import read_labels
from trainer.reports import external

POSITIVE = [170] * 20 + [140] * 2 + [100] * 2
NEGATIVE = [90] * 20 + [120] * 2 + [160] * 2
"""Logits 2.6, 0.75, -1.75 and -2.4, -0.5, 2.0: two missed and two false alarms at one half."""


def clinic(folder: Path) -> Path:
    """48 images of two halves, in groups of two; of each label the last one is striped."""
    (folder / "images").mkdir(parents=True)
    lines = ["image_id,hemorrhage_label,group,deep"]
    for i, grey in enumerate(POSITIVE + NEGATIVE):
        pixels = np.full((SIZE, SIZE), grey + 20, dtype=np.uint8)
        pixels[:, : SIZE // 2] = grey - 20  # or it would be blank
        if i in (23, 47):
            pixels[::2], pixels[1::2] = grey - 60, grey + 60
        own = PngInfo()  # or the files would be copies, and one group
        own.add_text("number", f"{i:02}")
        PilImage.fromarray(with_bone(pixels)).save(folder / "images" / f"{i}.png", pnginfo=own)
        lines.append(f"{i},{int(i < 24)},g{i // 2},{int(i < 20)}")
    (folder / "labels.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def assessed(tmp_path: Path, data: Path, **card: Any) -> external.Assessed:
    """What the tiny model with such a card gives for the folder ``data``."""
    path = tiny_model(tmp_path / "tiny.onnx", **{"recipe": WHOLE, **card})
    return external.assess(external.open_model(path), read_labels(data))
