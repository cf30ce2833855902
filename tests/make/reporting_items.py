"""The numbers of the items that TRIPOD+AI (2024) and CLAIM (2024) ask on methods and results."""

from __future__ import annotations

_TRIPOD = (
    "3b 3c 4 5a 5b 6a 6b 6c 7 8a 8b 8c 9a 9b 10 11 12a 12b 12c 12d 12e 12f 12g 13 14 15 16 17 "
    "18a 18b 18c 18d 18e 18f 19 20a 20b 20c 21 22 23a 23b 24 26 27a 27b"
)
TRIPOD = set(_TRIPOD.split())
"""Without those on title, abstract, background and interpretation, and 9c: no predictor is
a reader's opinion."""
CLAIM = set(map(str, range(4, 45)))
"""Without title, abstract and background."""
