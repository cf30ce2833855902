"""Which of the models that ship with the program to use here."""

from __future__ import annotations

from pathlib import Path

from model.device import Device
from model.messages import ModelCode
from model.providers import CUDA, choose
from model.session import SessionError

FOR_GPU, FOR_CPU = "head-ct-fp16.onnx", "head-ct-int8.onnx"


def shipped_model(folder: Path, device: Device = "auto") -> Path:
    """The file for the provider that runs here: fp16 on CUDA, INT8 on the CPU.

    The other one where that is missing. Raises SessionError where both are.
    """
    return model_for(folder, on_gpu=choose(device).provider == CUDA)


def model_for(folder: Path, *, on_gpu: bool) -> Path:
    """The same, where it is known what runs; perhaps on other machines."""
    wanted = (FOR_GPU, FOR_CPU) if on_gpu else (FOR_CPU, FOR_GPU)
    for name in wanted:
        if (folder / name).is_file():
            return folder / name
    raise SessionError.of(ModelCode.NOT_SHIPPED)
