from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import onnx
import pytest
from numpy.typing import NDArray
from onnx import TensorProto

from imaging.input.recipe import InputRecipe
from imaging.messages import Message, MessageCode
from model import providers
from model import session as module
from model.assess import Score
from model.card import METADATA_KEY, KnownAnswer
from model.messages import ModelCode
from model.providers import CPU, CUDA, Choice, RuntimeSession
from model.session import Scores, Session, SessionError
from tests.make.tiny_model import tiny_card, tiny_logit, tiny_model, tiny_novelty

NONE_HERE = Message(ModelCode.NO_CUDA)
GREY = np.full((32, 32), 144, np.uint8)


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_model(tmp_path_factory.mktemp("model") / "tiny.onnx", temperature=2.0)


def _noise(count: int) -> NDArray[np.uint8]:
    return np.random.default_rng(1).integers(0, 256, (count, 32, 32), dtype=np.uint8)


def _refusal(path: Path, sha256: str | None = None) -> MessageCode:
    with pytest.raises(SessionError) as caught:
        Session.open(path, sha256=sha256)
    return caught.value.message.code


@pytest.mark.parametrize("threads", [None, 1, 3])
@pytest.mark.parametrize("count", [0, 1, 3, 16])
def test_scores_are_those_of_the_model(model: Path, count: int, threads: int | None) -> None:
    images = _noise(count)
    scores = Session.open(model, threads=threads).score(images)
    logits = np.array([tiny_logit(image) for image in images])
    assert scores.logit == pytest.approx(logits, abs=1e-5)
    assert scores.probability == pytest.approx(1 / (1 + np.exp(-logits / 2.0)), abs=1e-6)
    assert scores.novelty == pytest.approx([tiny_novelty(image) for image in images], abs=1e-3)


def test_each_image_has_its_own_three_numbers() -> None:
    logits, probabilities, novelties = np.array(
        [[-1.5, 2.0], [0.25, 0.875], [3.0, 40.0]], np.float32
    )
    given = Scores(logits, probabilities, novelties).of_each("CPU")
    assert given == [Score(-1.5, 0.25, 3.0, "CPU"), Score(2.0, 0.875, 40.0, "CPU")]


def test_the_heat_map_is_that_of_the_model(model: Path) -> None:
    heat = Session.open(model).heat_map(GREY)
    assert heat.dtype == np.float32
    assert heat == pytest.approx(np.full((4, 4), 144 / 255))


def test_card_and_hash_are_those_of_the_file(model: Path) -> None:
    opened = Session.open(model)
    assert opened.card == tiny_card(temperature=2.0)
    assert opened.sha256 == hashlib.sha256(model.read_bytes()).hexdigest()
    assert Session.open(model, sha256=opened.sha256).sha256 == opened.sha256


def test_an_image_with_an_invalid_score_gets_nan_and_the_others_theirs(tmp_path: Path) -> None:
    opened = Session.open(tiny_model(tmp_path / "nan.onnx", nan_above=200.0))
    scores = opened.score(np.stack([GREY, np.full_like(GREY, 250), GREY]))
    assert np.isnan(scores.probability).tolist() == [False, True, False]
    assert np.isnan(scores.novelty).tolist() == [False, True, False]
    assert scores.logit[2] == pytest.approx(1.0)


@pytest.mark.parametrize("certain", [0.0, 1.0])
def test_a_probability_may_be_certain(
    model: Path, certain: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = Session.open(model)
    values = (40.0, certain, 3.0)
    given = [np.array([value], np.float32) for value in values]
    monkeypatch.setattr(opened, "_run", lambda names, images: given)
    assert opened.score(GREY[np.newaxis]).of_each("") == [Score(*values, "")]


def test_a_batch_of_another_shape_gives_no_scores(model: Path) -> None:
    scores = Session.open(model).score(np.zeros((2, 16, 16), np.uint8))
    assert np.isnan(scores.logit).all()
    assert len(scores.logit) == 2


def _card(temperature: float = 1.0) -> dict[str, str]:
    return tiny_card(temperature=temperature).to_metadata()


def _known(logit: float, novelty: float) -> KnownAnswer:
    return KnownAnswer.of(GREY, logit, novelty, 1e-3)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"metadata": {}}, ModelCode.NO_CARD),
        ({"metadata": {METADATA_KEY: "{"}}, ModelCode.CARD_DAMAGED),
        ({"metadata": {METADATA_KEY: '{"format_version": 99}'}}, ModelCode.CARD_VERSION),
        ({"input_type": TensorProto.FLOAT}, ModelCode.WRONG_INPUT),
        ({"without": "novelty"}, ModelCode.WRONG_OUTPUTS),
        ({"known_answer": _known(1.5, 0.0)}, ModelCode.OTHER_ANSWER),
        ({"known_answer": _known(1.0, 9.0)}, ModelCode.OTHER_ANSWER),
        ({"metadata": _card(temperature=3.0)}, ModelCode.OTHER_ANSWER),
        ({"nan_above": 1.0}, ModelCode.OTHER_ANSWER),
        ({"size": 64, "metadata": _card()}, ModelCode.WRONG_INPUT),
        (
            {"size": 64, "recipe": InputRecipe(size=32), "known_answer": _known(1, 0)},
            ModelCode.WRONG_INPUT,
        ),
    ],
)
def test_a_model_that_is_not_ours_is_refused_with_a_sentence(
    tmp_path: Path, changes: dict[str, object], code: ModelCode
) -> None:
    path = tiny_model(tmp_path / "other.onnx", **changes)  # type: ignore[arg-type]
    assert _refusal(path) is code


@pytest.mark.parametrize(
    ("logit", "novelty", "agrees"),
    [
        (1.0009, 0.0, True),  # within the card's tolerance of 0.001
        (1.0011, 0.0, False),
        (1.0, 0.0499, True),  # within 5 % of a novelty of at least 1
        (1.0, 0.0501, False),
    ],
)
def test_the_known_answer_may_differ_by_so_much_and_no_more(
    tmp_path: Path, logit: float, novelty: float, agrees: bool
) -> None:
    path = tiny_model(tmp_path / "other.onnx", known_answer=_known(logit, novelty))
    if agrees:
        assert Session.open(path).card.known_answer == _known(logit, novelty)
    else:
        assert _refusal(path) is ModelCode.OTHER_ANSWER


@pytest.mark.parametrize(("beyond", "agrees"), [(0.0, True), (2**-20, False)])
def test_the_tolerance_itself_is_tolerated(tmp_path: Path, beyond: float, agrees: bool) -> None:
    known = KnownAnswer.of(GREY, 1.0 + 2**-4 + beyond, 0.0, 2**-4)
    path = tiny_model(tmp_path / "other.onnx", known_answer=known)
    if agrees:
        assert Session.open(path).card.known_answer == known
    else:
        assert _refusal(path) is ModelCode.OTHER_ANSWER


def test_an_output_of_another_type_is_refused(model: Path, tmp_path: Path) -> None:
    changed = onnx.load(str(model))
    changed.graph.output[0].type.tensor_type.elem_type = TensorProto.DOUBLE
    path = tmp_path / "double.onnx"
    path.write_bytes(changed.SerializeToString())
    assert _refusal(path) is ModelCode.WRONG_OUTPUT


def test_another_file_than_the_expected_one_is_refused(model: Path) -> None:
    assert _refusal(model, sha256="0" * 64) is ModelCode.MODEL_UNEXPECTED


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    assert _refusal(tmp_path / "missing.onnx") is ModelCode.NO_MODEL_FILE
    assert _refusal(tmp_path) is ModelCode.MODEL_NOT_REGULAR


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.onnx")
    assert _refusal(tmp_path / "pipe.onnx") is ModelCode.MODEL_NOT_REGULAR


def test_a_file_over_the_ceiling_is_refused_unread(
    model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert module.LARGEST_FILE == 200_000_000
    monkeypatch.setattr(module, "LARGEST_FILE", model.stat().st_size)
    assert Session.open(model).card.name
    monkeypatch.setattr(module, "LARGEST_FILE", model.stat().st_size - 1)
    assert _refusal(model) is ModelCode.MODEL_TOO_LARGE


def test_a_graph_that_onnxruntime_cannot_run_is_refused_in_silence(
    model: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    changed = onnx.load(str(model))
    changed.graph.node[0].op_type = "Not"  # of pixels, which are no truth values
    path = tmp_path / "unknown.onnx"
    path.write_bytes(changed.SerializeToString())
    assert _refusal(path) is ModelCode.DOES_NOT_RUN
    assert capfd.readouterr() == ("", "")


def test_a_graph_that_answers_a_whole_batch_at_once_is_refused(model: Path, tmp_path: Path) -> None:
    changed = onnx.load(str(model))
    [where] = [node for node in changed.graph.node if node.op_type == "Where"]
    where.output[0] = "each"
    mean = onnx.helper.make_node("ReduceMean", ["each", "first"], ["logit"], keepdims=1)
    changed.graph.node.insert(list(changed.graph.node).index(where) + 1, mean)
    path = tmp_path / "one.onnx"
    path.write_bytes(changed.SerializeToString())
    assert _refusal(path) is ModelCode.OTHER_ANSWER


def test_a_session_that_gives_too_few_scores_gives_none(
    model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = Session.open(model)
    run = opened._session.run
    monkeypatch.setattr(
        opened, "_session", SimpleNamespace(run=lambda *given: [one[:1] for one in run(*given)])
    )
    assert np.isnan(opened.score(_noise(3)).probability).all()


# Execution providers: no computer with CUDA is needed to see what happens where it fails.


class _Failing:
    """A session on CUDA that works a few times and then breaks."""

    def __init__(self, session: RuntimeSession, runs: int, error: type[Exception]) -> None:
        self._session, self._runs, self._error = session, runs, error

    def run(
        self, names: Sequence[str], feed: dict[str, NDArray[np.uint8]]
    ) -> list[NDArray[np.float32]]:
        if self._runs == 0:
            raise self._error("CUDA error 700")
        self._runs -= 1
        return self._session.run(names, feed)

    def get_providers(self) -> list[str]:
        return [CUDA, CPU]


def _with_cuda(
    monkeypatch: pytest.MonkeyPatch,
    runs: int,
    error: type[Exception] = providers.ORT_ERRORS[0],
) -> None:
    """Pretend that CUDA is there and works for so many runs; the known answer is the first."""
    monkeypatch.setattr(
        module, "choose", lambda device: Choice(CUDA, Message(ModelCode.CUDA_IN_USE))
    )

    def open_session(content: bytes, provider: str) -> RuntimeSession:
        session = providers.open_session(content, CPU)
        return session if provider == CPU else _Failing(session, runs, error)

    monkeypatch.setattr(module, "open_session", open_session)


@pytest.mark.parametrize("error", providers.ORT_ERRORS)
def test_a_batch_that_fails_on_cuda_is_repeated_on_the_cpu(
    model: Path, monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    _with_cuda(monkeypatch, runs=2, error=error)
    opened = Session.open(model)
    first = opened.score(_noise(3))
    assert (opened.provider, opened.provenance) == (CUDA, CUDA)
    second = opened.score(_noise(3))
    assert np.array_equal(first.probability, second.probability)
    assert opened.provider == CPU
    assert opened.provider_reason == Message(ModelCode.CUDA_LOST)
    assert opened.provenance == f"{CPU}: {opened.provider_reason}"


def test_cuda_that_does_not_give_the_known_answer_is_not_used(
    model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _with_cuda(monkeypatch, runs=0)
    opened = Session.open(model)
    assert opened.provider == CPU
    broken = Message(ModelCode.DOES_NOT_RUN, device=Message(ModelCode.ON_CUDA))
    assert opened.provider_reason == Message(ModelCode.CPU_INSTEAD, why=broken)


def test_a_heat_map_is_computed_on_the_cpu_where_cuda_fails(
    model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _with_cuda(monkeypatch, runs=1)
    opened = Session.open(model)
    assert opened.heat_map(GREY)[0, 0] == pytest.approx(144 / 255)
    assert opened.provider == CPU
