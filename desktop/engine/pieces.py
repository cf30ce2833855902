"""Pieces: the files of a run, divided among a crew; each image's result comes back exactly once."""

from __future__ import annotations

import queue
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import replace
from itertools import chain
from typing import Any, NamedTuple

from desktop.engine.crew import AT_ONCE, Crew, Files, WorkerLostError
from desktop.engine.decoder import Decoder
from desktop.engine.journal import Journal
from desktop.engine.scoring import FileQueue, FilesToScore, FileToScore, Scored, score, unscored
from imaging.errors import Code, ImageError, Problem
from imaging.headers import known_contents
from model.lanes import ScoringNetwork

PIECE = 32
"""Images of one piece: half a second of work, so that a lost worker costs little."""
AHEAD = 2 * AT_ONCE
"""Pieces that wait or are worked at for each worker."""


def score_piece(files: Files, session: ScoringNetwork, sandbox: Decoder) -> list[Scored]:
    """What a worker does with a piece: the same as a run without a crew, without thumbnails."""
    scored = score(dict(files), session, sandbox, FileQueue(number for number, _ in files))
    return [Scored(image, replace(result, thumbnail=None)) for image, result in scored]


def score_in_pieces(
    files: FilesToScore, crew: Crew, order: FileQueue, journal: Journal | None = None
) -> Iterator[Scored]:
    """One result for each image of ``files``, as soon as it is known.

    Files whose content the journal knows are hashed and not scored; all others go into it. Files
    at which workers are lost are tried one by one, and in the end have rows that say so. Raises
    ClusterError where no worker is left, and JournalError.
    """
    return _Division(files, crew, order, journal).results()


class _Done(NamedTuple):
    files: Files
    take: Callable[[Files, Future[Any]], Iterator[Scored]]
    future: Future[Any]


class _Division:
    """The state of ``score_in_pieces``."""

    def __init__(
        self,
        files: FilesToScore,
        crew: Crew,
        order: FileQueue,
        journal: Journal | None,
    ) -> None:
        self._files, self._crew, self._order = files, crew, order
        self._journal = journal
        self._asks_journal = journal is not None and len(journal) > 0
        self._done: queue.SimpleQueue[_Done] = queue.SimpleQueue()
        self._under_way = 0

    def results(self) -> Iterator[Scored]:
        while True:
            while self._under_way < AHEAD * self._crew.count and (piece := self._piece()):
                if self._asks_journal:
                    asked = [(each.path, each.headers) for _, each in piece]
                    self._begin(piece, self._known, self._crew.submit(known_contents, asked))
                else:
                    self._score(piece)
            if not self._under_way:
                return
            done = self._done.get()
            self._under_way -= 1
            yield from done.take(done.files, done.future)

    def _piece(self) -> Files:
        """The next files, of ``PIECE`` images or of a single file with more."""
        taken: list[tuple[int, FileToScore]] = []
        images = 0
        while images < PIECE and (number := self._order.take()) is not None:
            file = self._files[number]
            taken.append((number, file))
            images += len(file.headers)
        return tuple(taken)

    def _begin(
        self,
        files: Files,
        take: Callable[[Files, Future[Any]], Iterator[Scored]],
        future: Future[Any],
    ) -> None:
        self._under_way += 1
        future.add_done_callback(lambda done: self._done.put(_Done(files, take, done)))

    def _score(self, files: Files) -> None:
        self._begin(files, self._scored, self._crew.score(files))

    def _known(self, files: Files, future: Future[list[str]]) -> Iterator[Scored]:
        """Hand out what the journal knows of a piece, and have the rest of it scored."""
        try:
            contents = future.result()
        except ImageError:  # one of the files kills or hangs who reads it: scoring tells which
            contents = [""] * len(files)
        unknown: list[tuple[int, FileToScore]] = []
        assert self._journal is not None
        for (number, file), sha256 in zip(files, contents, strict=True):
            known = self._journal.known(sha256, file)
            if known is None:
                unknown.append((number, file))
            else:
                yield from known
        if unknown:
            self._score(tuple(unknown))

    def _scored(self, files: Files, future: Future[list[Scored]]) -> Iterator[Scored]:
        try:
            results = future.result()
        except WorkerLostError:
            yield from self._again(files)
            return
        if self._journal is not None:
            self._journal.keep([each.result for each in results])
        yield from results

    def _again(self, files: Files) -> Iterator[Scored]:
        """Try files one by one that workers were lost at; one alone has its rows."""
        if len(files) > 1:
            for each in files:
                self._score((each,))
            return
        problem = Problem(Code.DECODER_DIED)
        yield from chain.from_iterable(unscored(file, problem) for _, file in files)
