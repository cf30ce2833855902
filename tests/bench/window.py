"""The real window on a large folder: ``python -m tests.bench.window FOLDER MODELS [--still]``.

With ``--still`` nobody scrolls: then memory is that of rows, without the images that were shown.
A program of its own, because it counts the memory of its process; prints one line of JSON. Its
children import this module when they start, as they do ``desktop.__main__``: its top level stays
light, or they would start later.
"""

from __future__ import annotations

import json
import multiprocessing
import sys
from pathlib import Path


def main(folder: Path, models: Path, *options: str) -> int:
    """Measure with the models of a folder like ``resources/weights``."""
    from tests.bench.watch import measure

    print(json.dumps(measure(folder, models, is_still="--still" in options)))
    return 0


if __name__ == "__main__":
    multiprocessing.freeze_support()
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2]), *sys.argv[3:]))
