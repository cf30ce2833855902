"""``cranioscope-train peaks MODEL.onnx DATA [DATA ...] --out FOLDER``: a peak head for a model.

The network stays as it is, or with ``--tune-stages`` all but its last stages do. Images that its
card calls test are assessed once, those that it calls held out are assessed only. Of folders that
it does not know, patients are divided into folds.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray

from model.card import HASH_DIGITS, HELD_OUT, TEST, ModelCard
from trainer.arguments import ArgumentsError, at_least, model_parser, rate
from trainer.data.provenance import sha256_of
from trainer.files import write_atomically
from trainer.heads.backbone import Backbone
from trainer.heads.opening import opened
from trainer.heads.peak_study import PeakStudy
from trainer.learning import peak_material
from trainer.learning.peak_material import Source
from trainer.recipes import MOVED
from trainer.reports.report_folder import PAGE, write_report
from trainer.results.model_graph import GraphError
from trainer.results.novelty import NoveltyError
from trainer.results.peak_card import with_card
from trainer.settings import PeakSettings

TUNE = "the network's last stage learns further, too; --tune-stages 1"
TUNE_STAGES = (
    "so many last stages learn further; at 320 pixels one keeps 0.2 MB for each view and needs "
    "15 minutes for each division on a slow core, two keep 0.4 MB and need 30"
)
VIEWS = (
    "moved views of each positive and of as many negatives; with any, a thin bleed is drawn on a "
    "moved view of each negative; default: %(default)s"
)
FIRST = (
    "leave this folder out at first: every division of its patients goes on from what the other "
    "folders have taught, which saves time and tells how the model fares where it learnt nothing; "
    "needs --tune-stages"
)
LAST_STAGE = (
    "with two stages: steps before, in which the last one alone learns; default: %(default)s"
)
FRESH = (
    "move and draw on each image anew in each step of the last part of tuning, in place of kept "
    "views: nothing is shown twice, and a step takes twice as long; needs --tune-stages"
)
MEAN = (
    "keep the mean of the networks that were each learnt without a part of the patients, instead "
    "of one more that learns from all; saves a training"
)
NO_LEFT_OUT = (
    "learn no network without each folder, for the report alone: saves a training for each of them"
)
EVERY = "every_source"
THRESHOLDS = (
    "thresholds of images are chosen on those that the card calls held out, or also on those that "
    "were assessed out of fold, every source counting alike; default: %(default)s"
)


def parser() -> argparse.ArgumentParser:
    """The options of ``cranioscope-train peaks``."""
    made = model_parser(
        "peaks",
        "Give a model a head that a thin bleed is not diluted in, learnt on labelled images and "
        "examinations and assessed on patients that it was not learnt from.",
        data="folder with images and labels.csv",
        out="where maps and report go",
    )
    add = made.add_argument
    add("--model-out", type=Path, metavar="FILE.onnx", help="the model with its new head")
    steps = PeakSettings.steps
    add("--steps", type=at_least(1), default=steps, metavar="N", help="steps of learning")
    add("--tune", dest="stages", action="store_const", const=1, default=0, help=TUNE)
    add("--tune-stages", dest="stages", type=int, choices=(1, 2), help=TUNE_STAGES)
    last = PeakSettings.last_stage_steps
    add("--last-stage-steps", type=at_least(0), default=last, metavar="N", help=LAST_STAGE)
    tuned, speed = PeakSettings.tuning_steps, PeakSettings.tuning_rate
    add("--tuning-steps", type=at_least(1), default=tuned, metavar="N", help=f"default: {tuned}")
    add("--tuning-rate", type=rate, default=speed, metavar="RATE", help=f"default: {speed}")
    add("--views", type=at_least(0), default=PeakSettings.views, metavar="N", help=VIEWS)
    add("--fresh-views", action="store_true", help=FRESH)
    add("--mean", action="store_true", help=MEAN)
    further = PeakSettings.further_steps
    add("--first-without", default="", metavar="NAME", help=FIRST)
    add("--further-steps", type=at_least(1), default=further, metavar="N", help=f"then: {further}")
    add("--no-left-out", dest="left_out", action="store_false", help=NO_LEFT_OUT)
    add("--thresholds", choices=(HELD_OUT, EVERY), default=HELD_OUT, help=THRESHOLDS)
    return made


def main(argv: Sequence[str]) -> None:
    """Learn and assess as the arguments say. Raises what a person can mend, with sentences."""
    arguments = parser().parse_args(argv)
    out: Path = arguments.out
    if arguments.fresh_views and not arguments.stages:
        raise ArgumentsError("--fresh-views needs --tune-stages: a head learns on kept maps.")
    model, folders = opened(arguments)
    first = _left_out_first(arguments, folders)
    try:
        proto = onnx.load(arguments.model)
        backbone = Backbone.of(proto, arguments.stages)
        grid = backbone.grid(model.card)
    except GraphError as error:
        raise ArgumentsError(str(error)) from error
    settings = _settings(arguments)
    out.mkdir(parents=True, exist_ok=True)
    sources, parts = [], []
    for folder, images in folders.items():
        cache = out / folder.resolve().name
        source = Source.of(folder, images, model.card.recipe, cache)
        print(f"{source.name}: {len(source.images)} images.", flush=True)
        sources.append(source)
        kept = cache / f"{backbone.maps}-{model.sha256[:HASH_DIGITS]}"
        learnt = _may_be_learnt(source, model.card)
        parts.append(
            peak_material.gather(source, backbone.ask, grid, MOVED, kept, settings, learnt)
        )
    material = peak_material.joined(parts)
    study = PeakStudy(model.card, sources, material, backbone, settings, out, arguments.mean, first)
    tables = study.tables(left_out=arguments.left_out)
    write_report(out, f"Peak head for {model.card.name}", tables, {})
    if arguments.model_out is not None:
        try:
            evidence = study.evidence(arguments.thresholds == EVERY)
            whole = with_card(backbone.with_stages(study.best), model.card, evidence)
        except (GraphError, NoveltyError) as error:
            raise ArgumentsError(str(error)) from error
        write_atomically(arguments.model_out, whole.SerializeToString(deterministic=True))
    print(f"The report is {out / PAGE}.")


def _settings(arguments: argparse.Namespace) -> PeakSettings:
    return PeakSettings(
        steps=arguments.steps,
        tuning_steps=arguments.tuning_steps,
        tuning_rate=arguments.tuning_rate,
        last_stage_steps=arguments.last_stage_steps,
        further_steps=arguments.further_steps,
        views=arguments.views,
        fresh_views=arguments.fresh_views,
    )


def _left_out_first(arguments: argparse.Namespace, folders: Iterable[Path]) -> str:
    """The name of a folder, or nothing. Raises ArgumentsError for one that is not given."""
    name: str = arguments.first_without
    if name and not arguments.stages:
        raise ArgumentsError("--first-without needs --tune-stages: a head alone learns in minutes.")
    known = [folder.resolve().name for folder in folders]
    if name and name not in known:
        raise ArgumentsError(f"--first-without {name}: the folders are {', '.join(known)}.")
    return name


def _may_be_learnt(source: Source, card: ModelCard) -> NDArray[np.bool_]:
    """(n,) without the images that the card calls test or held out: those are assessed only."""
    uses = [card.use_of(sha256_of(image.path)) for image in source.images]
    return ~np.isin(uses, (TEST, HELD_OUT))
