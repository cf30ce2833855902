"""A finished run's report says the counts, the intervals and what is optimistic."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as PilImage

from model.proportion import Proportion
from trainer.arguments import ArgumentsError
from trainer.data.folds import internal_test, split, validation
from trainer.data.labels import LabelledImage
from trainer.recipes import RECIPES
from trainer.reports import chapters, report
from trainer.reports.document import to_markdown
from trainer.results.evaluation import evaluate
from trainer.results.predictions import Predictions
from trainer.results.record import RunRecord
from trainer.results.run_folder import RunError, RunFolder
from trainer.settings import DataSettings, NetworkSettings, Settings


def finished(tmp_path: Path, settings: Settings) -> RunFolder:
    """A run of 60 images whose networks are right nine times in ten."""
    random = np.random.default_rng(0)
    (tmp_path / "data").mkdir()
    images = []
    for i in range(60):
        path = tmp_path / "data" / f"{i}.png"
        PilImage.fromarray(random.integers(0, 255, (12 + i % 2, 12), dtype=np.uint8)).save(path)
        images.append(LabelledImage(str(i), path, i % 2, f"g{i // 2 * 2 + i % 2}", "data"))
    data = settings.data
    parts = split(images, data.test_share, data.folds, 0, data.grouped)
    run = RunFolder.begin(tmp_path / "run", settings, images, parts)
    labels = np.array([image.label for image in images])
    logits = (2 * labels - 1) * np.where(np.arange(60) % 10 == 3, -0.5, 1) + random.normal(
        scale=0.3, size=60
    )
    for fold in run.fold_numbers:
        epochs = [
            {"epoch": e, "train_loss": 1 / e, "val_loss": abs(e - 2) + 0.1, "val_accuracy": e / 4}
            for e in (1, 2, 3)
        ]
        run.write_epochs(fold, [{**row, "val_auc": 0.5} for row in epochs])
        run.write_fold(
            fold, logits[validation(parts, fold)], logits[internal_test(parts)] + 0.1 * fold
        )
    run.pool()
    return run


SMALL = Settings(
    class_name="crack & chip",
    data=DataSettings(folds=2, licence="CC0", sources=("a bench",)),
    network=NetworkSettings(init="none"),
)


@pytest.fixture(scope="module")
def reported(tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    """One run with its report, for its figures take a second to draw."""
    run = finished(tmp_path_factory.mktemp("report"), SMALL)
    assert str(run.path / "report.html") in report.write(run)
    return run


def test_the_report_lies_in_the_run(reported: RunFolder) -> None:
    assert {path.name for path in reported.path.glob("*.png")} == {
        "learning_curves.png",
        "roc.png",
        "precision_recall.png",
        "confusion.png",
        "reliability.png",
        "decision.png",
    }
    page = (reported.path / "report.html").read_text(encoding="utf-8")
    assert page.count("data:image/png;base64,") == 6
    assert "crack &amp; chip" in page


def test_the_decision_curve_lies_beside_the_report(reported: RunFolder) -> None:
    lines = (reported.path / "decision.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("threshold,net_benefit,net_benefit_low,net_benefit_high,")
    assert len(lines) == 1 + 99
    assert lines[1].endswith(",48,24,48")


def test_the_summary_has_counts_and_no_images(reported: RunFolder) -> None:
    summary = (reported.path / "summary.md").read_text(encoding="utf-8")
    metrics = json.loads((reported.path / "metrics.json").read_text(encoding="utf-8"))
    default = metrics["pooled"]["default"]
    right = Proportion.of(default["true_positive"] + default["true_negative"], 48)
    assert chapters.share(right) in summary
    assert "Nothing was chosen on these images in this run." in summary
    assert "without anatomy" in summary
    assert "percentiles of 2,000 bootstrap draws of groups" in summary
    assert "not what another training would" in summary
    assert "Every figure is per image" in summary
    assert "| fold 1 | 3 | 2 | 1.000 → 0.333 | 1.100 → 0.100 | 6/24 → 12/24 |" in summary
    assert "## Subgroups, out of fold" in summary
    assert (
        f"internal test set by the network of fold {metrics['subgroups']['test']['fold']}"
        in summary
    )
    assert "Missed: no network or no image is there to show." in summary
    assert ".png" not in summary
    assert str(reported.path.parent) not in summary


def test_the_numbers_hold_subgroups_and_errors(reported: RunFolder) -> None:
    metrics = json.loads((reported.path / "metrics.json").read_text(encoding="utf-8"))
    (source,) = metrics["subgroups"]["out_of_fold"]
    assert source["source"] == "data"
    assert source["default"] == {**metrics["pooled"]["default"], "note": ""}
    assert source["auc"] == metrics["pooled"]["auc"]
    (test,) = metrics["subgroups"]["test"]["sources"]
    assert (test["images"], test["auc"]) == (12, None)
    wrong = metrics["pooled"]["default"]["false_negative"]
    assert [error["label"] for error in metrics["worst_errors"]].count(1) == min(6, wrong) > 0


def told_of_test(run: RunFolder) -> str:
    results = report.gather(run)
    blocks = chapters.test_images(results.record, results.evaluation, results.best)
    return to_markdown("", blocks)


def test_the_articles_choice_is_called_optimistic(tmp_path: Path) -> None:
    article = RECIPES["article"]
    settings = replace(article, data=replace(article.data, folds=2), network=SMALL.network)
    told = told_of_test(finished(tmp_path, settings))
    assert "A result on images by which a network was chosen is optimistic." in told
    assert "The split is random" in told


def test_the_articles_open_choices_are_called_ours(tmp_path: Path) -> None:
    article = RECIPES["article"]
    settings = replace(article, data=replace(article.data, folds=2), network=SMALL.network)
    record = RunRecord.of(finished(tmp_path, settings))
    told = to_markdown("", chapters.what_was_trained(record))
    assert "these are ours" in told
    assert "| optimiser | adam |" in told
    assert "| augmented views | new in every epoch |" in told
    assert "these are ours" not in to_markdown(
        "", chapters.what_was_trained(replace(record, settings=SMALL))
    )


def test_the_mean_of_the_networks_stands_beside_the_best(tmp_path: Path) -> None:
    run = finished(tmp_path, SMALL)
    results = report.gather(run)
    test, mean = run.test_predictions(), results.evaluation.mean_of_networks
    assert mean is not None
    logits = (test.of_fold(1).logits + test.of_fold(2).logits) / 2
    right = int(((logits >= 0) == (test.of_fold(1).labels == 1)).sum())
    assert mean.half.true_positive + mean.half.true_negative == right
    told = to_markdown("", chapters.test_images(results.record, results.evaluation, results.best))
    assert chapters.share(mean.half.accuracy) in told.partition("mean of the 2 networks |")[2]
    assert "No network was trained on these 12 images." in told
    again = report.Results.from_dict(results.to_dict())
    assert again.evaluation.mean_of_networks == mean


def test_a_run_without_a_test_set_says_so(tmp_path: Path) -> None:
    data = DataSettings(test_share=0.0, folds=10, only_first_fold=True)
    told = told_of_test(finished(tmp_path, replace(SMALL, data=data)))
    assert "no internal test set" in told


def test_what_was_kept_gives_the_same_summary_again(reported: RunFolder, tmp_path: Path) -> None:
    metrics = (reported.path / "metrics.json").read_text(encoding="utf-8")
    (tmp_path / "metrics.json").write_text(metrics, encoding="utf-8")
    told = report.write_summary(tmp_path).read_text(encoding="utf-8")
    whole = (reported.path / "summary.md").read_text(encoding="utf-8")
    first, _, rest = whole.partition("## Worst errors")
    assert told == first + rest[rest.index("## Reporting checklist") :]


def test_figures_of_another_version_are_refused(tmp_path: Path) -> None:
    (tmp_path / "metrics.json").write_text('{"pooled": {"images": 3}}', encoding="utf-8")
    with pytest.raises(RunError):
        report.main([str(tmp_path)])
    assert not (tmp_path / "summary.md").exists()


def test_what_a_person_tells_stands_in_the_report(tmp_path: Path) -> None:
    run = finished(tmp_path, SMALL)
    report.main(
        [str(run.path), "--describe", "labelled_by=two readers", "--describe", "dates=2024"]
    )
    report.main([str(run.path), "--describe", "dates=2025"])
    summary = (run.path / "summary.md").read_text(encoding="utf-8")
    assert "| two readers |" in summary
    assert "| 2025 |" in summary
    assert "| 2024 |" not in summary


def test_images_that_changed_since_are_named_on_terminal_and_page(tmp_path: Path) -> None:
    run = finished(tmp_path, SMALL)
    before = report.gather(run)
    assert before.record.note == ""
    (tmp_path / "data" / "7.png").write_bytes(b"another image")
    (tmp_path / "data" / "9.png").unlink()
    told = "Of 60 images, since the run began: 1 with another content (7) and 1 gone (9)."
    assert report.write(run).startswith(f"WARNING: {told} The figures are of the images as they")
    assert f"> {told}" in (run.path / "summary.md").read_text(encoding="utf-8")
    assert report.gather(run).evaluation == before.evaluation


@pytest.mark.parametrize("given", ["labelled_by", "whatever=else"])
def test_a_name_that_nothing_asks_for_is_refused(given: str, tmp_path: Path) -> None:
    with pytest.raises(ArgumentsError):
        report.main([str(tmp_path), "--describe", given])


def predictions(logits: list[float], labels: list[int], fold: int = 1) -> Predictions:
    names = tuple(str(i) for i in range(len(labels)))
    return Predictions(
        names, names, np.full(len(labels), fold), np.array(labels), np.array(logits, dtype=float)
    )


def test_thresholds_come_from_the_held_out_images_alone() -> None:
    held = predictions([-2, -1, -0.5, 0.5, 1, 2], [0, 0, 1, 0, 1, 1])
    test = predictions([5, 6, 7, 8], [0, 1, 0, 1])
    with_test, without = evaluate("x", held, test), evaluate("x", held, held)
    assert with_test.points == without.points
    assert with_test.fit == without.fit
    assert with_test.tests[1].default.false_positive == 2


def test_json_has_no_nan() -> None:
    held = predictions([-2, -1, 1, 2], [0, 0, 1, 1])
    values = evaluate("x", held, predictions([], [])).to_dict()
    assert values["pooled"]["before"]["slope"]["value"] is None
    assert values["tests"] == {}
    json.dumps(values, allow_nan=False)
