"""What one file may hold and cost; whatever is beyond gets one row that says so."""

from __future__ import annotations

MAX_BYTES = 1 << 30
"""A larger file is refused: it is no head CT, and its bytes are held in memory."""
MAX_FRAMES = 2_000
"""A file of more frames (pages) is refused as a whole. The thinnest head CT has a quarter of it;
a number that a file merely announces costs nothing to write."""
FILE_SECONDS = 60.0
"""What decoding all frames of one file may take; those after it are not read."""
