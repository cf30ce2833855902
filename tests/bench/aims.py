"""What a reader waits for at most, and how far it was held in one run of ``make bench``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from desktop.engine.thumbnails import KEPT_BYTES

Report = dict[str, Any]


@dataclass(frozen=True)
class Row:
    """One aim and what was measured."""

    name: str
    measured: float
    aim: float
    of_aim: float
    """How many times over the aim was held; below 1 it was not."""


@dataclass(frozen=True)
class Aim:
    """At least (``more``) or at most so much of a figure of the report."""

    name: str
    of: Callable[[Report], float]
    aim: float
    more: bool = False

    def row(self, report: Report) -> Row:
        """The aim beside what was measured."""
        found = float(self.of(report))
        share = found / self.aim if self.more else self.aim / max(found, 1e-9)
        return Row(self.name, found, self.aim, round(share, 2))


def _slowest_plane(report: Report) -> float:
    return min(float(plane["planes_per_second"]) for plane in report["planes"].values())


AIMS = (
    Aim("wheel, images a second", lambda r: r["reader"]["wheel_images_per_second"], 60, more=True),
    Aim("gaps of the event loop, p99 in ms", lambda r: r["window"]["gap_p99_ms"], 50),
    Aim("gaps of the event loop, longest in ms", lambda r: r["window"]["longest_gap_ms"], 100),
    Aim("gaps while scrolling, p99 in ms", lambda r: r["window"]["gap_p99_in_use_ms"], 50),
    Aim("gaps while scrolling, longest in ms", lambda r: r["window"]["longest_gap_in_use_ms"], 100),
    Aim("Stop, seconds", lambda r: r["reader"]["stop_seconds"], 1),
    Aim(
        "memory of 100,000 rows, MB",
        lambda r: _memory_of_100_000(r["few_in_window"], r["window"]),
        200,
    ),
    Aim("slowest planes, a second", _slowest_plane, 30, more=True),
    Aim("10,000 headers to series, seconds", lambda r: _for_10_000(r["headers"]), 10),
    Aim(
        "first flagged of 16 patients, seconds",
        lambda r: r["reader"]["first_flagged_patient_seconds"],
        2,
    ),
)


def _memory_of_100_000(few: Report, many: Report) -> float:
    """MB, by two folders: what is there for any folder counts once, and thumbnails are bounded."""
    grown = [each["memory_growth_MB"] - each["thumbnails_MB"] for each in (few, many)]
    of_row = (grown[1] - grown[0]) / (many["rows"] - few["rows"])
    return float(grown[1] + of_row * (100_000 - many["rows"]) + KEPT_BYTES / 2**20)


def _for_10_000(headers: Report) -> float:
    """Seconds for as many images, where another number was measured."""
    return float(headers["seconds_to_series"]) * 10_000 / float(headers["images"])


def rows(report: Report) -> list[Row]:
    """All aims whose figures are in the report."""
    known = {"wheel": "reader", "gaps": "window", "Stop": "reader", "memory": "window"}
    known |= {"slowest": "planes", "10,000": "headers", "first": "reader"}
    return [aim.row(report) for aim in AIMS if known[aim.name.split()[0].strip(",")] in report]
