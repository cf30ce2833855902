"""The program for the clinician: a folder of head CT with a probability beside each."""

import model  # noqa: F401  switches onnxruntime's telemetry off before that is imported
