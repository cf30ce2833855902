from __future__ import annotations

from pathlib import Path

import pytest

from desktop.engine.shipped_models import FOR_CPU, FOR_GPU, shipped_model
from imaging.messages import Message
from model import providers
from model.messages import ModelCode
from model.providers import CPU, CUDA
from model.session import SessionError

NONE_HERE = Message(ModelCode.NO_CUDA)


@pytest.mark.parametrize(
    ("provider", "present", "chosen"),
    [
        (CPU, (FOR_CPU, FOR_GPU), FOR_CPU),
        (CUDA, (FOR_CPU, FOR_GPU), FOR_GPU),
        (CPU, (FOR_GPU,), FOR_GPU),
        (CUDA, (FOR_CPU,), FOR_CPU),
    ],
)
def test_the_model_fits_the_provider(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    provider: str,
    present: tuple[str, ...],
    chosen: str,
) -> None:
    refusal = None if provider == CUDA else NONE_HERE
    monkeypatch.setattr(providers, "cuda_refusal", lambda: refusal)
    for name in present:
        (tmp_path / name).touch()
    assert shipped_model(tmp_path) == tmp_path / chosen


def test_a_program_without_models_says_so(tmp_path: Path) -> None:
    with pytest.raises(SessionError) as caught:
        shipped_model(tmp_path)
    assert caught.value.message.code is ModelCode.NOT_SHIPPED
