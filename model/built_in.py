"""The models that come with the program, known by their content."""

BUILT_IN = {
    "head-ct-fp16.onnx": "b7803998750f087333fe2057b1265fd70ec720d90791cc1bb75a987e6b48fe5c",
    "head-ct-int8.onnx": "aa1ba8e836b547b1251a9245660d2735acad61b1151d608e69c028039621fcb0",
}
"""SHA-256 of each file in resources/weights, by its name. A file with another content is another
model, whatever it is called and wherever it lies."""


def is_built_in(sha256: str) -> bool:
    """Whether the file of that SHA-256 is, byte by byte, one that this version came with."""
    return sha256 in BUILT_IN.values()
