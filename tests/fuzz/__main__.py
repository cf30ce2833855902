"""``make fuzz``: mutated files, each of which must give its rows, in silence and in time."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

from tests.fuzz.campaign import campaign
from tests.fuzz.material import originals


def main() -> int:
    """Mutate and screen; print what became of the files; 1 where something must not have been."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--files", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="a folder for the files of what went wrong")
    chosen = parser.parse_args()
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as place:
        made = originals(Path(place))
    found = campaign(made, chosen.files, chosen.seed, chosen.keep)
    rows = found.rows.total()
    print(f"{found.files} files, {rows} rows, {time.monotonic() - began:.0f} seconds")
    for code, count in found.rows.most_common():
        print(f"{count:7} {code}")
    print("\n".join(found.faults) or "Nothing that must not be.")
    return int(bool(found.faults))


if __name__ == "__main__":
    sys.exit(main())
