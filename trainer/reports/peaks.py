"""``cranioscope-train peaks MODEL.onnx DATA [DATA ...] --out FOLDER``: a peak head for a model.

The network stays as it is, or with ``--tune-stages`` all but its last stages do. Images that its
card calls test are assessed once, those that it calls held out are assessed only. Of folders that
it does not know, patients are divided into folds.
"""

from __future__ import annotations

import argparse
import copy
import hashlib
import io
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from sklearn.model_selection import StratifiedGroupKFold

from model.card import HELD_OUT, LEARNT, TEST, ModelCard
from model.series_head import SeriesHead
from trainer.arguments import ArgumentsError, at_least, model_parser, rate, refuse_inside
from trainer.data.labels import read_labels
from trainer.data.provenance import sha256_of
from trainer.files import write_atomically
from trainer.learning import peak_material, peaks, tuning
from trainer.learning.averaging import mean_of
from trainer.learning.kept_steps import KeptSteps
from trainer.learning.last_stages import LastStages
from trainer.learning.peak_head import PeakHead
from trainer.learning.peak_material import Source
from trainer.learning.peaks import PeakMaterial
from trainer.learning.tuning import Tuned
from trainer.recipes import TRAVEL
from trainer.reports import chapters, external
from trainer.reports.document import Block, Heading, Table
from trainer.reports.external import ModelError
from trainer.reports.report_folder import PAGE, write_report
from trainer.results import bootstrap, novelty, series_fit
from trainer.results.model_graph import FEATURES, PROFILE, GraphError, outputs, with_outputs
from trainer.results.novelty import NoveltyError
from trainer.results.peak_card import Familiar, PeakEvidence, Scored, offset, with_card
from trainer.results.peak_graph import linear_head
from trainer.results.series_fit import ScoredImage
from trainer.settings import PeakSettings

FOLDS = 4
STRICTER = ("", LEARNT, HELD_OUT, TEST)
"""Uses of an image, each forbidding more than the one before."""
TUNE = "the network's last stage learns further, too; --tune-stages 1"
TUNE_STAGES = (
    "so many last stages learn further; at 320 pixels one keeps 0.2 MB for each view and needs "
    "15 minutes for each division on a slow core, two keep 0.4 MB and need 30"
)
VIEWS = "moved views of each positive, and thin bleeds drawn on each negative; default: %(default)s"
MEAN = (
    "keep the mean of the networks that were each learnt without a part of the patients, instead "
    "of one more that learns from all; saves a training"
)
EVERY = "every_source"
THRESHOLDS = (
    "thresholds of images are chosen on those that the card calls held out, or also on those that "
    "were assessed out of fold, every source counting alike; default: %(default)s"
)
MOVED = replace(TRAVEL.augmentation, drawn_bleeds=0.0, rotation=15.0)

Logits = NDArray[np.float64]
Fold = tuple[NDArray[np.int64], PeakHead | Tuned]
"""Rows of new images, and what was learnt without their patients."""


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
    tuned, speed = PeakSettings.tuning_steps, PeakSettings.tuning_rate
    add("--tuning-steps", type=at_least(1), default=tuned, metavar="N", help=f"default: {tuned}")
    add("--tuning-rate", type=rate, default=speed, metavar="RATE", help=f"default: {speed}")
    add("--views", type=at_least(0), default=PeakSettings.views, metavar="N", help=VIEWS)
    add("--mean", action="store_true", help=MEAN)
    add("--thresholds", choices=(HELD_OUT, EVERY), default=HELD_OUT, help=THRESHOLDS)
    return made


def main(argv: Sequence[str]) -> None:
    """Learn and assess as the arguments say. Raises what a person can mend, with sentences."""
    arguments = parser().parse_args(argv)
    out: Path = arguments.out
    refuse_inside(out, arguments.data, "FOLDER")
    try:
        model = external.open_model(arguments.model)
        proto = onnx.load(arguments.model)
        network = Network.of(proto, arguments.stages)
    except (GraphError, ModelError) as error:
        raise ArgumentsError(str(error)) from error
    settings = PeakSettings(
        steps=arguments.steps,
        tuning_steps=arguments.tuning_steps,
        tuning_rate=arguments.tuning_rate,
        views=arguments.views,
    )
    out.mkdir(parents=True, exist_ok=True)
    sources, parts = [], []
    side = network.side(model.card)
    for folder in arguments.data:
        cache = out / folder.resolve().name
        source = Source.of(folder, read_labels(folder), model.card.recipe, cache)
        print(f"{source.name}: {len(source.images)} images.", flush=True)
        sources.append(source)
        kept = cache / network.maps
        parts.append(peak_material.gather(source, network.ask, side, MOVED, kept, settings))
    material = peak_material.joined(parts)
    study = Study(model.card, sources, material, network, settings, out, arguments.mean)
    write_report(out, f"Peak head for {model.card.name}", study.tables(), {})
    if arguments.model_out is not None:
        try:
            evidence = study.evidence(arguments.thresholds == EVERY)
            whole = with_card(network.with_stages(study.best), model.card, evidence)
        except (GraphError, NoveltyError) as error:
            raise ArgumentsError(str(error)) from error
        write_atomically(arguments.model_out, whole.SerializeToString(deterministic=True))
    print(f"The report is {out / PAGE}.")


@dataclass(frozen=True, eq=False)
class Network:
    """The network as it was: what is asked of it, and what is learnt further."""

    model: onnx.ModelProto
    start: tuple[NDArray[np.float32], NDArray[np.float32]]
    """Weight (1, C) and bias (1,) of its linear head."""
    stages: LastStages | None
    """Those that learn further; None where it stays as it is."""
    ask: Callable[[NDArray[np.uint8]], tuple[NDArray[np.float32], NDArray[np.float32]]]
    """From inputs (N, S, S) to the maps that are learnt from, and profiles (N, P)."""

    @classmethod
    def of(cls, model: onnx.ModelProto, count: int) -> Network:
        """``count``: stages that learn further. Raises GraphError for a network of another kind."""
        start = linear_head(model)
        stages = LastStages(model, count) if count else None
        names = (FEATURES,) if stages is None else (stages.start, PROFILE)
        given = outputs(with_outputs(model, names), names)

        def ask(inputs: NDArray[np.uint8]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
            maps, *profiles = given(inputs)
            return maps, profiles[0] if profiles else np.empty((len(maps), 0), np.float32)

        return cls(model, start, stages, ask)

    @property
    def maps(self) -> str:
        """Name of the maps that are learnt from."""
        return FEATURES if self.stages is None else self.stages.start

    def side(self, card: ModelCard) -> int:
        """Cells of a side of the last map."""
        blank = np.zeros((1, card.recipe.size, card.recipe.size), np.uint8)
        side: int = outputs(with_outputs(self.model, (FEATURES,)), (FEATURES,))(blank)[0].shape[2]
        return side

    def with_stages(self, learnt: PeakHead | Tuned) -> onnx.ModelProto:
        """The model with what was tuned of it."""
        return learnt.stages.put_into(self.model) if isinstance(learnt, Tuned) else self.model


class Study:
    """Heads for every division of the material, and what they say of what they had not seen."""

    def __init__(
        self,
        card: ModelCard,
        sources: Sequence[Source],
        material: PeakMaterial,
        network: Network,
        settings: PeakSettings,
        out: Path,
        mean: bool = False,
    ) -> None:
        """``mean``: the folds' networks are averaged, instead of one that learns from all.

        Raises ArgumentsError where there are too few patients for folds to average.
        """
        self.card, self.material = card, material
        self._network, self._settings, self._out = network, settings, out
        stages = network.stages
        last = material.features if stages is None else tuning.last_maps(stages, material.features)
        self._with_last = replace(material, features=last)
        """The same with the network's own last maps, which heads are learnt on."""
        self._images = [image for source in sources for image in source.images]
        self._groups = np.concatenate([source.groups for source in sources])
        self.hashes = [sha256_of(image.path) for image in self._images]
        uses: dict[str, str] = {}
        for group, sha256 in zip(self._groups.tolist(), self.hashes, strict=True):
            # Of a patient's images, the strictest counts for all.
            uses[group] = max(uses.get(group, ""), card.use_of(sha256), key=STRICTER.index)
        self._use = np.array([uses[group] for group in material.groups.tolist()])
        self._may_learn = ~np.isin(self._use, (TEST, HELD_OUT))
        self._new, self._plain = self._use == "", ~material.views
        folds = self._by_fold()
        if mean and not folds:
            raise ArgumentsError(f"--mean needs at least {FOLDS} patients new to the model.")
        self.averaged = len(folds) if mean else 1
        """Networks that the best one is the mean of."""
        each = [learnt for _, learnt in folds]
        self.best = mean_of(each) if mean else self._learn("all", self._may_learn)
        """Learnt from all that may be."""
        self.logits = self._assessed(folds)
        """Out of fold for new images, by the best network for held-out and test ones."""

    def tables(self) -> list[Block]:
        """AUC of images by source and use, before and after; and with their source left out."""
        before = peaks.score(self._untouched(), self._with_last.features)[0]
        rows = []
        for source in dict.fromkeys(self.material.sources.tolist()):
            here = self._plain & (self.material.sources == source)
            for use in (HELD_OUT, TEST):
                rows += self._row(f"{source}, {use}", here & (self._use == use), before)
            new = here & self._new
            rows += self._row(f"{source}, by patient out of fold", new, before)
            if new.any() and (self._may_learn & (self.material.sources != source)).any():
                others = self._may_learn & (self.material.sources != source)
                head = self._learn(f"without-{source}", others)
                away = np.full(len(before), np.nan)
                away[new] = peaks.score(head, self.material.features[new])[0]
                rows += self._row(f"{source}, left out of the learning", new, before, away)
        caption = "AUC of single images with 95 % intervals by patient"
        return [Heading("Images"), Table(caption, ("", "images", "before", "now"), tuple(rows))]

    def evidence(self, alike: bool = False) -> PeakEvidence:
        """For the card. ``alike``: thresholds are chosen on every source, each counting alike."""
        held_out, new = (self._plain & (self._use == use) for use in (HELD_OUT, ""))
        # As before where there are any, so that thresholds mean what they meant.
        known = held_out if held_out.any() else new
        chosen = (held_out | new) & np.isfinite(self.logits) if alike else known
        test = self._plain & (self._use == TEST)
        new = set(self.material.groups[self._new].tolist())
        learnt = [
            sha256
            for group, sha256 in zip(self._groups.tolist(), self.hashes, strict=True)
            if group in new
        ]
        names = sorted(set(self.material.sources[self._new].tolist()))
        sources = self.material.sources[chosen] if alike else None
        return PeakEvidence(
            peaks.weights_of(self._head(self.best)),
            self.material.masks[0].size,
            Scored(self.material.labels[chosen], self.logits[chosen], sources),
            Scored(self.material.labels[test], self.logits[test]) if test.any() else None,
            learnt,
            names,
            self._series(),
            self._familiar(known),
            self.averaged,
        )

    def _familiar(self, chosen: NDArray[np.bool_]) -> Familiar | None:
        """The Gaussian of the tuned network's profiles; None where the network stays as it was."""
        if not isinstance(self.best, Tuned):
            return None
        known = self._plain & self._may_learn
        gaussian = novelty.fit(self._profiles(known))
        distances = gaussian.distance(self._profiles(chosen))
        return Familiar(gaussian, novelty.cut(distances, self.material.sources[chosen]))

    def _profiles(self, rows: NDArray[np.bool_]) -> NDArray[np.float64]:
        """Those of the network with its last stages tuned: the last maps' means come last."""
        assert isinstance(self.best, Tuned)
        last = tuning.last_maps(self.best.stages, self.material.features[rows])
        means = last.astype(np.float64).mean(axis=(2, 3))
        before = self.material.profiles[rows].astype(np.float64)
        return np.concatenate((before[:, : -means.shape[1]], means), axis=1)

    def _series(self) -> SeriesHead | None:
        rows = np.flatnonzero(self._plain)
        scored = [
            ScoredImage(image.image_id, image.source, image.group, image.label, logit, False)
            for image, row, logit in zip(
                self._images, rows, self.logits[rows].tolist(), strict=True
            )
            if self._new[row]
        ]
        try:
            return series_fit.fit(series_fit.examinations(scored, series_fit.Shape().least))
        except ValueError:
            return None

    def _by_fold(self) -> list[Fold]:
        """Empty where too few patients are new to the model."""
        rows = np.flatnonzero(self._plain & self._new)
        groups = self.material.groups
        if len(set(groups[rows].tolist())) < FOLDS:
            return []
        division = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=self._settings.seed)
        strata = [
            f"{s}{y}" for s, y in zip(self.material.sources, self.material.labels, strict=True)
        ]
        folds = []
        divisions = division.split(rows, np.array(strata)[rows], groups[rows])
        for number, (_, fold) in enumerate(divisions, start=1):
            away = np.isin(groups, groups[rows[fold]])
            folds.append((rows[fold], self._learn(f"fold-{number}", self._may_learn & ~away)))
        return folds

    def _assessed(self, folds: Sequence[Fold]) -> Logits:
        """Logits (n,) of what had not been learnt from; NaN elsewhere."""
        logits = np.full(len(self.material), np.nan)
        seen = np.flatnonzero(self._plain & ~self._may_learn)
        if len(seen):
            logits[seen] = peaks.score(self.best, self.material.features[seen])[0]
        kept = self._offset(self.best)
        for rows, learnt in folds:
            of_fold = peaks.score(learnt, self.material.features[rows])[0]
            # On the scale of the one that is kept: networks learnt apart differ by a constant.
            logits[rows] = of_fold + self._offset(learnt) - kept
        return logits

    def _offset(self, learnt: PeakHead | Tuned) -> float:
        """What calibration on held-out images adds to its logits; 0 where there are none."""
        held_out = self._plain & (self._use == HELD_OUT)
        labels = self.material.labels[held_out]
        if len(np.unique(labels)) < 2:
            return 0.0
        return offset(labels, peaks.score(learnt, self.material.features[held_out])[0])

    def _learn(self, name: str, may: NDArray[np.bool_]) -> PeakHead | Tuned:
        """Learnt from those rows, or read again where an earlier run with these rows kept it."""
        rows, network = np.flatnonzero(may), self._network
        kept = self._out / "learnt" / f"{name}.pt"
        known = (asdict(self._settings), network.maps, self.hashes, network.start[0].tolist())
        identity = hashlib.sha256(repr(known).encode() + rows.tobytes()).hexdigest()
        weight, bias = (torch.from_numpy(each) for each in network.start)
        head = PeakHead(weight, bias)
        empty = head if network.stages is None else Tuned(copy.deepcopy(network.stages), head)
        if kept.exists():
            values = torch.load(kept, weights_only=True)
            if values["identity"] == identity:
                empty.load_state_dict(values["state_dict"])
                return empty.eval()
        print(f"Learning: {name} ...", flush=True)
        steps = KeptSteps(kept.with_suffix(".steps"), identity)
        learnt = self._learn_anew(rows, steps)
        content = io.BytesIO()
        torch.save({"identity": identity, "state_dict": learnt.state_dict()}, content)
        kept.parent.mkdir(exist_ok=True)
        write_atomically(kept, content.getvalue())
        steps.path.unlink(missing_ok=True)
        return learnt

    def _learn_anew(self, rows: NDArray[np.int64], steps: KeptSteps) -> PeakHead | Tuned:
        """The head, then with it the stages. A stopped run goes on from the stages' last steps."""
        network = self._network
        head = peaks.learn(self._with_last, rows, network.start, self._settings)
        if network.stages is None:
            return head
        start = Tuned(copy.deepcopy(network.stages), head.requires_grad_(True))
        return tuning.tune(self.material, rows, start, self._settings, steps)

    @staticmethod
    def _head(learnt: PeakHead | Tuned) -> PeakHead:
        return learnt.head if isinstance(learnt, Tuned) else learnt

    def _untouched(self) -> PeakHead:
        """The linear head as it was, as a peak head whose cells say nothing."""
        weight, bias = (torch.from_numpy(each) for each in self._network.start)
        head = PeakHead(weight, bias).eval()
        torch.nn.init.zeros_(head.weight)
        return head

    def _row(
        self, name: str, rows: NDArray[np.bool_], before: Logits, now: Logits | None = None
    ) -> list[tuple[str, ...]]:
        after = self.logits if now is None else now
        rows = rows & np.isfinite(after)
        labels = self.material.labels[rows]
        if len(np.unique(labels)) < 2:
            return []
        groups = self.material.groups[rows].tolist()
        areas = [bootstrap.auc(labels, each[rows], groups) for each in (before, after)]
        count = f"{len(labels)} ({labels.sum()} +)"
        return [(name, count, *(chapters.number(area) for area in areas))]
