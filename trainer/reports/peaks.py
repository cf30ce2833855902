"""``cranioscope-train peaks MODEL.onnx DATA [DATA ...] --out FOLDER``: a peak head for a model.

The network stays as it is. Images that its card calls test are assessed once, those that it calls
held out are assessed only; of folders that it does not know, patients are divided into folds.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from sklearn.model_selection import StratifiedGroupKFold

from model.card import HELD_OUT, LEARNT, TEST, ModelCard
from model.series_head import SeriesHead
from trainer.arguments import ArgumentsError, refuse_inside
from trainer.data.labels import read_labels
from trainer.data.provenance import sha256_of
from trainer.files import write_atomically
from trainer.learning import peak_material, peaks
from trainer.learning.peak_head import PeakHead
from trainer.learning.peak_material import Source
from trainer.learning.peaks import PeakMaterial
from trainer.recipes import TRAVEL
from trainer.reports import chapters, external
from trainer.reports.document import Block, Heading, Table
from trainer.reports.external import ModelError
from trainer.reports.report_folder import PAGE, write_report
from trainer.results import bootstrap, series_fit
from trainer.results.peak_card import PeakEvidence, Scored, with_card
from trainer.results.peak_graph import FEATURES, GraphError, linear_head, outputs, with_features
from trainer.results.series_fit import ScoredImage
from trainer.settings import PeakSettings

FOLDS = 4
STRICTER = ("", LEARNT, HELD_OUT, TEST)
"""Uses of an image, each forbidding more than the one before."""
MOVED = replace(TRAVEL.augmentation, drawn_bleeds=0.0, rotation=15.0)

Logits = NDArray[np.float64]


def parser() -> argparse.ArgumentParser:
    """The options of ``cranioscope-train peaks``."""
    made = argparse.ArgumentParser(
        prog="cranioscope-train peaks",
        description="Give a model a head that a thin bleed is not diluted in, learnt on labelled "
        "images and examinations and assessed on patients that it was not learnt from.",
    )
    add = made.add_argument
    add("model", type=Path, metavar="MODEL.onnx", help="file that cranioscope-export wrote")
    add("data", type=Path, nargs="+", metavar="DATA", help="folder with images and labels.csv")
    add("--out", type=Path, required=True, metavar="FOLDER", help="where maps and report go")
    add("--model-out", type=Path, metavar="FILE.onnx", help="the model with its new head")
    add("--steps", type=int, default=PeakSettings.steps, metavar="N", help="steps of learning")
    return made


def main(argv: Sequence[str]) -> None:
    """Learn and assess as the arguments say. Raises what a person can mend, with sentences."""
    arguments = parser().parse_args(argv)
    out: Path = arguments.out
    refuse_inside(out, arguments.data, "FOLDER")
    try:
        model = external.open_model(arguments.model)
        proto = onnx.load(arguments.model)
        start, given = linear_head(proto), outputs(with_features(proto), (FEATURES,))
    except (GraphError, ModelError) as error:
        raise ArgumentsError(str(error)) from error

    def ask(inputs: NDArray[np.uint8]) -> NDArray[np.float32]:
        return given(inputs)[0]

    settings = PeakSettings(steps=arguments.steps)
    out.mkdir(parents=True, exist_ok=True)
    sources, parts = [], []
    for folder in arguments.data:
        cache = out / folder.resolve().name
        source = Source.of(folder, read_labels(folder), model.card.recipe, cache)
        print(f"{source.name}: {len(source.images)} images.", flush=True)
        sources.append(source)
        parts.append(
            peak_material.gather(source, lambda x: given(x)[0], MOVED, cache, settings.seed)
        )
    study = Study(model.card, sources, peak_material.joined(parts), start, settings)
    write_report(out, f"Peak head for {model.card.name}", study.tables(), {})
    if arguments.model_out is not None:
        cells = int(np.prod(study.material.features.shape[2:]))
        whole = with_card(proto, model.card, peaks.weights_of(study.head), cells, study.evidence())
        write_atomically(arguments.model_out, whole.SerializeToString(deterministic=True))
    print(f"The report is {out / PAGE}.")


class Study:
    """Heads for every division of the material, and what they say of what they had not seen."""

    def __init__(
        self,
        card: ModelCard,
        sources: Sequence[Source],
        material: PeakMaterial,
        start: tuple[NDArray[np.float32], NDArray[np.float32]],
        settings: PeakSettings,
    ) -> None:
        self.card, self.material = card, material
        self._start, self._settings = start, settings
        self._images = [image for source in sources for image in source.images]
        self._groups = np.concatenate([source.groups for source in sources])
        self.hashes = [sha256_of(image.path) for image in self._images]
        uses: dict[str, str] = {}
        for group, sha256 in zip(self._groups.tolist(), self.hashes, strict=True):
            # Of a patient's images, the strictest counts for all.
            uses[group] = max(uses.get(group, ""), card.use_of(sha256), key=STRICTER.index)
        self._use = np.array([uses[group] for group in material.groups.tolist()])
        self._may_learn = ~np.isin(self._use, (TEST, HELD_OUT))
        self._new = self._use == ""
        self._plain = ~material.views
        self.head = self._learn(self._may_learn)
        self.logits: Logits = np.full(len(material), np.nan)
        """Out of fold for new images, by the head of all for held-out and test ones."""
        self._cross_validate()

    def tables(self) -> list[Block]:
        """AUC of images by source and use, before and after; and with their source left out."""
        before = peaks.score(self._untouched(), self.material.features)[0]
        rows = []
        for source in dict.fromkeys(self.material.sources.tolist()):
            here = self._plain & (self.material.sources == source)
            for use in (HELD_OUT, TEST):
                rows += self._row(f"{source}, {use}", here & (self._use == use), before)
            new = here & self._new
            rows += self._row(f"{source}, by patient out of fold", new, before)
            if new.any() and (self._may_learn & (self.material.sources != source)).any():
                head = self._learn(self._may_learn & (self.material.sources != source))
                away = np.full(len(before), np.nan)
                away[new] = peaks.score(head, self.material.features[new])[0]
                rows += self._row(f"{source}, left out of the learning", new, before, away)
        caption = "AUC of single images with 95 % intervals by patient"
        return [Heading("Images"), Table(caption, ("", "images", "before", "now"), tuple(rows))]

    def evidence(self) -> PeakEvidence:
        """For the card."""
        held_out = self._plain & (self._use == HELD_OUT)
        # As before where there are any, so that thresholds mean what they meant.
        chosen = held_out if held_out.any() else self._plain & self._new
        test = self._plain & (self._use == TEST)
        learnt = [
            sha256
            for group, sha256 in zip(self._groups.tolist(), self.hashes, strict=True)
            if group in set(self.material.groups[self._new].tolist())
        ]
        names = sorted(set(self.material.sources[self._new].tolist()))
        return PeakEvidence(
            Scored(self.material.labels[chosen], self.logits[chosen]),
            Scored(self.material.labels[test], self.logits[test]) if test.any() else None,
            learnt,
            names,
            self._series(),
        )

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

    def _cross_validate(self) -> None:
        seen = np.flatnonzero(self._plain & ~self._may_learn)
        if len(seen):
            self.logits[seen] = peaks.score(self.head, self.material.features[seen])[0]
        rows = np.flatnonzero(self._plain & self._new)
        groups = self.material.groups
        if len(set(groups[rows].tolist())) < FOLDS:
            return
        division = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=self._settings.seed)
        strata = [
            f"{s}{y}" for s, y in zip(self.material.sources, self.material.labels, strict=True)
        ]
        for _, fold in division.split(rows, np.array(strata)[rows], groups[rows]):
            away = np.isin(groups, groups[rows[fold]])
            head = self._learn(self._may_learn & ~away)
            self.logits[rows[fold]] = peaks.score(head, self.material.features[rows[fold]])[0]

    def _learn(self, may: NDArray[np.bool_]) -> PeakHead:
        return peaks.learn(self.material, np.flatnonzero(may), self._start, self._settings)

    def _untouched(self) -> PeakHead:
        """The linear head as it was, in the guise of a peak head whose cells say nothing."""
        weight, bias = (torch.from_numpy(each) for each in self._start)
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
