"""What goes into the card comes from images that the network in question never saw."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from export.errors import ExportError
from export.evidence import (
    FEW,
    Evidence,
    HeldOut,
    Material,
    counts_on_test,
    gather,
    matched,
    settled,
    with_as_many,
)
from export.outputs import Graph
from model.operating_point import DEFAULT, OperatingPoint
from model.probability import Calibration
from tests.make.linear_model import CELL, SIZE, WIDTH, linear_model
from trainer.data.folds import Part
from trainer.results import novelty


@pytest.fixture(scope="module")
def material() -> Material:
    """60 noisy images, brighter with the label; folds 1 and 2 and the test set take turns."""
    random = np.random.default_rng(1)
    labels = np.arange(60) // 3 % 2
    images = random.integers(0, 160, (60, SIZE, SIZE)) + labels[:, None, None] * 8
    parts = tuple(Part(int(row % 3)) for row in range(60))
    return Material(images.astype(np.uint8), labels, parts, ("site",) * 60)


MODELS = {1: linear_model(80.0), 2: linear_model(90.0)}


@pytest.fixture(scope="module")
def evidence(material: Material) -> Evidence:
    """Of both networks, that of fold 1 being exported."""
    return gather(MODELS, material, exported=1)


def rows(*folds: int) -> np.ndarray:
    return np.flatnonzero(np.isin(np.arange(60) % 3, folds))


def pooled(material: Material, *folds: int) -> np.ndarray:
    images = material.images[rows(*folds)].astype(np.float64)
    quarters = images.reshape(-1, 2, CELL, 2, CELL).mean(axis=(2, 4))
    return np.asarray(quarters.reshape(-1, WIDTH))


def expected(material: Material, fold: int, offset: float) -> np.ndarray:
    return np.asarray((pooled(material, fold).mean(axis=1) - offset) / 16)


def test_the_evidence_is_of_the_exported_network_alone(material: Material) -> None:
    for fold, offset in ((1, 80), (2, 90)):
        evidence = gather(MODELS, material, exported=fold)
        np.testing.assert_allclose(evidence.own.logits, expected(material, fold, offset), atol=1e-4)
        np.testing.assert_array_equal(evidence.own.labels, material.labels[rows(fold)])
        assert evidence.out_of_fold().logits == tuple(evidence.own.logits.tolist())
        alone = gather({fold: MODELS[fold]}, material, exported=fold)
        assert alone.own.calibration == evidence.calibration
        assert alone.own.operating_points == evidence.operating_points


def test_the_pooled_evidence_stands_beside_as_that_of_all_networks(
    material: Material, evidence: Evidence
) -> None:
    logits = np.concatenate([expected(material, 1, 80), expected(material, 2, 90)])
    np.testing.assert_allclose(evidence.pooled.logits, logits, atol=1e-4)
    pooled_one = evidence.pooled_evidence()
    assert pooled_one is not None
    assert (pooled_one.networks, pooled_one.counts.total) == (2, 40)
    assert pooled_one.threshold == evidence.pooled.threshold
    assert gather({1: MODELS[1]}, material, exported=1).pooled_evidence() is None


def test_the_pooled_auc_has_a_ci_of_groups(material: Material) -> None:
    """As many groups as images; then a group of three of a label, as they lie beside each other."""
    alone = gather(MODELS, material, exported=1).pooled_evidence()
    threes = replace(material, groups=tuple(str(row // 3) for row in range(60)))
    grouped = gather(MODELS, threes, exported=1).pooled_evidence()
    assert alone is not None
    assert grouped is not None
    labels = material.labels[np.concatenate([rows(1), rows(2)])]
    logits = np.concatenate([expected(material, 1, 80), expected(material, 2, 90)])
    assert alone.auc == grouped.auc == pytest.approx(roc_auc_score(labels, logits))
    for each in (alone, grouped):
        assert each.auc_low is not None
        assert each.auc_high is not None
        assert 0.5 < each.auc_low < each.auc < each.auc_high <= 1.0
    assert grouped.area != alone.area
    few = replace(material, groups=tuple(str(row // 15) for row in range(60)))
    none = gather(MODELS, few, exported=1).pooled_evidence()
    assert none is not None
    assert (none.auc, none.auc_low, none.auc_high) == (alone.auc, None, None)


def test_a_rule_says_on_how_many_images_it_was_chosen(
    material: Material, evidence: Evidence
) -> None:
    positives = int(material.labels[rows(1)].sum())
    for point in evidence.operating_points:
        assert f"20 validation images of this network, {positives} of them" in point.rule
        assert "few" in point.rule


@pytest.mark.parametrize(("count", "few"), [(FEW - 1, True), (FEW, False)])
def test_few_images_are_called_few(count: int, few: bool) -> None:
    random = np.random.default_rng(3)
    images = random.integers(0, 160, (2 * count, SIZE, SIZE), dtype=np.uint8)
    labels = random.integers(0, 2, 2 * count)
    parts = tuple(Part(1 + row % 2) for row in range(2 * count))
    material = Material(images, labels, parts, ("site",) * (2 * count))
    evidence = gather({1: MODELS[1]}, material, exported=1)
    assert ("they are few" in evidence.operating_points[0].rule) is few


@pytest.mark.parametrize(("held_out", "own"), [(novelty.FEWEST - 1, False), (novelty.FEWEST, True)])
def test_too_few_own_images_leave_the_novelty_cut_to_all_networks(held_out: int, own: bool) -> None:
    random = np.random.default_rng(4)
    images = random.integers(0, 160, (60, SIZE, SIZE), dtype=np.uint8)
    parts = tuple(Part(1 if row < held_out else 2) for row in range(60))
    material = Material(images, np.arange(60) % 2, parts, ("site",) * 60)
    evidence = gather(MODELS, material, exported=1)
    distances = evidence.distances[:held_out] if own else evidence.distances
    assert evidence.novelty_cut == novelty.cut(distances, np.array(["site"] * len(distances)))
    assert ("of this network are fewer" in evidence.novelty_rule) is not own


def test_a_fold_of_one_class_gives_no_threshold(material: Material) -> None:
    one = Material(material.images, np.zeros(60, dtype=np.int64), material.parts, material.sources)
    with pytest.raises(ExportError, match="all labels are the same"):
        gather(MODELS, one, exported=1)


def test_what_the_calibration_brought_is_among_the_checks(evidence: Evidence) -> None:
    checks = evidence.checks()
    assert checks["calibration/log loss before"] == evidence.fit.loss_before
    assert checks["calibration/log loss after"] <= checks["calibration/log loss before"]
    assert "calibration/cross-validated log loss, intercept too" in checks


def test_the_gaussian_is_of_the_exported_folds_training_images(
    material: Material, evidence: Evidence
) -> None:
    np.testing.assert_allclose(evidence.gaussian.mean, pooled(material, 2).mean(axis=0), rtol=1e-5)


def test_every_source_counts_alike_in_the_gaussian(material: Material) -> None:
    rows = np.flatnonzero([part.fold == 2 for part in material.parts])
    sources = np.array(material.sources)
    sources[rows[:3]] = "few"
    divided = Material(material.images, material.labels, material.parts, tuple(sources.tolist()))
    profiles = pooled(material, 2)
    expected = (profiles[:3].mean(axis=0) + profiles[3:].mean(axis=0)) / 2
    mean = gather(MODELS, divided, exported=1).gaussian.mean
    np.testing.assert_allclose(mean, expected, rtol=1e-5)


def test_distances_are_under_each_folds_own_gaussian(material: Material) -> None:
    distances = gather(MODELS, material, exported=1).distances
    sources = material.training_sources(2)  # of two folds, what one learnt from the other held out
    other = novelty.fit(pooled(material, 1), sources).distance(pooled(material, 2))
    np.testing.assert_allclose(distances[20:], other, rtol=1e-3)


def test_a_network_that_gives_nan_is_refused(material: Material) -> None:
    with pytest.raises(
        ExportError, match="The network of fold 2 gives outputs that are no numbers"
    ):
        gather({1: MODELS[1], 2: linear_model(float("nan"))}, material, exported=1)


def test_a_settled_model_gives_its_calibration_and_distance(
    material: Material, evidence: Evidence
) -> None:
    model = settled(MODELS[1], evidence)
    answers = Graph(model).run(material.held_out(1)[0])
    assert evidence.calibration.temperature != 0.5
    np.testing.assert_allclose(answers.probability, evidence.own.probabilities, rtol=1e-4)
    np.testing.assert_allclose(answers.novelty, evidence.distances[:20], rtol=1e-3)


def test_the_threshold_is_the_default_point(evidence: Evidence) -> None:
    default = [point.threshold for point in evidence.operating_points if point.name == DEFAULT]
    assert [evidence.threshold] == default


def test_test_images_are_counted_at_the_default_threshold(
    material: Material, evidence: Evidence
) -> None:
    model = settled(MODELS[1], evidence)
    counts = counts_on_test(model, evidence, material, "once")
    called = Graph(model).run(material.images[rows(0)]).probability >= evidence.threshold
    truth = material.labels[rows(0)] == 1
    assert counts is not None
    assert counts.true_positive == int((called & truth).sum())
    assert counts.false_positive == int((called & ~truth).sum())
    assert counts.true_positive + counts.false_negative == int(truth.sum())
    assert counts.note == "once"


def test_a_run_without_a_test_set_has_no_counts(material: Material) -> None:
    parts = tuple(Part(1 + row % 2) for row in range(60))
    untested = Material(material.images, material.labels, parts, material.sources)
    evidence = gather(MODELS, untested, exported=1)
    assert counts_on_test(settled(MODELS[1], evidence), evidence, untested, "") is None


@pytest.mark.parametrize("threshold", [0.0, 0.3, 0.7, 1.0])
def test_a_variants_thresholds_flag_as_many_as_the_whole_models(
    material: Material, threshold: float
) -> None:
    def at(held_out: HeldOut) -> HeldOut:
        points = (OperatingPoint(DEFAULT, threshold, ""), *held_out.operating_points[1:])
        return replace(held_out, operating_points=points)

    made = gather(MODELS, material, exported=1)
    whole = replace(made, own=at(made.own), pooled=at(made.pooled))
    other = gather({1: linear_model(70.0), 2: linear_model(95.0)}, material, exported=1)
    alike = matched(other, whole)
    for one, wanted in ((alike.own, whole.own), (alike.pooled, whole.pooled)):
        flagged = int((wanted.probabilities >= threshold).sum())
        assert int((one.probabilities >= one.threshold).sum()) == flagged
    assert alike.operating_points[1:] == other.operating_points[1:]


@pytest.mark.parametrize(
    ("logits", "called", "calls", "ties"),
    [
        ([0.0, 1.0, 1.0, 2.0], 2, 3, True),  # 1 or 3 are flagged: of the two, more
        ([0.0, 1.0, 1.0, 1.0], 1, 0, True),
        ([0.0, 1.0, 1.0, 2.0], 3, 3, False),
        ([1.0, 1.0, 1.0, 1.0], 4, 4, False),
    ],
)
def test_images_of_one_logit_are_flagged_together(
    logits: list[float], called: int, calls: int, ties: bool
) -> None:
    whole = HeldOut(np.array([0, 0, 1, 1]), np.arange(4.0), Calibration(2.0), ())
    cut = float(np.sort(whole.probabilities)[4 - called])
    whole = replace(whole, operating_points=(OperatingPoint(DEFAULT, cut, ""),))
    alike = with_as_many(replace(whole, logits=np.array(logits)), whole)
    assert int((alike.probabilities >= alike.threshold).sum()) == calls
    assert ("as ties allow" in alike.operating_points[0].rule) is ties


def test_blank_images_say_nothing_of_what_a_head_is_like(material: Material) -> None:
    plain = gather(MODELS, material, exported=1)
    blank = np.zeros((9, SIZE, SIZE), dtype=np.uint8)
    with_blanks = Material(
        np.concatenate([material.images, blank]),
        np.concatenate([material.labels, np.zeros(9, dtype=np.int64)]),
        (*material.parts, *(Part(int(row % 3)) for row in range(9))),
        ("site",) * 69,
    )
    evidence = gather(MODELS, with_blanks, exported=1)
    assert len(evidence.pooled.labels) == len(plain.pooled.labels) + 6
    np.testing.assert_array_equal(evidence.distances, plain.distances)
    np.testing.assert_array_equal(evidence.gaussian.whitening, plain.gaussian.whitening)
    assert evidence.novelty_cut == plain.novelty_cut
