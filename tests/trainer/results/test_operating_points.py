"""Thresholds follow their rule on the predictions they are chosen on."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from model.confusion import confusion_at
from model.operating_point import DEFAULT, SENSITIVE, SPECIFIC, YOUDEN
from model.probability import UNCALIBRATED, Calibration, Numbers
from trainer.results.metrics import Labels
from trainer.results.operating_points import operating_points


def scored(count: int = 200, gap: float = 1.0) -> tuple[Labels, Numbers]:
    random = np.random.default_rng(5)
    labels = np.arange(count) % 2
    return labels, gap * (2 * labels - 1) + random.normal(size=count)


def thresholds(labels: Labels, logits: Numbers, temperature: float = 1.0) -> dict[str, float]:
    points = operating_points(labels, logits, Calibration(temperature))
    return {point.name: point.threshold for point in points}


def test_the_sensitive_point_is_the_highest_that_is_sensitive() -> None:
    labels, logits = scored()
    given = Calibration(2.0).probabilities(logits)
    threshold = thresholds(labels, logits, 2.0)[SENSITIVE]
    missing = np.sort(given[(labels == 1) & (given >= threshold)])[0]
    assert confusion_at(labels, given, threshold).sensitivity.value >= 0.95
    assert confusion_at(labels, given, np.nextafter(missing, 1)).sensitivity.value < 0.95


def test_the_specific_point_is_the_lowest_that_is_specific() -> None:
    labels, logits = scored()
    given = Calibration(2.0).probabilities(logits)
    threshold = thresholds(labels, logits, 2.0)[SPECIFIC]
    highest = np.sort(given[(labels == 0) & (given < threshold)])[-1]
    assert confusion_at(labels, given, threshold).specificity.value >= 0.95
    assert confusion_at(labels, given, highest).specificity.value < 0.95


def test_youdens_point_is_unbeaten() -> None:
    labels, logits = scored()
    given = UNCALIBRATED.probabilities(logits)

    def gain(threshold: float) -> float:
        counts = confusion_at(labels, given, threshold)
        return counts.sensitivity.value + counts.specificity.value

    assert gain(thresholds(labels, logits)[YOUDEN]) == max(gain(t) for t in given)


def test_the_default_point_wavers_less_than_youdens() -> None:
    found: dict[str, list[float]] = {DEFAULT: [], YOUDEN: []}
    random = np.random.default_rng(0)
    for _ in range(40):
        labels = np.arange(160) % 2
        logits = 1.5 * (2 * labels - 1) + random.normal(size=160)
        for name, values in found.items():
            values.append(thresholds(labels, logits)[name])
    assert np.std(found[DEFAULT]) < np.std(found[YOUDEN])


@pytest.mark.parametrize("temperature", [0.3, 1.0, 5.0])
def test_no_decision_hangs_on_rounding(temperature: float) -> None:
    labels, logits = scored()
    for name, threshold in thresholds(labels, logits, temperature).items():
        before = Calibration(temperature).probabilities(logits) >= threshold
        after = Calibration(temperature).probabilities(logits + 1e-6) >= threshold
        assert (before == after).all(), name


def test_classes_wholly_apart_are_divided_in_the_middle() -> None:
    labels, logits = np.array([0, 0, 1, 1]), np.array([-3.0, -1.0, 1.0, 3.0])
    assert thresholds(labels, logits) == pytest.approx(
        {DEFAULT: 0.5, SENSITIVE: 0.5, SPECIFIC: 0.5, YOUDEN: 0.5}
    )


def test_scores_that_say_nothing_still_give_thresholds() -> None:
    found = thresholds(np.array([0, 1, 0, 1]), np.zeros(4))
    assert found[SENSITIVE] < 0.5 < found[SPECIFIC]
    assert found[YOUDEN] < 0.5


def test_every_point_says_its_rule() -> None:
    points = operating_points(*scored(), UNCALIBRATED)
    assert [point.name for point in points] == [DEFAULT, SENSITIVE, SPECIFIC, YOUDEN]
    assert all(point.rule.endswith((".", ").")) for point in points)


def test_one_class_gives_no_threshold() -> None:
    with pytest.raises(ValueError, match="both classes"):
        operating_points(np.ones(3, dtype=np.int64), np.arange(3.0), UNCALIBRATED)


def two_hospitals() -> tuple[Labels, Numbers, NDArray[np.str_]]:
    """A large one whose logits lie low, and a small one whose logits lie higher by 3."""
    large, small = scored(400), scored(40)
    logits = np.concatenate((large[1], small[1] + 3.0))
    sources = np.repeat(["large", "small"], (400, 40))
    return np.concatenate((large[0], small[0])), logits, sources


def test_a_small_hospital_counts_as_a_large_one() -> None:
    labels, logits, sources = two_hospitals()
    by_image = operating_points(labels, logits, UNCALIBRATED)
    alike = operating_points(labels, logits, UNCALIBRATED, sources)
    small = sources == "small"
    given = UNCALIBRATED.probabilities(logits)
    for before, after in zip(by_image, alike, strict=True):
        assert after.threshold > before.threshold, after.name
        kept = [
            confusion_at(labels[small], given[small], point.threshold).specificity.value
            for point in (before, after)
        ]
        assert kept[1] >= kept[0]
        assert after.rule == f"{before.rule} Every source counts alike."


def test_the_mean_of_the_hospitals_keeps_what_a_point_promises() -> None:
    labels, logits, sources = two_hospitals()
    given = UNCALIBRATED.probabilities(logits)
    points = {p.name: p.threshold for p in operating_points(labels, logits, UNCALIBRATED, sources)}

    def mean(threshold: float, rate: str) -> float:
        counts = [
            confusion_at(labels[sources == name], given[sources == name], threshold)
            for name in ("large", "small")
        ]
        return float(np.mean([getattr(each, rate).value for each in counts]))

    higher = np.sort(given[(labels == 1) & (given >= points[SENSITIVE])])[0]
    lower = np.sort(given[(labels == 0) & (given < points[SPECIFIC])])[-1]
    assert mean(points[SENSITIVE], "sensitivity") >= 0.95
    assert mean(np.nextafter(higher, 1), "sensitivity") < 0.95
    assert mean(points[SPECIFIC], "specificity") >= 0.95
    assert mean(lower, "specificity") < 0.95


def test_one_source_is_no_other_choice_than_none() -> None:
    labels, logits = scored()
    named = operating_points(labels, logits, UNCALIBRATED, np.repeat("one", len(labels)))
    assert named == operating_points(labels, logits, UNCALIBRATED)


def test_a_hospital_without_a_finding_counts_for_its_clean_images_alone() -> None:
    labels, logits = scored()
    clean = np.full(50, 2.0)
    points = operating_points(
        np.concatenate((labels, np.zeros(50, dtype=np.int64))),
        np.concatenate((logits, clean)),
        UNCALIBRATED,
        np.repeat(["both", "clean"], (len(labels), 50)),
    )
    specific = {point.name: point.threshold for point in points}[SPECIFIC]
    assert specific > UNCALIBRATED.probabilities(clean)[0]
