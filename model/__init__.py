"""The model file's contract: card, evidence, session and results, without torch and without Qt."""

import imaging as imaging  # onnxruntime's telemetry is turned off there, before it is imported
