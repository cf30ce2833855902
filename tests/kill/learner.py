"""Trains on a few small images until it is killed: ``python -m tests.kill.learner RUN``.

Begun again in the same folder it goes on. Prints a line after each epoch, and the hash of all
logits when it is done.
"""

import hashlib
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
from PIL import Image as PilImage

from trainer.data.folds import split
from trainer.data.labels import read_labels
from trainer.recipes import CAREFUL
from trainer.results.run_folder import RunFolder
from trainer.settings import Settings

IMAGES, SIDE = 24, 32
EPOCHS = 6
DONE = "done"


def images(folder: Path) -> Path:
    """Discs, half of them with a crack, and their labels."""
    folder.mkdir(exist_ok=True)
    across = np.hypot(*np.mgrid[-SIDE:SIDE, -SIDE:SIDE])
    lines = ["image_id,crack_label"]
    for number in range(IMAGES):
        grey = np.where(across < 26, 90 + number, 0).astype(np.uint8)
        grey[28:36, 20:44] = 250 if number % 2 else grey[28:36, 20:44]
        PilImage.fromarray(grey).save(folder / f"{number:02}.png")
        lines.append(f"{number},{number % 2}")
    (folder / "labels.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def settings() -> Settings:
    """The careful recipe, small, on the CPU, with a checkpoint after every epoch."""
    return replace(
        CAREFUL,
        class_name="crack",
        seed=4,
        data=replace(CAREFUL.data, folds=2, test_share=0.25),
        recipe=replace(CAREFUL.recipe, size=SIDE),
        network=replace(CAREFUL.network, init="none"),
        optimisation=replace(CAREFUL.optimisation, batch_size=8),
        schedule=replace(CAREFUL.schedule, epochs=EPOCHS),
        hardware=replace(CAREFUL.hardware, device="cpu", save_pause=0.0),
    )


def main(path: Path) -> None:
    """Begin, or go on."""
    from trainer.learning import cross_validation

    labelled, chosen = read_labels(path.parent / "images"), settings()
    data = chosen.data
    parts = split(labelled, data.test_share, data.folds, chosen.seed, data.grouped)
    run = RunFolder.begin(path, chosen, labelled, parts)
    cross_validation.run(labelled, chosen, run, lambda line: print(line, flush=True))
    logits = run.out_of_fold().logits.tobytes() + run.test_predictions().logits.tobytes()
    print(DONE, hashlib.sha256(logits).hexdigest(), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
