"""What the results of one series' images say together; a series is of one patient.

A series has a result only when all of its images have one, or a reason why they have none.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right, insort
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from heapq import nsmallest
from operator import neg

from imaging.errors import Code, Problem, Status, worst
from imaging.image import Identity
from imaging.messages import Message, MessageCode
from imaging.series import Order
from model.image_result import ImageResult
from model.listed_image import ContentKey, ListedImage, content_key
from model.series_group import SeriesGroup, group_images

ONE_IN = 20
"""A series counts as the probability that one in so many of its assessed images reaches.

A bleed lies on neighbouring slices; a lone slice that the network is wrongly sure of does not. With
the highest image alone, the threshold of a long series lies above the most extreme of the known
negatives, where next to no slice with a bleed is found either.
"""
TOP = 3
"""How many of the highest images are named."""


class SeriesState(StrEnum):
    """How far a series has come."""

    WAITING = "waiting"
    """None of its images has been assessed, or there is no model to assess them."""
    SCORING = "scoring"
    """Some of its images have a result or a reason, others are still to come."""
    SCORED = "scored"
    """All of its images have a result or a reason, and at least one has a probability."""
    STOPPED = "stopped"
    """The run was stopped before the turn of at least one of its images."""
    NOT_ASSESSABLE = "not_assessable"
    """All of its images have a reason why they have no probability."""


class SeriesCode(MessageCode):
    """What is to be known of a series beside its number."""

    SERIES_WITHOUT_RESULT = "series_without_result", "{count} of {total} without a result."
    SERIES_SCORING = (
        "series_scoring",
        "{done} of {total} images assessed so far; the series has no result yet.",
    )
    SERIES_STOPPED = (
        "series_stopped",
        "Stopped after {done} of {total} images; the series has no result.",
    )
    PATIENTS_UNIDENTIFIED = (
        "patients_unidentified",
        "Nothing says that these images are of one patient, so they have no result as a series.",
    )
    NOT_CLAIMED = (
        "not_claimed",
        "The model was not made to assess such a series: its images have results, the series has "
        "none.",
    )
    TAKEN_FOR_ONE = (
        "taken_for_one",
        "Taken for one patient: {total} images of one size, numbered throughout, in one folder. "
        "Nothing in the files says whose they are.",
    )


def counted(assessed: int) -> int:
    """How many of so many assessed images must reach a probability that the series counts as."""
    return max(1, math.ceil(assessed / ONE_IN))


def aggregation(assessed: int) -> str:
    """How a series of so many assessed images comes to its probability, in a word for a table."""
    place = counted(assessed)
    if place == 1:
        return "max"
    tail = {1: "st", 2: "nd", 3: "rd"}.get(place % 10, "th")
    return f"{place}{'th' if 10 <= place % 100 <= 20 else tail} highest"


@dataclass(frozen=True)
class SeriesResult:
    """What is known of one series. It has no probability unless its state is SCORED."""

    name: str
    identity: Identity
    """Of its first image."""
    members: tuple[int, ...]
    """Indices into the list of images, in the order of the series."""
    order: Order | None
    """The rule that ordered it; None where nothing could."""
    warnings: tuple[Problem, ...]
    state: SeriesState
    n_done: int
    """Members that have a probability, or a reason why they have none."""
    n_without_score: int
    """Members whose turn is over and that have no probability, for whatever reason."""
    n_failed: int
    """Of those, the ones that no stop left out: why they have none is said of each."""
    n_unreadable: int
    """Of those, the ones that could not be read or computed: nobody knows what they show."""
    n_assessed: int
    """Different images with a probability. A copy of an image is no further one."""
    probabilities: tuple[float, ...]
    """Of its different assessed images, the highest first."""
    logits: tuple[float | None, ...]
    """Of its different images in their order, None where one has none: for a series head. Empty
    before the state is SCORED."""
    counted_probability: float | None
    """That of the image which ``counted`` of ``n_assessed`` reach: for the rule of single images.
    What is said of the series, and by which rule, is a ``SeriesDecision``."""
    highest: float | None
    """That of its highest image."""
    top: tuple[int, ...]
    """Indices of the members with the highest probabilities, the highest first."""
    status: Status
    is_one_patient: bool = True
    """Whether headers, numbering or the reader say that the images are of one patient; else the
    series has no result, whatever its images have."""
    is_taken_for_one: bool = False
    """Whether nothing but the names and sizes of its files says that."""
    reasons: tuple[Problem, ...] = ()
    """Why members have no probability, the most frequent reason first, each code once."""
    copies: tuple[tuple[int, int], ...] = ()
    """Of each member that is a copy its place, from 0, and that of the first of its content. Empty
    before the state is SCORED."""

    @property
    def n_images(self) -> int:
        """All of its images."""
        return len(self.members)

    def n_flagged(self, threshold: float) -> int:
        """How many different images reach the threshold of single images, at or above it."""
        return bisect_right(self.probabilities, -threshold, key=neg)

    @property
    def notes(self) -> tuple[Problem | Message, ...]:
        """What is to be known of it: warnings, how far it is, what is missing and why."""
        notes: list[Problem | Message] = list(self.warnings)
        progress = {"done": self.n_done, "total": self.n_images}
        if self.state is SeriesState.STOPPED:
            notes.append(Message(SeriesCode.SERIES_STOPPED, **progress))
        elif self.state is SeriesState.SCORING:
            notes.append(Message(SeriesCode.SERIES_SCORING, **progress))
        elif self.n_without_score:
            missing = {"count": self.n_without_score, "total": self.n_images}
            notes.append(Message(SeriesCode.SERIES_WITHOUT_RESULT, **missing))
        if self.state is SeriesState.NOT_ASSESSABLE:
            notes.extend(self.reasons)
        if self.state is SeriesState.SCORED and not self.is_one_patient:
            notes.append(Message(SeriesCode.PATIENTS_UNIDENTIFIED))
        elif self.is_taken_for_one:
            notes.append(Message(SeriesCode.TAKEN_FOR_ONE, total=self.n_images))
        return tuple(notes)

    @property
    def reason(self) -> str:
        """The notes in English, one line."""
        return " ".join(
            note.sentence if isinstance(note, Problem) else str(note) for note in self.notes
        )


def series_results(images: Sequence[ListedImage]) -> list[SeriesResult]:
    """Group images of known patients into series and sum each up; every image is in exactly one.

    A folder of images counts as one series of one patient.
    """
    groups = (replace(group, is_trusted=True) for group in group_images(images))
    return [series_result(group, images) for group in groups]


def series_result(group: SeriesGroup, images: Sequence[ListedImage]) -> SeriesResult:
    """Sum up one series; ``images`` is the list that was grouped, with the results known by now."""
    return SeriesSum(group, images).result()


class SeriesSum:
    """The sum of one series, kept up to date image by image.

    After any changes in any order ``result`` is what ``series_result`` gives for the same images.
    Each keeps its header's SOP Instance UID.
    A change costs about the same in a series of thirty images and in one of ten thousand.
    """

    def __init__(self, group: SeriesGroup, images: Sequence[ListedImage]) -> None:
        self.group = group
        """Its members stay the same; what else is known of the series may change."""
        self._images = [images[index] for index in group.members + group.unplaced]
        """By their places: the members in order, then those that may belong to the series."""
        self._results = self._done = self._unscreened = 0
        """Of all places: those with a result, of these the ones that are done, and those that a
        stop left out."""
        self._done_members = 0
        self._states: Counter[Status] = Counter()
        self._reasons: dict[Code, list[int]] = {}
        """The members without a probability by their first problem, in order."""
        self._without = self._unreadable = self._left_out = 0
        self._alone = _without_copies(self._images[: len(group.members)])
        """Of each member 1 where no other can be a copy of it, else 0."""
        self._first: dict[ContentKey, int] = {}
        """Of the others: the first member of each content that has a result."""
        self._copies: dict[ContentKey, _Copies] = {}
        """All of them, where there are several."""
        self._ranked: list[float] = []
        """The probability of each content that has one, the lowest first."""
        for place, image in enumerate(self._images):
            if isinstance(image, ImageResult):
                self._count(place, image, 1)

    def put(self, place: int, image: ListedImage) -> None:
        """Take an image as it is now. Places from ``len(group.members)`` on are ``unplaced``."""
        before = self._images[place]
        if before is image:
            return
        if isinstance(before, ImageResult):
            self._count(place, before, -1)
        self._images[place] = image
        if isinstance(image, ImageResult):
            self._count(place, image, 1)

    def result(self) -> SeriesResult:
        """What is known of the series now."""
        group, state = self.group, self._state()
        scored = state is SeriesState.SCORED
        different = tuple(reversed(self._ranked))
        return SeriesResult(
            name=group.name,
            identity=group.identity,
            members=group.members,
            order=group.order,
            warnings=group.warnings,
            state=state,
            n_done=self._done_members,
            n_without_score=self._without,
            n_failed=self._without - self._left_out,
            n_unreadable=self._unreadable,
            n_assessed=len(different),
            probabilities=different,
            logits=self._logits() if scored else (),
            counted_probability=different[counted(len(different)) - 1] if scored else None,
            highest=different[0] if scored else None,
            top=self._top() if scored else (),
            status=self._status(scored),
            is_one_patient=group.is_one_patient,
            is_taken_for_one=group.is_numbered and not group.is_trusted,
            reasons=self._frequent_reasons(),
            copies=self._repeats() if scored else (),
        )

    # -- counting

    def _count(self, place: int, result: ImageResult, by: int) -> None:
        """Count a result in (``by`` 1) or out (-1)."""
        done = by * _is_done(result)
        self._results += by
        self._done += done
        self._unscreened += by * (not result.is_screened)
        if place >= len(self.group.members):
            return
        self._done_members += done
        self._states[result.status] += by
        if result.probability is None:
            self._count_without(place, result, by)
        if self._alone[place]:
            known = result.probability
            self._rank(*((None, known) if by > 0 else (known, None)))
            return
        content = content_key(result)
        before = self._best(content)
        if by > 0:
            self._add_content(content, place)
        else:
            self._remove_content(content, place)
        self._rank(before, self._best(content))

    def _count_without(self, place: int, result: ImageResult, by: int) -> None:
        self._without += by
        self._unreadable += by * (result.status is Status.FAILED)
        self._left_out += by * (not result.is_screened)
        if not result.problems:
            return
        places = self._reasons.setdefault(result.problems[0].code, [])
        if by > 0:
            insort(places, place)
        else:
            places.remove(place)

    def _best(self, content: ContentKey) -> float | None:
        """The highest probability of an image and its copies; None where none has one."""
        copies = self._copies.get(content)
        if copies is not None:
            return copies.probabilities[-1] if copies.probabilities else None
        first = self._first.get(content)
        return None if first is None else self._probability(first)

    def _add_content(self, content: ContentKey, place: int) -> None:
        first = self._first.setdefault(content, place)
        if first == place:
            return
        if content not in self._copies:
            self._copies[content] = _Copies()
            self._copies[content].add(first, self._probability(first))
        self._copies[content].add(place, self._probability(place))
        self._first[content] = min(first, place)

    def _remove_content(self, content: ContentKey, place: int) -> None:
        copies = self._copies.get(content)
        if copies is None:
            del self._first[content]
            return
        copies.remove(place, self._probability(place))
        self._first[content] = copies.places[0]
        if len(copies.places) == 1:
            del self._copies[content]

    def _rank(self, before: float | None, after: float | None) -> None:
        """One content's probability is another one now."""
        if before == after:
            return
        if before is not None:
            del self._ranked[bisect_left(self._ranked, before)]
        if after is not None:
            insort(self._ranked, after)

    def _probability(self, place: int) -> float | None:
        image = self._images[place]
        return image.probability if isinstance(image, ImageResult) else None

    # -- summing up

    def _state(self) -> SeriesState:
        if self._unscreened:
            return SeriesState.STOPPED
        if self._done < len(self._images):
            without_model = self._done < self._results
            is_scoring = self._done and not without_model
            return SeriesState.SCORING if is_scoring else SeriesState.WAITING
        return SeriesState.SCORED if self._ranked else SeriesState.NOT_ASSESSABLE

    def _status(self, scored: bool) -> Status:
        states = {state for state, count in self._states.items() if count}
        if not scored:
            # Without a model, images that were read have no probability either.
            return worst(states)
        is_plain = not self.group.warnings and states == {Status.OK}
        return Status.OK if is_plain else Status.WARNING

    def _frequent_reasons(self) -> tuple[Problem, ...]:
        """Frequent ones first; of equally frequent ones that of the earlier member."""
        reasons = [
            (-len(places), places[0], code) for code, places in self._reasons.items() if places
        ]
        return tuple(Problem(code) for *_, code in sorted(reasons))

    def _logits(self) -> tuple[float | None, ...]:
        """Those of the members in order; a copy of an image is left out."""
        firsts = set(self._first.values())
        different = (at for at, alone in enumerate(self._alone) if alone or at in firsts)
        images = map(self._images.__getitem__, different)
        return tuple(each.logit for each in images if isinstance(each, ImageResult))

    def _repeats(self) -> tuple[tuple[int, int], ...]:
        """The places of copies, each with that of the first of its content."""
        copies = (each.places for each in self._copies.values())
        return tuple((place, first) for first, *others in copies for place in others)

    def _top(self) -> tuple[int, ...]:
        """The members with the highest probabilities; of equal ones the earlier member first."""
        known = (
            (-probability, place)
            for place in range(len(self.group.members))
            if (probability := self._probability(place)) is not None
        )
        return tuple(self.group.members[place] for _, place in nsmallest(TOP, known))


def _is_done(image: ImageResult) -> bool:
    """Whether an image has a probability, or a reason of its own why it has none."""
    if not image.is_screened:
        return False
    decided = image.status in (Status.REFUSED, Status.FAILED, Status.SKIPPED)
    return image.probability is not None or decided


def _without_copies(images: Iterable[ListedImage]) -> bytearray:
    """Of each image 1 where no other has its SOP Instance UID and frame, so that none is its copy.

    0 without a UID: what such an image is a copy of is known when its content has been read.
    """
    names = [("" if each.header is None else each.header.sop_uid, each.frame) for each in images]
    count = Counter(names)
    return bytearray(name[0] != "" and count[name] == 1 for name in names)


@dataclass(eq=False)
class _Copies:
    """The members of one content that have a result: two at least."""

    places: list[int] = field(default_factory=list)
    """In order."""
    probabilities: list[float] = field(default_factory=list)
    """Of those that have one, the lowest first."""

    def add(self, place: int, probability: float | None) -> None:
        insort(self.places, place)
        if probability is not None:
            insort(self.probabilities, probability)

    def remove(self, place: int, probability: float | None) -> None:
        self.places.remove(place)
        if probability is not None:
            del self.probabilities[bisect_left(self.probabilities, probability)]
