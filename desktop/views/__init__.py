"""Widgets that hold models and connect signals; they compute nothing."""
