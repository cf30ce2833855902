"""Made-up hospitals: examinations as PNG files with a table of labels."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image

from tests.make.heads import with_bone
from tests.make.tiny_model import CELL, SIZE


def hospital(folder: Path) -> Path:
    """Twelve examinations of ten images; every second one is bright in the middle."""
    random = np.random.default_rng(0)
    (folder / "images").mkdir(parents=True)
    lines = ["image_id,hemorrhage_label,group,slice"]
    for patient in range(12):
        for place in range(10):
            bleeds = patient % 2 == 1 and 3 <= place <= 6
            # Upright stripes: not blank, and no step between rows.
            columns = np.where(np.arange(SIZE) % 2, 20, -20) + random.integers(-9, 10)
            grey = np.clip(100 + 50 * bleeds + columns, 0, 255).astype(np.uint8)
            name = f"P{patient}_S{place}"
            if (patient, place) == (0, 9):
                grey[:] = 255  # bright, but blank: refused
            whole = np.tile(grey, (SIZE, 1))
            whole = whole if (grey == 255).all() else with_bone(whole)
            Image.fromarray(whole).save(folder / "images" / f"{name}.png")
            lines.append(f"{name},{int(bleeds)},{patient},{place}")
    (folder / "labels.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def boxed_hospital(folder: Path, prefix: str, patients: int, images: int) -> Path:
    """Dark noisy images; every second patient's middle ones have one bright cell, in a box."""
    random = np.random.default_rng(len(prefix) + patients)
    (folder / "images").mkdir(parents=True)
    labels, boxes = ["image_id,hemorrhage_label,group"], ["image_id,left,top,right,bottom"]
    for patient in range(patients):
        for place in range(images):
            name, bleeds = f"{prefix}{patient}_{place}", patient % 2 == 1 and place >= images // 2
            grey = random.integers(20, 120, (SIZE, SIZE))
            if bleeds:
                left, top = (CELL * int(each) for each in random.integers(0, SIZE // CELL, 2))
                grey[top : top + CELL, left : left + CELL] += 130
                boxes.append(f"{name},{left},{top},{left + CELL - 1},{top + CELL - 1}")
            Image.fromarray(grey.astype(np.uint8)).save(folder / "images" / f"{name}.png")
            labels.append(f"{name},{int(bleeds)},{patient}")
    (folder / "labels.csv").write_text("\n".join(labels) + "\n", encoding="utf-8")
    (folder / "boxes.csv").write_text("\n".join(boxes) + "\n", encoding="utf-8")
    return folder
