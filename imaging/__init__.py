"""From a file to the network's input: the one path that trainer, export and program share."""

import os

# Read by onnxruntime when it is imported. Without it, version 1.32 on Linux opens sockets, asks for
# a name at Microsoft's and keeps a device's id in the user's cache, whatever its own
# ``disable_telemetry_events`` is told afterwards. Every package of ours imports this one first.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
