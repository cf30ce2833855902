"""Classifier: an .onnx file of the contract, checked, on a provider that gave the known answer."""

from __future__ import annotations

import hashlib
import stat
import threading
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from model.card import CardError, ModelCard
from model.device import Device
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

LARGEST_FILE = 200_000_000
"""Bytes. A ResNet-34 at full precision takes 86 million."""
INPUT, LOGIT, PROBABILITY, NOVELTY, HEAT_MAP = "scan", "logit", "probability", "novelty", "heat_map"
_RANKS = {LOGIT: 1, PROBABILITY: 1, NOVELTY: 1, HEAT_MAP: 3}
_NOVELTY_SLACK = 0.05
"""Largest relative difference of the known answer's novelty; the card bounds the logit's."""


class SessionError(Exception):
    """There is no classifier to use, or no answer; the message is a sentence for the reader."""


@dataclass(frozen=True, eq=False)
class Answers:
    """One value a scan, float32 (n,) each; all three NaN where there was no valid answer."""

    logit: NDArray[np.float32]
    probability: NDArray[np.float32]
    novelty: NDArray[np.float32]


class Session:
    """Answers with probabilities. May be used from several threads."""

    def __init__(
        self, content: bytes, card: ModelCard, choice: Choice, threads: int | None = None
    ) -> None:
        """Use ``open``, which checks the content first. Raises ClassifierError."""
        self.card = card
        self.sha256 = hashlib.sha256(content).hexdigest()
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
        ``sha256`` is what the content must have, where that is known. Raises ClassifierError.
        """
        content = _read(path)
        if sha256 is not None and hashlib.sha256(content).hexdigest() != sha256:
            raise SessionError("The model file is not the one that was expected.")
        try:
            described = read_onnx(content)
            card = ModelCard.from_metadata(described.metadata)
        except (OnnxFileError, CardError) as error:
            raise SessionError(str(error)) from error
        _check_contract(described, card)
        choice = choose(device)
        try:
            return cls(content, card, choice, threads)
        except SessionError as error:
            if choice.provider == CPU:
                raise
            reason = f"{str(error).removesuffix('.')}; running on the CPU instead."
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
    def provider_reason(self) -> str:
        """One sentence: why this provider."""
        return self._choice.reason

    @property
    def provenance(self) -> str:
        """The provider, and the reason where it is not the one asked for; for each row."""
        return (
            self.provider if self._choice.as_asked else f"{self.provider}: {self.provider_reason}"
        )

    def classify(self, images: NDArray[np.uint8]) -> Answers:
        """Answers for network inputs, uint8 (n, S, S). A scan without a valid answer gets NaN.

        Where CUDA fails, the whole batch is computed again on the CPU, which stays in use.
        """
        try:
            logit, probability, novelty = self._run([LOGIT, PROBABILITY, NOVELTY], images)
        except SessionError:
            logit, probability, novelty = (np.full(len(images), np.nan, np.float32) for _ in "123")
        valid = np.isfinite(logit) & np.isfinite(novelty) & (probability >= 0) & (probability <= 1)
        nothing = np.float32(np.nan)
        return Answers(*(np.where(valid, each, nothing) for each in (logit, probability, novelty)))

    def heat_map(self, image: NDArray[np.uint8]) -> NDArray[np.float32]:
        """What drove the probability of one network input, uint8 (S, S): float32 (h, w).

        Raises ClassifierError.
        """
        heat = self._run([HEAT_MAP], image[np.newaxis])[0][0]
        if not np.isfinite(heat).all():
            raise SessionError("The classifier gave no valid heat map.")
        return np.asarray(heat, dtype=np.float32)

    def _run(self, names: list[str], images: NDArray[np.uint8]) -> list[NDArray[np.float32]]:
        session = self._session
        try:
            answers = session.run(names, {INPUT: images})
        except ORT_ERRORS as error:
            self._leave(session, error)
            try:
                answers = self._session.run(names, {INPUT: images})
            except ORT_ERRORS as again:
                raise SessionError("The classifier failed.") from again
        if any(len(each) != len(images) for each in answers):
            raise SessionError("The classifier failed.")
        return answers

    def _leave(self, failed: RuntimeSession, error: Exception) -> None:
        """Go on without the session that failed: on the CPU, unless that is where it failed."""
        with self._swap:
            if self._session is not failed:
                return  # another thread has done it
            if self.provider == CPU:
                raise SessionError("The classifier failed.") from error
            self._session = _trusted(self._content, self.card, CPU)
            reason = "CUDA failed in the middle of the work; running on the CPU from there on."
            self._choice = Choice(CPU, reason, as_asked=False)


def _read(path: Path) -> bytes:
    try:
        known = path.stat()
        if not stat.S_ISREG(known.st_mode):
            raise SessionError("The model file is not a regular file.")
        if known.st_size > LARGEST_FILE:
            raise SessionError("The model file is larger than 200 MB.")
        with path.open("rb") as file:
            return file.read(LARGEST_FILE)
    except FileNotFoundError as error:
        raise SessionError(f"There is no model file {path.name}.") from error
    except OSError as error:
        raise SessionError(f"The model file {path.name} cannot be read.") from error


def _agrees(answers: list[NDArray[np.float32]], card: ModelCard) -> bool:
    """Whether logits, novelties, probabilities are the card's; NaN agrees with nothing."""
    known = card.known_answer
    logit, novelty, probability = (each.astype(np.float64) for each in answers)
    expected = 0.5 + 0.5 * np.tanh(logit / card.temperature / 2)
    slack = _NOVELTY_SLACK * max(1.0, abs(known.novelty))
    return bool(
        np.all(np.abs(logit - known.logit) <= known.tolerance)
        and np.all(np.abs(novelty - known.novelty) <= slack)
        and np.all(np.abs(probability - expected) <= 1e-3)
    )


def _check_contract(described: OnnxFile, card: ModelCard) -> None:
    size = card.recipe.size
    if described.inputs != (Tensor(INPUT, UINT8, (None, size, size)),):
        raise SessionError(
            f"The model file's input is not uint8 [N, {size}, {size}] by the name of scan."
        )
    outputs = {output.name: output for output in described.outputs}
    if outputs.keys() != _RANKS.keys() or len(outputs) != len(described.outputs):
        raise SessionError("The model file's outputs are not those of the contract.")
    for name, rank in _RANKS.items():
        if outputs[name].element != FLOAT or len(outputs[name].shape) != rank:
            raise SessionError(f"The model file's output {name} has another type or shape.")


def _trusted(content: bytes, card: ModelCard, provider: str) -> RuntimeSession:
    """A session that gave the card's known answer. Raises ClassifierError."""
    known = card.known_answer
    where = "the CPU" if provider == CPU else "CUDA"
    image = known.input(card.recipe.size)
    try:
        session = open_session(content, provider)
        # Twice, for a batch must give an answer to each.
        answers = session.run([LOGIT, NOVELTY, PROBABILITY], {INPUT: np.stack([image, image])})
    except ORT_ERRORS as error:
        raise SessionError(f"The model file does not run on {where}.") from error
    if any(each.shape != (2,) for each in answers) or not _agrees(answers, card):
        raise SessionError(f"The model file gives another answer on {where} than its card says.")
    return session
