"""The models that come with the program, known by their content."""

BUILT_IN = {
    "head-ct-fp16.onnx": "6ca92c298ee34246a4eb9cc18930a6fbdc957cde7968d3a125ebd92c675af15b",
    "head-ct-int8.onnx": "8f09a44039aba27269ed96b1ce30e67b0123c556bd274bf5ca765c4a9a35c43c",
}
"""SHA-256 of each file in resources/weights, by its name. A file with another content is another
model, whatever it is called and wherever it lies."""


def is_built_in(sha256: str) -> bool:
    """Whether the file of that SHA-256 is, byte by byte, one that this version came with."""
    return sha256 in BUILT_IN.values()
