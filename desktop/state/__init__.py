"""What is open and what is selected: the state that the window's views observe."""
