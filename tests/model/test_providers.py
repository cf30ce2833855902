from __future__ import annotations

import onnxruntime
import pytest

from imaging.messages import Message
from model import providers
from model.device import Device
from model.messages import ModelCode
from model.providers import CPU, CUDA, Choice

NONE_HERE = Message(ModelCode.NO_CUDA)


@pytest.mark.parametrize(
    ("device", "provider", "reason", "as_asked"),
    [
        ("auto", CPU, Message(ModelCode.CPU_BECAUSE, why=NONE_HERE), True),
        ("cpu", CPU, Message(ModelCode.CPU_AS_ASKED), True),
        ("cuda", CPU, Message(ModelCode.CUDA_REFUSED, why=NONE_HERE), False),
    ],
)
def test_without_cuda_the_cpu_is_used_and_the_reason_said(
    monkeypatch: pytest.MonkeyPatch, device: Device, provider: str, reason: Message, as_asked: bool
) -> None:
    monkeypatch.setattr(providers, "cuda_refusal", lambda: NONE_HERE)
    assert providers.choose(device) == Choice(provider, reason, as_asked)


@pytest.mark.parametrize("device", ["auto", "cuda"])
def test_cuda_is_used_where_it_runs(monkeypatch: pytest.MonkeyPatch, device: Device) -> None:
    monkeypatch.setattr(providers, "cuda_refusal", lambda: None)
    assert providers.choose(device).provider == CUDA


def test_cuda_that_is_listed_and_does_not_load_is_not_used(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Onnxruntime built for CUDA lists it on every computer and falls back without an error."""
    ort = onnxruntime
    monkeypatch.setattr(ort, "get_available_providers", lambda: [CUDA, CPU])
    monkeypatch.setattr(ort, "preload_dlls", lambda: print("Failed to load libcudnn.so"))
    inference_session = ort.InferenceSession
    monkeypatch.setattr(
        ort,
        "InferenceSession",
        lambda content, options, providers, enable_fallback: inference_session(
            content, options, providers=[CPU]
        ),
    )
    providers.cuda_refusal.cache_clear()
    try:
        assert providers.cuda_refusal() == Message(ModelCode.CUDA_LIBRARIES)
        assert capfd.readouterr() == ("", "")
    finally:
        providers.cuda_refusal.cache_clear()
