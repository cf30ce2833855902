"""Qt models without widgets: the table of images, its order and filter, the worklist."""
