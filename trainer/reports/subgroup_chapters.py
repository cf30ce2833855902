"""The chapter on subgroups: sources, traits, and specificity at a wanted sensitivity."""

from __future__ import annotations

from collections.abc import Sequence

from trainer.reports.chapters import RESULTS, number, share
from trainer.reports.document import Block, Heading, Paragraph, Table
from trainer.results.source_names import NOT_NAMED
from trainer.results.subgroups import TOO_FEW, WANTED, Subgroup

FEW = "too few"


def subgroups(
    groups: Sequence[Subgroup], threshold: float, which: str, *, chosen_on: bool = True
) -> list[Block]:
    """All of it about the images that ``which`` names, such as "out of fold".

    ``chosen_on``: whether thresholds may be chosen on them; never on a test set.
    """
    blocks: list[Block] = [
        Heading(f"Subgroups, {which}"),
        Paragraph(
            f"“{FEW.capitalize()}”: fewer than {TOO_FEW} of the images that a figure counts. "
            "These are positives for the sensitivity, negatives for the specificity, each of both "
            "for the AUC. Differences between rows are not tested: of many rows some differ by "
            "chance."
        ),
        _sources(groups, threshold),
        *(_at_wanted(groups) if chosen_on else []),
    ]
    traits = _traits(groups)
    return [*blocks, traits] if traits.rows else blocks


def _at_wanted(groups: Sequence[Subgroup]) -> list[Block]:
    wanted = f"{WANTED / 100:.2f}"
    return [
        Table(
            f"Specificity where the sensitivity is {wanted}",
            ("source", "sensitivity", "specificity"),
            tuple(_sensitive(group) for group in groups),
        ),
        Paragraph(
            f"That threshold is the highest with a sensitivity of at least {wanted}. It was chosen "
            "for each row on the same images, so it is optimistic. "
            "It is none of the model's operating points."
        ),
    ]


def _sources(groups: Sequence[Subgroup], threshold: float) -> Table:
    rows = []
    for group in groups:
        name, images = _name(group), f"{group.images} ({group.positives} +)"
        if group.groups is not None:
            images += f" in {group.groups} groups"
        rates = (
            FEW if found.total < TOO_FEW else share(found)
            for found in (
                group.default.sensitivity,
                group.default.specificity,
                group.default.accuracy,
            )
        )
        rows.append((name, images, FEW if group.auc is None else number(group.auc), *rates))
    caption = f"By source, at the default threshold {threshold:.4f}"
    return Table(caption, ("source", *RESULTS[1:]), tuple(rows))


def _sensitive(group: Subgroup) -> tuple[str, ...]:
    if group.sensitive is None:
        return _name(group), FEW, FEW
    return _name(group), share(group.sensitive.sensitivity), share(group.sensitive.specificity)


def _traits(groups: Sequence[Subgroup]) -> Table:
    rows = tuple(
        (
            _name(group),
            trait.name,
            str(trait.positives),
            FEW if trait.sensitivity is None else share(trait.sensitivity),
            FEW if trait.auc is None else number(trait.auc),
        )
        for group in groups
        for trait in group.traits
    )
    caption = "Positives by trait, at the default threshold; an image can have several traits"
    columns = ("source", "trait", "positives", "sensitivity", "AUC against the source's negatives")
    return Table(caption, columns, rows)


def _name(group: Subgroup) -> str:
    return group.source or NOT_NAMED
