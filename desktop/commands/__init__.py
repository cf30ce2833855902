"""The command line: what is typed, to the engine and to tables; no Qt."""
