"""Labelled images: their tables, sources, groups, folds and inputs."""
