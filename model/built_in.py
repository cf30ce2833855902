"""The models that come with the program, known by their content."""

BUILT_IN = {
    "head-ct-fp16.onnx": "28375ebf2d3a199621b3da4732d0fa134f520e71a19a7eebcbbbb507c728570d",
    "head-ct-int8.onnx": "d5367a2ba864369002687dae75517363ed1bcdeb3290a73a9553459daf80467b",
}
"""SHA-256 of each file in resources/weights, by its name. A file with another content is another
model, whatever it is called and wherever it lies."""


def is_built_in(sha256: str) -> bool:
    """Whether the file of that SHA-256 is, byte by byte, one that this version came with."""
    return sha256 in BUILT_IN.values()
