"""ModelCard: what the weights say about themselves, as strings in the .onnx file's metadata."""

from __future__ import annotations

import base64
import json
import math
import zlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from imaging import json_values as plain
from imaging.input.recipe import InputRecipe

METADATA_KEY = "cranioscope_card"
FORMAT_VERSION = 1
FROZEN, SENSITIVE, SPECIFIC, YOUDEN = "frozen", "sensitivity_95", "specificity_95", "youden"


LEARNT, HELD_OUT, TEST = "learnt", "held_out", "test"
LARGEST_TOLERANCE = 0.1
"""Of the known answer's logit: moves no probability by more than 0.025."""
HASH_DIGITS = 12
"""Of a file's SHA-256 in ``ModelCard.used``: of a million other files, none is likely to match."""


class CardError(ValueError):
    """The metadata hold no card that this program can trust; the message is a sentence."""


@dataclass(frozen=True)
class OperatingPoint:
    """A named threshold on the probability, chosen on out-of-fold predictions only."""

    name: str
    threshold: float
    rule: str
    """One sentence: how it was chosen."""


@dataclass(frozen=True)
class OutOfFold:
    """Predictions for training scans by a network that never saw them, one a scan."""

    labels: tuple[int, ...]
    logits: tuple[float, ...]
    """Before the temperature: probability = sigmoid(logit / temperature)."""


@dataclass(frozen=True)
class Confusion:
    """Counts at the frozen threshold on scans that no choice was made on, or were (see note)."""

    true_positive: int
    false_positive: int
    true_negative: int
    false_negative: int
    note: str = ""

    @property
    def counts(self) -> tuple[int, int, int, int]:
        """True and false positives, true and false negatives."""
        return self.true_positive, self.false_positive, self.true_negative, self.false_negative


@dataclass(frozen=True)
class KnownAnswer:
    """An input whose outputs are known, run on every execution provider before it is trusted."""

    scan: str
    """base64 of zlib of uint8 (size, size), row by row."""
    logit: float
    novelty: float
    tolerance: float
    """Greatest allowed absolute difference of the logit."""

    @classmethod
    def of(
        cls, image: NDArray[np.uint8], logit: float, novelty: float, tolerance: float
    ) -> KnownAnswer:
        """Pack a network input, uint8 (size, size), with its answer."""
        packed = base64.b64encode(zlib.compress(image.tobytes(), 9)).decode("ascii")
        return cls(packed, logit, novelty, tolerance)

    def input(self, size: int) -> NDArray[np.uint8]:
        """The packed input, uint8 (size, size). Raises CardError where it is not that."""
        try:
            packed = base64.b64decode(self.scan, validate=True)
            raw = zlib.decompressobj().decompress(packed, size * size + 1)
        except (ValueError, zlib.error) as error:
            raise CardError("The card's known-answer input is damaged.") from error
        if len(raw) != size * size:
            raise CardError("The card's known-answer input has another size than its recipe.")
        return np.frombuffer(raw, dtype=np.uint8).reshape(size, size)


@dataclass(frozen=True)
class ModelCard:
    """All that the program needs to use the weights, and what a reader needs to judge them."""

    name: str
    class_name: str
    """The finding whose probability is given, such as ``hemorrhage``."""
    recipe: InputRecipe
    operating_points: tuple[OperatingPoint, ...]
    out_of_fold: OutOfFold
    temperature: float
    novelty_cut: float
    """A greater Mahalanobis distance means: not assessable."""
    fold: int
    fold_reason: str
    precision: str
    """``fp32``, ``fp16`` (weights stored so) or ``int8``."""
    known_answer: KnownAnswer
    data_fingerprint: str
    seed: int
    licence: str
    sources: tuple[str, ...]
    intended_use: str
    test: Confusion | None = None
    versions: Mapping[str, str] = field(default_factory=dict)
    checks: Mapping[str, float] = field(default_factory=dict)
    """What the exporter measured: names and largest differences or rates."""
    used: Mapping[str, str] = field(default_factory=dict)
    """The run's scans by what they were used for (LEARNT, HELD_OUT, TEST): the first HASH_DIGITS of
    each file's SHA-256, one after the other. Empty where it is not known."""
    format_version: int = FORMAT_VERSION

    def __post_init__(self) -> None:
        if FROZEN not in {point.name for point in self.operating_points}:
            raise CardError("The card has no frozen operating point.")
        if not all(0.0 <= point.threshold <= 1.0 for point in self.operating_points):
            raise CardError("The card has a threshold outside 0 to 1.")
        if not (math.isfinite(self.temperature) and self.temperature > 0):
            raise CardError("The card's temperature is no positive number.")
        if not (math.isfinite(self.novelty_cut) and self.novelty_cut > 0):
            raise CardError("The card's novelty cut is no positive number.")
        if len(self.out_of_fold.labels) != len(self.out_of_fold.logits):
            raise CardError("The card's out-of-fold labels and logits differ in number.")
        if not set(self.out_of_fold.labels) <= {0, 1}:
            raise CardError("The card's out-of-fold labels are not 0 and 1.")
        if not all(map(math.isfinite, self.out_of_fold.logits)):
            raise CardError("The card's out-of-fold logits are not all finite.")
        if any(len(hashes) % HASH_DIGITS for hashes in self.used.values()):
            raise CardError("The card's list of used scans is damaged.")
        if not 0.0 < self.known_answer.tolerance <= LARGEST_TOLERANCE:
            raise CardError(
                "The card's known answer tells nothing: its tolerance is no small number."
            )
        if self.test is not None and min(self.test.counts) < 0:
            raise CardError("The card's counts on test scans are negative.")
        self.known_answer.input(self.recipe.size)

    def use_of(self, sha256: str) -> str:
        """What the file of that SHA-256 was used for; empty where it is none of the run's."""
        return self._uses.get(sha256[:HASH_DIGITS], "")

    @cached_property
    def _uses(self) -> dict[str, str]:
        return {
            hashes[at : at + HASH_DIGITS]: use
            for use, hashes in self.used.items()
            for at in range(0, len(hashes), HASH_DIGITS)
        }

    def point(self, name: str) -> OperatingPoint:
        """The operating point of that name. Raises KeyError."""
        for point in self.operating_points:
            if point.name == name:
                return point
        raise KeyError(name)

    @property
    def threshold(self) -> float:
        """The frozen threshold on the probability."""
        return self.point(FROZEN).threshold

    def to_metadata(self) -> dict[str, str]:
        """The strings to put into an .onnx file's metadata_props."""
        values = asdict(self)
        values["recipe"] = self.recipe.to_dict()
        return {METADATA_KEY: json.dumps(values, sort_keys=True, allow_nan=False)}

    @classmethod
    def from_metadata(cls, metadata: Mapping[str, str]) -> ModelCard:
        """Read the card back. Raises CardError with a sentence for whatever is not right."""
        if METADATA_KEY not in metadata:
            raise CardError("The model file carries no Cranioscope card.")
        try:
            values = json.loads(metadata[METADATA_KEY])
        except (ValueError, RecursionError) as error:
            raise CardError("The model file's card is damaged.") from error
        version = values.get("format_version") if isinstance(values, dict) else None
        if version != FORMAT_VERSION:
            raise CardError(
                f"The model file's card has version {str(version)[:20]}; "
                f"this program reads version {FORMAT_VERSION}."
            )
        try:
            whole = {"recipe": InputRecipe.from_dict(values["recipe"]).to_dict()}
            return plain.read(cls, values | whole)
        except CardError:
            raise
        except (KeyError, ValueError, OverflowError) as error:
            raise CardError(f"The model file's card is damaged: {str(error)[:120]}") from error
