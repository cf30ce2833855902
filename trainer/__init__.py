"""Five folds of ResNet-34, from a labelled folder to a run folder."""
