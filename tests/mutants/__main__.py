"""``python -m tests.mutants``: changes one thing at a time, and names what no test saw.

A documented number or a default goes a step up and a step down; an ordering comparison changes its
mind at equality; ``and`` becomes ``or``; a range or slice is one longer or shorter. Only the tests
that mirror the changed module are run; of a comparison, those in which it is at equality. One that
never is survives without a trial. Printed: every survivor, then how many were killed.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from tests.mutants.mutations import Kind, Mutant, mutants
from tests.mutants.trial import Outcome, Tree

ROOT = Path(__file__).resolve().parent.parent.parent
ROOMS = ("imaging", "model", "desktop/engine")
SLOWER = 6.0
"""A mutant whose tests take this many times as long as before, and a minute more, is killed."""


def _modules(room: Path) -> list[Path]:
    return [room] if room.is_file() else sorted(room.rglob("*.py"))


def chosen_mutants(rooms: list[str], kinds: list[Kind], count: int, seed: int) -> list[Mutant]:
    """The mutants of these rooms, kind after kind, each in a seeded order; at most ``count``."""
    modules = [path for room in rooms for path in _modules(ROOT / room)]
    found = []
    for kind in kinds:
        of_kind = [
            mutant
            for path in modules
            for mutant in mutants(path.relative_to(ROOT), path.read_bytes(), kind)
        ]
        found += random.Random(seed).sample(of_kind, len(of_kind))
    return found[: count or None]


def run(tree: Tree, tried: list[Mutant], end: float) -> Counter[tuple[Kind, Outcome]]:
    """Try mutants until the time ``end``; print the survivors as they are found."""
    limits: dict[Path, float] = {}
    counts: Counter[tuple[Kind, Outcome]] = Counter()
    compared = [mutant for mutant in tried if mutant.kind is Kind.COMPARISONS]
    seen_by = tree.meeting({mutant.module for mutant in compared}) if compared else {}
    for mutant in tried:
        if mutant.kind is Kind.COMPARISONS and mutant.mark not in seen_by:
            counts[mutant.kind, Outcome.SURVIVED] += 1
            print(f"survived, never at equality: {mutant}", flush=True)
            continue
        if mutant.module not in limits:
            begun = time.monotonic()
            if not tree.passes(tree.tests_of(mutant.module), limit=3600.0):
                sys.exit(f"The tests of {mutant.module} fail without a change.")
            limits[mutant.module] = SLOWER * (time.monotonic() - begun) + 60.0
        outcome = tree.trial(mutant, limits[mutant.module], seen_by.get(mutant.mark, ()))
        counts[mutant.kind, outcome] += 1
        if outcome is Outcome.SURVIVED:
            print(f"survived: {mutant}", flush=True)
        if time.monotonic() > end:
            break
    return counts


def main() -> int:
    """Try the chosen mutants and print what became of them; 1 where any survived."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("--room", action="append", help="a folder or a module; default: all rooms")
    parser.add_argument("--kind", choices=[kind.value for kind in Kind], action="append")
    parser.add_argument("--count", type=int, default=0, help="at most so many; 0 for all")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=float("inf"), help="then it ends")
    chosen = parser.parse_args()
    kinds = [Kind(kind) for kind in chosen.kind or [kind.value for kind in Kind]]
    tried = chosen_mutants(chosen.room or list(ROOMS), kinds, chosen.count, chosen.seed)
    end = time.monotonic() + 60.0 * chosen.minutes
    with tempfile.TemporaryDirectory() as copy:
        counts = run(Tree.copied(ROOT, Path(copy)), tried, end)
    for kind in kinds:
        killed, survived = counts[kind, Outcome.KILLED], counts[kind, Outcome.SURVIVED]
        offered = sum(mutant.kind is kind for mutant in tried)
        print(f"{kind.value}: {killed} killed, {survived} survived, of {offered}")
    return int(any(outcome is Outcome.SURVIVED for _, outcome in counts))


if __name__ == "__main__":
    sys.exit(main())
