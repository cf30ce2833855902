"""Finds repeats and neighbours among images by their pixels, and proposes groups.

A repeat is the same image once more: cut, scaled, tinted or compressed another way. A neighbour
is another slice of the same head. Both must stay on one side of every split, or a network is
assessed on what it has learnt by heart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from imaging.input.head import TISSUE
from imaging.input.recipe import InputRecipe
from trainer.auditing.likeness import SIDE, Images, Likeness, likeness

RECIPE = InputRecipe(size=SIDE)
"""Of the images to compare: grey and cropped to the head, as the network gets them."""
WHITE = 248
"""Grey from which bone shows nothing more."""
SHOWING = 0.2
"""Share of an image between black and white below which it has nothing to be known by: an empty
table, the vertex. Of the 200 images the barest has 0.42; of rsna-slices 404 of 3,023 have less
than 0.2, and their tables and blank domes are alike whoever lies on them."""
REPEAT = 0.85
"""Likeness of a repeat. Only the same image, or one a few millimetres on, gets there: of some
four million pairs of rsna-slices, nearly all of different patients, two do."""
RANK = 20
"""The excess of a pair is counted from each image's likeness to its 20th-best partner: more slices
than are near each other in one study, so that partner is of another patient. What is common to
most heads at that level then counts for nothing (CSLS, Conneau et al. 2018, against hubs)."""
NEIGHBOUR = 0.18
"""Excess of a neighbour. One pair of two patients for some 60 images exceeds it (rsna-slices: 46
pairs of 3,023 images, few of them real), and each costs a fold no more than the freedom to divide
two. A missed neighbour costs the honesty of the result, so the bar is low."""
BESIDE = 0.05
"""Excess of a neighbour that stands next in the table, where slices of one study do. There are
only N - 1 such pairs to be wrong about: of 2,275 in rsna-slices, where order means nothing, 5 are
above."""


class Kind(StrEnum):
    """What two images are to each other."""

    REPEAT = "repeat"
    NEIGHBOUR = "neighbour"


@dataclass(frozen=True)
class Pair:
    """Two images that probably show one head, for a human to check."""

    first: int
    """Row of one image."""
    second: int
    """Row of the other, the larger."""
    likeness: float
    """Correlation at its best, at most 1."""
    excess: float
    """Likeness above what the two share with other patients' images."""
    mirrored: bool
    """Whether one has to be mirrored to be so alike."""
    kind: Kind


@dataclass(frozen=True)
class Found:
    """What a search gave."""

    pairs: tuple[Pair, ...]
    """Repeats first, then neighbours, each from the most to the least alike."""
    bare: tuple[int, ...]
    """Rows of images that show too little to be compared."""


def find(images: Images, sources: Sequence[str]) -> Found:
    """Search images made by RECIPE, uint8 (N, SIDE, SIDE), in the order of their tables.

    ``sources``: the name of the collection of each.
    """
    source = np.unique(np.asarray(sources, dtype=np.str_), return_inverse=True)[1]
    shown = showing(images)
    rows = np.flatnonzero(shown)
    found = likeness(images[rows], source[rows])
    one_source = source[rows[found.first]] == source[rows[found.second]]
    excess = _excess(found, one_source, len(rows))
    beside = one_source & (rows[found.second] - rows[found.first] == 1)
    repeat = found.score >= REPEAT
    chosen = np.flatnonzero(repeat | (excess >= np.where(beside, BESIDE, NEIGHBOUR)))
    chosen = chosen[np.lexsort((-np.where(repeat, found.score, excess)[chosen], ~repeat[chosen]))]
    pairs = tuple(
        Pair(
            int(rows[found.first[index]]),
            int(rows[found.second[index]]),
            float(found.score[index]),
            float(excess[index]),
            bool(found.mirrored[index]),
            Kind.REPEAT if repeat[index] else Kind.NEIGHBOUR,
        )
        for index in chosen
    )
    return Found(pairs, tuple(int(row) for row in np.flatnonzero(~shown)))


def showing(images: Images) -> NDArray[np.bool_]:
    """Which of the images (N, SIDE, SIDE) show enough to be known by: (N,)."""
    shown: NDArray[np.bool_] = ((images >= TISSUE) & (images < WHITE)).mean(axis=(1, 2)) >= SHOWING
    return shown


def propose_groups(
    names: Sequence[str], known: Sequence[str], pairs: Sequence[Pair]
) -> tuple[str, ...]:
    """The group of each image: whatever hangs together by pairs or by known groups.

    ``names`` and ``known`` groups stand in the images' order. A group is called as its first image.
    """
    _, group = np.unique(np.asarray(known, dtype=np.str_), return_inverse=True)
    first_of_group = np.unique(group, return_index=True)[1]
    ends = [np.arange(len(names)), first_of_group[group]]
    ones, others = np.array([(p.first, p.second) for p in pairs], dtype=np.int64).reshape(-1, 2).T
    ones, others = np.append(ends[0], ones), np.append(ends[1], others)
    links = coo_array((np.ones(len(ones)), (ones, others)), shape=(len(names), len(names)))
    _, component = connected_components(links, directed=False)
    firsts = np.unique(component, return_index=True)[1]
    return tuple(names[row] for row in firsts[component])


def _excess(found: Likeness, one_source: NDArray[np.bool_], count: int) -> NDArray[np.float64]:
    """Each pair's likeness above the mean of what its two images share with others: (n,).

    Others are those of an image's own source.
    """
    ends = np.concatenate([found.first[one_source], found.second[one_source]])
    scores = np.tile(found.score[one_source], 2)
    scores = scores[np.lexsort((-scores, ends))]
    partners = np.bincount(ends, minlength=count)
    # Of few images the middle one stands for another patient; with none nothing is in excess.
    place = np.cumsum(partners) - partners + np.minimum(RANK, partners // 2)
    common = np.ones(count)
    common[partners > 0] = scores[place[partners > 0]]
    excess: NDArray[np.float64] = found.score - (common[found.first] + common[found.second]) / 2
    return excess
