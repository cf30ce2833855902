"""``python -m tests.cases FOLDER``: what becomes of small inputs that once went wrong.

Goes the program's own way (find, read, assess, group; for label tables ``cranioscope-train audit``)
and prints a line for each case; exit code 1 where one of them fails.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tests.cases.attacks import check_attack
from tests.cases.checks import check_case
from tests.cases.run import Runner

ATTACKS = "attacks"


def main(arguments: list[str] | None = None) -> int:
    """Check every case below a folder, or those whose names begin as asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.cases", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("names", nargs="*", help="beginnings of names (default: every case)")
    chosen = parser.parse_args(arguments)
    failed = total = 0
    with Runner() as runner:
        for case in cases(chosen.folder):
            if chosen.names and not case.name.startswith(tuple(chosen.names)):
                continue
            fault = (check_attack if case.parent.name == ATTACKS else check_case)(runner, case)
            total += 1
            failed += fault != ""
            print(f"pass  {case.name}" if not fault else f"FAIL  {case.name}: {fault}", flush=True)
    print(f"{total - failed} of {total} pass.")
    return int(failed > 0)


def cases(folder: Path) -> list[Path]:
    """Every case: the folders in a folder, and the files in its ``attacks``."""
    found = [path for path in sorted(folder.iterdir()) if path.is_dir() and path.name != ATTACKS]
    attacks = folder / ATTACKS
    return [*found, *(sorted(attacks.iterdir()) if attacks.is_dir() else [])]


if __name__ == "__main__":
    sys.exit(main())
