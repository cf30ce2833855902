"""The runner itself, on cases built here; the cases beside the repository need not be there."""

from pathlib import Path

import pytest

from tests.cases.__main__ import cases, main
from tests.imaging.formats.test_pages import animation


def test_each_case_is_a_folder_or_a_file_among_the_attacks(tmp_path: Path) -> None:
    (tmp_path / "H9_good").mkdir()
    (tmp_path / "attacks").mkdir()
    (tmp_path / "attacks" / "one.png").write_bytes(b"")
    (tmp_path / "CASES.md").write_bytes(b"")
    assert [case.name for case in cases(tmp_path)] == ["H9_good", "one.png"]


def test_it_tells_what_passes_and_what_fails(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("O12_zeros", "S4_sheet"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "x").write_bytes(b"\x01 no kind of content")
    (tmp_path / "attacks").mkdir()
    name = "apng_2147483647_frames.png"
    (tmp_path / "attacks" / name).write_bytes(animation(2**31 - 1))
    assert main([str(tmp_path), "O12", "S4", "apng"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(":")[0] for line in lines] == [
        "FAIL  O12_zeros",
        "pass  S4_sheet",
        f"pass  {name}",
        "2 of 3 pass.",
    ]


def test_all_that_pass_give_exit_code_0(tmp_path: Path) -> None:
    (tmp_path / "attacks").mkdir()
    (tmp_path / "attacks" / "apng_2147483647_frames.png").write_bytes(animation(2**31 - 1))
    assert main([str(tmp_path)]) == 0
