"""The sums in the package are those that sha256sum checks."""

from __future__ import annotations

import subprocess
from pathlib import Path

from setup.sums import NAME, write_sums


def test_every_file_is_in_the_sums_and_a_changed_one_is_found(tmp_path: Path) -> None:
    inner = tmp_path / "_internal" / "头 CT"
    inner.mkdir(parents=True)
    (inner / "a.so").write_bytes(b"a")
    (tmp_path / "b").write_bytes(b"b")
    (tmp_path / "c").symlink_to("b")
    write_sums(tmp_path)
    lines = write_sums(tmp_path).read_text(encoding="utf-8").splitlines()
    assert [line.split("  ", 1)[1] for line in lines] == ["_internal/头 CT/a.so", "b"]
    check = ["sha256sum", "--check", "--quiet", NAME]
    assert subprocess.run(check, cwd=tmp_path, check=False).returncode == 0
    (inner / "a.so").write_bytes(b"A")
    assert subprocess.run(check, cwd=tmp_path, check=False, capture_output=True).returncode == 1
