"""What a report on an exported file may claim, and what it must warn of."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from imaging.errors import Code
from model.card import HELD_OUT, LEARNT, TEST
from model.proportion import Interval
from tests.make.clinic import assessed, clinic
from trainer.data.labels import read_labels
from trainer.data.provenance import fingerprint, sha256_of
from trainer.reports import external, external_chapters
from trainer.reports.document import Table, to_markdown


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A folder of its own, to be changed."""
    return clinic(tmp_path / "clinic")


def test_training_data_are_no_external_validation(tmp_path: Path, data: Path) -> None:
    own = fingerprint(read_labels(data))
    same = assessed(tmp_path, data, data_fingerprint=own)
    told = to_markdown("", external_chapters.what_was_assessed(same, "hemorrhage"))
    assert "> These are the very images" in told
    other = assessed(tmp_path, data)
    told = to_markdown("", external_chapters.what_was_assessed(other, "fracture"))
    assert "> The fingerprints differ" in told
    assert "> The labels are about fracture, but the model predicts hemorrhage." in told


def test_images_are_known_again_by_what_they_were_used_for(tmp_path: Path, data: Path) -> None:
    images = read_labels(data)
    striped = {image.image_id: sha256_of(image.path)[:12] for image in images[23::24]}
    found = assessed(tmp_path, data, used={LEARNT: striped["23"], TEST: striped["47"]})
    assert [use for use in found.uses if use] == [LEARNT, TEST]
    assert (found.uses[23], found.uses[47]) == (LEARNT, TEST)

    uses = (LEARNT,) * 30 + (HELD_OUT,) * 6 + (TEST,) + ("",) * 11
    some = external_chapters.learnt_from(replace(found, uses=uses))
    assert some.text.startswith(
        "Of these 48 images the network has learnt from 30, was chosen on 6, and was tested before "
        "on 1; 11 are none of its run's."
    )
    assert "no external validation" in some.text
    fresh = external_chapters.learnt_from(replace(found, uses=("",) * 48))
    assert "no external validation" not in fresh.text
    assert (some.warning, fresh.warning) == (True, False)


def test_images_that_are_none_of_the_runs_have_a_row_of_their_own(
    tmp_path: Path, data: Path
) -> None:
    """Beside those that it learnt from, whose figures are no external validation."""
    whole = assessed(tmp_path, data, used={LEARNT: "0" * 12})
    card = whole.model.card
    # The first and the last of either label: three right, and one not assessable.
    uses = tuple("" if at in (0, 1, 24, 47) else LEARNT for at in range(48))
    mixed = external.results(replace(whole, uses=uses))
    assert mixed.fresh is not None
    assert (mixed.fresh.images, mixed.fresh.default.counts) == (3, (2, 0, 1, 0))
    told = to_markdown("", external_chapters.fares(mixed, card))
    assert "| of these, none of the run's | 3 (2 +) in 2 groups |" in told
    for same in (("",) * 48, (LEARNT,) * 48):
        assert external.results(replace(whole, uses=same)).fresh is None


def test_where_no_folds_can_be_made_the_baseline_is_told_to_be_missing(
    tmp_path: Path, data: Path
) -> None:
    table = data / "labels.csv"
    lines = table.read_text(encoding="utf-8").splitlines()
    rows = [line.split(",") for line in lines[1:]]
    one_group = [",".join([i, label, label, deep]) for i, label, _, deep in rows]
    table.write_text("\n".join([lines[0], *one_group]), encoding="utf-8")
    known = assessed(tmp_path, data)
    found = external.results(known)
    assert found.without_anatomy is None
    assert found.assessed.predictive == {}  # no prevalence was given
    told = to_markdown("", external_chapters.fares(found, known.model.card))
    assert (
        "There is no such baseline as “without anatomy”. There are too few images or groups" in told
    )


def test_predictive_values_stand_there_only_at_a_prevalence_that_was_asked_for(
    tmp_path: Path, data: Path
) -> None:
    here = assessed(tmp_path, data)

    def told(asked: float | None) -> list[str]:
        found = external.results(here, asked)
        blocks = external_chapters.operating_points(here, found, asked)
        return to_markdown("", blocks).splitlines()

    assert not any("PPV" in line for line in told(None))
    assert any("Predictive values are not given" in line for line in told(None))
    lines = told(0.1)
    assert "Assessed images, predictive values at a prevalence of 10 %" in lines
    # Sensitivity and specificity are 22/23 at the default, by Bayes 71.0 % and 99.5 %.
    (row,) = (line for line in lines if line.startswith("| default |") and line.count("|") == 4)
    assert [cell.strip().split(" (")[0] for cell in row.split("|")[2:4]] == ["71.0 %", "99.5 %"]


def test_a_predictive_value_of_nothing_is_none() -> None:
    nothing = Interval(np.nan, np.nan, np.nan)
    assert external_chapters._percent(nothing) == "there are none"
    assert external_chapters._percent(Interval(0.5, 0.25, 0.75)) == "50.0 % (25.0–75.0)"


def test_what_is_not_assessable_is_counted_by_source_label_and_reason(
    tmp_path: Path, data: Path
) -> None:
    here = assessed(tmp_path, data)
    found = external.results(here)
    table = external_chapters.not_assessable(here, found)[-1]
    assert isinstance(table, Table)
    reason = Code.NOT_ASSESSABLE.template
    assert table.rows == (
        ("clinic", "0", reason, "4.2 % (1/24; 95 % CI 0.7–20.2)"),
        ("clinic", "1", reason, "4.2 % (1/24; 95 % CI 0.7–20.2)"),
    )
    assert "novelty cut is 100.00" in table.caption
    none = external_chapters.not_assessable(here, replace(found, refused=()))
    assert "All images were assessed." in to_markdown("", none)
