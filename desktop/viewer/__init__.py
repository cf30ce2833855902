"""The viewer: one image with its window, overlay, tools and measurements."""
