"""Qt models without widgets: the findings table, its order and filter, the series tree."""
