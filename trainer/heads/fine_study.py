"""A fine heat map for every division of the material, and where each points."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import GroupKFold

from model.proportion import Proportion
from trainer.learning import fine_map
from trainer.learning.fine_map import FineMaterial
from trainer.reports import chapters
from trainer.reports.document import Block, Heading, Paragraph, Table
from trainer.results.fine_places import Places
from trainer.settings import FineMapSettings

FOLDS = 4
NEAR = (0.0, 0.5)
"""Distances in coarse cells from a box within which a peak counts: in it, and half a cell off."""
HOW = (
    "Counted is the middle of the map's highest cell: in a box, or within half a cell of the "
    "coarse map of one. Only the convolution has not seen these patients; the network may have."
)

Maps = NDArray[np.float32]


class FineStudy:
    """Fine maps learnt without each fold of patients, without each source, and from all."""

    def __init__(
        self,
        material: FineMaterial,
        flagged: NDArray[np.bool_],
        places: Places,
        settings: FineMapSettings,
    ) -> None:
        """``flagged`` (n,): what the model flags, counted apart too."""
        self.material, self.flagged, self._how = material, flagged, (places, settings)
        every = np.arange(len(material))
        self.best = fine_map.learn(material, every, *self._how)
        self._plain = np.flatnonzero(material.plain)
        self._found: list[tuple[str, NDArray[np.int64], Maps]] = []
        names = sorted(set(material.sources.tolist()))
        folded = self._by_fold()
        for name in names:
            here = self._plain[material.sources[self._plain] == name]
            if folded is not None:
                self._found.append((f"{name}, by patient out of fold", here, folded[here]))
            others = np.flatnonzero(material.sources != name)
            if len(others):
                away = fine_map.learn(material, others, *self._how)
                maps = fine_map.fine_maps(away, material, here)
                self._found.append((f"{name}, left out of the learning", here, maps))

    def tables(self) -> list[Block]:
        """Where coarse and fine maps point, on the same images."""
        rows = []
        for name, counted in self.counts.items():
            for which in ("flagged", "all"):
                shares = [Proportion.of(*counted[which][key]) for key in _KEYS]
                rows.append((name, which, *(chapters.share(share) for share in shares)))
        head = ("", "images", *_KEYS)
        return [
            Heading("Where the heat map points"),
            Paragraph(HOW),
            Table("The peak, by the coarse and by the fine map", head, tuple(rows)),
        ]

    @cached_property
    def counts(self) -> dict[str, Any]:
        """By source: of flagged and of all images with boxes, how many peaks, of how many."""
        return {
            name: {
                "flagged": self._counted(rows, maps, self.flagged[rows]),
                "all": self._counted(rows, maps, np.ones(len(rows), dtype=bool)),
            }
            for name, rows, maps in self._found
        }

    def _counted(
        self, rows: NDArray[np.int64], fine: Maps, which: NDArray[np.bool_]
    ) -> dict[str, tuple[int, int]]:
        outlines, coarse = self.material.outlines[rows[which]], self.material.coarse[rows[which]]
        pairs = []
        for near in NEAR:
            off = int(near * outlines.shape[1] / coarse.shape[1])
            for maps in (coarse, fine[which]):
                pairs.append((int(peaks_in(maps, outlines, off).sum()), len(outlines)))
        return dict(zip(_KEYS, pairs, strict=True))

    def _by_fold(self) -> Maps | None:
        """Maps of all plain images, each by a fine map that its patient was no part of."""
        groups = self.material.groups
        if len(set(groups.tolist())) < FOLDS:
            return None
        maps = np.zeros_like(self.material.masks)
        for learnt, away in GroupKFold(FOLDS).split(groups, groups=groups):
            module = fine_map.learn(self.material, learnt, *self._how)
            here = away[self.material.plain[away]]
            maps[here] = fine_map.fine_maps(module, self.material, here)
        return maps


_KEYS = ("coarse, in a box", "fine, in a box", "coarse, half a cell off", "fine, half a cell off")


def peaks_in(maps: Maps, outlines: NDArray[np.bool_], off: int) -> NDArray[np.bool_]:
    """Whether the middle of each map's highest cell lies in its outline, or ``off`` pixels from it.

    ``maps`` (N, h, w), ``outlines`` (N, S, S); off is counted along rows and along columns. A map
    of zeros has no peak.
    """
    found = np.zeros(len(maps), dtype=np.bool_)
    cell = outlines.shape[1] / maps.shape[1]
    for at, (each, outline) in enumerate(zip(maps, outlines, strict=True)):
        row, column = (int((i + 0.5) * cell) for i in np.unravel_index(each.argmax(), each.shape))
        near = outline[max(0, row - off) : row + off + 1, max(0, column - off) : column + off + 1]
        found[at] = each.max() > 0 and near.any()
    return found
