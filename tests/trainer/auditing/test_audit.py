"""The audit counts, pairs, groups and tells what the labels can be guessed from."""

from __future__ import annotations

import csv
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as PilImage

from imaging.input.recipe import InputRecipe
from tests.make.heads import head
from trainer.__main__ import main
from trainer.auditing.likeness import SIDE
from trainer.auditing.repeats import RECIPE
from trainer.data.folds import internal_test, split, validation
from trainer.data.labels import LabelledImage, read_labels
from trainer.recipes import RECIPES
from trainer.results.run_folder import RunFolder
from trainer.settings import DataSettings, NetworkSettings, Settings

COPIES = ((2, 40), (3, 41))
"""In the first folder; 41 has another label than 3."""


def folder(place: Path, name: str, heads: Sequence[np.ndarray], positive: Sequence[int]) -> Path:
    data = place / name
    (data / "images").mkdir(parents=True)
    lines = ["image_id,crack_label"]
    for number, pixels in enumerate(heads):
        PilImage.fromarray(pixels).save(data / "images" / f"{number:02}.png")
        lines.append(f"{number:02},{positive[number]}")
    (data / "labels.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return data


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Forty heads, cracked ones in large images, with two copies; and twelve other heads."""
    place = tmp_path_factory.mktemp("data")
    labels = [number % 2 for number in range(40)]
    heads = [head(number, 120 if labels[number] else 80) for number in range(40)]
    larger = np.asarray(PilImage.fromarray(heads[2]).resize((110, 110)))
    heads += [larger, np.pad(heads[3][:, ::-1], 20)]
    first = folder(place, "clinic", heads, [*labels, 0, 0])
    return first, folder(place, "ward", [head(100 + n, 80) for n in range(12)], [1] * 3 + [0] * 9)


@pytest.fixture(scope="module")
def audited(folders: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Both folders audited once, for it takes seconds."""
    out = tmp_path_factory.mktemp("audit") / "out"
    assert main(["audit", *map(str, folders), "--out", str(out)]) == 0
    return out


def rows_of(table: Path) -> list[dict[str, str]]:
    with table.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_image_has_a_group_and_copies_share_it(audited: Path) -> None:
    rows = rows_of(audited / "groups.csv")
    assert [(row["source"], row["image_id"]) for row in rows] == [
        *(("clinic", f"{n:02}") for n in range(42)),
        *(("ward", f"{n:02}") for n in range(12)),
    ]
    groups = [row["group"] for row in rows]
    for one, other in COPIES:
        assert groups[one] == groups[other]
    assert groups[0] == "clinic/00"


def test_pairs_stand_in_a_table_for_a_human_to_check(audited: Path) -> None:
    rows = {(row["image_id"], row["image_id_2"]): row for row in rows_of(audited / "pairs.csv")}
    row = rows["03", "41"]
    assert (row["kind"], row["source"], row["source_2"]) == ("repeat", "clinic", "clinic")
    assert (row["label"], row["label_2"], row["mirrored"]) == ("1", "0", "1")
    assert 0.85 <= float(row["likeness"]) <= 1.0
    assert rows["02", "40"]["mirrored"] == "0"


def test_the_report_says_counts_and_shortcuts_with_intervals(audited: Path) -> None:
    text = (audited / "audit.md").read_text(encoding="utf-8")
    assert "| clinic | 42 | 47.6 % (20/42; 95 % CI 33.4–62.3) |" in text
    assert "| ward | 12 | 25.0 % (3/12; 95 % CI 8.9–53.2) |" in text
    assert "The sources differ in how many of their images are positive." in text
    assert "pairs have different labels, 1 of them repeats." in text
    assert "| clinic: files | 42 (20 +) in " in text
    assert "clinic: the labels can be told apart without looking at anatomy" in text
    assert "| ward | too few images or groups for the folds |" in text
    assert "| all together: network's inputs | 54 (23 +) in " in text


def test_the_page_shows_every_pair_as_images(audited: Path) -> None:
    page = (audited / "audit.html").read_text(encoding="utf-8")
    assert page.count("data:image/png;base64,") == len(rows_of(audited / "pairs.csv"))
    assert "repeat: clinic/03 and clinic/41, likeness" in page


def test_training_reads_the_groups(folders: tuple[Path, Path], tmp_path: Path) -> None:
    assert main(["audit", str(folders[0]), "--out", str(tmp_path / "out")]) == 0
    images = read_labels(folders[0], groups=tmp_path / "out" / "groups.csv")
    for one, other in COPIES:
        assert images[one].group == images[other].group
    parts = split(images, 0.2, 3, 0, grouped=True)
    assert [parts[one] for one, _ in COPIES] == [parts[other] for _, other in COPIES]


def finished(
    path: Path, images: Sequence[LabelledImage], folds: Sequence[int] = (1, 2)
) -> RunFolder:
    """A run that divided the copies at random, whose network is always right."""
    settings = Settings(
        class_name="crack",
        data=DataSettings(folds=2, grouped=False),
        network=NetworkSettings(init="none"),
    )
    parts = split(images, settings.data.test_share, 2, 1, grouped=False)
    run = RunFolder.begin(path, settings, images, parts)
    logits = np.array([2.0 * image.label - 1.0 for image in images])
    for fold in folds:
        run.write_fold(fold, logits[validation(parts, fold)], logits[internal_test(parts)])
    run.pool()
    return run


def test_a_run_is_set_beside_what_needs_no_network(
    folders: tuple[Path, Path], tmp_path: Path
) -> None:
    run = finished(tmp_path / "run", read_labels(folders[0]))
    out = tmp_path / "out"
    assert main(["audit", str(folders[0]), "--out", str(out), "--run", str(run.path)]) == 0
    text = (out / "audit.md").read_text(encoding="utf-8")
    size = run.settings.recipe.size
    count = len(run.out_of_fold())
    assert f"{size}×{size} pixels, the same file format; cropped to the head" in text
    assert f"| network | {count} (" in text
    assert f"100.0 % ({count}/{count}; " in text
    parts = run.parts()
    pairs = [tuple(int(row[end]) for end in ("image_id", "image_id_2")) for row in pairs_of(out)]
    divided = sum(parts[one] != parts[other] for one, other in pairs)
    assert divided > 0
    assert (
        f"Of {len(pairs)} proposed pairs within the run, {divided} lie in different parts" in text
    )


def test_what_needs_no_network_is_assessed_on_the_images_that_the_run_has_assessed(
    folders: tuple[Path, Path], tmp_path: Path
) -> None:
    run = finished(tmp_path / "run", read_labels(folders[0]), folds=[2])
    out = tmp_path / "out"
    assert main(["audit", str(folders[0]), "--out", str(out), "--run", str(run.path)]) == 0
    text = (out / "audit.md").read_text(encoding="utf-8")
    beside = text[text.index("| network | ") :]
    assessed, positive = len(run.out_of_fold()), int(run.out_of_fold().labels.sum())
    assert assessed < len(validation(run.parts(), 1)) + len(validation(run.parts(), 2))
    assert beside.count(f"| {assessed} ({positive} +) in ") == 3  # the network and the two floors


def pairs_of(out: Path) -> list[dict[str, str]]:
    return rows_of(out / "pairs.csv")


def test_mistakes_are_sentences(
    folders: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data, other = folders
    run = finished(tmp_path / "run", read_labels(data)).path
    twin = folder(tmp_path, "clinic", [head(1)], [0])
    out = ["--out", str(tmp_path / "out")]
    for arguments, sentence in (
        ([str(data), "--out", str(data / "out")], "FOLDER must lie outside DATA"),
        ([str(data), str(twin), *out], "Two folders have the same name"),
        ([str(tmp_path / "none"), *out], "there is no such folder of images"),
        ([str(data), *out, "--run", str(tmp_path)], "there is no training run in this folder"),
        ([str(other), *out, "--run", str(run)], 'its image "12" is not in the folders given'),
    ):
        assert main(["audit", *arguments]) == 2
        assert sentence in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_an_audit_waits_for_no_torch() -> None:
    program = "import sys, trainer.auditing.audit; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_the_default_recipe_crops_as_the_audit_does() -> None:
    assert RECIPES["careful"].recipe == InputRecipe()
    assert replace(InputRecipe(), size=SIDE) == RECIPE
