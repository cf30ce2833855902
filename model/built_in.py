"""The models that come with the program, known by their content."""

BUILT_IN = {
    "head-ct-fp16.onnx": "903646b2578220dc32f158a1bc3a5af5bbb257f6c71c9ecd4b435382c1721be9",
    "head-ct-int8.onnx": "8211d52a4f4a6b7409a6c8844da938fcca9d29f9ffe88673074b3c172213d263",
}
"""SHA-256 of each file in resources/weights, by its name. A file with another content is another
model, whatever it is called and wherever it lies."""


def is_built_in(sha256: str) -> bool:
    """Whether the file of that SHA-256 is, byte by byte, one that this version came with."""
    return sha256 in BUILT_IN.values()
