"""The models that come with the program, known by their content."""

BUILT_IN = {
    "head-ct-fp16.onnx": "b7803998750f087333fe2057b1265fd70ec720d90791cc1bb75a987e6b48fe5c",
    "head-ct-int8.onnx": "f18d3702a599ca974b7d60b7f7e543de92a288b7cbdb1dc27d243979fee808b2",
}
"""SHA-256 of each file in resources/weights, by its name. A file with another content is another
model, whatever it is called and wherever it lies."""


def is_built_in(sha256: str) -> bool:
    """Whether the file of that SHA-256 is, byte by byte, one that this version came with."""
    return sha256 in BUILT_IN.values()
