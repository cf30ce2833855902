"""The chapters of an audit: what was found, and what to conclude from it."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

from model.proportion import Proportion
from trainer.auditing.repeats import BESIDE, NEIGHBOUR, REPEAT, Found, Kind, Pair
from trainer.data.labels import LabelledImage
from trainer.reports.chapters import share
from trainer.reports.document import Block, Heading, Paragraph, Table

TITLE = "Audit of labelled images"
LISTED = 60
"""Pairs of each kind that the report lists; the table beside it has all."""
TEST_SHARE = 0.2
"""Of the random split whose leaks are counted."""
UNEVEN = 0.1
"""Difference in the share of positives from which a source gives its label away."""


def counts(images: Sequence[LabelledImage]) -> list[Block]:
    """How many images there are from where."""
    rows, rates = [], []
    for source in dict.fromkeys(image.source for image in images):
        labels = [image.label for image in images if image.source == source]
        positive = Proportion.of(sum(labels), len(labels))
        rows.append((source, str(len(labels)), share(positive)))
        rates.append(positive.value)
    blocks: list[Block] = [
        Heading("Images"),
        Table("With 95 % intervals (Wilson)", ("source", "images", "positive"), tuple(rows)),
    ]
    if round(max(rates) - min(rates), 9) >= UNEVEN:  # 0.6 - 0.5 is less than 0.1
        blocks.append(
            Paragraph(
                "The sources differ in how many of their images are positive. Whatever tells the "
                "sources apart then tells the labels apart, too: draw both labels from each source "
                "in equal shares when training, and give results for each source by itself.",
                warning=True,
            )
        )
    return blocks


def pairs(images: Sequence[LabelledImage], found: Found) -> list[Block]:
    """The repeats and neighbours."""
    kinds = Counter(pair.kind for pair in found.pairs)
    differing = [
        pair for pair in found.pairs if images[pair.first].label != images[pair.second].label
    ]
    repeats = sum(pair.kind is Kind.REPEAT for pair in differing)
    blocks: list[Block] = [
        Heading("Repeats and neighbours"),
        Paragraph(
            f"{kinds[Kind.REPEAT]} pairs look like the same image, or the very next slice "
            f"(likeness of at least {REPEAT}), {kinds[Kind.NEIGHBOUR]} more like neighbours in one "
            f"head (excess of at least {NEIGHBOUR}, or {BESIDE} where they are listed side by "
            "side). Likeness is the "
            "correlation of local contrast, cropped to the head, over small shifts and scales and "
            "mirroring; excess is likeness above what both share with other patients. These are "
            "proposals, and the bar is low: a false pair costs a split little, a missed one costs "
            "its honesty. Look at the images before you call them one patient."
        ),
    ]
    if found.bare:
        blocks.append(
            Paragraph(
                f"{len(found.bare)} of {len(images)} images have too few greys to be "
                "compared (empty, or little but bone); they stay in groups of their own."
            )
        )
    if differing:
        blocks.append(
            Paragraph(
                f"{len(differing)} pairs have different labels, {repeats} of them repeats. "
                "Neighbours may rightly differ; of a repeat, one label is probably wrong.",
                warning=repeats > 0,
            )
        )
    return [*blocks, *(_listed(images, found, kind) for kind in Kind if kinds[kind])]


def _listed(images: Sequence[LabelledImage], found: Found, kind: Kind) -> Table:
    chosen = [pair for pair in found.pairs if pair.kind is kind]
    rows = tuple(
        (
            images[pair.first].image_id,
            images[pair.second].image_id,
            f"{images[pair.first].label}, {images[pair.second].label}",
            f"{pair.likeness:.2f}",
            f"{pair.excess:.2f}",
            "yes" if pair.mirrored else "",
        )
        for pair in chosen[:LISTED]
    )
    more = f", the first {LISTED}; pairs.csv has all" if len(chosen) > LISTED else ""
    columns = ("image", "image", "labels", "likeness", "excess", "mirrored")
    return Table(f"{kind.value.capitalize()}s: {len(chosen)}{more}", columns, rows)


def groups(images: Sequence[LabelledImage]) -> list[Block]:
    """What hangs together, and how a random split would fare."""
    sizes = Counter(image.group for image in images)
    large = {group: size for group, size in sizes.most_common() if size > 1}
    whole = math.prod((1 - TEST_SHARE) ** k + TEST_SHARE**k for k in large.values())
    text = (
        f"{len(images)} images fall into {len(sizes)} groups; {len(large)} of them hold more than "
        f"one image, {sum(large.values())} images in all"
    )
    if not large:
        return [Heading("Groups"), Paragraph(f"{text}.")]
    return [
        Heading("Groups"),
        Paragraph(
            f"{text}, the largest {max(large.values())}. A random split that sets "
            f"{TEST_SHARE:.0%} aside would divide at least one of them with probability "
            f"{1 - whole:.4f}. groups.csv holds the groups for training's --groups, which keeps "
            "each on one side of every split; change it where the images say otherwise."
        ),
        Table(
            "Groups of more than one image",
            ("group", "images", "which"),
            tuple(
                (group, str(size), ", ".join(s.image_id for s in images if s.group == group))
                for group, size in list(large.items())[:LISTED]
            ),
        ),
    ]


def images_note() -> list[Block]:
    """The opening of the chapter with images."""
    return [
        Heading("The pairs"),
        Paragraph("The images as the network gets them: keep this page to yourself."),
    ]


def caption(images: Sequence[LabelledImage], pair: Pair) -> str:
    """What stands under the images of a pair."""
    mirrored = ", mirrored" if pair.mirrored else ""
    return (
        f"{pair.kind.value}: {images[pair.first].image_id} and {images[pair.second].image_id}, "
        f"likeness {pair.likeness:.2f}, excess {pair.excess:.2f}{mirrored}"
    )
