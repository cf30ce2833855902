"""The only threads of the window: one QThread that runs a plain iterator, and what runs on it."""
