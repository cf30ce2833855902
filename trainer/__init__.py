"""Five folds of ResNet-34, from a labelled folder to a run folder."""

import model  # noqa: F401  switches onnxruntime's telemetry off before that is imported
