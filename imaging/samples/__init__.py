"""The sample images: generated heads."""
