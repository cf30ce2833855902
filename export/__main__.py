"""The command line: ``cranioscope-export RUN --out FILE.onnx``, or ``int8``."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from export import familiar, requantise, variant
from export.card import Origin, make_card
from export.errors import ExportError
from export.evidence import Material
from export.onnx_file import check_target, stored_as_half, without_outputs, write
from export.table import table
from export.used import used_images
from export.variant import Variant
from model.card import ModelCard
from trainer.data.inputs import network_inputs
from trainer.data.label_table import LabelError
from trainer.data.provenance import fingerprint
from trainer.data.reading_pool import InputError
from trainer.learning.network import Network, WeightsError, load
from trainer.results import best_fold
from trainer.results.best_fold import Choice
from trainer.results.model_graph import FEATURES, PROFILE, GraphError
from trainer.results.novelty import NoveltyError
from trainer.results.run_folder import RunError, RunFolder

MISTAKES = (
    ExportError,
    GraphError,
    InputError,
    LabelError,
    NoveltyError,
    OSError,
    RunError,
    WeightsError,
)
"""What a person can mend: told as a sentence, never as a traceback."""


def main(argv: Sequence[str] | None = None) -> int:
    """Export; 0 when every file that was asked for is written, 2 when one is not."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    try:
        if arguments[:1] == ["int8"]:
            requantise.main(arguments[1:])
        elif arguments[:1] == ["novelty"]:
            familiar.main(arguments[1:])
        else:
            export(parser().parse_args(arguments))
    except MISTAKES as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def parser() -> argparse.ArgumentParser:
    """The options of ``cranioscope-export``."""
    made = argparse.ArgumentParser(
        prog="cranioscope-export",
        description="Write the best fold of a training run as an ONNX file that carries its own "
        "evidence; nothing is written unless onnxruntime answers as torch does.",
    )
    add = made.add_argument
    add("run", type=Path, metavar="RUN", help="folder that cranioscope-train wrote")
    add("--out", type=Path, required=True, metavar="FILE.onnx", help="the full model")
    add("--int8", type=Path, metavar="FILE.onnx", help="write an INT8 model for CPUs too")
    add(
        "--fp16-weights",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="store the full model's weights as fp16, computing in fp32 (default: yes)",
    )
    add("--fold", type=int, metavar="K", help="this fold instead of the best")
    add("--reason", metavar="TEXT", help="why that fold, for the card")
    add("--name", metavar="TEXT", help="name for the card; default: ResNet-34 and the recipe")
    return made


def export(arguments: argparse.Namespace) -> None:
    """Read the run, measure, check, write, and print what was measured. Raises one of MISTAKES."""
    if arguments.int8 is not None and arguments.int8.resolve() == arguments.out.resolve():
        raise ExportError("--out and --int8 name the same file; each model needs its own.")
    for target in filter(None, (arguments.out, arguments.int8)):
        check_target(target)
    run = RunFolder(arguments.run)
    choice = chosen(run, arguments.fold, arguments.reason)
    say(choice.reason)
    networks = {fold: network_of(run, fold) for fold in run.finished}
    material = material_of(run)
    name = arguments.name or f"ResNet-34 {run.settings.name} {run.class_name}"
    images = run.images()
    grouped = len({image.group for image in images}) < len(images)
    used = used_images(images, run.parts(), choice.fold)
    origin = Origin(name, run.settings, run.run, choice, grouped, used)
    recorded = run.out_of_fold().of_fold(choice.fold).logits
    whole = variant.full(networks, material, choice.fold, recorded, arguments.fp16_weights, say)
    finish(whole, material, origin, arguments.out)
    if arguments.int8 is not None:
        try:
            small = variant.int8(whole, material, choice.fold, say)
        except ExportError as error:
            raise ExportError(f"{error} The full model is written: {arguments.out}.") from error
        finish(small, material, origin, arguments.int8)


def chosen(run: RunFolder, fold: int | None, reason: str | None = None) -> Choice:
    """The fold that was asked for, else the best. Raises ExportError for one that is not there."""
    if fold is None:
        if reason is not None:
            raise ExportError("--reason goes with --fold: the best fold has a reason of its own.")
        folds = len(run.fold_numbers)
        return best_fold.choose(run.settings.name, run.out_of_fold(), run.test_predictions(), folds)
    if fold not in run.finished:
        raise ExportError(f"The run has no fold {fold}; it has {run.finished}.")
    return Choice(fold, reason or f"Fold {fold}, named on the command line.")


def network_of(run: RunFolder, fold: int) -> Network:
    """A fold's best network. Raises WeightsError, ExportError where it belongs to another run."""
    loaded = load(run.fold_weights(fold))
    if loaded.recipe != run.settings.recipe or loaded.class_name != run.class_name:
        raise ExportError(f"{run.fold_weights(fold)} was trained for another input or class.")
    return loaded.network


def material_of(run: RunFolder) -> Material:
    """The run's images. Raises ExportError where they are not those that it was trained on."""
    labelled = run.images()
    if told := run.changes().told:
        raise ExportError(f"{told} A model is exported on the images that it was trained on.")
    if fingerprint(labelled) != run.run["data_fingerprint"]:
        raise ExportError("The images are not those that the run was trained on.")
    labels = np.array([image.label for image in labelled], dtype=np.int64)
    # Read anew: what training kept was made by the code of that day, and this checks it.
    with tempfile.TemporaryDirectory() as fresh:
        paths = [image.path for image in labelled]
        images = network_inputs(paths, run.settings.recipe, Path(fresh))
    sources = tuple(image.source for image in labelled)
    groups = tuple(image.group for image in labelled)
    return Material(images, labels, tuple(run.parts()), sources, groups)


def finish(made: Variant, material: Material, origin: Origin, path: Path) -> ModelCard:
    """Make the card, write the file, print the table."""
    card = make_card(made, material, origin)
    model = without_outputs(made.model, FEATURES, PROFILE)
    if made.precision == variant.FP16:
        model = stored_as_half(model)
    size = write(model, card, path)
    say(table(card, path, size))
    return card


def say(text: str) -> None:
    """Something for the person who waits."""
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
