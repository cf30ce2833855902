"""What is told without anatomy: from files, and from what is left in the network's inputs."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image as PilImage

from trainer.data.folds import Part
from trainer.data.labels import LabelledImage
from trainer.results import baseline
from trainer.results.metrics import auc


def test_size_and_tint_show_in_the_files(tmp_path: Path) -> None:
    grey = np.full((20, 30), 90, dtype=np.uint8)
    PilImage.fromarray(grey).save(tmp_path / "grey.png")
    PilImage.fromarray(np.stack([grey, grey, grey + 60], axis=-1)).save(tmp_path / "blue.png")
    images = [LabelledImage(n, tmp_path / f"{n}.png", 0, n) for n in ("grey", "blue")]
    plain, tinted = baseline.of_files(images)
    assert plain[:3] == pytest.approx([20, 30, 2 / 3])
    assert plain[3] == (tmp_path / "grey.png").stat().st_size
    assert plain[5 : 5 + len(baseline.MARKS)].sum() == 0
    assert tinted[5 : 5 + len(baseline.MARKS)].sum() == 1


def test_inputs_are_known_by_grey_values_and_sharpness_alone() -> None:
    flat = np.full((16, 16), 100, dtype=np.uint8)
    noisy = np.random.default_rng(0).integers(0, 200, (16, 16), dtype=np.uint8)
    plain, sharp, turned = baseline.of_inputs(np.stack([flat, noisy, noisy[::-1, ::-1]]))
    assert plain[1:].tolist() == [100, 0, *[100] * len(baseline.SHARES)]
    assert sharp[0] > 5 * plain[0]
    # Nothing of where anything lies.
    assert turned[1:] == pytest.approx(sharp[1:])


def test_a_feature_that_is_the_label_is_learnt_in_every_fold() -> None:
    labels = np.arange(40) % 2
    images = [LabelledImage(str(i), Path(f"{i}.png"), int(labels[i]), str(i)) for i in range(40)]
    parts = [Part(1 + i // 2 % 2) for i in range(40)]
    features = np.column_stack([labels + 5.0, np.arange(40) // 2])
    found = baseline.predict_from(features, images, parts, (1, 2), seed=0)
    assert sorted(found.image_ids, key=int) == [image.image_id for image in images]
    assert auc(found.labels, found.logits) == 1.0
