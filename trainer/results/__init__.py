"""What a run leaves in its folder, and every figure that is computed of it. Needs no torch."""
