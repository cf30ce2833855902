"""Thumbnails: small images for the lists, as many as a bounded memory holds."""

from __future__ import annotations

import threading
from collections import OrderedDict

import numpy as np
from numpy.typing import NDArray

KEPT_BYTES = 16 << 20
"""Of all thumbnails together: 1,800 of 96×96, many times what lists show at a time."""

BESIDE = 300
"""Bytes that one takes beside its pixels: of tiny images that is the larger part."""

Pixels = NDArray[np.uint8]


class Thumbnails:
    """Those that came or were looked at last, by the number of their image in the run.

    Each is kept with the content that it was made of, so that none stands beside the result of
    other content. From any thread.
    """

    def __init__(self, kept_bytes: int = KEPT_BYTES) -> None:
        self._most = kept_bytes
        self._lock = threading.Lock()
        self._kept: OrderedDict[int, tuple[str, Pixels]] = OrderedDict()
        """SHA-256 and thumbnail of each image, the least lately used first."""
        self._bytes = 0

    @property
    def kept_bytes(self) -> int:
        """Of all thumbnails that are kept now."""
        return self._bytes

    def keep(self, image: int, sha256: str, pixels: Pixels) -> None:
        """Keep uint8 (h, w) of the content of that hash; what was used long ago goes for it."""
        with self._lock:
            self._drop(image)
            self._kept[image] = sha256, pixels
            self._bytes += pixels.nbytes + BESIDE
            while self._bytes > self._most:
                self._drop(next(iter(self._kept)))

    def get(self, image: int, sha256: str) -> Pixels | None:
        """That of an image with the content of that hash; None where none is kept."""
        with self._lock:
            kept = self._kept.get(image)
            if kept is None or kept[0] != sha256:
                return None
            self._kept.move_to_end(image)
            return kept[1]

    def _drop(self, image: int) -> None:
        kept = self._kept.pop(image, None)
        self._bytes -= 0 if kept is None else kept[1].nbytes + BESIDE
