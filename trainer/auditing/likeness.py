"""How alike images of heads are, whatever their size, crop, tint, contrast and side.

Every image is filtered to local contrast, so that windows and exposures drop out and edges
count: skull, ventricles, sulci. Two images are as alike as their normalised cross-correlation
is at its best over small shifts, small changes of scale and mirroring. That is dear, so a coarse
copy of the filtered image first names each image's likeliest partners.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image as PilImage
from scipy import fft, ndimage
from sklearn.neighbors import NearestNeighbors

SIDE = 64
"""Of the images in pixels. Sulci are still to be seen, burnt-in letters and noise hardly are."""
SPREAD = 2.0
"""Of the neighbourhood, in pixels, whose mean and contrast are taken out: about a gyrus."""
FAINT = 10.0
"""Contrast in grey values below which there is nothing to see; keeps noise from being enlarged."""
SHIFT = 6
"""Most pixels that a copy may lie aside: two margins of the crop."""
SCALES = (0.94, 0.96, 0.98, 1.0, 1.02, 1.04, 1.06)
"""A letter or table that the crop took in moves its scale so far. Correlation of such fine edges
falls by half at 4 % beside the right scale, so steps are of 2 %."""
PARTNERS = 40
"""Looked at per image and side. Of 120 pairs in the 200 images that a search of all finds, the
first 40 of 3,223 hold 112 and every repeat."""
PARTNERS_ELSEWHERE = 5
"""The same in each other source, where a partner is a copy or a slice beside it, or chance."""
COARSE_SPREAD, COARSE_BLUR, COARSE_STEP = 3.0, 1.5, 2
"""The coarse copy forgives a shift and a scale that the search has not tried yet."""
NEAR, NEAREST, BLOCK = 0.85, 2, 512
"""Of the quick search: likeness of coarse copies (all repeats of the 200 have 0.88 and more), so
many partners an image, and images that are compared with all others at once."""
_PADDED = fft.next_fast_len(SIDE + SHIFT, real=True)

Images = NDArray[np.uint8]
Filtered = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Likeness:
    """The pairs that were looked at, each once. All arrays are (n,)."""

    first: NDArray[np.int64]
    """Row of one image."""
    second: NDArray[np.int64]
    """Row of the other, always the larger."""
    score: NDArray[np.float64]
    """Correlation, at most 1."""
    mirrored: NDArray[np.bool_]
    """Whether the two are more alike when one is mirrored."""


def likeness(images: Images, sources: NDArray[np.int64]) -> Likeness:
    """Compare each of the images, uint8 (N, SIDE, SIDE), with its likeliest partners.

    ``sources`` (N,) numbers the collections that they come from. Partners are looked for in each
    by itself, so that what is found in one does not hang on which others are beside it. Those of
    one source that stand one after the other are always compared.
    """
    pairs = _candidates(images, sources)
    return _one_each(pairs, _scores(images, pairs))


def near_copies(images: Images) -> Likeness:
    """The pairs that may be one image, of images uint8 (N, SIDE, SIDE), in seconds for thousands.

    Looked at are each image's NEAREST partners whose coarse copies are NEAR alike, and no others:
    repeats are found so, neighbours in a head are not all. Without regard to sources.
    """
    blurred = _blurred(images)
    coarse = _subsampled(blurred)
    pairs = []
    for mirrored, asking in enumerate((coarse, _subsampled(blurred[:, :, ::-1]))):
        for start in range(0, len(images), BLOCK):
            alike = asking[start : start + BLOCK] @ coarse.T
            rows = np.arange(len(alike))
            alike[rows, start + rows] = -1.0
            for _ in range(min(NEAREST, len(images) - 1)):
                best = alike.argmax(axis=1)
                near = alike[rows, best] >= NEAR
                pairs.append(_ends(start + rows[near], best[near], mirrored))
                alike[rows, best] = -1.0
    found = _in_order(np.concatenate([np.empty((0, 3), dtype=np.int64), *pairs]))
    return _one_each(found, _scores(images, found))


def _ends(ones: NDArray[np.int64], others: NDArray[np.int64], side: int) -> NDArray[np.int64]:
    ends = np.sort(np.column_stack([ones, others]), axis=1)
    return np.column_stack([ends, np.full(len(ends), side)])


def _scores(images: Images, pairs: NDArray[np.int64]) -> NDArray[np.float64]:
    """How alike the pairs (n, 3), in order of the second image, are at their best: (n,)."""
    rows_used = np.unique(pairs[:, :2])
    spectra = np.zeros((len(images), _PADDED, _PADDED // 2 + 1), dtype=np.complex64)
    spectra[rows_used] = _spectra(_contrast(images[rows_used], SPREAD))
    scores = np.empty(len(pairs))
    for second in np.unique(pairs[:, 1]):
        start, end = np.searchsorted(pairs[:, 1], (second, second + 1))
        partners, sides = pairs[start:end, 0], pairs[start:end, 2]
        pixels = images[second]
        for side in np.unique(sides):
            rows = start + np.flatnonzero(sides == side)
            turned = pixels[:, ::-1] if side else pixels
            scores[rows] = _best(spectra[partners[sides == side]], turned)
    return scores


def _candidates(images: Images, sources: NDArray[np.int64]) -> NDArray[np.int64]:
    """Rows (first, second, mirrored): int64 (n, 3), each once, in order of the second image."""
    after = np.flatnonzero(np.diff(sources) == 0) + 1
    found = [np.column_stack([after - 1, after, np.zeros_like(after)])]
    sides = (_coarse(images), _coarse(images[:, :, ::-1]))
    members = [np.flatnonzero(sources == source) for source in np.unique(sources)]
    for inside in members:
        search = NearestNeighbors(algorithm="brute").fit(sides[0][inside])
        for asking in members:
            wanted = min(len(inside), PARTNERS + 1 if asking is inside else PARTNERS_ELSEWHERE)
            for mirrored, coarse in enumerate(sides):
                near = inside[search.kneighbors(coarse[asking], wanted, return_distance=False)]
                found.append(_ends(np.repeat(asking, wanted), near.ravel(), mirrored))
    return _in_order(np.concatenate(found))


def _in_order(pairs: NDArray[np.int64]) -> NDArray[np.int64]:
    """Pairs (n, 3) of two different images, each once, in order of the second image."""
    pairs = np.unique(pairs[pairs[:, 0] < pairs[:, 1]], axis=0)
    return pairs[np.argsort(pairs[:, 1], kind="stable")]


def _coarse(images: Images) -> Filtered:
    return _subsampled(_blurred(images))


def _blurred(images: Images) -> Filtered:
    around = (0, COARSE_BLUR, COARSE_BLUR)
    blurred: Filtered = ndimage.gaussian_filter(_contrast(images, COARSE_SPREAD), around)
    return blurred


def _subsampled(blurred: Filtered) -> Filtered:
    coarse = _normed(blurred[:, ::COARSE_STEP, ::COARSE_STEP])
    return coarse.reshape(len(blurred), (SIDE // COARSE_STEP) ** 2)


def _contrast(images: Images, spread: float) -> Filtered:
    """Local mean taken out, local contrast made even, each image of norm 1 (0 if blank)."""
    around = (0, spread, spread)
    grey = images.astype(np.float32)
    detail = grey - ndimage.gaussian_filter(grey, around)
    strength = np.sqrt(ndimage.gaussian_filter(detail**2, around))
    return _normed(detail / (strength + FAINT))


def _normed(images: Filtered) -> Filtered:
    centred = images - images.mean(axis=(1, 2), keepdims=True)
    norms = np.linalg.norm(centred, axis=(1, 2), keepdims=True)
    normed: Filtered = centred / np.maximum(norms, 1e-6)
    return normed


def _spectra(images: Filtered) -> NDArray[np.complex64]:
    spectra: NDArray[np.complex64] = fft.rfft2(images, s=(_PADDED, _PADDED))
    return spectra


def _best(spectra: NDArray[np.complex64], pixels: Images) -> NDArray[np.float64]:
    """The highest correlation of one image, at all shifts and scales, with each of n: (n,)."""
    best = np.full(len(spectra), -1.0)
    reach = np.arange(-SHIFT, SHIFT + 1)
    for spectrum in _spectra(_contrast(_scaled(pixels), SPREAD)):
        product = spectra.conj() * spectrum
        correlation = fft.irfft2(product, s=(_PADDED, _PADDED))[:, reach[:, None], reach]
        best = np.maximum(best, correlation.max(axis=(1, 2)))
    return best


def _scaled(pixels: Images) -> Images:
    """The image (SIDE, SIDE) at each of SCALES around its centre: (scales, SIDE, SIDE)."""
    image = PilImage.fromarray(pixels)
    copies = []
    for scale in SCALES:
        step, edge = 1 / scale, (SIDE - SIDE / scale) / 2
        matrix = (step, 0, edge, 0, step, edge)
        copies.append(
            image.transform(
                (SIDE, SIDE), PilImage.Transform.AFFINE, matrix, PilImage.Resampling.BILINEAR
            )
        )
    return np.stack([np.asarray(copy) for copy in copies])


def _one_each(pairs: NDArray[np.int64], scores: NDArray[np.float64]) -> Likeness:
    """Of the two sides of a pair the one that is more alike."""
    order = np.lexsort((-scores, pairs[:, 1], pairs[:, 0]))
    pairs, scores = pairs[order], scores[order]
    kept = np.any(np.diff(pairs[:, :2], axis=0, prepend=-1) != 0, axis=1)
    first, second, mirrored = pairs[kept].T
    return Likeness(first, second, scores[kept], mirrored.astype(np.bool_))
