"""The command line: ``cranioscope-train DATA --out RUN``, or one of COMMANDS."""

from __future__ import annotations

import argparse
import errno
import sys
import tempfile
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from trainer.arguments import ArgumentsError, parser, refuse_inside, settings_of
from trainer.data.asked_labels import AskedLabels
from trainer.data.colour import with_channels
from trainer.data.folds import FoldError, split
from trainer.data.grouping import divided_by
from trainer.data.inputs import network_inputs
from trainer.data.label_table import LabelError
from trainer.data.labels import LabelledImage
from trainer.data.reading_pool import InputError
from trainer.ranks import is_first
from trainer.results.run_folder import WEIGHTS, RunError, RunFolder
from trainer.settings import Settings

COMMANDS = {
    "audit": "trainer.auditing.audit",
    "context": "trainer.heads.context",
    "evaluate": "trainer.reports.evaluate",
    "fine-map": "trainer.heads.fine_map",
    "generate": "trainer.data.generated",
    "peaks": "trainer.heads.peaks",
    "report": "trainer.reports.report",
    "series": "trainer.heads.series",
}
"""By the first argument: modules whose ``main`` takes the rest, imported when asked for."""
MISTAKES = (ArgumentsError, FoldError, InputError, LabelError, OSError, RunError)
"""What a person can mend: told as sentences, never as a traceback."""
FULL = (errno.ENOSPC, errno.EDQUOT)
"""Numbers of errors that say that a disk, or one's share of it, is full."""
GOES_ON = "The same command goes on from here."


def main(argv: Sequence[str] | None = None) -> int:
    """Train, or do as COMMANDS say; 0 when done, 2 when it could not be, 130 when stopped."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    command = COMMANDS.get(arguments[0]) if arguments else None
    try:
        if command is None:
            train(parser().parse_args(arguments))
        else:
            import_module(command).main(arguments[1:])
    except MISTAKES as error:
        full = command is None and isinstance(error, OSError) and error.errno in FULL
        print(_sentence(error), *([GOES_ON] if full else []), file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        on = "" if command else f" {GOES_ON}"
        print(f"Stopped.{on}", file=sys.stderr)
        return 130
    return 0


def train(arguments: argparse.Namespace) -> None:
    """Read, divide, train and report, as the arguments say. Raises one of MISTAKES."""
    refuse_inside(arguments.out, arguments.data, "RUN")
    asked = AskedLabels.of(arguments)
    labelled = asked.images()
    settings = settings_of(arguments, asked.class_name())
    for sentence in asked.columns_read():
        say(sentence)
    try:
        settings = with_channels(settings, labelled)
    except ValueError as error:
        raise ArgumentsError(f"data.channels: {error}.") from error
    data = settings.data
    if settings.data.grouped and settings.data.find_repeats:
        labelled = _with_own_repeats(labelled, settings)
    parts = split(labelled, data.test_share, data.folds, settings.seed, data.grouped, data.practice)
    run = RunFolder.begin(arguments.out, settings, labelled, parts)
    say(_opening(run, settings))
    say(divided_by(labelled, data.grouped, settings.recipe.subject))
    # Imported late: torch takes seconds, and a broken table should be told of at once.
    from trainer.learning import cross_validation, distil
    from trainer.reports import report

    _need(settings.hardware.device)
    learn = distil if settings.distillation.teacher else cross_validation
    learn.run(labelled, settings, run, say)
    if learn is distil:
        say(f"The weights to start from are {run.path / WEIGHTS}.")
    elif is_first():
        say("Writing the report.")
        say(report.write(run))


def _with_own_repeats(labelled: list[LabelledImage], settings: Settings) -> list[LabelledImage]:
    """Repeats become groups where nothing told them; read into no run, as none has begun yet."""
    if all(image.grouped_by for image in labelled):
        return labelled
    from trainer.auditing.own_repeats import with_repeats_joined

    say(f"Some of {len(labelled)} images have no known group: looking for repeats among them.")
    with tempfile.TemporaryDirectory() as cache:
        paths = [image.path for image in labelled]
        inputs = network_inputs(paths, settings.recipe, Path(cache), settings.hardware.workers)
    return with_repeats_joined(labelled, inputs, settings.recipe)


def _opening(run: RunFolder, settings: Settings) -> str:
    images, test = run.images(), sum(part.is_test for part in run.parts())
    groups = len({image.group for image in images})
    done = len(run.finished)
    return (
        f"{len(images)} images, {run.run['positives']} with {run.class_name}, in {groups} groups; "
        f"{test} set aside for the test. Recipe {settings.name}, {len(run.fold_numbers)} of "
        f"{settings.data.folds} folds to train" + (f", {done} done already." if done else ".")
    )


def _need(device: str) -> None:
    """A GPU that was asked for by name must be there: hours on a CPU are no substitute."""
    import torch

    if device == "cuda" and not torch.cuda.is_available():
        raise ArgumentsError("There is no CUDA device here; --device auto or cpu would train.")


def _sentence(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        name = f"{error.filename}: " if error.filename else ""
        return f"{name}{error.strerror}."
    return str(error)


def say(text: str) -> None:
    """A line to the person who waits, from the first process only."""
    if is_first():
        print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
