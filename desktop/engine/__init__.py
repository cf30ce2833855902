"""The engine behind window and command line: folder in, results out, no Qt."""
