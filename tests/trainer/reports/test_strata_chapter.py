"""Subgroups by column: counts always, a rate from twenty on, a CI from ten groups on."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from model.confusion import Confusion
from model.proportion import Interval, Proportion
from tests.make.clinic import assessed, clinic
from tests.make.hospital import hospital
from tests.make.tiny_model import WHOLE, tiny_model
from trainer.data.labels import read_labels
from trainer.reports import examinations, external, strata_chapter
from trainer.reports.document import Table, to_markdown
from trainer.results.strata import Stratum

AREA = Interval(0.9, 0.8, 0.95)


@pytest.mark.parametrize(
    ("positives", "groups", "told"),
    [
        (19, 19, "17/19, too few"),
        (20, 9, "90.0 % (18/20; no CI)"),
        (20, 10, str(Proportion.of(18, 20))),
        (0, 0, "none"),
    ],
)
def test_a_rate_has_count_and_ci_or_says_why_not(positives: int, groups: int, told: str) -> None:
    missed = min(positives, 2)
    counts = Confusion(positives - missed, 3, 37, missed)
    one = Stratum("sex", "female", 40 + positives, positives, (groups, 30), None, counts)
    (table,) = (b for b in strata_chapter.chapter([one], []) if isinstance(b, Table))
    assert table.rows == (
        (
            *("sex", "female", f"{40 + positives} ({positives} +)", f"{groups} +, 30 −"),
            *("too few", told, str(Proportion.of(37, 40))),
        ),
    )


def test_images_and_examinations_have_a_table_each_and_no_column_no_chapter() -> None:
    one = Stratum("age", "under 18", 80, 40, (20, 20), AREA, Confusion(38, 2, 38, 2))
    told = to_markdown("", strata_chapter.chapter([one], [replace(one, column="age")]))
    assert "## Subgroups by age" in told
    assert "so they are too narrow where groups hold several" in told
    assert "By column, assessed images, at the default threshold" in told
    assert "By column, examinations, as the program flags series" in told
    assert (
        "| age | under 18 | 80 (40 +) | 20 +, 20 − | 0.900 (0.800–0.950) | 95.0 % (38/40;" in told
    )
    assert strata_chapter.chapter([], []) == []


def test_images_count_where_they_have_a_probability(tmp_path: Path) -> None:
    """Image 23 and 47 are not assessable; the columns hold a value for each of all images."""
    here = assessed(tmp_path, clinic(tmp_path / "clinic"))
    values = ["a" if number < 24 else "b" for number in range(48)]
    a, b = strata_chapter.of_images(here, {"wing": values})
    assert (a.value, a.count, a.positives, a.default) == ("a", 23, 23, Confusion(22, 0, 0, 1))
    assert (b.value, b.count, b.positives, b.default) == ("b", 23, 0, Confusion(0, 1, 22, 0))
    assert (a.groups, b.groups) == ((12, 0), (0, 12))


def test_an_examination_has_the_value_of_its_images(tmp_path: Path) -> None:
    data = hospital(tmp_path / "hospital")
    model = external.open_model(tiny_model(tmp_path / "tiny.onnx", recipe=WHOLE))
    here = external.assess(model, read_labels(data))
    found = examinations.assessed_examinations(here)
    broken = {"P1_S4", "P2_S0"}
    values = ["yes" if image.image_id in broken else "no" for image in here.images]
    no, yes = strata_chapter.of_examinations(here, found, {"fracture": values})
    assert (no.value, no.count, no.positives) == ("no", 10, 5)
    assert (yes.value, yes.count, yes.positives) == ("yes", 2, 1)
    flagged = {each.group: each.is_flagged for each in found}
    assert yes.default.true_positive == flagged["1"]
    assert yes.default.false_positive == flagged["2"]
    assert np.sum(no.default.counts) == 10
