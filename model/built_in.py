"""The models that come with the program, known by their content."""

BUILT_IN = {
    "head-ct-fp16.onnx": "aafc5d5656d53a57db9a5c0b5814d0f20a823ed63e96a4e0357698610edc3787",
    "head-ct-int8.onnx": "3b268cf906a9a3377e140ba64d6608b687106938e78f711111f1c2c7f07747f3",
}
"""SHA-256 of each file in resources/weights, by its name. A file with another content is another
model, whatever it is called and wherever it lies."""


def is_built_in(sha256: str) -> bool:
    """Whether the file of that SHA-256 is, byte by byte, one that this version came with."""
    return sha256 in BUILT_IN.values()
