"""The chapter on subgroups gives a figure with its counts and CI, or says too few."""

from __future__ import annotations

import pytest

from model.confusion import Confusion
from model.proportion import Interval, Proportion
from trainer.reports.document import Table, to_markdown
from trainer.reports.subgroup_chapters import subgroups as chapter
from trainer.results.subgroups import TOO_FEW, Subgroup, Trait


def group(default: Confusion, sensitive: Confusion | None = None) -> Subgroup:
    traits = (Trait("deep", 3, None, None), Trait("old", 25, Proportion.of(20, 25), None))
    area = Interval(0.9, 0.8, 0.95)
    return Subgroup("", default.total, 60, area, default, sensitive, traits)


@pytest.mark.parametrize(("negatives", "told"), [(TOO_FEW - 1, False), (TOO_FEW, True)])
def test_a_rate_is_given_from_so_many_of_the_images_that_it_counts(
    negatives: int, told: bool
) -> None:
    one = group(Confusion(50, 1, negatives - 1, 10), Confusion(54, 2, negatives - 2, 6))
    sources, wanted, traits = (
        block for block in chapter([one], 0.25, "here") if isinstance(block, Table)
    )
    (row,) = sources.rows
    assert sources.caption == "By source, at the default threshold 0.2500"
    assert row[:3] == ("not named", f"{60 + negatives} (60 +)", "0.900 (0.800–0.950)")
    assert row[3].startswith("83.3 % (50/60; ")
    assert row[4] == (str(one.default.specificity) if told else "too few")
    assert row[5] == str(one.default.accuracy)
    assert wanted.rows[0][1].startswith("90.0 % (54/60; ")
    assert [each[2:] for each in traits.rows] == [
        ("3", "too few", "too few"),
        ("25", str(Proportion.of(20, 25)), "too few"),
    ]


def test_on_a_test_set_no_threshold_is_chosen() -> None:
    told = to_markdown("", chapter([group(Confusion(50, 1, 40, 10))], 0.5, "test", chosen_on=False))
    assert "Specificity where" not in told
    assert "## Subgroups, test" in told


def test_where_no_threshold_could_be_chosen_the_row_says_too_few() -> None:
    told = to_markdown("", chapter([group(Confusion(50, 1, 3, 10))], 0.5, "here"))
    assert "| not named | too few | too few |" in told
