"""Which execution provider runs here, and the sessions that are opened on it."""

from __future__ import annotations

import contextlib
import functools
import io
import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, cast

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from onnxruntime.capi import onnxruntime_pybind11_state as _state

from imaging.messages import Message
from model.device import Device
from model.messages import ModelCode

CPU, CUDA = "CPUExecutionProvider", "CUDAExecutionProvider"
_ONLY_FATAL = 4
"""What onnxruntime may write to stderr. Its errors come as exceptions all the same."""
_RELU = (
    b'\x08\x08:3\n\x0c\n\x01x\x12\x01y"\x04Relu\x12\x01gZ\x0f\n\x01x\x12\n\n\x08\x08\x01\x12\x04\n\x02\x08\x01'
    b"b\x0f\n\x01y\x12\n\n\x08\x08\x01\x12\x04\n\x02\x08\x01B\x04\n\x00\x10\x11"
)
"""An .onnx file that says y = Relu(x) for one float: enough to see whether a provider loads."""

ORT_ERRORS: tuple[type[Exception], ...] = (
    *(
        cast(type[Exception], getattr(_state, name))
        for name in (
            "DeviceReset",
            "EngineError",
            "EPFail",
            "Fail",
            "InvalidArgument",
            "InvalidGraph",
            "InvalidProtobuf",
            "ModelLoadCanceled",
            "NoModel",
            "NoSuchFile",
            "NotFound",
            "NotImplemented",
            "RuntimeException",
        )
        if hasattr(_state, name)  # DeviceReset and others came after 1.31
    ),
    RuntimeError,
    ValueError,
    MemoryError,
    OSError,
)
"""All that onnxruntime raises: its exceptions have no base of their own."""


class RuntimeSession(Protocol):
    """What the engine uses of onnxruntime.InferenceSession."""

    def run(
        self, names: Sequence[str], feed: dict[str, NDArray[np.uint8]]
    ) -> list[NDArray[np.float32]]:
        """The named outputs for one batch."""
        ...

    def get_providers(self) -> list[str]:
        """The providers really in use, the first one first."""
        ...


@dataclass(frozen=True)
class Choice:
    """The provider to use, and why."""

    provider: str
    reason: Message
    as_asked: bool = True
    """False where CUDA was asked for and cannot be had."""


def choose(device: Device) -> Choice:
    """The provider for a device: CUDA only where it is installed and really loads."""
    if device == "cpu":
        return Choice(CPU, Message(ModelCode.CPU_AS_ASKED))
    refusal = cuda_refusal()
    if refusal is None:
        return Choice(CUDA, Message(ModelCode.CUDA_IN_USE))
    if device == "cuda":
        return Choice(CPU, Message(ModelCode.CUDA_REFUSED, why=refusal), as_asked=False)
    return Choice(CPU, Message(ModelCode.CPU_BECAUSE, why=refusal))


@functools.cache
def cuda_refusal() -> Message | None:
    """Why CUDA cannot be used, as a part of a sentence; None where it can.

    Being listed proves nothing: without its libraries CUDA is listed, and in silence does not run.
    """
    if CUDA not in onnxruntime.get_available_providers():
        return Message(ModelCode.NO_CUDA)
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            onnxruntime.preload_dlls()
        session = open_session(_RELU, CUDA)
    except ORT_ERRORS:
        return Message(ModelCode.CUDA_DOES_NOT_START)
    if CUDA not in session.get_providers():
        return Message(ModelCode.CUDA_LIBRARIES)
    return None


def open_session(content: bytes, provider: str, threads: int = 1) -> RuntimeSession:
    """A session for an .onnx file's content. Raises one of ORT_ERRORS; never falls back by itself.

    ``threads`` of one run on the CPU, 0: one a core. The program's runs use one; several may run at
    the same time (see ``lanes``).
    """
    onnxruntime.set_default_logger_severity(_ONLY_FATAL)
    onnxruntime.disable_telemetry_events()  # what started before ORT_DISABLE_TELEMETRY was set
    options = onnxruntime.SessionOptions()
    options.log_severity_level = _ONLY_FATAL
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    # Content that is ONNX to the check must not be taken for onnxruntime's own format.
    options.add_session_config_entry("session.load_model_format", "ONNX")
    providers: list[str | tuple[str, dict[str, str]]] = [CPU]
    if provider == CUDA:
        # An exhaustive search would run again for every new size of a batch; TF32 changes scores.
        cuda = {"cudnn_conv_algo_search": "HEURISTIC", "use_tf32": "0"}
        providers.insert(0, (CUDA, cuda))
    session = onnxruntime.InferenceSession(content, options, providers=providers, enable_fallback=0)
    return cast(RuntimeSession, session)


def usable_cores() -> int:
    """The cores that this process may run on, at least 1."""
    if hasattr(os, "sched_getaffinity"):
        return max(1, len(os.sched_getaffinity(0)))
    return os.cpu_count() or 1
