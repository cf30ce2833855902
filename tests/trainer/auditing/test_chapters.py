"""The chapters of an audit count what is there, and warn from the bounds on that they name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from trainer.auditing import chapters
from trainer.auditing.repeats import Found, Kind, Pair
from trainer.data.labels import LabelledImage
from trainer.reports.document import Table, to_markdown


def images(*labels: int, source: str = "") -> list[LabelledImage]:
    """Each in a group of its own."""
    return [
        LabelledImage(f"{source}{i}", Path(f"{i}.png"), label, f"{source}{i}", source)
        for i, label in enumerate(labels)
    ]


def of_sources(*positives: int) -> list[LabelledImage]:
    """Ten images of each source, so many of them positive."""
    return [
        image
        for number, count in enumerate(positives)
        for image in images(*[1] * count, *[0] * (10 - count), source=f"site {number}")
    ]


@pytest.mark.parametrize(
    ("positives", "uneven"),
    [
        ((5, 5), False),
        ((5, 6), True),
        ((3, 4), True),
        ((4, 3), True),
        ((10, 0), True),
        ((5,), False),
    ],
)
def test_sources_that_differ_by_a_tenth_in_their_positives_are_a_warning(
    positives: Sequence[int], uneven: bool
) -> None:
    told = to_markdown("", chapters.counts(of_sources(*positives)))
    assert ("> The sources differ" in told) is uneven


def test_a_little_less_than_a_tenth_is_none() -> None:
    """41 of 100 and 50 of 100."""
    both = images(*[1] * 41, *[0] * 59, source="a") + images(*[1] * 50, *[0] * 50, source="b")
    assert "The sources differ" not in to_markdown("", chapters.counts(both))


def test_every_source_has_a_row_in_the_order_of_the_images() -> None:
    (_, table, *_) = chapters.counts(of_sources(3, 5))
    assert isinstance(table, Table)
    assert table.rows == (
        ("site 0", "10", "30.0 % (3/10; 95 % CI 10.8–60.3)"),
        ("site 1", "10", "50.0 % (5/10; 95 % CI 23.7–76.3)"),
    )


def pair(first: int, second: int, kind: Kind = Kind.REPEAT) -> Pair:
    return Pair(first, second, 0.9, 0.3, kind is Kind.NEIGHBOUR, kind)


@pytest.mark.parametrize(
    ("kind", "labels", "told"),
    [
        (Kind.REPEAT, (0, 0), None),
        (Kind.REPEAT, (0, 1), "> 1 pairs have different labels, 1 of them repeats."),
        (Kind.NEIGHBOUR, (0, 1), "1 pairs have different labels, 0 of them repeats."),
    ],
)
def test_a_repeat_of_another_label_is_a_warning_and_a_neighbour_is_none(
    kind: Kind, labels: tuple[int, int], told: str | None
) -> None:
    lines = to_markdown("", chapters.pairs(images(*labels), Found((pair(0, 1, kind),), ())))
    found = [line for line in lines.splitlines() if "have different labels" in line]
    assert [line[: len(told)] for line in found] == [told] if told else found == []


def test_images_that_cannot_be_compared_are_counted() -> None:
    told = to_markdown("", chapters.pairs(images(0, 1, 1), Found((), (0, 2))))
    assert "2 of 3 images have too few greys to be compared" in told
    assert "too few greys" not in to_markdown("", chapters.pairs(images(0), Found((), ())))


@pytest.mark.parametrize(
    ("count", "caption"),
    [
        (chapters.LISTED, "Repeats: 60"),
        (chapters.LISTED + 1, "Repeats: 61, the first 60; pairs.csv has all"),
    ],
)
def test_a_long_list_of_pairs_is_cut_and_says_so(count: int, caption: str) -> None:
    found = Found(tuple(pair(i, i + 100) for i in range(count)), ())
    table = chapters.pairs(images(*[0] * 200), found)[-1]
    assert isinstance(table, Table)
    assert table.caption == caption
    assert len(table.rows) == 60


def test_a_pair_is_called_by_both_its_images() -> None:
    both = images(0, 1, source="x")
    assert chapters.caption(both, pair(0, 1)) == "repeat: x0 and x1, likeness 0.90, excess 0.30"
    mirrored = chapters.caption(both, pair(1, 0, Kind.NEIGHBOUR))
    assert mirrored == "neighbour: x1 and x0, likeness 0.90, excess 0.30, mirrored"


def test_the_leak_of_a_random_split_is_computed_from_the_groups() -> None:
    """One pair stays whole with probability 0.8² + 0.2² = 0.68, two with 0.68²."""
    names = ["a", "a", "b", "b", "c"]
    some = [LabelledImage(str(i), Path(f"{i}.png"), 0, name) for i, name in enumerate(names)]
    text = to_markdown("", chapters.groups(some))
    assert (
        "5 images fall into 3 groups; 2 of them hold more than one image, 4 images in all" in text
    )
    assert "with probability 0.5376" in text
    alone = [replace(image, group=image.image_id) for image in some]
    assert "probability" not in to_markdown("", chapters.groups(alone))
