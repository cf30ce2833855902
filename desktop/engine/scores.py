"""Scores that are kept by content: a model is not asked twice about the same image."""

from __future__ import annotations

import contextlib
import math
import sqlite3
from collections.abc import Sequence
from dataclasses import astuple
from pathlib import Path

from desktop.engine.store import Store
from desktop.resources import app_version
from model.assess import Score

_WHERE = "WHERE sha256 = ? AND frame = ? AND model = ? AND program = ?"


class KeptScores:
    """Scores of one model by this version of the program, in the store of the readings.

    A score belongs to a file's SHA-256, the frame, the model's SHA-256 and the program's version,
    which decides how a file is read. To be used in the thread that made it. What the disk does not
    give or take is computed again: scores are no one's work, and nothing is said.
    """

    def __init__(self, path: Path, model_sha256: str) -> None:
        """``path``: of the store, as for ``ReaderLabels``."""
        self._model, self._program = model_sha256, app_version()
        self._store: Store | None = None
        with contextlib.suppress(OSError, sqlite3.Error):
            self._store = Store(path)

    def known_score(self, sha256: str, frame: int) -> Score | None:
        """What the model said of an image, if it was asked before."""
        if self._store is None or not sha256:
            return None
        key = (sha256, frame, self._model, self._program)
        columns = "logit, probability, novelty, provider"
        try:
            found = self._store.file.execute(f"SELECT {columns} FROM scores {_WHERE}", key)
            row = found.fetchone()
        except sqlite3.Error:
            return None
        return None if row is None else Score(*row)

    def keep(self, scores: Sequence[tuple[str, int, Score]]) -> None:
        """Keep what the model said of some images: SHA-256, frame and score of each."""
        rows = [
            (sha256, frame, self._model, self._program, *astuple(score))
            for sha256, frame, score in scores
            if sha256 and not math.isnan(score.probability)
        ]
        if self._store is None or not rows:
            return
        statement = "INSERT OR REPLACE INTO scores VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
        with contextlib.suppress(sqlite3.Error), self._store.transaction() as file:
            file.executemany(statement, rows)

    def close(self) -> None:
        """Let the file go."""
        if self._store is not None:
            self._store.close()
