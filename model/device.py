"""Device: what a person may ask to compute on; known before onnxruntime is imported."""

from typing import Literal

Device = Literal["auto", "cpu", "cuda"]
