"""Keeps readings and scores until it is killed: ``python -m tests.kill.writer STORE FIRST``.

Prints how many readings are kept, each time one more is.
"""

import itertools
import sys
from dataclasses import replace
from pathlib import Path

from desktop.engine.reader_labels import ReaderLabels
from desktop.engine.readings import Label
from desktop.engine.scores import KeptScores
from model.assess import Score
from tests.make.results import result


def main(path: Path, first: int) -> None:
    """Write without an end."""
    labels, scores = ReaderLabels(path), KeptScores(path, "0" * 64)
    for number in itertools.count(first):
        name = f"{number:064x}"
        image = replace(result(f"/images/{name}.png", 0.5), sha256=name)
        labels.set_label(image, Label.PRESENT)
        scores.keep([(name, 0, Score(0.0, 0.5, 0.0, "cpu"))])
        if labels.fault is None:
            print(number + 1, flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
