"""The models that come with the program, known by their content."""

BUILT_IN = {
    "head-ct-fp16.onnx": "2a8e56b9077ec50ee078f2bb6926eb7c8ca7456db812097294b4a864a48a7058",
    "head-ct-int8.onnx": "9b385cd74e831cd4f877b7362ad7d5210005d1810380046e4273947bbd095b33",
}
"""SHA-256 of each file in resources/weights, by its name. A file with another content is another
model, whatever it is called and wherever it lies."""


def is_built_in(sha256: str) -> bool:
    """Whether the file of that SHA-256 is, byte by byte, one that this version came with."""
    return sha256 in BUILT_IN.values()
