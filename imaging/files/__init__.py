"""Files: how they are found, read, and written whole."""
