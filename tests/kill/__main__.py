"""``python -m tests.kill``: runs, exports, trainings and the store, killed at random moments.

Each must leave whole files behind, open again, and take away what it left. Printed: how many were
killed, and what was found afterwards.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from pathlib import Path

from tests.kill.campaign import KINDS


def main() -> int:
    """Kill; print what was found; 1 where something must not have been."""
    parser = argparse.ArgumentParser(prog="python -m tests.kill", description=__doc__)
    parser.add_argument("--kills", type=int, default=20, help="of each kind")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kind", choices=sorted(KINDS), action="append", help="default: all")
    chosen = parser.parse_args()
    faults: list[str] = []
    for kind in chosen.kind or sorted(KINDS):
        with tempfile.TemporaryDirectory() as place:
            found = KINDS[kind](Path(place), chosen.kills, random.Random(chosen.seed))
        states = ", ".join(f"{count} {state}" for state, count in found.states.most_common())
        print(f"{kind}: {found.kills} kills; {states}")
        faults += [f"{kind}: {each}" for each in found.faults]
    print("\n".join(faults) or "Nothing that must not be.")
    return int(bool(faults))


if __name__ == "__main__":
    sys.exit(main())
