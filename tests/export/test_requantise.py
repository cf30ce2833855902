"""An INT8 model of a full one by its card's own images: close, with numbers of its own."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto

from export.__main__ import main
from export.requantise import matched_cut, matched_head, stored_in_full
from model.card import HELD_OUT, LEARNT, TEST
from model.operating_point import DEFAULT, OperatingPoint
from model.series_head import Logits, SeriesEvidence, SeriesHead
from model.slice_context import SliceContext, SliceEvidence
from tests.make.graphs import pooled_model, staged_inputs, staged_model
from tests.make.hospital import boxed_hospital
from trainer.data.provenance import sha256_of
from trainer.heads.series import with_head
from trainer.reports import external
from trainer.results.model_graph import FEATURES, outputs, with_outputs


def test_sixteen_bits_become_thirty_two_and_give_the_same() -> None:
    half = staged_model(half=True)
    full = stored_in_full(half)
    assert TensorProto.FLOAT16 not in {t.data_type for t in full.graph.initializer}
    before, after = (
        outputs(with_outputs(model, [FEATURES]), [FEATURES])(staged_inputs())[0]
        for model in (half, full)
    )
    assert np.array_equal(before, after)


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("requantise")
    data = boxed_hospital(folder / "data", "D", 60, 1)
    hashes = [sha256_of(path)[:12] for path in sorted((data / "images").iterdir())]
    used = {LEARNT: hashes[:20], HELD_OUT: hashes[20:40], TEST: hashes[40:]}
    pooled_model(folder / "m.onnx", {use: "".join(each) for use, each in used.items()})
    with_head(folder / "m.onnx", series_head(), folder / "m.onnx")
    return folder


def test_the_small_model_has_numbers_of_its_own(exported: Path) -> None:
    small = exported / "small.onnx"
    assert (
        main(["int8", str(exported / "m.onnx"), str(exported / "data"), "--out", str(small)]) == 0
    )
    card, whole = (external.open_model(exported / name).card for name in ("small.onnx", "m.onnx"))
    assert card.precision == "int8"
    assert card.checks["against full, out of fold/share_changed"] <= 0.01
    assert len(card.out_of_fold.labels) == 20
    assert card.test is not None
    assert sum(card.test.counts) == 20
    assert card.used == whole.used
    assert card.novelty_cut != whole.novelty_cut
    assert whole.series_head == series_head()  # of its own file
    assert card.series_head == replace(series_head(), measured_with=whole.precision)
    assert "of 20 held-out images lie beyond it as beyond" in card.novelty_rule
    kinds = {node.op_type for node in onnx.load(small).graph.node}
    assert "QuantizeLinear" in kinds


@pytest.mark.parametrize("beyond", [1, 3, 9])
def test_rounding_that_adds_to_every_distance_leaves_no_more_images_without_a_score(
    beyond: int,
) -> None:
    full = np.arange(10.0)
    cut = 9.5 - beyond
    small = full * 1.1 + 2.0
    found = matched_cut(cut, full, small)
    assert (small > found).sum() == (full > cut).sum() == beyond
    assert (small > cut).sum() > beyond


@pytest.mark.parametrize("cut", [12.0, -1.0])
def test_a_cut_that_divides_no_images_moves_as_the_distances_do(cut: float) -> None:
    full = np.arange(10.0)
    assert matched_cut(cut, full, full * 1.5) == pytest.approx(cut * 1.5)


def series_head(least: int = 8) -> SeriesHead:
    points = (OperatingPoint(DEFAULT, 0.5, "rule"),)
    evidence = SeriesEvidence(("h", "h"), (0, 1), (0.2, 0.8), (0, 1))
    return SeriesHead(2.0, -0.5, points, evidence, least=least)


def test_rounding_that_lifts_every_image_changes_no_series() -> None:
    random = np.random.default_rng(0)
    full = [random.normal(0.0, 2.0, 20).tolist() for _ in range(6)]
    small = [[logit + 0.3 for logit in series] for series in full]
    head = series_head()
    matched = matched_head(head, full, small)
    assert matched.bias == pytest.approx(-0.5 - 2.0 * 0.3)
    for whole, own in zip(full, small, strict=True):
        assert matched.probability(own) == pytest.approx(head.probability(whole))
        assert head.probability(own) != pytest.approx(head.probability(whole), abs=1e-3)


def test_series_of_too_few_images_match_nothing() -> None:
    head = series_head(least=8)
    assert matched_head(head, [[0.0] * 7], [[1.0] * 7]) == head
    assert matched_head(head, [[0.0] * 8], [[1.0] * 8]).bias == pytest.approx(-2.5)


def test_slices_in_context_are_matched_where_they_reach_their_threshold() -> None:
    point = OperatingPoint("specificity_90", 0.5, "rule")
    context = SliceContext(3.0, 0.0, point, SliceEvidence((), (), (), ()))
    head = replace(series_head(), context=context)
    full: list[Logits] = [[4.0] * 40, [-4.0] * 40]
    small: list[Logits] = [[4.3] * 40, [-9.0] * 40]
    matched = matched_head(head, full, small)
    assert matched.in_context(small[0]) == pytest.approx(head.in_context(full[0]))
    assert matched_head(head, full[1:], small[1:]).context == context
    assert matched_head(head, full, full) == head


def test_images_that_the_card_does_not_know_are_no_material(
    exported: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    strange = boxed_hospital(tmp_path / "strange", "S", 4, 2)
    target = tmp_path / "small.onnx"
    assert main(["int8", str(exported / "m.onnx"), str(strange), "--out", str(target)]) == 2
    assert "knows none of these images" in capsys.readouterr().err
    assert not target.exists()


def test_it_does_not_replace_the_full_model(exported: Path) -> None:
    model = exported / "m.onnx"
    before = model.read_bytes()
    assert main(["int8", str(model), str(exported / "data"), "--out", str(model)]) == 2
    assert model.read_bytes() == before
