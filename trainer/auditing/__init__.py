"""What is wrong with labelled scans before anything is learnt: repeats and shortcuts."""
