"""The engine behind window and command line: folder in, findings out, no Qt."""
