"""ModelCard: what a model file says about itself, as strings in the .onnx file's metadata."""

from __future__ import annotations

import base64
import hashlib
import json
import math
import re
import zlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from imaging import json_values
from imaging.input.recipe import InputRecipe, Subject
from imaging.messages import Message, MessageError
from model.confusion import Confusion
from model.messages import ModelCode
from model.operating_point import DEFAULT, OperatingPoint, point_of
from model.probability import Calibration
from model.proportion import Interval
from model.series_head import SeriesHead

METADATA_KEY = "cranioscope_card"
CHECKSUM_KEY = "cranioscope_card_sha256"
"""SHA-256 of the card's text, in hexadecimal; written by the exporter, from format version 2 on."""
FORMAT_VERSION = 2
"""2: a checksum, an intercept, evidence of the exported network alone, pooled evidence beside."""
_DEFAULT_IN_VERSION_1 = "frozen"

LEARNT, HELD_OUT, TEST = "learnt", "held_out", "test"
_GRAVEST_FIRST = (LEARNT, HELD_OUT, TEST)
"""What an image was used for counts as the first that holds, whatever it was used for as well."""
LARGEST_TOLERANCE = 0.1
"""Of the known answer's logit: moves no probability by more than 0.025."""
LONGEST_CARD = 64_000_000
"""Characters of a card. One of a million images has half of it."""
MOST_POINTS = 100
"""Operating points of a card."""
LONGEST_TEXT = 10_000
"""Characters of what a reader is to read of a card."""
USUAL_TEMPERATURES = (1e-3, 1e3)
LONGEST_NAME = 200
"""Characters of a model's name."""
_FINDING = re.compile(r"\w[\w .()-]{0,99}")
"""It stands in the names of columns."""
HASH_DIGITS = 12
"""Of a file's SHA-256 in ``ModelCard.used``: of a million other files, none is likely to match."""


class CardError(MessageError):
    """The metadata hold no card that this program can trust."""

    def __init__(self, code: ModelCode, **values: str | int) -> None:
        super().__init__(Message(code, **values))


INT8, FULL = "int8", "full"
"""The precision of a file made of a full one, and what is said of that one where no more is known:
the series heads of earlier INT8 files all have its evidence, without saying so."""


@dataclass(frozen=True)
class OutOfFold:
    """Predictions for images that the network did not learn from, one an image.

    From format version 2 on they are of the network in the file. Before, they were pooled over the
    networks of all folds that had been trained.
    """

    labels: tuple[int, ...]
    logits: tuple[float, ...]
    """Before the calibration."""


@dataclass(frozen=True)
class PooledEvidence:
    """Cross-validation: each image by the one of several networks that did not learn from it.

    Only one of the networks is in the file.
    """

    networks: int
    threshold: float
    """Chosen on these predictions, after a calibration of their own."""
    counts: Confusion
    auc: float
    auc_low: float | None = None
    auc_high: float | None = None
    """95 % CI of the AUC; None in cards from before it was kept, and where there is none."""

    @property
    def area(self) -> Interval:
        """The AUC with its CI; NaN where a limit is not known."""
        low, high = (math.nan if each is None else each for each in (self.auc_low, self.auc_high))
        return Interval(self.auc, low, high)


@dataclass(frozen=True)
class KnownAnswer:
    """An input whose outputs are known, run on every execution provider before it is trusted."""

    scan: str
    """base64 of zlib of uint8 (size, size) or (size, size, 3), row by row."""
    logit: float
    novelty: float
    tolerance: float
    """Greatest allowed absolute difference of the logit."""

    @classmethod
    def of(
        cls, image: NDArray[np.uint8], logit: float, novelty: float, tolerance: float
    ) -> KnownAnswer:
        """Pack a network input, uint8 (size, size) or (size, size, 3), with its score."""
        packed = base64.b64encode(zlib.compress(image.tobytes(), 9)).decode("ascii")
        return cls(packed, logit, novelty, tolerance)

    def input(self, *shape: int) -> NDArray[np.uint8]:
        """The packed input, uint8 of the recipe's shape. Raises CardError where it is not that."""
        size = math.prod(shape)
        try:
            packed = base64.b64decode(self.scan, validate=True)
            raw = zlib.decompressobj().decompress(packed, size + 1)
        except (ValueError, zlib.error) as error:
            raise CardError(ModelCode.KNOWN_ANSWER_DAMAGED) from error
        if len(raw) != size:
            raise CardError(ModelCode.KNOWN_ANSWER_SIZE)
        return np.frombuffer(raw, dtype=np.uint8).reshape(shape)


@dataclass(frozen=True)
class ModelCard:
    """All that the program needs to use a model, and what a reader needs to appraise it."""

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
    intercept: float = 0.0
    """probability = sigmoid(logit / temperature + intercept)."""
    pooled: PooledEvidence | None = None
    """None where no other fold's network was there."""
    novelty_rule: str = ""
    """One sentence: on which images the novelty cut was chosen."""
    used: Mapping[str, str] = field(default_factory=dict)
    """The run's images by what they were used for (LEARNT, HELD_OUT, TEST): the first HASH_DIGITS
    of each file's SHA-256, one after the other. Empty where it is not known."""
    series_head: SeriesHead | None = None
    """How a series' probability is made of its images' logits, learnt from whole examinations; None
    where there were none, and the program goes by its own rule."""
    format_version: int = FORMAT_VERSION

    def __post_init__(self) -> None:
        for fault, is_there in self._faults().items():
            if is_there:
                raise CardError(fault)
        self.known_answer.input(*self.recipe.shape)

    def _faults(self) -> dict[ModelCode, bool]:
        table, pooled = self.out_of_fold, self.pooled
        names = [point.name for point in self.operating_points]
        rules = [point.rule for point in self.operating_points]
        texts = [self.intended_use, self.licence, self.fold_reason, self.novelty_rule]
        texts += [self.precision, self.data_fingerprint, *self.sources, *names, *rules]
        counts = [each for each in (self.test, pooled.counts if pooled else None) if each]
        texts += [*self.checks, *(each.note for each in counts)]
        texts += [] if self.series_head is None else [self.series_head.measured_with]
        tolerance = self.known_answer.tolerance
        thresholds = [point.threshold for point in self.operating_points]
        return {
            ModelCode.BAD_NAME: not (
                self.name.isprintable()
                and 0 < len(self.name) <= LONGEST_NAME
                and _FINDING.fullmatch(self.class_name)
            ),
            ModelCode.CARD_TOO_LONG: max(map(len, texts)) > LONGEST_TEXT,
            ModelCode.NO_DEFAULT_POINT: DEFAULT not in names,
            ModelCode.POINT_TWICE: len(set(names)) < len(names),
            ModelCode.THRESHOLD_RANGE: not all(0.0 <= each <= 1.0 for each in thresholds),
            ModelCode.BAD_TEMPERATURE: not (
                USUAL_TEMPERATURES[0] <= self.temperature <= USUAL_TEMPERATURES[1]
            ),
            ModelCode.BAD_INTERCEPT: not math.isfinite(self.intercept),
            ModelCode.BAD_NOVELTY_CUT: not _is_positive(self.novelty_cut),
            ModelCode.OUT_OF_FOLD_COUNT: len(table.labels) != len(table.logits),
            ModelCode.OUT_OF_FOLD_LABELS: not set(table.labels) <= {0, 1},
            ModelCode.OUT_OF_FOLD_LOGITS: not all(map(math.isfinite, table.logits)),
            ModelCode.USED_DAMAGED: any(len(each) % HASH_DIGITS for each in self.used.values()),
            ModelCode.KNOWN_ANSWER_LOOSE: not 0.0 < tolerance <= LARGEST_TOLERANCE,
            ModelCode.NEGATIVE_COUNTS: any(min(each.counts) < 0 for each in counts),
        }

    @property
    def calibration(self) -> Calibration:
        """From the logit to the probability, as the graph does it."""
        return Calibration(self.temperature, self.intercept)

    def use_of(self, sha256: str) -> str:
        """What the file of that SHA-256 was used for; empty where it is none of the run's."""
        return self._uses.get(sha256[:HASH_DIGITS], "")

    @cached_property
    def _uses(self) -> dict[str, str]:
        # The gravest use last, so that it stands: what was learnt from counts as learnt.
        order = (*(use for use in self.used if use not in _GRAVEST_FIRST), *_GRAVEST_FIRST[::-1])
        return {
            hashes[at : at + HASH_DIGITS]: use
            for use in order
            for hashes in [self.used.get(use, "")]
            for at in range(0, len(hashes), HASH_DIGITS)
        }

    def point(self, name: str) -> OperatingPoint:
        """The operating point of that name. Raises KeyError."""
        return point_of(self.operating_points, name)

    @property
    def counts_images(self) -> bool:
        """Whether the rule of single images decides on series: one that was made for head CT.

        What one image in so many says of a series of anything else nobody has looked at; there a
        series has a result by the card's own series head alone.
        """
        return self.recipe.subject is Subject.HEAD_CT

    @property
    def title(self) -> str:
        """The name, with the precision where the name does not say it."""
        return self.name if self.precision in self.name else f"{self.name} ({self.precision})"

    @property
    def threshold(self) -> float:
        """The default threshold on the probability."""
        return self.point(DEFAULT).threshold

    def to_metadata(self) -> dict[str, str]:
        """The strings to put into an .onnx file's metadata_props: the card and its checksum."""
        values = asdict(self)
        values["recipe"] = self.recipe.to_dict()
        text = json.dumps(values, sort_keys=True, allow_nan=False)
        return {METADATA_KEY: text, CHECKSUM_KEY: checksum(text)}

    @classmethod
    def from_metadata(cls, metadata: Mapping[str, str]) -> ModelCard:
        """Read the card back. Raises CardError for whatever is not right."""
        if METADATA_KEY not in metadata:
            raise CardError(ModelCode.NO_CARD)
        text = metadata[METADATA_KEY]
        if len(text) > LONGEST_CARD:
            raise CardError(ModelCode.CARD_TOO_LONG)
        try:
            values = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise CardError(ModelCode.CARD_DAMAGED) from error
        version = values.get("format_version") if isinstance(values, dict) else None
        if type(version) is not int or not 1 <= version <= FORMAT_VERSION:
            raise CardError(ModelCode.CARD_VERSION, found=str(version)[:20], known=FORMAT_VERSION)
        if version > 1 and metadata.get(CHECKSUM_KEY) != checksum(text):
            raise CardError(ModelCode.CARD_CHANGED)
        points = values.get("operating_points")
        if isinstance(points, list) and len(points) > MOST_POINTS:
            raise CardError(ModelCode.CARD_TOO_LONG)
        try:
            current = _with_measured(_from_version_1(values) if version == 1 else values)
            whole = {"recipe": InputRecipe.from_dict(current["recipe"]).to_dict()}
            return json_values.read(cls, current | whole)
        except (KeyError, ValueError, OverflowError) as error:
            raise CardError(ModelCode.CARD_FIELD, detail=str(error)[:120]) from error


def checksum(text: str) -> str:
    """SHA-256 of a card's text, in hexadecimal."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def _is_positive(number: float) -> bool:
    return math.isfinite(number) and number > 0


def _with_measured(values: dict[str, Any]) -> dict[str, Any]:
    """The same card; the series head of an earlier INT8 file says what its evidence is of."""
    head = values.get("series_head")
    if values.get("precision") != INT8 or not isinstance(head, dict):
        return values
    return values | {"series_head": {"measured_with": FULL} | head}


def _from_version_1(values: dict[str, Any]) -> dict[str, Any]:
    """The same card in today's words: the default operating point had another name."""
    points = values.get("operating_points")
    if isinstance(points, list):
        points = [
            point | {"name": DEFAULT}
            if isinstance(point, dict) and point.get("name") == _DEFAULT_IN_VERSION_1
            else point
            for point in points
        ]
    return values | {"operating_points": points, "format_version": FORMAT_VERSION}
