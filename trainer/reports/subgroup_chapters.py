"""The chapter on subgroups: sources, traits, and specificity at a wanted sensitivity."""

from __future__ import annotations

from collections.abc import Sequence

from trainer.reports.chapters import RESULTS, number, results_of, share
from trainer.reports.document import Block, Heading, Paragraph, Table
from trainer.results.metrics import sensitivity, specificity
from trainer.results.subgroups import TOO_FEW, WANTED, Subgroup

FEW = "too few"


def subgroups(groups: Sequence[Subgroup], threshold: float, which: str) -> list[Block]:
    """All of it about ``which`` scans, such as "out of fold"."""
    wanted = f"{WANTED / 100:.2f}"
    blocks: list[Block] = [
        Heading(f"Subgroups, {which}"),
        Paragraph(f"Below {TOO_FEW} scans, or positives where those are counted: “{FEW}”."),
        _sources(groups, threshold),
        Table(
            f"Specificity where the sensitivity is {wanted}",
            ("source", "sensitivity", "specificity"),
            tuple(_sensitive(group) for group in groups),
        ),
        Paragraph(
            f"That threshold, the highest with a sensitivity of at least {wanted}, was chosen "
            "for each row on the same scans, so it is a little optimistic; it is not one of "
            "the thresholds that travel with the weights."
        ),
    ]
    traits = _traits(groups)
    return [*blocks, traits] if traits.rows else blocks


def _sources(groups: Sequence[Subgroup], threshold: float) -> Table:
    rows = []
    for group in groups:
        name, scans = _name(group), f"{group.scans} ({group.positives} +)"
        if group.auc is None or group.frozen is None:
            rows.append((name, scans, *(FEW for _ in RESULTS[2:])))
        else:
            rows.append((name, scans, *results_of(group.auc, group.frozen)))
    caption = f"By source, at the frozen threshold {threshold:.3f}"
    return Table(caption, ("source", *RESULTS[1:]), tuple(rows))


def _sensitive(group: Subgroup) -> tuple[str, ...]:
    if group.sensitive is None:
        return _name(group), FEW, FEW
    return _name(group), share(sensitivity(group.sensitive)), share(specificity(group.sensitive))


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
    caption = "Positives by trait, at the frozen threshold; a scan can have several traits"
    columns = ("source", "trait", "positives", "sensitivity", "AUC against the source's negatives")
    return Table(caption, columns, rows)


def _name(group: Subgroup) -> str:
    return group.source or "not named"
