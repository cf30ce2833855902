"""What lists of many lines do otherwise, so that they never hold up the window."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import groupby

from PySide6.QtCore import QObject, QTimer

LONG, PAUSE = 250, 1000
"""Of so many lines and more, those that results move are moved once in so many milliseconds: a view
lays out and paints every line anew, and nobody reads a list that moves ten times a second."""
APART = 100
"""Lines that are told of one by one; of more, a view paints all that lie between them."""


class Rest(QTimer):
    """Runs from when a long list's lines were moved until they may move again."""

    def __init__(self, model: QObject, catch_up: Callable[[], None]) -> None:
        """``catch_up``: brings the list up to the results that came in between."""
        super().__init__(model, singleShot=True, interval=PAUSE)
        self.timeout.connect(catch_up)

    def begin(self, lines: int) -> None:
        """Begin after a list of so many lines was moved; a short one needs no rest."""
        if lines >= LONG:
            self.start()


def stretches(places: Iterable[int]) -> Iterator[tuple[int, int]]:
    """First and last of each stretch of lines that changed; of very many, one around them all."""
    ordered = sorted(places)
    if len(ordered) > APART:
        yield ordered[0], ordered[-1]
        return
    for _, numbered in groupby(enumerate(ordered), lambda each: each[1] - each[0]):
        stretch = [place for _, place in numbered]
        yield stretch[0], stretch[-1]
