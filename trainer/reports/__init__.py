"""Figures and numbers as pages: of a run, and of an exported model on other images."""
