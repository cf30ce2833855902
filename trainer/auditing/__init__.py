"""What is wrong with labelled images before anything is learnt: repeats and shortcuts."""
