from __future__ import annotations

from pathlib import Path

from export.used import used_images
from model.card import HASH_DIGITS, HELD_OUT, LEARNT, TEST
from trainer.data.folds import PRACTICE, Part
from trainer.data.folds import TEST as TEST_PART
from trainer.data.labels import LabelledImage
from trainer.data.provenance import sha256_of


def test_a_network_learnt_from_all_but_its_own_fold_and_the_test_images(tmp_path: Path) -> None:
    folds = (1, 2, 3, PRACTICE, TEST_PART)
    images, hashes = [], []
    for number, _fold in enumerate(folds):
        path = tmp_path / str(number)
        path.write_bytes(bytes([number]))
        images.append(LabelledImage(str(number), path, 0, str(number)))
        hashes.append(sha256_of(path)[:HASH_DIGITS])
    used = used_images(images, [Part(fold) for fold in folds], fold=2)
    assert used == {
        LEARNT: "".join(sorted([hashes[0], hashes[2], hashes[3]])),
        HELD_OUT: hashes[1],
        TEST: hashes[4],
    }
