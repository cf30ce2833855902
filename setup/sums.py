"""Writes SHA256SUMS into a folder, for ``sha256sum --check`` there: python -m setup.sums FOLDER."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

NAME = "SHA256SUMS"


def write_sums(folder: Path) -> Path:
    """One line for each file below the folder but this one, in the order of their paths."""
    target = folder / NAME
    files = [path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()]
    lines = []
    for path in sorted(files):
        if path == target:
            continue
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        lines.append(f"{digest}  {path.relative_to(folder).as_posix()}\n")
    target.write_text("".join(lines), encoding="utf-8", newline="\n")
    return target


if __name__ == "__main__":
    print(write_sums(Path(sys.argv[1])))
