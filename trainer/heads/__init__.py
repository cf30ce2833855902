"""Heads fitted to a model that is there: for thin bleeds, and for whole series."""
