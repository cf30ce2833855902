"""The best fold of a run becomes one ONNX file that carries its own evidence."""

import model  # noqa: F401  switches onnxruntime's telemetry off before that is imported
