import os
import socket
import subprocess
import sys
from multiprocessing import forkserver
from pathlib import Path

import pytest

from imaging.sandbox import child
from imaging.sandbox.sandbox import Sandbox

linux = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there is no such server")


def parent_id(_: int) -> int:
    return os.getppid()


@linux
def test_children_of_all_sandboxes_are_forked_from_one_server_that_is_not_the_program() -> None:
    parents = set()
    for _ in range(2):
        with Sandbox(1) as sandbox:
            sandbox.start()
            parents.add(sandbox.submit(parent_id, 0).result(timeout=60))
    assert len(parents) == 1
    assert os.getpid() not in parents


def test_without_the_server_each_child_begins_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    def full() -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(forkserver, "ensure_running", full)
    assert child.context().get_start_method() == "spawn"
    with Sandbox(1) as sandbox:
        sandbox.start()
        assert sandbox.submit(parent_id, 0).result(timeout=60) == os.getpid()


@linux
def test_only_what_servers_of_killed_programs_left_is_swept(tmp_path: Path) -> None:
    left, in_use, foreign, new = (tmp_path / f"pymp-{name}" for name in "abcd")
    listening: list[socket.socket] = []
    for place in (left, in_use, foreign, new):
        place.mkdir()
        listening.append(socket.socket(socket.AF_UNIX))
        listening[-1].bind(str(place / "listener-x"))
    (foreign / "notes.txt").write_bytes(b"")
    sockets = tmp_path / "unix"
    sockets.write_text(f"0000: 00000002 00000000 0001 01 1 {in_use}/listener-x\n")
    for place in (left, in_use, foreign):
        os.utime(place, (0, 0))
    try:
        child.sweep(tmp_path, sockets)
    finally:
        for each in listening:
            each.close()
    assert [place.exists() for place in (left, in_use, foreign, new)] == [False, True, True, True]


def complain(line: str) -> None:
    os.write(2, line.encode())
    print(line, file=sys.stderr, flush=True)


def test_what_a_library_writes_to_stderr_is_dropped(capfd: pytest.CaptureFixture[str]) -> None:
    with Sandbox(1) as sandbox:
        sandbox.submit(complain, "TIFFReadDirectory: Warning").result(timeout=60)
    assert capfd.readouterr().err == ""


def test_the_program_itself_does_not_import_what_only_children_need() -> None:
    asked = "import sys, imaging.input.prepare; print('pydicom' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert told.stdout == "False\n"
