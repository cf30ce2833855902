"""An exported file on labelled images: its own thresholds, its refusals, every number."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PIL import Image as PilImage

from imaging.errors import Code
from model.confusion import Confusion
from model.proportion import Proportion
from tests.make.clinic import assessed, clinic
from tests.make.tiny_model import SIZE, WHOLE, tiny_logit, tiny_model
from trainer.data.labels import read_labels
from trainer.reports import external
from trainer.reports.external import ExternalResults, ModelError


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A folder of its own, to be changed."""
    return clinic(tmp_path / "clinic")


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> ExternalResults:
    """At temperature 2 and a prevalence of 0.1; made once, for the baseline takes seconds."""
    folder = tmp_path_factory.mktemp("evaluate")
    here = assessed(folder, clinic(folder / "clinic"), temperature=2.0)
    return external.results(here, prevalence=0.1)


def test_the_cards_thresholds_temperature_and_cut_decide(found: ExternalResults) -> None:
    # Of the two that are not assessable, the positive would be missed and the negative flagged.
    assert found.assessed.points == {
        "default": Confusion(22, 1, 22, 1),
        "sensitivity_95": Confusion(22, 3, 20, 1),
        "specificity_95": Confusion(20, 1, 22, 3),
        "youden": Confusion(22, 1, 22, 1),
    }
    assert found.every == Confusion(22, 1, 23, 2)
    assert [(r.source, r.label, r.reason, r.share) for r in found.refused] == [
        ("clinic", 0, Code.NOT_ASSESSABLE, Proportion.of(1, 24)),
        ("clinic", 1, Code.NOT_ASSESSABLE, Proportion.of(1, 24)),
    ]
    performance = found.assessed.performance
    assert (performance.images, performance.groups) == (46, 24)
    (source,) = found.subgroups
    assert source.sensitive == Confusion(22, 1, 22, 1)
    assert [(t.name, t.positives, t.sensitivity) for t in source.traits] == [
        ("deep", 20, Proportion.of(20, 20))
    ]
    assert [m.image_id for m in found.worst] == ["22", "46"]


def test_predictive_values_are_those_of_the_prevalence_asked_for(found: ExternalResults) -> None:
    values = found.assessed.predictive["default"]
    # Sensitivity and specificity are 22/23 each.
    assert values.ppv.value == pytest.approx(22 * 0.1 / (22 * 0.1 + 1 * 0.9))
    assert values.npv.value == pytest.approx(22 * 0.9 / (22 * 0.9 + 1 * 0.1))
    assert values.npv.low < values.npv.value < values.npv.high


def test_the_counts_of_all_images_hold_those_without_a_score_as_not_flagged(
    found: ExternalResults,
) -> None:
    known, every = found.assessed.performance.default, found.every
    refused = sum(each.share.count for each in found.refused)
    assert every.total == known.total + refused == 48
    assert (every.true_positive, every.false_positive) == (
        known.true_positive,
        known.false_positive,
    )


def test_what_can_be_written_of_all_this_is_json(found: ExternalResults) -> None:
    values = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    assert values["every"]["true_positive"] == 22
    assert values["refused"][0]["reason"] == str(Code.NOT_ASSESSABLE)


def test_an_image_is_shown_as_the_network_saw_it_with_its_own_heat_map(
    tmp_path: Path, data: Path
) -> None:
    here = assessed(tmp_path, data)
    seen = here.input_with_heat_map("21")
    result = here.results[21]
    assert result.logit == pytest.approx(tiny_logit(seen.input), abs=1e-4)
    assert seen.heat_map.mean() == pytest.approx(seen.input.mean() / 255, abs=1e-3)
    PilImage.new("L", (SIZE, SIZE)).save(here.images[21].path)  # blank now: nothing was seen
    with pytest.raises(KeyError):
        here.input_with_heat_map("21")
    with pytest.raises(KeyError):
        here.input_with_heat_map("no image")


@pytest.mark.parametrize("label", [0, 1])
def test_images_of_one_label_are_refused_before_any_is_assessed(
    label: int, tmp_path: Path, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = external.open_model(tiny_model(tmp_path / "tiny.onnx", recipe=WHOLE))
    images = [image for image in read_labels(data) if image.label == label]
    monkeypatch.setattr(external, "assess_files", None)
    with pytest.raises(ModelError, match="the same label"):
        external.assess(model, images)
    with pytest.raises(ModelError, match="the same label"):
        external.assess(model, [])


def test_one_assessable_label_is_refused_with_the_reasons(tmp_path: Path, data: Path) -> None:
    """All negatives are blank: there is no specificity, and no AUC."""
    model = external.open_model(tiny_model(tmp_path / "tiny.onnx", recipe=WHOLE))
    images = read_labels(data)
    for image in images:
        if image.label == 0:
            PilImage.new("L", (SIZE, SIZE)).save(image.path)
    with pytest.raises(ModelError, match=r"of both labels are assessable \(24 blank"):
        external.assess(model, images)
