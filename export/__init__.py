"""The best fold of a run becomes one ONNX file that carries its own evidence."""
