"""Messages in the reader's language: codes and values in, text out; no Qt."""
