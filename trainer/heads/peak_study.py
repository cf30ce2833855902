"""Peak heads for every division of the material, and what each says of what it had not seen."""

from __future__ import annotations

import copy
import hashlib
import io
import warnings
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, replace
from functools import cached_property
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.model_selection import StratifiedGroupKFold

from model.card import HELD_OUT, LEARNT, TEST, ModelCard
from model.series_head import SeriesHead
from trainer.arguments import ArgumentsError
from trainer.data.provenance import sha256_of
from trainer.files import write_atomically
from trainer.heads.backbone import Backbone
from trainer.learning import peaks, tuning
from trainer.learning.averaging import mean_of
from trainer.learning.fresh_views import FreshViews
from trainer.learning.kept_steps import KeptSteps
from trainer.learning.peak_head import PeakHead
from trainer.learning.peak_material import Source
from trainer.learning.peaks import KeptViews, PeakMaterial, Shown
from trainer.learning.tuning import Tuned
from trainer.recipes import MOVED
from trainer.reports import chapters, series_chapters
from trainer.reports.document import Block, Heading, Paragraph, Table
from trainer.results import bootstrap, novelty, series_fit, slice_fit
from trainer.results.peak_card import Familiar, PeakEvidence, Scored, offset
from trainer.results.series_fit import Examination, ScoredImage
from trainer.settings import PeakSettings

FOLDS = 4
STRICTER = ("", LEARNT, HELD_OUT, TEST)
"""Uses of an image, each forbidding more than the one before."""

Logits = NDArray[np.float64]
Fold = tuple[NDArray[np.int64], PeakHead | Tuned]
"""Rows of new images, and what was learnt without their patients."""


class PeakStudy:
    """Heads for every division of the material, and what they say of what they had not seen."""

    def __init__(
        self,
        card: ModelCard,
        sources: Sequence[Source],
        material: PeakMaterial,
        backbone: Backbone,
        settings: PeakSettings,
        out: Path,
        mean: bool = False,
        first_without: str = "",
    ) -> None:
        """``mean``: the folds' networks are averaged, instead of one that learns from all.

        ``first_without``: a source that is left out at first. Every other network goes on from
        the one that the rest has taught, and the source's patients alone are divided into folds.
        Raises ArgumentsError where there are too few patients for folds to average, or no images
        of both labels to learn from.
        """
        self.card, self.material, self._sources = card, material, sources
        self._backbone, self._settings, self._out = backbone, settings, out
        self._images = [image for source in sources for image in source.images]
        self._groups = np.concatenate([source.groups for source in sources])
        self.hashes = [sha256_of(image.path) for image in self._images]
        uses = self._uses()
        self._use = np.array([uses[group] for group in material.groups.tolist()])
        self._may_learn = ~np.isin(self._use, (TEST, HELD_OUT))
        self._new, self._plain = self._use == "", ~material.views
        self._refuse_one_label()
        self._left_out = first_without
        self._first = self._of_the_others() if first_without else None
        folds = self._by_fold()
        if mean and not folds:
            raise ArgumentsError(f"--mean needs at least {FOLDS} patients new to the model.")
        self.averaged = len(folds) if mean else 1
        """Networks that the best one is the mean of."""
        each = [learnt for _, learnt in folds]
        self.best = mean_of(each) if mean else self._learn("all", self._may_learn, self._first)
        """Learnt from all that may be."""
        self.logits = self._assessed(folds)
        """Out of fold for new images, by the best network for held-out and test ones."""

    def tables(self, *, left_out: bool = True) -> list[Block]:
        """AUC of images by source and use, before and after; and with their source left out.

        ``left_out``: a network may be learnt for the last, where there is none yet.
        """
        before, rows = self._before(), []
        for source in dict.fromkeys(self.material.sources.tolist()):
            here = self._plain & (self.material.sources == source)
            for use in (HELD_OUT, TEST):
                rows += self._row(f"{source}, {use}", here & (self._use == use), before)
            new = here & self._new
            rows += self._row(f"{source}, by patient out of fold", new, before)
            may_tell = left_out or self._first is not None
            away = self._left_out_logits(source, new) if may_tell else None
            if away is not None:
                rows += self._row(f"{source}, left out of the learning", new, before, away)
        table = Table("AUC of single images", ("", "images", "before", "now"), tuple(rows))
        return [
            Heading("Images"),
            Paragraph(f"{chapters.INTERVALS_OF_AUC} A group is a patient where one is given."),
            table,
            *series_chapters.slices(self._examinations()),
        ]

    def _before(self) -> Logits:
        """Logits (n,) of the network as it was, of images as they came; NaN of other views."""
        stages, features = self._backbone.stages, self.material.features[self._plain]
        last = features if stages is None else tuning.last_maps(stages, features)
        logits = np.full(len(self.material), np.nan)
        logits[self._plain] = peaks.score(self._untouched(), last)[0]
        return logits

    def _left_out_logits(self, source: str, new: NDArray[np.bool_]) -> Logits | None:
        """Logits (n,) of a source's new images by what the others taught; None where none did."""
        others = self._may_learn & (self.material.sources != source)
        if not (new.any() and others.any()) or self._left_out not in ("", source):
            return None
        learnt = self._first or self._learn(f"without-{source}", others)
        logits = np.full(len(self.material), np.nan)
        logits[new] = self._scores(learnt, new)
        return logits

    def _of_the_others(self) -> Tuned:
        """What all sources but the one left out at first have taught. Raises ArgumentsError."""
        others = self._may_learn & (self.material.sources != self._left_out)
        if not self._has_both_labels(others):
            raise ArgumentsError(f"Without {self._left_out} there are no images of both labels.")
        learnt = self._learn(f"without-{self._left_out}", others)
        if not isinstance(learnt, Tuned):
            raise ArgumentsError("Only a network whose last stages learn goes on from another.")
        return learnt

    def evidence(self, alike: bool = False) -> PeakEvidence:
        """For the card. ``alike``: thresholds are chosen on every source, each counting alike.

        Raises ArgumentsError without images of both labels to choose them on, and NoveltyError.
        """
        assessed = self._plain & np.isfinite(self.logits)
        held_out, new = (assessed & (self._use == use) for use in (HELD_OUT, ""))
        # As before where there are any, so that thresholds mean what they meant.
        known = held_out if held_out.any() else new
        chosen = held_out | new if alike else known
        if not self._has_both_labels(chosen):
            raise ArgumentsError(
                f"No threshold can be chosen on {chosen.sum()} images of one label. Give images of "
                f"both that the card calls {HELD_OUT}, or of at least {FOLDS} patients new to it."
            )
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
        gaussian = novelty.fit(self._profiles(known), self.material.sources[known])
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
        found = self._examinations()
        try:
            return slice_fit.with_context(series_fit.fit(found), found)
        except ValueError:
            return None

    def _examinations(self) -> list[Examination]:
        """Those of new images that were assessed out of fold, of sources with either label."""
        rows = np.flatnonzero(self._plain)
        scored = [
            ScoredImage(image.image_id, image.source, image.group, image.label, logit)
            for image, row, logit in zip(
                self._images, rows, self.logits[rows].tolist(), strict=True
            )
            if self._new[row] and np.isfinite(logit)
        ]
        found = series_fit.examinations(scored, series_fit.Shape().least)
        return series_fit.of_both_labels(found)

    def _uses(self) -> dict[str, str]:
        """What each patient was used for: of a patient's images, the strictest counts for all."""
        uses: dict[str, str] = {}
        for group, sha256 in zip(self._groups.tolist(), self.hashes, strict=True):
            uses[group] = max(uses.get(group, ""), self.card.use_of(sha256), key=STRICTER.index)
        return uses

    def _refuse_one_label(self) -> None:
        """Raises ArgumentsError without images of both labels to learn from."""
        if not self._has_both_labels(self._may_learn):
            count = int((self._may_learn & self._plain).sum())
            raise ArgumentsError(
                f"Nothing can be learnt from the {count} images that the card does not call "
                f"{HELD_OUT} or {TEST}: both labels are needed."
            )

    def _has_both_labels(self, rows: NDArray[np.bool_]) -> bool:
        return len(np.unique(self.material.labels[rows])) == 2

    def _by_fold(self) -> list[Fold]:
        """Empty where too few patients are new to the model."""
        groups, folds = self.material.groups, []
        for fold in self._divided():
            may = self._may_learn & ~np.isin(groups, groups[fold])
            if not self._has_both_labels(may):
                return []
            folds.append((fold, may))
        return [
            (fold, self._learn(f"fold-{number}", may, self._first))
            for number, (fold, may) in enumerate(folds, start=1)
        ]

    def _divided(self) -> list[NDArray[np.int64]]:
        """Rows of new images by fold, every source and label shared out; none of too few."""
        divided = self._plain & self._new
        if self._left_out:
            divided &= self.material.sources == self._left_out
        rows = np.flatnonzero(divided)
        groups = self.material.groups[rows]
        both = zip(self.material.sources[rows], self.material.labels[rows], strict=True)
        strata = [f"{source}{label}" for source, label in both]
        most = max(Counter(strata).values(), default=0)
        if min(len(set(groups.tolist())), most) < FOLDS:
            return []
        division = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=self._settings.seed)
        with warnings.catch_warnings():  # that a source has fewer images of a label than folds
            warnings.simplefilter("ignore", UserWarning)
            return [rows[fold] for _, fold in division.split(rows, strata, groups)]

    def _assessed(self, folds: Sequence[Fold]) -> Logits:
        """Logits (n,) of what had not been learnt from; NaN elsewhere."""
        logits = np.full(len(self.material), np.nan)
        seen = np.flatnonzero(self._plain & ~self._may_learn)
        if len(seen):
            logits[seen] = self._scores(self.best, seen)
        held_out = np.flatnonzero(self._plain & (self._use == HELD_OUT))
        labels = self.material.labels[held_out]
        is_comparable = bool(folds) and len(np.unique(labels)) == 2
        kept = offset(labels, logits[held_out]) if is_comparable else 0.0
        for rows, learnt in folds:
            logits[rows] = self._scores(learnt, rows)
            if is_comparable:
                # On the scale of the one that is kept: networks learnt apart differ by a constant.
                of_fold = offset(labels, self._scores(learnt, held_out))
                logits[rows] = logits[rows] + of_fold - kept
        return logits

    def _scores(
        self, learnt: PeakHead | Tuned, rows: NDArray[np.int64] | NDArray[np.bool_]
    ) -> Logits:
        return peaks.score(learnt, self.material.features[rows])[0]

    def _learn(
        self, name: str, may: NDArray[np.bool_], after: Tuned | None = None
    ) -> PeakHead | Tuned:
        """Learnt from those rows, or read again where an earlier run with these rows kept it.

        ``after``: the network that it goes on from, in place of the model's own.
        """
        rows, backbone = np.flatnonzero(may), self._backbone
        kept = self._out / "learnt" / f"{name}.pt"
        before = self._left_out.encode() if after is not None else b""
        identity = hashlib.sha256(self._identity + rows.tobytes() + before).hexdigest()
        weight, bias = (torch.from_numpy(each) for each in backbone.start)
        head = PeakHead(weight, bias)
        empty = head if backbone.stages is None else Tuned(copy.deepcopy(backbone.stages), head)
        if kept.exists():
            values = torch.load(kept, weights_only=True)
            if values["identity"] == identity:
                empty.load_state_dict(values["state_dict"])
                return empty.eval()
        print(f"Learning: {name} ...", flush=True)
        steps = KeptSteps(kept.with_suffix(".steps"), identity)
        learnt = self._learn_anew(rows, steps, after)
        content = io.BytesIO()
        torch.save({"identity": identity, "state_dict": learnt.state_dict()}, content)
        kept.parent.mkdir(exist_ok=True)
        write_atomically(kept, content.getvalue())
        steps.path.unlink(missing_ok=True)
        return learnt

    def _learn_anew(
        self, rows: NDArray[np.int64], steps: KeptSteps, after: Tuned | None
    ) -> PeakHead | Tuned:
        """The head, then with it the last stage, then all. A stopped run goes on where it was."""
        backbone, settings = self._backbone, self._settings
        if after is not None:
            further = replace(settings, tuning_steps=settings.further_steps)
            return tuning.tune(self._shown(rows), copy.deepcopy(after), further, steps)
        head = peaks.learn(self._with_last, rows, backbone.start, settings)
        if backbone.stages is None:
            return head
        start, first = Tuned(copy.deepcopy(backbone.stages), head), steps.beside("last")
        if backbone.stages.has_several and settings.last_stage_steps:
            kept = KeptViews(self.material, rows, settings, tuning.shifted)
            start = tuning.tune(kept, start, settings, first, last_alone=True)
        tuned = tuning.tune(self._shown(rows), start, settings, steps)
        first.path.unlink(missing_ok=True)
        return tuned

    def _shown(self, rows: NDArray[np.int64]) -> Shown:
        """What the last part of tuning shows of these rows of the material."""
        if not self._settings.fresh_views:
            return KeptViews(self.material, rows, self._settings, tuning.shifted)
        images = np.flatnonzero(np.isin(np.flatnonzero(self._plain), rows))
        ask, grid = self._backbone.ask, self._backbone.grid(self.card)
        return FreshViews(self._sources, images, ask, grid, MOVED, self._settings)

    @cached_property
    def _with_last(self) -> PeakMaterial:
        """The material with the network's own last maps, which heads are learnt on."""
        stages, features = self._backbone.stages, self.material.features
        last = features if stages is None else tuning.last_maps(stages, features)
        return replace(self.material, features=last)

    @cached_property
    def _identity(self) -> bytes:
        """Of all that is learnt from, the rows left aside: model, settings, images and labels."""
        network = self._backbone.model.SerializeToString(deterministic=True)
        known = (asdict(self._settings), self._backbone.maps, self.hashes)
        digest = hashlib.sha256(hashlib.sha256(network).digest() + repr(known).encode())
        given = self.material
        for part in (given.labels, given.masks, given.worth, given.sources, given.drawn):
            digest.update(repr(part.dtype).encode() + part.tobytes())
        return digest.digest()

    @staticmethod
    def _head(learnt: PeakHead | Tuned) -> PeakHead:
        return learnt.head if isinstance(learnt, Tuned) else learnt

    def _untouched(self) -> PeakHead:
        """The linear head as it was, as a peak head whose cells say nothing."""
        weight, bias = (torch.from_numpy(each) for each in self._backbone.start)
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
