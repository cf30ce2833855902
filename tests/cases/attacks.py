"""What must happen to files made to stop the program, to cost it much, or to fool it."""

from __future__ import annotations

from pathlib import Path

from imaging.errors import Code, Status
from model.image_result import ImageResult
from tests.cases.checks import READ, SHOWN, told
from tests.cases.run import Outcome, Runner

SECONDS = 90.0
"""Within which the scoring of any one file ends: its own minute, and what the network takes."""
_REFUSED: dict[str, tuple[Code, ...]] = {
    "apng_2147483647_frames": (Code.DAMAGED,),
    "apng_8323078_from_fuzz": (Code.DAMAGED,),
    "gif_60000_frames": (Code.TOO_LARGE,),
    "tiff_20000_pages": (Code.TOO_LARGE,),
    "dcm_native_100000_frames": (Code.TOO_LARGE,),
    "slope_1000": (Code.BAD_RESCALE, Code.INCONSISTENT_HEADER),
}
"""One row without a probability, for one of these reasons."""


def check_attack(runner: Runner, attack: Path) -> str:
    """The fault of an attack; empty where it is met as it should be."""
    outcome = runner.screen(attack)
    return (_always(outcome) or _by_name(attack.stem, outcome))[:SHOWN]


def _always(outcome: Outcome) -> str:
    """Whatever the file: it ends, quietly, with a row for each frame."""
    if outcome.stderr:
        return f"stderr: {outcome.stderr!r}"
    if outcome.seconds > SECONDS:
        return f"took {outcome.seconds:.0f} seconds"
    frames = [each.frame for each in outcome.results]
    if frames != list(range(len(frames))) or outcome.results[0].frames != len(frames):
        return f"{len(frames)} rows of {outcome.results[0].frames} frames"
    return ""


def _by_name(name: str, outcome: Outcome) -> str:
    if codes := _REFUSED.get(name):
        [result] = outcome.results
        good = (
            result.probability is None
            and result.status in (Status.FAILED, Status.REFUSED)
            and result.problems[0].code in codes
        )
        return "" if good else told([result])
    if name == "wide_15000x200":
        return "" if all(map(_is_read, outcome.results)) else told(outcome.results)
    return ""


def _is_read(result: ImageResult) -> bool:
    """Whether the network saw it; that it is unlike any head is for the network to say."""
    return result.status in READ or result.problems[0].code is Code.NOT_ASSESSABLE
