"""Child processes that decode with limits of time and memory."""
