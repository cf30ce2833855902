"""The models that come with the program, known by their content."""

BUILT_IN = {
    "head-ct-fp16.onnx": "e14e7ae1e69b11244f4a52f10ae0d0180b91a60fcae99a4e100aa425a2195cf4",
    "head-ct-int8.onnx": "51e5b9721f4a85b03f885c5a5cc94dd85d12feea6d3aa1de161656ef6b2d5e48",
}
"""SHA-256 of each file in resources/weights, by its name. A file with another content is another
model, whatever it is called and wherever it lies."""


def is_built_in(sha256: str) -> bool:
    """Whether the file of that SHA-256 is, byte by byte, one that this version came with."""
    return sha256 in BUILT_IN.values()
