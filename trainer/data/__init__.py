"""Labelled scans: their tables, sources, groups, folds and inputs."""
