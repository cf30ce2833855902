"""Session: a model file of the contract, checked, on a provider that gave the known answer."""

from __future__ import annotations

import hashlib
import stat
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from imaging.messages import Message, MessageError
from model.assess import Score
from model.built_in import is_built_in
from model.card import CardError, ModelCard
from model.device import Device
from model.graph_size import GraphSizeError, Value, check_size
from model.messages import ModelCode
from model.onnx_file import FLOAT, UINT8, OnnxFile, OnnxFileError, Tensor, read_onnx
from model.providers import (
    CPU,
    ORT_ERRORS,
    Choice,
    RuntimeSession,
    choose,
    open_session,
    usable_cores,
)
from model.repeat import with_repeat

LARGEST_FILE = 200_000_000
"""Bytes. A ResNet-34 at full precision takes 86 million."""
INPUT, LOGIT, PROBABILITY, NOVELTY, HEAT_MAP = "scan", "logit", "probability", "novelty", "heat_map"
_RANKS = {LOGIT: 1, PROBABILITY: 1, NOVELTY: 1, HEAT_MAP: 3}
_NOVELTY_SLACK = 0.05
"""Largest relative difference of the known answer's novelty; the card bounds the logit's."""


class SessionError(MessageError):
    """There is no model to use, or it gives no valid score."""

    @classmethod
    def of(cls, code: ModelCode, **values: str | int | Message) -> Self:
        """With a code and its values."""
        return cls(Message(code, **values))


@dataclass(frozen=True, eq=False)
class Scores:
    """One value an image, float32 (n,) each; all three NaN where there is no valid score."""

    logit: NDArray[np.float32]
    probability: NDArray[np.float32]
    novelty: NDArray[np.float32]

    def of_each(self, provenance: str) -> list[Score]:
        """The Score of each image, in order; ``provenance``: what computed them."""
        columns = (self.logit.tolist(), self.probability.tolist(), self.novelty.tolist())
        return [Score(*three, provenance) for three in zip(*columns, strict=True)]


class Session:
    """Gives scores for network inputs. May be used from several threads."""

    def __init__(
        self, content: bytes, card: ModelCard, choice: Choice, threads: int | None = None
    ) -> None:
        """Use ``open``, which checks the content first. Raises SessionError."""
        self.sha256 = hashlib.sha256(content).hexdigest()
        self.card = with_repeat(card, self.sha256)
        self.is_built_in = is_built_in(self.sha256)
        """Whether the file is, byte by byte, one that this version of the program came with."""
        self._content = content
        self._threads = usable_cores() if threads is None else threads
        self._swap = threading.Lock()
        self._choice, self._session = choice, _trusted(content, card, choice.provider)

    @classmethod
    def open(
        cls,
        path: Path,
        device: Device = "auto",
        threads: int | None = None,
        sha256: str | None = None,
    ) -> Session:
        """Check the whole file, then make a session and let it give the card's known answer.

        ``threads``: the ``lanes`` on the CPU; as many as there are cores where none are named.
        ``sha256`` is what the content must have, where that is known. Raises SessionError.
        """
        content = _read(path)
        if sha256 is not None and hashlib.sha256(content).hexdigest() != sha256:
            raise SessionError.of(ModelCode.MODEL_UNEXPECTED)
        card = check_file(content)
        choice = choose(device)
        try:
            return cls(content, card, choice, threads)
        except SessionError as error:
            if choice.provider == CPU:
                raise
            reason = Message(ModelCode.CPU_INSTEAD, why=error.message)
            return cls(content, card, Choice(CPU, reason, as_asked=False), threads)

    @property
    def provider(self) -> str:
        """The execution provider in use; another one after CUDA was lost."""
        return self._choice.provider

    @property
    def lanes(self) -> int:
        """How many batches to compute at the same time: one a core on the CPU, one on a GPU."""
        return self._threads if self.provider == CPU else 1

    @property
    def provider_reason(self) -> Message:
        """Why this provider."""
        return self._choice.reason

    @property
    def notice(self) -> Message | None:
        """What must stand beside every result of a file that is not built in; None for those."""
        return None if self.is_built_in else Message(ModelCode.NOT_BUILT_IN, sha256=self.sha256)

    @property
    def provenance(self) -> str:
        """The provider, and the reason where it is not the one asked for; for each image."""
        return (
            self.provider if self._choice.as_asked else f"{self.provider}: {self.provider_reason}"
        )

    def score(self, images: NDArray[np.uint8]) -> Scores:
        """Scores of network inputs, uint8 (n, S, S[, 3]). An image without a valid score gets NaN.

        Where CUDA fails, the whole batch is computed again on the CPU, which stays in use.
        """
        try:
            logit, probability, novelty = self._run([LOGIT, PROBABILITY, NOVELTY], images)
        except SessionError:
            logit, probability, novelty = (np.full(len(images), np.nan, np.float32) for _ in "123")
        valid = np.isfinite(logit) & np.isfinite(novelty) & (probability >= 0) & (probability <= 1)
        nothing = np.float32(np.nan)
        return Scores(*(np.where(valid, each, nothing) for each in (logit, probability, novelty)))

    def heat_map(self, image: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Where the score of one network input, uint8 (S, S), was raised: float32 (h, w).

        Raises SessionError.
        """
        heat = self._run([HEAT_MAP], image[np.newaxis])[0][0]
        if not np.isfinite(heat).all():
            raise SessionError.of(ModelCode.NO_HEAT_MAP)
        return np.asarray(heat, dtype=np.float32)

    def _run(self, names: list[str], images: NDArray[np.uint8]) -> list[NDArray[np.float32]]:
        session = self._session
        try:
            outputs = session.run(names, {INPUT: images})
        except ORT_ERRORS as error:
            self._leave(session, error)
            try:
                outputs = self._session.run(names, {INPUT: images})
            except ORT_ERRORS as again:
                raise SessionError.of(ModelCode.SESSION_FAILED) from again
        if any(len(each) != len(images) for each in outputs):
            raise SessionError.of(ModelCode.SESSION_FAILED)
        return outputs

    def _leave(self, failed: RuntimeSession, error: Exception) -> None:
        """Go on without the session that failed: on the CPU, unless that is where it failed."""
        with self._swap:
            if self._session is not failed:
                return  # another thread has done it
            if self.provider == CPU:
                raise SessionError.of(ModelCode.SESSION_FAILED) from error
            self._session = _trusted(self._content, self.card, CPU)
            self._choice = Choice(CPU, Message(ModelCode.CUDA_LOST), as_asked=False)


def _read(path: Path) -> bytes:
    try:
        known = path.stat()
        if not stat.S_ISREG(known.st_mode):
            raise SessionError.of(ModelCode.MODEL_NOT_REGULAR)
        if known.st_size > LARGEST_FILE:
            raise SessionError.of(ModelCode.MODEL_TOO_LARGE)
        with path.open("rb") as file:
            return file.read(LARGEST_FILE)
    except FileNotFoundError as error:
        raise SessionError.of(ModelCode.NO_MODEL_FILE, name=path.name) from error
    except OSError as error:
        raise SessionError.of(ModelCode.MODEL_UNREADABLE, name=path.name) from error


def _agrees(outputs: list[NDArray[np.float32]], card: ModelCard) -> bool:
    """Whether logits, novelties, probabilities are the card's; NaN agrees with nothing."""
    known = card.known_answer
    logit, novelty, probability = (each.astype(np.float64) for each in outputs)
    expected = card.calibration.probabilities(logit)
    slack = _NOVELTY_SLACK * max(1.0, abs(known.novelty))
    return bool(
        np.all(np.abs(logit - known.logit) <= known.tolerance)
        and np.all(np.abs(novelty - known.novelty) <= slack)
        and np.all(np.abs(probability - expected) <= 1e-3)
    )


def check_file(content: bytes) -> ModelCard:
    """The card of a file that keeps the contract, as far as that is seen before a session is made.

    Raises SessionError.
    """
    try:
        described = read_onnx(content)
        card = ModelCard.from_metadata(described.metadata)
    except (OnnxFileError, CardError) as error:
        raise SessionError(error.message) from error
    _check_contract(described, card)
    known = {**described.constants, INPUT: Value((1, *card.recipe.shape))}
    try:
        check_size(described.nodes, known, card.recipe.size**2)
    except GraphSizeError as error:
        raise SessionError.of(ModelCode.GRAPH_SIZE, detail=str(error)[:120]) from error
    return card


def _check_contract(described: OnnxFile, card: ModelCard) -> None:
    if described.inputs != (Tensor(INPUT, UINT8, (None, *card.recipe.shape)),):
        shape = ", ".join(map(str, card.recipe.shape))
        raise SessionError.of(ModelCode.WRONG_INPUT, shape=shape)
    outputs = {output.name: output for output in described.outputs}
    if outputs.keys() != _RANKS.keys() or len(outputs) != len(described.outputs):
        raise SessionError.of(ModelCode.WRONG_OUTPUTS)
    for name, rank in _RANKS.items():
        if outputs[name].element != FLOAT or len(outputs[name].shape) != rank:
            raise SessionError.of(ModelCode.WRONG_OUTPUT, name=name)


def _trusted(content: bytes, card: ModelCard, provider: str) -> RuntimeSession:
    """A session that gave the card's known answer. Raises SessionError."""
    known = card.known_answer
    where = Message(ModelCode.ON_CPU if provider == CPU else ModelCode.ON_CUDA)
    image = known.input(*card.recipe.shape)
    try:
        session = open_session(content, provider)
        # Twice, for a batch must give a value for each.
        outputs = session.run([LOGIT, NOVELTY, PROBABILITY], {INPUT: np.stack([image, image])})
    except ORT_ERRORS as error:
        raise SessionError.of(ModelCode.DOES_NOT_RUN, device=where) from error
    if any(each.shape != (2,) for each in outputs) or not _agrees(outputs, card):
        raise SessionError.of(ModelCode.OTHER_ANSWER, device=where)
    return session
