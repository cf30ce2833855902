"""From an image to the network's input."""
