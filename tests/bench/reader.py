"""A reader's waits in the real window: ``python -m tests.bench.reader MODELS``.

A program of its own, which prints one line of JSON. Its children import this module when they
start, as they do ``desktop.__main__``: its top level stays light, or they would start later.
"""

from __future__ import annotations

import json
import multiprocessing
import sys
from pathlib import Path


def main(models: Path) -> int:
    """Measure with the models of a folder like ``resources/weights``."""
    from tests.bench.waits import measure

    print(json.dumps(measure(models)))
    return 0


if __name__ == "__main__":
    multiprocessing.freeze_support()
    sys.exit(main(Path(sys.argv[1])))
