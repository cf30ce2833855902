"""The models that come with the program, known by their content."""

BUILT_IN = {
    "head-ct-fp16.onnx": "360ee098fdf00502b564af148e9c48465cb68c8c8c3cc9793d30993558beac94",
    "head-ct-int8.onnx": "8edf1fee6cf1794375a41e0abffedfccedb42dd914a56f0b90c8515f86bda2b9",
}
"""SHA-256 of each file in resources/weights, by its name. A file with another content is another
model, whatever it is called and wherever it lies."""


def is_built_in(sha256: str) -> bool:
    """Whether the file of that SHA-256 is, byte by byte, one that this version came with."""
    return sha256 in BUILT_IN.values()
