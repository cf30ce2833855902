"""``python -m tests.leaks``: what a session with hidden identity leaves on the disk.

A patient is planted in headers, names of files and folders; a real program opens them by its file
dialog, reads, exports and ends. Then every file is searched. The same session without hiding must
be found out, or the search proves nothing. Printed: files searched, and what was found where.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.leaks.campaign import PLANTED, session


def main() -> int:
    """Run both sessions; 1 where something of the patient is left, or nothing is found at all."""
    bad = False
    for is_hidden in (True, False):
        with tempfile.TemporaryDirectory() as place:
            found = session(Path(place), is_hidden=is_hidden)
        said = "hidden" if is_hidden else "shown (to try the search)"
        print(f"identity {said}: {found.files} files searched for {len(PLANTED)} words")
        print("\n".join(f"  {each}" for each in found.traces) or "  nothing of the patient")
        bad |= bool(found.traces) is is_hidden
    return int(bad)


if __name__ == "__main__":
    sys.exit(main())
