"""The model file's contract: card, evidence, session and results, without torch and without Qt."""

import os

# Read by onnxruntime when it is imported. Without it, version 1.32 on Linux opens sockets, asks for
# a name at Microsoft's and keeps a device's id in the user's cache, whatever its own
# ``disable_telemetry_events`` is told afterwards. Trainer, export and program import this first.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
